"""The kind of message that tells HR what was found."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Composing, Kind
from bot.people import roles
from bot.people.roles import Role
from bot.products.decisions.reminders import tell_admins
from bot.products.effects.blocks import effect_message
from bot.products.effects.service import effect_of
from models import Delivery, ProductItem

EFFECT_FOUND: Final = "effect_found"


async def tell_effect(
    session: AsyncSession, workspace_id: str, item_id: str, now: datetime
) -> None:
    """Tell HR's admins, once, that an effect was looked at."""
    detail = {"about": EFFECT_FOUND, "item": item_id}
    await tell_admins(session, workspace_id, item_id, detail, now)


async def compose_effect(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Tell an HR admin what was found; None if they are no admin any more, or the item is gone."""
    reader = Actor(delivery.workspace_id, delivery.recipient)
    item = await session.get(ProductItem, (delivery.workspace_id, delivery.detail["item"]))
    if item is None or not await roles.holds(session, reader, Role.ADMIN):
        return None
    effect = await effect_of(session, delivery.workspace_id, item.id)
    return effect_message(item.problem, item.id, effect) if effect else None


KINDS: Final[Mapping[str, Kind]] = {EFFECT_FOUND: Kind(compose_effect, Class.NEWS, rank=4)}
