import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, NotAllowedError
from bot.people import roles
from bot.people.roles import Role
from models import AuditEntry, Employee, Workspace
from tests import factories
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE

MAYA = Actor(WORKSPACE, ADMIN)
ANA = Actor(WORKSPACE, "UDESI000")
BEN = Actor(WORKSPACE, "UDESI001")


@pytest.fixture(autouse=True)
async def people(session: AsyncSession) -> list[Employee]:
    return await factories.company(session, {"Design": 3})


async def test_an_admin_may_all_and_an_analyst_only_look(session: AsyncSession) -> None:
    await roles.change_hr_team(session, MAYA, [ADMIN], [ANA.user_id], NOW)
    assert await roles.holds(session, MAYA, Role.ANALYST)
    assert await roles.holds(session, ANA, Role.ANALYST)
    assert not await roles.holds(session, ANA, Role.ADMIN)
    assert not await roles.holds(session, BEN, Role.ANALYST)


async def test_each_change_is_written_down_once(session: AsyncSession) -> None:
    await roles.change_hr_team(session, MAYA, [ADMIN, ANA.user_id], [BEN.user_id], NOW)
    await roles.change_hr_team(session, MAYA, [ADMIN, ANA.user_id], [BEN.user_id], NOW)
    team = await roles.change_hr_team(session, MAYA, [ANA.user_id], [], NOW)
    assert team == roles.HrTeam((ANA.user_id,), ())
    entries = await session.scalars(select(AuditEntry))
    assert sorted((e.action, e.actor_id, e.subject, e.detail["role"]) for e in entries) == [
        ("roles.granted", ADMIN, ANA.user_id, "admin"),
        ("roles.granted", ADMIN, BEN.user_id, "analyst"),
        ("roles.revoked", ADMIN, ADMIN, "admin"),
        ("roles.revoked", ADMIN, BEN.user_id, "analyst"),
    ]


async def test_the_last_admin_stays(session: AsyncSession) -> None:
    with pytest.raises(FieldErrors) as caught:
        await roles.change_hr_team(session, MAYA, [], [ANA.user_id], NOW)
    assert caught.value.fields == {roles.ADMINS_FIELD: roles.LAST_ADMIN}
    assert await roles.holds(session, MAYA, Role.ADMIN)


async def test_only_employees_can_be_chosen(session: AsyncSession, people: list[Employee]) -> None:
    people[1].active = False
    await session.flush()
    with pytest.raises(FieldErrors) as caught:
        await roles.change_hr_team(session, MAYA, [ADMIN, "UBOT"], [BEN.user_id], NOW)
    assert caught.value.fields == {
        roles.ADMINS_FIELD: roles.NOT_EMPLOYEES,
        roles.ANALYSTS_FIELD: roles.NOT_EMPLOYEES,
    }


async def test_nobody_else_changes_roles(session: AsyncSession) -> None:
    with pytest.raises(NotAllowedError):
        await roles.change_hr_team(session, ANA, [ANA.user_id], [], NOW)
    assert not await roles.holds(session, ANA, Role.ADMIN)


async def test_somebody_who_left_is_not_shown_and_loses_the_role_at_the_next_change(
    session: AsyncSession, people: list[Employee]
) -> None:
    await roles.change_hr_team(session, MAYA, [ADMIN, ANA.user_id], [], NOW)
    people[0].active = False
    await session.flush()
    assert (await roles.hr_team(session, WORKSPACE)).admins == (ADMIN,)
    await roles.change_hr_team(session, MAYA, [ADMIN], [], NOW)
    people[0].active = True
    await session.flush()
    assert not await roles.holds(session, ANA, Role.ADMIN)


async def test_an_admin_who_is_no_employee_any_more_may_nothing(
    session: AsyncSession, people: list[Employee]
) -> None:
    await roles.change_hr_team(session, MAYA, [ADMIN, ANA.user_id], [], NOW)
    people[0].active = False
    await session.flush()
    assert not await roles.holds(session, ANA, Role.ADMIN)
    with pytest.raises(NotAllowedError):
        await roles.change_hr_team(session, ANA, [ANA.user_id], [], NOW)


async def test_the_owner_may_always_appoint_and_nothing_else(session: AsyncSession) -> None:
    workspace = await session.get_one(Workspace, WORKSPACE)
    workspace.owner_id = BEN.user_id
    assert not await roles.holds(session, BEN, Role.ANALYST)
    with pytest.raises(NotAllowedError):
        await roles.change_hr_team(session, BEN, [ADMIN], [], NOW, managers_see_team=True)
    await roles.change_hr_team(session, BEN, [ANA.user_id], [], NOW)
    assert await roles.holds(session, ANA, Role.ADMIN)
    assert not workspace.managers_see_team


async def test_the_switch_for_managers_is_written_down_when_it_turns(session: AsyncSession) -> None:
    for wanted in (True, True, None, False):
        team = await roles.change_hr_team(session, MAYA, [ADMIN], [], NOW, managers_see_team=wanted)
        assert team.managers_see_team is (wanted is not False)
    actions = sorted(await session.scalars(select(AuditEntry.action)))
    assert actions == ["managers.allowed", "managers.disallowed"]
