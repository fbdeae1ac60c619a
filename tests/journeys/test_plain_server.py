"""A Slack-compatible server that can do less: messages arrive plainer, never not at all."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.demo.company import HR_CHANNEL, people
from tests.conftest import NOW
from tests.journeys.stage import open_stage, text_of
from tests.journeys.test_main_job import create_survey

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
        assert "forms" in text_of(told.message)


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
