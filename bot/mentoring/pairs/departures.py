"""Closes open matches when a person leaves the company or the programme, or pauses.

A job looks for such matches, so it does not matter how the person left: through a Slack event, the
daily sync, a button, or the erasure of their data.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.actor import Actor
from bot.languages import _
from bot.mentoring.match_states import (
    MENTEE_GONE,
    MENTOR_GONE,
    MENTOR_PAUSED,
    OPEN,
    locked_match,
    move,
)
from bot.mentoring.pairs.pure.news import News
from bot.mentoring.pairs.service import (
    NOT_YOUR_PAIR,
    PAIR_OVER,
    PairView,
    own_match,
    put_first_in_line,
    tell,
    view_of,
)
from bot.mentoring.profiles.service import is_paused, local_date
from bot.mentoring.refusals import MatchOverError, MatchPressRefusedError
from models import Employee, MentoringMatch, MentoringProfile


async def departures(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of open matches that one of the two can't continue.

    Dates are compared in UTC here; `settle_departure` looks again in the person's own time zone.
    """
    paused = MentoringProfile.paused_until > now.date()
    mentor, mentee = MentoringMatch.mentor_id, MentoringMatch.mentee_id
    unwilling = or_(
        _takes_part(mentor, or_(paused, MentoringProfile.capacity == 0)),
        _takes_part(mentee, or_(paused, MentoringProfile.looking_since.is_(None))),
    )
    rows = await session.execute(
        select(MentoringMatch.workspace_id, MentoringMatch.id)
        .where(
            MentoringMatch.status.in_(OPEN),
            or_(
                ~_takes_part(mentor),
                ~_takes_part(mentee),
                and_(MentoringMatch.status == "proposed", unwilling),
            ),
        )
        .order_by(MentoringMatch.workspace_id, MentoringMatch.id)
    )
    return [(workspace_id, match_id) for workspace_id, match_id in rows]


def _takes_part(
    person: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return the condition that a person is an employee whose profile meets these conditions."""
    return (
        select(MentoringProfile.employee_id)
        .join(
            Employee,
            and_(
                Employee.workspace_id == MentoringProfile.workspace_id,
                Employee.id == MentoringProfile.employee_id,
            ),
        )
        .where(
            MentoringProfile.workspace_id == MentoringMatch.workspace_id,
            MentoringProfile.employee_id == person,
            Employee.active.is_(True),
            *conditions,
        )
        .correlate(MentoringMatch)
        .exists()
    )


async def settle_departure(
    session: AsyncSession, workspace_id: str, match_id: str, now: datetime
) -> bool:
    """Close a match that can't go on, and tell the other person; False if it can go on."""
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.status not in OPEN:
        return False
    if not await _is_here(session, workspace_id, match.mentee_id):
        await _lose_mentee(session, match, now)
    elif not await _is_here(session, workspace_id, match.mentor_id):
        await _lose_mentor(session, match, now)
    elif match.status == "proposed" and await _mentor_is_unwilling(session, match, now):
        move(match, "declined", now, MENTOR_PAUSED)
        match.due_at = now
    elif match.status == "proposed" and await _mentee_is_unwilling(session, match, now):
        move(match, "ended", now, MENTEE_GONE)
        await tell(session, match, match.mentor_id, News.NO_LONGER_LOOKING, now)
    else:
        return False
    return True


async def hand_over(
    session: AsyncSession, actor: Actor, match_id: str, now: datetime, next_at: datetime
) -> PairView:
    """End a pair for a mentor who leaves: the mentee is told kindly, and is first in line.

    From `next_at` on a job looks for the next mentor. Raises MatchPressRefusedError for anybody but
    the mentor, and MatchOverError if it ended before.
    """
    match = await own_match(session, actor, match_id)
    if match.mentor_id != actor.user_id:
        raise MatchPressRefusedError(_(NOT_YOUR_PAIR))
    if match.status == "active":
        await _lose_mentor(session, match, now)
        match.due_at = next_at
    elif match.close_reason != MENTOR_GONE:
        raise MatchOverError(_(PAIR_OVER))
    return view_of(match)


async def _lose_mentee(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    news = News.OTHER_LEFT if match.status == "active" else News.NO_LONGER_LOOKING
    move(match, "ended", now, MENTEE_GONE)
    if await _is_here(session, match.workspace_id, match.mentor_id):
        await tell(session, match, match.mentor_id, news, now)


async def _lose_mentor(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    """Put the mentee first in line, and tell them if they knew of the match."""
    before = match.status
    move(match, "ended", now, MENTOR_GONE)
    match.due_at = now
    if before == "proposed":
        return
    await put_first_in_line(session, match, now)
    news = News.MENTOR_LEFT if before == "active" else News.TAKEN_BACK
    await tell(session, match, match.mentee_id, news, now)


async def _is_here(session: AsyncSession, workspace_id: str, person: str) -> bool:
    employee = await session.get(Employee, (workspace_id, person))
    profile = await session.get(MentoringProfile, (workspace_id, person))
    return employee is not None and employee.active and profile is not None


async def _mentor_is_unwilling(session: AsyncSession, match: MentoringMatch, now: datetime) -> bool:
    profile = await session.get_one(MentoringProfile, (match.workspace_id, match.mentor_id))
    return profile.capacity == 0 or await _has_paused(session, profile, now)


async def _mentee_is_unwilling(session: AsyncSession, match: MentoringMatch, now: datetime) -> bool:
    profile = await session.get_one(MentoringProfile, (match.workspace_id, match.mentee_id))
    return profile.looking_since is None or await _has_paused(session, profile, now)


async def _has_paused(session: AsyncSession, profile: MentoringProfile, now: datetime) -> bool:
    employee = await session.get_one(Employee, (profile.workspace_id, profile.employee_id))
    return is_paused(profile.paused_until, local_date(employee, now))
