"""HR starts journeys in Slack; a newcomer is welcomed, asked, and sees their path."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.journeys import blocks, forms
from bot.journeys.handlers import SAVED
from bot.people.roles import REFUSALS, Role
from bot.pulse import blocks as pulse
from bot.pulse import comment_blocks
from bot.pulse.steps import Note
from sandbox.demo.company import people
from tests.journeys.stage import Stage, text_of

STAFF = people()
MAYA, NEW = STAFF[0].id, STAFF[9].id
FIRST = date(2026, 11, 4)
MORNING = datetime(2026, 11, 4, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def pressed(stage: Stage, view: Any, action_id: str, **how: Any) -> Any:
    outcome = await stage.sandbox.press(MAYA, action_id, view_id=view["id"], **how)
    assert outcome.ok, outcome.shown
    assert outcome.view
    return outcome.view


async def submitted(stage: Stage, view: Any, **values: Any) -> Any:
    outcome = await stage.sandbox.submit(MAYA, view["id"], values)
    assert outcome.ok, (outcome.shown, outcome.errors)
    return outcome.view


async def test_hr_starts_journeys_and_a_newcomer_walks_one(stage: Stage) -> None:
    refused = await stage.sandbox.command(NEW, "/journey", "")
    assert REFUSALS[Role.ADMIN] in str(refused.reply)
    opened = await stage.sandbox.command(MAYA, "/journey", "")
    assert opened.view, opened.shown
    overview = await pressed(stage, opened.view, blocks.START)
    assert "Nobody just now" in text_of(overview)

    person = await pressed(stage, overview, blocks.PERSON, selected=NEW)
    wrong = {forms.HIRED: FIRST.isoformat(), forms.LEAVES: "2026-11-01"}
    refused = await stage.sandbox.submit(MAYA, person["id"], wrong)
    assert refused.errors == {forms.LEAVES: forms.LEAVES_BEFORE}
    overview = await submitted(
        stage, person, **{forms.HIRED: FIRST.isoformat(), forms.LEAVES: None}
    )
    assert SAVED in text_of(overview)
    assert "Welcome, Wed 4 Nov" in text_of(overview)

    change = await pressed(stage, overview, blocks.CHANGE, value="joined_7")
    preview = await pressed(stage, change, blocks.PREVIEW)
    assert "My equipment worked on my first day." in text_of(preview)
    overview = await pressed(stage, preview, blocks.BACK)
    change = await pressed(stage, overview, blocks.CHANGE, value="joined_7")
    own = {forms.BANK: ["role_know_expected"], forms.OWN: "I know my way around."}
    overview = await submitted(stage, change, **own)
    assert "2 questions" in text_of(overview)

    await stage.at(MORNING)
    assert "day 7, 30, 60 and 90" in text_of(stage.last(NEW))
    await stage.at(MORNING + timedelta(days=2))  # a mentor is offered
    await stage.at(MORNING + timedelta(days=6))
    message = stage.last(NEW)
    assert "waits until at least 5 people" in text_of(message)
    assert "Asked of" not in text_of(message)
    assert "HR reads comments only once at least 10 people have written one" in text_of(message)
    form = await stage.press(NEW, pulse.COMMENT)
    assert form.view
    assert "at least 10 people have written one" in str(form.view)
    text = {comment_blocks.COMMENT_FIELD: "My laptop came on the third day."}
    checked = await stage.sandbox.submit(NEW, form.view["id"], text)
    assert checked.view
    assert "once at this milestone at least 10 people comment" in text_of(checked.view)
    assert (await stage.sandbox.submit(NEW, checked.view["id"], text)).ok
    await stage.settled()
    assert pulse.NOTES[Note.COMMENT_SAVED] in text_of(stage.last(NEW))
    await stage.sandbox.home(NEW)
    await stage.settled()
    home = text_of(stage.sandbox.views(NEW)["home"])
    assert "✓ New here: the first week: Tue 10 Nov" in home
    assert "• New here: day 30: Thu 3 Dec" in home
