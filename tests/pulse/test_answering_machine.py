"""Any sequence of presses, skips, comments, changes and a close ends as it should."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OUTDATED
from bot.pulse import sealing, service
from bot.pulse.pure.tokens import Press, respondent_token
from bot.pulse.steps import WHOLE_PULSE, DoneStep, QuestionStep, Refusal, Step
from models import Invitation, OpenAnswer
from models.database import Sessions, make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.pulse.waves import OpenWave, actor, open_for, outcome_of, questions, store_survey

VALUES = {0: range(1, 6), 1: range(0), 2: range(11), 3: range(2)}
ValueAndComment = tuple[int | None, str | None]

people = st.integers(0, 2)
positions = st.sampled_from(sorted(VALUES))
commented = st.sampled_from([WHOLE_PULSE, *VALUES])
comments = st.sampled_from(["", "  ", "Hello", "<!channel>", "مرحبا"])


class Answering(RuleBasedStateMachine):
    """A model of an open wave beside the real one: what each person has stored, and skipped."""

    runner: asyncio.Runner
    sessions: Sessions
    wave: OpenWave

    @initialize()
    def open_wave(self) -> None:
        async def opened(session: AsyncSession) -> OpenWave:
            return await open_for(session, await store_survey(session, questions=questions()))

        self.wave = self.run(opened)
        self.replies: dict[int, dict[int, ValueAndComment]] = {person: {} for person in range(3)}
        self.skipped: set[int] = set()
        self.closed = False

    def run(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.sessions.begin() as session:
                return await outcome_of(use(session))

        return self.runner.run(in_transaction())

    def press(self, person: int, position: int, value: int | None = None) -> Press:
        return self.wave.press(self.wave.people[person], position, value)

    def actor(self, person: int) -> Any:
        return actor(self.wave.people[person])

    @rule(person=people, position=positions, value=st.integers(0, 12))
    def answer(self, person: int, position: int, value: int) -> None:
        step = self.run(
            lambda session: service.answer(
                session, self.actor(person), self.press(person, position, value)
            )
        )
        if self.closed:
            assert step == Refusal.CLOSED
        elif value not in VALUES[position]:
            assert step == OUTDATED
        else:
            _, comment = self.replies[person].get(position, (None, None))
            self.replies[person][position] = (value, comment)
            self.leads_on(step, position)

    @rule(person=people, position=positions)
    def skip(self, person: int, position: int) -> None:
        step = self.run(
            lambda session: service.skip(session, self.actor(person), self.press(person, position))
        )
        if self.closed:
            assert step == Refusal.CLOSED
            return
        self.leads_on(step, position)
        if isinstance(step, DoneStep) and not self.replies[person]:
            self.skipped.add(person)

    @rule(person=people, position=commented, text=comments, after_thanks=st.booleans())
    def comment(self, person: int, position: int, text: str, after_thanks: bool) -> None:
        step = self.run(
            lambda session: service.comment(
                session,
                self.actor(person),
                self.press(person, position),
                text,
                after_thanks=after_thanks,
            )
        )
        if self.closed:
            assert step == Refusal.CLOSED
            return
        assert isinstance(step, QuestionStep | DoneStep)
        before, _ = self.replies[person].get(position, (None, None))
        after = (before, text.strip() or None)
        if after == (None, None):
            self.replies[person].pop(position, None)
        else:
            self.replies[person][position] = after

    @rule(person=people)
    def change(self, person: int) -> None:
        step = self.run(
            lambda session: service.change(session, self.actor(person), self.press(person, 0))
        )
        if self.closed:
            assert step == Refusal.CLOSED
        else:
            assert isinstance(step, QuestionStep)
            assert step.number == 1

    @rule(person=people, owner=people, position=positions)
    def press_a_forwarded_button(self, person: int, owner: int, position: int) -> None:
        press = self.press(owner, position, 1)
        if person != owner:
            step = self.run(lambda session: service.answer(session, self.actor(person), press))
            assert step == (Refusal.CLOSED if self.closed else Refusal.NOT_YOURS)

    @precondition(lambda self: not self.closed)
    @rule()
    def close(self) -> None:
        assert self.run(lambda session: sealing.seal(session, WORKSPACE, self.wave.id, NOW))
        self.closed = True

    def leads_on(self, step: Step, position: int) -> None:
        """Check that the next question follows, or the end."""
        if position == max(VALUES):
            assert isinstance(step, DoneStep)
        else:
            assert isinstance(step, QuestionStep)
            assert step.press.position == position + 1

    @invariant()
    def tables_are_as_the_model(self) -> None:
        if self.closed:
            self.run(self.check_sealed)
        else:
            self.run(self.check_open)

    async def check_open(self, session: AsyncSession) -> None:
        rows = await session.scalars(select(OpenAnswer).where(OpenAnswer.wave_id == self.wave.id))
        assert {(row.token, row.position): (row.value, row.comment) for row in rows} == {
            (respondent_token(self.wave.key, self.wave.people[person]), position): reply
            for person, replies in self.replies.items()
            for position, reply in replies.items()
        }
        statuses = await self.statuses(session)
        for person in self.replies:
            status = statuses[self.wave.people[person]]
            assert status in {"pending", "asked", "skipped"}
            assert (status == "skipped") <= (person in self.skipped)

    async def check_sealed(self, session: AsyncSession) -> None:
        given = [
            (position, value, comment)
            for replies in self.replies.values()
            for position, (value, comment) in replies.items()
        ]
        rows = await session.scalars(select(OpenAnswer).where(OpenAnswer.wave_id == self.wave.id))
        assert Counter((row.position, row.value, row.comment) for row in rows) == Counter(given)
        statuses = await self.statuses(session)
        assert set(statuses.values()) == {"closed"}

    async def statuses(self, session: AsyncSession) -> dict[str, str]:
        rows = await session.scalars(select(Invitation).where(Invitation.wave_id == self.wave.id))
        return {row.employee_id: row.status for row in rows}


def test_any_sequence_of_presses_ends_well(database_url: str) -> None:
    engine = make_engine(database_url)
    with asyncio.Runner() as runner:
        sessions = make_sessions(engine)

        async def prepare() -> None:
            async with sessions.begin() as session:
                await company(session, {"Design": 5})

        class Machine(Answering):
            pass

        Machine.runner, Machine.sessions = runner, sessions
        runner.run(prepare())
        try:
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    max_examples=25,
                    stateful_step_count=20,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(engine.dispose())
