"""A survey's questions exactly as people will get them, for its author to look at first.

`bot.app` hands this to the surveys slice, which does not know how a question is asked.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from bot.blockkit.blocks import Block, divider
from bot.pulse.blocks import question_message
from bot.pulse.pure.tokens import NONCE_LENGTH, Press
from bot.pulse.steps import QuestionStep, WaveInfo
from bot.surveys.blocks import PREVIEW_ANSWER
from bot.surveys.drafts import SurveyPreview

NOBODYS: Final = Press("0" * 32, 0, "0" * NONCE_LENGTH)
"""A press that no wave has; it does not leave this module either."""


def as_asked(preview: SurveyPreview, asked_by: str, page: str | None = None) -> list[Block]:
    """Return the messages of all questions, one after the other, with buttons that do nothing.

    `asked_by` is who people will read that it comes from; `page` is as for the real messages.
    """
    blocks: list[Block] = []
    for number, step in enumerate(_steps(preview, asked_by), start=1):
        blocks += [divider()] if blocks else []
        blocks += _inert(question_message(step, page).blocks, number)
    return blocks


def _steps(preview: SurveyPreview, asked_by: str) -> Iterator[QuestionStep]:
    survey = preview.survey
    pulse = WaveInfo(
        survey_name=survey.name,
        asked_by=asked_by,
        anonymous=survey.anonymous,
        min_group_size=preview.min_group_size,
        closes_at=preview.last_asked_at + timedelta(hours=survey.open_hours),
        question_count=len(preview.questions),
        invited=preview.people,
    )
    for number, question in enumerate(preview.questions, start=1):
        yield QuestionStep(
            pulse=pulse,
            press=NOBODYS,
            number=number,
            text=question.text,
            scale=question.scale,
            options=question.options,
            answered=False,
            commented=False,
        )


def _inert(blocks: Iterable[Block], question: int) -> Iterator[Block]:
    """Give buttons ids that say "only a preview", each another: one view holds all questions."""
    for row, block in enumerate(blocks):
        if block["type"] != "actions":
            yield block
            continue
        place = f"{PREVIEW_ANSWER}:{question}:{row}"
        buttons = [
            {**button, "action_id": f"{place}:{number}", "value": "preview"}
            for number, button in enumerate(block["elements"])
        ]
        yield {**block, "block_id": place, "elements": buttons}
