"""The person who is asked for help says yes, passes it on once, or takes some time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.calendars import end_of_working_day_after
from bot.attention.pure.good_moments import REMIND_BEFORE, good_moment
from bot.blockers.helpers import require_askable
from bot.blockers.service import (
    ANSWER_DAYS,
    NEWS,
    NO_HELP,
    NO_SUCH_BLOCKER,
    NOT_YOURS,
    BlockerView,
    calendar_of,
    send_request,
    tell,
    view_of,
)
from bot.blockers.states import News, OverError, PressRefusedError, locked, move
from bot.errors import UserError
from bot.languages import _, marked
from bot.mentoring.enqueue import enqueue
from models import Blocker, BlockerRequest

FOLLOW_UP: Final = "blocker_followup"
LATER: Final = "blocker_later"
LATER_AFTER: Final = timedelta(hours=3)
MOST_POSTPONED: Final = 2

NO_LONGER: Final = marked(
    "Thank you! Your help is no longer needed here, so there's nothing left to do."
)
PASSED_ON_ALREADY: Final = marked(
    "This was passed on to you, so I won't pass it on once more. Press *Not me* and I'll let them "
    "know kindly."
)


async def accept(
    session: AsyncSession, actor: Actor, blocker_id: str, now: datetime
) -> BlockerView:
    """Store that a person helps; a job brings the two together. Pressing again changes nothing.

    The asker is asked once, two working days later, whether it is solved.
    """
    blocker = await _asked_of(session, actor, blocker_id)
    if blocker.status == "asked":
        move(blocker, "helped", now)
        calendar = await calendar_of(session, blocker.workspace_id, blocker.asker_id)
        evening = end_of_working_day_after(now, calendar, ANSWER_DAYS)
        await enqueue(
            session,
            blocker.workspace_id,
            FOLLOW_UP,
            blocker.asker_id,
            f"{blocker.id}:{blocker.times_asked}",
            evening - REMIND_BEFORE,
            blocker=blocker.id,
        )
    return view_of(blocker)


async def decline(
    session: AsyncSession, actor: Actor, blocker_id: str, instead: str, now: datetime
) -> BlockerView:
    """Store "not me". `instead` is a colleague who is asked then; empty for nobody.

    The asker is told without blame. Raises UserError if `instead` can't be asked, or if the
    question was passed on before.
    """
    blocker = await _asked_of(session, actor, blocker_id)
    if blocker.status != "asked":
        raise OverError(_(NO_LONGER))
    if not instead:
        await release(session, blocker, now)
        return view_of(blocker)
    if blocker.passed_on:
        raise UserError(_(PASSED_ON_ALREADY))
    await require_askable(session, blocker, instead, now)
    blocker.passed_on = True
    await send_request(session, blocker, instead, now)
    await tell(session, blocker, blocker.asker_id, NEWS, News.PASSED_ON, now)
    return view_of(blocker)


async def postpone(
    session: AsyncSession, actor: Actor, blocker_id: str, now: datetime
) -> tuple[BlockerView, datetime]:
    """Ask the helper once more later today; return when.

    If their working day is nearly over, that is the next morning.
    """
    blocker = await _asked_of(session, actor, blocker_id)
    if blocker.status != "asked":
        raise OverError(_(NO_LONGER))
    calendar = await calendar_of(session, blocker.workspace_id, actor.user_id)
    again_at = good_moment(calendar, now + LATER_AFTER)
    if blocker.postponed < MOST_POSTPONED:
        blocker.postponed += 1
        await enqueue(
            session,
            blocker.workspace_id,
            LATER,
            actor.user_id,
            f"{blocker.id}:{blocker.postponed}",
            again_at,
            asked_by=blocker.asker_id,
            blocker=blocker.id,
        )
    return view_of(blocker), again_at


async def release(session: AsyncSession, blocker: Blocker, now: datetime) -> None:
    """Let the present helper go, and offer the asker to choose somebody else.

    The message says neither who nor why: a "no" and silence look the same.
    """
    move(blocker, "open", now)
    await tell(session, blocker, blocker.asker_id, NO_HELP, News.NO_HELP, now)


async def check_can_answer(session: AsyncSession, actor: Actor, blocker_id: str) -> BlockerView:
    """Return a blocker that waits for the actor's answer; raise OverError otherwise."""
    blocker = await _asked_of(session, actor, blocker_id)
    if blocker.status != "asked":
        raise OverError(_(NO_LONGER))
    return view_of(blocker)


async def _asked_of(session: AsyncSession, actor: Actor, blocker_id: str) -> Blocker:
    """Return a blocker that asks the actor or that they help with, locked.

    Raises OverError if somebody else is asked now, or if it is closed; PressRefusedError for people
    who were never asked.
    """
    blocker = await locked(session, actor.workspace_id, blocker_id)
    if blocker is None:
        raise PressRefusedError(_(NO_SUCH_BLOCKER))
    if blocker.helper_id == actor.user_id and blocker.status in ("asked", "helped"):
        return blocker
    asked = await session.get(BlockerRequest, (actor.workspace_id, blocker_id, actor.user_id))
    raise OverError(_(NO_LONGER)) if asked else PressRefusedError(_(NOT_YOURS))
