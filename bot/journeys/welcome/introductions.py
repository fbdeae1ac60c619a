"""Introduces a newcomer and their buddy, in a group DM or each in their own."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.journeys.welcome.buddies import Search, employee_of, locked
from bot.outbox.deliveries import enqueue
from models import Welcome

BUDDY_INTRO: Final = "buddy_intro"
LOOK_AGAIN: Final = timedelta(days=1)


async def welcomes_to_introduce(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of welcomes whose two people are to be introduced."""
    rows = await session.execute(
        select(Welcome.workspace_id, Welcome.id)
        .where(Welcome.introduce_at.is_not(None), Welcome.introduce_at <= now)
        .order_by(Welcome.introduce_at, Welcome.id)
    )
    return [(workspace_id, welcome_id) for workspace_id, welcome_id in rows]


async def people_of_welcome(
    session: AsyncSession, workspace_id: str, welcome_id: str
) -> tuple[str, ...]:
    """Return the ids of newcomer and buddy."""
    welcome = await session.get_one(Welcome, (workspace_id, welcome_id))
    return tuple(each for each in (welcome.newcomer_id, welcome.buddy_id) if each)


async def introduce(
    session: AsyncSession, workspace_id: str, welcome_id: str, channel: str | None, now: datetime
) -> bool:
    """Introduce the two, once; a first day that moved far away is waited for."""
    welcome = await locked(session, workspace_id, welcome_id)
    if welcome is None or welcome.introduce_at is None or welcome.introduce_at > now:
        return False
    newcomer = await employee_of(session, welcome)
    if newcomer is not None and newcomer.hired_on is not None:
        today = now.astimezone(zone_of(newcomer.tz)).date()
        if newcomer.hired_on > today:
            welcome.introduce_at = now + LOOK_AGAIN
            return True
    welcome.introduce_at = None
    if newcomer is None or welcome.status != Search.ACCEPTED or welcome.buddy_id is None:
        return True
    both = [welcome.newcomer_id, welcome.buddy_id]
    for recipient in [channel] if channel else both:
        await enqueue(
            session,
            workspace_id,
            f"{BUDDY_INTRO}:{welcome.id}:{welcome.asks}:{recipient}",
            BUDDY_INTRO,
            recipient,
            now,
            readers=both if channel else None,
            detail={"welcome": welcome.id, "number": welcome.asks},
        )
    return True
