"""The life of a pair: start, nudges, meetings, ratings and end.

Attune never reads what the two write to each other. It knows only which buttons they pressed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.calendars import Slot, next_shared_slot
from bot.attention.pure.good_moments import first_moment_of, shared_good_moment
from bot.languages import _, marked
from bot.mentoring.enqueue import calendar_of, calendars_of, enqueue, fates
from bot.mentoring.match_states import AGREED, LENGTH, REFIT, SILENCE, locked_match, move
from bot.mentoring.pairs.pure.news import News
from bot.mentoring.pairs.pure.stages import Stage, stage_of
from bot.mentoring.profiles.service import locked_profile, paused_until
from bot.mentoring.programme.service import programme_of
from bot.mentoring.refusals import MatchOverError, MatchPressRefusedError
from bot.people.roles import is_employee
from models import MentoringFeedback, MentoringMatch, MentoringMeeting
from models.database import insert_into

MENTOR_NUDGE: Final = "mentor_nudge"
MENTOR_FIT: Final = "mentor_fit"
MENTOR_SILENCE: Final = "mentor_silence"
MENTOR_CLOSING: Final = "mentor_closing"
MENTOR_NEWS: Final = "mentor_news"

NUDGE_EVERY: Final = timedelta(weeks=2)
FIT_AFTER: Final = timedelta(days=24)
"""In the fourth week, between two nudges."""
FIRST_NOTICE: Final = timedelta(days=2)
"""Shortest time between the introduction and the proposed first meeting."""
MOST_SILENCES: Final = 3
"""Unanswered nudges in a row after which both are asked whether to end."""
ALIVE: Final = -1
"""Value of `silences` after a sign of life: the last nudge no longer counts as unanswered."""
MEETING: Final = timedelta(minutes=30)

NOT_YOUR_PAIR: Final = marked("This belongs to two other people, so that press changed nothing.")
PAIR_OVER: Final = marked("These meetings have ended already, so that press changed nothing.")


class Met(StrEnum):
    """A pair's answer to a nudge."""

    YES = "met"
    NOT_YET = "not yet"
    RESCHEDULED = "rescheduled"


class About(StrEnum):
    """What one of a pair rates privately, from 1 to 4."""

    MEETING = "meeting"
    FIT = "fit"
    CLOSING = "closing"


@dataclass(frozen=True)
class PairView:
    """What a pair's messages show."""

    match_id: str
    status: str
    mentor_id: str
    mentee_id: str
    number: int
    """The nudge's number, from 1; 0 before the first."""
    stage: Stage
    ends_at: datetime | None
    reasons: tuple[dict[str, object], ...]
    outcome: Met | None = None
    first_meeting: Slot | None = None
    """Only for the introduction, and only while the time is in the future."""
    shares_goals: bool = False
    """True if the mentee shares a goal with the mentor."""


def people(match: MentoringMatch) -> tuple[str, str]:
    """Return the ids of mentor and mentee."""
    return match.mentor_id, match.mentee_id


def readers(match: MentoringMatch) -> Sequence[str]:
    """Return where to write to a pair: its group DM, or each of the two."""
    return [match.channel] if match.channel else people(match)


