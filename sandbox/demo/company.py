"""Brightwater, the demo's company: 120 people in eight teams and four countries.

Support burns out after a reorganisation. Newcomers settle in better since they've had buddies.
Legal has three people: too few to show alone. The tests of handlers use a smaller Brightwater.
"""

import csv
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final

TEAM_ID: Final = "T0DEMO0001"
HR_CHANNEL: Final = "C0PEOPLEOPS"
NEWCOMERS_CHANNEL: Final = "C0NEWCOMERS"
SUPPORT: Final = "Support"
NEWCOMERS: Final = 18

MAYA: Final = "maya"
"""HR admin: she owns the workspace."""
NOOR: Final = "noor"
"""An engineer."""
ADAM: Final = "adam"
"""A designer with many years here, who speaks well in public."""
MILA: Final = "mila"
"""She has been in Support for long, and writes to HR."""
CAST: Final[Mapping[str, str]] = {
    MAYA: "HR",
    NOOR: "an engineer",
    ADAM: "a designer",
    MILA: "in Support",
}
"""The people of the story, whom a visitor plays, and what they are."""


@dataclass(frozen=True)
class Place:
    """Where people work."""

    name: str
    tz: str
    locale: str


@dataclass(frozen=True)
class DemoTeam:
    """A team; `mood` is the mean answer, from 1 to 5, that its people tend to give."""

    name: str
    department: str
    size: int
    mood: float


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who works at Brightwater."""

    id: str
    name: str
    handle: str
    email: str
    team: DemoTeam
    place: Place
    hired_on: str


DATA: Final[Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_name("company.toml").read_text("utf-8")
)
OFFERS: Final[Mapping[str, list[str]]] = DATA["offers"]
WANTS: Final[Mapping[str, str]] = DATA["wants"]
"""The topics in which people mentor, and look for a mentor, by handle."""


@dataclass(frozen=True)
class Company:
    """People, as Slack and HR's file describe them; the first is Maya."""

    people: tuple[DemoPerson, ...]
    newcomers: tuple[DemoPerson, ...] = ()
    """They joined within a year and have a channel of their own."""
    coming: tuple[DemoPerson, ...] = ()
    """They are hired in the story."""

    def find(self, handle: str) -> DemoPerson:
        """Return the person with a handle."""
        return next(person for person in self.people if person.handle == handle)

    def workspace(self) -> dict[str, Any]:
        """Describe the company as the sandbox reads it."""
        hr = [person.handle for person in self.people if person.team.name == "People"]
        new_here = [*(person.handle for person in self.newcomers), MAYA, "attune"]
        channels: list[dict[str, Any]] = [
            {"name": "general", "is_general": True, "members": "all"},
            _channel(HR_CHANNEL, "people-ops", "HR's own channel", [*hr, "attune"]),
        ]
        if self.newcomers:
            topic = "For your first year"
            channels.append(_channel(NEWCOMERS_CHANNEL, "new-here", topic, new_here))
        return {
            "team": {"id": TEAM_ID, "name": "Brightwater", "domain": "brightwater"},
            "users": [slack_user(person) for person in self.people],
            "channels": channels,
        }

    def directory_csv(self) -> str:
        """Write the HR system's export, as `python -m bot people import` reads it."""
        managers = {person.team.name: person for person in reversed(self.people)}
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow(["email", "team", "department", "location", "manager_email", "hired_on"])
        for person in self.people:
            team, manager = person.team, managers[person.team.name]
            reports_to = "" if manager is person else manager.email
            about = [team.name, team.department, person.place.name, reports_to, person.hired_on]
            writer.writerow([person.email, *about])
        return out.getvalue()


def brightwater(today: date) -> Company:
    """Return the company; some people joined in the months before `today`."""
    everybody = _hire("brightwater")
    recent = [person for person in everybody if person.team.size > 10][::5][:NEWCOMERS]
    joined = {
        person.id: (today - timedelta(days=20 + 9 * number)).isoformat()
        for number, person in enumerate(recent)
    }
    people = tuple(replace(each, hired_on=joined.get(each.id, each.hired_on)) for each in everybody)
    year_ago = (today - timedelta(days=365)).isoformat()
    newcomers = tuple(person for person in people if person.hired_on > year_ago)
    return Company(people, newcomers, tuple(_hire("coming", first=len(people))))


def people() -> list[DemoPerson]:
    """Return the people of the small Brightwater, always the same."""
    return _hire("small")


def workspace() -> dict[str, Any]:
    """Describe the small Brightwater as the sandbox reads it."""
    return Company(tuple(people())).workspace()


def directory_csv() -> str:
    """Write the HR system's export of the small Brightwater."""
    return Company(tuple(people())).directory_csv()


def slack_user(person: DemoPerson) -> dict[str, Any]:
    """Describe a person as the sandbox reads it."""
    return {
        "id": person.id,
        "name": person.handle,
        "real_name": person.name,
        "email": person.email,
        "tz": person.place.tz,
        # Everybody's Slack is in English, so that whoever watches can read along.
        "locale": "en-GB",
        "title": person.team.name,
        **dict.fromkeys(("is_primary_owner", "is_owner", "is_admin"), person.handle == MAYA),
    }


def _hire(company: str, seed: int = 7, first: int = 0) -> list[DemoPerson]:
    """Return the people of some teams; the `first` names are taken already."""
    chance = random.Random(seed)
    first_names, last_names = DATA["names"]["first"].split(), DATA["names"]["last"].split()
    places = {name: Place(name, **about) for name, about in DATA["places"].items()}
    staff: list[DemoPerson] = []
    for team_name, about in DATA["teams"][company].items():
        team = DemoTeam(team_name, about["department"], about["size"], about["mood"])
        for number in range(team.size):
            nth = first + len(staff)
            name = first_names[nth]
            staff.append(
                DemoPerson(
                    id=f"U0DEMO{nth:04}",
                    name=f"{name} {last_names[nth % len(last_names)]}",
                    handle=name.lower(),
                    email=f"person{nth:02}@brightwater.example",
                    team=team,
                    place=places[about["places"][number % len(about["places"])]],
                    hired_on=f"{chance.randint(2016, 2025)}-{chance.randint(1, 12):02}-01",
                )
            )
    return staff


def _channel(channel_id: str, name: str, topic: str, members: list[str]) -> dict[str, Any]:
    return {"id": channel_id, "name": name, "topic": topic, "members": members}
