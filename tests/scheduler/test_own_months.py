"""A month's figures of goals and learning time, and what is deleted once they are made."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.goals import monthly as goals
from bot.insights.tallies import month_results
from bot.learning import monthly as learning
from bot.runtime import Runtime
from models import Goal, GoalCheckin, LearningAnswer
from models.database import Sessions
from scheduler.tallies import tally
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.mentoring.programmes import runtime_on

OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 5, tzinfo=UTC)
OWNERS = 16


@pytest.fixture
async def counting(sessions: Sessions) -> AsyncIterator[Runtime]:
    """Forty people: sixteen keep a goal, one of which is stuck; all tell of their time."""
    async with sessions.begin() as session:
        people = await company(session, {"Design": 39})
        for number, each in enumerate(people):
            got = "all" if number < 20 else "none"
            taken_by = None if got == "all" else "meetings"
            session.add(
                LearningAnswer(
                    workspace_id=WORKSPACE, employee_id=each.id, month=OCTOBER, got=got,
                    taken_by=taken_by,
                )
            )  # fmt: skip
            if number >= OWNERS:
                continue
            goal = Goal(
                workspace_id=WORKSPACE, id=f"{number:032}", employee_id=each.id, text="Rust",
                measure="It runs", due_on=date(2027, 1, 1), created_at=IN_OCTOBER,
                ask_at=NOW + timedelta(days=9),
            )  # fmt: skip
            session.add(goal)
            await session.flush()
            state = "stuck" if number < 6 else "on track"
            session.add(
                GoalCheckin(
                    workspace_id=WORKSPACE, goal_id=goal.id, asked_on=date(2026, 10, 19),
                    employee_id=each.id, state=state,
                )
            )  # fmt: skip
    async with runtime_on(sessions) as runtime:
        yield runtime


async def test_goals_are_counted_by_person(counting: Runtime) -> None:
    await tally(counting, NOW, (goals.WITH_GOALS, goals.CHECKINS))
    async with counting.sessions.begin() as session:
        having = (await month_results(session, WORKSPACE, goals.WITH_GOALS.name))[0]
        said = (await month_results(session, WORKSPACE, goals.CHECKINS.name))[0]
    assert (having.people, said.people) == (40, 15)
    assert having.shares[goals.HAS_GOAL].value == pytest.approx(OWNERS / 40, abs=0.1)
    assert said.shares["stuck"].value == pytest.approx(6 / OWNERS, abs=0.2)


async def test_answers_go_once_both_kinds_of_figures_are_made(counting: Runtime) -> None:
    async def left() -> int:
        async with counting.sessions.begin() as session:
            return len((await session.scalars(select(LearningAnswer))).all())

    await tally(counting, NOW, (learning.GOT_TIME,))
    assert await left() == 39
    await tally(counting, NOW, (learning.TIME_TAKEN,))
    assert await left() == 0
    async with counting.sessions.begin() as session:
        got = (await month_results(session, WORKSPACE, learning.GOT_TIME.name))[0]
        taken = (await month_results(session, WORKSPACE, learning.TIME_TAKEN.name))[0]
    assert got.people == 35
    assert got.shares["all"].value == pytest.approx(20 / 39, abs=0.1)
    assert taken.people == 15
