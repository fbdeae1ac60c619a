"""The kinds of message of this slice, composed at the last moment before they are sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.outbox.deliveries import add_notice
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.setup_notice import FIRST_STEPS
from bot.setup import blocks, service
from bot.setup.announcement import ANNOUNCEMENT
from models import Delivery

NOT_ANNOUNCED: Final = "not_announced"


async def compose_first_steps(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write the first steps as far as they are; None if the reader is no HR admin any more."""
    standing = await service.standing_of(session, delivery.workspace_id)
    if delivery.recipient not in standing.team.admins:
        return None
    return blocks.steps_message(standing)


async def compose_announcement(
    _session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write what HR announces."""
    return blocks.announcement_message(str(delivery.detail["text"]), str(delivery.asked_by))


async def compose_not_announced(
    _session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write that the announcement may be missing."""
    return blocks.not_announced(str(delivery.detail["channel"]))


async def tell_author(session: AsyncSession, delivery: Delivery, now: datetime) -> None:
    """Tell HR that the announcement did not arrive for certain."""
    if delivery.asked_by:
        detail = {"about": NOT_ANNOUNCED, "channel": delivery.recipient}
        await add_notice(
            session, delivery.workspace_id, delivery.key, delivery.asked_by, detail, now
        )


KINDS: Final[Mapping[str, Kind]] = {
    # Whoever installed Attune waits for it.
    FIRST_STEPS: Kind(compose_first_steps, Class.ANSWER),
    ANNOUNCEMENT: Kind(
        compose_announcement,
        Class.PROMISED,
        in_channel=True,
        on_lost=tell_author,
        on_refused=tell_author,
    ),
    NOT_ANNOUNCED: Kind(compose_not_announced, Class.ASKED, rank=4),
}
