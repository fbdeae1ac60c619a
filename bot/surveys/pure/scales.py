"""The kinds of answer a question can take."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scale(StrEnum):
    """How a question is answered; the value is what tables and data files store."""

    AGREE = "agree"
    ENPS = "enps"
    CHOICE = "choice"
    TEXT = "text"


AGREE_LABELS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "Strongly disagree",
        2: "Disagree",
        3: "Neither agree nor disagree",
        4: "Agree",
        5: "Strongly agree",
    }
)

VALUE_RANGES: Final[Mapping[Scale, range]] = MappingProxyType(
    {Scale.AGREE: range(1, 6), Scale.ENPS: range(11)}
)
"""The whole numbers that the numeric scales accept."""

TEXT_MAX_LENGTH: Final = 3_000
"""Characters in a free text: the most that Slack's plain_text_input takes."""


def is_valid(scale: Scale, value: object, option_count: int = 0) -> bool:
    """Tell whether a value answers a question on this scale.

    A choice is answered by the index of its option, 0 to ``option_count`` − 1; a text by a string
    that is not blank and not too long; the other scales by a whole number in their range.
    """
    if scale is Scale.TEXT:
        return isinstance(value, str) and bool(value.strip()) and len(value) <= TEXT_MAX_LENGTH
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    accepted = range(option_count) if scale is Scale.CHOICE else VALUE_RANGES[scale]
    return value in accepted


def in_words(scale: Scale, options: Sequence[str], value: int) -> str:
    """Write an answer as the person saw it on the button."""
    if scale is Scale.AGREE:
        return AGREE_LABELS[value]
    return options[value] if scale is Scale.CHOICE else f"{value} of 10"
