"""What managers can talk about with their team, by cause of strain; from ``team_talks.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from bot.surveys.pure.wellbeing import CAUSES

GENERAL: Final = "general"
"""Stands for a cause where none is known."""

Line = Annotated[str, Field(min_length=10, max_length=150)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid", str_strip_whitespace=True))
class TeamTalk:
    """Questions for a team talk, and one thing to try."""

    cause: str
    about: Line
    """What the cause is about, in plain words."""
    questions: tuple[Line, Line, Line]
    try_: Annotated[Line, Field(alias="try")]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    source: str
    talks: tuple[TeamTalk, ...]


def talk_about(cause: str) -> TeamTalk:
    """Return the talk about a cause; the general one for an unknown cause."""
    found = _by_cause()
    return found.get(cause, found[GENERAL])


def source() -> str:
    """Say where the structure of the talks is from."""
    return _file().source


@cache
def _by_cause() -> Mapping[str, TeamTalk]:
    found = {each.cause: each for each in _file().talks}
    if found.keys() != {*CAUSES, GENERAL}:
        raise ValueError("team_talks.toml needs one talk for each cause, and a general one")
    return found


@cache
def _file() -> _File:
    text = resources.files(__package__).joinpath("team_talks.toml").read_text("utf-8")
    return TypeAdapter(_File).validate_python(tomllib.loads(text))
