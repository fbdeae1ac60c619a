"""The kinds of message of this slice."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.journeys import blocks
from bot.journeys.greeting import FIRST_DAY, WELCOME
from bot.journeys.people import choices_of
from bot.journeys.welcome.blocks import buddy_line
from bot.journeys.welcome.buddies import buddy_of
from bot.outbox.kinds import Class, Composing, Kind
from bot.pulse.service import min_group_size
from models import Delivery, Employee, JourneyPause

LAPSES_AFTER: Final = timedelta(days=6)
"""By then the first week is over."""


async def compose_welcome(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Welcome a newcomer; None if they are gone, or HR paused them or switched it off."""
    person = delivery.workspace_id, delivery.recipient
    employee = await session.get(Employee, person)
    choices = await choices_of(session, delivery.workspace_id)
    is_on = FIRST_DAY.key in choices and choices[FIRST_DAY.key].is_on
    if employee is None or not employee.active or not is_on:
        return None
    if await session.get(JourneyPause, person):
        return None
    k = await min_group_size(session, delivery.workspace_id)
    buddy = buddy_line(await buddy_of(session, *person))
    return blocks.welcome_message(delivery.recipient, choices, k, composing.privacy_page, buddy)


KINDS: Final[Mapping[str, Kind]] = {
    WELCOME: Kind(compose_welcome, Class.ASKED, rank=1, lapses_after=LAPSES_AFTER),
}
