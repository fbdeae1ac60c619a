"""Same for me: a press a person, a coarse count once a week, and nothing left once decided."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.people.audit import Attune
from bot.products.decisions.service import Decision, decide, reopen
from bot.products.decisions.telling import came_of_it, came_of_it_for
from bot.products.items.pure.states import State
from bot.products.items.service import Written, take_up, write
from bot.products.supports import service
from bot.products.supports.pure.counting import hidden_behind
from bot.products.supports.service import count, erase_own, rounds_to_count, support, take_back
from bot.rights.service import forget, personal_data
from models import AuditEntry, Delivery, Employee, ProductItem, Support, SupportRound, Workspace
from models.database import Sessions, overwrite_deleted
from tests.attacks.files import left_bytes
from tests.factories import ADMIN, WORKSPACE, company
from tests.products.stories import PUBLISHED, TEAMS, items, workload_falls
from tests.pulse.test_untraceable import everything

MAYA = Actor(WORKSPACE, ADMIN)
WEEK = timedelta(weeks=1)
MONDAY = PUBLISHED + timedelta(days=6)
K = 5
DRAWN = {"audit_entries": "id", "supports": "token", "support_rounds": "key"}


async def fallen(session: AsyncSession, *teams: str) -> ProductItem:
    """Publish a fall; return its item, which HR has taken up."""
    await company(session, {})
    await workload_falls(session, WORKSPACE, teams or TEAMS)
    (item,) = await items(session)
    written = Written("We work too much.", item.product_id or "", None)
    await take_up(session, MAYA, item.id, item.version, written, PUBLISHED)
    return item


async def staff(session: AsyncSession, team: str | None = None) -> list[Actor]:
    wanted = select(Employee.id).where(Employee.id != ADMIN).order_by(Employee.id)
    found = await session.scalars(wanted.where(Employee.team == team) if team else wanted)
    return [Actor(WORKSPACE, each) for each in found]


async def press(session: AsyncSession, item: ProductItem, *people: Actor) -> None:
    for person in people:
        await support(session, person, item.id, PUBLISHED)


async def behind(session: AsyncSession, item: ProductItem) -> int:
    secret = (await session.get_one(Workspace, WORKSPACE)).figure_secret
    return hidden_behind(secret.encode(), item.id, K)


async def kept(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(Support)) or 0


async def test_one_press_a_person_counts_and_can_be_taken_back(session: AsyncSession) -> None:
    item = await fallen(session)
    people = await staff(session)
    hidden = await behind(session, item)
    for _ in range(2):
        await press(session, item, *people[: K + hidden])
    assert await kept(session) == K + hidden
    assert item.supporters == 0, "nothing shows before Monday"
    assert await count(session, WORKSPACE, item.id, MONDAY - timedelta(days=1)) == 0
    assert await rounds_to_count(session, MONDAY) == [(WORKSPACE, item.id)]
    assert await count(session, WORKSPACE, item.id, MONDAY) == 1
    assert item.supporters == K
    (waiting,) = (await came_of_it(session, WORKSPACE, PUBLISHED, MONDAY)).waiting
    assert (waiting.supporters, waiting.may_support) == (K, True)

    for _ in range(2):
        taken = await take_back(session, people[0], item.id, MONDAY)
    assert not taken.is_on
    assert await count(session, WORKSPACE, item.id, MONDAY) == 0, "once a week"
    assert item.supporters == K
    assert await count(session, WORKSPACE, item.id, MONDAY + WEEK) == 1
    assert item.supporters == 0


async def test_a_decision_destroys_key_and_codes_and_a_new_wait_begins_anew(
    session: AsyncSession,
) -> None:
    item = await fallen(session)
    people = await staff(session)
    await press(session, item, *people[:9])
    await count(session, WORKSPACE, item.id, MONDAY)
    assert item.supporters == K
    await decide(session, MAYA, item.id, item.version, Decision(State.WONT, "No."), MONDAY)
    assert await kept(session) == 0
    assert await session.scalar(select(SupportRound)) is None
    assert item.supporters == K, "the last count stays"
    with pytest.raises(UserError, match="nothing to support"):
        await support(session, people[0], item.id, MONDAY)
    await reopen(session, MAYA, item.id, item.version, MONDAY)
    assert item.supporters == 0
    await press(session, item, people[0])
    assert await kept(session) == 1


async def test_only_those_who_may_read_it_may_support_it(session: AsyncSession) -> None:
    item = await fallen(session, "Design")
    (design, *_), (sales, *_) = await staff(session, "Design"), await staff(session, "Sales")
    for person in (design, sales, Actor(WORKSPACE, "U0NOBODY")):
        with pytest.raises(UserError, match="nothing to support"):
            await support(session, person, item.id, PUBLISHED)
    (shown,) = (await came_of_it_for(session, design, PUBLISHED)).waiting
    assert not shown.may_support, "a count of twelve people could name some of them"
    assert (await came_of_it_for(session, sales, PUBLISHED)).waiting == ()
    item.segment_values = ["Design", "Legal"]
    await press(session, item, design)
    with pytest.raises(UserError, match="nothing to support"):
        await support(session, sales, item.id, PUBLISHED)
    await take_back(session, design, item.id, PUBLISHED)
    with pytest.raises(UserError, match="nothing to support"):
        await support(session, sales, "no such item", PUBLISHED)
    assert await kept(session) == 0

    by_hand = Written("The office is cold.", item.product_id or "", None)
    await write(session, MAYA, by_hand, PUBLISHED)
    (other,) = [each for each in await items(session) if each.id != item.id]
    await press(session, other, design, sales)
    assert await kept(session) == 2


async def test_a_proposal_waits_unseen_unless_its_figures_are_released(
    session: AsyncSession,
) -> None:
    await company(session, {})
    await workload_falls(session, WORKSPACE, TEAMS)
    (item,) = await items(session)
    period = PUBLISHED - WEEK, PUBLISHED
    assert (await came_of_it(session, WORKSPACE, *period)).waiting == ()
    assert len((await came_of_it(session, WORKSPACE, *period, [item.wave_id or ""])).waiting) == 1


async def test_a_person_sees_theirs_and_takes_them_along(session: AsyncSession) -> None:
    item = await fallen(session)
    ana, ben, *_ = await staff(session)
    await press(session, item, ana, ben)
    for person in (ana, ben):
        own = await personal_data(session, WORKSPACE, person.user_id, MONDAY, for_themselves=True)
        assert own["what_you_support"] == ["We work too much."]
    exported = await personal_data(session, WORKSPACE, ana.user_id, MONDAY, for_themselves=False)
    assert "what_you_support" not in exported
    await forget(session, Attune(WORKSPACE), ana.user_id, MONDAY)
    assert await kept(session) == 1
    await erase_own(session, WORKSPACE, ben.user_id)
    assert await kept(session) == 0


async def test_what_is_never_decided_is_forgotten(session: AsyncSession) -> None:
    item = await fallen(session)
    people = await staff(session)
    await press(session, item, *people[:9])
    late = PUBLISHED + service.KEPT
    await count(session, WORKSPACE, item.id, late)
    assert (item.supporters, await kept(session)) == (K, 0)
    with pytest.raises(UserError, match="nothing to support"):
        await support(session, people[0], item.id, late)


async def supported_by(session: AsyncSession, chosen: list[int], hours: int) -> list[Any]:
    """Return the database while people support something, and after it is decided."""
    async with session.begin_nested() as undone:
        (item,) = await items(session)
        people = await staff(session)
        at = PUBLISHED + timedelta(hours=hours)
        for number in chosen:
            await support(session, people[number], item.id, at)
        await count(session, WORKSPACE, item.id, MONDAY)
        dumps = [await everything(session, DRAWN)]
        await decide(session, MAYA, item.id, item.version, Decision(State.WONT, "No."), MONDAY)
        dumps.append(await everything(session, DRAWN))
        await undone.rollback()
    session.expire_all()
    return dumps


async def test_who_supports_and_when_makes_no_difference_to_the_database(
    session: AsyncSession,
) -> None:
    """Two worlds that differ only in who pressed when leave the same rows, but for the codes."""
    await fallen(session)
    deliveries, acts = select(func.count(Delivery.id)), select(func.count(AuditEntry.id))
    before = await session.scalar(deliveries), await session.scalar(acts)
    one = await supported_by(session, [0, 1, 2, 3], 0)
    other = await supported_by(session, [7, 9, 4, 30], 70)
    assert one == other
    assert one[0]["supports"], "otherwise the comparison proves nothing"
    assert not one[1]["supports"]
    assert one != await supported_by(session, [0, 1, 2, 3, 4], 0)
    assert before == (await session.scalar(deliveries), await session.scalar(acts))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_file_keeps_the_key_or_a_code_of_what_is_decided(
    sessions: Sessions, tmp_path: Path
) -> None:
    database = tmp_path / "attune.sqlite3"
    async with sessions.begin() as session:
        item = await fallen(session)
        await press(session, item, *(await staff(session))[:3])
        item_id, version = item.id, item.version
        key = await session.scalar(select(SupportRound.key))
        codes = [each.encode() for each in await session.scalars(select(Support.token))]
    secrets = [key or b"", *codes]
    assert left_bytes(database, secrets) == len(secrets), "otherwise the search is broken"
    async with sessions.begin() as session:
        await decide(session, MAYA, item_id, version, Decision(State.WONT, "No."), MONDAY)
    assert await overwrite_deleted(sessions, ())
    assert left_bytes(database, secrets) == 0


def test_no_column_could_hold_a_time_or_a_person() -> None:
    """What is new in these tables has to be thought about here."""
    assert {each.name for each in Support.__table__.columns} == {"workspace_id", "item_id", "token"}
    assert {each.name for each in SupportRound.__table__.columns} == {
        "workspace_id", "item_id", "key", "counted_in",
    }  # fmt: skip


async def test_many_at_once_and_a_decision_meanwhile(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        item = await fallen(session)
        item_id, version = item.id, item.version
        people = [*await staff(session)][:6]

    async def pressing(person: Actor) -> None:
        async with sessions.begin() as session:
            await support(session, person, item_id, PUBLISHED)

    await asyncio.gather(*(pressing(person) for person in people * 2))
    async with sessions.begin() as session:
        assert await kept(session) == len(people)

    async def deciding(now: datetime) -> None:
        async with sessions.begin() as session:
            await decide(session, MAYA, item_id, version, Decision(State.WONT, "No."), now)

    everybody = [pressing(person) for person in people]
    done = await asyncio.gather(*everybody, deciding(MONDAY), *map(pressing, people),
                                return_exceptions=True)  # fmt: skip
    assert {type(each) for each in done} <= {type(None), UserError}
    async with sessions.begin() as session:
        assert await kept(session) == 0, "nothing is left behind the decision"
        assert await session.scalar(select(SupportRound)) is None
