"""The products that a workspace starts with, read from ``starting.toml``. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

MENTORING = "mentoring"
"""The part of Attune that shows by itself how much it is used."""


@dataclass(frozen=True)
class StartingProduct:
    """A product of the file."""

    name: str
    purpose: str
    drivers: tuple[str, ...]
    """Keys of the question bank."""
    signs: str | None = None
    """`MENTORING`, or None."""


def starting_products() -> tuple[StartingProduct, ...]:
    """Return the products in the order of the file."""
    return tuple(
        StartingProduct(each["name"], each["purpose"], tuple(each["drivers"]), each.get("signs"))
        for each in _file()["products"]
    )


def driver_of_theme(theme: str) -> str:
    """Return the driver that a theme of comments is about; most have the same key."""
    return str(_file()["themes"].get(theme, theme))


@cache
def _file() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("starting.toml").read_text("utf-8")
    return tomllib.loads(text)
