"""What stands out in a published wave becomes a proposal, with its evidence as it was."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.products.decisions.service import Decision, decide
from bot.products.items.evidence import thawed
from bot.products.items.pure.states import State
from bot.products.items.reading import read_item
from bot.products.items.service import QUIET, propose
from models import AuditEntry, Figure, ItemStep, PeopleProduct, Survey
from tests.factories import ADMIN, WORKSPACE, company, survey
from tests.insights.waves import publish, sealed_wave
from tests.products.stories import (
    CALM,
    PUBLISHED,
    TEAMS,
    answers,
    items,
    publish_wave,
    workload_falls,
)

MAYA = Actor(WORKSPACE, ADMIN)
MEETINGS = "There are far too many meetings every single day."
TOOLS = "My laptop is slow and the tools keep breaking."
WEEK = timedelta(weeks=1)


async def test_a_fall_is_proposed_for_its_product(session: AsyncSession) -> None:
    await company(session, {})
    await workload_falls(session, WORKSPACE)

    (item,) = await items(session)
    product = await session.get_one(PeopleProduct, (WORKSPACE, item.product_id))

    assert (item.state, item.origin, item.driver) == (State.PROPOSED, "people", "workload")
    assert (item.segment, item.segment_ref, item.segment_values) == ("team", "Design", ["Design"])
    assert "workload" in product.drivers
    assert item.problem == "Design: Workload fell"
    # 14 days after the day of publication have ended in Berlin.
    assert item.decide_by
    assert item.decide_by.isoformat() == "2026-11-17T23:00:00+00:00"
    entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "items.changed"))
    assert entry
    assert (entry.actor_id, entry.subject) == (None, item.id)


async def test_the_evidence_stays_when_figures_are_gone(session: AsyncSession) -> None:
    await company(session, {})
    await workload_falls(session, WORKSPACE)
    (item,) = await items(session)
    item_id = item.id
    before = await read_item(session, MAYA, item_id, PUBLISHED)
    ids = set(await session.scalars(select(Figure.id)))
    assert {each["id"] for each in item.evidence["figures"]} <= ids

    await session.execute(delete(Survey))
    await session.execute(delete(Figure))
    session.expire_all()

    after = await read_item(session, MAYA, item_id, PUBLISHED)
    assert after == before
    assert after.evidence
    assert after.evidence.stands_out.statement.difference < 0
    assert thawed({}) is None


async def test_the_same_is_proposed_once(session: AsyncSession) -> None:
    await company(session, {})
    pulse = await workload_falls(session, WORKSPACE)
    await publish_wave(session, pulse, PUBLISHED + WEEK, ["Design"])
    (item,) = await items(session)

    refused = Decision(State.WONT, "We hire in spring.")
    await decide(session, MAYA, item.id, item.version, refused, PUBLISHED + WEEK)
    await publish_wave(session, pulse, PUBLISHED + 2 * WEEK, ["Design"])

    assert len(await items(session)) == 1
    for week in range(3, 16):
        await publish_wave(session, pulse, PUBLISHED + week * WEEK)
        if PUBLISHED + week * WEEK > PUBLISHED + WEEK + QUIET:
            break
    await publish_wave(session, pulse, PUBLISHED + (week + 1) * WEEK, ["Design"])
    assert [each.state for each in await items(session)] == [State.WONT, State.PROPOSED]


async def test_another_team_is_another_item(session: AsyncSession) -> None:
    await company(session, {})
    await workload_falls(session, WORKSPACE, ["Design", "Sales"])
    assert {each.segment_ref for each in await items(session)} == {"Design", "Sales"}


async def test_nothing_stands_out_and_nothing_is_proposed(session: AsyncSession) -> None:
    await company(session, {})
    await workload_falls(session, WORKSPACE, [])
    assert await items(session) == []
    assert list(await session.scalars(select(ItemStep))) == []


async def test_a_fall_of_everybody_is_about_everybody(session: AsyncSession) -> None:
    await company(session, {})
    await workload_falls(session, WORKSPACE, TEAMS)
    (item,) = await items(session)
    assert (item.segment, item.segment_values, item.problem) == ("all", [], "Workload fell")


async def test_a_rising_theme_is_about_its_driver(session: AsyncSession) -> None:
    await company(session, {})
    pulse = survey(status="ended", next_open_at=None, next_on=None)
    session.add(pulse)
    await session.flush()
    for week in range(4):
        about = MEETINGS if week == 3 else TOOLS
        wave = await sealed_wave(
            session,
            pulse,
            {team: answers(CALM) for team in TEAMS},
            [(team, 0, about) for team in TEAMS for _ in range(11)],
            held_on=(PUBLISHED + week * WEEK).date(),
        )
        await publish(session, WORKSPACE, wave.id, PUBLISHED + week * WEEK)
        await propose(session, WORKSPACE, wave.id, PUBLISHED + week * WEEK)

    (item,) = [each for each in await items(session) if "write about" in each.problem]
    assert item.problem == "More people write about Meetings"
    assert item.driver == "communication"
    assert MEETINGS not in str(item.evidence), "no comment is kept"
