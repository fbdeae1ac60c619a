"""Parts of a bundle change one at a time, and preferences follow what HR changes."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from bot.blockkit.bundles import part_of
from bot.preferences import forms
from bot.pulse import blocks
from bot.surveys import form_fields
from models import Delivery, Workspace
from sandbox.demo.company import TEAM_ID
from tests.conftest import NOW
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.journeys.test_attention import ME, PARTY, open_form, part, shown, two_surveys
from tests.journeys.test_main_job import SECOND_QUESTION, create_survey

DAY = timedelta(days=1)
PULSE = "How is it going?"


async def test_two_presses_at_once_in_two_parts_both_show(stage: Stage) -> None:
    """The second press's payload shows the message as it was before the first was answered."""
    message = await two_surveys(stage)
    found = []
    for survey, value in ((PARTY, 4), (PULSE, 2)):
        block = next(
            b
            for b in part(message, survey)["blocks"]
            if any(e.get("action_id") == f"{blocks.ANSWER}:{value}" for e in b.get("elements", []))
        )
        found.append((block["block_id"], f"{blocks.ANSWER}:{value}"))
    await asyncio.gather(
        *(
            stage.sandbox.press(
                ME, action, channel="dm", message_ts=message["ts"], block_id=block_id
            )
            for block_id, action in found
        )
    )
    await stage.settled()
    for survey in (PARTY, PULSE):
        assert SECOND_QUESTION in text_of(part(shown(stage), survey)), survey


async def test_the_original_of_a_part_that_went_alone_moves(stage: Stage) -> None:
    """A bundle of a reminder that was not needed and a question: the question went alone."""
    async with stage.runtime.sessions.begin() as session:
        await session.execute(update(Workspace).values(days_a_week=5))
    await create_survey(stage)
    await stage.at(stage.now)
    await stage.press(ME, f"{blocks.ANSWER}:4")
    await stage.press(ME, f"{blocks.ANSWER}:9")
    later = NOW + DAY + timedelta(minutes=1)
    stage.hands["now"] = later
    await create_survey(stage, **{form_fields.NAME: PARTY})
    await stage.at(later)
    await stage.at(later + DAY)
    async with stage.runtime.sessions.begin() as session:
        rows = list(await session.scalars(select(Delivery).where(Delivery.recipient.is_not(None))))
    _, question, reminder = stage.sandbox.messages("dm", ME)
    row = next(r for r in rows if r.ts == question["ts"])
    assert part_of(question["blocks"][0].get("block_id", "")) == "", "it went alone"
    assert row.bundle, "but its row names a bundle"
    await stage.press(ME, f"{blocks.ANSWER}:4")
    _, question, reminder = stage.sandbox.messages("dm", ME)
    assert SECOND_QUESTION in text_of(reminder)
    assert blocks.MOVED in text_of(question)
    assert not buttons_of(question)


async def test_plainer_bundles_keep_their_parts(stage: Stage) -> None:
    """Slack refuses the blocks once: the plainer form's parts are replaced without a rest."""
    from bot.blockkit.blocks import Message, actions, button, context, header, section
    from bot.blockkit.bundles import join, with_part
    from bot.blockkit.fallbacks import simpler_blocks

    one = Message(
        "a",
        [
            header("A"),
            section("ask", button("Go", "go")),
            actions([button("x", "x")]),
            context("private"),
        ],
    )
    plainer = simpler_blocks(join([("p1", one), ("p2", one)]).blocks)
    nameless = [b for b in plainer if not part_of(b.get("block_id", ""))]
    assert not nameless, nameless
    replaced = with_part(plainer, "p1", Message("done", [section("done")]))
    assert str(replaced.blocks).count("private") == 1


async def test_a_pause_that_is_over_does_not_refuse_the_form(stage: Stage) -> None:
    view = await open_form(stage, ME)
    until = (NOW + DAY).date().isoformat()
    assert (await stage.sandbox.submit(ME, view["id"], {forms.PAUSE: until})).ok
    await stage.at(NOW + 7 * DAY)
    view = await open_form(stage, ME)
    saved = await stage.sandbox.submit(ME, view["id"], {forms.OFTEN: "days:1"})
    assert not saved.errors, saved.errors


async def test_hr_who_only_changes_their_own_keeps_what_others_set(stage: Stage) -> None:
    """Two forms of HR's admin are open; the older one changes nothing for everybody."""
    older = await open_form(stage, "maya")
    async with stage.runtime.sessions.begin() as session:
        await session.execute(update(Workspace).values(days_a_week=4))
    assert (await stage.sandbox.submit("maya", older["id"], {forms.REMINDERS: []})).ok
    async with stage.runtime.sessions.begin() as session:
        workspace = await session.get_one(Workspace, TEAM_ID)
    assert workspace.days_a_week == 4
