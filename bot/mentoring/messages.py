"""Every kind of message that mentoring sends."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.mentoring.coffee import messages as coffee
from bot.mentoring.finder import messages as finder
from bot.mentoring.pairs import messages as pairs
from bot.mentoring.proposals import messages as proposals
from bot.mentoring.rounds import messages as rounds
from bot.outbox.kinds import Compose, Composing, Kind
from models import Delivery

KINDS: Final[Mapping[str, Kind]] = {
    **rounds.KINDS,
    **proposals.KINDS,
    **pairs.KINDS,
    **coffee.KINDS,
    **finder.KINDS,
}


async def _compose(
    compose: Compose, session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    return await compose(session, delivery, Composing(now, privacy_page=None))


COMPOSERS: Final[
    Mapping[str, Callable[[AsyncSession, Delivery, datetime], Awaitable[Message | None]]]
] = {name: partial(_compose, kind.compose) for name, kind in KINDS.items()}
"""Composers with the signature that the sender calls until it passes `Composing`."""
