"""How questions and the list of surveys look."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.slack.blocks import Block, actions, button, context, section
from bot.slack.text import escape
from bot.surveys.scales import AGREE_LABELS, VALUE_RANGES, Scale


@dataclass(frozen=True)
class QuestionView:
    """A question as it is shown; `options` is empty unless the scale is a choice."""

    text: str
    scale: Scale
    options: tuple[str, ...] = ()


ENPS_ENDS = "0 means not at all likely, 10 means extremely likely."
WRITE = "Write an answer"


def question_blocks(
    question: QuestionView, *, action_id: str, value_of: Callable[[int], str], block_id: str
) -> list[Block]:
    """Return one question as employees see it: its text, and a button for each answer.

    Buttons of one block need different ids, so the id of each is `action_id`, a colon and the
    answer's number (`pulse:answer:4`); its value is `value_of` that number, at most 2,000
    characters. A free text has a single button, `pulse:answer:text`, with `value_of(0)`.
    `block_id` is that of the row of buttons.
    """
    if question.scale is Scale.TEXT:
        buttons = [button(WRITE, f"{action_id}:text", value_of(0))]
    else:
        buttons = [
            button(label, f"{action_id}:{number}", value_of(number), spoken=spoken)
            for number, label, spoken in _answers(question)
        ]
    blocks = [section(f"*{escape(question.text)}*"), actions(buttons, block_id)]
    return [*blocks, context(ENPS_ENDS)] if question.scale is Scale.ENPS else blocks


def _answers(question: QuestionView) -> list[tuple[int, str, str | None]]:
    """Return number, label and, where the label alone says little, what is read out."""
    if question.scale is Scale.CHOICE:
        return [(number, option, None) for number, option in enumerate(question.options)]
    if question.scale is Scale.AGREE:
        return [(number, label, None) for number, label in AGREE_LABELS.items()]
    numbers = VALUE_RANGES[question.scale]
    return [(number, str(number), f"{number} of {numbers[-1]}") for number in numbers]
