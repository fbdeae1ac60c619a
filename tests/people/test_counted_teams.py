"""Moves between teams count in figures where k people make the same one, or next quarter."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.importing import IMPORTED, ImportResult, import_people
from bot.people.pure.counted_teams import Place, after_import, next_quarter
from bot.people.pure.import_file import ImportRow
from bot.pulse.opening import OpenedWave
from models import AuditEntry, Cohort, Employee, Invitation, Workspace
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, employee, workspace
from tests.pulse.opening import open_wave
from tests.pulse.waves import store_survey

K = 5
TODAY = date(2026, 11, 3)
NEXT_QUARTER = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)

Teams = Mapping[str, str | None]
people = st.sampled_from([f"U{number}" for number in range(14)])
teams = st.sampled_from(["A", "B", None])
weeks = st.lists(st.dictionaries(people, teams), min_size=1, max_size=8)


def members(places: Mapping[str, Place], day: date) -> dict[str | None, set[str]]:
    found: dict[str | None, set[str]] = {"A": set(), "B": set(), None: set()}
    for person, place in places.items():
        found[place.on(day)].add(person)
    return found


@given(st.fixed_dictionaries({f"U{number}": teams for number in range(14)}), weeks)
def test_within_a_quarter_no_two_teams_differ_by_fewer_than_k(
    first: Teams, imports: list[Teams]
) -> None:
    places = {person: Place(team) for person, team in first.items()}
    if not any(first.values()):
        places["U0"] = Place("A")
    seen = [members(places, TODAY)]
    for week, values in enumerate(imports):
        day = TODAY + timedelta(weeks=week)
        places.update(after_import(places, values, K, day))
        assert {person: places[person].value for person in values} == values
        seen.append(members(places, day))
    for number, later in enumerate(seen):
        for earlier in seen[:number]:
            for there in later.values():
                for before in earlier.values():
                    if len(there & before) in range(1, K):
                        assert there == before, "a team that was small stays as it was"


@given(st.dictionaries(people, teams, min_size=1), weeks)
def test_from_the_next_quarter_on_the_directory_counts(first: Teams, imports: list[Teams]) -> None:
    places = {f"U{number}": Place(first.get(f"U{number}")) for number in range(14)}
    for values in imports:
        places.update(after_import(places, values, K, TODAY))
    day = next_quarter(TODAY)
    assert {id_: place.on(day) for id_, place in places.items()} == {
        id_: place.value for id_, place in places.items()
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 7, 1)),
        (date(2026, 9, 1), date(2026, 10, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_quarters_begin_in_january_april_july_and_october(day: date, expected: date) -> None:
    assert next_quarter(day) == expected


def counted(places: Mapping[str, Place], values: Teams) -> set[str | None]:
    new = after_import(places, values, K, TODAY)
    return {new[person].on(TODAY) for person in values}


def test_a_team_that_is_renamed_counts_under_its_new_name_at_once() -> None:
    places = {f"U{number}": Place("Design") for number in range(6)}
    assert counted(places, dict.fromkeys(places, "Product design")) == {"Product design"}


def test_four_who_move_together_wait_and_five_do_not() -> None:
    places = {f"U{number}": Place("Design") for number in range(12)}
    four, five = list(places)[:4], list(places)[:5]
    assert counted(places, dict.fromkeys(four, "Legal")) == {"Design"}
    assert counted(places, dict.fromkeys(five, "Legal")) == {"Legal"}


def test_a_renamed_team_waits_if_one_stays_behind() -> None:
    places = {f"U{number}": Place("Sales") for number in range(9)}
    assert counted(places, dict.fromkeys(list(places)[:8], "Sales team")) == {"Sales"}
    places["U8"] = Place("Sales", active=False)
    assert counted(places, dict.fromkeys(list(places)[:8], "Sales team")) == {"Sales team"}


def test_nobody_moves_at_once_into_a_team_of_three() -> None:
    places = {f"U{number}": Place("Design" if number < 8 else "Legal") for number in range(11)}
    assert counted(places, dict.fromkeys(list(places)[:8], "Legal")) == {"Design"}


def test_before_the_first_survey_everything_counts_at_once() -> None:
    places = {f"U{number}": Place("Sales") for number in range(9)}
    new = after_import(places, {"U0": "Legal"}, K, TODAY, has_asked=False)
    assert new["U0"].on(TODAY) == "Legal"


def test_people_who_left_do_not_fill_a_move_up_to_k() -> None:
    places = {f"U{number}": Place("Design", active=number < 4) for number in range(12)}
    assert counted(places, dict.fromkeys(list(places)[:6], "Legal")) == {"Design"}


def test_five_who_move_back_with_another_in_ones_place_wait() -> None:
    places = {f"U{number}": Place("Design" if number < 10 else "Legal") for number in range(18)}
    there = after_import(places, dict.fromkeys(list(places)[:5], "Legal"), K, TODAY)
    places.update(there)
    back = [*list(there)[:4], "U11"]
    assert counted(places, dict.fromkeys(back, "Design")) == {"Legal"}


def test_a_first_import_counts_at_once_whatever_the_size_and_emptying_makes_no_second() -> None:
    places = {f"U{number}": Place(None) for number in range(8)}
    first = after_import(places, {**dict.fromkeys(places, "Design"), "U7": "Legal"}, K, TODAY)
    assert first["U7"].on(TODAY) == "Legal"
    places.update(after_import(first, dict.fromkeys(places), K, TODAY))
    assert places["U0"].on(TODAY) is None
    again = after_import(places, {"U0": "Legal", "U7": "Legal"}, K, TODAY)
    assert {place.on(TODAY) for place in again.values()} == {None, "Legal"}
    assert again["U7"].on(TODAY) == "Legal", "one who left alone still counts where they were"
    assert again["U0"].on(TODAY) is None


async def _ids(session: AsyncSession, teams: dict[str, int]) -> list[str]:
    """Store a company that has been asked before; return the ids of its people."""
    ids = [person.id for person in await company(session, teams)]
    await teams_of_a_wave(session, "Before", NOW - timedelta(days=7))
    return ids


async def imported(
    session: AsyncSession, values: Mapping[str, str], now: datetime = NOW
) -> ImportResult:
    rows = [
        ImportRow(line, f"{person.lower()}@example.com", {"team": team})
        for line, (person, team) in enumerate(values.items(), start=2)
    ]
    result = await import_people(session, WORKSPACE, rows, now)
    session.expire_all()
    return result


async def teams_of_a_wave(session: AsyncSession, name: str, now: datetime) -> dict[str, str | None]:
    survey = await store_survey(session, name=name, next_on=now.date(), next_open_at=now)
    opened = await open_wave(session, WORKSPACE, survey.id, None, now)
    assert isinstance(opened, OpenedWave)
    rows = await session.execute(
        select(Invitation.employee_id, Cohort.team)
        .join(Cohort, (Cohort.wave_id == Invitation.wave_id) & (Cohort.id == Invitation.cohort_id))
        .where(Invitation.wave_id == opened.wave_id)
    )
    return {row.employee_id: row.team for row in rows}


async def test_a_mover_is_asked_as_one_of_the_old_team_until_the_quarter_is_over(
    session: AsyncSession,
) -> None:
    movers = await _ids(session, {"Design": 7, "Legal": 6, "People": 5})
    result = await imported(session, {movers[0]: "Legal"})
    assert result.moved == 1
    assert (await session.get_one(Employee, (WORKSPACE, movers[0]))).team == "Legal"
    assert (await teams_of_a_wave(session, "Now", NOW))[movers[0]] == "Design"
    assert (await teams_of_a_wave(session, "Later", NEXT_QUARTER))[movers[0]] == "Legal"


async def test_a_new_colleague_has_no_team_in_figures_until_five_join_it(
    session: AsyncSession,
) -> None:
    await _ids(session, {"Design": 7, "People": 6})
    newcomers = [f"UNEW{number:02}" for number in range(15)]
    session.add_all(employee(id_) for id_ in newcomers)
    await session.flush()
    await imported(session, dict.fromkeys(newcomers[:4], "Design"))
    await imported(session, dict.fromkeys(newcomers[4:10], "Legal"))
    asked = await teams_of_a_wave(session, "Now", NOW)
    assert {asked[id_] for id_ in newcomers[:4]} == {None}
    assert {asked[id_] for id_ in newcomers[4:10]} == {"Legal"}
    assert asked["UNEW14"] is None


async def test_a_first_import_counts_at_once(session: AsyncSession) -> None:
    session.add(workspace())
    await session.flush()
    session.add_all(employee(f"U{number}") for number in range(12))
    await session.flush()
    result = await imported(
        session, {f"U{number}": "Design" if number < 6 else "Legal" for number in range(12)}
    )
    assert result.moved == 0
    assert set((await teams_of_a_wave(session, "Now", NOW)).values()) == {"Design", "Legal"}


async def test_dividing_people_into_teams_every_week_moves_no_figures(
    session: AsyncSession,
) -> None:
    start = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
    await company(session, {f"{number} team": 6 for number in range(6)})
    ids = list(await session.scalars(select(Employee.id).order_by(Employee.id)))
    first = await teams_of_a_wave(session, "Week 0", start)
    random = Random(7)
    for week in range(1, 11):
        random.shuffle(ids)
        now = start + timedelta(weeks=week)
        result = await imported(
            session, {id_: f"{place // 6} team" for place, id_ in enumerate(ids)}, now
        )
        assert result.moved > 20
        assert await teams_of_a_wave(session, f"Week {week}", now) == first


async def test_an_import_notes_how_many_moved_and_no_names(session: AsyncSession) -> None:
    movers = await _ids(session, {"Design": 7})
    await imported(session, {movers[0]: "Legal", movers[1]: "Legal", movers[2]: "Design"})
    entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == IMPORTED))
    assert entry
    assert entry.detail == {"updated": 3, "unknown": 0, "moved": 2}


async def test_the_group_size_of_the_day_decides(session: AsyncSession) -> None:
    movers = await _ids(session, {"Design": 16, "Legal": 16, "People": 8})
    (await session.get_one(Workspace, WORKSPACE)).min_group_size = 8
    await session.flush()
    await imported(session, dict.fromkeys(movers[:7], "Legal"))
    asked = await teams_of_a_wave(session, "Now", NOW)
    assert {asked[id_] for id_ in movers[:7]} == {"Design"}
