"""Any sequence of presses, lapses, pauses, departures and returns leaves legal matches."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
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

from bot.mentoring.match_states import FOLLOWS
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.service import About, Met
from bot.mentoring.profiles import service as profiles
from bot.mentoring.profiles.service import Profile
from bot.mentoring.programme import service as programme
from bot.mentoring.proposals import service as proposals
from bot.mentoring.refusals import MatchPressRefusedError
from bot.runtime import Runtime
from models import Delivery, Employee, MentoringMatch, MentoringProfile, MentoringRound
from models.database import Sessions, make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.mentoring.programmes import TOPIC, actor, person, run_jobs, runtime_on

MENTORS = (person(0), person(1), person(2))
MENTEES = (person(3), person(4))
CAPACITY = {MENTORS[0]: 1, MENTORS[1]: 2, MENTORS[2]: 1}
CLOSED = {"completed", "declined", "lapsed", "ended"}

everybody = st.sampled_from((*MENTORS, *MENTEES))
matches = st.integers(0, 5)
ANSWERS: dict[str, Any] = {
    "accept": proposals.accept,
    "decline": proposals.decline,
    "pause": proposals.pause_me,
    "take back": proposals.take_back,
    "confirm": proposals.confirm,
    "pass": proposals.pass_on,
}
PARTINGS: dict[str, Any] = {"rematch": pairs.rematch, "go on": pairs.go_on, "end": pairs.end}


def reachable(status: str) -> set[str]:
    """Return the statuses that a match may have later on, its own included."""
    found = {status}
    for following in FOLLOWS.get(status, ()):
        found |= reachable(following)
    return found


class Matching(RuleBasedStateMachine):
    """A programme of three mentors and two mentees, pressed at random."""

    runner: ClassVar[asyncio.Runner]
    runtime: ClassVar[Runtime]

    @initialize()
    def open_programme(self) -> None:
        async def opened(session: AsyncSession) -> None:
            for table in (MentoringMatch, MentoringProfile, Delivery, MentoringRound):
                await session.execute(delete(table))
            for employee in await session.scalars(select(Employee)):
                employee.active = True

        self.now = NOW
        self.seen: dict[str, str] = {}
        self.said_yes: set[tuple[str, str]] = set()
        self.run(opened)
        for someone in (*MENTORS, *MENTEES):
            self.join(someone)
        self.start_round()
        self.let_time_pass(0)

    def run(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.runtime.sessions.begin() as session:
                return await use(session)

        return self.runner.run(in_transaction())

    def press(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        """Return what a press leads to; None if it is refused."""
        try:
            return self.run(use)
        except MatchPressRefusedError:
            return None

    def match(self, number: int) -> str:
        """Return the id of a match that there is, or of none."""
        ids = sorted(self.seen)
        return ids[number] if number < len(ids) else "0" * 32

    @rule(someone=everybody)
    def join(self, someone: str) -> None:
        is_mentor = someone in MENTORS
        filled = Profile(
            offers=(TOPIC,) if is_mentor else (),
            wants=() if is_mentor else (TOPIC,),
            capacity=CAPACITY.get(someone, 0),
        )

        async def joined(session: AsyncSession) -> None:
            (await session.get_one(Employee, (WORKSPACE, someone))).active = True
            await profiles.save(session, actor(someone), filled, self.now)

        self.run(joined)

    @rule(someone=everybody, left_company=st.booleans())
    def leave(self, someone: str, left_company: bool) -> None:
        async def left(session: AsyncSession) -> None:
            if left_company:
                (await session.get_one(Employee, (WORKSPACE, someone))).active = False
            else:
                await profiles.leave(session, actor(someone))

        self.run(left)

    @rule(number=matches)
    def agree(self, number: int) -> None:
        """Let whoever is asked say yes."""

        async def asked(session: AsyncSession) -> tuple[str, str]:
            match = await session.get_one(MentoringMatch, (WORKSPACE, self.match(number)))
            if match.status == "accepted":
                return match.mentee_id, "confirm"
            return match.mentor_id, "accept"

        if number < len(self.seen):
            self.answer(*self.run(asked), number)

    @rule(number=matches, days=st.sampled_from([0, 14, 28]))
    def agree_and_meet(self, number: int, days: int) -> None:
        for _ in range(2):
            self.agree(number)
        self.let_time_pass(days)

    @rule(someone=everybody, how=st.sampled_from(sorted(ANSWERS)), number=matches)
    def answer(self, someone: str, how: str, number: int) -> None:
        match_id = self.match(number)
        step = self.press(lambda session: ANSWERS[how](session, actor(someone), match_id, self.now))
        if step:
            asked = step.mentee_id if how in ("confirm", "pass") else step.mentor_id
            assert someone == asked
            if how in ("accept", "confirm"):
                self.said_yes.add((match_id, someone))

    @rule(someone=everybody, number=matches, how=st.sampled_from(sorted(PARTINGS)))
    def part(self, someone: str, number: int, how: str) -> None:
        match_id = self.match(number)
        use = PARTINGS[how]
        seen = self.press(lambda session: use(session, actor(someone), match_id, self.now))
        if seen:
            assert someone in (seen.mentor_id, seen.mentee_id)

    @rule(someone=everybody, number=matches, met=st.sampled_from(Met))
    def answer_meeting(self, someone: str, number: int, met: Met) -> None:
        self.press(
            lambda session: pairs.answer_meeting(
                session, actor(someone), self.match(number), 1, met, self.now
            )
        )

    @rule(someone=everybody, number=matches, rating=st.integers(1, 4))
    def rate(self, someone: str, number: int, rating: int) -> None:
        self.press(
            lambda session: pairs.rate(
                session, actor(someone), self.match(number), About.FIT, 0, rating
            )
        )

    @rule()
    def start_round(self) -> None:
        self.run(lambda session: programme.plan_round(session, actor("U0MAYA"), self.now))

    @rule(days=st.sampled_from([0, 0, 1, 3, 14, 40, 90]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.runner.run(run_jobs(self.runtime, self.now))
        self.run(self.check_settled)

    async def check_settled(self, session: AsyncSession) -> None:
        """Once the jobs have run, nobody who is gone is in a match, and nothing is left due."""
        here = set(
            await session.scalars(
                select(MentoringProfile.employee_id)
                .join(Employee, Employee.id == MentoringProfile.employee_id)
                .where(Employee.active.is_(True))
            )
        )
        for match in await session.scalars(select(MentoringMatch)):
            if match.status in CLOSED:
                assert match.due_at is None
            else:
                assert {match.mentor_id, match.mentee_id} <= here
                assert match.due_at
                assert match.due_at > self.now

    @invariant()
    def matches_are_legal(self) -> None:
        if hasattr(self, "seen"):
            self.run(self.check)

    async def check(self, session: AsyncSession) -> None:
        rows = (await session.scalars(select(MentoringMatch))).all()
        for match in rows:
            assert match.status in reachable(self.seen.get(match.id, "proposed"))
            self.seen[match.id] = match.status
            assert (match.status in CLOSED) == (match.closed_at is not None)
            if match.started_at is not None:
                assert (match.id, match.mentor_id) in self.said_yes
                assert (match.id, match.mentee_id) in self.said_yes
        still_open = [match for match in rows if match.status not in CLOSED]
        mentees = [match.mentee_id for match in still_open]
        assert len(mentees) == len(set(mentees)), "one mentor at a time"
        for mentor, capacity in CAPACITY.items():
            assert sum(match.mentor_id == mentor for match in still_open) <= capacity
        started = [(m.mentor_id, m.mentee_id) for m in rows if m.started_at is not None]
        assert len(started) == len(set(started)), "no pair twice"
        asked_to_confirm = await session.scalars(
            select(Delivery.detail).where(Delivery.kind == "mentor_confirm")
        )
        yes = {match_id for match_id, _ in self.said_yes}
        assert {detail["match"] for detail in asked_to_confirm} <= yes


def test_any_sequence_ends_legal(database_url: str) -> None:
    engine = make_engine(database_url)
    sessions = make_sessions(engine)

    async def prepare(sessions: Sessions) -> None:
        async with sessions.begin() as session:
            await company(session, {"Design": 5})

    with asyncio.Runner() as runner:
        runner.run(prepare(sessions))
        opened = runtime_on(sessions)
        Matching.runner, Matching.runtime = runner, runner.run(opened.__aenter__())
        try:
            run_state_machine_as_test(
                Matching,
                settings=settings(
                    max_examples=25 if database_url.startswith("sqlite") else 8,
                    stateful_step_count=20,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(opened.__aexit__(None, None, None))
            runner.run(engine.dispose())
