"""A survey's questions exactly as people will get them, previewed by its author.

`bot.app` hands this to the surveys slice, which doesn't know how a question is asked.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from bot.blockkit.blocks import Block, divider
from bot.pulse.blocks import question_message
from bot.pulse.pure.tokens import NONCE_LENGTH, Press
from bot.pulse.steps import QuestionStep, WaveInfo
from bot.surveys.audience import AudienceKind
from bot.surveys.blocks import PREVIEW_ANSWER
from bot.surveys.drafts import SurveyPreview
from bot.surveys.pure.schedule import Cadence
from bot.surveys.translations import in_readers_language

NOBODYS: Final = Press("0" * 32, 0, "0" * NONCE_LENGTH)
"""A press that no wave has; it never leaves this module."""


def as_asked(preview: SurveyPreview, asked_by: str, privacy_page: str | None = None) -> list[Block]:
    """Return the messages of all questions in order, with buttons that do nothing.

    The messages name `asked_by` as the person who asks.
    """
    blocks: list[Block] = []
    for number, step in enumerate(_steps(preview, asked_by, privacy_page), start=1):
        blocks += [divider()] if blocks else []
        blocks += inert(question_message(step).blocks, f"{PREVIEW_ANSWER}:{number}")
    return blocks


def _steps(
    preview: SurveyPreview, asked_by: str, privacy_page: str | None
) -> Iterator[QuestionStep]:
    survey = preview.survey
    wave = WaveInfo(
        survey_name=survey.name,
        asked_by=asked_by,
        anonymous=survey.anonymous,
        min_group_size=preview.min_group_size,
        closes_at=preview.last_asked_at + timedelta(hours=survey.open_hours),
        question_count=len(preview.questions),
        invited=preview.people,
        privacy_page=privacy_page,
        is_company_pulse=survey.plan.cadence is Cadence.STANDING,
        takes_comments=survey.takes_comments,
        is_milestone=survey.audience.kind is AudienceKind.MILESTONE,
    )
    for number, question in enumerate(preview.questions, start=1):
        text, options = in_readers_language(question.text, question.options, question.translations)
        yield QuestionStep(
            wave=wave,
            press=NOBODYS,
            number=number,
            text=text,
            scale=question.scale,
            options=options,
            answered=False,
            commented=False,
        )


def inert(blocks: Iterable[Block], action_id: str) -> Iterator[Block]:
    """Give each button an id of its own that begins with `action_id`, and a value without use."""
    for row, block in enumerate(blocks):
        if block["type"] != "actions":
            yield block
            continue
        row_id = f"{action_id}:{row}"
        buttons = [
            {**button, "action_id": f"{row_id}:{number}", "value": "preview"}
            for number, button in enumerate(block["elements"])
        ]
        yield {**block, "block_id": row_id, "elements": buttons}
