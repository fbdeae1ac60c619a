"""A person says what is in their way, asks somebody for help, and closes it.

Every use case locks the blocker's row first, so two presses happen one after the other. What the
person who is asked can do is in `bot.blockers.helping`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.calendars import Calendar, end_of_working_day_after
from bot.attention.pure.good_moments import good_moment
from bot.attention.readers import calendars_by_person
from bot.blockers.helpers import require_askable
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.states import UNFINISHED, News, OverError, PressRefusedError, locked, move
from bot.errors import UserError
from bot.languages import _, marked, write_number
from bot.masking import mask
from bot.mentoring.enqueue import enqueue
from bot.people.names import known_names
from bot.people.roles import is_employee
from models import Blocker, BlockerRequest
from models.database import insert_into

ASK: Final = "blocker_ask"
NO_HELP: Final = "blocker_no"
NEWS: Final = "blocker_news"
TEXT_LENGTH: Final = 300
TOPIC_LENGTH: Final = 60
MOST_OPEN: Final = 5
"""Blockers that a person can have open at once."""
ANSWER_DAYS: Final = 2
"""Whole working days that a person has to answer; then silence counts as "not me"."""

NOT_AN_EMPLOYEE: Final = marked(
    "This is for members of this workspace, and I don't know you as one yet. If you have just "
    "joined, please try again in a minute."
)
ENOUGH: Final = marked(
    "You have {most} blockers open, so please close one first: `/blocker` lists them."
)
NO_SUCH_BLOCKER: Final = marked("I can't find this blocker any more, so nothing has changed.")
NOT_YOURS: Final = marked("This was sent to somebody else, so that press changed nothing.")
CLOSED: Final = marked("This is closed already, so your press changed nothing.")
BEING_ASKED: Final = marked(
    "Somebody is being asked just now, so I asked nobody else. If they can't help, I'll tell you "
    "at once."
)


class End(StrEnum):
    """How its asker closes a blocker."""

    SOLVED = "solved"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Report:
    """What a person wrote about a blocker for which they want help."""

    kind: BlockerKind
    text: str
    topic: str = ""


@dataclass(frozen=True)
class BlockerView:
    """A blocker, as its asker and its helper see it."""

    id: str
    asker_id: str
    kind: BlockerKind
    text: str
    topic: str
    status: str
    helper_id: str | None
    passed_on: bool
    postponed: int


@dataclass(frozen=True)
class Standing:
    """What a person has open, and what others asked of them."""

    own: tuple[BlockerView, ...]
    asked_of_me: tuple[BlockerView, ...]


async def report(
    session: AsyncSession, actor: Actor, blocker_id: str, written: Report, now: datetime
) -> BlockerView:
    """Store a blocker for which the person wants help; the same form again stores nothing.

    Raises UserError for anybody but employees, and for too many open blockers.
    """
    await require_employee(session, actor)
    known = await session.get(Blocker, (actor.workspace_id, blocker_id))
    if known is None and await _count_open(session, actor) >= MOST_OPEN:
        raise UserError(_(ENOUGH).format(most=write_number(MOST_OPEN)))
    await session.execute(
        insert_into(session, Blocker)
        .values(
            workspace_id=actor.workspace_id,
            id=blocker_id,
            asker_id=actor.user_id,
            kind=written.kind,
            text=written.text,
            topic=written.topic,
            opened_at=now,
        )
        .on_conflict_do_nothing()
    )
    return view_of(await own_blocker(session, actor, blocker_id))


async def ask(
    session: AsyncSession, actor: Actor, blocker_id: str, helper_id: str, now: datetime
) -> tuple[BlockerView, datetime]:
    """Ask somebody for help; return the blocker, and when the question is likely to arrive.

    Asking the same person again changes nothing. Raises UserError if they can't be asked, or while
    somebody else is being asked.
    """
    blocker = await own_blocker(session, actor, blocker_id)
    if blocker.status not in UNFINISHED:
        raise OverError(_(CLOSED))
    if blocker.helper_id != helper_id:
        if blocker.status == "asked":
            raise UserError(_(BEING_ASKED))
        await require_askable(session, blocker, helper_id, now)
        blocker.passed_on = False
        await send_request(session, blocker, helper_id, now)
    calendar = await calendar_of(session, blocker.workspace_id, helper_id)
    return view_of(blocker), good_moment(calendar, now)


async def check_can_choose(session: AsyncSession, actor: Actor, blocker_id: str) -> BlockerView:
    """Return a blocker of the actor's for which somebody can be asked; raise UserError if not."""
    blocker = await own_blocker(session, actor, blocker_id)
    if blocker.status not in UNFINISHED:
        raise OverError(_(CLOSED))
    if blocker.status == "asked":
        raise UserError(_(BEING_ASKED))
    return view_of(blocker)


