from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.people import audit, roles, service
from bot.people.importing import import_people
from bot.people.pure.directory import Person
from bot.people.pure.import_file import ImportFileError, ImportRow
from bot.people.roles import Role
from bot.people.setup_notice import FIRST_STEPS
from models import AuditEntry, Delivery, Employee, RoleGrant, Workspace
from tests import factories
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE

LATER = NOW + timedelta(days=1)


def person(id_: str, **changes: Any) -> Person:
    fields: dict[str, Any] = {
        "id": id_,
        "name": f"Person {id_}",
        "email": f"{id_.lower()}@example.com",
        "tz": "Europe/Berlin",
        "locale": "en-GB",
        "updated": 100,
        "is_member": True,
        "active": True,
    }
    return Person(**{**fields, **changes})


async def stored(session: AsyncSession, id_: str) -> Employee | None:
    return await session.get(Employee, (WORKSPACE, id_), populate_existing=True)


async def known(session: AsyncSession, id_: str) -> Employee:
    employee = await stored(session, id_)
    assert employee is not None
    return employee


async def admins(session: AsyncSession) -> list[str]:
    return sorted(await session.scalars(select(RoleGrant.employee_id)))


@pytest.fixture
async def installed(session: AsyncSession) -> Workspace:
    workspace = factories.workspace(tz="UTC")
    session.add(workspace)
    await session.flush()
    return workspace


async def test_a_sync_stores_employees_and_nobody_else(
    session: AsyncSession, installed: Workspace
) -> None:
    people = [
        person("U1"),
        person("U2", tz=None),
        person("UBOT", is_member=False, active=False),
        person("UGUEST", active=False),
    ]
    result = await service.sync_people(session, WORKSPACE, people, NOW)
    assert (result.employees, result.joined, result.left) == (2, 2, 0)
    assert sorted(await session.scalars(select(Employee.id))) == ["U1", "U2"]
    assert installed.synced_at == NOW


async def test_a_second_sync_changes_nothing(session: AsyncSession, installed: Workspace) -> None:
    people = [person(f"U{number}") for number in range(3)]
    await service.sync_people(session, WORKSPACE, people, NOW)
    result = await service.sync_people(session, WORKSPACE, people, LATER)
    assert (result.employees, result.joined, result.left) == (3, 0, 0)


async def test_a_large_directory_takes_several_statements(
    session: AsyncSession, installed: Workspace
) -> None:
    people = [person(f"U{number:04}") for number in range(service.BATCH * 2 + 1)]
    result = await service.sync_people(session, WORKSPACE, people, NOW)
    assert result.employees == len(people)
    result = await service.sync_people(session, WORKSPACE, people[:1], LATER)
    assert (result.employees, result.left) == (1, len(people) - 1)


async def test_who_is_missing_from_the_list_has_left(
    session: AsyncSession, installed: Workspace
) -> None:
    await service.sync_people(session, WORKSPACE, [person("U1"), person("U2")], NOW)
    result = await service.sync_people(session, WORKSPACE, [person("U1")], LATER)
    assert result.left == 1
    gone = await known(session, "U2")
    assert not gone.active
    assert gone.left_at == LATER


async def test_who_joined_while_the_list_was_read_has_not_left(
    session: AsyncSession, installed: Workspace
) -> None:
    joined_since = person("U2", updated=int(NOW.timestamp()) + 5)
    await service.apply_change(session, WORKSPACE, joined_since, NOW)
    await service.sync_people(session, WORKSPACE, [person("U1")], NOW)
    assert (await known(session, "U2")).active


async def test_an_empty_directory_is_refused(session: AsyncSession, installed: Workspace) -> None:
    await service.sync_people(session, WORKSPACE, [person("U1")], NOW)
    with pytest.raises(ValueError, match="no employee"):
        await service.sync_people(
            session, WORKSPACE, [person("UBOT", is_member=False, active=False)], LATER
        )
    assert (await known(session, "U1")).active


async def test_somebody_listed_on_two_pages_is_stored_as_they_are_last(
    session: AsyncSession, installed: Workspace
) -> None:
    people = [person("U1", name="Old", updated=1), person("U1", name="New", updated=2)]
    await service.sync_people(session, WORKSPACE, [*people, people[0]], NOW)
    assert (await known(session, "U1")).name == "New"


async def test_the_first_sync_takes_the_installers_zone(
    session: AsyncSession, installed: Workspace
) -> None:
    installed.installer_id = "U9"
    people = [person("U1"), person("U2"), person("U9", tz="Asia/Kathmandu"), person("U3", tz=None)]
    await service.sync_people(session, WORKSPACE, people, NOW)
    assert installed.tz == "Asia/Kathmandu"
    assert (await known(session, "U3")).tz == "Asia/Kathmandu"


async def test_without_an_installer_the_commonest_zone_is_taken_once(
    session: AsyncSession, installed: Workspace
) -> None:
    people = [person("U1"), person("U2"), person("U3", tz="Pacific/Kiritimati")]
    await service.sync_people(session, WORKSPACE, people, NOW)
    assert installed.tz == "Europe/Berlin"
    installed.tz = "Europe/Paris"
    await service.sync_people(session, WORKSPACE, people, LATER)
    assert installed.tz == "Europe/Paris"


