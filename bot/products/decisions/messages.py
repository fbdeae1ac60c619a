"""The kinds of message about decisions, composed at the last moment before they are sent."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Composing, Kind
from bot.people import roles
from bot.people.roles import Role
from bot.products.decisions.blocks import late_message, owner_message, told_message
from bot.products.decisions.reminders import ITEM_OWNER, ITEMS_LATE
from bot.products.decisions.telling import KIND, told_item
from bot.products.items.reading import late_items
from models import Delivery, ProductItem


async def compose_told(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Tell a decision to somebody who was asked; None if something newer was decided."""
    about = str(delivery.detail["item"]), int(delivery.detail["version"])
    told = await told_item(session, delivery.workspace_id, *about)
    return told_message(told) if told else None


async def compose_late(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Remind an HR admin; None if everything is decided, or they are no admin any more."""
    reader = Actor(delivery.workspace_id, delivery.recipient)
    if not await roles.holds(session, reader, Role.ADMIN):
        return None
    lines = await late_items(session, delivery.workspace_id, composing.now)
    return late_message(lines) if lines else None


async def compose_owner(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Tell somebody that an item comes to them; None if it is gone or somebody else's by now."""
    item = await session.get(
        ProductItem, (delivery.workspace_id, delivery.detail["item"]), populate_existing=True
    )
    if item is None or item.owner_id not in (None, delivery.recipient):
        return None
    reader = Actor(delivery.workspace_id, delivery.recipient)
    may_open = await roles.holds(session, reader, Role.ANALYST)
    return owner_message(item.problem, item.id if may_open else None)


KINDS: Final[Mapping[str, Kind]] = {
    KIND: Kind(compose_told, Class.NEWS, rank=4),
    ITEMS_LATE: Kind(compose_late, Class.ASKED, rank=3),
    ITEM_OWNER: Kind(compose_owner, Class.ASKED, rank=4),
}
