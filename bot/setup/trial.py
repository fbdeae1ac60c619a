"""A question as an employee gets it, to try: it belongs to no wave, and nothing is stored."""

from datetime import datetime, timedelta
from typing import Final

from bot.blockkit.blocks import Message, context
from bot.languages import _, marked
from bot.pulse.blocks import introduction, question_message
from bot.pulse.preview import NOBODYS, inert
from bot.pulse.steps import QuestionStep, WaveInfo
from bot.setup.forms import FIRST_PULSE
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.templates import load_templates

TRIED: Final = "setup:tried"
"""Prefix of the ids of the trial's buttons."""
OPEN_FOR: Final = timedelta(days=3)
THANKS: Final = marked(
    "Thanks, that was all: one press. An answer would be saved now, and could be changed until the "
    "survey closes. This was a trial, so nothing was stored."
)


def trial_message(asked_by: str, k: int, now: datetime, privacy_page: str | None) -> Message:
    """Build the first question of the prepared pulse, as its first message begins."""
    question = load_bank().get(load_templates()[FIRST_PULSE].questions[0])
    wave = WaveInfo(
        survey_name=_("Weekly pulse (a trial)"),
        asked_by=asked_by,
        anonymous=True,
        min_group_size=k,
        closes_at=now + OPEN_FOR,
        question_count=1,
        invited=1,
        privacy_page=privacy_page,
    )
    step = QuestionStep(
        wave=wave,
        press=NOBODYS,
        number=1,
        text=question.wording,
        scale=question.scale,
        options=question.options,
        answered=False,
        commented=False,
    )
    asked = question_message(step)
    return Message(
        asked.text,
        [
            context(_("A trial, for you alone: press anything, nothing is stored.")),
            *introduction(k),
            *inert(asked.blocks, TRIED),
        ],
    )


def tried_message() -> Message:
    """Build what replaces the question, whatever was pressed."""
    return Message(_(THANKS), [context(_(THANKS))])
