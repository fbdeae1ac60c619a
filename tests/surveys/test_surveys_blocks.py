"""How questions, previews and lists read, and whether Slack would show them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.blockkit.text import escape
from bot.outbox.sending_speed import sending_minutes
from bot.pulse.preview import as_asked
from bot.surveys import blocks, forms
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.blocks import QuestionView, question_blocks
from bot.surveys.drafts import NewQuestion, SurveyPreview
from bot.surveys.preview_blocks import preview_view
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.service import SurveyChange
from bot.surveys.survey_rows import Ending, SurveySummary
from sandbox.blockkit import validate_blocks, validate_view

FIRST = datetime(2026, 11, 9, 20, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
WEEKLY = Plan(Cadence.WEEKLY, date(2026, 11, 10), time(10, 0))
SURVEY = SurveySummary(
    id="5" * 32,
    name="Weekly pulse",
    status="active",
    anonymous=True,
    audience=Audience(AudienceKind.EVERYONE),
    plan=WEEKLY,
    open_hours=72,
    next_open_at=FIRST,
    next_on=date(2026, 11, 10),
)
PREVIEW = SurveyPreview(
    survey=SURVEY,
    questions=(NewQuestion.from_bank(load_bank().questions[0]),),
    people=42,
    min_group_size=5,
    first_asked_at=FIRST,
    last_asked_at=LAST,
)
WEIRD = ["<!channel> & *x*", "שלום עולם", "🌻" * 20, "`code` ~x~ _y_", "a" * 75]


def shown(question: QuestionView) -> list[dict[str, Any]]:
    return question_blocks(question, action_id="x:y", value_of=lambda n: f"v{n}", block_id="b")


def facts(preview: SurveyPreview) -> str:
    return str(preview_view(preview, [])["blocks"][1]["text"]["text"])


@pytest.mark.parametrize(
    ("scale", "numbers"),
    [(Scale.AGREE, range(1, 6)), (Scale.ENPS, range(11)), (Scale.CHOICE, range(5))],
)
def test_each_answer_has_a_button_of_its_own(scale: Scale, numbers: range) -> None:
    question = QuestionView("Would you?", scale, tuple(WEIRD))
    rendered = shown(question)
    assert validate_blocks(rendered, "message") == []
    assert validate_blocks(rendered, "modal") == []
    elements = rendered[-1 if scale is Scale.CHOICE else 1]["elements"]
    assert [element["action_id"] for element in elements] == [f"x:y:{n}" for n in numbers]
    assert [element["value"] for element in elements] == [f"v{n}" for n in numbers]
    assert {each.get("block_id") for each in rendered} == {None, "b"}


def test_answers_that_a_button_would_cut_are_listed_above_numbers() -> None:
    listed, buttons = shown(QuestionView("Where?", Scale.CHOICE, ("The lake", "a" * 31)))[1:]
    assert listed["text"]["text"] == f"1. The lake\n2. {'a' * 31}"
    assert [each["text"]["text"] for each in buttons["elements"]] == ["1", "2"]
    assert [each["accessibility_label"] for each in buttons["elements"]] == ["The lake", "a" * 31]
    for fits, wide in (("a" * 30, "森" * 16), ("森" * 15, "a" * 31)):
        assert len(shown(QuestionView("Where?", Scale.CHOICE, (fits, "The lake")))) == 2
        assert len(shown(QuestionView("Where?", Scale.CHOICE, (wide, "The lake")))) == 3


def test_a_free_text_has_one_button() -> None:
    rendered = shown(QuestionView("What else?", Scale.TEXT))
    assert validate_blocks(rendered, "message") == []
    assert [element["action_id"] for element in rendered[1]["elements"]] == ["x:y:text"]


@pytest.mark.parametrize("text", [*WEIRD, "&" * 300])
def test_a_questions_text_is_shown_whole_and_inert(text: str) -> None:
    rendered = shown(QuestionView(text, Scale.AGREE))
    assert validate_blocks(rendered, "message") == []
    assert rendered[0]["text"]["text"] == f"*{escape(text)}*"


@pytest.mark.parametrize(("people", "minutes"), [(1, 1), (240, 1), (241, 2), (100_000, 417)])
def test_how_long_sending_takes(people: int, minutes: int) -> None:
    assert sending_minutes(people) == minutes


@pytest.mark.parametrize("name", [*WEIRD, "&" * 120])
def test_slack_shows_the_largest_preview_and_list(name: str) -> None:
    survey = replace(SURVEY, name=name, audience=Audience(AudienceKind.TEAM, "<" * 120))
    long = NewQuestion("?" * 300, Scale.CHOICE, options=tuple(f"{n}{'x' * 74}" for n in range(10)))
    preview = replace(PREVIEW, survey=survey, questions=(long,) * 10)
    view = preview_view(preview, as_asked(preview, "U0DEMO0000"))
    assert validate_view(view) == []
    assert validate_view(blocks.created_view(survey)) == []
    listed = blocks.list_blocks(
        [survey] * 30, blocks.changed_text(SurveyChange(survey, unchanged=False))
    )
    assert validate_blocks(listed, "message") == []
    assert "10" in listed[-1]["elements"][0]["text"], "the rest is counted"


def test_the_list_offers_what_can_be_done() -> None:
    paused = replace(SURVEY, status="paused")
    ended = replace(SURVEY, status="ended", next_open_at=None)
    open_once = replace(ended, open_until=LAST)
    closing = replace(open_once, is_closing=True)
    rows = blocks.list_blocks([SURVEY, paused, ended, open_once, closing])
    offered = [
        [element["action_id"] for element in block["elements"]]
        for block in rows
        if block["type"] == "actions"
    ]
    always, copied = (
        [blocks.RESULTS, blocks.EDIT, blocks.DUPLICATE],
        [blocks.RESULTS, blocks.DUPLICATE],
    )
    assert offered == [
        [*always, blocks.PAUSE, blocks.END],
        [*always, blocks.RESUME, blocks.END],
        copied,
        [*copied, blocks.END],
        copied,
    ]


ENDING = Ending(LAST, 46, 14, at_once=True, is_decided=True)


def test_ending_what_is_open_is_asked_in_a_message_that_fits() -> None:
    survey = replace(
        SURVEY,
        name="&" * 120,
        open_until=LAST,
        ending=replace(ENDING, invited=100_000, needed=30_000, is_decided=False),
    )
    message = blocks.ask_before_ending(survey)
    assert validate_blocks(message.blocks, "message") == []
    assert message.blocks[-1]["elements"][0]["confirm"]


def test_how_long_it_stays_open_is_told_in_the_forms_words() -> None:
    for hours, words in forms.OPEN_HOURS.items():
        survey = replace(SURVEY, open_hours=int(hours))
        assert words in facts(replace(PREVIEW, survey=survey))


def test_an_empty_list_says_how_to_begin() -> None:
    assert blocks.list_blocks([])[0]["text"]["text"] == blocks.NO_SURVEYS


def test_closing_the_last_view_closes_the_form_too() -> None:
    assert blocks.created_view(SURVEY)["clear_on_close"] is True


def test_only_a_question_of_agreement_is_to_be_worded_for_it() -> None:
    for scale in Scale:
        view = forms.compose_view(forms.Form("1", own=(forms.OwnQuestion(scale=scale),)))
        assert (forms.AGREEING in str(view)) is (scale is Scale.AGREE)
