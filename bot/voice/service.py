"""What an author of a conversation with HR does: write, read, write again, withdraw.

Nothing that is stored here leads to an anonymous author, and no time finer than the week is kept.
Reading changes no row. docs/privacy.md says what remains.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.languages import _, marked
from bot.masking import mask
from bot.people.names import known_names
from bot.people.roles import is_employee
from bot.pulse.pure.telling_phrases import Phrase, find_phrases
from bot.voice.pure.keys import (
    NOT_YOURS,
    Button,
    make_button,
    read_button,
    thread_id,
)
from bot.voice.pure.weeks import next_midnight, week_of
from models import Employee, ProductItem, VoiceMessage, VoiceThread, Workspace
from models.database import KEY_SHARE, new_key

TEXT_LENGTH: Final = 3_000
NOT_AN_EMPLOYEE: Final = marked("Only employees of this workspace can write to HR with Attune.")
TOO_FEW_PEOPLE: Final = marked(
    "This workspace is too small to hide anybody, so you can write to HR only with your name."
)
GONE: Final = marked(
    "This conversation is no longer there: it was withdrawn, or nobody wrote in it for a year. "
    "`/voice` starts a new one."
)


class Way(StrEnum):
    """How somebody writes to HR."""

    NAMED = "named"
    REPLY = "reply"
    """Anonymous, and HR may answer."""
    ANONYMOUS = "anonymous"


class Status(StrEnum):
    """Where a conversation stands; `models.voice` explains."""

    UNCOLLECTED = "uncollected"
    NEW = "new"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True)
class Terms:
    """What holds for everybody who writes to HR here."""

    ways: tuple[Way, ...]
    wrongdoing_url: str | None


@dataclass(frozen=True)
class Review:
    """A text that is not stored yet, as HR would read it. Only `masked` is ever stored."""

    way: Way
    text: str
    masked: str
    phrases: tuple[Phrase, ...]
    """What may give its author away; empty for a named conversation."""


@dataclass(frozen=True)
class Said:
    """One message of a conversation."""

    text: str
    from_hr: bool
    week: date
    collected: bool
    """True if HR can read it."""


@dataclass(frozen=True)
class LedTo:
    """The item that a conversation led to."""

    item_id: str
    problem: str
    """In HR's words."""


@dataclass(frozen=True)
class Conversation:
    """A conversation as its author or HR sees it."""

    id: str
    way: Way
    topic: str
    status: Status
    label: str | None
    messages: tuple[Said, ...]
    author_id: str | None = None
    """Only of a named conversation."""
    led_to: LedTo | None = None


async def terms_of(session: AsyncSession, actor: Actor) -> Terms:
    """Return how a person may write to HR; raise UserError for anybody but employees."""
    if not await is_employee(session, actor):
        raise UserError(_(NOT_AN_EMPLOYEE))
    workspace = await session.get_one(Workspace, actor.workspace_id)
    ways = tuple(Way) if await hides_people(session, workspace) else (Way.NAMED,)
    return Terms(ways, workspace.wrongdoing_url)


async def hides_people(session: AsyncSession, workspace: Workspace) -> bool:
    """Return True if at least k people work here: among fewer, an author could be guessed."""
    people = select(func.count()).where(
        Employee.workspace_id == workspace.id, Employee.active.is_(True)
    )
    return (await session.scalar(people) or 0) >= workspace.min_group_size


async def review(session: AsyncSession, actor: Actor, way: Way, text: str) -> Review:
    """Return what to show the author before anything is stored."""
    if way is Way.NAMED:
        return Review(way, text, text, ())
    masked = mask(text, await known_names(session, actor.workspace_id))
    return Review(way, text, masked.text, find_phrases(text))


async def write(
    session: AsyncSession, actor: Actor, topic: str, reviewed: Review, now: datetime
) -> str | None:
    """Begin a conversation; return the value of the button that leads its author back.

    None if HR can't answer. Raises UserError if the person may not write this way.
    """
    way = reviewed.way
    if way not in (await terms_of(session, actor)).ways:
        raise UserError(_(TOO_FEW_PEOPLE))
    workspace = await locked_workspace(session, actor.workspace_id)
    thread = VoiceThread(
        workspace_id=workspace.id,
        id=new_key(),
        way=way.value,
        author_id=actor.user_id if way is Way.NAMED else None,
        topic=topic,
    )
    value = thread.id if way is Way.NAMED else None
    if way is Way.REPLY:
        secret = workspace.figure_secret
        button = make_button(secret, actor.user_id, week_of(now, workspace.tz))
        thread.id, value = thread_id(secret, button.token), button.encode()
    session.add(thread)
    await session.flush()
    await _add(session, workspace, thread, reviewed, now)
    return value


