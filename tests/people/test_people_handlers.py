"""Directory events and the HR form, through the real bot and the sandbox."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.people import roles
from bot.people.blocks import CHANGE_HR_TEAM
from bot.people.roles import ADMINS_FIELD, ANALYSTS_FIELD
from models import AuditEntry, Employee
from sandbox.demo.company import TEAM_ID, people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

MAYA, TOMAS, INES = (person.id for person in people()[:3])


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def admins_page(stage: Stage, user: str) -> dict[str, Any]:
    outcome = await stage.pulse(user, "admins")
    assert outcome.ok, outcome.shown
    assert outcome.message is not None
    return outcome.message


async def open_form(stage: Stage, user: str = MAYA) -> Outcome:
    await stage.pulse(user, "admins")
    return await stage.press(user, CHANGE_HR_TEAM)


async def save(stage: Stage, form: Outcome, admins: list[str], analysts: list[str]) -> Outcome:
    assert form.view is not None
    values = {ADMINS_FIELD: admins, ANALYSTS_FIELD: analysts}
    return await stage.sandbox.submit(MAYA, form.view["id"], values, force=True)


async def stored(stage: Stage, email: str) -> Employee | None:
    async with stage.runtime.sessions.begin() as session:
        return await session.scalar(select(Employee).where(Employee.email == email))


async def test_everybody_sees_who_hr_is_and_only_admins_can_change_it(stage: Stage) -> None:
    for user, buttons in ((MAYA, 1), (TOMAS, 0)):
        page = await admins_page(stage, user)
        assert f"<@{MAYA}>" in text_of(page)
        assert len(buttons_of(page)) == buttons


async def test_an_admin_changes_who_hr_is(stage: Stage) -> None:
    form = await open_form(stage)
    saved = await save(stage, form, [MAYA, TOMAS], [INES])
    assert saved.ok, saved
    assert f"<@{INES}>" in text_of(saved.view or {})
    page = text_of(await admins_page(stage, INES))
    assert f"<@{MAYA}>, <@{TOMAS}>" in page
    assert f"<@{INES}>" in page


async def test_errors_appear_at_their_field(stage: Stage) -> None:
    form = await open_form(stage)
    nobody = await save(stage, form, [], [])
    assert nobody.errors == {ADMINS_FIELD: roles.LAST_ADMIN}
    bot = await save(stage, form, [MAYA], [stage.sandbox.app.bot_user_id])
    assert bot.errors == {ANALYSTS_FIELD: roles.NOT_EMPLOYEES}


async def test_a_role_taken_meanwhile_counts_at_the_press(stage: Stage) -> None:
    assert (await save(stage, await open_form(stage), [MAYA, TOMAS], [])).ok
    await open_form(stage, TOMAS)
    assert (await save(stage, await open_form(stage), [MAYA], [])).ok
    refused = await stage.press(TOMAS, CHANGE_HR_TEAM)
    assert refused.ok
    assert text_of(stage.last(TOMAS)) == roles.NOT_APPOINTING
    async with stage.runtime.sessions.begin() as session:
        entries = await session.scalars(
            select(AuditEntry.subject).where(AuditEntry.action == "refused")
        )
        assert list(entries) == ["roles.change"]


async def test_the_directory_follows_slack(stage: Stage) -> None:
    joined = await stage.sandbox.join("zora", real_name="Zora <!channel>", email="zora@x.example")
    assert joined.ok, joined
    zora = await stored(stage, "zora@x.example")
    assert zora is not None
    assert (zora.workspace_id, zora.name, zora.active) == (TEAM_ID, "Zora <!channel>", True)
    assert (await stage.sandbox.change_user("zora", tz="Asia/Kathmandu")).ok
    moved = await stored(stage, "zora@x.example")
    assert moved is not None
    assert moved.tz == "Asia/Kathmandu"
    assert (await stage.sandbox.deactivate("zora")).ok
    gone = await stored(stage, "zora@x.example")
    assert gone is not None
    assert not gone.active
    assert gone.left_at == stage.now


async def test_a_guest_is_no_employee(stage: Stage) -> None:
    joined = await stage.sandbox.join("gus", email="gus@x.example", is_restricted=True)
    assert joined.ok, joined
    guest = await stored(stage, "gus@x.example")
    assert guest is not None
    assert not guest.active
