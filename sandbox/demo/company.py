"""The demo's company: 46 people in six teams, three countries, one team too small to be shown."""

import csv
import random
from dataclasses import dataclass
from io import StringIO
from typing import Any

TEAM_ID = "T0DEMO0001"
HR_CHANNEL = "C0PEOPLEOPS"


@dataclass(frozen=True)
class Place:
    """Where people work."""

    name: str
    tz: str
    locale: str


BERLIN = Place("Berlin", "Europe/Berlin", "de-DE")
LISBON = Place("Lisbon", "Europe/Lisbon", "pt-PT")
TORONTO = Place("Toronto", "America/Toronto", "en-CA")


@dataclass(frozen=True)
class DemoTeam:
    """A team, its department, and how its people feel: the mean answer that they tend to."""

    name: str
    department: str
    size: int
    places: tuple[Place, ...]
    mood: float


TEAMS = (
    DemoTeam("People", "Operations", 4, (BERLIN,), 4.0),
    DemoTeam("Engineering", "Product", 12, (BERLIN, LISBON, TORONTO), 3.7),
    DemoTeam("Design", "Product", 7, (LISBON, BERLIN), 3.9),
    DemoTeam("Sales", "Market", 9, (TORONTO, BERLIN), 4.2),
    DemoTeam("Support", "Market", 11, (LISBON, TORONTO), 2.3),
    DemoTeam("Legal", "Operations", 3, (BERLIN,), 3.5),
)
"""Support is running hot after a reorganisation; Legal is too small to be shown alone."""

FIRST_NAMES = (
    "Maya Tomás Ines Jonas Amara Kofi Lena Rui Sofia Arjun Noor Felix Chloé Mateus Yuki Olena "
    "Paul Beatriz Samira Daniel Ana Viktor Leila Hugo Grace Omar Marta Ravi Clara Nils Zeynep "
    "Joana Peter Aïcha Luís Emma Thabo Rita Jan Mei Carlos Hannah Youssef Teresa Adam Ingrid"
).split()
LAST_NAMES = (
    "Lindqvist Ferreira Okafor Weber Haddad Mensah Schulz Almeida Rossi Patel Rahman Brandt "
    "Tremblay Sousa Tanaka Kovalenko Neumann Costa Benali Novak Ribeiro Petrov Moradi Lopes "
    "Campbell Farouk Santos Iyer Hoffmann Berg Yılmaz Pinto Wagner Diallo Marques Fischer Dube "
    "Gomes Kowalski Chen Mendes Roth Amrani Carvalho Murphy Larsen"
).split()


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo company."""

    id: str
    name: str
    handle: str
    email: str
    team: DemoTeam
    place: Place
    hired_on: str


def people() -> list[DemoPerson]:
    """Return everybody, always the same; the first is Maya, who runs HR."""
    chance = random.Random(7)
    staff: list[DemoPerson] = []
    for team in TEAMS:
        for number in range(team.size):
            first, last = FIRST_NAMES[len(staff)], LAST_NAMES[len(staff)]
            handle = first.lower()
            staff.append(
                DemoPerson(
                    id=f"U0DEMO{len(staff):04}",
                    name=f"{first} {last}",
                    handle=handle,
                    email=f"person{len(staff):02}@brightwater.example",
                    team=team,
                    place=team.places[number % len(team.places)],
                    hired_on=f"{chance.randint(2016, 2025)}-{chance.randint(1, 12):02}-01",
                )
            )
    return staff


def workspace() -> dict[str, Any]:
    """Describe the company as the sandbox reads it."""
    staff = people()
    return {
        "team": {"id": TEAM_ID, "name": "Brightwater", "domain": "brightwater"},
        "users": [
            {
                "id": person.id,
                "name": person.handle,
                "real_name": person.name,
                "email": person.email,
                "tz": person.place.tz,
                "locale": person.place.locale,
                "title": person.team.name,
                "is_primary_owner": person is staff[0],
                "is_owner": person is staff[0],
                "is_admin": person is staff[0],
            }
            for person in staff
        ],
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
    staff = people()
    managers = {person.team.name: person for person in reversed(staff)}
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["email", "team", "department", "location", "manager_email", "hired_on"])
    for person in staff:
        manager = managers[person.team.name]
        writer.writerow(
            [
                person.email,
                person.team.name,
                person.team.department,
                person.place.name,
                "" if manager is person else manager.email,
                person.hired_on,
            ]
        )
    return out.getvalue()
