"""Kinds of blockers. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.languages import marked


class BlockerKind(StrEnum):
    """What is in a person's way."""

    WAITING = "waiting"
    ACCESS = "access"
    DECISION = "decision"
    GOAL = "goal"
    LOAD = "load"
    OTHER = "other"


LABELS: Final[Mapping[BlockerKind, str]] = {
    BlockerKind.WAITING: marked("I'm waiting for somebody"),
    BlockerKind.ACCESS: marked("I lack access or a tool"),
    BlockerKind.DECISION: marked("A decision is missing"),
    BlockerKind.GOAL: marked("The goal is unclear"),
    BlockerKind.LOAD: marked("It is too much"),
    BlockerKind.OTHER: marked("Something else"),
}
"""As a person chooses them."""
NOUNS: Final[Mapping[BlockerKind, str]] = {
    BlockerKind.WAITING: marked("Waiting for somebody"),
    BlockerKind.ACCESS: marked("Access or a tool"),
    BlockerKind.DECISION: marked("A decision"),
    BlockerKind.GOAL: marked("An unclear goal"),
    BlockerKind.LOAD: marked("Too much at once"),
    BlockerKind.OTHER: marked("Something else"),
}
"""As figures name them."""
MOSTLY: Final[Mapping[BlockerKind, str]] = {
    BlockerKind.WAITING: marked("mostly waiting for somebody"),
    BlockerKind.ACCESS: marked("mostly access or a tool"),
    BlockerKind.DECISION: marked("mostly a decision"),
    BlockerKind.GOAL: marked("mostly an unclear goal"),
    BlockerKind.LOAD: marked("mostly too much at once"),
    BlockerKind.OTHER: marked("mostly something else"),
}
"""As a line about a team names the one that stands out."""
