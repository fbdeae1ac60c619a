"""The large demo company: 120 people, eight teams, four countries, and a story to discover.

Support burns out after a reorganisation in the fifth week. Newcomers settle in better since each
of them has a buddy, from the seventh week on. Legal has three people: too few to be shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from sandbox.demo.company import HR_CHANNEL, TEAM_ID
from sandbox.demo.staff import (
    BERLIN,
    LISBON,
    SINGAPORE,
    TORONTO,
    DemoPerson,
    DemoTeam,
    hire,
    slack_users,
)

NEWCOMERS_CHANNEL: Final = "C0NEWCOMERS"
SUPPORT: Final = "Support"

TEAMS: Final = (
    DemoTeam("People", "Operations", 6, (BERLIN,), 4.0),
    DemoTeam("Engineering", "Product", 30, (BERLIN, LISBON, TORONTO, SINGAPORE), 3.8),
    DemoTeam("Design", "Product", 12, (LISBON, BERLIN), 3.9),
    DemoTeam("Sales", "Market", 22, (TORONTO, BERLIN, SINGAPORE), 4.1),
    DemoTeam(SUPPORT, "Market", 24, (LISBON, TORONTO, SINGAPORE), 3.9),
    DemoTeam("Finance", "Operations", 9, (BERLIN, TORONTO), 3.6),
    DemoTeam("Marketing", "Market", 14, (LISBON, TORONTO), 3.9),
    DemoTeam("Legal", "Operations", 3, (BERLIN,), 3.5),
)

HISTORY_WEEKS: Final = 12
REORGANISATION: Final = 5
"""The week, counted from 1, in which Support was given a second product to look after."""
BUDDIES: Final = 7
"""The week from which on each newcomer has a buddy."""

NEWCOMERS: Final = 18
MAYA: Final = "maya"
"""HR admin: she owns the workspace."""
EMPLOYEE: Final = "noor"
"""An engineer."""
MENTOR: Final = "adam"
"""A designer who has been there for long, and speaks well in public."""


def staff(today: date) -> list[DemoPerson]:
    """Return everybody; some joined in the months before `today`, at least four of a team."""
    everybody = hire(TEAMS)
    recent = [person for person in everybody if person.team.size > 10][::5][:NEWCOMERS]
    joined = {
        person.id: (today - timedelta(days=20 + 9 * number)).isoformat()
        for number, person in enumerate(recent)
    }
    return [
        replace(person, hired_on=joined.get(person.id, person.hired_on)) for person in everybody
    ]


def newcomers(people: Sequence[DemoPerson], today: date) -> list[DemoPerson]:
    """Return those who joined in the year before `today`."""
    year_ago = (today - timedelta(days=365)).isoformat()
    return [person for person in people if person.hired_on > year_ago]


def workspace(people: Sequence[DemoPerson], today: date) -> dict[str, Any]:
    """Describe the company as the sandbox reads it."""
    return {
        "team": {"id": TEAM_ID, "name": "Brightwater", "domain": "brightwater"},
        "users": slack_users(people),
        "channels": [
            {"name": "general", "is_general": True, "members": "all"},
            {
                "id": HR_CHANNEL,
                "name": "people-ops",
                "topic": "HR's own channel",
                "members": [*(p.handle for p in people if p.team.name == "People"), "attune"],
            },
            {
                "id": NEWCOMERS_CHANNEL,
                "name": "new-here",
                "topic": "For your first year",
                "members": [
                    *(person.handle for person in newcomers(people, today)),
                    MAYA,
                    "attune",
                ],
            },
        ],
    }
