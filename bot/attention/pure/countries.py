"""The country of a place that HR's import names, for its public holidays."""

import re
from functools import cache
from importlib import resources
from typing import Final

_TABLES: Final = resources.files("tzdata.zoneinfo")


@cache
def country_at(location: str | None) -> str | None:
    """Return the ISO 3166 code of a location such as "Berlin", "Remote, Portugal" or "PT".

    Knows the countries' English names, their codes and the cities of tzdata's zones; None for
    anything else, and for a name that would fit several countries.

    >>> country_at("Lisbon"), country_at("Home office (France)"), country_at("Building 7")
    ('PT', 'FR', None)
    """
    if not location:
        return None
    words = re.findall(r"\w+", location)
    # A code is the last word: "IT" may stand for a department elsewhere.
    found = {word for word in words[-1:] if word in _codes()}
    names = _names()
    plain = [word.casefold() for word in words]
    for length in range(1, 5):
        for start in range(len(plain) - length + 1):
            found |= names.get(" ".join(plain[start : start + length]), set())
    return found.pop() if len(found) == 1 else None


@cache
def country_of(zone: str) -> str | None:
    """Return the ISO 3166 code of a zone's country by tzdata's table; None for "UTC"."""
    return _zones().get(zone)


@cache
def _zones() -> dict[str, str]:
    return {name: country for country, _, name in _lines("zone.tab", 3)}


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _ in _lines("iso3166.tab", 2))


@cache
def _names() -> dict[str, set[str]]:
    """Return the countries of each name of a country or city."""
    names: dict[str, set[str]] = {}
    for code, name in _lines("iso3166.tab", 2):
        names.setdefault(_plain(name), set()).add(code)
    for zone, country in _zones().items():
        names.setdefault(_plain(zone.rpartition("/")[2]), set()).add(country)
    return names


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _lines(table: str, columns: int) -> list[list[str]]:
    text = _TABLES.joinpath(table).read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [line[:columns] for line in lines]
