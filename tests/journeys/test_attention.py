"""Several messages come as one, at a good moment, and each part keeps working."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.blockkit.bundles import part_of
from bot.preferences import forms
from bot.pulse import blocks, comment_blocks
from bot.surveys import form_fields
from models import AttentionPreference, AuditEntry, Delivery, Employee, Interruption, Workspace
from sandbox.demo.company import TEAM_ID
from tests.conftest import NOW
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_main_job import FIRST_QUESTION, SECOND_QUESTION, create_survey

ME = "amara"
PARTY = "Summer party"
DAY = timedelta(days=1)


async def two_surveys(stage: Stage) -> dict[str, Any]:
    """Ask two surveys at once; return my one message."""
    await create_survey(stage)
    await create_survey(stage, **{form_fields.NAME: PARTY})
    await stage.at(stage.now)
    (message,) = stage.sandbox.messages("dm", ME)
    return message


def shown(stage: Stage) -> dict[str, Any]:
    (message,) = stage.sandbox.messages("dm", ME)
    return message


def part(message: dict[str, Any], survey: str) -> dict[str, Any]:
    """Return the part of a bundle that asks a survey, as if it were a message."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for block in message["blocks"]:
        parts.setdefault(part_of(block.get("block_id", "")), []).append(block)
    (found,) = [
        each for name, each in parts.items() if name and f"*{survey}*" in text_of({"b": each})
    ]
    return {"blocks": found}


