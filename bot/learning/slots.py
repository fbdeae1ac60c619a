"""Booked time to learn: booked, moved and cancelled with one press, sent as a calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.calendars import Calendar
from bot.attention.readers import calendars_by_person
from bot.errors import UserError
from bot.languages import _, marked, speaking, write_number
from bot.learning.pure.free_times import Span, free_times, is_free, month_at
from bot.mentoring.pairs.pure.calendar_file import Appointment
from bot.mentoring.profiles.service import require_employee
from bot.outbox import deliveries
from bot.people import roles
from bot.people.languages import language_of
from bot.people.roles import Role
from models import Employee, LearningPolicy, LearningSlot, Workspace

LEARNING_OVER: Final = "learning_over"

LENGTHS: Final = (30, 60, 120)
"""Minutes of a slot."""
MOST_AHEAD: Final = 8
TIMES_OFFERED: Final = 8
NOTES_SHOWN: Final = 8

ENOUGH: Final = marked(
    "You have booked {most} slots ahead. Please take one of them, or cancel one first."
)
NOTHING_FREE: Final = marked(
    "I find no free time in your working hours of the next four weeks. `/pulse preferences` shows "
    "your hours."
)
NOT_FREE: Final = marked("That time is no longer free. `/learn` shows what is.")
GONE: Final = marked("This slot is gone, so nothing has changed. `/learn` shows your slots.")


@dataclass(frozen=True)
class SlotView:
    """A booked slot, as its owner sees it."""

    id: str
    starts_at: datetime
    ends_at: datetime
    free: tuple[datetime, ...] = ()
    """Where it can be moved to."""
    note: str | None = None
    shown_to: str = "nobody"
    topic: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Standing:
    """What a person has booked and noted, beside the company's policy."""

    zone: str
    booked: timedelta
    """In this month."""
    ahead: tuple[SlotView, ...] = ()
    notes: tuple[SlotView, ...] = ()
    """The latest first."""
    hours: int | None = None
    """What the company gives a month; None if it has not said."""
    budget: str = ""
    may_state: bool = False
    """True for HR admins, who state the policy."""


async def standing_of(session: AsyncSession, actor: Actor, now: datetime) -> Standing:
    """Return a person's slots and notes; raise UserError for people who are not employees."""
    employee = await require_employee(session, actor)
    calendar = await _calendar(session, actor)
    policy = await session.get(LearningPolicy, actor.workspace_id, populate_existing=True)
    ahead = await _ahead(session, actor, now)
    month = month_at(now, (await session.get_one(Workspace, actor.workspace_id)).tz)
    of_month = await session.scalars(
        _own(actor).where(
            LearningSlot.starts_at >= month.begins, LearningSlot.starts_at < month.ends
        )
    )
    noted = await session.scalars(
        _own(actor)
        .where(LearningSlot.note.is_not(None))
        .order_by(LearningSlot.noted_at.desc())
        .limit(NOTES_SHOWN)
    )
    return Standing(
        zone=employee.tz,
        booked=sum((each.ends_at - each.starts_at for each in of_month), timedelta()),
        ahead=tuple(_view(each, _free(calendar, each, ahead, now)) for each in ahead),
        notes=tuple(_view(each) for each in noted),
        hours=policy.hours if policy else None,
        budget=policy.budget if policy else "",
        may_state=await roles.holds(session, actor, Role.ADMIN),
    )


async def book(session: AsyncSession, actor: Actor, minutes: int, now: datetime) -> SlotView:
    """Book the next free time of so many minutes; raise UserError if there is none."""
    await _lock_person(session, actor)
    ahead = await _ahead(session, actor, now)
    if len(ahead) >= MOST_AHEAD:
        raise UserError(_(ENOUGH).format(most=write_number(MOST_AHEAD)))
    length = timedelta(minutes=minutes)
    calendar = await _calendar(session, actor)
    free = free_times(calendar, length, [_span(each) for each in ahead], now, 1)
    if not free:
        raise UserError(_(NOTHING_FREE))
    slot = LearningSlot(
        workspace_id=actor.workspace_id,
        employee_id=actor.user_id,
        starts_at=free[0],
        ends_at=free[0] + length,
    )
    session.add(slot)
    await session.flush()
    await _ask_afterwards(session, slot)
    return _view(slot)


async def move(
    session: AsyncSession, actor: Actor, slot_id: str, now: datetime, to: datetime | None = None
) -> SlotView:
    """Move a slot, by default to the next free time; raise UserError if the time is not free.

    A slot whose time is over moves ahead as well: it did not happen.
    """
    slot = await own_slot(session, actor, slot_id)
    calendar, length = await _calendar(session, actor), slot.ends_at - slot.starts_at
    taken = [_span(each) for each in await _ahead(session, actor, now) if each.id != slot.id]
    if to is None:
        free = free_times(calendar, length, taken, max(now, slot.starts_at), 1)
        if not free:
            raise UserError(_(NOTHING_FREE))
        to = free[0]
    elif to <= now or not is_free(calendar, length, taken, to):
        raise UserError(_(NOT_FREE))
    if to != slot.starts_at:
        slot.starts_at, slot.ends_at = to, to + length
        slot.moves, slot.sent_at = slot.moves + 1, None
        await session.flush()
        await _ask_afterwards(session, slot)
    return _view(slot)


