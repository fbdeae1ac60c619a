"""HR reads and answers conversations. Every use case checks the role; every look is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.languages import _, marked
from bot.outbox.deliveries import enqueue
from bot.people import audit, roles
from bot.people.roles import Role
from bot.voice.pure.weeks import week_of
from bot.voice.service import (
    GONE,
    Conversation,
    Status,
    Way,
    add_message,
    conversation_of,
    locked_workspace,
)
from models import VoiceMessage, VoiceThread, Workspace
from models.database import new_key

VOICE_REPLY: Final = "voice_reply"
VIEWED: Final = "voice.viewed"
VIEW: Final = "voice.view"
"""What is refused to others, in the audit table."""
ON_A_PAGE: Final = 20
SHOWN: Final = (Status.NEW, Status.WAITING, Status.ANSWERED, Status.CLOSED)
NO_ANSWER_POSSIBLE: Final = marked(
    "Its author chose that HR can't answer. You can sort and close it; nothing else has changed."
)
NOT_FOR_YOU: Final = marked(
    "Only HR admins can read what people write. `/pulse admins` shows who they are."
)


@dataclass(frozen=True)
class Entry:
    """A conversation in the list: nothing of its text."""

    id: str
    topic: str
    named: bool
    label: str | None
    week: date
    """The Monday of the last week in which somebody wrote."""


@dataclass(frozen=True)
class Inbox:
    """One page of conversations of one status, latest week first."""

    status: Status
    counts: Mapping[Status, int]
    page: int
    pages: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Decision:
    """What HR does with a conversation."""

    reply: str = ""
    """Empty for no answer."""
    label: str | None = None
    """Empty to take the label off, None to leave it as it is."""
    close: bool | None = None
    """False to open it again, None to leave it as it is."""


async def look(
    session: AsyncSession, actor: Actor, status: Status, page: int, now: datetime
) -> Inbox:
    """Return a page of the inbox, and record the look; a page beyond the last is the last."""
    await _record_look(session, actor, now)
    counted = await session.execute(
        select(VoiceThread.status, func.count())
        .where(VoiceThread.workspace_id == actor.workspace_id)
        .group_by(VoiceThread.status)
    )
    found = {Status(name): count for name, count in counted}
    counts = {each: found.get(each, 0) for each in SHOWN}
    pages = max(1, -(-counts[status] // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    entries = await _entries(session, actor.workspace_id, status, page)
    return Inbox(status, counts, page, pages, entries)


async def read(session: AsyncSession, actor: Actor, thread_id: str, now: datetime) -> Conversation:
    """Return one conversation, and record the look; raise UserError if it is gone."""
    await _record_look(session, actor, now)
    return await conversation_of(
        session, await _thread(session, actor, thread_id), for_author=False
    )


async def decide(
    session: AsyncSession, actor: Actor, thread_id: str, decision: Decision, now: datetime
) -> Conversation:
    """Answer, sort or close a conversation, and return it; raise UserError if that can't be.

    Answers of two people at once are both kept, and both see both.
    """
    await _require(session, actor)
    workspace = await locked_workspace(session, actor.workspace_id)
    thread = await _thread(session, actor, thread_id)
    was_closed = thread.status == Status.CLOSED
    if decision.reply:
        await _answer(session, workspace, thread, decision.reply, now)
        thread.status = Status.ANSWERED.value
    elif was_closed:
        thread.status = Status.WAITING.value
    if was_closed if decision.close is None else decision.close:
        thread.status = Status.CLOSED.value
    if decision.label is not None:
        thread.label = decision.label or None
    await session.flush()
    return await conversation_of(session, thread, for_author=False)


async def thread_to_link(session: AsyncSession, actor: Actor, thread_id: str) -> VoiceThread:
    """Return a conversation whose item is to change, locked; raise UserError if it is gone."""
    await _require(session, actor)
    await locked_workspace(session, actor.workspace_id)
    return await _thread(session, actor, thread_id)


async def tell_authors(
    session: AsyncSession,
    workspace_id: str,
    item_id: str,
    text: str,
    now: datetime,
    thread_id: str | None = None,
) -> None:
    """Write into the conversations that led to an item what comes of it, as HR's answer.

    `thread_id` names one of them. Who can't be answered reads it where everybody does.
    """
    workspace = await locked_workspace(session, workspace_id)
    threads = await session.scalars(
        select(VoiceThread)
        .where(
            VoiceThread.workspace_id == workspace_id,
            VoiceThread.item_id == item_id,
            VoiceThread.way != Way.ANONYMOUS.value,
            VoiceThread.id == thread_id if thread_id else true(),
        )
        .order_by(VoiceThread.id)
        .execution_options(populate_existing=True)
    )
    for thread in threads.all():
        await _answer(session, workspace, thread, text, now)
        if thread.status == Status.NEW:
            thread.status = Status.ANSWERED.value
    await session.flush()


async def waiting(session: AsyncSession, workspace_id: str) -> int:
    """Count the conversations that wait for HR."""
    found = select(func.count()).where(
        VoiceThread.workspace_id == workspace_id,
        VoiceThread.status.in_((Status.NEW.value, Status.WAITING.value)),
    )
    return await session.scalar(found) or 0


async def wrongdoing_url(session: AsyncSession, actor: Actor) -> str | None:
    """Return where people report wrongdoing."""
    await _require(session, actor)
    return (await session.get_one(Workspace, actor.workspace_id)).wrongdoing_url


async def set_wrongdoing_url(
    session: AsyncSession, actor: Actor, url: str | None, now: datetime
) -> None:
    """Store where people report wrongdoing, and record it."""
    await _require(session, actor)
    workspace = await locked_workspace(session, actor.workspace_id)
    if workspace.wrongdoing_url != url:
        workspace.wrongdoing_url = url
        audit.record(session, actor, "voice.wrongdoing_url", now=now)


async def _answer(
    session: AsyncSession, workspace: Workspace, thread: VoiceThread, text: str, now: datetime
) -> None:
    """Store an answer. A named author is told; of anonymous ones, the weekly news tells."""
    if thread.way == Way.ANONYMOUS:
        raise UserError(_(NO_ANSWER_POSSIBLE))
    await add_message(
        session,
        VoiceMessage(
            workspace_id=workspace.id,
            thread_id=thread.id,
            from_hr=True,
            text=text,
            week=week_of(now, workspace.tz),
            told=thread.author_id is not None,
        ),
    )
    if thread.author_id is not None:
        key, detail = f"{VOICE_REPLY}:{new_key()}", {"thread": thread.id}
        place = workspace.id, key, VOICE_REPLY, thread.author_id
        await enqueue(session, *place, now, detail=detail)


async def _entries(
    session: AsyncSession, workspace_id: str, status: Status, page: int
) -> tuple[Entry, ...]:
    week = func.max(VoiceMessage.week).label("week")
    found = await session.execute(
        select(VoiceThread, week)
        .join(
            VoiceMessage,
            (VoiceMessage.workspace_id == VoiceThread.workspace_id)
            & (VoiceMessage.thread_id == VoiceThread.id),
        )
        .where(
            VoiceThread.workspace_id == workspace_id,
            VoiceThread.status == status.value,
            VoiceMessage.collect_at.is_(None),
        )
        .group_by(VoiceThread.workspace_id, VoiceThread.id)
        # Ids are random: within a week, the order tells nothing.
        .order_by(week.desc(), VoiceThread.id)
        .limit(ON_A_PAGE)
        .offset(page * ON_A_PAGE)
    )
    return tuple(
        Entry(each.id, each.topic, each.author_id is not None, each.label, last)
        for each, last in found
    )


async def _thread(session: AsyncSession, actor: Actor, thread_id: str) -> VoiceThread:
    found = await session.get(VoiceThread, (actor.workspace_id, thread_id), populate_existing=True)
    if found is None or found.status == Status.UNCOLLECTED:
        raise UserError(_(GONE))
    return found


async def _record_look(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Record who looked, and nothing of what they saw."""
    await _require(session, actor)
    audit.record(session, actor, VIEWED, now=now)


async def _require(session: AsyncSession, actor: Actor) -> None:
    await roles.require(session, actor, Role.ADMIN, action=VIEW, refusal=_(NOT_FOR_YOU))
