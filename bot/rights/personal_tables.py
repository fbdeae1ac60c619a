"""Tables that contain people's ids, and which of their columns `/pulse my-data` shows.

A table that is missing here holds nothing about a person, or its own slice reads and erases it:
invitations, open answers and pools in `bot.pulse.personal_data`, named responses in `bot.insights`,
counted blockers in `bot.blockers.counting`.
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
class PersonalTable:
    """A table, and its columns that contain a person's id."""

    title: str
    """Key of the rows in a person's export."""
    table: str
    id_columns: tuple[str, ...]
    json_columns: tuple[str, ...] = ()
    """JSON columns that may contain the id among other things."""
    shown_columns: tuple[str, ...] = ()
    """Columns to show; empty for all."""
    withheld_columns: tuple[str, ...] = ()
    """Columns that are never shown: what somebody else said in confidence."""
    only_to_themselves: bool = False
    """True if only the person may see the rows, not an operator who exports for them."""
    operator_columns: tuple[str, ...] = ()
    """Columns to show to such an operator; empty for the same as the person."""
    row_filter: Callable[[Table, str], ColumnElement[bool]] | None = None
    """Returns the condition for rows that a person (by id) may see; None for all rows."""


def _mentee_was_told(table: Table, person_id: str) -> ColumnElement[bool]:
    """Return the condition for matches that a person may see.

    A mentor sees every match. A mentee sees only mentors whom they heard of: the others may have
    declined, or taken back their acceptance.
    """
    return or_(
        table.c.mentor_id == person_id,
        table.c.status.in_(("accepted", "active", "completed")),
        table.c.started_at.is_not(None),
        table.c.close_reason.in_((NOT_CONFIRMED, MENTEE_PASSED)),
    )


def _buddy_said_yes(table: Table, person_id: str) -> ColumnElement[bool]:
    """Return the condition for welcomes that a person may see.

    A newcomer hears of a buddy only when that one has said yes: whoever is asked may say no.
    """
    return or_(table.c.newcomer_id != person_id, table.c.status == "accepted")


