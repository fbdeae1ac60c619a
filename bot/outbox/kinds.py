"""What Attune knows of each kind of message: who writes it, and what follows from its fate."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from models import Delivery


@dataclass(frozen=True)
class Composing:
    """What a composer may know besides its delivery."""

    now: datetime
    privacy_page: str | None
    """The address of the operator's privacy page, if there is one."""


Compose = Callable[[AsyncSession, Delivery, Composing], Awaitable[Message | None]]
"""Writes a message at the last moment; returns None if it has become pointless."""
Follow = Callable[[AsyncSession, Delivery, datetime], Awaitable[None]]
"""Stores what follows from a delivery's fate, in the transaction that records the fate."""


@dataclass(frozen=True)
class Kind:
    """One kind of message. Each slice has a table `KINDS`, by the name that deliveries store."""

    compose: Compose
    on_posted: Follow | None = None
    on_lost: Follow | None = None
    """Nobody can tell whether the message arrived, and it is not repeated."""
    on_refused: Follow | None = None
    """Slack will never take the message."""
    discreet: bool = False
    """True if the row must look the same whether the message was sent or not needed."""
