"""HR asks, people answer in Slack, HR reads the result: over both transports and databases."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.insights.wording import capitalised, of_invited
from bot.pulse import blocks
from bot.pulse.steps import Note, Refusal
from bot.surveys import form_fields
from bot.surveys.blocks import END
from bot.surveys.pure.bank import load_bank
from models import AuditEntry, Delivery, Figure, OpenAnswer, Survey, Wave
from sandbox.demo.company import HR_CHANNEL, people
from tests.conftest import NOW
from tests.journeys.stage import Stage, buttons_of, text_of

STAFF = people()
QUESTIONS = ["workload_normal_hours", "commitment_suggest_to_friend"]
FORM = {form_fields.NAME: "How is it going?", form_fields.BANK: QUESTIONS, form_fields.WHEN: "now"}


WORDINGS = {question.key: question.wording for question in load_bank().questions}
FIRST_QUESTION, SECOND_QUESTION = (WORDINGS[key] for key in QUESTIONS)


def offered(stage: Stage, user: str) -> set[str]:
    return {button["action_id"] for button in buttons_of(stage.last(user))}


def is_reminder(message: dict[str, Any]) -> bool:
    return any(blocks.is_reminder(block) for block in message["blocks"])


TEAM = "Engineering"
"""Twelve people, among them Amara and Kofi, for tests that need no more."""


async def create_survey(stage: Stage, team: str = "", /, **changes: object) -> None:
    """Fill in the form and submit it; without a team, everybody is asked."""
    opened = await stage.compose("maya")
    assert opened.view, opened.shown
    if team:
        await stage.sandbox.press(
            "maya", form_fields.AUDIENCE, view_id=opened.view["id"], selected="team"
        )
        changes[form_fields.TEAM] = team
    previewed = await stage.sandbox.submit("maya", opened.view["id"], {**FORM, **changes})
    assert previewed.view, previewed.shown
    assert previewed.ok, previewed.shown
    created = await stage.sandbox.submit("maya", previewed.view["id"])
    assert created.ok, created.shown


async def count(stage: Stage, table: type) -> int:
    async with stage.runtime.sessions.begin() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_from_the_form_to_the_digest(any_stage: Stage) -> None:
    stage = any_stage
    opened = await stage.compose("maya")
    assert opened.view
    previewed = await stage.sandbox.submit("maya", opened.view["id"], FORM)
    assert previewed.view
    preview = text_of(previewed.view)
    assert f" {len(STAFF)} " in preview
    assert FIRST_QUESTION in preview
    assert (await stage.sandbox.submit("maya", previewed.view["id"])).ok
    await stage.at(stage.now)

    for person in STAFF:
        asked = stage.last(person.id)
        assert FIRST_QUESTION in text_of(asked)
    for number, person in enumerate(STAFF[:40]):
        await stage.press(person.id, f"pulse:answer:{2 + number % 4}")
        await stage.press(person.id, f"pulse:answer:{6 + number % 5}")
        assert blocks.CHANGE in offered(stage, person.id)
    assert await count(stage, OpenAnswer) == 80

    running = await stage.pulse("maya", "results")
    assert running.message
    assert capitalised(of_invited(35, 46)) in text_of(running.message)
    assert "Workload" not in text_of(running.message)

    await stage.sandbox.command("maya", "/digest", "here weekly monday 09:00", HR_CHANNEL)
    await stage.at(NOW + timedelta(hours=24, minutes=1))
    for person in STAFF[:40]:
        assert not is_reminder(stage.last(person.id))
    for person in STAFF[40:]:
        assert is_reminder(stage.last(person.id))
    await stage.press(STAFF[45].id, "pulse:answer:3")
    await stage.press(STAFF[45].id, "pulse:answer:7")

    await stage.at(NOW + timedelta(hours=72, minutes=1))
    assert await count(stage, OpenAnswer) == 0
    async with stage.runtime.sessions.begin() as session:
        wave = (await session.scalars(select(Wave))).one()
    assert (wave.status, wave.key, wave.responded) == ("published", None, 35)

    results = await stage.pulse("maya", "results")
    assert results.message
    shown = text_of(results.message)
    assert capitalised(of_invited(35, 46)) in shown
    assert "eNPS" in shown
    assert "Workload" in shown
    assert "Legal" not in shown.replace("Legal + ", "").replace(" + Legal", "")

    await stage.at(NOW + timedelta(days=6, hours=1))
    posted = stage.sandbox.messages(HR_CHANNEL)
    assert len(posted) == 1
    digest = text_of(posted[0])
    assert capitalised(of_invited(35, 46)) in digest
    assert "Workload" in digest
    for _ in range(3):
        await stage.at(NOW + timedelta(days=6, hours=1))
    assert len(stage.sandbox.messages(HR_CHANNEL)) == 1


async def test_each_message_is_sent_once_however_often_jobs_run(stage: Stage) -> None:
    await create_survey(stage)
    for _ in range(3):
        await stage.at(stage.now)
    for person in STAFF:
        assert len(stage.sandbox.messages("dm", person.id)) == 1
    assert await count(stage, Delivery) == 2 * len(STAFF)


async def test_the_same_answer_pressed_100_times_at_once_is_stored_once(
    any_stage: Stage,
) -> None:
    stage = any_stage
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    asked = stage.last("amara")

    async def press() -> bool:
        outcome = await stage.sandbox.press(
            "amara",
            "pulse:answer:4",
            channel="dm",
            message_ts=asked["ts"],
            force=True,
            action=next(
                element
                for block in asked["blocks"]
                if block["type"] == "actions"
                for element in block["elements"]
                if element["action_id"] == "pulse:answer:4"
            ),
        )
        return outcome.ok

    assert all(await asyncio.gather(*(press() for _ in range(100))))
    await stage.settled()
    assert await count(stage, OpenAnswer) == 1
    assert SECOND_QUESTION in text_of(stage.last("amara"))


async def test_somebody_elses_forwarded_question_is_worthless(stage: Stage) -> None:
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    asked = stage.last("amara")
    forwarded = await stage.sandbox.forward("amara", "dm", asked["ts"], "general")
    assert forwarded.message
    pressed = await stage.sandbox.press(
        "kofi", "pulse:answer:1", channel="general", message_ts=forwarded.message["ts"]
    )
    assert pressed.ok
    await stage.settled()
    told = [m for m in stage.sandbox.messages("general", "kofi") if m.get("is_ephemeral")]
    assert text_of(told[-1]) == Refusal.NOT_YOURS
    assert await count(stage, OpenAnswer) == 0


async def test_a_press_after_the_close_changes_nothing(stage: Stage) -> None:
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    await stage.press("amara", "pulse:answer:4")
    await stage.at(NOW + timedelta(hours=73))
    await stage.press("kofi", "pulse:answer:1")
    assert Refusal.CLOSED in text_of(stage.last("kofi"))
    assert await count(stage, OpenAnswer) == 0


async def test_a_comment_is_kept_whole_and_pings_nobody(stage: Stage) -> None:
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    await stage.press("amara", "pulse:answer:4")
    await stage.press("amara", "pulse:answer:9")
    written = "<!channel> *bold* & 'quotes' מילים 🎉 " + "x" * 1900
    pressed = await stage.press("amara", "pulse:comment_after_thanks")
    assert pressed.view
    preview = await stage.sandbox.submit(
        "amara", pressed.view["id"], {"pulse:comment_text": written}
    )
    assert preview.view
    saved = await stage.sandbox.submit("amara", preview.view["id"])
    assert saved.ok, saved.shown
    await stage.settled()
    assert blocks.NOTES[Note.COMMENT_SAVED] in text_of(stage.last("amara"))
    async with stage.runtime.sessions.begin() as session:
        kept = await session.scalar(select(OpenAnswer.comment).where(OpenAnswer.comment != ""))
    assert kept == written.strip()
    await stage.at(NOW + timedelta(hours=73))
    for channel in stage.sandbox.world.channels.values():
        assert all("<!channel>" not in text_of(m) for m in stage.sandbox.messages(channel.id))


async def test_looking_at_figures_is_recorded(stage: Stage) -> None:
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    await stage.at(NOW + timedelta(hours=73))
    await stage.pulse("maya", "results")
    async with stage.runtime.sessions.begin() as session:
        entries = await session.scalars(
            select(AuditEntry).where(AuditEntry.action == "figures.viewed")
        )
        assert [entry.actor_id for entry in entries] == [STAFF[0].id]


async def test_errors_appear_at_the_field_that_is_wrong(stage: Stage) -> None:
    opened = await stage.compose("maya")
    assert opened.view
    refused = await stage.sandbox.submit(
        "maya", opened.view["id"], {form_fields.NAME: "No questions"}
    )
    assert list(refused.errors) == [form_fields.BANK]
    await create_survey(stage)
    again = await stage.compose("maya")
    assert again.view
    taken = await stage.sandbox.submit("maya", again.view["id"], FORM)
    assert list(taken.errors) == [form_fields.NAME]


async def test_pause_resume_and_end(stage: Stage) -> None:
    await create_survey(stage, **{form_fields.WHEN: "weekly"})
    listed = await stage.pulse("maya", "list")
    assert listed.message
    assert "How is it going?" in text_of(listed.message)
    for command, status in (
        ("pause how is it", "paused"),
        ("resume how is it", "active"),
        ("end how is it", "active"),
        ("end “how is it going?”", "ended"),
    ):
        done = await stage.pulse("maya", command)
        assert done.message
        assert "How is it going?" in text_of(done.message)
        async with stage.runtime.sessions.begin() as session:
            assert await session.scalar(select(Survey.status)) == status


@pytest.mark.parametrize("answers", [13, 14])
async def test_a_running_survey_is_closed_before_its_time(stage: Stage, answers: int) -> None:
    await create_survey(stage)
    await stage.at(stage.now)
    for person in STAFF[:10]:
        await stage.press(person.id, "pulse:answer:4")
    listed = await stage.pulse("maya", "list")
    assert listed.message
    assert END in str(listed.message)
    asked = await stage.pulse("maya", "end how is it going?")
    assert asked.message
    assert " 14 " in text_of(asked.message), "so many have to answer"
    assert await count(stage, Figure) == 0

    await stage.press("maya", "surveys:end")
    await stage.at(NOW + timedelta(minutes=1))
    for person in STAFF[20 : answers + 9]:
        await stage.press(person.id, "pulse:answer:2")
    assert await count(stage, Figure) == 0, "it is still open"
    listed = await stage.pulse("maya", "list")
    assert listed.message
    assert END not in str(listed.message)
    # The last one answers within the day that everybody has.
    await stage.at(NOW + timedelta(hours=23))
    await stage.press(STAFF[44].id, "pulse:answer:1")
    await stage.at(NOW + timedelta(hours=24))
    await stage.press(STAFF[45].id, "pulse:answer:1")
    assert Refusal.CLOSED in text_of(stage.last(STAFF[45].id))
    assert bool(await count(stage, Figure)) == (answers >= 14)
    results = await stage.pulse("maya", "results")
    assert results.message
    assert (capitalised(of_invited(10, 46)) in text_of(results.message)) == (answers >= 14)
    await stage.at(NOW + timedelta(hours=25))
    assert not is_reminder(stage.last(STAFF[40].id))
