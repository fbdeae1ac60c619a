"""Writes the messages about learning time when they are sent."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.learning.blocks import month_message, note_message, over_message
from bot.learning.months import LEARNING_MONTH, has_answered
from bot.learning.notes import CHANNEL, LEARNING_NOTE
from bot.learning.pure.free_times import month_at
from bot.learning.slots import LEARNING_OVER, SlotView
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.roles import is_employee
from models import Delivery, LearningPolicy, LearningSlot, Workspace


async def compose_over(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Ask what a person explored; None if the slot moved, is gone, or has its line already."""
    slot = await _slot(session, delivery)
    if slot is None or slot.moves != delivery.detail["moves"] or slot.note is not None:
        return None
    if not await is_employee(session, Actor(delivery.workspace_id, delivery.recipient)):
        return None
    return over_message(SlotView(slot.id, slot.starts_at, slot.ends_at))


async def compose_month(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Ask whether a person got their time; None if they said so, or the month is over."""
    month = date.fromisoformat(delivery.detail["month"])
    policy = await session.get(LearningPolicy, delivery.workspace_id)
    zone = (await session.get_one(Workspace, delivery.workspace_id)).tz
    if policy is None or month != month_at(composing.now, zone).first_day:
        return None
    place = delivery.workspace_id, delivery.recipient
    if await has_answered(session, *place, month) or not await is_employee(session, Actor(*place)):
        return None
    return month_message(policy.hours, month)


async def compose_note(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Post a note; None if it was taken back since."""
    slot = await _slot(session, delivery)
    if slot is None or not slot.note or slot.shown_to != CHANNEL:
        return None
    return note_message(slot.employee_id, slot.note) if slot.channel == delivery.recipient else None


async def _slot(session: AsyncSession, delivery: Delivery) -> LearningSlot | None:
    key = delivery.workspace_id, delivery.detail["slot"]
    return await session.get(LearningSlot, key, populate_existing=True)


KINDS: Final[Mapping[str, Kind]] = {
    LEARNING_OVER: Kind(
        compose_over, Class.ASKED, rank=6, lapses_after=timedelta(days=4), is_reminder=True
    ),
    LEARNING_MONTH: Kind(compose_month, Class.ASKED, rank=6, lapses_after=timedelta(days=6)),
    LEARNING_NOTE: Kind(compose_note, Class.ANSWER, in_channel=True),
}
