"""What one of a match's two people is told when it ends."""

from enum import StrEnum


class News(StrEnum):
    """Why a match has ended, to one of the two; deliveries store the value."""

    NOT_CONFIRMED = "not confirmed"
    LAPSED = "lapsed"
    TAKEN_BACK = "taken back"
    NO_LONGER_LOOKING = "no longer looking"
    OTHER_LEFT = "other left"
    MENTOR_LEFT = "mentor left"
    REFIT = "refit"
    """Shown as one of the next two, by who reads it."""
    REFIT_MENTOR = "refit mentor"
    REFIT_MENTEE = "refit mentee"
    ENDED = "ended"
    SILENCE = "silence"
