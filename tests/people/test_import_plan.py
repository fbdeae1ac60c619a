"""What an import would change, and what is wrong with its file."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.audit import Attune
from bot.people.import_wording import SHOWN, plan_lines, problem_lines
from bot.people.importing import OVERTAKEN, import_people, read_directory, store_import
from bot.people.pure.counted_teams import Place
from bot.people.pure.import_file import (
    NOT_UTF8,
    ImportFileError,
    ImportRow,
    PeopleFile,
    Problem,
    read_file,
)
from bot.people.pure.import_plan import ImportPlan, KnownPerson, columns_of, plan_import
from bot.people.pure.reporting_lines import circles
from models import Employee
from tests.conftest import NOW
from tests.factories import WORKSPACE, company

TODAY = date(2026, 11, 3)
TEXT = "email,team\nana@example.com,Café\nben@example.com,Sales\n"


def person(name: str, team: str | None = None, **changes: Any) -> KnownPerson:
    fields: dict[str, Any] = {
        "id": f"U{name.upper()}",
        "active": True,
        "manager_id": None,
        "values": {"team": team, "manager_email": changes.get("manager_id")},
        "places": {"team": Place(team)},
    }
    return KnownPerson(**{**fields, **changes})


def plan(rows: list[ImportRow], *people: KnownPerson) -> ImportPlan:
    directory = {f"{each.id[1:].lower()}@x.example": each for each in people}
    return plan_import(PeopleFile(rows, ()), directory, 5, TODAY)


def row(line: int, name: str, team: str | None, manager: str | None = None) -> ImportRow:
    values = {"team": team, "manager_email": f"{manager}@x.example" if manager else None}
    return ImportRow(line, f"{name}@x.example", values)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", ";").encode(),
    ],
)
def test_files_as_spreadsheets_save_them(content: bytes) -> None:
    found = read_file(content)
    assert found.problems == []
    assert [(each.line, each.values["team"]) for each in found.rows] == [(2, "Café"), (3, "Sales")]


def test_each_line_with_other_bytes_is_named() -> None:
    content = (TEXT + "cy@example.com,Köln\n").encode("latin-1") + b"di@example.com,a\0b\n"
    found = read_file(content)
    assert found.problems == [Problem(line, NOT_UTF8) for line in (2, 4, 5)]
    assert [each.key for each in found.rows] == ["ben@example.com"]


@settings(max_examples=30)
@given(st.binary(max_size=60))
def test_no_file_is_too_strange(content: bytes) -> None:
    found = read_file(b"email,team\n" + content)
    assert all(str(each).startswith("Line ") for each in found.problems)


def test_a_plan_tells_who_is_new_changed_gone_and_missing() -> None:
    found = plan(
        [
            row(2, "ana", "Design"),
            row(3, "ben", "Sales", "ana"),
            row(4, "cy", "Sales"),
            row(5, "di", "Ops"),
            row(6, "nobody", "Ops"),
        ],
        person("ana"),
        person("ben", "Design"),
        person("cy", "Sales"),
        person("di", "Ops", active=False),
        person("eve", "Ops"),
        person("fay", active=False),
    )
    assert not found.problems
    assert (found.added, dict(found.changed)) == ([2], {3: ("team", "manager_email")})
    assert (found.unchanged, found.unknown, found.left) == (2, [6], [5])
    assert (found.missing, found.moved, found.people) == (["UEVE"], 1, 4)
    ben = next(each for each in found.updates if each["id"] == "UBEN")
    assert (ben["team"], ben["manager_id"], ben["counted_team"]) == ("Sales", "UANA", "Design")


def test_managers_in_a_circle_are_named_by_line() -> None:
    people = [
        person(name, manager_id=f"U{boss}") for name, boss in zip("abcd", "BCDX", strict=True)
    ]
    (problem,) = plan([row(7, "d", None, "b"), row(9, "c", None, "d")], *people).problems
    assert str(problem) == "Line 7: managers go round in a circle of 3 people, with line 9"
    # A circle that the directory has already is not the file's fault.
    assert not plan([row(2, "a", None)], *people[1:], person("a", manager_id="UB")).problems


@settings(max_examples=50)
@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_circles_are_found_as_by_walking_from_everybody(chance: random.Random, size: int) -> None:
    manager_of = {
        str(each): chance.choice([None, *map(str, range(size + 2))]) for each in range(size)
    }

    def comes_back(start: str) -> bool:
        at = manager_of[start]
        for _ in range(size):
            if at == start:
                return True
            at = manager_of.get(at) if at else None
        return False

    found = [each for circle in circles(manager_of) for each in circle]
    assert sorted(found) == sorted(each for each in manager_of if comes_back(each))


def test_a_long_list_is_cut() -> None:
    problems = [Problem(line, "there is no email address") for line in range(2, 100)]
    told = problem_lines(problems)
    assert len(told) == SHOWN + 2
    assert told[-1] == "And 78 more."
    people = [person(f"p{number}") for number in range(25)]
    (line,) = plan_lines(plan([row(2 + n, f"p{n}", "Ops") for n in range(25)], *people))
    assert line.startswith("Described for the first time, 25 people: lines 2, 3, 4,")
    assert line.endswith(" 21 and 5 more.")


async def test_an_import_that_was_overtaken_stores_nothing(session: AsyncSession) -> None:
    people = await company(session, {"Design": 6})
    rows = [ImportRow(2, str(people[0].email), {"team": "Ops"})]
    file = PeopleFile(rows, ())
    directory = await read_directory(session, WORKSPACE, columns_of(file))
    planned = plan_import(file, directory.people, directory.k, TODAY)
    await import_people(session, WORKSPACE, rows, NOW)

    with pytest.raises(ImportFileError, match=OVERTAKEN[1:]):
        await store_import(session, Attune(WORKSPACE), planned, directory, NOW)

    again = await read_directory(session, WORKSPACE, columns_of(file))
    assert not plan_import(file, again.people, again.k, TODAY).updates
    stored = await session.get_one(Employee, (WORKSPACE, people[0].id), populate_existing=True)
    assert (stored.team, stored.counted_team) == ("Ops", None)
