"""What people explored, in a line: private, or shown to a topic's people or in a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, UserError
from bot.languages import _, marked
from bot.learning.pure.free_times import month_at
from bot.learning.slots import own_slot
from bot.masking import mask
from bot.mentoring.profiles.pure.topics import same_topic, topic_name
from bot.outbox import deliveries
from bot.people.names import known_names
from models import Employee, LearningSlot, MentoringProfile, Workspace

LEARNING_NOTE: Final = "learning_note"

NOTE_LENGTH: Final = 300
TOPIC_LENGTH: Final = 60
NOTE_FIELD: Final = "learning_note"
SHOWN_FIELD: Final = "learning_shown_to"
TOPIC_FIELD: Final = "learning_topic"
CHANNEL_FIELD: Final = "learning_channel"
NOBODY, TOPIC, CHANNEL = "nobody", "topic", "channel"
MOST_READ: Final = 200
"""Shared notes of a month that are compared with a reader's topics, the latest first."""
MOST_SHOWN: Final = 5

EMPTY: Final = marked("Please write a line, or cancel.")
NO_TOPIC: Final = marked("Please name the topic whose people should see it.")
POSTED: Final = marked(
    "This line stands in a channel already. `/learn` takes it back there; then you can change it."
)
NO_CHANNEL: Final = marked("Please choose the channel that should see it.")


@dataclass(frozen=True)
class Note:
    """What a person writes of a slot, and who may see it."""

    text: str
    shown_to: str = NOBODY
    topic: str | None = None
    channel: str | None = None

    @property
    def is_shared(self) -> bool:
        """True if anybody else may see it."""
        return self.shown_to != NOBODY


@dataclass(frozen=True)
class SharedNote:
    """A note as colleagues see it."""

    author_id: str
    text: str
    topic: str | None


def checked(note: Note) -> Note:
    """Return a note with what belongs to its readers only; raise FieldErrors if that is missing."""
    if not note.text:
        raise FieldErrors({NOTE_FIELD: _(EMPTY)})
    if note.shown_to == TOPIC:
        if not note.topic:
            raise FieldErrors({TOPIC_FIELD: _(NO_TOPIC)})
        return Note(note.text, TOPIC, topic=topic_name(note.topic)[:TOPIC_LENGTH])
    if note.shown_to == CHANNEL:
        if not note.channel:
            raise FieldErrors({CHANNEL_FIELD: _(NO_CHANNEL)})
        return Note(note.text, CHANNEL, channel=note.channel)
    return Note(note.text)


async def as_shown(session: AsyncSession, workspace_id: str, text: str) -> str:
    """Return a note as colleagues would read it, without others' names and addresses."""
    return mask(text, await known_names(session, workspace_id)).text[:NOTE_LENGTH]


async def save_note(
    session: AsyncSession, actor: Actor, slot_id: str, note: Note, now: datetime
) -> None:
    """Store a note; one that others may see is masked, and posted if a channel sees it.

    Raises UserError if the slot is gone or its line stands in a channel, FieldErrors if something
    is missing.
    """
    note = checked(note)
    slot = await own_slot(session, actor, slot_id)
    if slot.channel is not None:
        raise UserError(_(POSTED))
    slot.note = note.text
    if note.is_shared:
        slot.note = await as_shown(session, actor.workspace_id, note.text)
    slot.noted_at, slot.shown_to = now, note.shown_to
    slot.topic, slot.channel = note.topic, note.channel
    if note.channel:
        await deliveries.enqueue(
            session,
            actor.workspace_id,
            note_key(slot_id, note.channel),
            LEARNING_NOTE,
            note.channel,
            now,
            asked_by=actor.user_id,
            detail={"slot": slot_id},
            at_once=True,
        )


async def take_back(session: AsyncSession, actor: Actor, slot_id: str) -> deliveries.Posted | None:
    """Make a note private again; return where it was posted, if it was."""
    slot = await own_slot(session, actor, slot_id)
    channel = slot.channel
    slot.shown_to, slot.topic, slot.channel = NOBODY, None, None
    if channel is None:
        return None
    return await deliveries.where_sent(session, actor.workspace_id, note_key(slot_id, channel))


def note_key(slot_id: str, channel: str) -> str:
    """Return the key of the message that posts a note."""
    return f"{LEARNING_NOTE}:{slot_id}:{channel}"


async def explored_by_colleagues(
    session: AsyncSession, actor: Actor, now: datetime
) -> tuple[SharedNote, ...]:
    """Return this month's notes by colleagues that a person may see, the latest first.

    These are the notes in public channels, and those for topics that the person's mentoring
    profile has.
    """
    zone = (await session.get_one(Workspace, actor.workspace_id)).tz
    profile = await session.get(MentoringProfile, (actor.workspace_id, actor.user_id))
    topics = [*profile.wants, *profile.offers] if profile else []
    rows = await session.execute(
        select(LearningSlot.employee_id, LearningSlot.note, LearningSlot.topic)
        .join(
            Employee,
            and_(
                Employee.workspace_id == LearningSlot.workspace_id,
                Employee.id == LearningSlot.employee_id,
                Employee.active.is_(True),
            ),
        )
        .where(
            LearningSlot.workspace_id == actor.workspace_id,
            or_(LearningSlot.shown_to == TOPIC, LearningSlot.shown_to == CHANNEL),
            LearningSlot.noted_at >= month_at(now, zone).begins,
            LearningSlot.employee_id != actor.user_id,
        )
        .order_by(LearningSlot.noted_at.desc())
        .limit(MOST_READ)
    )
    found = (
        SharedNote(author, text or "", topic)
        for author, text, topic in rows
        if topic is None or _is_among(topic, topics)
    )
    return tuple(note for _number, note in zip(range(MOST_SHOWN), found, strict=False))


def _is_among(topic: str, topics: Sequence[str]) -> bool:
    return any(same_topic(topic, each) for each in topics)
