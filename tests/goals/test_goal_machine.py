"""Any sequence of presses, shares, departures and rounds leaves goals as their owners meant."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.goals import checkins, service
from bot.goals.pure.rounds import ENDS, EVERY, HOW_IT_GOES, OUTCOMES, State, round_of
from bot.goals.views import Draft, goals_shared_by, standing_of
from bot.rights.service import erase_leaver
from models import Delivery, Employee, Goal, GoalCheckin
from models.database import Sessions, make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, employee
from tests.mentoring.programmes import actor, person

PEOPLE = tuple(person(number) for number in range(3))
everybody = st.sampled_from(PEOPLE)
goals = st.integers(0, 3)


class Goals(RuleBasedStateMachine):
    """Three people who write, share and end goals; the model knows who shares what with whom."""

    runner: ClassVar[asyncio.Runner]
    sessions: ClassVar[Sessions]

    @initialize()
    def begin(self) -> None:
        async def emptied(session: AsyncSession) -> None:
            for table in (Goal, Delivery):
                await session.execute(delete(table))
            await session.execute(delete(Employee).where(Employee.id.in_(PEOPLE)))
            session.add_all(employee(each) for each in PEOPLE)

        self.now = NOW
        self.shared: dict[str, str | None] = {}
        """By the id of an open goal: with whom it is shared."""
        self.owners: dict[str, str] = {}
        self.run(emptied)

    def run(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.sessions.begin() as session:
                return await use(session)

        return self.runner.run(in_transaction())

    def press(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> bool:
        """Return False if a press is refused."""
        try:
            self.run(use)
        except UserError:
            return False
        return True

    def goal(self, number: int) -> str:
        """Return the id of an open goal, or of none."""
        ids = sorted(self.shared)
        return ids[number] if number < len(ids) else "0" * 32

    def of(self, owner: str) -> set[str]:
        return {each for each in self.shared if self.owners[each] == owner}

    @rule(owner=everybody)
    def write(self, owner: str) -> None:
        draft = Draft("Learn Rust", "A tool runs", self.now.date() + timedelta(days=90))
        written = self.press(
            lambda session: service.write(session, actor(owner), None, draft, self.now)
        )
        assert written == (len(self.of(owner)) < service.MOST_GOALS)
        if written:
            standing = self.run(lambda session: standing_of(session, actor(owner)))
            (new,) = {goal.id for goal in standing.mine} - self.of(owner)
            self.shared[new], self.owners[new] = None, owner

    @rule(by=everybody, number=goals, viewer=everybody)
    def share(self, by: str, number: int, viewer: str) -> None:
        goal = self.goal(number)
        done = self.press(lambda session: service.share(session, actor(by), goal, viewer, self.now))
        assert done == (self.owners.get(goal) == by != viewer and goal in self.shared)
        if done:
            self.shared[goal] = viewer

    @rule(by=everybody, number=goals)
    def take_back(self, by: str, number: int) -> None:
        goal = self.goal(number)
        if self.press(lambda session: service.take_back(session, actor(by), goal)):
            assert self.owners[goal] == by
            self.shared[goal] = None

    @rule(by=everybody, number=goals)
    def delete_goal(self, by: str, number: int) -> None:
        goal = self.goal(number)
        self.press(lambda session: service.delete(session, actor(by), goal))
        if self.owners.get(goal) == by:
            self.shared.pop(goal, None)

    @rule(by=everybody, days=st.sampled_from([0, 14]), state=st.sampled_from(HOW_IT_GOES))
    def check_in(self, by: str, days: int, state: State) -> None:
        asked_on = self.now.date() - timedelta(days=days)
        self.press(lambda session: checkins.check_in(session, actor(by), asked_on, state))

    @rule(by=everybody, number=goals, outcome=st.sampled_from(OUTCOMES))
    def look_back(self, by: str, number: int, outcome: State) -> None:
        goal = self.goal(number)
        said = {goal: (outcome, "A line")}
        self.press(lambda session: checkins.look_back(session, actor(by), said, self.now))
        if self.owners.get(goal) == by and outcome in ENDS:
            self.shared.pop(goal, None)

    @rule(who=everybody)
    def leave_and_come_back(self, who: str) -> None:
        async def erased(session: AsyncSession) -> None:
            await erase_leaver(session, WORKSPACE, who)
            session.add(employee(who))

        self.run(erased)
        for goal in self.of(who):
            del self.shared[goal]
        for goal, viewer in self.shared.items():
            self.shared[goal] = None if viewer == who else viewer

    @rule(days=st.sampled_from([0, 1, 14, 40]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        units = self.run(lambda session: checkins.people_to_ask(session, self.now))
        for unit in units:
            asked = [self.run(partial(self.ask, unit)) for _ in range(2)]
            assert asked == [True, False]

    async def ask(self, unit: tuple[str, str], session: AsyncSession) -> bool:
        return await checkins.ask(session, *unit, self.now)

    @invariant()
    def everybody_sees_what_is_theirs(self) -> None:
        if hasattr(self, "shared"):
            self.run(self.check)

    async def check(self, session: AsyncSession) -> None:
        for who in PEOPLE:
            standing = await standing_of(session, actor(who))
            assert {goal.id for goal in standing.mine} == self.of(who)
            assert len(standing.mine) <= service.MOST_GOALS
            seen = {goal for goal, viewer in self.shared.items() if viewer == who}
            assert {goal.id for goal in standing.shared_with_me} == seen
            for owner in PEOPLE:
                shown = await goals_shared_by(session, actor(who), owner)
                assert {goal.id for goal in shown} == seen & self.of(owner)
        rows = (await session.scalars(select(Goal))).all()
        for goal in rows:
            assert (goal.status == "open") == (goal.ended_at is None) == (goal.ask_at is not None)
        for who in PEOPLE:
            moments: set[datetime | None] = {
                goal.ask_at for goal in rows if goal.employee_id == who and goal.ask_at
            }
            assert len(moments) <= 1, "all goals of a person are asked about together"
        last_round = {goal.id: round_of(goal.ask_at) for goal in rows if goal.ask_at}
        for said in await session.scalars(select(GoalCheckin)):
            assert said.asked_on <= last_round.get(said.goal_id, self.now.date())
            assert said.asked_on > NOW.date() - EVERY


def test_any_sequence_leaves_goals_as_meant(database_url: str) -> None:
    engine = make_engine(database_url)
    sessions = make_sessions(engine)

    async def prepare() -> None:
        async with sessions.begin() as session:
            await company(session, {"Design": 1})

    with asyncio.Runner() as runner:
        runner.run(prepare())
        Goals.runner, Goals.sessions = runner, sessions
        try:
            run_state_machine_as_test(
                Goals,
                settings=settings(
                    max_examples=25 if database_url.startswith("sqlite") else 8,
                    stateful_step_count=20,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(engine.dispose())