PERSONAL_TABLES: Final = (
    PersonalTable("directory", "employees", ("id",)),
    PersonalTable("people_who_report_to_you", "employees", ("manager_id",), shown_columns=("id",)),
    PersonalTable(
        "workspace",
        "workspaces",
        ("installer_id", "owner_id", "help_person"),
        shown_columns=("installer_id", "owner_id", "help_person"),
    ),
    PersonalTable("team_read_from_slack", "team_readings", ("employee_id",)),
    PersonalTable("roles", "role_grants", ("employee_id", "granted_by")),
    PersonalTable(
        "messages",
        "deliveries",
        # Other mentions in messages are shown as coffee groups.
        ("recipient", "asked_by"),
        # When a colleague had time for a question is theirs to tell.
        withheld_columns=("reason", "look_at", "send_by", "bundle", "readers"),
        # The other columns may contain questions between colleagues.
        operator_columns=("kind", "status", "due_at"),
    ),
    PersonalTable("when_attune_writes_to_you", "attention_preferences", ("employee_id",)),
    PersonalTable("days_with_a_message", "interruptions", ("employee_id",)),
    PersonalTable("surveys_you_wrote", "surveys", ("created_by",)),
    PersonalTable("questions_of_the_company_pulse", "questions_asked", ("employee_id",)),
    PersonalTable("milestones_you_passed", "journey_steps", ("employee_id",)),
    PersonalTable("journeys_paused", "journey_pauses", ("employee_id",)),
    PersonalTable(
        "welcomes_of_newcomers",
        "welcomes",
        ("newcomer_id", "buddy_id", "told_id"),
        # Who could not be the buddy is between them and those who pick.
        withheld_columns=("declined",),
        row_filter=_buddy_said_yes,
    ),
    PersonalTable("digests_you_set_up", "digest_subscriptions", ("created_by",)),
    PersonalTable("alerts_you_set_up", "alert_channels", ("created_by",)),
    PersonalTable(
        "mentoring_profile", "mentoring_profiles", ("employee_id",), only_to_themselves=True
    ),
    PersonalTable(
        "mentoring_matches",
        "mentoring_matches",
        ("mentor_id", "mentee_id"),
        withheld_columns=("close_reason",),
        row_filter=_mentee_was_told,
    ),
    PersonalTable(
        "mentoring_feedback", "mentoring_feedback", ("employee_id",), only_to_themselves=True
    ),
    PersonalTable("goals", "goals", ("employee_id",), only_to_themselves=True),
    PersonalTable(
        "what_you_said_of_goals", "goal_checkins", ("employee_id",), only_to_themselves=True
    ),
    PersonalTable(
        "goals_shared_with_you",
        "goals",
        ("shared_with",),
        shown_columns=("employee_id", "text", "measure", "due_on", "status"),
        only_to_themselves=True,
    ),
    PersonalTable("learning_slots", "learning_slots", ("employee_id",), only_to_themselves=True),
    PersonalTable(
        "learning_time_you_got", "learning_answers", ("employee_id",), only_to_themselves=True
    ),
    PersonalTable("mentoring_rounds_you_started", "mentoring_rounds", ("started_by",)),
    PersonalTable(
        "topics_you_are_found_by", "mentoring_offers", ("employee_id",), only_to_themselves=True
    ),
    PersonalTable(
        "questions_you_asked_or_answered",
        "knowledge_questions",
        ("asker_id", "author_id"),
        # What was asked and answered is between colleagues.
        operator_columns=("status", "asked_at", "answered_at"),
    ),
    PersonalTable("questions_you_were_asked", "knowledge_requests", ("helper_id",)),
    PersonalTable(
        "answers_kept_for_others",
        "knowledge_cards",
        ("author_id",),
        withheld_columns=("words",),
        operator_columns=("id", "checked_on"),
    ),
    PersonalTable(
        "blockers",
        "blockers",
        ("asker_id", "helper_id"),
        # The sentence is the asker's and the helper's.
        operator_columns=("status", "opened_at", "closed_at"),
    ),
    PersonalTable("asked_to_help_with_blockers", "blocker_requests", ("helper_id",)),
    PersonalTable("how_you_take_part_in_blockers", "blocker_preferences", ("employee_id",)),
    PersonalTable("coffee_groups", "coffee_groups", (), json_columns=("people",)),
    PersonalTable("conversations_with_hr_by_name", "voice_threads", ("author_id",)),
    PersonalTable("products_you_look_after", "people_products", ("owner_id",)),
    PersonalTable(
        "items_you_look_after",
        "product_items",
        ("owner_id",),
        # The figures behind an item are about a group.
        withheld_columns=("evidence",),
    ),
    PersonalTable("items_you_changed", "item_steps", ("by_id",)),
    PersonalTable("record_of_acts", "audit_entries", ("actor_id", "subject")),
)


async def rows_about(
    session: AsyncSession,
    source: PersonalTable,
    workspace_id: str,
    person_id: str,
    *,
    for_themselves: bool = False,
) -> list[dict[str, Any]]:
    """Return a table's rows about a person, ready for JSON."""
    table = Base.metadata.tables[source.table]
    shown_columns = (
        source.shown_columns if for_themselves else source.operator_columns or source.shown_columns
    )
    names = [
        column.name
        for column in table.columns
        if column.name not in (*source.withheld_columns, "workspace_id")
        and (not shown_columns or column.name in shown_columns)
    ]
    workspace = table.c.id if source.table == "workspaces" else table.c.workspace_id
    query = select(*(table.c[name] for name in names)).where(
        workspace == workspace_id, _is_about(source, person_id)
    )
    if source.row_filter:
        query = query.where(source.row_filter(table, person_id))
    found = await session.execute(query.order_by(*table.primary_key.columns))
    return [
        {name: for_json(value) for name, value in zip(names, row, strict=True)} for row in found
    ]


def for_json(value: Any) -> Any:
    """Return a column's value ready for JSON; dates and times in ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _is_about(source: PersonalTable, person_id: str) -> ColumnElement[bool]:
    table = Base.metadata.tables[source.table]
    return or_(
        *(table.c[name] == person_id for name in source.id_columns),
        *(
            cast(table.c[name], String).contains(f'"{person_id}"', autoescape=True)
            for name in source.json_columns
        ),
    )
