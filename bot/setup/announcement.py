"""What HR tells the company about Attune: written by HR, posted once in a channel."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import SECTION_TEXT
from bot.blockkit.text import encode
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.outbox.deliveries import enqueue
from bot.people import roles
from bot.people.roles import Role
from models import Delivery

ANNOUNCEMENT: Final = "announcement"
"""The kind of that message; its detail has HR's `text`."""
CHANNEL_FIELD: Final = "setup:announcement_channel"
TEXT_FIELD: Final = "setup:announcement_text"
ALREADY_THERE: Final = marked(
    "This channel has the announcement already, or gets it in a moment. Please choose another one."
)
TOO_LONG: Final = marked("Please shorten the announcement a little.")


async def announce(
    session: AsyncSession, actor: Actor, form_id: str, channel_id: str, text: str, now: datetime
) -> None:
    """Have HR's text posted in a channel; sending the same form again posts nothing.

    Raises NotAllowedError for everybody but HR admins, and FieldErrors if the channel has the
    announcement already or the text doesn't fit.
    """
    await roles.require(session, actor, Role.ADMIN, action="setup.announce")
    if len(encode(text)) > SECTION_TEXT:
        raise FieldErrors({TEXT_FIELD: _(TOO_LONG)})
    if await announced_in(session, actor.workspace_id, channel_id, except_for=_key(form_id)):
        raise FieldErrors({CHANNEL_FIELD: _(ALREADY_THERE)})
    await enqueue(
        session,
        actor.workspace_id,
        _key(form_id),
        ANNOUNCEMENT,
        channel_id,
        now,
        asked_by=actor.user_id,
        detail={"text": text},
        at_once=True,
    )


async def announced_in(
    session: AsyncSession, workspace_id: str, channel_id: str | None = None, except_for: str = ""
) -> str | None:
    """Return a channel that has the announcement or is about to; None if none has.

    With `channel_id` only that channel counts; the delivery with the key `except_for` does not.
    """
    found = select(Delivery.recipient).where(
        Delivery.workspace_id == workspace_id,
        Delivery.kind == ANNOUNCEMENT,
        Delivery.key != except_for,
        Delivery.status.in_(("waiting", "due", "claimed", "sent")),
    )
    if channel_id is not None:
        found = found.where(Delivery.recipient == channel_id)
    channel: str | None = await session.scalar(found.order_by(Delivery.due_at).limit(1))
    return channel


def _key(form_id: str) -> str:
    return f"{ANNOUNCEMENT}:{form_id}"
