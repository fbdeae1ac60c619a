"""The first hour: whoever begins is led through four steps, and the company is told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.people.roles import ADMINS_FIELD
from bot.pulse.blocks import introduction
from bot.runtime import check_and_register
from bot.setup import announcement, blocks, forms, trial
from bot.setup.status import status_lines
from bot.surveys import form_fields
from models import Delivery, OpenAnswer, Workspace
from sandbox.demo.company import HR_CHANNEL, MAYA, TEAM_ID
from sandbox.outcome import Outcome
from sandbox.workspace import add_channel
from scheduler.people import sync_people
from tests.journeys.stage import Stage, open_stage, text_of
from tests.journeys.test_main_job import TEAM, create_survey

AMARA = "amara"
GENERAL = "general"
PRIVATE = "G0SECRET"


@pytest.fixture
async def installed(database_url: str) -> AsyncIterator[Stage]:
    """A stage on which Attune was installed a moment ago."""
    async with open_stage(database_url, first_steps=True) as stage:
        secret = {"id": PRIVATE, "name": "hr-only", "kind": "private", "members": [MAYA]}
        add_channel(stage.sandbox.world, secret)
        await stage.at(stage.now)
        yield stage


def steps(stage: Stage, user: str = MAYA) -> dict[str, Any]:
    """Return the message with the first steps."""
    found = [each for each in stage.sandbox.messages("dm", user) if blocks.TITLE in text_of(each)]
    assert len(found) == 1
    return found[0]


async def press(stage: Stage, action_id: str, user: str = MAYA) -> Outcome:
    ts = steps(stage, user)["ts"]
    outcome = await stage.sandbox.press(user, action_id, channel="dm", message_ts=ts)
    await stage.settled()
    return outcome


async def fill_in(stage: Stage, action_id: str, **values: Any) -> Outcome:
    """Open a form from the message with the steps, fill it in and send it."""
    opened = await press(stage, action_id)
    assert opened.view, opened.shown
    return await send(stage, opened.view, **values)


async def send(stage: Stage, view: dict[str, Any], **values: Any) -> Outcome:
    sent = await stage.sandbox.submit(MAYA, view["id"], values)
    await stage.settled()
    return sent


async def count(stage: Stage, table: type) -> int:
    async with stage.runtime.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def status(stage: Stage) -> str:
    async with stage.runtime.reading() as session:
        return "\n".join(await status_lines(session, stage.now))


async def test_the_first_hour(installed: Stage) -> None:
    stage = installed
    assert "*0 of 4.*" in text_of(steps(stage))
    assert not stage.sandbox.messages("dm", AMARA)
    assert "writes to nobody yet" in await status(stage)

    # HR's channel: a private one that Attune isn't in is refused at its field.
    opened = await press(stage, f"{blocks.OPEN}:channel")
    assert opened.view
    refused = await send(stage, opened.view, **{forms.HR_CHANNEL_FIELD: PRIVATE})
    assert "/invite @Attune" in refused.errors[forms.HR_CHANNEL_FIELD]
    assert (await send(stage, opened.view, **{forms.HR_CHANNEL_FIELD: HR_CHANNEL})).ok
    await press(stage, f"{blocks.SKIP}:hr")
    assert "*2 of 4.*" in text_of(steps(stage))

    # Who takes part: too few people are refused, a team is taken.
    few = await fill_in(stage, f"{blocks.OPEN}:audience", **{form_fields.CHANNEL: HR_CHANNEL})
    assert "at least 10" in few.errors[form_fields.CHANNEL]
    await stage.sandbox.close(MAYA, stage.sandbox.views(MAYA)["view"]["id"], everything=True)
    chosen = await fill_in(stage, f"{blocks.OPEN}:audience", **{form_fields.TEAM: "Engineering"})
    assert chosen.ok, chosen.errors

    # A question to try: nothing of it is stored.
    await press(stage, f"{blocks.OPEN}:trial")
    question = stage.last(MAYA)
    buttons = [block for block in question["blocks"] if block["type"] == "actions"]
    first = buttons[0]["elements"][0]["action_id"]
    assert first.startswith(trial.TRIED)
    before = await count(stage, Delivery)
    await stage.press(MAYA, first)
    assert text_of(stage.last(MAYA)).startswith(trial.THANKS)
    assert (await count(stage, Delivery), await count(stage, OpenAnswer)) == (before, 0)
    assert "All four steps" in text_of(steps(stage))

    # The prepared pulse asks the chosen team, and its button is spent.
    opened = await press(stage, blocks.PREPARE)
    assert opened.view
    previewed = await send(stage, opened.view)
    assert previewed.view, previewed.errors
    assert "the team Engineering" in text_of(previewed.view)
    assert (await send(stage, previewed.view)).ok
    await press(stage, f"{blocks.OPEN}:channel")
    assert "A first survey:* Weekly pulse" in text_of(steps(stage))
    assert "writes to 12 people in 1 survey; next: " in await status(stage)


async def test_the_announcement_is_posted_once(installed: Stage) -> None:
    stage = installed
    await stage.sandbox.invite(MAYA, GENERAL, "attune")
    opened = await press(stage, blocks.ANNOUNCE)
    assert opened.view
    found = stage.sandbox.world.find_channel(GENERAL)
    assert found
    general = found.id
    said = {announcement.CHANNEL_FIELD: general, announcement.TEXT_FIELD: "Hello <!channel> & all"}
    assert (await send(stage, opened.view, **said)).ok
    again = await fill_in(stage, blocks.ANNOUNCE, **said)
    assert again.errors[announcement.CHANNEL_FIELD] == announcement.ALREADY_THERE
    for _ in range(2):
        await stage.at(stage.now)
    posted = [each for each in stage.sandbox.messages(GENERAL, AMARA) if "Hello" in text_of(each)]
    assert len(posted) == 1
    assert "&lt;!channel&gt;" in text_of(posted[0])
    assert f"<#{general}>" in text_of(steps(stage))


async def test_nobody_gets_the_steps_twice_and_only_hr_takes_them(installed: Stage) -> None:
    stage = installed
    # Attune is removed and installed again, by somebody else.
    async with stage.runtime.sessions.begin() as session:
        workspace = await session.get_one(Workspace, TEAM_ID)
        workspace.uninstalled_at, workspace.synced_at = stage.now, None
        workspace.installer_id = "U0DEMO0001"
    await check_and_register(stage.runtime)
    await sync_people(stage.runtime, stage.now)
    await stage.at(stage.now)
    steps(stage)
    assert await count(stage, Delivery) == 1

    refused = await stage.sandbox.command(AMARA, "/attune", "setup")
    assert refused.view is None
    assert refused.message
    assert "Only HR admins" in text_of(refused.message)

    # Maya hands over: Amara goes on, in a message of her own.
    amara = stage.sandbox.world.find_user(AMARA)
    assert amara
    assert (await fill_in(stage, f"{blocks.OPEN}:hr", **{ADMINS_FIELD: [amara.id]})).ok
    await stage.at(stage.now)
    assert "*1 of 4.*" in text_of(steps(stage, AMARA))
    assert "Handed over" in text_of(stage.last(MAYA))

    # In the modal a skipped step shows in the modal and in the message.
    shown = await stage.sandbox.command(AMARA, "/attune", "setup")
    assert shown.view
    await stage.sandbox.press(AMARA, f"{blocks.SKIP}:channel", view_id=shown.view["id"])
    await stage.settled()
    assert "*2 of 4.*" in text_of(stage.sandbox.views(AMARA)["view"])
    assert "*2 of 4.*" in text_of(steps(stage, AMARA))
    assert await count(stage, Delivery) == 2


async def test_only_the_first_question_says_what_attune_is(installed: Stage) -> None:
    stage = installed
    hello = text_of({"blocks": introduction(5)})
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    assert text_of(stage.last(AMARA)).count(hello) == 1
    await stage.press(AMARA, "pulse:answer:4")
    assert hello not in text_of(stage.last(AMARA))
    await create_survey(stage, TEAM, **{form_fields.NAME: "Once more"})
    await stage.at(stage.now + timedelta(days=1))
    assert "Once more" in text_of(stage.last(AMARA))
    assert hello not in text_of(stage.last(AMARA))