async def press_in(stage: Stage, survey: str, action_id: str) -> Any:
    message = shown(stage)
    block_id = next(
        block["block_id"]
        for block in part(message, survey)["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == action_id
    )
    pressed = await stage.sandbox.press(
        ME, action_id, channel="dm", message_ts=message["ts"], block_id=block_id
    )
    await stage.settled()
    return pressed


async def test_two_surveys_come_as_one_message_and_each_is_answered_in_its_part(
    stage: Stage,
) -> None:
    message = await two_surveys(stage)
    assert text_of({"b": message["blocks"]}).count(FIRST_QUESTION) == 2
    await press_in(stage, PARTY, f"{blocks.ANSWER}:4")
    assert SECOND_QUESTION in text_of(part(shown(stage), PARTY))
    assert FIRST_QUESTION in text_of(part(shown(stage), "How is it going?"))
    await press_in(stage, "How is it going?", f"{blocks.ANSWER}:2")
    await press_in(stage, "How is it going?", f"{blocks.ANSWER}:9")
    await press_in(stage, PARTY, f"{blocks.ANSWER}:7")
    done = shown(stage)
    assert blocks.CHANGE in str(part(done, PARTY))
    assert blocks.CHANGE in str(part(done, "How is it going?"))


async def test_a_comment_comes_back_to_its_part(stage: Stage) -> None:
    await two_surveys(stage)
    opened = await press_in(stage, PARTY, blocks.COMMENT)
    assert opened.view
    words = {comment_blocks.COMMENT_FIELD: "More music, please"}
    checked = await stage.sandbox.submit(ME, opened.view["id"], words)
    if checked.view:
        assert (await stage.sandbox.submit(ME, checked.view["id"], words)).ok
    await stage.settled()
    assert "Change my comment" in str(part(shown(stage), PARTY))
    assert "Change my comment" not in str(part(shown(stage), "How is it going?"))


async def test_both_are_reminded_of_in_one_message_whose_originals_move(stage: Stage) -> None:
    await two_surveys(stage)
    await stage.at(NOW + DAY + timedelta(minutes=1))
    first, reminder = stage.sandbox.messages("dm", ME)
    assert text_of({"b": reminder["blocks"]}).count(FIRST_QUESTION) == 2
    block_id = part(reminder, PARTY)["blocks"][1]["block_id"]
    name = part_of(block_id)
    row = next(
        block
        for block in reminder["blocks"]
        if part_of(block.get("block_id", "")) == name and block["type"] == "actions"
    )
    await stage.sandbox.press(
        ME,
        row["elements"][0]["action_id"],
        channel="dm",
        message_ts=reminder["ts"],
        block_id=row["block_id"],
    )
    await stage.settled()
    first, reminder = stage.sandbox.messages("dm", ME)
    assert blocks.MOVED in text_of(first)
    assert FIRST_QUESTION in text_of(first), "the other survey's original still asks"
    assert SECOND_QUESTION in text_of(reminder)
    assert FIRST_QUESTION in text_of(reminder)


async def open_form(stage: Stage, user: str) -> dict[str, Any]:
    opened = await stage.pulse(user, "preferences")
    assert opened.view, opened.shown
    return opened.view


async def test_whoever_pauses_is_asked_afterwards(stage: Stage) -> None:
    view = await open_form(stage, ME)
    until = (NOW + timedelta(days=3)).date()
    saved = await stage.sandbox.submit(ME, view["id"], {forms.PAUSE: until.isoformat()})
    assert saved.view
    assert f"until {until.day} November 2026" in text_of(saved.view)
    await create_survey(stage)
    await stage.at(stage.now)
    assert stage.sandbox.messages("dm", ME) == []
    await stage.at(NOW + timedelta(hours=1))
    assert stage.sandbox.messages("dm", ME) == []
    await stage.at(datetime(2026, 11, 6, 8, 0, tzinfo=UTC))
    assert FIRST_QUESTION in text_of(shown(stage))


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({forms.STARTS: "09:00", forms.ENDS: "10:30"}, forms.ENDS, forms.TOO_SHORT),
        ({forms.DAYS: []}, forms.DAYS, None),
        ({forms.PAUSE: "2026-11-03"}, forms.PAUSE, forms.PAUSE_PAST),
        ({forms.PAUSE: "2028-01-01"}, forms.PAUSE, forms.PAUSE_TOO_LONG),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(
    stage: Stage, answers: dict[str, Any], field: str, sentence: str | None
) -> None:
    view = await open_form(stage, ME)
    refused = await stage.sandbox.submit(ME, view["id"], answers)
    assert list(refused.errors) == [field]
    assert sentence in (None, refused.errors[field])


async def test_hr_sets_the_most_for_everybody_and_others_cannot(stage: Stage) -> None:
    view = await open_form(stage, "maya")
    answers = {forms.USUAL_OFTEN: "4", forms.USUAL_STARTS: "08:00", forms.USUAL_ENDS: "18:00"}
    assert (await stage.sandbox.submit("maya", view["id"], answers)).ok
    async with stage.runtime.sessions.begin() as session:
        workspace = await session.get_one(Workspace, TEAM_ID)
        usual = workspace.days_a_week, workspace.work_starts, workspace.work_ends
        acts = set(await session.scalars(select(AuditEntry.action)))
        own = await session.scalar(select(AttentionPreference.work_starts))
    assert usual == (4, time(8), time(18))
    assert own is None, "their own hours follow the usual ones as before"
    assert "attention.changed" in acts
    assert forms.USUAL_OFTEN not in str(await open_form(stage, ME))
    record = await stage.pulse(ME, "record")
    assert record.message


async def test_whoever_has_had_the_weeks_messages_is_left_out_and_counted(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        person = (
            await session.scalars(select(Employee.id).where(Employee.email.like("%person06%")))
        ).one()
        for days in (1, 2):
            session.add(
                Interruption(
                    workspace_id=TEAM_ID,
                    employee_id=person,
                    day=(NOW - days * DAY).date() + DAY,
                    message_id="x",
                )
            )
    await create_survey(stage)
    await stage.at(stage.now)
    assert stage.sandbox.messages("dm", person) == []
    listed = await stage.pulse("maya", "results")
    assert listed.message
    await stage.at(NOW + timedelta(hours=73))
    async with stage.runtime.sessions.begin() as session:
        row = (
            await session.scalars(
                select(Delivery).where(Delivery.kind == "question", Delivery.recipient == person)
            )
        ).one()
    assert (row.status, row.reason) == ("dropped", "at limit")
    results = await stage.pulse("maya", "results")
    assert results.message
    assert stage.sandbox.messages("dm", person) == []


async def test_whoever_is_not_to_be_disturbed_gets_it_afterwards(stage: Stage) -> None:
    starts, ends = NOW - timedelta(hours=1), NOW + timedelta(hours=2)
    status = {
        "dnd_enabled": True,
        "next_dnd_start_ts": int(starts.timestamp()),
        "next_dnd_end_ts": int(ends.timestamp()),
    }
    assert (await stage.sandbox.change_user(ME, dnd=status)).ok
    await create_survey(stage)
    await stage.at(stage.now)
    assert stage.sandbox.messages("dm", ME) == []
    await stage.at(ends)
    assert FIRST_QUESTION in text_of(shown(stage))