async def test_without_any_zone_it_is_utc(session: AsyncSession, installed: Workspace) -> None:
    await service.sync_people(session, WORKSPACE, [person("U1", tz=None)], NOW)
    assert installed.tz == "UTC"
    assert (await known(session, "U1")).tz == "UTC"


async def test_an_older_event_never_overwrites_a_newer_one(
    session: AsyncSession, installed: Workspace
) -> None:
    await service.apply_change(session, WORKSPACE, person("U1", name="New", updated=200), NOW)
    await service.apply_change(session, WORKSPACE, person("U1", name="Old", updated=100), LATER)
    assert (await known(session, "U1")).name == "New"


async def test_leaving_is_remembered_even_when_joining_is_told_later(
    session: AsyncSession, installed: Workspace
) -> None:
    left = person("U1", active=False, updated=200)
    await service.apply_change(session, WORKSPACE, left, NOW)
    await service.apply_change(session, WORKSPACE, person("U1", updated=100), LATER)
    assert not (await known(session, "U1")).active


async def test_deactivation_is_dated_once_and_undone_by_coming_back(
    session: AsyncSession, installed: Workspace
) -> None:
    await service.apply_change(session, WORKSPACE, person("U1"), NOW)
    left = person("U1", active=False, updated=200)
    await service.apply_change(session, WORKSPACE, left, NOW)
    await service.apply_change(session, WORKSPACE, left, LATER)
    assert (await known(session, "U1")).left_at == NOW
    await service.apply_change(session, WORKSPACE, person("U1", updated=300), LATER)
    back = await known(session, "U1")
    assert back.active
    assert back.left_at is None


async def test_what_only_hr_or_the_list_knows_survives_an_event(
    session: AsyncSession, installed: Workspace
) -> None:
    await service.apply_change(session, WORKSPACE, person("U1"), NOW)
    (await known(session, "U1")).team = "Design"
    await session.flush()
    event = person("U1", name="Ana", locale=None, email=None, updated=200)
    await service.apply_change(session, WORKSPACE, event, NOW)
    ana = await known(session, "U1")
    assert (ana.name, ana.team, ana.locale, ana.email) == (
        "Ana",
        "Design",
        "en-GB",
        "u1@example.com",
    )


async def test_bots_and_outsiders_of_events_are_not_stored(
    session: AsyncSession, installed: Workspace
) -> None:
    outsider = person("U1", is_member=False, active=False)
    await service.apply_change(session, WORKSPACE, outsider, NOW)
    assert await stored(session, "U1") is None


async def offered_first_steps(session: AsyncSession) -> list[str]:
    keyed = Delivery.key.startswith(f"notice:{FIRST_STEPS}:")
    return list(await session.scalars(select(Delivery.recipient).where(keyed)))


@pytest.mark.parametrize(("installer", "begins"), [("U8", "U8"), ("U2", "U7")])
async def test_of_the_named_admins_the_installer_begins(
    session: AsyncSession, installed: Workspace, installer: str, begins: str
) -> None:
    installed.installer_id = installer
    people = [person("U7"), person("U8"), person("U2", is_primary_owner=True)]
    await service.sync_people(session, WORKSPACE, people, NOW, ["U8", "U7"])
    await service.sync_people(session, WORKSPACE, people, LATER, ["U8", "U7"])
    assert await offered_first_steps(session) == [begins]


async def test_the_installer_is_the_first_admin(
    session: AsyncSession, installed: Workspace
) -> None:
    installed.installer_id = "U1"
    people = [person("U1"), person("U2", is_primary_owner=True)]
    await service.sync_people(session, WORKSPACE, people, NOW)
    assert await admins(session) == ["U1"]
    assert await offered_first_steps(session) == ["U1"]


@pytest.mark.parametrize("installer", [None, "UGONE"])
async def test_without_an_installer_the_primary_owner_is_the_first_admin(
    session: AsyncSession, installed: Workspace, installer: str | None
) -> None:
    installed.installer_id = installer
    people = [person("U1"), person("U2", is_primary_owner=True)]
    await service.sync_people(session, WORKSPACE, people, NOW)
    await service.sync_people(session, WORKSPACE, people, LATER)
    assert await admins(session) == ["U2"]
    assert await offered_first_steps(session) == ["U2"]
    entries = list(await session.scalars(select(AuditEntry)))
    assert [(entry.action, entry.actor_id, entry.subject) for entry in entries] == [
        ("roles.granted", None, "U2")
    ]


async def test_named_admins_come_before_the_primary_owner(
    session: AsyncSession, installed: Workspace
) -> None:
    people = [person("U7"), person("U2", is_primary_owner=True)]
    await service.sync_people(session, WORKSPACE, people, NOW, ["U7"])
    await service.sync_people(session, WORKSPACE, people, LATER, ["U7"])
    assert await admins(session) == ["U7"]
    assert len(list(await session.scalars(select(AuditEntry)))) == 1


