"""What a press leads to, as plain results: the next question, thanks, or a refusal."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.pulse.pure.tokens import Press
from bot.surveys.pure.scales import Scale

WHOLE_PULSE: Final = -1
"""The position of a comment on the whole pulse: that of no question."""
ANYTHING_TO_ADD: Final = "Anything to add?"
"""What stands above a comment on the whole pulse, in the place of a question."""


@dataclass(frozen=True)
class WaveInfo:
    """What people are told of the wave that they are in."""

    survey_name: str
    asked_by: str
    """Slack id of the HR admin who made the survey."""
    anonymous: bool
    min_group_size: int
    closes_at: datetime
    question_count: int
    invited: int
    """How many people are asked."""


class Note(StrEnum):
    """What became of the press before; it never tells what was answered."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    SKIPPED = "skipped"
    KEPT = "kept"
    COMMENT_SAVED = "comment saved"
    COMMENT_DELETED = "comment deleted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class QuestionStep:
    """A question to show next."""

    pulse: WaveInfo
    press: Press
    """Wave, position and nonce for this question's buttons."""
    number: int
    """1 for the first question."""
    text: str
    scale: Scale
    options: tuple[str, ...]
    answered: bool
    commented: bool
    note: Note | None = None
    offers_mentor: bool = False
    """Whether the message offers a mentor; see `helping`."""


@dataclass(frozen=True)
class DoneStep:
    """The last question is behind; with thanks, or without when everything was skipped."""

    pulse: WaveInfo
    press: Press
    """Wave and nonce; its position is WHOLE_PULSE, to which a comment after the thanks belongs."""
    answered: bool
    commented: bool
    note: Note | None = None
    offers_mentor: bool = False
    wrote: bool = False
    """Whether there is a comment or free-text answer on any question."""


class Refusal(StrEnum):
    """Why a press changed nothing."""

    CLOSED = "closed"
    NOT_YOURS = "not yours"
    GONE = "gone"
    """The person no longer counts as an employee."""
    UNKNOWN = "unknown"
    OUTDATED = "outdated"


Step = QuestionStep | DoneStep | Refusal


@dataclass(frozen=True)
class CommentForm:
    """What the comment form shows, to its author only."""

    press: Press
    question: str
    scale: Scale | None
    """None for the whole pulse."""
    anonymous: bool
    needed: int
    """How many people must write before HR reads a comment of an anonymous survey."""
    written: str
    """The author's comment so far, or empty."""
