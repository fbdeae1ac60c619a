"""A reminder replaces the question: one copy has buttons, and none of a wave that is over."""

from datetime import timedelta
from typing import Any

import pytest

from bot.pulse import blocks, comment_blocks
from bot.pulse.steps import Refusal
from tests.conftest import NOW
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.journeys.test_main_job import SECOND_QUESTION, TEAM, create_survey, is_reminder

ME = "amara"
CLOSED = Refusal.CLOSED


async def reminded(stage: Stage) -> dict[str, Any]:
    """Ask, then remind; return my reminder."""
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    await stage.at(NOW + timedelta(hours=24, minutes=1))
    first, reminder = stage.sandbox.messages("dm", ME)
    assert buttons_of(first)
    assert is_reminder(reminder)
    return reminder


def updates(stage: Stage) -> int:
    return len(stage.sandbox.engine.log.find("chat.update"))


@pytest.mark.parametrize("action_id", [f"{blocks.ANSWER}:4", blocks.SKIP, blocks.COMMENT])
async def test_a_press_in_the_reminder_leaves_one_copy_with_buttons(
    stage: Stage, action_id: str
) -> None:
    await reminded(stage)
    await stage.press(ME, action_id)
    first, second = stage.sandbox.messages("dm", ME)
    assert text_of(first).splitlines()[0] == blocks.MOVED
    assert buttons_of(first) == []
    assert buttons_of(second)
    assert updates(stage) == 1


async def test_only_the_first_press_costs_a_call(stage: Stage) -> None:
    await reminded(stage)
    for action_id in (f"{blocks.ANSWER}:4", f"{blocks.ANSWER}:9", blocks.CHANGE):
        await stage.press(ME, action_id)
    assert updates(stage) == 1


async def test_nothing_is_lost_where_slack_changes_no_message(stage: Stage) -> None:
    await reminded(stage)
    stage.sandbox.engine.faults.add(kind="429", method="chat.update")
    await stage.press(ME, f"{blocks.ANSWER}:4")
    first, second = stage.sandbox.messages("dm", ME)
    assert buttons_of(first)
    assert SECOND_QUESTION in text_of(second)


@pytest.mark.parametrize("action_id", [f"{blocks.ANSWER}:4", blocks.COMMENT])
async def test_a_press_after_the_end_takes_the_buttons_of_both_copies(
    stage: Stage, action_id: str
) -> None:
    await reminded(stage)
    await stage.at(NOW + timedelta(hours=73))
    await stage.press(ME, action_id)
    for message in stage.sandbox.messages("dm", ME):
        assert text_of(message).startswith(CLOSED)
        assert buttons_of(message) == []


async def test_thanks_lose_their_buttons_when_they_are_pressed_too_late(stage: Stage) -> None:
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    await stage.press(ME, f"{blocks.ANSWER}:4")
    await stage.press(ME, f"{blocks.ANSWER}:9")
    form = await stage.press(ME, blocks.COMMENT_AFTER_THANKS)
    assert form.view
    await stage.at(NOW + timedelta(hours=73))
    assert buttons_of(stage.last(ME))

    late = await stage.sandbox.submit(
        ME, form.view["id"], {comment_blocks.COMMENT_FIELD: "Too late"}
    )
    await stage.settled()

    assert late.errors == {comment_blocks.COMMENT_FIELD: CLOSED}
    assert buttons_of(stage.last(ME)) == []
    assert text_of(stage.last(ME)).startswith(CLOSED)
