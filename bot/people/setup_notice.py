"""Offers the first steps to the person who begins in a workspace."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import add_notice

FIRST_STEPS: Final = "first_steps"
"""The kind of that message; `bot.setup` writes it."""


async def offer_first_steps(
    session: AsyncSession, workspace_id: str, person_id: str, now: datetime
) -> None:
    """Have the first steps sent to an HR admin at once; nobody gets them twice."""
    detail = {"about": FIRST_STEPS}
    await add_notice(session, workspace_id, person_id, person_id, detail, now, at_once=True)
