"""Kinds of blockers. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class BlockerKind(StrEnum):
    """What is in a person's way."""

    WAITING = "waiting"
    ACCESS = "access"
    DECISION = "decision"
    GOAL = "goal"
    LOAD = "load"
    OTHER = "other"


LABELS: Final[Mapping[BlockerKind, str]] = {
    BlockerKind.WAITING: "I'm waiting for somebody",
    BlockerKind.ACCESS: "I lack access or a tool",
    BlockerKind.DECISION: "A decision is missing",
    BlockerKind.GOAL: "The goal is unclear",
    BlockerKind.LOAD: "It is too much",
    BlockerKind.OTHER: "Something else",
}
"""As a person chooses them."""
NOUNS: Final[Mapping[BlockerKind, str]] = {
    BlockerKind.WAITING: "Waiting for somebody",
    BlockerKind.ACCESS: "Access or a tool",
    BlockerKind.DECISION: "A decision",
    BlockerKind.GOAL: "An unclear goal",
    BlockerKind.LOAD: "Too much at once",
    BlockerKind.OTHER: "Something else",
}
"""As figures name them."""
