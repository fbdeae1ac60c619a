"""The kinds of message of this slice. None of them holds a text of a conversation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message, actions, button, context, section
from bot.languages import _, _n
from bot.outbox.kinds import Class, Composing, Kind
from bot.people import roles
from bot.people.roles import Role
from bot.voice.collecting import VOICE_INBOX
from bot.voice.forms import OPEN
from bot.voice.inbox import VOICE_REPLY, waiting
from bot.voice.news import VOICE_NEWS
from models import Delivery, VoiceThread

LAPSES_AFTER: Final = timedelta(weeks=2)


async def compose_news(
    _session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write to everybody how many answers there are; the same to authors and to others."""
    return news_message(int(delivery.detail["replies"]))


async def compose_reply(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write to a named author that HR answered, if the conversation is still there."""
    thread_id = str(delivery.detail["thread"])
    thread = await session.get(VoiceThread, (delivery.workspace_id, thread_id))
    return None if thread is None else reply_message(thread_id)


async def compose_inbox(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write to an admin of HR that somebody wrote, if anything still waits."""
    admin = Actor(delivery.workspace_id, delivery.recipient)
    if not await roles.holds(session, admin, Role.ADMIN):
        return None
    return inbox_message() if await waiting(session, delivery.workspace_id) else None


def news_message(replies: int) -> Message:
    """Tell everybody how many answers of HR there are."""
    text = _n(
        "HR wrote {count} answer to anonymous messages.",
        "HR wrote {count} answers to anonymous messages.",
        replies,
    )
    yours = _(
        "If you wrote, yours opens under the message with your button, above in this conversation."
    )
    return Message(
        text,
        [
            section(f"{text} {yours}"),
            context(_("Everybody gets this, so it tells nobody who wrote. `/voice` writes to HR.")),
        ],
    )


def reply_message(thread_id: str) -> Message:
    """Tell a named author that HR answered."""
    text = _("HR answered what you wrote to them.")
    return Message(text, [section(text), actions([button(_("Open the answer"), OPEN, thread_id)])])


def inbox_message() -> Message:
    """Tell an admin of HR that somebody wrote."""
    text = _("Somebody wrote to HR. `/voice inbox` shows it.")
    return Message(text, [section(text)])


KINDS: Final[Mapping[str, Kind]] = {
    VOICE_NEWS: Kind(compose_news, Class.NEWS, rank=6, lapses_after=LAPSES_AFTER),
    VOICE_REPLY: Kind(compose_reply, Class.ASKED, rank=2),
    VOICE_INBOX: Kind(compose_inbox, Class.ASKED, rank=3, lapses_after=LAPSES_AFTER),
}
