from typing import Any

import pytest

from bot.people.pure.directory import NAMELESS, Person, person_from_slack

WORKSPACE = "T0ATTUNE"


def user(**changes: Any) -> dict[str, Any]:
    return {
        "id": "U0ANA",
        "team_id": WORKSPACE,
        "name": "ana",
        "deleted": False,
        "is_bot": False,
        "tz": "Europe/Lisbon",
        "updated": 1_700_000_000,
        "profile": {"real_name": "Ana Silva", "email": "Ana.Silva@Example.com"},
        **changes,
    }


def read(*, allow_guests: bool = False, **changes: Any) -> Person:
    return person_from_slack(user(**changes), WORKSPACE, allow_guests=allow_guests)


def test_an_employee_is_read_whole() -> None:
    assert read(locale="pt-PT", is_primary_owner=True) == Person(
        id="U0ANA",
        name="Ana Silva",
        email="ana.silva@example.com",
        tz="Europe/Lisbon",
        locale="pt-PT",
        updated=1_700_000_000,
        is_member=True,
        active=True,
        is_primary_owner=True,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"id": "USLACKBOT"},
        {"is_stranger": True},
        {"team_id": "T0OTHER"},
        {"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER"]}},
        {"team_id": None, "enterprise_user": {"teams": ["T0OTHER"]}},
        {"is_stranger": True, "enterprise_user": {"teams": [WORKSPACE]}},
    ],
)
def test_bots_and_outsiders_are_no_members(changes: dict[str, Any]) -> None:
    person = read(**changes)
    assert not person.is_member
    assert not person.active


@pytest.mark.parametrize(
    "changes",
    [
        {"team_id": None},
        {"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", WORKSPACE]}},
        {"team_id": None, "enterprise_user": {"teams": [WORKSPACE]}},
    ],
)
def test_people_of_several_workspaces_are_members_of_each(changes: dict[str, Any]) -> None:
    assert read(**changes).active


@pytest.mark.parametrize("changes", [{"deleted": True}, {"is_invited_user": True}])
def test_members_who_left_or_never_came_are_no_employees(changes: dict[str, Any]) -> None:
    person = read(allow_guests=True, **changes)
    assert person.is_member
    assert not person.active


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted"])
def test_guests_count_only_where_the_workspace_wants_it(flag: str) -> None:
    assert not read(**{flag: True}).active
    assert read(allow_guests=True, **{flag: True}).active


@pytest.mark.parametrize("tz", [None, "", "Mars/Olympus", "../etc/passwd", 7])
def test_a_zone_that_nobody_knows_is_left_empty(tz: object) -> None:
    assert read(tz=tz).tz is None


def test_a_missing_zone_is_left_empty() -> None:
    without = user()
    del without["tz"]
    assert person_from_slack(without, WORKSPACE, allow_guests=False).tz is None


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ({"real_name": "", "display_name": "ana 🌻"}, "ana 🌻"),
        ({}, "ana"),
        ({"real_name": "ש" * 500}, "ש" * 200),
        ({"real_name": "<!channel> *x*"}, "<!channel> *x*"),
    ],
)
def test_a_name_is_found_and_fits(profile: dict[str, str], name: str) -> None:
    assert read(profile=profile).name == name


def test_somebody_without_any_name() -> None:
    assert read(profile=None, name="").name == NAMELESS


def test_an_address_that_does_not_fit_is_left_out_rather_than_cut() -> None:
    assert read(profile={"email": "a" * 320 + "@example.com"}).email is None
