"""What an import of HR's file would change, found before anything is stored. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.languages import _, _n
from bot.people.pure.counted_teams import Place, after_import
from bot.people.pure.import_file import ImportRow, PeopleFile, Problem, Value
from bot.people.pure.reporting_lines import circles

GROUPINGS: Final = ("team", "department", "location")
"""Columns that decide where figures count a person (`bot.people.pure.counted_teams`)."""
MANAGER: Final = "manager_email"
LINES_OF_A_CIRCLE: Final = 10


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person in the directory."""

    id: str
    active: bool
    manager_id: str | None
    values: Mapping[str, Value]
    """What the directory has in the file's columns, the manager's id in `manager_email`."""
    places: Mapping[str, Place]
    """By grouping, of those that the file has."""


@dataclass(frozen=True)
class ImportPlan:
    """What an import changes. With problems it must not be stored."""

    problems: Sequence[Problem]
    """By line."""
    added: Sequence[int]
    """Lines of people about whom the directory had nothing of the file's columns."""
    changed: Mapping[int, Sequence[str]]
    """By line: the columns that change."""
    unchanged: int
    """Number of people who stay as they are."""
    unknown: Sequence[int]
    """Lines whose e-mail is not in the directory; they are passed over."""
    left: Sequence[int]
    """Lines of people who have left Slack."""
    missing: Sequence[str]
    """Ids of present employees who are not in the file; nothing changes for them."""
    moved: int
    """Number of people who move to another team, department or location."""
    updates: Sequence[dict[str, Any]]
    """A row of `employees` for each added and changed person: id, and columns to write."""

    @property
    def people(self) -> int:
        """The number of people whom the file describes."""
        return len(self.added) + len(self.changed) + self.unchanged


def columns_of(file: PeopleFile) -> tuple[str, ...]:
    """Return the columns of a file, but for the e-mail."""
    return tuple(file.rows[0].values) if file.rows else ()


@dataclass(frozen=True, slots=True)
class _Edit:
    """A line of the file and the person it is about."""

    line: int
    person: KnownPerson
    values: Mapping[str, Value]
    """As `KnownPerson.values`."""
    columns: tuple[str, ...]
    """The columns that change."""

    @property
    def is_first(self) -> bool:
        """True if the directory has nothing of the file's columns about the person."""
        return all(value is None for value in self.person.values.values())


def plan_import(
    file: PeopleFile,
    directory: Mapping[str, KnownPerson],
    k: int,
    today: date,
    *,
    has_asked: bool = True,
) -> ImportPlan:
    """Compare a file with the directory, whose keys are those of the file's rows.

    `k` is the smallest group that is shown: it decides which moves count at once, once a survey
    `has_asked` anybody.
    """
    lines = {row.key: row.line for row in reversed(file.rows)}
    single = [row for row in file.rows if lines[row.key] == row.line]
    known = [row for row in single if row.key in directory]
    edits = [_edit(row, directory) for row in known]
    changing = [edit for edit in edits if edit.columns]
    updates = [{"id": edit.person.id, **edit.values} for edit in changing]
    problems = (
        *file.problems,
        *_doubles(file.rows, lines),
        *_wrong_managers(known, directory),
        *_circles(edits, directory),
    )
    moved = _place(updates, directory, k, today, has_asked=has_asked)
    return ImportPlan(
        problems=sorted(problems, key=lambda problem: problem.line or 0),
        added=[edit.line for edit in changing if edit.is_first],
        changed={edit.line: edit.columns for edit in changing if not edit.is_first},
        unchanged=len(edits) - len(changing),
        unknown=[row.line for row in single if row.key not in directory],
        left=[edit.line for edit in edits if not edit.person.active],
        missing=sorted(
            person.id for key, person in directory.items() if person.active and key not in lines
        ),
        moved=moved,
        updates=updates,
    )


def _edit(row: ImportRow, directory: Mapping[str, KnownPerson]) -> _Edit:
    values = dict(row.values)
    if manager_email := values.get(MANAGER):
        manager = directory.get(str(manager_email))
        values[MANAGER] = manager.id if manager else None
    person = directory[row.key]
    differing = tuple(name for name, value in values.items() if person.values[name] != value)
    return _Edit(row.line, person, values, differing)


def _doubles(rows: Sequence[ImportRow], first_line: Mapping[str, int]) -> Iterator[Problem]:
    for row in rows:
        if (line := first_line[row.key]) != row.line:
            yield Problem(row.line, _("the same email is on line {number}").format(number=line))


def _wrong_managers(
    rows: Sequence[ImportRow], directory: Mapping[str, KnownPerson]
) -> Iterator[Problem]:
    for row in rows:
        manager_email = row.values.get(MANAGER)
        if manager_email == row.key:
            yield Problem(row.line, _("the manager is the same person"))
        elif manager_email is not None and manager_email not in directory:
            why = _("nobody in the Slack workspace has the address in manager_email")
            yield Problem(row.line, why)


def _circles(edits: Sequence[_Edit], directory: Mapping[str, KnownPerson]) -> Iterator[Problem]:
    """Yield a problem for each circle of managers that the file makes."""
    of_file = {edit.person.id: edit for edit in edits if MANAGER in edit.values}
    manager_of = {person.id: person.manager_id for person in directory.values()}
    manager_of |= {id_: _text(edit.values[MANAGER]) for id_, edit in of_file.items()}
    for circle in circles(manager_of):
        lines = sorted(of_file[person].line for person in circle if person in of_file)
        if lines and len(circle) > 1:
            shown = ", ".join(map(str, lines[1:LINES_OF_A_CIRCLE]))
            if shown:
                why = _n(
                    "managers go round in a circle of {people} people, with line {lines}",
                    "managers go round in a circle of {people} people, with lines {lines}",
                    len(lines) - 1,
                ).format(people=len(circle), lines=shown)
            else:
                why = _("managers go round in a circle of {people} people").format(
                    people=len(circle)
                )
            yield Problem(lines[0], why)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _place(
    updates: Sequence[dict[str, Any]],
    directory: Mapping[str, KnownPerson],
    k: int,
    today: date,
    *,
    has_asked: bool,
) -> int:
    """Turn values into columns of `employees`, with where figures count; return how many move."""
    moved: set[str] = set()
    for column in GROUPINGS:
        values = {update["id"]: update[column] for update in updates if column in update}
        if not values:
            continue
        places = {person.id: person.places[column] for person in directory.values()}
        new = after_import(places, values, k, today, has_asked=has_asked)
        moved |= {id_ for id_, value in values.items() if places[id_].value not in (None, value)}
        for update in updates:
            place = new[update["id"]]
            update[f"counted_{column}"] = place.counted
            update[f"counted_{column}_until"] = place.until
    for update in updates:
        if MANAGER in update:
            update["manager_id"] = update.pop(MANAGER)
    return len(moved)
