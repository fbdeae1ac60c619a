"""Brightwater, the demo's company: 120 people in eight teams and four countries.

Support burns out after a reorganisation. Newcomers settle in better since they've had buddies.
Legal has three people: too few to show alone. The tests of handlers use a smaller Brightwater.
"""

import csv
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final

TEAM_ID: Final = "T0DEMO0001"
HR_CHANNEL: Final = "C0PEOPLEOPS"
NEWCOMERS_CHANNEL: Final = "C0NEWCOMERS"
SUPPORT: Final = "Support"
IN_GROUPS: Final = ("Engineering", "Design", SUPPORT)
"""The teams that have a user group in Slack."""
SQUADS: Final = ("Web", "Mobile")
SQUAD_FIELD: Final = {
    "id": "Xf0SQUAD",
    "label": "Squad",
    "type": "options_list",
    "possible_values": list(SQUADS),
}
"""A custom field of profiles, which engineers fill in."""
FRIDAY: Final = 4
JOINING: Final = (2, 2, 0, 0, 0, 5, 2, 2, 2, 2, 2, 2)
"""How many people joined in each four weeks of a year, up to four weeks ago."""
LEFT_WEEKS_AGO: Final = (44, 32, 20)
"""On Fridays, a quarter apart; the next one leaves soon."""
LEAVES_IN: Final = timedelta(days=10)

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
    leaves_on: str = ""


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
    left: tuple[DemoPerson, ...] = ()
    """They left in the year before the story."""
    starting: tuple[DemoPerson, ...] = ()
    """The first day is the working day after the visitor's."""

    @property
    def settled(self) -> tuple[DemoPerson, ...]:
        """Those who have been here for long, and whom no visitor plays."""
        return tuple(
            each for each in self.people if each not in self.newcomers and each.handle not in CAST
        )

    @property
    def ever(self) -> tuple[DemoPerson, ...]:
        """Everybody who was or will be here."""
        return (*self.people, *self.coming, *self.left, *self.starting)

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
            "team": {
                "id": TEAM_ID,
                "name": "Brightwater",
                "domain": "brightwater",
                "profile_fields": [SQUAD_FIELD],
            },
            "users": [slack_user(person) for person in (*self.people, *self.left)],
            "channels": channels,
            "usergroups": self._user_groups(),
        }

    def _user_groups(self) -> list[dict[str, Any]]:
        """Return some teams as user groups; one designer is in the group of Support, too."""
        members = {
            name: [person.handle for person in self.people if person.team.name == name]
            for name in IN_GROUPS
        }
        members[SUPPORT].append(members["Design"][-1])
        return [
            {"handle": name.lower(), "name": name, "users": handles}
            for name, handles in members.items()
        ]

    def directory_csv(self, people: Iterable[DemoPerson] = ()) -> str:
        """Write the HR system's export, as `python -m bot people import` reads it.

        It has these people; without any, all who are here and all who left.
        """
        managers = _managers(self.people)
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow(
            [*("email", "team", "department", "location", "manager_email", "hired_on", "leaves_on")]
        )
        for person in people or (*self.people, *self.left):
            team, manager = person.team, managers[person.team.name]
            reports_to = "" if manager is person else manager.email
            about = [team.name, team.department, person.place.name, reports_to]
            writer.writerow([person.email, *about, person.hired_on, person.leaves_on])
        return out.getvalue()


def brightwater(today: date) -> Company:
    """Return the company; some people joined or left in the year before `today`."""
    monday = today - timedelta(days=today.weekday())
    everybody = _hire("brightwater")
    first_days = _first_days(monday)
    settled = {*CAST, *OFFERS, *(each.handle for each in _managers(everybody).values())}
    large = [each for each in everybody if each.team.size > 10 and each.handle not in settled]
    joined = [
        replace(each, hired_on=first_day.isoformat())
        for each, first_day in zip(large[::4], first_days, strict=False)
    ]
    leaving = replace(
        next(each for each in large[1::4] if each.team.name == "Sales"),
        leaves_on=working_day(today + LEAVES_IN).isoformat(),
    )
    changed = {each.id: each for each in (*joined, leaving)}
    people = tuple(changed.get(each.id, each) for each in everybody)
    coming = tuple(_hire("coming", first=len(people)))
    left = [
        replace(
            each, leaves_on=(monday + timedelta(days=FRIDAY) - timedelta(weeks=weeks)).isoformat()
        )
        for each, weeks in zip(
            _hire("left", first=len(people) + len(coming)), LEFT_WEEKS_AGO, strict=True
        )
    ]
    starting = _hire("starting", first=len(people) + len(coming) + len(left))
    return Company(people, tuple(joined), coming, tuple(left), tuple(starting))


def working_day(day: date) -> date:
    """Return a day, or the Monday after it at a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > FRIDAY else 0)


def _managers(people: Sequence[DemoPerson]) -> Mapping[str, DemoPerson]:
    """Return each team's manager, the first of its people."""
    return {person.team.name: person for person in reversed(people)}


def _first_days(monday: date) -> Iterator[date]:
    """Yield the first day of each person who joined within a year, the earliest first."""
    for number, count in enumerate(JOINING):
        weeks = 4 * (len(JOINING) - number) + 2
        yield from [monday - timedelta(weeks=weeks)] * count


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
        "profile": _custom_fields(person),
        **dict.fromkeys(("is_primary_owner", "is_owner", "is_admin"), person.handle == MAYA),
    }


def _custom_fields(person: DemoPerson) -> dict[str, Any]:
    if person.team.name != "Engineering":
        return {}
    squad = SQUADS[int(person.id[-4:]) % len(SQUADS)]
    return {"fields": {SQUAD_FIELD["id"]: {"value": squad, "alt": ""}}}


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
