"""Writes to a person when a round has found no mentor for them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.mentoring.match_states import OPEN
from bot.mentoring.rounds.blocks import waiting_message
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.service import MENTOR_WAITING
from bot.outbox.kinds import Class, Composing, Kind
from models import Delivery, MentoringMatch, MentoringProfile


async def compose_waiting(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Say why there is no mentor, if the person still waits and no mentor is being asked."""
    profile = await session.get(MentoringProfile, (delivery.workspace_id, delivery.recipient))
    if profile is None or profile.looking_since is None or await _has_match(session, delivery):
        return None
    missing = [(str(topic), int(count)) for topic, count in delivery.detail["missing"]]
    return waiting_message(Why(delivery.detail["why"]), missing)


async def _has_match(session: AsyncSession, delivery: Delivery) -> bool:
    """Return True if the recipient has a mentor, or if one is being asked."""
    found = await session.scalar(
        select(MentoringMatch.id).where(
            MentoringMatch.workspace_id == delivery.workspace_id,
            MentoringMatch.mentee_id == delivery.recipient,
            MentoringMatch.status.in_(OPEN),
        )
    )
    return found is not None


KINDS: Final[Mapping[str, Kind]] = {
    MENTOR_WAITING: Kind(
        compose_waiting,
        Class.NEWS,
        rank=6,
        patience=timedelta(days=1),
        lapses_after=timedelta(weeks=2),
    )
}