async def own_conversation(
    session: AsyncSession, actor: Actor, value: str, now: datetime
) -> Conversation:
    """Return the conversation to which a person's button leads; changes nothing.

    Raises UserError if it leads nowhere, or the button is not theirs.
    """
    workspace = await session.get_one(Workspace, actor.workspace_id)
    thread = await _own_thread(session, workspace, actor, value, now)
    return await conversation_of(session, thread, for_author=True)


async def write_again(
    session: AsyncSession, actor: Actor, value: str, reviewed: Review, now: datetime
) -> str | None:
    """Add to an own conversation; return the value of a fresh button if the old one is older.

    Raises what `own_conversation` raises.
    """
    workspace = await locked_workspace(session, actor.workspace_id)
    thread = await _own_thread(session, workspace, actor, value, now)
    await _add(session, workspace, thread, reviewed, now)
    if thread.way == Way.NAMED:
        return None
    week = week_of(now, workspace.tz)
    pressed = read_button(workspace.figure_secret, value, actor.user_id, week)
    return None if pressed.week == week else _renewed(workspace, actor, pressed, week)


async def withdraw(session: AsyncSession, actor: Actor, value: str, now: datetime) -> None:
    """Erase an own conversation with all its messages; raise what `own_conversation` raises."""
    workspace = await locked_workspace(session, actor.workspace_id)
    thread = await _own_thread(session, workspace, actor, value, now)
    await session.execute(
        delete(VoiceThread).where(
            VoiceThread.workspace_id == workspace.id, VoiceThread.id == thread.id
        )
    )


async def locked_workspace(session: AsyncSession, workspace_id: str) -> Workspace:
    """Lock conversations of a workspace against other writers, and return the workspace.

    Collecting writes rows again, and a statement that waited for a lock on one would miss it.
    """
    return await session.get_one(
        Workspace, workspace_id, with_for_update=KEY_SHARE, populate_existing=True
    )


async def conversation_of(
    session: AsyncSession, thread: VoiceThread, *, for_author: bool
) -> Conversation:
    """Return a conversation's messages in order; HR does not see what is not collected yet."""
    found = await session.scalars(
        select(VoiceMessage)
        .where(
            VoiceMessage.workspace_id == thread.workspace_id, VoiceMessage.thread_id == thread.id
        )
        .order_by(VoiceMessage.collect_at.is_not(None), VoiceMessage.number)
    )
    messages = [
        Said(each.text, each.from_hr, each.week, each.collect_at is None)
        for each in found
        if for_author or each.collect_at is None
    ]
    return Conversation(
        thread.id,
        Way(thread.way),
        thread.topic,
        Status(thread.status),
        thread.label,
        tuple(messages),
        thread.author_id,
        await _led_to(session, thread),
    )


async def _led_to(session: AsyncSession, thread: VoiceThread) -> LedTo | None:
    if thread.item_id is None:
        return None
    item = await session.get(ProductItem, (thread.workspace_id, thread.item_id))
    return LedTo(item.id, item.problem) if item else None


async def add_message(session: AsyncSession, message: VoiceMessage) -> None:
    """Add a message at the end of its conversation; the workspace is locked."""
    last = await session.scalar(
        select(func.max(VoiceMessage.number)).where(
            VoiceMessage.workspace_id == message.workspace_id,
            VoiceMessage.thread_id == message.thread_id,
        )
    )
    message.number = (last or 0) + 1
    session.add(message)
    await session.flush()


async def _add(
    session: AsyncSession,
    workspace: Workspace,
    thread: VoiceThread,
    reviewed: Review,
    now: datetime,
) -> None:
    """Store what an author wrote, as HR will read it, to be collected next night."""
    if reviewed.way != thread.way:
        raise ValueError("the text was reviewed for another kind of conversation")
    await add_message(
        session,
        VoiceMessage(
            workspace_id=workspace.id,
            thread_id=thread.id,
            from_hr=False,
            text=reviewed.masked,
            week=week_of(now, workspace.tz),
            collect_at=next_midnight(now, workspace.tz),
        ),
    )


async def _own_thread(
    session: AsyncSession, workspace: Workspace, actor: Actor, value: str, now: datetime
) -> VoiceThread:
    """Return the conversation of a button; raise UserError if there is none for this person."""
    thread = value
    if "." in value:
        week = week_of(now, workspace.tz)
        button = read_button(workspace.figure_secret, value, actor.user_id, week)
        thread = thread_id(workspace.figure_secret, button.token)
    found = await session.get(VoiceThread, (workspace.id, thread), populate_existing=True)
    if found is None:
        raise UserError(_(GONE))
    if thread == value and found.author_id != actor.user_id:
        raise UserError(_(NOT_YOURS))
    return found


def _renewed(workspace: Workspace, actor: Actor, pressed: Button, week: date) -> str:
    return make_button(workspace.figure_secret, actor.user_id, week, pressed.token).encode()
