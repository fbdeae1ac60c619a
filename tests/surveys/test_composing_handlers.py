"""HR begins with a template, changes and copies surveys, in Slack's lists and on Home."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.pulse.blocks import ANSWER
from bot.surveys import blocks, form_fields, preview_blocks
from bot.surveys.audience import Filters
from bot.surveys.forms import ADD_OWN, TRANSLATE
from bot.surveys.template_form import START
from bot.voice.inbox_blocks import inbox_button
from models import Employee, Survey
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, open_stage, text_of
from tests.journeys.test_languages import in_slack
from tests.surveys.test_surveys_handlers import (
    FILLED,
    MAYA,
    TOMAS,
    choose,
    created,
    submit,
    view_of,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def surveys(stage: Stage) -> list[Survey]:
    async with stage.runtime.sessions.begin() as session:
        return list(await session.scalars(select(Survey).order_by(Survey.created_at)))


async def pressed_at_home(stage: Stage, action_id: str) -> dict[str, Any]:
    await stage.sandbox.home(MAYA)
    await stage.settled()
    home = stage.sandbox.views(MAYA)["home"]
    outcome = await stage.sandbox.press(MAYA, action_id, view_id=home["id"])
    assert outcome.ok, outcome
    return view_of(stage)


async def test_a_template_is_shown_then_fills_the_form(stage: Stage) -> None:
    assert (await stage.pulse(MAYA, "new")).ok
    assert view_of(stage)["callback_id"] == START
    await choose(stage, form_fields.TEMPLATE, "enps")
    assert "How likely are you to suggest" in text_of(view_of(stage))
    assert (await submit(stage)).ok
    assert await surveys(stage) == []
    shown = text_of(view_of(stage))
    assert "This asks 46 people." in shown
    assert (await submit(stage)).ok
    assert (await submit(stage)).ok
    (made,) = await surveys(stage)
    assert (made.name, made.cadence, made.open_hours) == (
        "Would you recommend us?",
        "quarterly",
        168,
    )
    assert [each.bank_key for each in made.questions] == [
        "commitment_suggest_to_friend",
        "commitment_change_first",
    ]


async def test_the_form_says_how_many_that_is_and_what_is_too_few(stage: Stage) -> None:
    await stage.compose(MAYA)
    await choose(stage, form_fields.AUDIENCE, "chosen")
    assert "This asks" not in text_of(view_of(stage))
    await stage.sandbox.press(
        MAYA, form_fields.TEAMS, view_id=view_of(stage)["id"], selected=["Engineering", "Legal"]
    )
    assert "This asks 15 people." in text_of(view_of(stage))
    await stage.sandbox.press(
        MAYA, form_fields.TEAMS, view_id=view_of(stage)["id"], selected=["Legal"]
    )
    assert "needs at least 10" in text_of(view_of(stage))
    refused = await submit(stage, FILLED)
    assert "needs at least 10" in refused.errors[form_fields.AUDIENCE]
    await choose(stage, form_fields.ANONYMITY, "named")
    assert "This asks 3 people." in text_of(view_of(stage))
    assert (await submit(stage)).ok
    (draft,) = await surveys(stage)
    assert draft.audience_filter == Filters(("Legal",)).stored()


async def suggested(stage: Stage, typed: str) -> list[str]:
    view_id = view_of(stage)["id"]
    outcome = await stage.sandbox.suggest(MAYA, view_id, form_fields.TEAMS, typed)
    assert outcome.reply
    return [each["value"] for each in outcome.reply.body["options"]]


async def test_of_many_teams_slack_asks_as_hr_types(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        for number, person in enumerate(await session.scalars(select(Employee))):
            person.team = f"Team {number:03} {'x' * 80}"
            person.location = "Berlin"
        for number in range(80):
            session.add(
                Employee(
                    workspace_id=person.workspace_id,
                    id=f"U0MORE{number:03}",
                    name="More",
                    active=True,
                    team=f"Guild {number:03}",
                )
            )
    await stage.compose(MAYA)
    await choose(stage, form_fields.AUDIENCE, "chosen")
    assert await suggested(stage, "guild 07") == [f"Guild 07{number}" for number in range(10)]
    assert len(await suggested(stage, "")) == 100
    denied: Outcome = await stage.pulse(TOMAS, "new")
    assert denied.view is None


async def test_a_survey_is_changed_and_copied_from_the_list(stage: Stage) -> None:
    await created(stage)
    assert (await stage.pulse(MAYA, "list")).ok
    assert (await stage.press(MAYA, blocks.EDIT)).ok
    assert view_of(stage)["title"]["text"] == "Edit survey"
    saved = await submit(stage, {form_fields.NAME: "Better name"})
    assert saved.ok, saved
    assert "*Better name* is changed." in text_of(saved.view or {})
    await stage.sandbox.close(MAYA, view_of(stage)["id"])
    assert (await stage.pulse(MAYA, "list")).ok
    assert (await stage.press(MAYA, blocks.DUPLICATE)).ok
    assert len(await surveys(stage)) == 1
    assert (await submit(stage)).ok
    assert (await submit(stage)).ok
    assert [each.name for each in await surveys(stage)] == ["Better name", "Copy of Better name"]


async def test_other_questions_are_previewed_and_go_on(stage: Stage) -> None:
    await created(stage)
    assert (await stage.pulse(MAYA, "list")).ok
    assert (await stage.press(MAYA, blocks.EDIT)).ok
    previewed = await submit(stage, {form_fields.BANK: ["recognition_noticed"]})
    assert previewed.ok, previewed
    assert preview_blocks.GOES_ON in text_of(previewed.view or {})
    saved = await submit(stage)
    assert "is changed." in text_of(saved.view or {})
    first, second = await surveys(stage)
    assert (first.status, second.status, second.replaces) == ("ended", "active", first.id)


async def test_home_lists_surveys_in_a_window_and_changes_them_there(stage: Stage) -> None:
    await created(stage)
    window = await pressed_at_home(stage, blocks.LIST)
    assert window["title"]["text"] == blocks.LIST_TITLE
    paused = await stage.sandbox.press(MAYA, blocks.PAUSE, view_id=window["id"])
    assert paused.ok, paused
    await stage.settled()
    assert "*Weekly pulse* · paused" in text_of(view_of(stage))
    await stage.sandbox.press(MAYA, blocks.RESULTS, view_id=view_of(stage)["id"])
    await stage.settled()
    assert "has no results yet" in text_of(view_of(stage))


@pytest.mark.parametrize(
    "action_id",
    [
        blocks.NEW,
        blocks.RESULTS,
        "products:board",
        "journeys:open",
        "people:change_hr_team",
        inbox_button()["action_id"],
    ],
)
async def test_each_button_of_home_opens_a_window(stage: Stage, action_id: str) -> None:
    assert (await pressed_at_home(stage, action_id))["type"] == "modal"


async def test_own_questions_are_translated_in_the_form_and_reach_people_so(stage: Stage) -> None:
    for person, locale in (("amara", "de-DE"), ("kofi", "fr-FR")):
        await in_slack(stage, person, locale)
    await stage.compose(MAYA)
    await choose(stage, ADD_OWN)
    await choose(stage, form_fields.own(form_fields.OWN_SCALE, 0), "choice")
    await choose(stage, TRANSLATE)
    german = f"{form_fields.OWN_TRANSLATION}:de:0"
    typed = {
        form_fields.NAME: "Lunch",
        form_fields.WHEN: "now",
        form_fields.OWN_TEXT + ":0": "Where shall we go?",
        form_fields.OWN_OPTIONS + ":0": "The lake\nThe hills",
        german: "Wohin gehen wir?\nAn den See",
    }
    refused = await submit(stage, typed)
    assert "2 options beneath it" in refused.errors[german]
    typed[german] += "\nIn die Hügel"
    previewed = await submit(stage, typed)
    assert previewed.ok, previewed
    shown = text_of(previewed.view or {})
    assert "• “Where shall we go?”: Français, Español, Português and 日本語" in shown
    assert (await submit(stage)).ok
    await stage.at(stage.now)
    for person, question, option in (
        ("amara", "Wohin gehen wir?", "An den See"),
        ("kofi", "Where shall we go?", "The lake"),
    ):
        asked = stage.last(person)
        assert question in text_of(asked)
        assert option in str(asked)
    await stage.press("amara", f"{ANSWER}:0")
    (made,) = await surveys(stage)
    assert made.questions[0].text == "Where shall we go?"


async def test_translations_change_in_place_between_waves(stage: Stage) -> None:
    await stage.compose(MAYA)
    await choose(stage, ADD_OWN)
    own = form_fields.OWN_TEXT + ":0"
    assert (await submit(stage, {form_fields.NAME: "Calm", own: "It is calm here."})).ok
    assert (await submit(stage)).ok
    await stage.sandbox.close(MAYA, view_of(stage)["id"])
    (made,) = await surveys(stage)
    assert (await stage.pulse(MAYA, "list")).ok
    assert (await stage.press(MAYA, blocks.EDIT)).ok
    await choose(stage, TRANSLATE)
    saved = await submit(stage, {f"{form_fields.OWN_TRANSLATION}:ja:0": "ここは静かです。"})
    assert "*Calm* is changed." in text_of(saved.view or {})
    (same,) = await surveys(stage)
    assert same.id == made.id
    assert same.questions[0].translations == {"ja": {"text": "ここは静かです。", "options": []}}
