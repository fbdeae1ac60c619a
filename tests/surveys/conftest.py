import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Employee
from tests import factories


@pytest.fixture
async def people(session: AsyncSession) -> list[Employee]:
    """Six designers and two lawyers, beside Maya, who is an HR admin."""
    return await factories.company(session, {"Design": 6, "Legal": 2})
