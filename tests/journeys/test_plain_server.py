"""A Slack-compatible server that can do less: messages arrive plainer, never not at all."""

from datetime import timedelta
from typing import Any

import pytest

from bot.people.blocks import HR_TEAM_TITLE
from bot.pulse import blocks
from bot.rights.record_blocks import RECORD_TITLE
from bot.slack.client import NO_FORMS
from bot.surveys.handlers import NO_FORM
from sandbox.demo.company import HR_CHANNEL, people
from tests.conftest import NOW
from tests.journeys.stage import open_stage, text_of
from tests.journeys.test_main_job import SECOND_QUESTION, TEAM, create_survey, offered

EVERY_BLOCK = ["section", "actions", "context", "header", "divider", "data_visualization"]
NO_FILES = ["files.getUploadURLExternal", "files.completeUploadExternal"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("refused", "has_blocks"), [(["data_visualization"], True), (EVERY_BLOCK, False)]
)
async def test_the_digest_arrives_without_what_is_refused(
    database_url: str, refused: list[str], has_blocks: bool
) -> None:
    async with open_stage(
        database_url, lacks=[*NO_FILES, "views.publish", "conversations.history"]
    ) as stage:
        await create_survey(stage)
        await stage.at(stage.now)
        for person in people()[:10]:
            await stage.press(person.id, "pulse:answer:4")
        await stage.sandbox.command("maya", "/digest", "here weekly monday 09:00", HR_CHANNEL)
        stage.sandbox.app.refuses_blocks = set(refused)
        await stage.at(NOW + timedelta(hours=73))
        await stage.at(NOW + timedelta(days=6, hours=1))
        (digest,) = stage.sandbox.messages(HR_CHANNEL)
        assert bool(digest.get("blocks")) == has_blocks
        assert "10 of 46" in text_of(digest)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_there_are_no_forms_hr_is_told(database_url: str) -> None:
    async with open_stage(database_url, lacks=["views.open"]) as stage:
        told = await stage.pulse("maya", "new")
        assert told.message
        assert text_of(told.message) == NO_FORM
        refused = await stage.pulse("amara", "forget-me")
        assert refused.message
        assert text_of(refused.message) == NO_FORMS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_home_is_left_out_quietly_where_there_is_none(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_stage(database_url, lacks=["views.publish"]) as stage:
        opened = await stage.sandbox.home("amara")
        assert opened.ok
        assert opened.view is None
    errors: list[Any] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert errors == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_question_and_what_follows_keep_their_buttons(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await create_survey(stage, TEAM)
        stage.sandbox.app.refuses_blocks = {"context"}
        await stage.at(stage.now)
        asked = stage.last("amara")
        assert blocks.MAY_END_EARLY in text_of(asked)
        await stage.press("amara", "pulse:answer:4")
        await stage.press("amara", "pulse:answer:9")
        thanked = stage.last("amara")
        assert thanked["ts"] == asked["ts"]
        assert blocks.CHANGE in offered(stage, "amara")
        await stage.press("amara", "pulse:change")
        assert f"{blocks.ANSWER}:4" in offered(stage, "amara")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_message_that_cannot_be_replaced_with_blocks_is_with_words(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_stage(database_url) as stage:
        await create_survey(stage, TEAM)
        await stage.at(stage.now)
        stage.sandbox.app.refuses_blocks = set(EVERY_BLOCK)
        await stage.press("amara", "pulse:answer:4")
        left = stage.last("amara")
        assert not left.get("blocks")
        assert SECOND_QUESTION in text_of(left)
        assert SECOND_QUESTION not in caplog.text
    assert "a response_url refused a message with status 400" in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ["5xx", "drop", "429"])
async def test_without_a_response_url_attune_changes_its_own_message(
    database_url: str, fault: str
) -> None:
    async with open_stage(database_url) as stage:
        await create_survey(stage, TEAM)
        await stage.at(stage.now)
        asked = stage.last("amara")
        stage.sandbox.engine.faults.add(kind=fault, method="response_url")
        await stage.press("amara", "pulse:answer:4")
        left = stage.last("amara")
        assert left["ts"] == asked["ts"]
        assert SECOND_QUESTION in text_of(left)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("/pulse", "privacy", blocks.PRIVACY_TITLE),
        ("/pulse", "results", "How is it going?"),
        ("/pulse", "list", "How is it going?"),
        ("/pulse", "admins", HR_TEAM_TITLE),
        ("/pulse", "record", RECORD_TITLE),
        ("/digest", "now", "How is it going?"),
        ("/mentor", "find beekeeping", "*beekeeping*"),
    ],
)
async def test_what_commands_say_arrives_whatever_is_refused(
    database_url: str, command: str, text: str, said: str
) -> None:
    async with open_stage(database_url) as stage:
        await create_survey(stage, TEAM)
        await stage.at(stage.now)
        for refused in ([], ["header", "context", "divider"], EVERY_BLOCK):
            stage.sandbox.app.refuses_blocks = set(refused)
            shown = await stage.sandbox.command("maya", command, text, HR_CHANNEL)
            assert shown.ok, shown.shown
            assert shown.message
            assert said in text_of(shown.message)
            assert bool(shown.message.get("blocks")) == (refused != EVERY_BLOCK)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_command_is_answered_where_no_response_url_works(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        stage.sandbox.engine.faults.add(kind="5xx", method="response_url")
        shown = await stage.pulse("amara", "privacy")
        assert shown.message
        assert blocks.PRIVACY_TITLE in text_of(shown.message)
