"""The kind of message that helps a manager with a team talk."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Composing, Kind
from bot.products.team_talks.blocks import closed_message
from bot.products.team_talks.service import KIND, Talk, mark_sent, may_see, talks_sent
from models import Delivery

OUTDATED_AFTER: Final = timedelta(weeks=1)


async def compose_talk(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Write the closed message; None if the manager wants none, or may not see the team's figures.

    What was sent or switched off since it was enqueued counts.
    """
    reader = Actor(delivery.workspace_id, delivery.recipient)
    talk, known = Talk.of(delivery.detail), await talks_sent(session, reader)
    if not known.may_send(composing.now) or not await may_see(session, reader, talk):
        return None
    return closed_message(talk, is_last=known.is_last)


KINDS: Final[Mapping[str, Kind]] = {
    KIND: Kind(compose_talk, Class.NEWS, rank=4, lapses_after=OUTDATED_AFTER, on_posted=mark_sent)
}
