"""A manager reads their own team's published figures, if HR allows it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.insights.manager_blocks import team_message
from bot.insights.managers import NOT_OF_THIS_NAME, NOTHING_YET, managed_teams, team_results
from bot.insights.wording import capitalised, of_invited
from bot.people.roles import REFUSALS, Role
from models import AuditEntry, Employee, Figure, Workspace
from sandbox.blockkit import validate_blocks
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, employee, survey
from tests.insights.waves import HELD_ON, Response, everyone, publish, sealed_wave
from tests.journeys.stage import Stage, open_stage, text_of

LEAD, OTHER = people()[2].id, people()[3].id
ANSWERS: dict[str | None, list[Response]] = {
    "Design": everyone(1, 2, 3, 4, 5, 1, 2),
    "Legal": everyone(3, 4, 5),
    "Sales": everyone(5, 4, 5, 4, 5, 4, 5, 4),
    "Support": everyone(2, 1, 2, 1, 2, 1, 2, 3),
}


async def published(stage: Stage) -> str:
    """Publish a wave, and let LEAD manage Sales and Legal."""
    async with stage.runtime.sessions.begin() as session:
        made = survey(workspace_id=TEAM_ID)
        session.add(made)
        await session.flush()
        wave = await sealed_wave(session, made, ANSWERS)
        await publish(session, TEAM_ID, wave.id, NOW)
        reports = Employee.team.in_(("Sales", "Legal"))
        await session.execute(update(Employee).where(reports).values(manager_id=LEAD))
    return wave.id


async def allow(stage: Stage, *, allowed: bool) -> None:
    async with stage.runtime.sessions.begin() as session:
        (await session.get_one(Workspace, TEAM_ID)).managers_see_team = allowed


async def test_a_manager_sees_their_team_only_while_hr_allows_it(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        wave_id = await published(stage)

        before = await stage.pulse(LEAD, "results")
        assert before.message
        assert text_of(before.message) == REFUSALS[Role.ANALYST]

        await allow(stage, allowed=True)
        seen = await stage.pulse(LEAD, "results weekly")
        assert seen.message
        shown = text_of(seen.message)
        assert f"*Sales* {capitalised(of_invited(5, 8))}" in shown
        assert "*Workload*" in shown
        assert not {"Legal", "Design", "Support", "26"} & set(shown.split())
        assert "actions" not in {block["type"] for block in seen.message["blocks"]}
        refused = await stage.pulse(OTHER, "results")
        assert refused.message
        assert text_of(refused.message) == REFUSALS[Role.ANALYST]

        await allow(stage, allowed=False)
        after = await stage.pulse(LEAD, "results")
        assert after.message
        assert "Workload" not in text_of(after.message)
        async with stage.runtime.sessions.begin() as session:
            looks = await session.execute(
                select(AuditEntry.actor_id, AuditEntry.subject, AuditEntry.detail).where(
                    AuditEntry.action == "figures.viewed"
                )
            )
            assert [tuple(look) for look in looks] == [(LEAD, wave_id, {"as": "manager"})]


async def test_a_manager_sees_how_their_team_moved_beside_the_company(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        async with stage.runtime.sessions.begin() as session:
            made = survey(workspace_id=TEAM_ID)
            session.add(made)
            await session.flush()
            before: dict[str | None, list[Response]] = {**ANSWERS, "Sales": everyone(*[1, 2] * 4)}
            for weeks, teams in ((1, before), (0, ANSWERS)):
                day = HELD_ON - timedelta(weeks=weeks)
                wave = await sealed_wave(session, made, teams, held_on=day)
                await publish(session, TEAM_ID, wave.id, NOW - timedelta(weeks=weeks))
            await session.execute(
                update(Employee).where(Employee.team == "Sales").values(manager_id=LEAD)
            )
        await allow(stage, allowed=True)

        seen = (await stage.pulse(LEAD, "results")).message

        assert seen
        shown = text_of(seen)
        assert "· company " in shown
        assert "*Workload over time*" in shown
        lines = [each for each in shown.splitlines() if each.startswith(("*Company*", "*Sales*"))]
        assert [" was " in each for each in lines] == [False, True, True]
        assert "Support" not in shown


async def test_a_team_that_is_not_shown_alone_has_no_figures_for_its_manager(
    database_url: str,
) -> None:
    async with open_stage(database_url) as stage:
        await published(stage)
        await allow(stage, allowed=True)
        async with stage.runtime.sessions.begin() as session:
            assert set(await managed_teams(session, Actor(TEAM_ID, LEAD))) == {"Sales", "Legal"}
            shown = await session.scalars(
                select(Figure.segment_ref).where(Figure.segment == "team", Figure.note.is_(None))
            )
            assert "Legal" not in set(shown)
            with pytest.raises(UserError, match=re.escape(NOTHING_YET)):
                await team_results(session, TEAM_ID, ["Legal"])
            with pytest.raises(UserError, match=re.escape(NOT_OF_THIS_NAME)):
                await team_results(session, TEAM_ID, ["Sales"], "another survey")
            found = await team_results(session, TEAM_ID, ["Sales", "Legal", "Support"])
            assert [team.name for team in found.teams] == ["Support", "Sales"]
            assert validate_blocks(team_message(found).blocks, "message") == []


async def leads(session: AsyncSession, person: str) -> list[str]:
    await session.flush()
    return await managed_teams(session, Actor(WORKSPACE, person))


async def test_a_single_report_in_a_team_is_not_the_team(session: AsyncSession) -> None:
    design = (await company(session, {"Design": 7, "Legal": 4}))[:7]
    (await session.get_one(Workspace, WORKSPACE)).managers_see_team = True
    session.add(employee("U0BOSS", team="Sales"))

    for number, person in enumerate(design):
        assert await leads(session, "U0BOSS") == (["Design"] if number > 3 else [])
        person.manager_id = "U0BOSS"
    design[0].active = False
    for person in design[1:4]:
        person.manager_id = None
    assert await leads(session, "U0BOSS") == []


async def test_reports_of_reports_count_and_the_lead_of_a_team_does_not(
    session: AsyncSession,
) -> None:
    lead, *design = (await company(session, {"Design": 5, "Legal": 4}))[:5]
    (await session.get_one(Workspace, WORKSPACE)).managers_see_team = True
    session.add(employee("U0BOSS", team="People"))
    for person in design[:3]:
        person.manager_id = lead.id
    lead.team, lead.manager_id = "People", "U0BOSS"
    assert await leads(session, lead.id) == ["Design"]
    assert await leads(session, "U0BOSS") == ["Design"]

    # A circle of managers in the directory ends, and each leads what the other leads.
    (await session.get_one(Employee, (WORKSPACE, "U0BOSS"))).manager_id = design[0].id
    assert await leads(session, lead.id) == ["Design"]
    assert await leads(session, design[3].id) == []


async def test_a_manager_loads_the_figures_of_their_own_team_only(session: AsyncSession) -> None:
    await company(session, {})
    session.add(made := survey())
    await session.flush()
    wave = await sealed_wave(session, made, ANSWERS)
    await publish(session, WORKSPACE, wave.id, NOW)
    await session.flush()
    session.expunge_all()
    loaded = set()

    def keep(figure: Figure, _context: object) -> None:
        loaded.add(figure.segment_ref)

    event.listen(Figure, "load", keep)
    found = await team_results(session, WORKSPACE, ["Sales"])
    event.remove(Figure, "load", keep)

    assert [team.name for team in found.teams] == ["Sales"]
    assert loaded == {"", "Sales"}
    assert found.teams[0].scores
