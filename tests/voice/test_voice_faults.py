"""Buttons of others, old buttons, texts that can't be sent, and a Slack that fails."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from bot.voice import forms
from bot.voice.pure.keys import EXPIRED, NOT_YOURS
from bot.voice.service import GONE, NOT_AN_EMPLOYEE, TEXT_LENGTH, TOO_FEW_PEOPLE, Way
from models import AuditEntry, Employee, VoiceMessage, VoiceThread
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.voice.acting import (
    AUTHOR,
    OTHER,
    WORDS,
    answer,
    next_day,
    open_first,
    open_own,
    preview,
    write,
    write_again,
)

COPY = "general"


def button_of(stage: Stage, person: str) -> dict[str, Any]:
    """Return the button that leads a person back."""
    return next(each for each in buttons_of(stage.last(person)) if each["action_id"] == forms.OPEN)


def told(stage: Stage, person: str, where: str = "dm") -> str:
    return text_of(stage.sandbox.messages(where, person)[-1])


async def press_value(stage: Stage, person: str, value: str) -> Outcome:
    """Press the button beneath one's own newest message, with another value in it."""
    if window := stage.sandbox.views(person)["view"]:
        await stage.sandbox.close(person, window["id"])
    button = {"type": "button", "action_id": forms.OPEN, "block_id": "b", "value": value}
    pressed = await stage.sandbox.press(
        person,
        "gone",
        channel="dm",
        message_ts=stage.last(person)["ts"],
        force=True,
        action=button,
    )
    await stage.settled()
    return pressed


async def threads(stage: Stage) -> int:
    async with stage.runtime.sessions.begin() as session:
        return await session.scalar(select(func.count()).select_from(VoiceThread)) or 0


async def test_a_copy_of_the_button_works_for_its_author_alone(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    sent = await stage.sandbox.forward(AUTHOR, "dm", stage.last(AUTHOR)["ts"], COPY)
    assert sent.message
    place = {"channel": COPY, "message_ts": sent.message["ts"]}
    stolen = await stage.sandbox.press(OTHER, forms.OPEN, **place)
    await stage.settled()
    assert stolen.view is None
    assert told(stage, OTHER, COPY) == NOT_YOURS
    own = await stage.sandbox.press(AUTHOR, forms.OPEN, **place)
    assert own.view
    assert WORDS in text_of(own.view)
    async with stage.runtime.sessions.begin() as session:
        refused = select(AuditEntry).where(AuditEntry.action == "refused")
        assert not (await session.scalars(refused)).all(), "a refusal names nobody"


@pytest.mark.parametrize("value", ["", "x", f"{'a' * 32}.2026-11-02.{'b' * 32}"])
async def test_a_made_up_button_shows_nothing(stage: Stage, value: str) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    assert (await press_value(stage, AUTHOR, value)).view is None
    assert told(stage, AUTHOR) in (NOT_YOURS, GONE)


async def test_the_number_of_a_conversation_opens_it_for_nobody(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await write(stage, OTHER, Way.NAMED)
    async with stage.runtime.sessions.begin() as session:
        ids = (await session.scalars(select(VoiceThread.id))).all()
    for number in ids:
        assert (await press_value(stage, AUTHOR, number)).view is None
        assert told(stage, AUTHOR) == NOT_YOURS


async def test_an_old_button_has_expired_and_writing_again_brings_a_new_one(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    first = button_of(stage, AUTHOR)["value"]
    await stage.at(stage.now + timedelta(weeks=12))
    await write_again(stage, AUTHOR, "It is still so.")
    fresh = button_of(stage, AUTHOR)["value"]
    assert fresh != first
    await stage.at(stage.now + timedelta(weeks=3))
    assert (await press_value(stage, AUTHOR, first)).view is None
    assert told(stage, AUTHOR) == EXPIRED
    opened = await press_value(stage, AUTHOR, fresh)
    assert opened.view
    assert "It is still so." in text_of(opened.view)
    assert WORDS in text_of(opened.view)


async def test_a_withdrawn_conversation_is_gone_for_everybody(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    read = await open_first(stage)
    own = await open_own(stage, AUTHOR)
    done = await stage.sandbox.press(AUTHOR, forms.WITHDRAW, view_id=own["id"])
    await stage.settled()
    assert done.ok
    assert forms.WITHDRAWN in text_of(stage.sandbox.views(AUTHOR)["view"])
    assert await threads(stage) == 0
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(VoiceMessage))).all()
    late = await answer(stage, read, "Thank you.")
    assert GONE in late.errors.values()
    await press_value(stage, AUTHOR, button_of_first(stage))
    assert told(stage, AUTHOR) == GONE


def button_of_first(stage: Stage) -> str:
    shown = [each for each in stage.sandbox.messages("dm", AUTHOR) if forms.OPEN in str(each)]
    return str(buttons_of(shown[0])[0]["value"])


async def test_what_cannot_be_sent_is_refused_at_its_field(stage: Stage) -> None:
    blank = await preview(stage, AUTHOR, Way.REPLY, " \n ")
    assert blank.errors == {forms.TEXT: forms.EMPTY}
    opened = await stage.sandbox.command(AUTHOR, "/voice", "", "dm")
    assert opened.view
    long = {forms.WAY: "reply", forms.TOPIC: "other", forms.TEXT: "x" * (TEXT_LENGTH + 1)}
    refused = await stage.sandbox.submit(AUTHOR, opened.view["id"], long, force=True)
    assert refused.errors == {forms.TEXT: forms.too_long()}
    fits = await preview(stage, AUTHOR, Way.REPLY, "x" * TEXT_LENGTH)
    assert fits.view, fits.errors


async def test_a_button_that_slack_did_not_take_is_offered_again(stage: Stage) -> None:
    fault = stage.sandbox.engine.faults.add(
        kind="refuse", method="chat.postMessage", error="internal_error"
    )
    await write(stage, AUTHOR, Way.REPLY)
    window = stage.sandbox.views(AUTHOR)["view"]
    assert forms.NO_BUTTON in text_of(window)
    assert await threads(stage) == 1, "HR gets what was written"
    stage.sandbox.engine.faults.rules.remove(fault)
    await stage.sandbox.press(AUTHOR, forms.SEND_BUTTON, view_id=window["id"])
    await stage.settled()
    assert WORDS in text_of(await open_own(stage, AUTHOR))


async def test_who_does_not_work_here_can_not_write(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        for person in (await session.scalars(select(Employee))).all():
            if person.name.startswith("Amara"):
                person.active = False
    refused = await stage.sandbox.command(AUTHOR, "/voice", "", "dm")
    assert refused.message
    assert text_of(refused.message) == NOT_AN_EMPLOYEE


async def test_where_few_work_only_a_name_is_offered(stage: Stage) -> None:
    checked = await preview(stage, AUTHOR, Way.REPLY)
    assert checked.view
    async with stage.runtime.sessions.begin() as session:
        kept = select(Employee.id).where(Employee.name.startswith("Amara"))
        await session.execute(delete(Employee).where(Employee.id.not_in(kept)))
    refused = await stage.sandbox.submit(AUTHOR, checked.view["id"])
    assert TOO_FEW_PEOPLE in refused.errors.values()
    opened = await stage.sandbox.command(AUTHOR, "/voice", "", "dm")
    assert opened.view
    shown = str(opened.view)
    assert forms.WAYS[Way.NAMED][0] in shown
    assert forms.WAYS[Way.REPLY][0] not in shown
    assert await threads(stage) == 0
