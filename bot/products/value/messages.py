"""The kind of message that brings the report to HR once a month."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Composing, Kind
from bot.people import roles
from bot.people.roles import Role
from bot.products.value.blocks import value_message
from bot.products.value.service import MONTHLY, value_of
from models import Delivery


async def compose_value(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Write the report; None for somebody who is no HR admin any more."""
    reader = Actor(delivery.workspace_id, delivery.recipient)
    if not await roles.holds(session, reader, Role.ADMIN):
        return None
    return value_message(await value_of(session, delivery.workspace_id, composing.now))


KINDS: Final[Mapping[str, Kind]] = {MONTHLY: Kind(compose_value, Class.NEWS)}
