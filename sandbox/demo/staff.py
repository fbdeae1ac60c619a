"""People of a demo company, and the ways in which Slack and HR's file describe them."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where people work."""

    name: str
    tz: str
    locale: str


@dataclass(frozen=True)
class DemoTeam:
    """A team, its department, and how its people feel: the mean answer (1 to 5) they tend to."""

    name: str
    department: str
    size: int
    places: tuple[Place, ...]
    mood: float


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of a demo company."""

    id: str
    name: str
    handle: str
    email: str
    team: DemoTeam
    place: Place
    hired_on: str


BERLIN = Place("Berlin", "Europe/Berlin", "de-DE")
LISBON = Place("Lisbon", "Europe/Lisbon", "pt-PT")
TORONTO = Place("Toronto", "America/Toronto", "en-CA")
SINGAPORE = Place("Singapore", "Asia/Singapore", "en-SG")

FIRST_NAMES = (
    "Maya Tomás Ines Jonas Amara Kofi Lena Rui Sofia Arjun Noor Felix Chloé Mateus Yuki Olena "
    "Paul Beatriz Samira Daniel Ana Viktor Leila Hugo Grace Omar Marta Ravi Clara Nils Zeynep "
    "Joana Peter Aïcha Luís Emma Thabo Rita Jan Mei Carlos Hannah Youssef Teresa Adam Ingrid "
    "Wei Priya Lukas Fatima Oscar Nadia Bruno Eszter Kwame Sara Diego Aylin Simon Hana Tariq "
    "Vera Miguel Anouk Kenji Rosa Ilias Greta Pedro Zainab Erik Lucia Sanjay Mila Andrés Freya "
    "Hassan Julia Tiago Noemi Farid Elena Jakob Amina Rafael Signe Deepa Matteo Ewa Idris Laura "
    "Kaito Bianca Stefan Yara Gabriel Astrid Naveen Milan Tobias Shirin Marco Linnea Ayo Catarina "
    "Florian Nia Sergio Malin Aditi Vasco Heidi Khalid Paula Ruben Sunita Niklas Carmen Dario "
    "Elif"
).split()
"""No two alike: the handle is made of it."""
LAST_NAMES = (
    "Lindqvist Ferreira Okafor Weber Haddad Mensah Schulz Almeida Rossi Patel Rahman Brandt "
    "Tremblay Sousa Tanaka Kovalenko Neumann Costa Benali Novak Ribeiro Petrov Moradi Lopes "
    "Campbell Farouk Santos Iyer Hoffmann Berg Yılmaz Pinto Wagner Diallo Marques Fischer Dube "
    "Gomes Kowalski Chen Mendes Roth Amrani Carvalho Murphy Larsen"
).split()


def hire(teams: Sequence[DemoTeam], seed: int = 7) -> list[DemoPerson]:
    """Return everybody in these teams, always the same; the first is Maya, who runs HR."""
    chance = random.Random(seed)
    staff: list[DemoPerson] = []
    for team in teams:
        for number in range(team.size):
            first = FIRST_NAMES[len(staff)]
            last = LAST_NAMES[len(staff) % len(LAST_NAMES)]
            staff.append(
                DemoPerson(
                    id=f"U0DEMO{len(staff):04}",
                    name=f"{first} {last}",
                    handle=first.lower(),
                    email=f"person{len(staff):02}@brightwater.example",
                    team=team,
                    place=team.places[number % len(team.places)],
                    hired_on=f"{chance.randint(2016, 2025)}-{chance.randint(1, 12):02}-01",
                )
            )
    return staff


def slack_users(staff: Sequence[DemoPerson]) -> list[Json]:
    """Describe people as the sandbox reads them; the first owns the workspace."""
    return [
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
    ]


def directory_of(staff: Sequence[DemoPerson]) -> str:
    """Write the HR system's export, as `python -m bot people import` reads it."""
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
