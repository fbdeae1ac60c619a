"""Teams as Slack has them, and what importing them would change. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.people.pure.import_file import NO_TEXT, TEXT_LENGTH, ImportRow, PeopleFile
from bot.people.pure.import_plan import ImportPlan, KnownPerson, plan_import
from bot.people.pure.team_names import clean_name, look_alikes

TEAM: Final = "team"


class Source(StrEnum):
    """Where an import's teams come from."""

    FILE = "file"
    GROUPS = "groups"
    FIELD = "field"


@dataclass(frozen=True)
class NamedChoice:
    """A user group or a field of profiles, for a menu."""

    id: str
    name: str


@dataclass(frozen=True)
class TeamReading:
    """The teams that Slack tells. Everybody else keeps the present team."""

    teams: Mapping[str, str]
    """The team of each person, by Slack id."""
    in_several: Mapping[str, Sequence[str]]
    """People in more than one team, with its names."""
    unusable: Sequence[str]
    """People whose team has a name that an import refuses."""


@dataclass(frozen=True)
class TeamChanges:
    """What importing teams changes."""

    staying: Mapping[str, Sequence[str]]
    """By team: the people who stay behind in it, where they are at most `k` and others leave it."""
    moves: Mapping[str, Sequence[str]]
    """The people who come to each team, by its name."""
    counted_later: bool
    """True if somebody leaves another team, so that figures may count them there for a while."""
    as_before: int
    """Number of people who are in their team already."""
    in_none: Sequence[str]
    """People whom Slack has in no team."""
    sizes: Mapping[str, int]
    """The number of present employees in each team afterwards."""
    look_alike: Sequence[Sequence[str]]
    """Teams afterwards that are easily taken for each other."""
    k: int
    """The smallest group: figures of a team need more people than that."""


def read_teams(named: Iterable[tuple[str, str]], employees: Collection[str]) -> TeamReading:
    """Return who is in which team; `named` are ids of people, each with the name of a team.

    Names are cleaned, and refused, as those of a file are. Only `employees` count, by id.
    """
    found: dict[str, set[str]] = {}
    for person, given in named:
        if person in employees and (name := clean_name(given)):
            found.setdefault(person, set()).add(name)
    several = {person: sorted(names) for person, names in found.items() if len(names) > 1}
    single = {person: next(iter(names)) for person, names in found.items() if len(names) == 1}
    unusable = {person for person, name in single.items() if not _is_name(name)}
    return TeamReading(
        {person: name for person, name in sorted(single.items()) if person not in unusable},
        dict(sorted(several.items())),
        sorted(unusable),
    )


def _is_name(name: str) -> bool:
    return len(name) <= TEXT_LENGTH and not NO_TEXT.search(name)


def plan_teams(
    reading: TeamReading,
    directory: Mapping[str, KnownPerson],
    k: int,
    today: date,
    *,
    has_asked: bool,
) -> tuple[ImportPlan, TeamChanges]:
    """Compare teams with the directory, whose keys are Slack ids, as a file is compared."""
    rows = [
        ImportRow(number, person, {TEAM: team})
        for number, (person, team) in enumerate(reading.teams.items(), 1)
        if person in directory and directory[person].active
    ]
    plan = plan_import(PeopleFile(rows, ()), directory, k, today, has_asked=has_asked)
    moves: dict[str, list[str]] = {}
    for update in plan.updates:
        moves.setdefault(update[TEAM], []).append(update["id"])
    after = _teams_after(plan, directory)
    sizes = Counter(after.values())
    left_as_they_are = {*reading.in_several, *reading.unusable}
    return plan, TeamChanges(
        staying=_staying(after, directory, k),
        moves=dict(sorted(moves.items(), key=_by_name)),
        counted_later=plan.moved > 0,
        as_before=plan.unchanged,
        in_none=[person for person in plan.missing if person not in left_as_they_are],
        sizes=dict(sorted(sizes.items(), key=_by_name)),
        look_alike=look_alikes(sizes),
        k=k,
    )


def look_alike_teams(
    plan: ImportPlan, directory: Mapping[str, KnownPerson]
) -> Sequence[Sequence[str]]:
    """Return the teams after a file's import that are easily taken for each other.

    There are none if the file has no teams.
    """
    return look_alikes(set(_teams_after(plan, directory).values()))


def _teams_after(plan: ImportPlan, directory: Mapping[str, KnownPerson]) -> dict[str, str]:
    """Return the team of each present employee after an import, by id, of those who have one."""
    new = {update["id"]: update[TEAM] for update in plan.updates if TEAM in update}
    after = (
        (each.id, new.get(each.id, each.values.get(TEAM)))
        for each in directory.values()
        if each.active
    )
    return {person: str(team) for person, team in after if team}


def _staying(
    after: Mapping[str, str], directory: Mapping[str, KnownPerson], k: int
) -> dict[str, Sequence[str]]:
    left: set[object] = set()
    staying: dict[str, list[str]] = {}
    for person in sorted(directory.values(), key=lambda each: each.id):
        before = person.values[TEAM]
        if before and person.active:
            if after[person.id] == before:
                staying.setdefault(str(before), []).append(person.id)
            else:
                left.add(before)
    few = ((team, people) for team, people in staying.items() if team in left and len(people) <= k)
    return dict(sorted(few, key=_by_name))


def _by_name(item: tuple[object, object]) -> str:
    return str(item[0]).casefold()
