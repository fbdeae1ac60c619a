"""The stored directory, synced from Slack."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.people import audit, roles
from bot.people.pure.directory import Person
from bot.people.roles import Role
from bot.people.setup_notice import offer_first_steps
from models import Employee, Workspace
from models.database import insert_into

BATCH: Final = 500
"""People per statement: both databases take fewer than 33,000 values at once."""
FALLBACK_ZONE: Final = "UTC"


@dataclass(frozen=True)
class SyncResult:
    """The result of a full sync."""

    employees: int
    joined: int
    """New employees."""
    left: int
    """Former employees."""


async def sync_people(
    session: AsyncSession,
    workspace_id: str,
    people: Iterable[Person],
    now: datetime,
    first_admins: Collection[str] = (),
) -> SyncResult:
    """Store the whole directory; people missing from it have left.

    `now` is when reading the directory began: changes by later events are newer, and stay. The
    first sync sets the workspace's zone. If there is no HR admin, one is appointed: the employees
    among `first_admins` if there never was an admin, otherwise the installer or the workspace's
    owner. Raises ValueError for a directory without employees, which must be a mistake.
    """
    everybody = _latest(people)
    if not any(person.active for person in everybody):
        raise ValueError("the directory holds no employee")
    workspace = await session.get_one(Workspace, workspace_id)
    if workspace.synced_at is None:
        workspace.tz = _workspace_zone(everybody, workspace.installer_id)
    workspace.owner_id = _owner(everybody)
    before = await _employee_ids(session, workspace_id)
    known = await _known_ids(session, workspace_id)
    # Only employees are added: no names of bots, outsiders and former employees are kept.
    kept = [person for person in everybody if person.active or person.id in known]
    for batch in _batches(kept):
        await _upsert(session, workspace, batch, now)
    for ids in _batches(sorted(before - {person.id for person in everybody})):
        await _mark_left(session, workspace_id, ids, now)
    workspace.synced_at = now
    await _appoint_admins(session, workspace, first_admins, now)
    after = await _employee_ids(session, workspace_id)
    return SyncResult(len(after), len(after - before), len(before - after))


async def apply_change(
    session: AsyncSession, workspace_id: str, person: Person, now: datetime
) -> None:
    """Store one person's change from an event, unless something newer is stored.

    Bots and outsiders are not stored, but an employee who became a guest is kept as a leaver.
    """
    workspace = await session.get_one(Workspace, workspace_id)
    if not person.is_member and await session.get(Employee, (workspace_id, person.id)) is None:
        return
    if person.is_primary_owner and await _is_news(session, workspace_id, person):
        workspace.owner_id = person.id
    await _upsert(session, workspace, [person], now)


async def note_quiet(
    session: AsyncSession, workspace_id: str, person_id: str, until: datetime | None
) -> None:
    """Store until when an employee is not to be disturbed; None ends it."""
    await session.execute(
        update(Employee)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.id == person_id,
            Employee.active.is_(True),
        )
        .values(quiet_until=until)
    )


async def list_teams(session: AsyncSession, workspace_id: str) -> list[str]:
    """Return the names of all teams with an active employee, in order."""
    return await _names_of(session, workspace_id, Employee.team)


async def list_departments(session: AsyncSession, workspace_id: str) -> list[str]:
    """Return the names of all departments with an active employee, in order."""
    return await _names_of(session, workspace_id, Employee.department)


async def list_locations(session: AsyncSession, workspace_id: str) -> list[str]:
    """Return the names of all locations with an active employee, in order."""
    return await _names_of(session, workspace_id, Employee.location)


async def _names_of(
    session: AsyncSession, workspace_id: str, column: InstrumentedAttribute[str | None]
) -> list[str]:
    names = await session.scalars(
        select(column)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.active.is_(True),
            column.is_not(None),
        )
        .distinct()
    )
    return sorted((name for name in names if name), key=str.casefold)


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Split a list into pieces that fit one statement."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _latest(people: Iterable[Person]) -> list[Person]:
    """Keep one entry per person: while pages are read, somebody may move to a later page."""
    latest: dict[str, Person] = {}
    for person in people:
        if person.id not in latest or latest[person.id].updated <= person.updated:
            latest[person.id] = person
    return list(latest.values())


def _owner(people: Iterable[Person]) -> str | None:
    """Return the workspace's primary owner; Slack has exactly one."""
    return next((person.id for person in people if person.is_primary_owner), None)


