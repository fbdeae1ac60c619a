"""Any sequence of presses, silence, departures and returns leaves legal blockers."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
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

from bot.blockers import helping, service
from bot.blockers.helpers import USUAL_MOST_A_WEEK, WEEK
from bot.blockers.personal_data import erase_own
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import End, Report
from bot.blockers.states import FOLLOWS, UNFINISHED
from bot.errors import UserError
from bot.runtime import Runtime
from models import Blocker, BlockerRequest, Delivery, Employee
from models.database import Sessions, make_engine, make_sessions
from tests.blockers.people import actor, design_team, run_jobs
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import runtime_on

PEOPLE = tuple(f"UDESI{number:03}" for number in range(5))
ASKERS, HELPERS = PEOPLE[:2], PEOPLE[2:4]
everybody = st.sampled_from(PEOPLE)
helpers = st.sampled_from(HELPERS)
blockers = st.integers(0, 4)
ANSWERS: dict[str, Any] = {
    "accept": helping.accept,
    "postpone": helping.postpone,
    "not me": lambda session, who, key, now: helping.decline(session, who, key, "", now),
}


def reachable(status: str) -> set[str]:
    """Return the statuses that a blocker may have later on, its own included."""
    found, new = {status}, {status}
    while new:
        new = {each for one in new for each in FOLLOWS.get(one, ())} - found
        found |= new
    return found


class Blocking(RuleBasedStateMachine):
    """A team of five who ask and help each other, pressed at random."""

    runner: ClassVar[asyncio.Runner]
    runtime: ClassVar[Runtime]

    @initialize()
    def empty(self) -> None:
        async def emptied(session: AsyncSession) -> None:
            for table in (Blocker, Delivery):
                await session.execute(delete(table))
            for employee in await session.scalars(select(Employee)):
                employee.active, employee.away_until = True, None

        self.now: datetime = NOW
        self.seen: dict[str, str] = {}
        self.run(emptied)
        for number in range(5):
            self.report(ASKERS[number % 2], number)

    def run(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.runtime.sessions.begin() as session:
                return await use(session)

        return self.runner.run(in_transaction())

    def press(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        """Return what a press leads to; None if it is refused."""
        try:
            return self.run(use)
        except UserError:
            return None

    def blocker(self, number: int) -> str:
        """Return the id of a blocker that there is, or of none."""
        return f"{number:032}"

    @rule(someone=everybody, number=blockers)
    def report(self, someone: str, number: int) -> None:
        written = Report(BlockerKind.OTHER, "Something.")
        made = self.press(
            lambda session: service.report(
                session, actor(someone), self.blocker(number), written, self.now
            )
        )
        assert made is None or made.asker_id == someone

    @rule(someone=everybody, number=blockers, helper=everybody)
    def ask(self, someone: str, number: int, helper: str) -> None:
        asked = self.press(
            lambda session: service.ask(
                session, actor(someone), self.blocker(number), helper, self.now
            )
        )
        if asked:
            assert asked[0].asker_id == someone != asked[0].helper_id == helper

    @rule(number=blockers, helper=helpers)
    def ask_as_asker(self, number: int, helper: str) -> None:
        """Let the asker ask, so that most sequences get that far."""
        if asker := self.run(lambda session: self.one_of(session, number, "asker_id")):
            self.ask(asker, number, helper)

    @rule(number=blockers, how=st.sampled_from(sorted(ANSWERS)))
    def answer_as_helper(self, number: int, how: str) -> None:
        """Let whoever is asked answer."""
        if helper := self.run(lambda session: self.one_of(session, number, "helper_id")):
            self.answer(helper, number, how)

    @rule(number=blockers, helper=helpers, leaves=st.booleans())
    def help_a_while(self, number: int, helper: str, leaves: bool) -> None:
        """Let a helper say yes, and perhaps leave for good."""
        self.ask_as_asker(number, helper)
        self.answer_as_helper(number, "accept")
        self.let_time_pass(0)
        if leaves:
            self.leave_or_return(helper, is_there=False)
            self.let_time_pass(0)
            self.leave_or_return(helper, is_there=True)

    async def one_of(self, session: AsyncSession, number: int, column: str) -> str | None:
        found = await session.get(Blocker, (WORKSPACE, self.blocker(number)))
        return getattr(found, column) if found else None

    @rule(someone=everybody, number=blockers, how=st.sampled_from(sorted(ANSWERS)))
    def answer(self, someone: str, number: int, how: str) -> None:
        use = ANSWERS[how]
        self.press(lambda session: use(session, actor(someone), self.blocker(number), self.now))

    @rule(someone=everybody, number=blockers, instead=everybody)
    def pass_on(self, someone: str, number: int, instead: str) -> None:
        passed = self.press(
            lambda session: helping.decline(
                session, actor(someone), self.blocker(number), instead, self.now
            )
        )
        if passed:
            assert passed.helper_id == instead
            assert passed.passed_on

    @rule(someone=everybody, number=blockers, end=st.sampled_from(End))
    def close(self, someone: str, number: int, end: End) -> None:
        closed = self.press(
            lambda session: service.close(
                session, actor(someone), self.blocker(number), end, self.now
            )
        )
        assert closed is None or closed.asker_id == someone

    @rule(someone=everybody, is_there=st.sampled_from([True, True, False]))
    def leave_or_return(self, someone: str, is_there: bool) -> None:
        async def moved(session: AsyncSession) -> None:
            (await session.get_one(Employee, (WORKSPACE, someone))).active = is_there

        self.run(moved)

    @rule(someone=everybody, days=st.sampled_from([0, 3]))
    def be_away(self, someone: str, days: int) -> None:
        async def gone(session: AsyncSession) -> None:
            employee = await session.get_one(Employee, (WORKSPACE, someone))
            employee.away_until = self.now + timedelta(days=days)

        self.run(gone)

    @rule(someone=everybody, really=st.integers(0, 3))
    def be_forgotten(self, someone: str, really: int) -> None:
        if not really:
            self.run(lambda session: erase_own(session, WORKSPACE, someone))

    @rule(days=st.sampled_from([0, 0, 0, 1, 3, 8]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.runner.run(run_jobs(self.runtime, self.now))
        self.run(self.check_settled)

    async def check_settled(self, session: AsyncSession) -> None:
        """Once the jobs have run, nobody waits for a ghost."""
        here = set(await session.scalars(select(Employee.id).where(Employee.active.is_(True))))
        for blocker in await session.scalars(select(Blocker)):
            if blocker.status not in UNFINISHED:
                continue
            assert blocker.asker_id in here
            if blocker.status != "open":
                assert blocker.helper_id in here
            if blocker.status == "asked":
                assert blocker.answer_by
                assert blocker.answer_by > self.now
            assert blocker.introduced == (blocker.status == "helped")

    @invariant()
    def blockers_are_legal(self) -> None:
        if hasattr(self, "seen"):
            self.run(self.check)

    async def check(self, session: AsyncSession) -> None:
        rows = (await session.scalars(select(Blocker))).all()
        self.seen = {key: self.seen[key] for key in self.seen if key in {row.id for row in rows}}
        for blocker in rows:
            assert blocker.status in reachable(self.seen.get(blocker.id, "open"))
            self.seen[blocker.id] = blocker.status
            assert (blocker.status in UNFINISHED) == (blocker.closed_at is None)
            assert (blocker.answer_by is not None) == (blocker.status == "asked")
            assert blocker.status != "open" or blocker.helper_id is None
        requests = (await session.scalars(select(BlockerRequest))).all()
        for person in PEOPLE:
            times = sorted(row.asked_at for row in requests if row.helper_id == person)
            for earlier, later in zip(times, times[USUAL_MOST_A_WEEK:], strict=False):
                assert later - earlier >= WEEK, "asked twice in seven days at most"
        keys = (await session.scalars(select(Delivery.key))).all()
        assert len(keys) == len(set(keys))


def test_any_sequence_ends_legal(database_url: str) -> None:
    engine = make_engine(database_url)
    sessions = make_sessions(engine)

    async def prepare(sessions: Sessions) -> None:
        async with sessions.begin() as session:
            await design_team(session, size=5)

    with asyncio.Runner() as runner:
        runner.run(prepare(sessions))
        opened = runtime_on(sessions)
        Blocking.runner, Blocking.runtime = runner, runner.run(opened.__aenter__())
        try:
            run_state_machine_as_test(
                Blocking,
                settings=settings(
                    max_examples=25 if database_url.startswith("sqlite") else 8,
                    stateful_step_count=30,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(opened.__aexit__(None, None, None))
            runner.run(engine.dispose())
