"""A person's conversations with HR by name. No other can be tied to anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.voice.service import conversation_of, locked_workspace
from bot.voice.wording import topic_words
from models import VoiceMessage, VoiceThread

KEPT_MONTHS: Final = 12
"""After the last week in which somebody wrote."""


@dataclass(frozen=True)
class OwnMessage:
    """One message of a conversation by name."""

    week: date
    from_hr: bool
    text: str


@dataclass(frozen=True)
class OwnConversation:
    """A person's conversation by name."""

    topic: str
    messages: tuple[OwnMessage, ...]


async def own_named(
    session: AsyncSession, workspace_id: str, person_id: str
) -> list[OwnConversation]:
    """Return a person's conversations by name, with their texts."""
    threads = await session.scalars(
        select(VoiceThread).where(*_named(workspace_id, person_id)).order_by(VoiceThread.id)
    )
    found = []
    for thread in threads.all():
        conversation = await conversation_of(session, thread, for_author=True)
        messages = tuple(
            OwnMessage(said.week, said.from_hr, said.text) for said in conversation.messages
        )
        found.append(OwnConversation(topic_words(thread.topic), messages))
    return found


async def erase_named(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Erase a person's conversations by name, with HR's answers in them.

    Without the lock, what is collected just now would be written again after it was erased.
    """
    await locked_workspace(session, workspace_id)
    await session.execute(delete(VoiceThread).where(*_named(workspace_id, person_id)))


async def drop_conversations(session: AsyncSession, workspace_id: str, before: date) -> int:
    """Delete conversations in which nobody has written since a day; return how many.

    Without the lock, what is written just now would be deleted with them.
    """
    await locked_workspace(session, workspace_id)
    since = select(VoiceMessage.thread_id).where(
        VoiceMessage.workspace_id == workspace_id, VoiceMessage.week >= before
    )
    old = delete(VoiceThread).where(
        VoiceThread.workspace_id == workspace_id, VoiceThread.id.not_in(since)
    )
    result = await session.execute(old.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))


def _named(workspace_id: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    return VoiceThread.workspace_id == workspace_id, VoiceThread.author_id == person_id
