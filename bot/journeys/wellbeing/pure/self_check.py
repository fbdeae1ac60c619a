"""A person's own look at their strain: seven questions whose answers are kept nowhere. Pure.

The wording is ours. The first question is about exhaustion, the core of burnout as an occupational
phenomenon (WHO, ICD-11, QD85). The others are about the six causes of strain in the Management
Standards of the UK's Health and Safety Executive (Open Government Licence v3.0,
https://www.hse.gov.uk/stress/standards/). It is no diagnosis and gives no score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.languages import marked

STEPS: Final = (
    marked("Never"),
    marked("Rarely"),
    marked("Sometimes"),
    marked("Often"),
    marked("Always"),
)
"""How often, in the last four weeks; answers are the numbers of these steps, from 0."""
_ALWAYS: Final = len(STEPS) - 1
_OFTEN: Final = 3
_FEW: Final = 2
"""From so many causes on, they are worth a talk even without exhaustion."""


class Strain(StrEnum):
    """What the answers together say."""

    LITTLE = "little"
    CAUSES = "causes"
    EXHAUSTION = "exhaustion"


@dataclass(frozen=True)
class Question:
    """One question of the self-check."""

    key: str
    text: str
    cause: str
    """What is behind frequent strain, in words; empty for exhaustion itself."""
    try_this: str
    """One thing that may help."""
    is_good: bool = False
    """True if “always” is the good answer."""


QUESTIONS: Final = (
    Question(
        "exhaustion",
        marked("How often were you so worn out by work that rest did not help?"),
        "",
        "",
    ),
    Question(
        "demands",
        marked("How often was there more work than fits into your hours?"),
        marked("More work than fits into your hours"),
        marked("Ask which of your tasks can wait, and which nobody needs."),
    ),
    Question(
        "control",
        marked("How often could you decide how you do your work?"),
        marked("Little say in how you work"),
        marked("Choose one thing that you would do differently, and ask for a month's trial."),
        is_good=True,
    ),
    Question(
        "support",
        marked("How often did you get help when you needed it?"),
        marked("Too little help"),
        marked("Name one thing that somebody could take off you, and ask a colleague today."),
        is_good=True,
    ),
    Question(
        "relationships",
        marked("How often was there friction or unkindness around you?"),
        marked("Friction around you"),
        marked("Talk with somebody you trust. Nobody has to put up with unkindness."),
    ),
    Question(
        "role",
        marked("How often were you sure what is expected of you?"),
        marked("Unclear expectations"),
        marked(
            "Write down the three things that you believe matter most, and check them with your "
            "manager."
        ),
        is_good=True,
    ),
    Question(
        "change",
        marked("How often were changes at work explained before they happened?"),
        marked("Changes without an explanation"),
        marked("Ask what the latest change is meant to improve, and what it means for you."),
        is_good=True,
    ),
)


@dataclass(frozen=True)
class Reading:
    """What a person's answers say."""

    strain: Strain
    causes: tuple[Question, ...]
    """The causes that were named as frequent, in the order of the questions."""


def read(answers: Mapping[str, int]) -> Reading:
    """Return what answers say: steps of STEPS by a question's key, one for each question.

    Raises ValueError if one is missing or is no step.
    """
    strained = {each.key: _strain(each, answers.get(each.key)) >= _OFTEN for each in QUESTIONS}
    causes = tuple(each for each in QUESTIONS if each.cause and strained[each.key])
    if strained["exhaustion"]:
        return Reading(Strain.EXHAUSTION, causes)
    return Reading(Strain.CAUSES if len(causes) >= _FEW else Strain.LITTLE, causes)


def _strain(question: Question, step: int | None) -> int:
    if step is None or not 0 <= step <= _ALWAYS:
        raise ValueError(f"no step for {question.key}")
    return _ALWAYS - step if question.is_good else step
