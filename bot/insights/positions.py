"""Where in a wave's results a button leads: a part and a page, as its value holds them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.errors import OutdatedError

SHOW: Final = "insights:show"
"""Prefix of the ids of buttons that show another part of the results."""


class ResultsPart(StrEnum):
    """A part of the results that can be shown."""

    OVERVIEW = "overview"
    DRIVERS = "drivers"
    QUESTIONS = "questions"
    CHOICES = "choices"
    THEMES = "themes"
    GROUPS = "groups"


@dataclass(frozen=True)
class PagePosition:
    """A page of one part of one wave's results, as a button's value holds it."""

    wave_id: str
    part: ResultsPart = ResultsPart.OVERVIEW
    page: int = 0

    def encode(self) -> str:
        """Return it as a button's value."""
        return f"{self.wave_id}:{self.part}:{self.page}"

    @classmethod
    def decode(cls, value: str) -> "PagePosition":
        """Return it from a button's value; raise OutdatedError if that is malformed."""
        try:
            wave_id, part, page = value.split(":")
            return cls(wave_id, ResultsPart(part), int(page))
        except ValueError:
            raise OutdatedError from None
