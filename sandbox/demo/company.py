"""The small demo company: 46 people in six teams, three countries, one too small to be shown."""

from typing import Any

from sandbox.demo.staff import (
    BERLIN,
    LISBON,
    TORONTO,
    DemoPerson,
    DemoTeam,
    directory_of,
    hire,
    slack_users,
)

TEAM_ID = "T0DEMO0001"
HR_CHANNEL = "C0PEOPLEOPS"

TEAMS = (
    DemoTeam("People", "Operations", 4, (BERLIN,), 4.0),
    DemoTeam("Engineering", "Product", 12, (BERLIN, LISBON, TORONTO), 3.7),
    DemoTeam("Design", "Product", 7, (LISBON, BERLIN), 3.9),
    DemoTeam("Sales", "Market", 9, (TORONTO, BERLIN), 4.2),
    DemoTeam("Support", "Market", 11, (LISBON, TORONTO), 2.3),
    DemoTeam("Legal", "Operations", 3, (BERLIN,), 3.5),
)
"""Support is running hot after a reorganisation; Legal is too small to be shown alone."""


def people() -> list[DemoPerson]:
    """Return everybody, always the same; the first is Maya, who runs HR."""
    return hire(TEAMS)


def workspace() -> dict[str, Any]:
    """Describe the company as the sandbox reads it."""
    staff = people()
    return {
        "team": {"id": TEAM_ID, "name": "Brightwater", "domain": "brightwater"},
        "users": slack_users(staff),
        "channels": [
            {"name": "general", "is_general": True, "members": "all"},
            {
                "id": HR_CHANNEL,
                "name": "people-ops",
                "topic": "HR's own channel",
                "members": [
                    *(person.handle for person in staff if person.team.name == "People"),
                    "attune",
                ],
            },
        ],
    }


def directory_csv() -> str:
    """Write the HR system's export, as `python -m bot people import` reads it."""
    return directory_of(people())