async def close(
    session: AsyncSession, actor: Actor, blocker_id: str, end: End, now: datetime
) -> BlockerView:
    """Close a blocker; only its asker can. A helper is thanked if it is solved.

    Closing it again changes nothing.
    """
    blocker = await own_blocker(session, actor, blocker_id)
    if blocker.status in UNFINISHED:
        was_helped = blocker.status == "helped"
        move(blocker, end, now)
        if was_helped and end is End.SOLVED and blocker.helper_id:
            await tell(session, blocker, blocker.helper_id, NEWS, News.THANKS, now)
    return view_of(blocker)


async def own_blocker(session: AsyncSession, actor: Actor, blocker_id: str) -> Blocker:
    """Return the actor's own blocker, locked; raise PressRefusedError for others."""
    blocker = await locked(session, actor.workspace_id, blocker_id)
    if blocker is None:
        raise PressRefusedError(_(NO_SUCH_BLOCKER))
    if blocker.asker_id != actor.user_id:
        raise PressRefusedError(_(NOT_YOURS))
    return blocker


async def standing(session: AsyncSession, actor: Actor) -> Standing:
    """Return what a person has open, and what others asked of them; the oldest first."""
    own = await _unfinished(session, actor, Blocker.asker_id == actor.user_id)
    asked = await _unfinished(
        session, actor, Blocker.helper_id == actor.user_id, Blocker.status != "open"
    )
    return Standing(
        tuple(view_of(each) for each in own),
        tuple([await shown_to_helper(session, each) for each in asked]),
    )


async def send_request(
    session: AsyncSession, blocker: Blocker, helper_id: str, now: datetime
) -> None:
    """Put the question to a helper into the outbox; they have some working days to answer."""
    move(blocker, "asked", now, helper_id=helper_id)
    blocker.times_asked += 1
    session.add(
        BlockerRequest(
            workspace_id=blocker.workspace_id,
            blocker_id=blocker.id,
            helper_id=helper_id,
            asked_at=now,
        )
    )
    await enqueue(
        session,
        blocker.workspace_id,
        ASK,
        helper_id,
        blocker.id,
        now,
        asked_by=blocker.asker_id,
        blocker=blocker.id,
    )
    await give_time_to_answer(session, blocker, helper_id, now)
    await session.flush()


async def give_time_to_answer(
    session: AsyncSession, blocker: Blocker, helper_id: str, now: datetime
) -> None:
    """Give a helper two whole working days to answer, from their next good moment on."""
    calendar = await calendar_of(session, blocker.workspace_id, helper_id)
    blocker.answer_by = end_of_working_day_after(good_moment(calendar, now), calendar, ANSWER_DAYS)


async def tell(
    session: AsyncSession,
    blocker: Blocker,
    reader: str,
    kind: str,
    news: News,
    now: datetime,
) -> None:
    """Tell asker or helper what became of a blocker, once for each person who was asked."""
    key = f"{blocker.id}:{blocker.times_asked}:{news}"
    await enqueue(
        session, blocker.workspace_id, kind, reader, key, now, blocker=blocker.id, news=news
    )


async def calendar_of(session: AsyncSession, workspace_id: str, person: str) -> Calendar:
    """Return when a person works; a former employee counts as working in UTC."""
    found = await calendars_by_person(session, workspace_id, [person])
    return found[person][0] if person in found else Calendar()


async def require_employee(session: AsyncSession, actor: Actor) -> None:
    """Raise UserError for anybody but employees."""
    if not await is_employee(session, actor):
        raise UserError(_(NOT_AN_EMPLOYEE))


def view_of(blocker: Blocker) -> BlockerView:
    """Return a blocker as a plain value."""
    return BlockerView(
        blocker.id,
        blocker.asker_id,
        BlockerKind(blocker.kind),
        blocker.text,
        blocker.topic,
        blocker.status,
        blocker.helper_id,
        blocker.passed_on,
        blocker.postponed,
    )


async def shown_to_helper(session: AsyncSession, blocker: Blocker) -> BlockerView:
    """Return a blocker as its helper reads it; the asker did not choose to whom it is passed on."""
    view = view_of(blocker)
    if not blocker.passed_on:
        return view
    return replace(view, text=await as_passed_on(session, blocker.workspace_id, blocker.text))


async def as_passed_on(session: AsyncSession, workspace_id: str, text: str) -> str:
    """Return a sentence without names and addresses."""
    return mask(text, await known_names(session, workspace_id)).text


async def _unfinished(
    session: AsyncSession, actor: Actor, *conditions: object
) -> Sequence[Blocker]:
    rows = await session.scalars(
        select(Blocker)
        .where(
            Blocker.workspace_id == actor.workspace_id,
            Blocker.closed_at.is_(None),
            *conditions,  # type: ignore[arg-type] # SQLAlchemy's conditions
        )
        .order_by(Blocker.opened_at, Blocker.id)
    )
    return rows.all()


async def _count_open(session: AsyncSession, actor: Actor) -> int:
    count = select(func.count()).where(
        Blocker.workspace_id == actor.workspace_id,
        Blocker.asker_id == actor.user_id,
        Blocker.closed_at.is_(None),
    )
    return await session.scalar(count) or 0
