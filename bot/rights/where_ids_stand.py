"""Where people's ids stand in the tables: what `/pulse my-data` reads and erasing looks at.

A table that is not here holds nothing about a person, or is told and erased by the slice that owns
it: invitations and open answers by `bot.pulse.personal_data`, named responses by `bot.insights`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, String, Table, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.match_states import MENTEE_PASSED, NOT_CONFIRMED
from models import Base


@dataclass(frozen=True)
class IdColumn:
    """A table, and the columns in which a person's id stands."""

    title: str
    """What the rows are to the person."""
    table: str
    people: tuple[str, ...]
    within: tuple[str, ...] = ()
    """JSON columns in which the id may stand among other things."""
    only: tuple[str, ...] = ()
    """The columns that are told; empty for all of them."""
    withheld: tuple[str, ...] = ()
    """Columns that are not told: what somebody else said in confidence."""
    private: bool = False
    """Told to the person alone, never to an operator who exports for them."""
    for_operator: tuple[str, ...] = ()
    """The columns that such an operator is told; empty for the same as the person."""
    told_if: Callable[[Table, str], ColumnElement[bool]] | None = None
    """Which of the rows a person, by their id, is told; all of them where there is none."""


def _mentee_was_told(table: Table, person_id: str) -> ColumnElement[bool]:
    """Tell a mentee of mentors who said yes: whom they never heard of may have declined.

    That includes a yes that was taken back. A mentor is told of every match.
    """
    return or_(
        table.c.mentor_id == person_id,
        table.c.status.in_(("accepted", "active", "completed")),
        table.c.started_at.is_not(None),
        table.c.close_reason.in_((NOT_CONFIRMED, MENTEE_PASSED)),
    )


PLACES: Final = (
    IdColumn("directory", "employees", ("id",)),
    IdColumn("people_who_report_to_you", "employees", ("manager_id",), only=("id",)),
    IdColumn(
        "workspace", "workspaces", ("installer_id", "owner_id"), only=("installer_id", "owner_id")
    ),
    IdColumn("roles", "role_grants", ("employee_id", "granted_by")),
    IdColumn(
        "messages",
        "deliveries",
        # What else names a person in a message to others is told as a coffee group.
        ("recipient", "asked_by"),
        # The rest may hold what colleagues asked each other.
        for_operator=("kind", "status", "due_at"),
    ),
    IdColumn("surveys_you_wrote", "surveys", ("created_by",)),
    IdColumn("digests_you_set_up", "digest_subscriptions", ("created_by",)),
    IdColumn("mentoring_profile", "mentoring_profiles", ("employee_id",), private=True),
    IdColumn(
        "mentoring_matches",
        "mentoring_matches",
        ("mentor_id", "mentee_id"),
        withheld=("close_reason",),
        told_if=_mentee_was_told,
    ),
    IdColumn("mentoring_feedback", "mentoring_feedback", ("employee_id",), private=True),
    IdColumn("mentoring_rounds_you_started", "mentoring_rounds", ("started_by",)),
    IdColumn("coffee_groups", "coffee_groups", (), within=("people",)),
    IdColumn("record_of_acts", "audit_entries", ("actor_id", "subject")),
)


async def rows_about(
    session: AsyncSession,
    place: IdColumn,
    workspace_id: str,
    person_id: str,
    *,
    for_themselves: bool = False,
) -> list[dict[str, Any]]:
    """Return a place's rows about a person, ready for JSON."""
    table = Base.metadata.tables[place.table]
    only = place.only if for_themselves else place.for_operator or place.only
    names = [
        column.name
        for column in table.columns
        if column.name not in (*place.withheld, "workspace_id")
        and (not only or column.name in only)
    ]
    workspace = table.c.id if place.table == "workspaces" else table.c.workspace_id
    query = select(*(table.c[name] for name in names)).where(
        workspace == workspace_id, _is_about(place, person_id)
    )
    if place.told_if:
        query = query.where(place.told_if(table, person_id))
    found = await session.execute(query.order_by(*table.primary_key.columns))
    return [
        {name: for_json(value) for name, value in zip(names, row, strict=True)} for row in found
    ]


def for_json(value: Any) -> Any:
    """Return a column's value as JSON can hold it; moments in ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _is_about(place: IdColumn, person_id: str) -> ColumnElement[bool]:
    table = Base.metadata.tables[place.table]
    return or_(
        *(table.c[name] == person_id for name in place.people),
        *(
            cast(table.c[name], String).contains(f'"{person_id}"', autoescape=True)
            for name in place.within
        ),
    )
