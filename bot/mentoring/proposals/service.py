"""Proposals: a mentor answers and a mentee confirms; after silence the next best mentor is asked.

Every use case locks the match's row first, so two presses, or a press and a lapse, happen one after
the other.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.languages import _, marked
from bot.mentoring.enqueue import enqueue, key_of
from bot.mentoring.match_states import (
    MENTEE_PASSED,
    MENTOR_PAUSED,
    NO_ANSWER,
    NOT_CONFIRMED,
    OPEN,
    TAKEN_BACK,
    locked_match,
    move,
)
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.pure.news import News
from bot.mentoring.profiles import service as profiles
from bot.mentoring.programme.service import programme_of
from bot.mentoring.refusals import MatchOverError, MatchPressRefusedError
from bot.mentoring.rounds.pure.matching import Pair, Unmatched, next_best, propose_round
from bot.mentoring.rounds.read_pool import RoundTask
from bot.mentoring.rounds.service import (
    MENTOR_PROPOSAL,
    ask_for_answer,
    give_time_to_answer,
    propose,
    tell_why,
)
from bot.outbox.states import AWAY
from models import Delivery, Employee, MentoringMatch, MentoringProfile, MentoringRound

MENTOR_CONFIRM: Final = "mentor_confirm"
MENTOR_REMINDER: Final = "mentor_reminder"
PAUSE: Final = timedelta(weeks=4)
"""How long "Pause me" lasts; the profile's form can change it."""

NO_SUCH_MATCH: Final = marked("I can't find this match any more, so nothing has changed.")
NOT_YOURS: Final = marked("This was sent to somebody else, so that press changed nothing.")
LEFT_MENTORING: Final = marked("You no longer take part in mentoring here, so nothing has changed.")
NOT_OPEN: Final = marked(
    "This match is no longer open, so your press changed nothing. `/mentor` shows where you stand."
)


class WhyNot(StrEnum):
    """Why a mentor said "not now". It influences later rounds and is shown to nobody."""

    NO_TIME = "no time"
    TOPICS = "topics"
    LEVEL = "level"
    OTHER = "other"


@dataclass(frozen=True)
class Proposal:
    """What a match's two people are told of it."""

    match_id: str
    status: str
    mentor_id: str
    mentee_id: str
    reasons: tuple[dict[str, object], ...]
    wants: tuple[str, ...]
    hopes: str
    mentee_team: str | None
    mentee_years: int | None
    mentor_team: str | None
    mentor_years: int | None
    answer_by: datetime | None
    length_weeks: int
    """How long the pair would meet."""
    paused_until: date | None = None
    """Set if the mentor has just paused: the first day after the pause."""
    taken_back: bool = False
    """True if the mentor had said yes before declining, so that the mentee was told."""
    yes_stands: bool = False
    """True if the mentor pressed "not now" after a yes, which changes nothing."""

    @property
    def says_no(self) -> bool:
        """True if the mentor declined before the mentee was told."""
        return self.status == "declined" and not self.taken_back


@dataclass(frozen=True)
class NoMentorFound:
    """Why there is no next best mentor, and how many people wait for each topic."""

    left: Unmatched
    waiting: Mapping[str, int]


