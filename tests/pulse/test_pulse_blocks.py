"""What people see: within Slack's limits, escaped, kind, and never telling an answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blockkit.blocks import Message
from bot.pulse import blocks, comment_blocks
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import (
    CommentForm,
    DoneStep,
    Note,
    QuestionStep,
    Refusal,
    WaveInfo,
    with_privacy_page,
)
from bot.surveys.pure.scales import AGREE_LABELS, Scale
from sandbox.blockkit import validate_blocks, validate_view
from tests.conftest import NOW

PRESS = Press("0" * 32, 0, "a" * 16)
WAVE = WaveInfo(
    survey_name="Weekly pulse",
    asked_by="U0MAYA",
    anonymous=True,
    min_group_size=5,
    closes_at=NOW + timedelta(days=3),
    question_count=2,
    invited=46,
)
QUESTION = QuestionStep(
    wave=WAVE,
    press=PRESS,
    number=1,
    text="My workload is manageable.",
    scale=Scale.AGREE,
    options=(),
    answered=False,
    commented=False,
)
DONE = DoneStep(WAVE, PRESS, answered=True, commented=False)
WEIRD = (
    "x" * 500,
    "<!channel> & <@U1> <http://evil|here>",
    "*bold* _it_ `code` ~no~ > quote",
    "مرحبا بالعالم \u202e right to left",
    "👩‍👩‍👧‍👦" * 60,
    "&" * 300,
    "line\nbreak",
)


def texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return []


def shown(message: Message) -> str:
    return "\n".join(texts(message.blocks))


def buttons(message: Message) -> dict[str, dict[str, Any]]:
    return {
        element["action_id"]: element
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def accepted(message: Message) -> bool:
    assert message.text
    assert len(message.text) <= 4000
    assert validate_blocks(message.blocks, "message") == []
    return True


@pytest.mark.parametrize("name", WEIRD)
@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("note", [None, *Note])
def test_every_message_is_one_that_slack_takes(name: str, scale: Scale, note: Note | None) -> None:
    wave = replace(WAVE, survey_name=name)
    options = ("Here", "There") if scale is Scale.CHOICE else ()
    step = replace(QUESTION, wave=wave, text=name[:300], scale=scale, options=options, note=note)
    for number in (1, 2):
        assert accepted(blocks.question_message(replace(step, number=number)))
    assert accepted(blocks.reminder_message(step))
    for answered in (True, False):
        assert accepted(blocks.step_message(replace(DONE, wave=wave, note=note, answered=answered)))


@pytest.mark.parametrize("build", [blocks.question_message, blocks.reminder_message])
def test_names_and_questions_ping_nobody(build: Any) -> None:
    step = replace(QUESTION, wave=replace(WAVE, survey_name=WEIRD[1]), text=WEIRD[1])
    message = build(step)
    for text in (shown(message), message.text):
        assert "<!channel>" not in text
        assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in text


@pytest.mark.parametrize("anonymous", [True, False])
@pytest.mark.parametrize("build", [blocks.question_message, blocks.reminder_message])
def test_every_question_leads_to_how_answers_are_kept(build: Any, anonymous: bool) -> None:
    for number in (1, 2):
        step = replace(QUESTION, wave=replace(WAVE, anonymous=anonymous), number=number)
        assert "`/pulse privacy`" in shown(build(step))
        assert "https://" not in shown(build(step))
        linked = build(with_privacy_page(step, "https://intranet.example/privacy?a=1&b=2"))
        assert accepted(linked)
        assert "<https://intranet.example/privacy?a=1&amp;b=2|" in shown(linked)


def test_each_answer_is_one_press() -> None:
    found = buttons(blocks.question_message(QUESTION))
    for value, label in AGREE_LABELS.items():
        button = found[f"{blocks.ANSWER}:{value}"]
        assert button["text"]["text"] == label
        assert Press.decode(button["value"]) == replace(PRESS, value=value)
    enps = buttons(blocks.question_message(replace(QUESTION, scale=Scale.ENPS)))
    assert [f"{blocks.ANSWER}:{value}" in enps for value in range(11)] == [True] * 11
    assert enps[f"{blocks.ANSWER}:7"]["accessibility_label"] == "7 of 10"


def test_a_free_text_is_written_in_the_form() -> None:
    found = buttons(blocks.question_message(replace(QUESTION, scale=Scale.TEXT)))
    assert set(found) == {blocks.WRITE, blocks.SKIP}


def test_thanks_lead_back_and_repeat_no_answer() -> None:
    message = blocks.done_message(replace(DONE, note=Note.CHANGED))
    assert set(buttons(message)) == {blocks.CHANGE, blocks.COMMENT_AFTER_THANKS}
    assert not [label for label in AGREE_LABELS.values() if label in shown(message)]
    assert Press.decode(buttons(message)[blocks.CHANGE]["value"]).value is None


def test_who_skipped_everything_may_answer_after_all() -> None:
    message = blocks.done_message(replace(DONE, answered=False, note=Note.SKIPPED))
    assert set(buttons(message)) == {blocks.CHANGE}
    assert blocks.NOTES[Note.SKIPPED] not in shown(message), "the thanks say it"


def test_a_refusal_says_why_and_blames_nobody() -> None:
    assert all(accepted(blocks.refusal_message(refusal)) for refusal in Refusal)
    assert "!" not in "".join(Refusal)


@pytest.mark.parametrize("text", WEIRD)
@pytest.mark.parametrize("scale", [Scale.AGREE, Scale.TEXT])
@pytest.mark.parametrize("anonymous", [True, False])
def test_the_form_is_one_that_slack_takes(text: str, scale: Scale, anonymous: bool) -> None:
    form = CommentForm(PRESS, text[:300], scale, anonymous, needed=10, written=text)
    origin = comment_blocks.CommentOrigin(PRESS, "https://hooks.slack.com/actions/T0/1/x" * 3, True)
    view = comment_blocks.comment_view(form, origin)
    assert validate_view(view) == []
    assert comment_blocks.CommentOrigin.decode(view["private_metadata"]) == origin


def test_an_emptied_field_is_an_empty_comment() -> None:
    field = comment_blocks.COMMENT_FIELD
    view: dict[str, Any] = {"state": {"values": {field: {field: {"value": None}}}}}
    assert comment_blocks.written(view) == ""


def test_privacy_is_told_in_plain_words_with_the_workspaces_own_number() -> None:
    message = blocks.privacy_message(7)
    assert accepted(message)
    text = shown(message)
    assert "7" in text
    assert "14" in text
    assert "{" not in text
    assert not {"HMAC", "token", "hash", "cohort", "anonymis"} & set(text.split())


def test_privacy_leads_to_the_whole_story_where_there_is_a_page() -> None:
    message = blocks.privacy_message(5, "https://intranet.example/privacy?a=1&b=2")
    assert accepted(message)
    link = f"<https://intranet.example/privacy?a=1&amp;b=2|{blocks.PRIVACY_PAGE}>"
    assert message.blocks[-1]["text"]["text"] == link
    assert blocks.PRIVACY_PAGE not in shown(blocks.privacy_message(5))
