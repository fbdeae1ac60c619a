"""Conversations with HR, through Slack, on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.actor import Actor
from bot.people import roles
from bot.people.roles import Role
from bot.voice import forms, inbox_blocks
from bot.voice.inbox import NO_ANSWER_POSSIBLE, NOT_FOR_YOU
from bot.voice.messages import inbox_message, news_message
from bot.voice.service import Way
from models import Delivery, VoiceMessage, VoiceThread
from sandbox.demo.company import TEAM_ID, people
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.journeys.test_slack_keeps import kept
from tests.voice.acting import (
    AUTHOR,
    HR,
    OTHER,
    WORDS,
    answer,
    inbox,
    next_day,
    open_first,
    open_own,
    preview,
    send,
    write,
    write_again,
)

HELP, MORE = "Would a fixed rota help?", "It would, a month ahead."


def id_of(name: str) -> str:
    return next(person.id for person in people() if person.name.lower().startswith(name))


async def test_a_conversation_of_two_turns_without_a_name(stage: Stage) -> None:
    sent = await write(stage, AUTHOR, Way.REPLY)
    assert sent.view
    assert forms.SENT[Way.REPLY] in text_of(sent.view)
    assert forms.CONFIRMED in text_of(stage.last(AUTHOR))
    await stage.at(stage.now + timedelta(hours=8))
    assert "Nothing here." in text_of(await inbox(stage)), "it is not collected before midnight"

    await next_day(stage)
    listed = await inbox(stage)
    assert WORDS not in text_of(listed)
    assert "anonymous" in text_of(listed)
    read = await open_first(stage)
    assert WORDS in text_of(read)
    answered = await answer(stage, read, HELP)
    assert answered.view
    assert HELP in text_of(answered.view)

    assert HELP in text_of(await open_own(stage, AUTHOR))
    again = await write_again(stage, AUTHOR, MORE)
    assert again.view
    assert forms.WRITTEN_AGAIN in text_of(again.view)
    assert MORE not in text_of(await open_first(stage, tab="answered"))
    await next_day(stage)
    shown = text_of(await open_first(stage, tab="waiting"))
    assert shown.index(WORDS) < shown.index(HELP) < shown.index(MORE)
    assert not [each for each in kept(stage) if any(w in str(each) for w in (WORDS, HELP, MORE))]


async def test_what_is_written_before_an_answer_of_the_day_comes_after_it(stage: Stage) -> None:
    """Otherwise its place would say at what time of the day it was written."""
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    await write_again(stage, AUTHOR, MORE)
    await answer(stage, await open_first(stage), HELP)
    await next_day(stage)
    shown = text_of(await open_first(stage, tab="waiting"))
    assert shown.index(WORDS) < shown.index(HELP) < shown.index(MORE)


async def test_an_author_by_name_is_told_of_the_answer(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.NAMED)
    await next_day(stage)
    read = await open_first(stage)
    assert f"<@{id_of(AUTHOR)}>" in text_of(read)
    await answer(stage, read, HELP)
    await next_day(stage)
    assert "HR answered" in text_of(stage.last(AUTHOR))
    assert HELP in text_of(await open_own(stage, AUTHOR))
    opened = await stage.pulse(AUTHOR, "my-data")
    await stage.settled()
    assert opened.view
    shown = text_of(stage.sandbox.views(AUTHOR)["view"])
    assert WORDS in shown
    assert HELP in shown
    assert not [each for each in kept(stage) if WORDS in str(each) or HELP in str(each)]


async def test_anonymous_without_an_answer_leaves_no_message(stage: Stage) -> None:
    before = stage.sandbox.messages("dm", AUTHOR)
    sent = await write(stage, AUTHOR, Way.ANONYMOUS)
    assert sent.view
    assert forms.SENT[Way.ANONYMOUS] in text_of(sent.view)
    assert stage.sandbox.messages("dm", AUTHOR) == before
    await next_day(stage)
    read = await open_first(stage)
    assert NO_ANSWER_POSSIBLE in text_of(read)
    assert not [block for block in read["blocks"] if "reply" in block["block_id"]]


async def test_names_are_hidden_before_anything_is_stored(stage: Stage) -> None:
    words = "Kofi Mensah never lets anybody finish."
    checked = await preview(stage, AUTHOR, Way.REPLY, words)
    assert checked.view
    assert "[name] never lets" in text_of(checked.view)
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(VoiceThread))).all()
    await send(stage, AUTHOR, checked)
    async with stage.runtime.sessions.begin() as session:
        stored = (await session.scalars(select(VoiceMessage.text))).one()
    assert stored == "[name] never lets anybody finish."


async def test_what_is_changed_after_the_preview_is_shown_again(stage: Stage) -> None:
    checked = await preview(stage, AUTHOR, Way.NAMED)
    assert checked.view
    changed = await stage.sandbox.submit(
        AUTHOR, checked.view["id"], {forms.WAY: Way.ANONYMOUS.value}
    )
    assert changed.view
    assert "This is how HR will read it" in text_of(changed.view)
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(VoiceThread))).all()


async def test_everybody_reads_the_same_news_once_a_week_and_in_their_hours(stage: Stage) -> None:
    for person in (AUTHOR, OTHER):
        await write(stage, person, Way.REPLY)
    await next_day(stage)
    for _ in range(2):
        await answer(stage, await open_first(stage), HELP)
    await next_day(stage)
    async with stage.runtime.sessions.begin() as session:
        news = select(Delivery).where(Delivery.kind == "voice_news")
        assert not (await session.scalars(news)).all(), "this week is not over"
    monday = stage.now + timedelta(days=7 - stage.now.weekday())
    await stage.at(monday.replace(hour=0, minute=30))
    async with stage.runtime.sessions.begin() as session:
        rows = (await session.scalars(news)).all()
    alike = {(row.kind, row.due_at, row.status, str(row.detail), row.asked_by) for row in rows}
    assert len(alike) == 1
    assert {row.recipient for row in rows} == {person.id for person in people()}
    assert len(rows) == len(people())
    assert {row.status for row in rows} == {"waiting"}, "it is night"
    await stage.at(monday + timedelta(days=3))
    for person in (AUTHOR, OTHER, "kofi"):
        assert news_message(2).text in text_of(stage.last(person)), person
    await next_day(stage, 7)
    async with stage.runtime.sessions.begin() as session:
        assert len((await session.scalars(news)).all()) == len(rows), "there is nothing new"


async def test_news_comes_in_one_message_with_what_else_waits(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await write(stage, OTHER, Way.NAMED)
    await next_day(stage)
    for _ in range(2):
        await answer(stage, await open_first(stage), HELP)
    async with stage.runtime.sessions.begin() as session:
        other = select(Delivery).where(Delivery.kind == "voice_reply")
        waits = (await session.scalars(other)).one()
        waits.status, waits.look_at = "waiting", stage.now + timedelta(days=6)
        waits.due_at = stage.now + timedelta(days=6)
    await next_day(stage, 6)
    shown = text_of(stage.last(OTHER))
    assert "HR answered what you wrote" in shown
    assert news_message(1).text in shown


async def test_hr_is_told_and_each_look_is_in_the_record(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    assert inbox_message().text in text_of(stage.last(HR))
    for _ in range(2):
        await open_first(stage)
    record = (await stage.pulse(OTHER, "record")).message
    assert record
    assert "looked at what people wrote to HR (4 times)" in text_of(record)
    assert "workload" not in text_of(record).lower()


async def test_only_hr_admins_read_and_only_while_they_are(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    refused = await stage.sandbox.command(OTHER, "/voice", "inbox", "dm")
    assert refused.message
    assert text_of(refused.message) == NOT_FOR_YOU
    async with stage.runtime.sessions.begin() as session:
        maya = Actor(TEAM_ID, id_of("maya"))
        await roles.grant(session, maya, id_of(OTHER), Role.ADMIN, stage.now)
    opened = await open_first(stage, OTHER)
    async with stage.runtime.sessions.begin() as session:
        await roles.revoke(session, maya, id_of(OTHER), Role.ADMIN, stage.now)
    denied = await answer(stage, opened, HELP, OTHER)
    assert NOT_FOR_YOU in denied.errors.values()
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(VoiceMessage).where(VoiceMessage.from_hr))).all()


async def test_two_of_hr_answer_at_once_and_both_answers_stay(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    async with stage.runtime.sessions.begin() as session:
        maya = Actor(TEAM_ID, id_of("maya"))
        await roles.grant(session, maya, id_of(OTHER), Role.ADMIN, stage.now)
    first, second = await open_first(stage), await open_first(stage, OTHER)
    await answer(stage, first, HELP)
    other = await answer(stage, second, "We are on it.", OTHER)
    assert other.view
    assert HELP in text_of(other.view)
    shown = text_of(await open_own(stage, AUTHOR))
    assert HELP in shown
    assert "We are on it." in shown


async def test_a_window_that_was_open_for_long_undoes_nothing(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    async with stage.runtime.sessions.begin() as session:
        maya = Actor(TEAM_ID, id_of("maya"))
        await roles.grant(session, maya, id_of(OTHER), Role.ADMIN, stage.now)
    stale = await open_first(stage, OTHER)
    await answer(stage, await open_first(stage), "", label="idea", close=["yes"])
    await answer(stage, stale, HELP, OTHER)
    async with stage.runtime.sessions.begin() as session:
        thread = (await session.scalars(select(VoiceThread))).one()
    assert (thread.label, thread.status) == ("idea", "closed")

    taken_off = await answer(stage, await open_first(stage, tab="closed"), "", label="none")
    assert taken_off.view, taken_off.errors
    async with stage.runtime.sessions.begin() as session:
        assert (await session.scalars(select(VoiceThread.label))).one() is None


async def test_an_answer_that_asks_who_it_was_needs_a_reason(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    asked = await answer(stage, await open_first(stage), "Who are you? We want to help.")
    assert asked.view
    assert inbox_blocks.ASKS_WHO in text_of(asked.view)
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(VoiceMessage).where(VoiceMessage.from_hr))).all()
    why = {inbox_blocks.REASON: "to move your shift we need your rota"}
    explained = await stage.sandbox.submit(HR, asked.view["id"], why)
    assert explained.view, explained.errors
    shown = text_of(await open_own(stage, AUTHOR))
    assert "Who are you? We want to help." in shown
    assert "Why we ask: to move your shift" in shown


async def test_hr_sorts_answers_with_a_ready_sentence_and_closes(stage: Stage) -> None:
    await write(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    more: dict[str, Any] = {"ready": "looking", "label": "idea", "close": ["yes"]}
    await answer(stage, await open_first(stage), "By Friday.", **more)
    assert "Idea" in text_of(await inbox(stage, tab="closed"))
    shown = text_of(await open_own(stage, AUTHOR))
    assert f"{inbox_blocks.READY_REPLIES['looking']}\n\nBy Friday." in shown
    assert forms.CLOSED in shown


async def test_the_channel_for_wrongdoing_is_named_to_everybody(stage: Stage) -> None:
    listed = await inbox(stage)
    form = await stage.sandbox.press(HR, inbox_blocks.WRONGDOING, view_id=listed["id"])
    assert form.view
    wrong = await stage.sandbox.submit(HR, form.view["id"], {inbox_blocks.URL: "example.com"})
    assert inbox_blocks.NO_URL in wrong.errors.values()
    saved = await stage.sandbox.submit(
        HR, form.view["id"], {inbox_blocks.URL: "https://example.com/report"}
    )
    assert saved.ok
    opened = await stage.sandbox.command(AUTHOR, "/voice", "", "dm")
    assert "<https://example.com/report|" in str(opened.view)


async def test_the_home_tab_leads_to_the_form(stage: Stage) -> None:
    await stage.sandbox.home(AUTHOR)
    await stage.settled()
    home = stage.sandbox.views(AUTHOR)["home"]
    assert forms.WRITE in [each["action_id"] for each in buttons_of(home)]
    opened = await stage.sandbox.press(AUTHOR, forms.WRITE, view_id=home["id"])
    assert opened.view
    assert opened.view["callback_id"] == forms.WRITE_FORM