async def start(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    """Start a pair after both agreed. A job opens its group DM."""
    programme = await programme_of(session, match.workspace_id)
    move(match, "active", now)
    match.started_at = now
    match.ends_at = now + timedelta(weeks=programme.length_weeks)
    mentor, mentee = await calendars_of(session, match.workspace_id, people(match))
    introduced_at = shared_good_moment((mentor, mentee), now)
    slot = next_shared_slot(mentor, mentee, introduced_at + FIRST_NOTICE, MEETING)
    match.first_meeting_at = slot.starts_at if slot else None
    match.due_at = _next_due(match, now)
    profile = await locked_profile(session, match.workspace_id, match.mentee_id)
    if profile is not None:
        profile.looking_since, profile.first_in_line = None, False


async def advance(session: AsyncSession, workspace_id: str, match_id: str, now: datetime) -> bool:
    """Do what is due for an active pair: end, fit check or nudge; False if nothing is due.

    While one of the two is paused, neither is asked anything.
    """
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.status != "active" or match.due_at is None or match.due_at > now:
        return False
    if match.started_at is None or match.ends_at is None:
        raise ValueError("an active pair has a start and an end")
    if now >= match.ends_at:
        await _complete(session, match, now)
        return True
    if back_at := await _back_from_pause(session, match, people(match), now):
        # A pause is a sign of life.
        _be_alive(match)
        match.due_at = min(max(back_at, _next_due(match, back_at)), match.ends_at)
        return True
    if not match.fit_asked and now >= match.started_at + FIT_AFTER:
        match.fit_asked = True
        await _write_both(session, match, MENTOR_FIT, now)
        match.due_at = _next_due(match, match.due_at)
        return True
    if match.silences >= MOST_SILENCES:
        await _end_for_silence(session, match, now)
        return True
    await _nudge(session, match, now)
    match.due_at = _next_due(match, now)
    return True


async def answer_meeting(
    session: AsyncSession,
    actor: Actor,
    match_id: str,
    number: int,
    met: Met,
    now: datetime,  # noqa: ARG001 (part of every answer's signature)
) -> PairView:
    """Store whether a pair met, as either of the two says; the last answer counts.

    Any answer shows that the pair is alive. Raises MatchPressRefusedError, or MatchOverError if the
    pair has ended without this answer.
    """
    match = await own_match(session, actor, match_id)
    meeting = await session.get(MentoringMeeting, (actor.workspace_id, match_id, number))
    if meeting is None:
        raise MatchPressRefusedError(_(NOT_YOUR_PAIR))
    if match.status == "active":
        meeting.outcome = met.value
        _be_alive(match)
    if meeting.outcome != met.value:
        raise MatchOverError(_(PAIR_OVER))
    return view_of(match, number, met)


async def rate(
    session: AsyncSession, actor: Actor, match_id: str, about: About, number: int, rating: int
) -> PairView:
    """Store a private rating by one of a pair, in place of an earlier one.

    Raises MatchPressRefusedError for other people, and ValueError for a rating beyond 1 to 4.
    """
    if not 1 <= rating <= 4:
        raise ValueError("ratings go from 1 to 4")
    match = await own_match(session, actor, match_id)
    row = {
        "workspace_id": actor.workspace_id,
        "match_id": match_id,
        "employee_id": actor.user_id,
        "about": about.value,
        "number": number,
    }
    insert = insert_into(session, MentoringFeedback).values(**row, rating=rating)
    await session.execute(
        insert.on_conflict_do_update(index_elements=[*row], set_={"rating": rating})
    )
    if match.status == "active":
        _be_alive(match)
    return view_of(match, number)


async def rematch(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> PairView:
    """End a pair that does not fit, and look for another mentor for the mentee.

    The other person learns that it ends, but not who asked.
    """
    match = await own_match(session, actor, match_id)
    if match.status == "active":
        await _end(session, match, REFIT, now, news=News.REFIT, except_for=actor.user_id)
        await put_first_in_line(session, match, now)
        match.due_at = now
    elif match.status != "ended":
        raise MatchOverError(_(PAIR_OVER))
    return view_of(match)


async def go_on(
    session: AsyncSession,
    actor: Actor,
    match_id: str,
    now: datetime,  # noqa: ARG001 (part of every answer's signature)
) -> PairView:
    """Record that a silent pair still meets."""
    match = await own_match(session, actor, match_id)
    if match.status != "active":
        raise MatchOverError(_(PAIR_OVER))
    _be_alive(match)
    return view_of(match)


async def end(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> PairView:
    """End a pair at the wish of one of the two, and tell the other kindly."""
    match = await own_match(session, actor, match_id)
    if match.status == "active":
        await _end(session, match, AGREED, now, news=News.ENDED, except_for=actor.user_id)
    elif match.status != "ended":
        raise MatchOverError(_(PAIR_OVER))
    return view_of(match)


async def tell(
    session: AsyncSession, match: MentoringMatch, person: str, news: News, now: datetime
) -> None:
    """Enqueue news about a match for one of the two."""
    await enqueue(
        session,
        match.workspace_id,
        MENTOR_NEWS,
        person,
        f"{match.id}:{news}",
        now,
        match=match.id,
        news=news,
    )


async def put_first_in_line(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    """Put a mentee back on the list, first in line.

    Waiting before the match still counts; the time with a mentor does not.
    """
    profile = await locked_profile(session, match.workspace_id, match.mentee_id)
    if profile is None or not profile.wants:
        return
    profile.first_in_line = True
    if match.started_at is not None:
        profile.looking_since = now - (match.started_at - match.waiting_since)
    elif profile.looking_since is None:
        profile.looking_since = match.waiting_since


def view_of(match: MentoringMatch, number: int | None = None, met: Met | None = None) -> PairView:
    """Return what a pair's messages show."""
    number = match.nudges if number is None else number
    return PairView(
        match_id=match.id,
        status=match.status,
        mentor_id=match.mentor_id,
        mentee_id=match.mentee_id,
        number=number,
        stage=stage_of(number, _nudges_planned(match)),
        ends_at=match.ends_at,
        reasons=tuple(match.reasons),
        outcome=met,
    )


def _nudges_planned(match: MentoringMatch) -> int:
    if match.started_at is None or match.ends_at is None:
        return 0
    return max(1, -(-(match.ends_at - match.started_at) // NUDGE_EVERY) - 1)


def _next_due(match: MentoringMatch, after: datetime) -> datetime:
    """Return when the next nudge, the fit check or the end is due."""
    if match.started_at is None or match.ends_at is None:
        raise ValueError("an active pair has a start and an end")
    passed = (after - match.started_at) // NUDGE_EVERY
    moments = [match.started_at + (passed + 1) * NUDGE_EVERY, match.ends_at]
    if not match.fit_asked:
        moments.append(match.started_at + FIT_AFTER)
    return min(moments)


async def _nudge(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    """Ask whether they met; after too many silences ask whether to end."""
    if match.nudges:
        about = f"{match.id}:{match.nudges}"
        key = (match.workspace_id, match.id, match.nudges)
        last = await session.get(MentoringMeeting, key)
        became = await fates(session, match.workspace_id, MENTOR_NUDGE, about, readers(match))
        # What did not reach them was not left unanswered.
        silent = last is not None and last.outcome is None and "sent" in became
        match.silences = match.silences + 1 if silent else 0
    if match.silences >= MOST_SILENCES:
        await _write_both(session, match, MENTOR_SILENCE, now)
        return
    match.nudges += 1
    session.add(
        MentoringMeeting(
            workspace_id=match.workspace_id, match_id=match.id, number=match.nudges, asked_at=now
        )
    )
    for recipient in readers(match):
        await enqueue(
            session,
            match.workspace_id,
            MENTOR_NUDGE,
            recipient,
            f"{match.id}:{match.nudges}",
            now,
            group=people(match),
            match=match.id,
            number=match.nudges,
        )


async def _end_for_silence(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    """End a pair that did not say whether to end; wait while somebody has not been asked yet."""
    about = f"{match.id}:{match.nudges}"
    asked = await fates(session, match.workspace_id, MENTOR_SILENCE, about, people(match))
    if "waiting" in asked:
        match.due_at = now + timedelta(days=1)
        return
    await _end(session, match, SILENCE, now, news=News.SILENCE)


def _be_alive(match: MentoringMatch) -> None:
    match.silences = ALIVE if match.nudges else 0


async def _complete(session: AsyncSession, match: MentoringMatch, now: datetime) -> None:
    move(match, "completed", now, LENGTH)
    await _write_both(session, match, MENTOR_CLOSING, now)


async def _end(
    session: AsyncSession,
    match: MentoringMatch,
    reason: str,
    now: datetime,
    *,
    news: News,
    except_for: str | None = None,
) -> None:
    """End a pair and tell both, or all but `except_for`."""
    move(match, "ended", now, reason)
    for person in people(match):
        if person != except_for:
            await tell(session, match, person, news, now)


async def _write_both(
    session: AsyncSession, match: MentoringMatch, kind: str, now: datetime
) -> None:
    """Write to each of the two; a paused person is written to after the pause."""
    about = f"{match.id}:{match.nudges}"
    for person in people(match):
        at = await _back_from_pause(session, match, [person], now) or now
        await enqueue(session, match.workspace_id, kind, person, about, at, match=match.id)


async def _back_from_pause(
    session: AsyncSession, match: MentoringMatch, whom: Sequence[str], now: datetime
) -> datetime | None:
    """Return when all of these people are back from a pause; None if nobody is paused."""
    moments = []
    for person in whom:
        day = await paused_until(session, match.workspace_id, person, now)
        if day:
            calendar = await calendar_of(session, match.workspace_id, person)
            moments.append(first_moment_of(calendar, day))
    return max(moments, default=None)


async def own_match(session: AsyncSession, actor: Actor, match_id: str) -> MentoringMatch:
    """Return the match, locked; raise MatchPressRefusedError unless the actor is one of the two."""
    match = await locked_match(session, actor.workspace_id, match_id)
    if match is None or actor.user_id not in people(match) or not await is_employee(session, actor):
        raise MatchPressRefusedError(_(NOT_YOUR_PAIR))
    return match
