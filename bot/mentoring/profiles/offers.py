"""The topics by which people are found, one row each, so that an index finds who knows a topic."""

import secrets
from collections.abc import Collection
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from models import MentoringOffer, MentoringProfile
from models.database import insert_into

PLACES: Final = 2**31
"""Places are random numbers below this."""


def offer_key(topic: str) -> str:
    """Return how a topic's name is stored as an offer."""
    return topic.lower()


async def store_offers(session: AsyncSession, profile: MentoringProfile) -> None:
    """Store what a profile offers in place of what it offered; nothing if it is not findable."""
    person = {"workspace_id": profile.workspace_id, "employee_id": profile.employee_id}
    await session.execute(delete(MentoringOffer).filter_by(**person))
    offers: Collection[str] = profile.offers if profile.findable else ()
    rows = [
        {**person, "topic": topic, "place": secrets.randbelow(PLACES)}
        for topic in sorted({offer_key(each) for each in offers})
    ]
    if rows:
        insert = insert_into(session, MentoringOffer)
        await session.execute(insert.on_conflict_do_nothing(), rows)