async def cancel(session: AsyncSession, actor: Actor, slot_id: str) -> None:
    """Delete a slot with its note; do nothing if it is gone."""
    await _lock_person(session, actor)
    slot = await session.get(LearningSlot, (actor.workspace_id, slot_id))
    if slot is not None and slot.employee_id == actor.user_id:
        await session.delete(slot)
        await session.flush()


async def own_slot(session: AsyncSession, actor: Actor, slot_id: str) -> LearningSlot:
    """Return a slot of the actor, whose slots nobody else changes now; raise UserError if gone."""
    await _lock_person(session, actor)
    slot = await session.get(LearningSlot, (actor.workspace_id, slot_id), populate_existing=True)
    if slot is None or slot.employee_id != actor.user_id:
        raise UserError(_(GONE))
    return slot


async def slots_to_send(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of slots ahead whose calendar file was not sent."""
    rows = await session.execute(
        select(LearningSlot.workspace_id, LearningSlot.id).where(
            LearningSlot.sent_at.is_(None), LearningSlot.starts_at > now
        )
    )
    return [(workspace_id, slot_id) for workspace_id, slot_id in rows]


async def take_appointment(
    session: AsyncSession, workspace_id: str, slot_id: str, now: datetime
) -> tuple[str, Appointment] | None:
    """Mark a slot's calendar file as tried, and return for whom it is; None if it was tried."""
    slot = await _locked(session, workspace_id, slot_id)
    if slot is None or slot.sent_at is not None:
        return None
    slot.sent_at = now
    employee = await session.get_one(Employee, (workspace_id, slot.employee_id))
    if not employee.active:
        return None
    with speaking(await language_of(session, Actor(workspace_id, slot.employee_id))):
        return slot.employee_id, Appointment(
            slot.id, _("Learning time"), _("Move it as it suits you."), slot.starts_at,
            slot.ends_at - slot.starts_at, slot.moves,
        )  # fmt: skip


async def retry_appointment(session: AsyncSession, workspace_id: str, slot_id: str) -> None:
    """Allow another attempt at a calendar file that was certainly not shared."""
    slot = await _locked(session, workspace_id, slot_id)
    if slot is not None:
        slot.sent_at = None


async def _locked(session: AsyncSession, workspace_id: str, slot_id: str) -> LearningSlot | None:
    return await session.get(
        LearningSlot, (workspace_id, slot_id), with_for_update=True, populate_existing=True
    )


async def _ask_afterwards(session: AsyncSession, slot: LearningSlot) -> None:
    """Have the person asked what they explored once the slot is over; not if it has moved."""
    await deliveries.enqueue(
        session,
        slot.workspace_id,
        f"{LEARNING_OVER}:{slot.id}:{slot.moves}",
        LEARNING_OVER,
        slot.employee_id,
        slot.ends_at,
        detail={"slot": slot.id, "moves": slot.moves},
    )


async def _lock_person(session: AsyncSession, actor: Actor) -> None:
    """Let one press at a time change a person's slots; raise UserError for no employee."""
    await require_employee(session, actor)
    key = actor.workspace_id, actor.user_id
    await session.get_one(Employee, key, with_for_update=True)


async def _ahead(session: AsyncSession, actor: Actor, now: datetime) -> Sequence[LearningSlot]:
    found = await session.scalars(
        _own(actor).where(LearningSlot.ends_at > now).order_by(LearningSlot.starts_at)
    )
    return found.all()


def _own(actor: Actor) -> Select[LearningSlot]:
    return (
        select(LearningSlot)
        .where(
            LearningSlot.workspace_id == actor.workspace_id,
            LearningSlot.employee_id == actor.user_id,
        )
        .execution_options(populate_existing=True)
    )


async def _calendar(session: AsyncSession, actor: Actor) -> Calendar:
    found = await calendars_by_person(session, actor.workspace_id, [actor.user_id])
    return found[actor.user_id][0]


def _free(
    calendar: Calendar, slot: LearningSlot, ahead: Sequence[LearningSlot], now: datetime
) -> tuple[datetime, ...]:
    taken = [_span(each) for each in ahead]
    length = slot.ends_at - slot.starts_at
    return tuple(free_times(calendar, length, taken, now, TIMES_OFFERED))


def _span(slot: LearningSlot) -> Span:
    return slot.starts_at, slot.ends_at


def _view(slot: LearningSlot, free: tuple[datetime, ...] = ()) -> SlotView:
    return SlotView(
        slot.id, slot.starts_at, slot.ends_at, free, slot.note, slot.shown_to, slot.topic,
        slot.channel,
    )  # fmt: skip
