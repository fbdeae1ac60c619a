"""The kinds of answer a question can take."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.languages import _, marked


class Scale(StrEnum):
    """The kinds of answer; tables and data files store the value."""

    AGREE = "agree"
    ENPS = "enps"
    CHOICE = "choice"
    TEXT = "text"


AGREE_LABELS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: marked("Strongly disagree"),
        2: marked("Disagree"),
        3: marked("Neither agree nor disagree"),
        4: marked("Agree"),
        5: marked("Strongly agree"),
    }
)

VALUE_RANGES: Final[Mapping[Scale, range]] = MappingProxyType(
    {Scale.AGREE: range(1, 6), Scale.ENPS: range(11)}
)
"""The whole numbers that the numeric scales accept."""

TEXT_MAX_LENGTH: Final = 3_000
"""The longest free text that Slack's plain_text_input takes, in characters."""


def is_valid(scale: Scale, value: object, option_count: int = 0) -> bool:
    """Return True if a value is a valid answer on this scale.

    Valid are: for a choice the index of an option, 0 to ``option_count`` − 1; for a text a string
    that is neither blank nor too long; for the other scales a whole number in their range.
    """
    if scale is Scale.TEXT:
        return isinstance(value, str) and bool(value.strip()) and len(value) <= TEXT_MAX_LENGTH
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    accepted = range(option_count) if scale is Scale.CHOICE else VALUE_RANGES[scale]
    return value in accepted


def in_words(scale: Scale, options: Sequence[str], value: int) -> str:
    """Return an answer as the button showed it."""
    if scale is Scale.AGREE:
        return _(AGREE_LABELS[value])
    if scale is Scale.CHOICE:
        return _(options[value])
    return _("{number} of {most}").format(number=value, most=10)
