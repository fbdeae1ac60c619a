"""What the demo's months say, compared with what its people did."""

from datetime import timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers.monthly import ENDED, REPORTED
from bot.blockers.pure.kinds import BlockerKind
from bot.goals.monthly import CHECKINS, HAS_GOAL, WITH_GOALS
from bot.insights.pure.resolution import SHARE_RESOLUTION
from bot.insights.tallies import MonthResults, Subject, month_results
from bot.knowledge.monthly import FROM_CARD, QUESTIONS
from bot.learning.monthly import GOT_TIME, TIME_TAKEN
from bot.learning.months import TakenBy
from models import Blocker, Goal, MentoringMatch, ProductItem
from sandbox.demo.company import HR_CHANNEL, MILA, TEAM_ID
from sandbox.demo.engine import Demo
from sandbox.demo.habits import GOES, GOT, TAKEN, WORK
from sandbox.demo.work import MENTEE
from sandbox.demo.work import WITH_GOALS as PEOPLE_WITH_GOALS

BY_CHANCE = 0.25
"""How far dozens of people's draws may lie from what most of them tend to."""


async def months_say_what_is_so(demo: Demo) -> None:
    """Check figures, digest, candidates and the shared goal."""
    async with demo.hosted.runtime.sessions.begin() as session:
        await _blockers_are_told_as_they_were(session)
        await _other_shares_are_so(session)
        about = {
            item.evidence["subject"]: item.evidence["label"]
            for item in await session.scalars(select(ProductItem))
            if item.for_everybody and "subject" in item.evidence
        }
        await _a_goal_is_shared_with_the_mentor(session, demo)
    assert about == {REPORTED.name: "A decision", TIME_TAKEN.name: "Meetings"}
    said = str(demo.sandbox.messages(HR_CHANNEL))
    for line in ("*Blockers*, October", "*Learning time*, October", "*Questions to colleagues*"):
        assert line in said


async def _blockers_are_told_as_they_were(session: AsyncSession) -> None:
    reported, ended = await _newest(session, REPORTED), await _newest(session, ENDED)
    kinds = [each["kind"] for each in WORK["blockers"]]
    for kind in BlockerKind:
        _is_near(reported, kind, kinds.count(kind) / len(kinds))
    assert reported.stands_out() == BlockerKind.DECISION
    solved = [
        (each.closed_at - each.opened_at) / timedelta(hours=1)
        for each in await session.scalars(select(Blocker).where(Blocker.status == "solved"))
        if each.closed_at and f"{each.closed_at:%Y%m}" == f"{ended.month:%Y%m}"
    ]
    assert ended.time
    assert ended.time.n <= len(solved) < ended.time.n + 5
    assert ended.time.low <= median(solved) <= ended.time.high


async def _other_shares_are_so(session: AsyncSession) -> None:
    with_goals = await _newest(session, WITH_GOALS)
    _is_near(with_goals, HAS_GOAL, PEOPLE_WITH_GOALS / with_goals.people)
    for subject, tends in ((CHECKINS, GOES), (GOT_TIME, GOT), (TIME_TAKEN, TAKEN)):
        found = await _newest(session, subject)
        for category, of_ten in tends.items():
            _is_near(found, category, of_ten / 10, BY_CHANCE)
    assert (await _newest(session, TIME_TAKEN)).stands_out() == TakenBy.MEETINGS
    # By October, what people ask has mostly been asked before.
    assert (await _newest(session, QUESTIONS)).shares[FROM_CARD].value > 0.5


async def _a_goal_is_shared_with_the_mentor(session: AsyncSession, demo: Demo) -> None:
    mentee, mila = (demo.company.find(who).id for who in (MENTEE, MILA))
    shared = await session.scalars(select(Goal.shared_with).where(Goal.employee_id == mentee))
    assert shared.all() == [mila]
    mentors = select(MentoringMatch.mentor_id).where(MentoringMatch.mentee_id == mentee)
    assert (await session.scalars(mentors)).all() == [mila]


async def _newest(session: AsyncSession, subject: Subject) -> MonthResults:
    """Return what is known of everybody in the latest month."""
    return (await month_results(session, TEAM_ID, subject.name))[0]


def _is_near(found: MonthResults, category: str, share: float, by_chance: float = 0.0) -> None:
    """Check a share; the published one may be a step off, and stand for what is beyond it."""
    step = SHARE_RESOLUTION.step(found.people)
    assert abs(found.shares[category].value - share) <= step + by_chance + 0.001, category
