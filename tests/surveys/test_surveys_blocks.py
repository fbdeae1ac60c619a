"""How questions, previews and lists read, and whether Slack would show them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.blockkit.text import escape
from bot.outbox.rate import sending_minutes
from bot.pulse.preview import as_asked
from bot.surveys import blocks, forms
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.blocks import QuestionView, question_blocks
from bot.surveys.drafts import NewQuestion, SurveyPreview
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.records import Ending, SurveySummary
from bot.surveys.service import SurveyChange
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
    return str(blocks.preview_view(preview, [])["blocks"][1]["text"]["text"])


def when(plan: Plan) -> str:
    line = facts(replace(PREVIEW, survey=replace(SURVEY, plan=plan))).splitlines()[1]
    return line.removeprefix("*When:* ")


@pytest.mark.parametrize(
    ("scale", "numbers"),
    [(Scale.AGREE, range(1, 6)), (Scale.ENPS, range(11)), (Scale.CHOICE, range(5))],
)
def test_each_answer_has_a_button_of_its_own(scale: Scale, numbers: range) -> None:
    question = QuestionView("Would you?", scale, tuple(WEIRD))
    rendered = shown(question)
    assert validate_blocks(rendered, "message") == []
    assert validate_blocks(rendered, "modal") == []
    elements = rendered[1]["elements"]
    assert [element["action_id"] for element in elements] == [f"x:y:{n}" for n in numbers]
    assert [element["value"] for element in elements] == [f"v{n}" for n in numbers]
    assert rendered[1]["block_id"] == "b"


def test_a_free_text_has_one_button() -> None:
    rendered = shown(QuestionView("What else?", Scale.TEXT))
    assert validate_blocks(rendered, "message") == []
    assert [element["action_id"] for element in rendered[1]["elements"]] == ["x:y:text"]


@pytest.mark.parametrize("text", [*WEIRD, "&" * 300])
def test_a_questions_text_is_shown_whole_and_inert(text: str) -> None:
    rendered = shown(QuestionView(text, Scale.AGREE))
    assert validate_blocks(rendered, "message") == []
    assert rendered[0]["text"]["text"] == f"*{escape(text)}*"


def test_the_preview_tells_all_that_will_happen() -> None:
    assert facts(PREVIEW) == (
        "*Who is asked:* everyone, 42 people\n"
        "*When:* every Tuesday at 10:00 in each person's own zone\n"
        "*First wave:* opens <!date^1794254400^{date_short_pretty} at {time}|2026-11-09 20:00 UTC>"
        " for the first zone, <!date^1794301200^{date_short_pretty} at {time}|2026-11-10 09:00 UTC>"
        " for the last\n"
        "*Closes:* 3 days after the last person was asked\n"
        "*Sending:* takes about a minute\n"
        "*Privacy:* anonymous. Figures are shown only for groups of at least 5 who answered, and "
        "nobody can see who answered what."
    )


def test_a_named_survey_says_that_it_is() -> None:
    named = replace(PREVIEW, survey=replace(SURVEY, anonymous=False))
    assert facts(named).endswith(
        "*Privacy:* named. HR can see who answered what, and people are told so before they answer."
    )
    assert facts(replace(named, people=3)).endswith(
        "before they answer. Figures need 5 answers, so expect answers by person only."
    )


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan(Cadence.ONCE, date(2026, 11, 3), None), "once, right away"),
        (
            Plan(Cadence.ONCE, date(2026, 11, 3), time(9, 5)),
            "once, on 3 November 2026 at 09:05 in each person's own zone",
        ),
        (
            Plan(Cadence.BIWEEKLY, date(2026, 11, 6), time(10, 0)),
            "every second Friday at 10:00 in each person's own zone",
        ),
        (
            Plan(Cadence.MONTHLY, date(2026, 11, 10), time(10, 0)),
            "the second Tuesday of each month at 10:00 in each person's own zone",
        ),
    ],
)
def test_each_cadence_in_words(plan: Plan, sentence: str) -> None:
    assert when(plan) == sentence


def test_right_away_has_no_zones() -> None:
    now = Plan(Cadence.ONCE, date(2026, 11, 3), None)
    said = facts(replace(PREVIEW, survey=replace(SURVEY, plan=now)))
    assert "*First wave:* opens as soon as you create the survey\n" in said


@pytest.mark.parametrize(
    ("people", "minutes", "words"),
    [
        (1, 1, "takes about a minute"),
        (240, 1, "takes about a minute"),
        (241, 2, "takes about 2 minutes, because Slack limits how fast messages go out"),
        (100_000, 417, "takes about 7 hours, because Slack limits how fast messages go out"),
    ],
)
def test_how_long_sending_takes(people: int, minutes: int, words: str) -> None:
    assert sending_minutes(people) == minutes
    assert f"*Sending:* {words}\n" in facts(replace(PREVIEW, people=people))


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience(AudienceKind.CHANNEL, "C1"), "the members of <#C1>"),
        (Audience(AudienceKind.USERGROUP, "S1"), "<!subteam^S1>"),
        (Audience(AudienceKind.TEAM, "R&D <!here>"), "the team R&amp;D &lt;!here&gt;"),
    ],
)
def test_each_audience_in_words(audience: Audience, words: str) -> None:
    said = facts(replace(PREVIEW, survey=replace(SURVEY, audience=audience)))
    held = "; people who join or leave it take part, or stop, from the next quarter on"
    is_chosen = audience.kind is not AudienceKind.EVERYONE
    assert said.startswith(f"*Who is asked:* {words}, 42 people{held if is_chosen else ''}\n")


@pytest.mark.parametrize("name", [*WEIRD, "&" * 120])
def test_slack_shows_the_largest_preview_and_list(name: str) -> None:
    survey = replace(SURVEY, name=name, audience=Audience(AudienceKind.TEAM, "<" * 120))
    long = NewQuestion("?" * 300, Scale.CHOICE, options=tuple(f"{n}{'x' * 74}" for n in range(10)))
    preview = replace(PREVIEW, survey=survey, questions=(long,) * 10)
    view = blocks.preview_view(preview, as_asked(preview, "U0DEMO0000"))
    assert validate_view(view) == []
    assert validate_view(blocks.created_view(survey)) == []
    listed = blocks.list_blocks(
        [survey] * 30, blocks.changed_text(SurveyChange(survey, unchanged=False))
    )
    assert validate_blocks(listed, "message") == []
    assert "10 more surveys" in listed[-1]["elements"][0]["text"]


def test_the_list_offers_what_can_be_done() -> None:
    paused = replace(SURVEY, status="paused")
    ended = replace(SURVEY, status="ended", next_open_at=None)
    rows = blocks.list_blocks([SURVEY, paused, ended])
    offered = [
        [element["action_id"] for element in block["elements"]]
        for block in rows
        if block["type"] == "actions"
    ]
    assert offered == [[blocks.PAUSE, blocks.END], [blocks.RESUME, blocks.END]]
    assert rows[0]["text"]["text"] == (
        "*Weekly pulse* · active\n"
        "everyone · every Tuesday at 10:00 in each person's own zone · anonymous\n"
        "The next wave opens Tuesday 10 November at 10:00, in each person's own time."
    )
    assert rows[-1]["text"]["text"].startswith("*Weekly pulse* · ended\n")
    assert "next wave" not in rows[-1]["text"]["text"]


ENDING = Ending(LAST, 46, 14, at_once=True, is_decided=True)
UNTIL = "<!date^1794301200^{date_short_pretty} at {time}|2026-11-10 09:00 UTC>"


def test_the_list_tells_of_an_open_wave_and_offers_to_close_it() -> None:
    asked = replace(SURVEY, status="ended", next_open_at=None, open_until=LAST)
    text, offered = blocks.list_blocks([asked])
    assert text["text"]["text"].startswith(f"*Weekly pulse* · running until {UNTIL}\n")
    (close,) = offered["elements"]
    assert (close["action_id"], close["text"]["text"]) == (blocks.END, "End early")
    assert "as soon as everybody has had a day to answer" in close["confirm"]["text"]["text"]

    weekly = replace(SURVEY, open_until=LAST)
    text, offered = blocks.list_blocks([weekly])
    assert f"\nA wave is open until {UNTIL}." in text["text"]["text"]
    assert [each["text"]["text"] for each in offered["elements"]] == ["Pause", "End early"]

    closing = replace(asked, is_closing=True)
    (text,) = blocks.list_blocks([closing])
    assert text["text"]["text"].startswith("*Weekly pulse* · ended\n")
    assert text["text"]["text"].endswith("Its wave is closing now.")


def test_what_has_changed_is_said_and_what_was_unchanged() -> None:
    paused = replace(SURVEY, status="paused")
    ended = replace(SURVEY, status="ended", next_open_at=None)
    said = [
        blocks.changed_text(SurveyChange(survey, unchanged=True))
        for survey in (SURVEY, paused, ended)
    ]
    assert said == [
        "*Weekly pulse* is already running.",
        "*Weekly pulse* is already paused.",
        "*Weekly pulse* has already ended.",
    ]
    assert blocks.changed_text(SurveyChange(paused, unchanged=False)) == (
        "*Weekly pulse* is paused: no new wave opens until you resume it."
    )
    assert blocks.changed_text(
        SurveyChange(replace(paused, open_until=LAST), unchanged=False)
    ).endswith(f" Its open wave runs on until {UNTIL}.")
    closing = replace(ended, open_until=LAST, is_closing=True, ending=ENDING)
    assert blocks.changed_text(SurveyChange(closing, unchanged=False)) == (
        "*Weekly pulse* has ended: no new wave opens. Its open wave closes within a minute, and "
        "the answers given count. If fewer than 14 of 46 people have answered by then, no figures "
        "will be shown."
    )
    later = replace(ended, open_until=LAST, ending=replace(ENDING, at_once=False))
    assert f"closes {UNTIL}, when everybody has had a day to answer. If fewer" in (
        blocks.changed_text(SurveyChange(later, unchanged=False))
    )
    (text,) = blocks.list_blocks([later])
    assert text["text"]["text"].startswith(f"*Weekly pulse* · ended, closes {UNTIL}\n")
    named = replace(ended, open_until=LAST, ending=replace(ENDING, needed=None))
    assert blocks.changed_text(SurveyChange(named, unchanged=False)).endswith(
        "the answers given count."
    )
    named = replace(ended, open_until=LAST, ending=replace(ENDING, needed=None, at_once=False))
    assert blocks.changed_text(SurveyChange(named, unchanged=False)).endswith(
        f"Its open wave closes {UNTIL}, when everybody has had a day to answer."
    )
    planned = replace(named, ending=replace(ENDING, needed=None, at_once=False, is_early=False))
    assert blocks.changed_text(SurveyChange(planned, unchanged=False)).endswith(
        f"Its open wave closes as planned, {UNTIL}."
    )


def test_ending_what_is_open_is_asked_in_a_message_that_fits() -> None:
    survey = replace(
        SURVEY,
        name="&" * 120,
        open_until=LAST,
        ending=replace(ENDING, invited=100_000, needed=30_000, is_decided=False),
    )
    message = blocks.ask_before_ending(survey)
    assert "If you end it now: its open wave closes" in message.text
    assert validate_blocks(message.blocks, "message") == []
    assert message.blocks[-1]["elements"][0]["confirm"]


@pytest.mark.parametrize(("hours", "words"), [(24, "1 day"), (168, "1 week"), (336, "2 weeks")])
def test_how_long_it_stays_open_is_told_in_the_forms_words(hours: int, words: str) -> None:
    survey = replace(SURVEY, open_hours=hours)
    assert f"*Closes:* {words} after" in facts(replace(PREVIEW, survey=survey))
    assert forms.OPEN_HOURS[str(hours)] == words


def test_an_empty_list_says_how_to_begin() -> None:
    assert blocks.list_blocks([])[0]["text"]["text"] == blocks.NO_SURVEYS


def test_closing_the_last_view_closes_the_form_too() -> None:
    assert blocks.created_view(SURVEY)["clear_on_close"] is True


def test_only_a_question_of_agreement_is_to_be_worded_for_it() -> None:
    for scale in Scale:
        view = forms.compose_view(forms.Form("1", own=(forms.OwnQuestion(scale=scale),)))
        assert (forms.AGREEING in str(view)) is (scale is Scale.AGREE)


def test_several_surveys_that_single_somebody_out_are_told_with_the_way_out() -> None:
    message = blocks.too_much_alike("A & B", "Upstairs", date(2027, 2, 1), together=True)
    assert message.text == (
        "*A &amp; B* was not asked this time: together with *Upstairs* and other surveys about the "
        "same, it would show the answers of a few people. Ask other people, or wait until 1 "
        "February 2027."
    )
    assert validate_blocks(message.blocks, "message") == []
