"""The one table of all kinds of message: the tables of the slices together."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.digest import messages as digest
from bot.mentoring import messages as mentoring
from bot.mentoring import outbox
from bot.outbox.kinds import Composing, Kind
from bot.people import messages as people
from bot.pulse import messages as pulse
from bot.surveys import messages as surveys
from models import Delivery

ComposeAt = Callable[[AsyncSession, Delivery, datetime], Awaitable[Message | None]]


def _mentoring_kind(name: str, compose_at: ComposeAt) -> Kind:
    """Adapt a composer that is told the time only, until mentoring has tables of its own."""

    async def compose(
        session: AsyncSession, delivery: Delivery, composing: Composing
    ) -> Message | None:
        return await compose_at(session, delivery, composing.now)

    # What became of a question would tell who asked never to be paired with the asker.
    return Kind(compose, discreet=name == outbox.QUESTION)


TABLES: Final[tuple[Mapping[str, Kind], ...]] = (
    surveys.KINDS,
    pulse.KINDS,
    digest.KINDS,
    people.KINDS,
    {name: _mentoring_kind(name, each) for name, each in mentoring.COMPOSERS.items()},
)
KINDS: Final[Mapping[str, Kind]] = {name: kind for table in TABLES for name, kind in table.items()}
