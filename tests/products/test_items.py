"""Who may act on an item, and who hears of what was decided."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, NotAllowedError, UserError
from bot.insights.pure.words.themes import theme_labels
from bot.outbox.kinds import NOTICE, Composing
from bot.people import roles
from bot.people.roles import Role
from bot.products.board import service as board
from bot.products.board.pure.starting import driver_of_theme, starting_products
from bot.products.board.service import NewProduct
from bot.products.decisions import telling
from bot.products.decisions.messages import compose_late, compose_owner, compose_told
from bot.products.decisions.reminders import look_after, workspaces_to_look_after
from bot.products.decisions.service import (
    CHOICE_FIELD,
    REASON_FIELD,
    REASON_LENGTH,
    UNTIL_FIELD,
    Decision,
    decide,
    reopen,
    set_days,
)
from bot.products.decisions.telling import came_of_it, came_of_it_for, items_to_tell, tell
from bot.products.items.pure.states import State
from bot.products.items.service import ChangedMeanwhileError, Written, change, take_up, write
from bot.products.value.service import tell_monthly, value_for, value_of, workspaces_to_tell
from bot.rights.retention import erase_workspace
from bot.rights.service import forget
from bot.surveys.pure.bank import load_bank
from models import (
    AuditEntry,
    Delivery,
    Employee,
    Invitation,
    ItemEffect,
    ItemStep,
    PeopleProduct,
    ProductItem,
    Workspace,
)
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, employee
from tests.products.stories import PUBLISHED, TEAMS, items, workload_falls

MAYA = Actor(WORKSPACE, ADMIN)
BOSS = Actor(WORKSPACE, "U0BOSS")
DAY = timedelta(days=1)
HIRE = Decision(State.DOING, "We hire two people.")


async def fallen(session: AsyncSession, *teams: str) -> ProductItem:
    """Publish a fall of workload; return its item."""
    await company(session, {})
    await workload_falls(session, WORKSPACE, teams or ("Design",))
    return (await items(session))[0]


async def told(session: AsyncSession, now: Any = PUBLISHED) -> list[Delivery]:
    """Put every decision into the outbox, as the job does."""
    while due := await items_to_tell(session, now):
        for unit in due:
            await tell(session, *unit, now)
    found = await session.scalars(select(Delivery).where(Delivery.kind == telling.KIND))
    return list(found)


async def test_only_admins_and_the_teams_manager_may_act(session: AsyncSession) -> None:
    item = await fallen(session)
    session.add_all([employee("U0BOSS"), employee("U0ANALYST"), employee("U0OTHER")])
    await session.flush()
    await roles.grant(session, MAYA, "U0ANALYST", Role.ANALYST, NOW)
    for user in ("U0BOSS", "U0ANALYST", "U0OTHER"):
        with pytest.raises(NotAllowedError):
            await decide(session, Actor(WORKSPACE, user), item.id, 1, HIRE, PUBLISHED)

    (await session.get_one(Workspace, WORKSPACE)).managers_see_team = True
    design = Employee.team == "Design"
    await session.execute(update(Employee).where(design).values(manager_id="U0BOSS"))
    await decide(session, BOSS, item.id, 1, HIRE, PUBLISHED)
    assert (item.state, item.reason) == (State.DOING, "We hire two people.")

    product_id = item.product_id or ""
    await write(session, BOSS, Written("No quiet room.", product_id, None, team="Design"), NOW)
    for team in ("Sales", None):
        with pytest.raises(UserError, match="own team"):
            await write(session, BOSS, Written("No.", product_id, None, team=team), NOW)


async def test_a_reason_is_needed_and_masked(session: AsyncSession) -> None:
    item = await fallen(session)
    session.add(employee("U0ANA", name="Ana Zeppelin"))
    await session.flush()
    for decision, field in (
        (Decision(State.WONT, " \n"), REASON_FIELD),
        (Decision(State.WONT, "x" * (REASON_LENGTH + 1)), REASON_FIELD),
        (Decision(State.LATER, "Then."), UNTIL_FIELD),
        (Decision(State.LATER, "Then.", PUBLISHED.date()), UNTIL_FIELD),
        (Decision(State.LATER, "Then.", PUBLISHED.date() + 400 * DAY), UNTIL_FIELD),
        (Decision(State.SHIPPED, "Done."), CHOICE_FIELD),
    ):
        with pytest.raises(FieldErrors) as refused:
            await decide(session, MAYA, item.id, 1, decision, PUBLISHED)
        assert list(refused.value.fields) == [field]
    await decide(session, MAYA, item.id, 1, Decision(State.WONT, "Ask Ana Zeppelin."), PUBLISHED)
    assert item.reason == "Ask [name]."
    steps = await session.scalars(select(ItemStep.reason).order_by(ItemStep.number))
    assert list(steps) == [None, "Ask [name]."]
    entries = await session.scalars(
        select(AuditEntry.detail).where(AuditEntry.action == "items.changed")
    )
    assert "Ask" not in str(list(entries)), "the record has no words"


async def test_of_two_decisions_the_second_is_refused(session: AsyncSession) -> None:
    item = await fallen(session)
    await decide(session, MAYA, item.id, 1, HIRE, PUBLISHED)
    with pytest.raises(ChangedMeanwhileError):
        await decide(session, MAYA, item.id, 1, Decision(State.WONT, "No."), PUBLISHED)
    written = Written("No.", item.product_id or "", None)
    with pytest.raises(ChangedMeanwhileError):
        await take_up(session, MAYA, item.id, 1, written, PUBLISHED)
    assert (item.state, item.version) == (State.DOING, 2)


async def test_those_who_were_asked_hear_once_of_each_decision(session: AsyncSession) -> None:
    item = await fallen(session)
    await decide(session, MAYA, item.id, 1, HIRE, PUBLISHED)

    first = await told(session)

    invited = await session.scalars(
        select(Employee.id)
        .join(Invitation, Invitation.employee_id == Employee.id)
        .where(Invitation.wave_id == item.wave_id, Employee.team == "Design")
    )
    assert {each.recipient for each in first} == set(invited)
    assert len(first) == 12
    assert len(await told(session)) == 12
    composing = Composing(PUBLISHED, None)
    message = await compose_told(session, first[0], composing)
    assert message
    assert "We hire two people." in str(message.blocks)

    await decide(session, MAYA, item.id, 2, Decision(State.SHIPPED, "They came."), PUBLISHED)
    assert await compose_told(session, first[0], composing) is None, "a newer one follows"
    assert len(await told(session)) == 24


async def test_many_are_told_in_parts(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PEOPLE_AT_ONCE", 5)
    item = await fallen(session, *TEAMS)
    await decide(session, MAYA, item.id, 1, HIRE, PUBLISHED)
    assert await tell(session, WORKSPACE, item.id, PUBLISHED) == 1
    assert item.told_at is None
    assert len(await told(session)) == 48
    assert item.told_at == PUBLISHED


async def test_nobody_is_told_of_a_group_that_has_become_too_small(session: AsyncSession) -> None:
    item = await fallen(session)
    design = await session.scalars(
        select(Employee).where(Employee.team == "Design").order_by(Employee.id)
    )
    people = design.all()
    for person in people[4:]:
        person.active = False
    await session.flush()
    await decide(session, MAYA, item.id, 1, HIRE, PUBLISHED)

    assert await told(session) == []
    here = Actor(WORKSPACE, people[0].id)
    assert await came_of_it_for(session, here, PUBLISHED) == telling.NOTHING_YET
    people[4].active = True
    await session.flush()
    assert len((await came_of_it_for(session, here, PUBLISHED)).decisions) == 1
    assert await came_of_it(session, WORKSPACE, PUBLISHED - DAY, PUBLISHED) == telling.NOTHING_YET


async def test_what_is_about_everybody_is_for_everybody(session: AsyncSession) -> None:
    item = await fallen(session, *TEAMS)
    early = await came_of_it(session, WORKSPACE, PUBLISHED - DAY, PUBLISHED + 28 * DAY)
    assert early == telling.NOTHING_YET
    late = await came_of_it(session, WORKSPACE, PUBLISHED - DAY, PUBLISHED + 29 * DAY)
    assert [(each.item_id, each.days) for each in late.waiting] == [(item.id, 29)]
    at = PUBLISHED + 30 * DAY
    await decide(session, MAYA, item.id, 1, HIRE, at)
    newest = await came_of_it(session, WORKSPACE, at - DAY, at)
    assert [each.reason for each in newest.decisions] == ["We hire two people."]
    assert newest.waiting == ()
    assert (await came_of_it(session, WORKSPACE, at, at + DAY)).decisions == ()
    assert (await came_of_it_for(session, Actor(WORKSPACE, "U0NOBODY"), at)).decisions


async def notices(session: AsyncSession, about: str) -> list[Delivery]:
    found = await session.scalars(
        select(Delivery).where(Delivery.kind == NOTICE).order_by(Delivery.recipient)
    )
    return [each for each in found if each.detail["about"] == about]


async def test_hr_is_reminded_once_of_all_that_is_late(session: AsyncSession) -> None:
    item = await fallen(session, "Design", "Sales")
    assert await look_after(session, WORKSPACE, PUBLISHED + 14 * DAY) == 0
    late = PUBLISHED + 15 * DAY
    assert await workspaces_to_look_after(session, late - DAY) == []
    assert await workspaces_to_look_after(session, late) == [(WORKSPACE,)]
    assert await look_after(session, WORKSPACE, late) == 2
    assert await workspaces_to_look_after(session, late) == []
    assert await look_after(session, WORKSPACE, late + DAY) == 0
    (reminder,) = await notices(session, "items_late")
    assert reminder.recipient == ADMIN
    message = await compose_late(session, reminder, Composing(late, None))
    assert message
    assert "2 decisions are later than promised" in message.text
    for each in await items(session):
        await decide(session, MAYA, each.id, 1, HIRE, late)
    assert await compose_late(session, reminder, Composing(late, None)) is None
    assert item.decide_by is None


async def test_what_was_put_off_comes_back_with_a_new_promise(session: AsyncSession) -> None:
    item = await fallen(session)
    until = PUBLISHED.date() + 60 * DAY
    await decide(session, MAYA, item.id, 1, Decision(State.LATER, "After.", until), PUBLISHED)
    assert await look_after(session, WORKSPACE, PUBLISHED + 59 * DAY) == 0
    at = PUBLISHED + 60 * DAY
    assert await workspaces_to_look_after(session, at) == [(WORKSPACE,)]
    assert await look_after(session, WORKSPACE, at) == 1
    assert (item.state, item.waiting_since, item.until) == (State.TAKEN_UP, at, None)
    assert item.decide_by
    assert item.decide_by > at + 14 * DAY


async def test_what_somebody_who_left_looked_after_goes_on(session: AsyncSession) -> None:
    item = await fallen(session)
    session.add_all([employee("U0ONE"), employee("U0TWO")])
    await session.flush()
    product = (await board.products_of(session, WORKSPACE))[0]
    item.product_id, item.owner_id, product.owner_id = product.id, "U0ONE", "U0TWO"
    await session.flush()

    await session.execute(update(Employee).where(Employee.id == "U0ONE").values(active=False))
    assert await workspaces_to_look_after(session, PUBLISHED) == [(WORKSPACE,)]
    assert await look_after(session, WORKSPACE, PUBLISHED) == 1
    assert await workspaces_to_look_after(session, PUBLISHED) == []
    assert item.owner_id == "U0TWO"
    (notice,) = await notices(session, "item_owner")
    assert notice.recipient == "U0TWO"
    message = await compose_owner(session, notice, Composing(PUBLISHED, None))
    assert message
    assert item.problem in str(message.blocks)

    await session.execute(update(Employee).where(Employee.id == "U0TWO").values(active=False))
    item.version += 1
    assert await look_after(session, WORKSPACE, PUBLISHED) == 2
    await session.refresh(product)
    assert [each.owner_id for each in await items(session)] == [None]
    assert product.owner_id is None
    assert [each.recipient for each in await notices(session, "item_owner")] == [ADMIN, "U0TWO"]


async def test_what_a_forgotten_person_looked_after_goes_on(session: AsyncSession) -> None:
    item = await fallen(session)
    session.add_all([employee("U0ONE"), employee("U0TWO")])
    await session.flush()
    product = await session.get_one(PeopleProduct, (WORKSPACE, item.product_id))
    item.owner_id, product.owner_id = "U0ONE", "U0TWO"
    await session.flush()
    await forget(session, Actor(WORKSPACE, "U0ONE"), "U0ONE", PUBLISHED)
    await session.refresh(item)
    assert item.owner_id == "U0TWO"
    assert [each.recipient for each in await notices(session, "item_owner")] == ["U0TWO"]
    item.version += 1
    await session.flush()
    await forget(session, Actor(WORKSPACE, "U0TWO"), "U0TWO", PUBLISHED)
    await session.refresh(item)
    assert item.owner_id is None
    assert [each.recipient for each in await notices(session, "item_owner")] == [ADMIN]


async def test_owner_and_product_can_be_changed(session: AsyncSession) -> None:
    item = await fallen(session)
    session.add(employee("U0ONE"))
    await session.flush()
    other = next(
        each for each in await board.products_of(session, WORKSPACE) if each.id != item.product_id
    )
    before = item.version, item.problem
    to_one = Written("", other.id, "U0ONE")
    await change(session, MAYA, item.id, item.version, to_one, PUBLISHED)
    assert (item.product_id, item.owner_id) == (other.id, "U0ONE")
    assert (item.version, item.problem) == before
    for wrong in (replace(to_one, owner_id="U0NOBODY"), replace(to_one, product_id="gone")):
        with pytest.raises(UserError):
            await change(session, MAYA, item.id, item.version, wrong, PUBLISHED)
    with pytest.raises(ChangedMeanwhileError):
        await change(session, MAYA, item.id, item.version - 1, to_one, PUBLISHED)
    with pytest.raises(NotAllowedError):
        await change(session, BOSS, item.id, item.version, to_one, PUBLISHED)


async def test_days_to_decide_count_from_then_on(session: AsyncSession) -> None:
    item = await fallen(session)
    before = item.decide_by
    for days in (6, 61):
        with pytest.raises(FieldErrors):
            await set_days(session, MAYA, days, PUBLISHED)
    await set_days(session, MAYA, 30, PUBLISHED)
    assert item.decide_by == before
    await decide(session, MAYA, item.id, 1, Decision(State.WONT, "No."), PUBLISHED)
    await reopen(session, MAYA, item.id, 2, PUBLISHED)
    assert item.decide_by
    assert item.decide_by > PUBLISHED + 30 * DAY


async def test_products_serve_every_driver_and_theme(session: AsyncSession) -> None:
    drivers = {each.key for each in load_bank().drivers}
    assert {each for product in starting_products() for each in product.drivers} == drivers
    assert {driver_of_theme(theme) for theme in theme_labels()} <= drivers
    await company(session, {})
    for _ in range(2):
        await board.ensure_products(session, WORKSPACE, NOW)
    found = await board.products_of(session, WORKSPACE)
    assert {each.name for each in found} == {each.name for each in starting_products()}


async def test_the_last_product_stays(session: AsyncSession) -> None:
    item = await fallen(session)
    products = await board.products_of(session, WORKSPACE)
    kept = next(each for each in products if each.id != item.product_id)
    for each in products:
        if each.id != kept.id:
            await board.delete_product(session, MAYA, each.id, kept.id, NOW)
    await session.refresh(item)
    assert item.product_id == kept.id
    assert "workload" in kept.drivers
    with pytest.raises(UserError, match="only product"):
        await board.delete_product(session, MAYA, kept.id, None, NOW)


async def test_a_product_adopts_what_nobody_served(session: AsyncSession) -> None:
    await company(session, {})
    await board.ensure_products(session, WORKSPACE, NOW)
    for each in await board.products_of(session, WORKSPACE):
        each.drivers = []
    await session.flush()
    await workload_falls(session, WORKSPACE)
    (item,) = await items(session)
    assert item.product_id is None
    new = NewProduct("Calm", "Less at once.", None, ("workload",), None)
    made = await board.save_product(session, MAYA, None, new, NOW)
    await session.refresh(item)
    assert item.product_id == made


async def test_the_value_of_asking_is_told_once_a_month(session: AsyncSession) -> None:
    item = await fallen(session)
    await decide(session, MAYA, item.id, 1, HIRE, PUBLISHED + 3 * DAY)
    value = await value_for(session, MAYA, PUBLISHED + 20 * DAY)
    counted = (value.asked, value.decided, value.in_time, value.taken_up, value.from_people)
    assert counted == (1, 1, 1, 1, 1)
    assert value.median_days == 3
    assert value.participation
    assert value.participation.invited == 48
    with pytest.raises(NotAllowedError):
        await value_for(session, BOSS, PUBLISHED)

    assert await workspaces_to_tell(session, PUBLISHED) == [(WORKSPACE,)]
    assert await tell_monthly(session, WORKSPACE, PUBLISHED) == 1
    assert await workspaces_to_tell(session, PUBLISHED) == []
    assert await notices(session, "improvements") == [], "the first month only begins"
    assert await tell_monthly(session, WORKSPACE, PUBLISHED + 5 * DAY) == 0
    for _ in range(2):
        await tell_monthly(session, WORKSPACE, PUBLISHED + 30 * DAY)
    assert len(await notices(session, "improvements")) == 1
    assert (await value_of(session, WORKSPACE, PUBLISHED + 400 * DAY)).is_empty


async def test_all_of_it_goes_with_its_workspace(session: AsyncSession) -> None:
    item = await fallen(session)
    await decide(session, MAYA, item.id, 1, HIRE, PUBLISHED)
    (await session.get_one(Workspace, WORKSPACE)).uninstalled_at = PUBLISHED
    await session.flush()
    assert await erase_workspace(session, WORKSPACE, PUBLISHED + 31 * DAY) == 1
    session.expunge_all()
    for table in (PeopleProduct, ProductItem, ItemStep, ItemEffect):
        assert list(await session.scalars(select(table))) == []
