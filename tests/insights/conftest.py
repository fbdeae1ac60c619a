import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Survey
from tests.factories import company, survey


@pytest.fixture
async def weekly(session: AsyncSession) -> Survey:
    await company(session, {})
    weekly = survey()
    session.add(weekly)
    await session.flush()
    return weekly
