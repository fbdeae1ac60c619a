"""Teams as Slack has them, and what importing them would change. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.people.pure.import_file import NO_TEXT, TEXT_LENGTH, ImportRow, PeopleFile
from bot.people.pure.import_plan import ImportPlan, KnownPerson, plan_import

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
    """Who is in which team by Slack; everybody else keeps the present team."""

    teams: Mapping[str, str]
    """The team of each person, by Slack id."""
    in_several: Mapping[str, Sequence[str]]
    """People in more than one team, with its names."""
    unusable: Sequence[str]
    """People whose team has a name that an import refuses."""


@dataclass(frozen=True)
class TeamChanges:
    """What importing teams changes."""

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
    k: int
    """The smallest group: figures of a team need more people than that."""


def read_teams(named: Iterable[tuple[str, str]], employees: Collection[str]) -> TeamReading:
    """Return who is in which team; `named` are ids of people, each with the name of a team.

    Names are trimmed, and refused, as those of a file are. Only `employees` count, by id.
    """
    found: dict[str, set[str]] = {}
    for person, name in named:
        if person in employees and name.strip():
            found.setdefault(person, set()).add(name.strip())
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
    new = {person: team for team, people in moves.items() for person in people}
    present = (each for each in directory.values() if each.active)
    sizes = Counter(new.get(each.id) or each.values[TEAM] for each in present)
    left_as_they_are = {*reading.in_several, *reading.unusable}
    return plan, TeamChanges(
        moves=dict(sorted(moves.items(), key=_by_name)),
        counted_later=plan.moved > 0,
        as_before=plan.unchanged,
        in_none=[person for person in plan.missing if person not in left_as_they_are],
        sizes={str(team): count for team, count in sorted(sizes.items(), key=_by_name) if team},
        k=k,
    )


def _by_name(item: tuple[object, object]) -> str:
    return str(item[0]).casefold()
