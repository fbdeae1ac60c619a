"""Presses and forms, through Slack's payloads, the real bot and the sandbox."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import OUTDATED
from bot.outbox.kinds import Composing
from bot.pulse import blocks, comment_blocks, sealing
from bot.pulse.messages import compose_question
from bot.pulse.opening import OpenedWave
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import ANYTHING_TO_ADD, WHOLE_PULSE, CommentForm, Note, Refusal
from bot.slack.client import make_client, post
from bot.surveys.pure.scales import Scale
from models import Delivery, OpenAnswer
from sandbox.acting import forward
from sandbox.demo.company import TEAM_ID, people
from sandbox.outcome import Outcome
from tests.conftest import NOW
from tests.factories import survey
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of
from tests.pulse.opening import open_wave
from tests.pulse.waves import questions

ME, FRIEND = (person.id for person in people()[1:3])


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def asked(stage: Stage, *, person: str = ME) -> str:
    """Open a wave and send its question to one person; return the wave's id."""
    async with stage.runtime.sessions.begin() as session:
        made = survey(*questions(), workspace_id=TEAM_ID)
        session.add(made)
        await session.flush()
        opened = await open_wave(session, TEAM_ID, made.id, None, NOW)
        assert isinstance(opened, OpenedWave)
        due = await session.scalars(
            select(Delivery).where(Delivery.recipient == person, Delivery.kind == "question")
        )
        message = await compose_question(session, due.one(), Composing(NOW, None))
    assert message
    client = make_client(
        stage.runtime.settings.slack_api_url, stage.runtime.http, stage.sandbox.app.bot_token
    )
    await post(client, person, message)
    return opened.wave_id


async def press(stage: Stage, action_id: str, user: str = ME) -> Outcome:
    outcome = await stage.press(user, action_id)
    assert outcome.ok, outcome.shown
    return outcome


async def submit(stage: Stage, opened: Outcome, text: str) -> Outcome:
    """Write a comment, look at how HR will read it, and save it."""
    assert opened.view
    outcome = await stage.sandbox.submit(
        ME, opened.view["id"], {comment_blocks.COMMENT_FIELD: text}
    )
    if outcome.view:
        outcome = await stage.sandbox.submit(ME, outcome.view["id"])
    await stage.settled()
    return outcome


async def stored(stage: Stage) -> list[tuple[Any, ...]]:
    async with stage.runtime.sessions.begin() as session:
        rows = await session.execute(
            select(OpenAnswer.position, OpenAnswer.value, OpenAnswer.comment).order_by(
                OpenAnswer.position
            )
        )
        return [tuple(row) for row in rows]


def seen(stage: Stage, user: str = ME) -> str:
    return text_of(stage.last(user))


def number_of(message: dict[str, Any]) -> int | None:
    """Return which question a message asks, from 1; None where it asks none."""
    presses = [
        blocks.press_in(button)
        for button in buttons_of(message)
        if button["action_id"] == blocks.SKIP
    ]
    return presses[0].position + 1 if presses else None


def offered(stage: Stage) -> set[str]:
    return {button["action_id"] for button in buttons_of(stage.last(ME))}


async def test_the_question_and_what_replaces_it_link_the_page_about_privacy(
    stage: Stage,
) -> None:
    stage.runtime.settings.attune_privacy_url = "https://intranet.example/privacy"
    link = "<https://intranet.example/privacy|"
    async with stage.runtime.sessions.begin() as session:
        session.add(survey(*questions(), workspace_id=TEAM_ID))
    await stage.at(NOW)
    assert link in seen(stage)

    await press(stage, f"{blocks.ANSWER}:4")
    assert number_of(stage.last(ME)) == 2
    assert link in seen(stage)
    await submit(stage, await press(stage, blocks.WRITE), "Fewer meetings")
    assert number_of(stage.last(ME)) == 3
    assert link in seen(stage)


