"""HR's import of people: read the directory, plan, then store all of it or nothing.

Planning needs neither a transaction nor the event loop: `read_directory`, then `plan_import` in a
thread, then `store_import`.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.languages import _, marked
from bot.people import audit
from bot.people.pure.counted_teams import Place
from bot.people.pure.import_file import ImportFileError, ImportRow, PeopleFile
from bot.people.pure.import_plan import (
    GROUPINGS,
    MANAGER,
    ImportPlan,
    KnownPerson,
    columns_of,
    plan_import,
)
from bot.people.teams.kept_reading import forget
from models import AuditEntry, Employee, Wave, Workspace
from models.database import KEY_SHARE, table_of

_employees = table_of(Employee)
ROWS_AT_ONCE: Final = 1_000
IMPORTED: Final = "people.imported"
"""Its name in the audit table; the detail says how many people it `moved`."""
OVERTAKEN: Final = marked("another file was imported meanwhile; please start again")


@dataclass(frozen=True)
class ImportResult:
    """The result of an import."""

    updated: int
    """People whom the file describes."""
    unknown_lines: tuple[int, ...]
    """Lines whose e-mail is not in the directory."""
    moved: int = 0
    """People who moved to another team, department or location."""


@dataclass(frozen=True)
class Directory:
    """The people whom an import can describe, and what decides how they count."""

    people: dict[str, KnownPerson]
    """By Slack id, or by e-mail in lower case; of two with one address, the present employee.

    Whom no file can name is there by Slack id, too: who stays in a team decides when a move from it
    counts.
    """
    k: int
    has_asked: bool
    """False until a survey has asked anybody."""
    last_import: str | None
    """The audit entry of the latest import."""


async def read_directory(
    session: AsyncSession, workspace_id: str, columns: Sequence[str], *, by_id: bool = False
) -> Directory:
    """Read the directory with the columns of a file (`columns_of`).

    People are found by e-mail, or `by_id` by Slack id.
    """
    workspace = await session.get_one(Workspace, workspace_id)
    groupings = [column for column in GROUPINGS if column in columns]
    counted = [f"counted_{column}{end}" for column in groupings for end in ("", "_until")]
    of_company = _employees.c.do_not_contact.is_(False)
    wanted = (
        "id",
        "email",
        "active",
        "do_not_contact",
        "manager_id",
        *map(_stored, columns),
        *counted,
    )
    rows = await session.execute(
        select(*(_employees.c[name] for name in wanted))
        .where(
            _employees.c.workspace_id == workspace_id,
            of_company if by_id else or_(of_company, _employees.c.email.is_not(None)),
        )
        .order_by(_employees.c.active, _employees.c.id.desc())
    )
    # Of 100,000 people this takes seconds, in which the bot goes on answering.
    people = await asyncio.to_thread(_known, rows.all(), columns, groupings, by_id)
    asked = await session.scalar(select(exists().where(Wave.workspace_id == workspace_id)))
    last_import = await _last_import(session, workspace_id)
    return Directory(people, workspace.min_group_size, bool(asked), last_import)


def _known(
    rows: Sequence[Any], columns: Sequence[str], groupings: Sequence[str], by_id: bool
) -> dict[str, KnownPerson]:
    people: dict[str, KnownPerson] = {}
    for id_, email, active, is_left_out, manager_id, *rest in rows:
        values = dict(zip(columns, rest, strict=False))
        places = {
            column: Place(values[column], rest[at], rest[at + 1], active=active and not is_left_out)
            for column, at in zip(groupings, count(len(columns), 2), strict=False)
        }
        key = id_ if by_id or email is None else email.lower()
        if other := people.get(key):
            people[other.id] = other
        people[key] = KnownPerson(id_, active, manager_id, values, places)
    return people


def _stored(column: str) -> str:
    """Return the column of `employees` for a column of the file."""
    return "manager_id" if column == MANAGER else column


async def compared(file: PeopleFile, directory: Directory, today: date) -> ImportPlan:
    """Compare a file with the directory, in a thread: of 100,000 people it takes seconds."""
    return await asyncio.to_thread(
        plan_import, file, directory.people, directory.k, today, has_asked=directory.has_asked
    )


async def store_import(
    session: AsyncSession,
    by: Actor | audit.Attune,
    plan: ImportPlan,
    directory: Directory,
    now: datetime,
) -> ImportResult:
    """Store a plan that was made from `directory`, and record it.

    Raises ImportFileError for its first problem, or if another import came between.
    """
    if plan.problems:
        raise ImportFileError(plan.problems[0].line, plan.problems[0].why)
    await session.get_one(Workspace, by.workspace_id, with_for_update=KEY_SHARE)
    if await _last_import(session, by.workspace_id) != directory.last_import:
        raise ImportFileError(None, _(OVERTAKEN))
    if plan.updates:
        await _write(session, by.workspace_id, plan.updates)
    # What was read before this import, its preview compares with a directory that is no more.
    await forget(session, by.workspace_id)
    result = ImportResult(plan.people, tuple(plan.unknown), plan.moved)
    detail = {"updated": result.updated, "unknown": len(plan.unknown), "moved": plan.moved}
    audit.record(session, by, IMPORTED, detail=detail, now=now)
    return result


async def import_people(
    session: AsyncSession, workspace_id: str, rows: Iterable[ImportRow], now: datetime
) -> ImportResult:
    """Store a small file in the session's transaction, all rows or none.

    Raises ImportFileError, which names the line, for the first problem.
    """
    file = PeopleFile(list(rows), ())
    directory = await read_directory(session, workspace_id, columns_of(file))
    plan = await compared(file, directory, now.date())
    return await store_import(session, audit.Attune(workspace_id), plan, directory, now)


async def _write(
    session: AsyncSession, workspace_id: str, updates: Sequence[Mapping[str, Any]]
) -> None:
    """Write rows that all have the same columns.

    The connection's executemany takes half as long as the session's.
    """
    written: dict[str, Any] = {
        name: bindparam(f"new_{name}") for name in updates[0] if name != "id"
    }
    statement = (
        update(_employees)
        .where(_employees.c.workspace_id == workspace_id, _employees.c.id == bindparam("new_id"))
        .values(written)
    )
    connection = await session.connection()
    for start in range(0, len(updates), ROWS_AT_ONCE):
        some = updates[start : start + ROWS_AT_ONCE]
        rows = [{f"new_{name}": value for name, value in row.items()} for row in some]
        await connection.execute(statement, rows)
        await asyncio.sleep(0)  # other requests go on between the parts


async def _last_import(session: AsyncSession, workspace_id: str) -> str | None:
    entry: str | None = await session.scalar(
        select(AuditEntry.id)
        .where(AuditEntry.workspace_id == workspace_id, AuditEntry.action == IMPORTED)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    )
    return entry
