"""Rows for tests, with sensible defaults."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import Employee, MentoringMatch, RoleGrant, Survey, SurveyQuestion, Workspace

WORKSPACE = "T0ATTUNE"
ADMIN = "U0MAYA"
JOINED = datetime(2026, 1, 5, tzinfo=UTC)


def workspace(**changes: Any) -> Workspace:
    """Build a workspace row."""
    fields: dict[str, Any] = {
        "id": WORKSPACE,
        "name": "Acme",
        "bot_user_id": "U0BOT",
        "scopes": "",
        "tz": "Europe/Berlin",
        "min_group_size": 5,
        "installed_at": JOINED,
    }
    return Workspace(**{**fields, **changes})


def employee(id: str, **changes: Any) -> Employee:  # noqa: A002 (the column's own name)
    """Build an active employee in Berlin."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "id": id,
        "name": f"Person {id}",
        "email": f"{id.lower()}@example.com",
        "active": True,
        "tz": "Europe/Berlin",
        "locale": "en-GB",
        "slack_updated": 0,
    }
    return Employee(**{**fields, **changes})


def question(position: int = 0, **changes: Any) -> SurveyQuestion:
    """Build a workload question on the agree scale."""
    fields: dict[str, Any] = {
        "position": position,
        "text": "My workload is manageable.",
        "driver": "workload",
        "scale": "agree",
        "direction": 1,
        "options": [],
    }
    return SurveyQuestion(**{**fields, **changes})


def survey(*questions: SurveyQuestion, **changes: Any) -> Survey:
    """Build a weekly anonymous survey of everyone, with one question unless others are given."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "name": "Weekly pulse",
        "created_by": ADMIN,
        "created_at": JOINED,
        "anonymous": True,
        "audience": "everyone",
        "cadence": "weekly",
        "starts_on": date(2026, 11, 3),
        "ask_at": time(10, 0),
        "open_hours": 72,
        "status": "active",
        "next_open_at": datetime(2026, 11, 3, 9, 0, tzinfo=UTC),
        "next_on": date(2026, 11, 3),
        "questions": list(questions) or [question()],
    }
    return Survey(**{**fields, **changes})


def match(mentee_id: str, **changes: Any) -> MentoringMatch:
    """Build an active match of somebody and their mentor."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "mentor_id": "U0MENTOR",
        "mentee_id": mentee_id,
        "status": "active",
        "score": 0.5,
        "reasons": [],
        "waiting_since": JOINED,
        "proposed_at": JOINED,
        "started_at": JOINED,
    }
    return MentoringMatch(**{**fields, **changes})


async def company(session: AsyncSession, teams: dict[str, int], **changes: Any) -> list[Employee]:
    """Store a workspace with an HR admin and `teams` of the given sizes; return the people.

    The admin, Maya, is an employee of the team "People" beside them.
    """
    session.add(workspace())
    await session.flush()
    people = [
        employee(f"U{team[:4].upper()}{number:03}", **{"team": team, **changes})
        for team, size in teams.items()
        for number in range(size)
    ]
    maya = employee(ADMIN, name="Maya", team="People")
    grant = RoleGrant(
        workspace_id=WORKSPACE,
        employee_id=ADMIN,
        role="admin",
        granted_at=JOINED - timedelta(days=1),
    )
    session.add_all([*people, maya, grant])
    await session.flush()
    return people