async def test_a_whole_pulse_is_answered_in_one_message(stage: Stage) -> None:
    await asked(stage)
    before = len(stage.sandbox.messages("dm", ME))
    await press(stage, f"{blocks.ANSWER}:4")
    assert number_of(stage.last(ME)) == 2

    form = await press(stage, blocks.WRITE)
    outcome = await submit(stage, form, "Fewer meetings & <!channel>")
    assert outcome.ok
    assert outcome.view is None
    assert number_of(stage.last(ME)) == 3

    await press(stage, f"{blocks.ANSWER}:10")
    await press(stage, blocks.SKIP)
    assert blocks.CHANGE in offered(stage)
    assert "Fewer meetings" not in seen(stage)
    assert await stored(stage) == [
        (0, 4, None),
        (1, None, "Fewer meetings & <!channel>"),
        (2, 10, None),
    ]

    form = await press(stage, blocks.COMMENT_AFTER_THANKS)
    assert form.view
    assert ANYTHING_TO_ADD in text_of(form.view)
    await submit(stage, form, "Great colleagues")
    assert blocks.NOTES[Note.COMMENT_SAVED] in seen(stage)
    assert (await stored(stage))[0] == (WHOLE_PULSE, None, "Great colleagues")

    await press(stage, blocks.CHANGE)
    assert "My workload is manageable." in seen(stage)
    await press(stage, f"{blocks.ANSWER}:2")
    assert (await stored(stage))[1] == (0, 2, None)
    assert len(stage.sandbox.messages("dm", ME)) == before, "all of it in the one message"


async def test_a_comment_on_a_question_returns_to_the_question(stage: Stage) -> None:
    await asked(stage)
    form = await press(stage, blocks.COMMENT)
    await submit(stage, form, "It depends")
    assert "My workload is manageable." in seen(stage)
    assert blocks.NOTES[Note.COMMENT_SAVED] in seen(stage)
    again = await press(stage, blocks.COMMENT)
    assert again.view
    [field] = [block for block in again.view["blocks"] if block["type"] == "input"]
    assert field["element"]["initial_value"] == "It depends"


async def test_nothing_is_saved_before_its_author_has_seen_how_it_will_be_read(
    stage: Stage,
) -> None:
    await asked(stage)
    form = await press(stage, blocks.COMMENT)
    assert form.view

    async def written(view: Any, text: str | None = None) -> Outcome:
        field = {} if text is None else {comment_blocks.COMMENT_FIELD: text}
        outcome = await stage.sandbox.submit(ME, view["id"], field)
        await stage.settled()
        return outcome

    preview = await written(form.view, "Fewer meetings")
    assert preview.view
    changed = await written(preview.view, "Fewer meetings with @maya")
    assert changed.view
    assert "Fewer meetings with [name]" in str(changed.view)
    assert await stored(stage) == []
    assert (await written(changed.view)).view is None
    assert await stored(stage) == [(0, None, "Fewer meetings with @maya")]
    emptied = await press(stage, blocks.COMMENT)
    assert emptied.view
    assert (await written(emptied.view, "")).view is None
    assert await stored(stage) == []


async def test_a_comment_that_is_too_long_stays_in_the_form(stage: Stage) -> None:
    await asked(stage)
    form = await press(stage, blocks.COMMENT)
    assert form.view
    outcome = await stage.sandbox.submit(
        ME, form.view["id"], {comment_blocks.COMMENT_FIELD: "x" * 2001}, force=True
    )
    assert outcome.errors == {comment_blocks.COMMENT_FIELD: comment_blocks.too_long()}
    assert await stored(stage) == []


async def test_a_comment_after_the_close_stays_in_the_form(stage: Stage) -> None:
    wave_id = await asked(stage)
    form = await press(stage, blocks.COMMENT)
    async with stage.runtime.sessions.begin() as session:
        await sealing.seal(session, TEAM_ID, wave_id, NOW)
    outcome = await submit(stage, form, "Too late")
    assert outcome.errors == {comment_blocks.COMMENT_FIELD: Refusal.CLOSED}


async def test_after_the_close_the_message_says_so(stage: Stage) -> None:
    wave_id = await asked(stage)
    async with stage.runtime.sessions.begin() as session:
        await sealing.seal(session, TEAM_ID, wave_id, NOW)
    await press(stage, f"{blocks.ANSWER}:4")
    assert Refusal.CLOSED in seen(stage)