async def _is_news(session: AsyncSession, workspace_id: str, person: Person) -> bool:
    """Return True unless an event is older than the row: Slack repeats events for an hour."""
    known = await session.get(Employee, (workspace_id, person.id))
    return known is None or known.slack_updated <= person.updated


def _workspace_zone(people: Collection[Person], installer_id: str | None) -> str:
    """Choose the zone of survey dates: the installer's, or the most common one."""
    zones = {person.id: person.tz for person in people if person.active and person.tz}
    if installer_id in zones:
        return zones[installer_id]
    counted = Counter(zones.values())
    return min(counted, key=lambda zone: (-counted[zone], zone)) if counted else FALLBACK_ZONE


async def _known_ids(session: AsyncSession, workspace_id: str) -> set[str]:
    ids = await session.scalars(select(Employee.id).where(Employee.workspace_id == workspace_id))
    return set(ids)


async def _employee_ids(session: AsyncSession, workspace_id: str) -> set[str]:
    ids = await session.scalars(
        select(Employee.id).where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
    )
    return set(ids)


async def _upsert(
    session: AsyncSession, workspace: Workspace, people: Sequence[Person], now: datetime
) -> None:
    """Insert or update people.

    Rows with a newer change, and rows of people who asked to be forgotten, stay as they are.
    """
    statement = insert_into(session, Employee)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=[Employee.workspace_id, Employee.id],
        set_={
            "name": new.name,
            "nick": new.nick,
            "email": func.coalesce(new.email, Employee.email),
            "active": new.active,
            "tz": new.tz,
            "locale": func.coalesce(new.locale, Employee.locale),
            "away_until": new.away_until,
            "slack_updated": new.slack_updated,
            "seen_on": case(
                (and_(Employee.active.is_(False), new.active), new.seen_on),
                else_=Employee.seen_on,
            ),
            "left_at": case((new.active, None), else_=func.coalesce(Employee.left_at, new.left_at)),
        },
        where=and_(Employee.slack_updated <= new.slack_updated, Employee.do_not_contact.is_(False)),
    )
    rows = [
        {
            "workspace_id": workspace.id,
            "id": person.id,
            "name": person.name,
            "nick": person.nick,
            "email": person.email,
            "active": person.active,
            "tz": person.tz or workspace.tz,
            "locale": person.locale,
            "away_until": person.away_until,
            "slack_updated": person.updated,
            # The first sync tells of nobody that they are new.
            "seen_on": now.date() if workspace.synced_at else None,
            "left_at": None if person.active else now,
        }
        for person in people
    ]
    # The connection's executemany sends rows without building a statement for each.
    await (await session.connection()).execute(statement, rows)


async def _mark_left(
    session: AsyncSession, workspace_id: str, ids: Collection[str], now: datetime
) -> None:
    await session.execute(
        update(Employee)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.id.in_(ids),
            Employee.slack_updated < int(now.timestamp()),
        )
        .values(active=False, left_at=now)
    )


async def _appoint_admins(
    session: AsyncSession, workspace: Workspace, named: Collection[str], now: datetime
) -> None:
    """Make the people named in the settings HR admins, or the installer, or the owner.

    The settings count only until the workspace's first admin; afterwards HR decides. With a bare
    bot token the installer is unknown, but somebody must be able to start. The first admin ever,
    the installer before others, is offered the first steps.
    """
    if await roles.has_admin(session, workspace.id):
        return
    employees = await _employee_ids(session, workspace.id)
    chosen: list[str] = []
    is_first = not await roles.had_admin(session, workspace.id)
    if is_first:
        chosen = sorted(employees.intersection(named))
    if not chosen:
        fallbacks = (workspace.installer_id, workspace.owner_id)
        chosen = [id_ for id_ in fallbacks if id_ in employees][:1]
    for id_ in chosen:
        await roles.grant(session, audit.Attune(workspace.id), id_, Role.ADMIN, now)
    if is_first and chosen:
        begins = workspace.installer_id if workspace.installer_id in chosen else chosen[0]
        await offer_first_steps(session, workspace.id, begins, now)
