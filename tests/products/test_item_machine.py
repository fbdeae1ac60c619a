"""Any sequence of presses, days and departures leaves legal items with whole histories."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
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

from bot.actor import Actor
from bot.errors import UserError
from bot.people import roles
from bot.people.roles import Role
from bot.products.decisions import service as decisions
from bot.products.decisions.reminders import look_after
from bot.products.decisions.service import Decision
from bot.products.decisions.telling import items_to_tell, tell
from bot.products.items.pure.states import DATED, FOLLOWS, TOLD, UNDECIDED, State, choices
from bot.products.items.service import ChangedMeanwhileError, Written, change, take_up, write
from bot.products.supports.service import support
from bot.surveys.undecided import undecided_drivers
from models import AuditEntry, Delivery, Employee, ItemStep, ProductItem, SupportRound
from models.database import Sessions, make_engine, make_sessions
from tests.factories import ADMIN, WORKSPACE, company, employee
from tests.products.stories import PUBLISHED, TEAMS, workload_falls

HR = (ADMIN, "U0TOMAS")
numbers = st.integers(0, 3)
people = st.sampled_from(HR)


class Improving(RuleBasedStateMachine):
    """Two HR admins, who press at random, and time that passes."""

    runner: ClassVar[asyncio.Runner]
    sessions: ClassVar[Sessions]
    proposed: ClassVar[dict[str, Any]]

    @initialize()
    def begin(self) -> None:
        self.now = PUBLISHED

        async def emptied(session: AsyncSession) -> None:
            await session.execute(delete(ItemStep))
            await session.execute(delete(ProductItem).where(ProductItem.origin != "people"))
            await session.execute(delete(Delivery))
            (await session.get_one(Employee, (WORKSPACE, "U0TOMAS"))).active = True
            item = (await session.scalars(select(ProductItem))).one()
            for name, value in self.proposed.items():
                setattr(item, name, value)
            session.add(
                ItemStep(
                    workspace_id=WORKSPACE, item_id=item.id, number=1, state="proposed",
                    at=PUBLISHED,
                )
            )  # fmt: skip

        self.run(emptied)
        self.versions: dict[str, int] = {}

    def run(self, use: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.sessions.begin() as session:
                return await use(session)

        return self.runner.run(in_transaction())

    def press(self, use: Callable[[AsyncSession, ProductItem], Awaitable[Any]], number: int) -> Any:
        """Return the state before a press that went through; None if it was refused."""

        async def pressed(session: AsyncSession) -> Any:
            items = (await session.scalars(select(ProductItem).order_by(ProductItem.id))).all()
            item = items[number % len(items)]
            before = State(item.state)
            await use(session, item)
            return before

        try:
            return self.run(pressed)
        except UserError:
            return None

    @rule(who=people)
    def write_by_hand(self, who: str) -> None:
        written = Written("Too many meetings.", self.proposed["product_id"], who, "communication")

        async def wrote(session: AsyncSession) -> None:
            known = await session.scalars(select(ProductItem.id))
            if len(known.all()) < 3:
                await write(session, Actor(WORKSPACE, who), written, self.now)

        try:
            self.run(wrote)
        except UserError:
            assert who == "U0TOMAS", "only somebody who left is refused"

    @rule(who=people, number=numbers, behind=st.integers(0, 1))
    def take(self, who: str, number: int, behind: int) -> None:
        async def taken(session: AsyncSession, item: ProductItem) -> None:
            version = item.version - behind
            written = Written("We work too much.", item.product_id or "", who)
            await take_up(session, Actor(WORKSPACE, who), item.id, version, written, self.now)

        before = self.press(taken, number)
        assert before is None or (not behind and State.TAKEN_UP in FOLLOWS[before])

    @rule(
        who=people,
        number=numbers,
        state=st.sampled_from(State),
        days=st.none() | st.integers(-2, 400),
        behind=st.integers(0, 1),
    )
    def decide(self, who: str, number: int, state: State, days: int | None, behind: int) -> None:
        until = None if days is None else (self.now + timedelta(days=days)).date()
        decision = Decision(state, "Because it helps.", until)

        async def decided(session: AsyncSession, item: ProductItem) -> None:
            version = item.version - behind
            await decisions.decide(
                session, Actor(WORKSPACE, who), item.id, version, decision, self.now
            )

        before = self.press(decided, number)
        assert before is None or (not behind and state in choices(before))

    @rule(who=people, number=numbers)
    def reopen(self, who: str, number: int) -> None:
        async def reopened(session: AsyncSession, item: ProductItem) -> None:
            await decisions.reopen(session, Actor(WORKSPACE, who), item.id, item.version, self.now)

        self.press(reopened, number)

    @rule(number=numbers)
    def support(self, number: int) -> None:
        async def supported(session: AsyncSession, item: ProductItem) -> None:
            await support(session, Actor(WORKSPACE, ADMIN), item.id, self.now)

        before = self.press(supported, number)
        assert before is None or before in UNDECIDED

    @rule(number=numbers, who=people)
    def give(self, number: int, who: str) -> None:
        async def given(session: AsyncSession, item: ProductItem) -> None:
            written = Written("", item.product_id or "", who)
            await change(session, Actor(WORKSPACE, ADMIN), item.id, item.version, written, self.now)

        self.press(given, number)

    @rule(active=st.booleans())
    def leave_or_return(self, active: bool) -> None:
        async def left(session: AsyncSession) -> None:
            (await session.get_one(Employee, (WORKSPACE, "U0TOMAS"))).active = active

        self.run(left)

    @rule(days=st.sampled_from([0, 1, 8, 15, 29, 100]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

        async def worked(session: AsyncSession) -> None:
            await look_after(session, WORKSPACE, self.now)
            for unit in await items_to_tell(session, self.now):
                await tell(session, *unit, self.now)

        self.run(worked)
        self.run(self.check_settled)

    async def check_settled(self, session: AsyncSession) -> None:
        """Once the jobs have run, nothing is left due, and nobody who left looks after anything."""
        here = set(await session.scalars(select(Employee.id).where(Employee.active.is_(True))))
        for item in await session.scalars(select(ProductItem)):
            assert item.owner_id is None or item.owner_id in here
            assert item.until is None or item.until > self.now.date()
            assert item.decide_by is None or item.decide_by > self.now or item.hr_told
            assert item.decided_at is None or item.told_at is not None
        assert await items_to_tell(session, self.now) == []

    @invariant()
    def items_are_legal(self) -> None:
        if hasattr(self, "versions"):
            self.run(self.check)

    async def check(self, session: AsyncSession) -> None:
        late = set()
        for item in (await session.scalars(select(ProductItem))).all():
            state = State(item.state)
            steps = (
                await session.scalars(
                    select(ItemStep).where(ItemStep.item_id == item.id).order_by(ItemStep.number)
                )
            ).all()
            assert [step.number for step in steps] == list(range(1, item.version + 1))
            assert steps[-1].state == state
            states = [State(step.state) for step in steps]
            assert all(after in FOLLOWS[before] for before, after in pairwise(states))
            assert all((step.reason is not None) == (step.state in TOLD) for step in steps)
            assert (state in DATED) == (item.until is not None)
            assert (state in UNDECIDED) == (item.decide_by is not None)
            assert (item.decided_at is None) == (state in UNDECIDED)
            assert item.version >= self.versions.get(item.id, 1)
            self.versions[item.id] = item.version
            if item.decide_by and item.decide_by <= self.now and item.driver:
                late.add(item.driver)
            supported = await session.get(SupportRound, (WORKSPACE, item.id))
            assert supported is None or state in UNDECIDED, "a decision destroys the key"
        drivers = ("workload", "communication", "growth")
        gate = await undecided_drivers(session, WORKSPACE, drivers, self.now)
        assert len(gate) == len(late), "exactly what is late holds new questions back"


def test_any_sequence_leaves_legal_items(database_url: str) -> None:
    engine = make_engine(database_url)
    sessions = make_sessions(engine)

    async def prepare() -> dict[str, Any]:
        async with sessions.begin() as session:
            await company(session, {})
            session.add(employee("U0TOMAS"))
            await session.flush()
            await roles.grant(session, Actor(WORKSPACE, ADMIN), "U0TOMAS", Role.ADMIN, PUBLISHED)
            await workload_falls(session, WORKSPACE, TEAMS)
            item = (await session.scalars(select(ProductItem))).one()
            kept = ("state", "version", "problem", "product_id", "owner_id", "waiting_since",
                    "decide_by", "hr_told", "reason", "until", "decided_at", "told_at")  # fmt: skip
            return {name: getattr(item, name) for name in kept}

    with asyncio.Runner() as runner:
        Improving.runner, Improving.sessions = runner, sessions
        Improving.proposed = runner.run(prepare())
        try:
            run_state_machine_as_test(
                Improving,
                settings=settings(
                    max_examples=12 if database_url.startswith("sqlite") else 8,
                    stateful_step_count=20,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(engine.dispose())


def test_two_at_once_make_one_decision(database_url: str) -> None:
    engine = make_engine(database_url)
    sessions = make_sessions(engine)

    async def decide_once(item_id: str, reason: str) -> bool:
        try:
            async with sessions.begin() as session:
                decision = Decision(State.WONT, reason)
                actor = Actor(WORKSPACE, ADMIN)
                await decisions.decide(session, actor, item_id, 1, decision, PUBLISHED)
        except ChangedMeanwhileError:
            return False
        return True

    async def race() -> None:
        async with sessions.begin() as session:
            await company(session, {})
            await workload_falls(session, WORKSPACE, TEAMS)
            item_id = str((await session.scalars(select(ProductItem.id))).one())
        went = await asyncio.gather(*(decide_once(item_id, f"Says {n}.") for n in range(4)))
        assert sorted(went) == [False, False, False, True]
        async with sessions.begin() as session:
            steps = await session.scalars(select(ItemStep.reason).order_by(ItemStep.number))
            assert steps.all()[1:] == [f"Says {went.index(True)}."]
            entries = await session.scalars(
                select(AuditEntry.id).where(AuditEntry.action == "items.changed")
            )
            assert len(entries.all()) == 2
        await engine.dispose()

    asyncio.run(race())