async def forwarded(stage: Stage) -> tuple[str, str]:
    """Send a copy of my question to a friend; return where it is: channel and ts."""
    await forward(stage.sandbox.engine, ME, "dm", stage.last(ME)["ts"], FRIEND)
    channel = stage.sandbox.world.direct_channel([ME, FRIEND])[0].id
    [copy] = stage.sandbox.messages(channel, FRIEND)
    return channel, copy["ts"]


async def test_a_forwarded_question_is_worthless_and_stays_as_it_is(stage: Stage) -> None:
    await asked(stage)
    channel, ts = await forwarded(stage)
    for action_id in (f"{blocks.ANSWER}:4", blocks.SKIP, blocks.COMMENT):
        outcome = await stage.sandbox.press(FRIEND, action_id, channel=channel, message_ts=ts)
        assert outcome.ok
        assert outcome.view is None
    await stage.settled()
    copy, *answers = (text_of(message) for message in stage.sandbox.messages(channel, FRIEND))
    assert "My workload is manageable." in copy
    assert answers == [Refusal.NOT_YOURS] * 3
    assert await stored(stage) == []


async def test_a_forwarded_question_stays_after_the_close_too(stage: Stage) -> None:
    wave_id = await asked(stage)
    channel, ts = await forwarded(stage)
    async with stage.runtime.sessions.begin() as session:
        await sealing.seal(session, TEAM_ID, wave_id, NOW)
    await stage.sandbox.press(FRIEND, blocks.SKIP, channel=channel, message_ts=ts)
    await stage.settled()
    copy, answer = (text_of(message) for message in stage.sandbox.messages(channel, FRIEND))
    assert "My workload is manageable." in copy
    assert answer == Refusal.CLOSED


async def test_my_own_copy_before_others_shows_me_alone_what_comes_next(stage: Stage) -> None:
    await asked(stage)
    sent = await forward(stage.sandbox.engine, ME, "dm", stage.last(ME)["ts"], "general")
    assert sent.message
    ts = sent.message["ts"]

    def own() -> list[dict[str, Any]]:
        return [
            message
            for message in stage.sandbox.messages("general", ME)
            if message.get("is_ephemeral")
        ]

    await stage.sandbox.press(ME, f"{blocks.ANSWER}:4", channel="general", message_ts=ts)
    await stage.settled()
    assert number_of(own()[-1]) == 2
    assert len(await stored(stage)) == 1
    shown = stage.sandbox.messages("general", ME)[-1]
    await stage.sandbox.press(ME, blocks.SKIP, channel="general", message_ts=shown["ts"])
    await stage.settled()
    assert number_of(own()[-1]) == 3
    assert len(own()) == 1

    written = await stage.sandbox.press(ME, blocks.COMMENT, channel="general", message_ts=ts)
    await submit(stage, written, "All is well")
    await stage.settled()
    assert blocks.NOTES[Note.COMMENT_SAVED] in text_of(own()[-1])
    copies = stage.sandbox.messages("general", FRIEND)
    assert sum("My workload is manageable." in text_of(copy) for copy in copies) == 1
    assert {number_of(copy) for copy in copies} <= {1, None}
    assert not any(blocks.NOTES[Note.COMMENT_SAVED] in text_of(copy) for copy in copies)


async def test_without_forms_a_question_can_still_be_answered_or_skipped(
    database_url: str,
) -> None:
    async with open_stage(database_url, lacks=["views.open"]) as stage:
        await asked(stage)
        await press(stage, blocks.COMMENT)
        form = CommentForm(Press("0" * 32, 0, "a" * 16), "", Scale.AGREE, True, 10, "")
        assert seen(stage) == comment_blocks.no_form(form)


async def test_a_button_of_an_earlier_release_is_refused_kindly(stage: Stage) -> None:
    await asked(stage)
    outcome = await stage.press(
        ME, f"{blocks.ANSWER}:9", force=True, action={"type": "button", "value": "wave-7"}
    )
    assert outcome.ok
    assert seen(stage) == OUTDATED
    assert await stored(stage) == []


async def test_privacy_is_told_to_whoever_asks(stage: Stage) -> None:
    outcome = await stage.pulse(FRIEND, "privacy")
    assert outcome.message
    assert outcome.message.get("is_ephemeral", True)
    assert blocks.PRIVACY[0].format(k=5) in text_of(outcome.message)
