"""Writes to the people of a coffee, or to a person who is left over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.mentoring.coffee.blocks import alone_message, coffee_message
from bot.mentoring.coffee.service import MENTOR_COFFEE
from bot.outbox.kinds import Class, Composing, Kind
from models import Delivery


async def compose_coffee(
    _session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Introduce two or three people, or tell one person that there is nobody to meet."""
    people = [str(person) for person in delivery.detail["people"]]
    return coffee_message(people) if people else alone_message()


KINDS: Final[Mapping[str, Kind]] = {
    MENTOR_COFFEE: Kind(compose_coffee, Class.ASKED, rank=4, lapses_after=timedelta(days=10))
}
