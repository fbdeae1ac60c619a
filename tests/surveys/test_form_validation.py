"""The compose form: drawn from what was typed, read back, and refused at the field."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from bot.blockkit.blocks import View
from bot.errors import FieldErrors
from bot.surveys import form_fields, form_validation
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.audience_fields import Offered
from bot.surveys.drafts import Repeating
from bot.surveys.form_validation import read_survey
from bot.surveys.forms import ADD_OWN, Form, OwnQuestion, compose_view, form_in, with_own_question
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from sandbox.blockkit import validate_view
from sandbox.elements import state_of

TODAY = date(2026, 11, 3)
KEYS = tuple(question.key for question in load_bank().questions)
CHOICE = OwnQuestion("Where do you work best?", "choice", "At home\n\n In the  office \n")
WHOLE = Form(
    survey_id="5",
    name="Weekly pulse",
    bank=KEYS[:2],
    own=(CHOICE, OwnQuestion("What else?", "text")),
    audience="team",
    audience_ref="Design & <!channel>",
    when="monthly",
    ordinal="3rd",
    weekday="4",
    time="09:30",
    open_hours="120",
    anonymity="named",
)
TEAMS = ["Design & <!channel>", "מכירות", "T" * 120]
OFFERED = Offered(
    TEAMS, [("S1", "Managers"), ("S2", "<!here>")], ["Products", "D" * 120], ["Berlin", "Kyoto"]
)


def typed_into(view: View) -> dict[str, Any]:
    """Return the view as it comes back from Slack when nobody touched it."""
    return {**view, "state": {"values": state_of(view["blocks"], None)}}


def elements(view: View) -> dict[str, Any]:
    return {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}


def refused(form: Form) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        read_survey(form, TODAY)
    return caught.value.fields


@pytest.mark.parametrize(
    "form",
    [
        Form("1"),
        WHOLE,
        replace(WHOLE, audience="channel", audience_ref="C0PEOPLEOPS"),
        replace(WHOLE, audience="usergroup", audience_ref="S1"),
        replace(WHOLE, when="once", date="2026-12-24"),
        replace(WHOLE, when="now"),
        replace(WHOLE, name="<!channel> *x* & 🌻 שלום", own=(OwnQuestion("?" * 300),) * 3),
    ],
)
def test_drawing_the_form_anew_loses_nothing_and_slack_takes_it(form: Form) -> None:
    view = compose_view(form, OFFERED)
    assert validate_view(view) == []
    again = compose_view(form_in(typed_into(view)), OFFERED)
    assert again == view


def test_what_is_typed_comes_back() -> None:
    assert form_in(typed_into(compose_view(WHOLE, OFFERED))) == WHOLE


def test_fields_appear_with_what_was_chosen() -> None:
    assert form_fields.DATE not in elements(compose_view(Form("1")))
    once = elements(compose_view(Form("1", when="once")))
    assert {form_fields.DATE, form_fields.TIME} < set(once)
    assert form_fields.WEEKDAY not in once
    assert form_fields.TIME not in elements(compose_view(Form("1", when="now")))
    assert form_fields.ORDINAL in elements(compose_view(Form("1", when="monthly")))
    channel = elements(compose_view(Form("1", audience="channel")))
    assert channel[form_fields.CHANNEL]["type"] == "conversations_select"


def test_own_questions_are_added_up_to_three() -> None:
    form = Form("1")
    for expected in (1, 2, 3, 3):
        form = with_own_question(form)
        assert len(form.own) == expected
    assert ADD_OWN not in str(compose_view(form))


def test_several_hundred_teams_fit_into_the_select() -> None:
    teams = [f"Team {number:04} {'x' * 100}" for number in range(250)]
    view = compose_view(Form("1", audience="team", audience_ref=teams[200]), Offered(teams))
    assert validate_view(view) == []
    element = elements(view)[form_fields.TEAM]
    assert [len(group["options"]) for group in element["option_groups"]] == [100, 100, 50]
    assert element["initial_option"]["value"] == teams[200]


@pytest.mark.parametrize("audience", ["team", "usergroup"])
def test_where_there_is_nothing_to_choose_the_form_says_so(audience: str) -> None:
    view = compose_view(Form("1", audience=audience))
    assert validate_view(view) == []
    assert form_fields.AUDIENCE_REFS[audience] not in elements(view)


def test_a_whole_survey_is_read() -> None:
    new = read_survey(WHOLE, TODAY)
    assert (new.name, new.open_hours, new.anonymous) == ("Weekly pulse", 120, False)
    assert new.audience == Audience(AudienceKind.TEAM, "Design & <!channel>")
    assert new.when == Repeating(Cadence.MONTHLY, 4, "3rd", time(9, 30))
    assert [question.bank_key for question in new.questions] == [*KEYS[:2], None, None]
    choice, text = new.questions[2:]
    assert (choice.scale, choice.options) == (Scale.CHOICE, ("At home", "In the office"))
    assert (text.scale, text.driver, text.options) == (Scale.TEXT, OWN_DRIVER, ())


@pytest.mark.parametrize(
    ("changes", "when"),
    [
        ({"when": "now"}, Plan(Cadence.ONCE, TODAY, None)),
        (
            {"when": "once", "date": "2026-11-03"},
            Plan(Cadence.ONCE, date(2026, 11, 3), time(9, 30)),
        ),
        ({"when": "weekly"}, Repeating(Cadence.WEEKLY, 4, "3rd", time(9, 30))),
    ],
)
def test_each_way_to_say_when(changes: dict[str, str], when: Plan | Repeating) -> None:
    assert read_survey(replace(WHOLE, **changes), TODAY).when == when  # type: ignore[arg-type] # a table of keyword arguments


def test_an_own_question_left_empty_is_not_asked() -> None:
    form = replace(WHOLE, own=(OwnQuestion("", "choice"), OwnQuestion("What else?", "text")))
    assert [question.text for question in read_survey(form, TODAY).questions[2:]] == ["What else?"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, form_fields.NAME, "Please give the survey a name."),
        ({"name": "x" * 121}, form_fields.NAME, "Please shorten the name to 120 characters."),
        ({"bank": (), "own": ()}, form_fields.BANK, form_validation.NO_QUESTION),
        ({"bank": ("no_such_key",), "own": ()}, form_fields.BANK, form_validation.NO_QUESTION),
        (
            {"bank": KEYS[:9]},
            form_fields.BANK,
            "These are 11 questions, and 10 are the most. Please take 1 away.",
        ),
        ({"audience_ref": ""}, form_fields.TEAM, "Please choose the team."),
        (
            {"audience": "channel", "audience_ref": ""},
            form_fields.CHANNEL,
            "Please choose the channel.",
        ),
        ({"when": "once", "date": ""}, form_fields.DATE, "Please choose a date."),
        (
            {"when": "once", "date": "2026-11-02"},
            form_fields.DATE,
            "This date has passed. Please choose today or a later one.",
        ),
        ({"time": ""}, form_fields.TIME, "Please choose a time."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    assert refused(replace(WHOLE, **changes)) == {field: sentence}


@pytest.mark.parametrize(
    ("own", "field", "sentence"),
    [
        (
            OwnQuestion("x" * 301),
            form_fields.OWN_TEXT,
            "Please shorten the question to 300 characters.",
        ),
        (
            OwnQuestion("what ELSE?"),
            form_fields.OWN_TEXT,
            "This question is in the survey already.",
        ),
        (
            OwnQuestion("Which?", "choice", "One\n\n"),
            form_fields.OWN_OPTIONS,
            "Please write two options or more, one on each line.",
        ),
        (
            OwnQuestion("Which?", "choice", "\n".join("abcdefghijk")),
            form_fields.OWN_OPTIONS,
            "These are 11 options, and 10 are the most.",
        ),
        (
            OwnQuestion("Which?", "choice", "Yes\nNo\n YES"),
            form_fields.OWN_OPTIONS,
            "Two options are the same. Please change or remove one of them.",
        ),
        (
            OwnQuestion("Which?", "choice", "Yes\n" + "x" * 76),
            form_fields.OWN_OPTIONS,
            "Please shorten each option to 75 characters.",
        ),
    ],
)
def test_what_is_wrong_with_an_own_question_is_told_at_its_field(
    own: OwnQuestion, field: str, sentence: str
) -> None:
    form = replace(WHOLE, own=(OwnQuestion("What else?", "text"), own))
    assert refused(form) == {form_fields.own(field, 1): sentence}


def test_all_that_is_wrong_is_told_at_once() -> None:
    form = replace(WHOLE, name="", audience_ref="", when="once", date="")
    assert set(refused(form)) == {form_fields.NAME, form_fields.TEAM, form_fields.DATE}


def test_an_error_of_a_field_that_is_not_there_goes_to_the_one_that_decides_about_it() -> None:
    present = set(elements(compose_view(Form("1", own=(OwnQuestion(),)))))
    missing = [
        form_fields.own(form_fields.OWN_OPTIONS, 0),
        form_fields.TEAM,
        form_fields.DATE,
        "surveys:gone",
    ]
    moved = [
        form_fields.shown_at({field: "x"}, present).popitem()[0]
        for field in [*missing, form_fields.TIME]
    ]
    assert moved == [
        form_fields.own(form_fields.OWN_SCALE, 0),
        form_fields.AUDIENCE,
        form_fields.WHEN,
        form_fields.NAME,
        form_fields.TIME,
    ]
