"""What Attune knows of each kind of message: who writes it, and what follows from its fate."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from models import Delivery

NOTICE: Final = "notice"
"""What rows say of a message about one event to one person; their detail names the kind."""


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
FollowAll = Callable[[AsyncSession, Sequence[Delivery], datetime], Awaitable[None]]
"""The same for several deliveries at once, so that each need not have statements of its own."""


class Class(Enum):
    """How much a kind of message asks of its reader's attention."""

    ANSWER = auto()
    """Somebody pressed or asked: it comes at once, and takes nothing from the budget."""
    PROMISED = auto()
    """The reader agreed to its time: it comes then, and takes one of the week's messages."""
    ASKED = auto()
    """Needs something from the reader: it waits for their hours and budget."""
    NEWS = auto()
    """Waits as well, for some days even for another message to go with."""


PATIENCE: Final = timedelta(days=3)
"""How long news waits for another message to go with, before it takes a message of its own."""


@dataclass(frozen=True)
class Kind:
    """One kind of message. Each slice has a table `KINDS`, by the name that deliveries store."""

    compose: Compose
    class_: Class
    rank: int = 5
    """Order of importance within a bundle: 1 comes first. What lapses soon comes before news."""
    patience: timedelta | None = None
    """How long it waits for another message to go with; empty for the class's usual time."""
    lapses_after: timedelta | None = None
    """How long after it is due it is pointless, and dropped if the budget left no place for it.
    A wave's messages lapse with their wave."""
    is_reminder: bool = False
    """True if the reader may turn it off."""
    on_posted: FollowAll | None = None
    on_lost: Follow | None = None
    """Nobody can tell whether the message arrived, and it is not repeated."""
    on_refused: Follow | None = None
    """Slack will never take the message."""
    in_channel: bool = False
    """True if it goes to a channel, which is looked at first: strangers may read it."""
    discreet: bool = False
    """True if the row must look the same whether the message was sent or not needed."""

    def waits(self) -> timedelta:
        """Return how long a message of this kind waits for another one to go with."""
        if self.patience is not None:
            return self.patience
        return PATIENCE if self.class_ is Class.NEWS else timedelta()


def kind_of(kinds: Mapping[str, Kind], delivery: Delivery) -> Kind:
    """Return the kind of a delivery.

    One that is not in the table, such as a newer version's, cannot be composed: it raises KeyError.
    """
    name = delivery.detail.get("about") if delivery.kind == NOTICE else delivery.kind
    return kinds.get(str(name), Kind(_raise_unknown, Class.ASKED))


async def _raise_unknown(_session: AsyncSession, delivery: Delivery, _told: Composing) -> None:
    raise KeyError(delivery.kind)
