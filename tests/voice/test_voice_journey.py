"""Conversations with HR, through Slack, on both databases."""

from bot.voice import forms
from bot.voice.service import Way
from tests.journeys.stage import Stage, text_of
from tests.voice.acting import AUTHOR, WORDS, answer, next_day, open_first, write, write_again


async def test_a_conversation_of_two_turns_without_a_name(stage: Stage) -> None:
    sent = await write(stage, AUTHOR, Way.REPLY)
    assert sent.view
    assert forms.SENT[Way.REPLY] in text_of(sent.view)
    confirmed = stage.last(AUTHOR)
    assert forms.CONFIRMED in text_of(confirmed)
    assert WORDS not in str(confirmed)

    await next_day(stage)
    read = await open_first(stage)
    assert read.view
    assert WORDS in text_of(read.view)
    answered = await answer(stage, read.view, "Would a fixed rota help?")
    assert answered.view
    assert "Would a fixed rota help?" in text_of(answered.view)

    again = await write_again(stage, AUTHOR, "It would, a month ahead.")
    assert again.view
    assert forms.WRITTEN_AGAIN in text_of(again.view)
    await next_day(stage)
    second = await open_first(stage, tab="waiting")
    assert second.view
    shown = text_of(second.view)
    assert shown.index(WORDS) < shown.index("Would a fixed") < shown.index("It would, a month")