async def test_a_named_admin_whose_role_was_taken_stays_without_it(
    session: AsyncSession, installed: Workspace
) -> None:
    people = [person("U1"), person("U7")]
    await service.sync_people(session, WORKSPACE, people, NOW, ["U7"])
    hr = Actor(WORKSPACE, "U7")
    await roles.change_hr_team(session, hr, ["U1"], [], NOW)
    await service.sync_people(session, WORKSPACE, people, LATER, ["U7"])
    assert await admins(session) == ["U1"]


@pytest.mark.parametrize("named", ["UOTHERTEAM", "UGUEST"])
async def test_an_id_that_is_no_employees_leaves_the_role_to_the_owner(
    session: AsyncSession, installed: Workspace, named: str
) -> None:
    people = [person("UGUEST", active=False), person("U2", is_primary_owner=True)]
    await service.sync_people(session, WORKSPACE, people, NOW, [named])
    assert await admins(session) == ["U2"]


async def test_a_role_of_an_unknown_id_counts_for_nothing(
    session: AsyncSession, installed: Workspace
) -> None:
    await roles.grant(session, audit.Attune(WORKSPACE), "UTYPO", Role.ADMIN, NOW)
    assert not await roles.holds(session, Actor(WORKSPACE, "UTYPO"), Role.ADMIN)
    await service.sync_people(session, WORKSPACE, [person("U7")], NOW, ["U7"])
    assert await admins(session) == ["U7", "UTYPO"]


async def test_the_owner_is_who_slack_says_now(session: AsyncSession, installed: Workspace) -> None:
    owner = person("U2", is_primary_owner=True)
    await service.sync_people(session, WORKSPACE, [person("U1"), owner], NOW)
    assert installed.owner_id == "U2"
    handed_over = person("U1", is_primary_owner=True, updated=200)
    await service.apply_change(session, WORKSPACE, handed_over, NOW)
    assert installed.owner_id == "U1"
    await service.apply_change(session, WORKSPACE, replace(owner, updated=50), LATER)
    assert installed.owner_id == "U1"


async def test_no_sync_brings_back_who_asked_to_be_forgotten(
    session: AsyncSession, installed: Workspace
) -> None:
    session.add(factories.employee("U1", name="", email=None, active=False, do_not_contact=True))
    await session.flush()
    await service.sync_people(session, WORKSPACE, [person("U1"), person("U2")], NOW, ["U1"])
    await service.apply_change(session, WORKSPACE, person("U1", updated=900), LATER)
    kept = await known(session, "U1")
    assert (kept.name, kept.email, kept.active) == ("", None, False)
    assert await admins(session) == []


async def test_teams_are_those_of_employees_in_order(session: AsyncSession) -> None:
    await factories.company(session, {"sales": 1, "Design": 2})
    session.add(factories.employee("UGONE", team="Alumni", active=False))
    session.add(factories.employee("UNONE", team=None))
    await session.flush()
    assert await service.list_teams(session, WORKSPACE) == ["Design", "People", "sales"]


async def test_an_import_fills_in_what_slack_does_not_know(session: AsyncSession) -> None:
    await factories.company(session, {"Design": 2})
    rows = [
        ImportRow(
            2,
            "udesi000@example.com",
            {
                "team": "Brand",
                "manager_email": "u0maya@example.com",
                "hired_on": date(2024, 5, 31),
            },
        ),
        ImportRow(3, "udesi001@example.com", {"team": None, "manager_email": None}),
        ImportRow(4, "nobody@example.com", {"team": "Brand", "manager_email": None}),
    ]
    result = await import_people(session, WORKSPACE, rows[:1], NOW)
    assert (result.updated, result.unknown_lines) == (1, ())
    result = await import_people(session, WORKSPACE, rows[1:], NOW)
    assert (result.updated, result.unknown_lines) == (1, (4,))
    first, second = await known(session, "UDESI000"), await known(session, "UDESI001")
    assert (first.team, first.manager_id, first.hired_on) == ("Brand", ADMIN, date(2024, 5, 31))
    assert (second.team, second.manager_id) == (None, None)
    entries = await session.scalars(select(AuditEntry.detail))
    assert {"updated": 1, "unknown": 1, "moved": 1} in list(entries)


@pytest.mark.parametrize(
    ("email", "manager", "why"),
    [
        ("udesi000@example.com", None, "Line 3: the same email is on line 2"),
        ("udesi001@example.com", "udesi001@example.com", "Line 3: the manager is the same person"),
        ("udesi001@example.com", "boss@example.com", "Line 3: nobody in the Slack workspace"),
    ],
)
async def test_a_wrong_row_is_named_by_its_line_and_nothing_of_anybody(
    session: AsyncSession, email: str, manager: str | None, why: str
) -> None:
    await factories.company(session, {"Design": 2})
    rows = [
        ImportRow(2, "udesi000@example.com", {"manager_email": None}),
        ImportRow(3, email, {"manager_email": manager}),
    ]
    with pytest.raises(ImportFileError, match=why) as caught:
        await import_people(session, WORKSPACE, rows, NOW)
    assert "@" not in str(caught.value)
