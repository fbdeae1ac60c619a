"""What stands out in a month's figures becomes an item, and a line of the digest."""

from datetime import UTC, datetime

from sqlalchemy import select

from bot.actor import Actor
from bot.blockers import counting
from bot.blockers.pure.kinds import BlockerKind
from bot.digest.service import digest_of
from bot.products.items.pure.states import State
from bot.products.items.reading import read_item
from models import Employee, ProductItem
from models.database import Sessions
from scheduler.tallies import tally_months
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.mentoring.programmes import runtime_on

DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
JANUARY = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
TEAMS = {"Design": 20, "Legal": 20}


async def count(sessions: Sessions, now: datetime) -> None:
    """Most of Design lack access; as many of Legal wait as have too much to do."""
    async with sessions.begin() as session:
        people = await session.scalars(select(Employee).where(Employee.team.in_(TEAMS)))
        for number, person in enumerate(sorted(people, key=lambda each: each.id)):
            kinds = BlockerKind.WAITING, BlockerKind.LOAD
            kind = BlockerKind.ACCESS if person.team == "Design" else kinds[number % 2]
            await counting.count(session, Actor(WORKSPACE, person.id), kind, now)


async def items(sessions: Sessions) -> list[ProductItem]:
    async with sessions.begin() as session:
        return list(await session.scalars(select(ProductItem).order_by(ProductItem.segment_ref)))


async def test_what_stands_out_is_proposed_once(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, TEAMS)
    async with runtime_on(sessions) as runtime:
        await count(sessions, NOW)
        await tally_months(runtime, DECEMBER)
        everybody, design = await items(sessions)
        await count(sessions, DECEMBER)
        await tally_months(runtime, JANUARY)

    assert (everybody.segment_ref, design.segment_ref) == ("", "Design"), "nothing of Legal"
    assert design.problem == "Design: Most often in people's way: access or a tool"
    assert (design.state, design.origin, design.driver) == (State.PROPOSED, "people", None)
    assert not design.for_everybody
    assert design.product_id == everybody.product_id
    assert design.product_id
    assert len(await items(sessions)) == 2, "in the next month it waits for its decision already"
    async with sessions.begin() as session:
        seen = await read_item(session, Actor(WORKSPACE, ADMIN), design.id, DECEMBER)
    assert seen.of_month
    assert (seen.of_month.people, seen.of_month.share.is_most) == (20, True)
    assert seen.evidence is None


async def test_a_digest_tells_a_month_once_it_is_counted(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, TEAMS)
    async with runtime_on(sessions) as runtime:
        await count(sessions, NOW)
        await tally_months(runtime, DECEMBER)
    async with sessions.begin() as session:
        digest = await digest_of(session, WORKSPACE, "C0PULSE", DECEMBER)
        assert digest.months == (), "nobody closed a blocker"
