"""Any sequence of questions, answers, presses, absences and weeks leaves legal questions."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
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
from bot.knowledge import cards, passing_on, service, unnamed
from bot.knowledge.helpers import MOST_A_WEEK, MOST_AT_ONCE, WEEK
from bot.knowledge.pure.states import FOLLOWS, Status
from models import Delivery, Employee, KnowledgeCard, KnowledgeQuestion, KnowledgeRequest
from models.database import Sessions, make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.knowledge.asking import TOPIC, actor, offer

ASKERS = ("UDESI000", "UDESI001")
HELPERS = tuple(f"UDESI{number:03}" for number in range(2, 8))
askers, helpers, questions = st.sampled_from(ASKERS), st.sampled_from(HELPERS), st.integers(0, 6)
HAS_ANSWER = {Status.ANSWERED, Status.HELPED, Status.KEPT}


def reachable(status: Status) -> set[Status]:
    """Return the statuses that a question may have later on, its own included."""
    found = {status}
    for following in FOLLOWS.get(status, ()):
        found |= reachable(following)
    return found


class Asking(RuleBasedStateMachine):
    """Two people who ask and six who know, pressed at random."""

    runner: ClassVar[asyncio.Runner]
    sessions: ClassVar[Sessions]

    @initialize()
    def begin(self) -> None:
        async def emptied(session: AsyncSession) -> None:
            for table in (KnowledgeQuestion, KnowledgeCard, Delivery):
                await session.execute(delete(table))
            for employee in await session.scalars(select(Employee)):
                employee.active, employee.away_until = True, None

        self.now, self.asked = NOW, 0
        self.seen: dict[str, Status] = {}
        self.first: dict[str, str] = {}
        self.buttons: dict[str, tuple[str, str]] = {}
        self.run(emptied)

    def run(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.sessions.begin() as session:
                return await use(session)

        return self.runner.run(in_transaction())

    def press(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        """Return what a press leads to; None if it is refused, which changes nothing."""
        try:
            return self.run(use)
        except UserError:
            return None

    def question(self, number: int) -> str:
        ids = sorted(self.seen)
        return ids[number] if number < len(ids) else "0" * 32

    def value(self, question: str) -> tuple[str, str]:
        """Return who asked, and the value of their button."""
        return self.buttons.get(question, (ASKERS[0], question))

    @rule(asker=askers, hidden=st.booleans())
    def ask(self, asker: str, hidden: bool) -> None:
        self.asked += 1
        text, before = f"Question {self.asked}?", set(self.seen)
        use: Any = unnamed.ask_unnamed if hidden else service.ask
        told = self.press(lambda session: use(session, actor(asker), TOPIC, text, self.now))
        self.look()
        if told:
            (new,) = set(self.seen) - before
            self.buttons[new] = (asker, told if hidden else new)

    @rule(helper=helpers, number=questions, keep=st.booleans())
    def answer(self, helper: str, number: int, keep: bool) -> None:
        question = self.question(number)
        stored = self.press(
            lambda session: service.answer(
                session, actor(helper), question, f"From {helper}", keep, self.now
            )
        )
        if stored:
            assert question not in self.first, "the first answer wins"
            self.first[question] = helper
            assert helper not in stored.others

    @rule(helper=helpers, number=questions)
    def pass_on(self, helper: str, number: int) -> None:
        question = self.question(number)
        self.press(lambda session: service.decline(session, actor(helper), question, self.now))

    @rule(number=questions, what=st.sampled_from([cards.helped, cards.did_not_help, cards.keep]))
    def say(self, number: int, what: Any) -> None:
        question = self.question(number)
        asker, value = self.value(question)
        other = next(each for each in ASKERS if each != asker)
        assert self.press(lambda session: what(session, actor(other), value, self.now)) is None
        self.press(lambda session: what(session, actor(asker), value, self.now))

    @rule(person=st.sampled_from((*ASKERS, *HELPERS)), gone=st.booleans(), back=st.booleans())
    def come_or_go(self, person: str, gone: bool, back: bool) -> None:
        async def changed(session: AsyncSession) -> None:
            employee = await session.get_one(Employee, (WORKSPACE, person))
            employee.active = back or not gone
            employee.away_until = None if back else self.now + timedelta(days=3)

        self.run(changed)

    @rule(days=st.integers(0, 5))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        for _ in range(2):
            due = self.run(lambda session: passing_on.due_questions(session, self.now))
            for workspace, question in due:
                look = partial(
                    passing_on.look_after,
                    workspace_id=workspace,
                    question_id=question,
                    now=self.now,
                )
                self.run(look)
        assert self.run(lambda session: passing_on.due_questions(session, self.now)) == []

    @invariant()
    def look(self) -> None:
        async def rows(session: AsyncSession) -> list[list[Any]]:
            tables = (KnowledgeQuestion, KnowledgeRequest, KnowledgeCard, Delivery)
            return [list(await session.scalars(select(table))) for table in tables]

        found, requests, kept, deliveries = self.run(rows)
        for each in found:
            before = self.seen.get(each.id, Status(each.status))
            assert each.status in reachable(before)
            self.seen[each.id] = Status(each.status)
            assert (each.answer is not None) == (each.author_id is not None)
            assert (each.status in HAS_ANSWER) <= (each.answer is not None)
            assert (each.due_at is not None) == (each.status == Status.OPEN)
            if each.status == Status.OPEN:
                waiting = [one for one in requests if one.question_id == each.id]
                assert 0 < len(waiting) <= service.MOST_ASKED
                assert sum(one.status == "asked" for one in waiting) <= MOST_AT_ONCE
                assert each.due_at <= max(self.now, each.asked_at) + service.LOOK_EVERY
        assert len(kept) == sum(each.status == Status.KEPT for each in found)
        self.nobody_is_asked_too_much(requests)
        told = Counter(each.key for each in deliveries)
        assert not told or max(told.values()) == 1
        for asker in ASKERS:
            own = [each for each in found if each.asker_id == asker and each.status == Status.OPEN]
            assert len(own) <= service.MOST_OPEN

    def nobody_is_asked_too_much(self, requests: list[Any]) -> None:
        for helper in HELPERS:
            times = sorted(each.asked_at for each in requests if each.helper_id == helper)
            for begin in times:
                within = [each for each in times if begin <= each < begin + WEEK]
                assert len(within) <= MOST_A_WEEK


def test_no_sequence_breaks_a_question(database_url: str) -> None:
    async def opened(sessions: Sessions) -> None:
        async with sessions.begin() as session:
            await company(session, {"Design": 8})
            await offer(session, *HELPERS)

    engine = make_engine(database_url)
    with asyncio.Runner() as runner:
        Asking.runner, Asking.sessions = runner, make_sessions(engine)
        runner.run(opened(Asking.sessions))
        run_state_machine_as_test(
            Asking,
            settings=settings(
                max_examples=25 if database_url.startswith("sqlite") else 8,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        runner.run(engine.dispose())
