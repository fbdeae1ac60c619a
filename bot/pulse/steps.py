"""What a press leads to: the next question, thanks, or an error that says why it was refused."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from bot.errors import UserError
from bot.languages import _, marked
from bot.pulse.pure.tokens import Press
from bot.surveys.pure.scales import Scale

WHOLE_PULSE: Final = -1
"""The position of a comment on the whole pulse; no question has it."""
ANYTHING_TO_ADD: Final = marked("Anything to add?")
"""Stands above a comment on the whole pulse, instead of a question."""


@dataclass(frozen=True)
class WaveInfo:
    """What people are told about their wave."""

    survey_name: str
    asked_by: str
    """Slack id of the HR admin who made the survey."""
    anonymous: bool
    min_group_size: int
    closes_at: datetime
    question_count: int
    invited: int
    """How many people are asked."""
    is_company_pulse: bool = False
    """True if answers wait for others of the team."""
    takes_comments: bool = True
    is_milestone: bool = False
    """True if answers wait for others at the same milestone."""
    privacy_page: str | None = None
    """The address of the operator's privacy page, if there is one."""


class Note(StrEnum):
    """The result of the press before; it never tells the answer."""

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

    wave: WaveInfo
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
    """True if the message offers a mentor; see `mentor_offer`."""


@dataclass(frozen=True)
class DoneStep:
    """The end of the questions: thanks, or a note that everything was skipped."""

    wave: WaveInfo
    press: Press
    """Wave and nonce, at WHOLE_PULSE: where a comment after the thanks is stored."""
    answered: bool
    commented: bool
    note: Note | None = None
    offers_mentor: bool = False
    wrote: bool = False
    """True if any question has a comment or free-text answer."""


Step = QuestionStep | DoneStep
StepT = TypeVar("StepT", bound=QuestionStep | DoneStep)


def with_privacy_page(step: StepT, address: str | None) -> StepT:
    """Return the step with a link to the operator's privacy page, if there is one."""
    return replace(step, wave=replace(step.wave, privacy_page=address))


class Refusal(StrEnum):
    """Why a press changes nothing, as the person reads it."""

    CLOSED = marked(
        "This survey has closed, so that press changed nothing. "
        "What you answered before it closed counts."
    )
    NOT_YOURS = marked(
        "This question was sent to somebody else, so that press saved nothing. "
        "Their answer is untouched, and so is yours."
    )
    GONE = marked("You are no longer among the people whom this survey asks, so nothing was saved.")
    """The person no longer counts as an employee."""
    UNKNOWN = marked("I can't find this survey any more, so nothing was saved.")

    @property
    def is_final(self) -> bool:
        """True if every later press in the same message would be refused as well."""
        return self in (Refusal.CLOSED, Refusal.UNKNOWN)


class PressRefusedError(UserError):
    """A press that changes nothing, although its button is one of ours."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(_(str(reason)))
        self.reason = reason


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
    is_milestone: bool = False
    """True if what is written waits for others at the same milestone."""
