"""Outcomes are of many people, and tell nothing of one."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.match_states import MENTEE_PASSED, NO_ANSWER, NOT_CONFIRMED, TAKEN_BACK
from bot.mentoring.programme.outcomes import (
    OutcomeMeasure,
    may_follow,
    may_publish_outcome,
    may_show_share,
    publish_outcomes,
    published,
    read_candidates,
)
from models import MentoringFeedback, MentoringMatch, MentoringMeeting
from models.database import Sessions
from scheduler import mentoring as jobs
from tests.conftest import NOW
from tests.factories import WORKSPACE, match
from tests.mentoring.programmes import mentee, person, programme, runtime_on

K = 5


@given(st.lists(st.integers(0, 40), max_size=30))
def test_two_figures_never_differ_by_fewer_than_k_people(counts: list[int]) -> None:
    released: list[int] = []
    for count in counts:
        if may_publish_outcome(count, released[-1] if released else None, K):
            released.append(count)
    assert all(count >= K for count in released)
    assert all(abs(later - earlier) >= K for earlier, later in pairwise(released))


@given(st.integers(1, 60), st.data())
def test_a_share_hides_everybody_on_either_side(people: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, people))
    if may_show_share(yes / people, people, K):
        assert yes == 0 or yes >= K
        assert people - yes == 0 or people - yes >= K
        assert people >= 2 * K


@given(st.lists(st.booleans(), max_size=80))
def test_shares_that_follow_each_other_hide_those_who_came_between(answers: list[bool]) -> None:
    released: list[tuple[int, int]] = []
    for people in range(1, len(answers) + 1):
        yes = sum(answers[:people])
        if not may_show_share(yes / people, people, K):
            continue
        if not may_publish_outcome(people, released[-1][1] if released else None, K):
            continue
        if released:
            yes_before, before = released[-1]
            if not may_follow((yes_before / before, before), (yes / people, people), K):
                continue
        released.append((yes, people))
    for (yes_before, before), (yes, people) in pairwise(released):
        came, came_yes = people - before, yes - yes_before
        assert min(came_yes, came - came_yes) >= K or (came >= 2 * K and came_yes in (0, came))


async def publish(session: AsyncSession, now: datetime) -> int:
    candidates = await read_candidates(session, WORKSPACE)
    return await publish_outcomes(session, WORKSPACE, candidates, now)


async def pairs(session: AsyncSession, first: int, last: int) -> None:
    """Store finished pairs of which each has met once and says that it fits."""
    for number in range(first, last):
        pair = MentoringMatch(
            workspace_id=WORKSPACE,
            id=f"{number:032x}",
            mentor_id=person(number),
            mentee_id=person(number + 100),
            status="completed",
            score=0.5,
            reasons=[],
            waiting_since=NOW,
            proposed_at=NOW,
            started_at=NOW,
            closed_at=NOW,
        )
        session.add(pair)
        await session.flush()
        key = {"workspace_id": WORKSPACE, "match_id": pair.id}
        session.add(MentoringMeeting(**key, number=1, asked_at=NOW, outcome="met"))
        for about in ("fit", "closing"):
            said = {"employee_id": pair.mentee_id, "about": about, "number": 0, "rating": 4}
            session.add(MentoringFeedback(**key, **said))
    await session.flush()


async def test_figures_appear_with_enough_people_and_move_in_steps(session: AsyncSession) -> None:
    await programme(session)
    await pairs(session, 0, 4)
    await publish(session, NOW)
    assert set(await published(session, WORKSPACE)) == {OutcomeMeasure.MEETINGS}, "eight people met"
    await pairs(session, 4, 5)
    await publish(session, NOW)
    shown = await published(session, WORKSPACE)
    assert shown[OutcomeMeasure.MATCHED].value == 5
    assert not {OutcomeMeasure.FIT, OutcomeMeasure.HELPED} & set(shown), "all five say the same"
    await pairs(session, 5, 9)
    await publish(session, NOW)
    assert (await published(session, WORKSPACE))[OutcomeMeasure.MATCHED].value == 5
    await pairs(session, 9, 10)
    await publish(session, NOW)
    shown = await published(session, WORKSPACE)
    assert shown[OutcomeMeasure.MATCHED].value == 10
    assert shown[OutcomeMeasure.FIT].value == shown[OutcomeMeasure.HELPED].value == 1.0


async def test_a_yes_counts_even_if_the_mentee_passed_or_took_their_time(
    session: AsyncSession,
) -> None:
    await programme(session)
    ended = {
        MENTEE_PASSED: "ended",
        NOT_CONFIRMED: "lapsed",
        TAKEN_BACK: "declined",
        NO_ANSWER: "lapsed",
        "no time": "declined",
    }
    for number, (reason, status) in enumerate(list(ended.items()) * 5):
        closed = {"status": status, "close_reason": reason, "closed_at": NOW, "started_at": None}
        session.add(match(person(number + 100), mentor_id=person(number), **closed))
    await session.flush()
    await publish(session, NOW)
    acceptance = (await published(session, WORKSPACE))[OutcomeMeasure.ACCEPTANCE]
    assert (acceptance.n, acceptance.value) == (25, 0.6)


async def test_weeks_with_a_mentor_are_no_days_of_waiting(session: AsyncSession) -> None:
    """Each waited 4 days, had a mentor for 50, and then waited 2; their place counts 6."""
    await programme(session)
    day = timedelta(days=1)
    for number in range(K):
        mentee_id = person(number)
        first = {"status": "ended", "waiting_since": NOW - 4 * day, "proposed_at": NOW}
        session.add(match(mentee_id, **first, started_at=NOW, closed_at=NOW + 50 * day))
        again = {"waiting_since": NOW + 46 * day, "proposed_at": NOW + 51 * day}
        second = match(mentee_id, **again, started_at=NOW + 52 * day)
        session.add(second)
    await session.flush()
    await publish(session, NOW + 60 * day)
    assert (await published(session, WORKSPACE))[OutcomeMeasure.DAYS].value == 3, "half of 4 and 2"


async def test_how_many_wait_is_taken_back_when_few_do(session: AsyncSession) -> None:
    waiting = [mentee(person(number)) for number in range(6)]
    await programme(session, *waiting)
    assert await publish(session, NOW)
    assert (await published(session, WORKSPACE))[OutcomeMeasure.WAITING].value == 6
    for profile in waiting[:3]:
        profile.looking_since = None
    await session.flush()
    assert await publish(session, NOW)
    assert await published(session, WORKSPACE) == {}
    assert not await publish(session, NOW)


async def test_of_an_odd_number_the_median_is_the_one_in_the_middle(session: AsyncSession) -> None:
    await programme(session)
    for number, days in enumerate((50, 1, 3, 2, 4)):
        waited = {"waiting_since": NOW - timedelta(days=days), "proposed_at": NOW}
        session.add(match(person(number), **waited, started_at=NOW))
    await session.flush()
    await publish(session, NOW)
    assert (await published(session, WORKSPACE))[OutcomeMeasure.DAYS].value == 3


async def test_matches_stay_in_the_database_and_are_counted_before_anything_is_locked(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await programme(session)
        await pairs(session, 0, K)
    loaded: list[MentoringMatch] = []
    transactions = [""]

    def load(target: MentoringMatch, _context: Any) -> None:
        loaded.append(target)

    def begin(_connection: Any) -> None:
        transactions.append("")

    def execute(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        transactions[-1] += statement

    engine = sessions.kw["bind"].sync_engine
    listened = (
        (MentoringMatch, "load", load),
        (engine, "begin", begin),
        (engine, "after_cursor_execute", execute),
    )
    for listening in listened:
        event.listen(*listening)
    async with runtime_on(sessions) as runtime:
        assert await jobs.publish_outcomes(runtime, NOW)
    for listening in listened:
        event.remove(*listening)

    assert loaded == []
    (storing,) = [each for each in transactions if "INSERT INTO mentoring_outcomes" in each]
    assert "mentoring_matches" not in storing
    assert any("mentoring_matches" in each for each in transactions)