async def accept(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> Proposal:
    """Store a mentor's yes and ask the mentee to confirm; pressing again changes nothing."""
    match = await _asked(session, actor, match_id, by_mentor=True)
    if match.status == "proposed":
        move(match, "accepted", now)
        await ask_for_answer(session, match, MENTOR_CONFIRM, match.mentee_id, now)
    elif match.status not in OPEN:
        raise MatchOverError(_(NOT_OPEN))
    return await proposal_of(session, match)


async def decline(
    session: AsyncSession, actor: Actor, match_id: str, now: datetime, *, reason: str | None = None
) -> Proposal:
    """Store a mentor's "not now". The next best mentor is asked, and nobody is told.

    After a yes nothing changes, because the mentee knows of it; the mentor can `take_back`.
    """
    match = await _asked(session, actor, match_id, by_mentor=True)
    if match.status == "proposed":
        move(match, "declined", now, reason)
        match.due_at = now
    elif match.status not in ("accepted", "declined"):
        raise MatchOverError(_(NOT_OPEN))
    return replace(await proposal_of(session, match), yes_stands=match.status == "accepted")


async def take_back(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> Proposal:
    """Withdraw a mentor's yes; the mentee is told kindly and is first in line."""
    match = await _asked(session, actor, match_id, by_mentor=True)
    if match.status == "accepted":
        move(match, "declined", now, TAKEN_BACK)
        match.due_at = now
        await pairs.put_first_in_line(session, match, now)
        await pairs.tell(session, match, match.mentee_id, News.TAKEN_BACK, now)
    elif match.close_reason != TAKEN_BACK:
        raise MatchOverError(_(NOT_OPEN))
    return await proposal_of(session, match)


async def say_why(session: AsyncSession, actor: Actor, match_id: str, why: WhyNot) -> Proposal:
    """Store why a mentor said "not now"."""
    match = await _asked(session, actor, match_id, by_mentor=True)
    if match.status != "declined" or match.close_reason == TAKEN_BACK:
        raise MatchOverError(_(NOT_OPEN))
    match.close_reason = why.value
    return await proposal_of(session, match)


async def pause_me(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> Proposal:
    """Decline and pause the mentor; a job takes their other proposals back.

    An earlier yes still stands.
    """
    answered = await decline(session, actor, match_id, now, reason=MENTOR_PAUSED)
    until = (now + PAUSE).date()
    await profiles.pause(session, actor.workspace_id, actor.user_id, until)
    return replace(answered, paused_until=until)


async def confirm(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> Proposal:
    """Store a mentee's yes and start the pair; pressing again changes nothing."""
    match = await _asked(session, actor, match_id, by_mentor=False)
    if match.status == "accepted":
        await pairs.start(session, match, now)
    elif match.status != "active":
        raise MatchOverError(_(NOT_OPEN))
    return await proposal_of(session, match)


async def pass_on(session: AsyncSession, actor: Actor, match_id: str, now: datetime) -> Proposal:
    """Store a mentee's no; the mentee keeps waiting, and the mentor is told kindly."""
    match = await _asked(session, actor, match_id, by_mentor=False)
    if match.status == "accepted":
        move(match, "ended", now, MENTEE_PASSED)
        await pairs.tell(session, match, match.mentor_id, News.NOT_CONFIRMED, now)
    elif match.close_reason != MENTEE_PASSED:
        raise MatchOverError(_(NOT_OPEN))
    return await proposal_of(session, match)


async def settle_due(
    session: AsyncSession, workspace_id: str, match_id: str, now: datetime
) -> bool:
    """Remind the person who has not answered once, then let the match lapse; False if not due."""
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.due_at is None or match.due_at > now or match.answer_by is None:
        return False
    by_mentor = match.status == "proposed"
    asked = match.mentor_id if by_mentor else match.mentee_id
    status, reason = await _fate_of_question(session, match, asked)
    if by_mentor and status == "waiting" and reason == AWAY:
        # The mentee does not wait for a mentor who is away or has paused: the next one is asked.
        move(match, "lapsed", now, MENTOR_PAUSED)
        match.due_at = now
    elif status in ("waiting", "due", "claimed"):
        # Nobody loses days in which the message had not arrived.
        await give_time_to_answer(session, match, asked, now)
    elif now >= match.answer_by:
        await _lapse(session, match, now, by_mentor=by_mentor)
    elif not match.reminded:
        match.reminded = True
        match.due_at = match.answer_by
        await enqueue(session, workspace_id, MENTOR_REMINDER, asked, match.id, now, match=match.id)
    return True


async def due_answers(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of matches with a reminder or a lapse due."""
    return await due_matches(session, ("proposed", "accepted"), now)


async def due_next(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of closed matches whose mentee needs the next best mentor."""
    return await due_matches(session, ("declined", "lapsed", "ended"), now)


async def due_matches(
    session: AsyncSession, statuses: tuple[str, ...], now: datetime
) -> list[tuple[str, str]]:
    """Return workspace and id of matches with one of these statuses that are due."""
    rows = await session.execute(
        select(MentoringMatch.workspace_id, MentoringMatch.id)
        .where(MentoringMatch.due_at <= now, MentoringMatch.status.in_(statuses))
        .order_by(MentoringMatch.due_at, MentoringMatch.id)
    )
    return [(workspace_id, match_id) for workspace_id, match_id in rows]


async def next_mentee(session: AsyncSession, workspace_id: str, match_id: str) -> str | None:
    """Return the mentee of a closed match; None if another process has found them a mentor."""
    match = await session.get(MentoringMatch, (workspace_id, match_id), populate_existing=True)
    if match is None or match.due_at is None or match.status in OPEN:
        return None
    return match.mentee_id


def best_for(mentee_id: str, task: RoundTask) -> Pair | NoMentorFound | None:
    """Return the best free mentor for a mentee, or why there is none.

    None if the mentee no longer waits, or is paused or away.
    """
    mentee = next((each for each in task.pool.mentees if each.id == mentee_id), None)
    if mentee is None or not mentee.takes_part:
        return None
    best = next_best(mentee, task.pool, task.weights, task.now)
    if best:
        return best
    alone = propose_round(replace(task.pool, mentees=(mentee,)), task.weights, task.now, task.seed)
    waiting = Counter(topic for each in task.pool.mentees for topic in each.wants)
    return NoMentorFound(alone.unmatched[0], waiting)


def named_for(mentee_id: str, mentor_id: str, task: RoundTask) -> Pair | None:
    """Return a mentee with the mentor whom somebody named; None if the two may not be paired."""
    mentors = tuple(each for each in task.pool.mentors if each.id == mentor_id)
    pool = replace(task.pool, mentors=mentors)
    found = best_for(mentee_id, replace(task, pool=pool))
    return found if isinstance(found, Pair) else None


async def store_next(
    session: AsyncSession,
    workspace_id: str,
    match_id: str,
    found: Pair | NoMentorFound | None,
    now: datetime,
) -> bool:
    """Ask the next best mentor or, if there is none, tell the mentee why.

    False if another process was faster, or if the mentor is taken; then the match stays due.
    """
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.due_at is None or match.status in OPEN:
        return False
    if isinstance(found, Pair) and not await propose(session, workspace_id, found, now):
        return False
    if isinstance(found, NoMentorFound):
        round_id = await _latest_round(session, workspace_id)
        await tell_why(session, workspace_id, round_id, found.left, found.waiting, now)
    match.due_at = None
    return True


async def proposal_of(session: AsyncSession, match: MentoringMatch) -> Proposal:
    """Return what a match's two people are told of it."""
    mentee = await session.get(MentoringProfile, (match.workspace_id, match.mentee_id))
    mentor = await session.get(MentoringProfile, (match.workspace_id, match.mentor_id))
    programme = await programme_of(session, match.workspace_id)
    return Proposal(
        match_id=match.id,
        status=match.status,
        mentor_id=match.mentor_id,
        mentee_id=match.mentee_id,
        reasons=tuple(match.reasons),
        wants=tuple(mentee.wants) if mentee else (),
        hopes=mentee.hopes if mentee else "",
        mentee_team=await _team(session, match.workspace_id, match.mentee_id),
        mentee_years=mentee.experience_years if mentee else None,
        mentor_team=await _team(session, match.workspace_id, match.mentor_id),
        mentor_years=mentor.experience_years if mentor else None,
        answer_by=match.answer_by,
        length_weeks=programme.length_weeks,
        taken_back=match.close_reason == TAKEN_BACK,
    )


async def _asked(
    session: AsyncSession, actor: Actor, match_id: str, *, by_mentor: bool
) -> MentoringMatch:
    """Return the match, locked; raise MatchPressRefusedError unless it asks the actor."""
    match = await locked_match(session, actor.workspace_id, match_id)
    if match is None:
        raise MatchPressRefusedError(_(NO_SUCH_MATCH))
    if actor.user_id != (match.mentor_id if by_mentor else match.mentee_id):
        raise MatchPressRefusedError(_(NOT_YOURS))
    employee = await session.get(Employee, (actor.workspace_id, actor.user_id))
    if employee is None or not employee.active:
        raise MatchPressRefusedError(_(LEFT_MENTORING))
    return match


async def _fate_of_question(
    session: AsyncSession, match: MentoringMatch, asked: str
) -> tuple[str | None, str | None]:
    """Return status and reason of the message that asks; nothing if there is none any more."""
    kind = MENTOR_PROPOSAL if match.status == "proposed" else MENTOR_CONFIRM
    found = await session.execute(
        select(Delivery.status, Delivery.reason).where(
            Delivery.workspace_id == match.workspace_id,
            Delivery.key == key_of(kind, match.id, asked),
        )
    )
    row = found.first()
    return (row.status, row.reason) if row else (None, None)


async def _lapse(
    session: AsyncSession, match: MentoringMatch, now: datetime, *, by_mentor: bool
) -> None:
    """Close a match that was not answered in time, and tell those who knew of it."""
    move(match, "lapsed", now, NO_ANSWER if by_mentor else NOT_CONFIRMED)
    if by_mentor:
        match.due_at = now
        return
    await pairs.tell(session, match, match.mentor_id, News.NOT_CONFIRMED, now)
    await pairs.tell(session, match, match.mentee_id, News.LAPSED, now)


async def _latest_round(session: AsyncSession, workspace_id: str) -> str:
    """Return the id of the latest round, or a name that stands for none.

    With its key, everybody hears why they wait once per round, and the message does not show
    whether a mentor was asked in vain.
    """
    held = await session.scalars(
        select(MentoringRound.id)
        .where(
            MentoringRound.workspace_id == workspace_id,
            MentoringRound.kind == "mentors",
            MentoringRound.done_at.is_not(None),
        )
        .order_by(MentoringRound.done_at.desc())
        .limit(1)
    )
    return held.first() or "no round"


async def _team(session: AsyncSession, workspace_id: str, person: str) -> str | None:
    employee = await session.get(Employee, (workspace_id, person))
    return employee.team if employee else None
