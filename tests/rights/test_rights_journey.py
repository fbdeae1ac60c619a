"""People ask for their data, leave and come back; through the real bot and the sandbox."""

import json
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select, text

from bot.pulse.steps import Refusal
from bot.rights import blocks
from bot.rights.personal_data_blocks import NOTHING_HELD, failed_view, gathering_view
from bot.rights.service import SHOWN_IN_SLACK
from models import Base, Employee, Invitation, OpenAnswer
from sandbox.demo.company import TEAM_ID
from tests.conftest import NOW
from tests.journeys.stage import Stage, open_stage, text_of
from tests.journeys.test_main_job import TEAM, create_survey


async def my_data(stage: Stage, user: str) -> tuple[dict[str, Any], str]:
    """Ask for a person's data; return the file that arrives, and the modal's text."""
    asked = await stage.pulse(user, "my-data")
    assert asked.view
    assert body_of(asked.view) == body_of(gathering_view())
    await stage.settled()
    sent = stage.last(user)
    assert sent["text"] == blocks.YOUR_DATA
    file = stage.sandbox.world.files[sent["files"][0]["id"]]
    assert file.content is not None
    data: dict[str, Any] = json.loads(file.content)
    return data, text_of(stage.sandbox.views(user)["modals"][-1])


def body_of(view: dict[str, Any] | None) -> str:
    """Return what a modal says below its title."""
    assert view
    return text_of({"blocks": view["blocks"]})


def top(stage: Stage) -> str:
    """Return what the modal on top says."""
    return body_of(stage.sandbox.views("amara")["modals"][-1])


async def employee(stage: Stage, name: str) -> Employee | None:
    user = stage.sandbox.world.find_user(name)
    assert user is not None
    async with stage.runtime.sessions.begin() as session:
        return await session.get(Employee, (TEAM_ID, user.id))


async def test_a_person_reads_their_data_leaves_and_comes_back(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await create_survey(stage, TEAM)
        await stage.at(stage.now)
        await stage.press("amara", "pulse:answer:4")
        await stage.press("amara", "pulse:answer:9")
        await stage.press("kofi", "pulse:answer:1")
        asked = stage.last("amara")

        data, shown = await my_data(stage, "amara")
        assert " Agree\n" in shown
        assert "9 of 10" in shown
        assert not any("answers_to_" in title and "about" not in title for title in data)
        assert data["not_in_this_file"] == SHOWN_IN_SLACK
        assert data["directory"][0]["name"] == "Amara Haddad"

        opened = await stage.pulse("amara", "forget-me")
        assert opened.view
        assert body_of(opened.view) == body_of(blocks.forget_view(is_owner=False))
        done = await stage.sandbox.submit("amara", opened.view["id"])
        assert body_of(done.view) == body_of(blocks.erasing_view())
        await stage.settled()
        assert top(stage) == body_of(blocks.forgotten_view())
        left, nothing = await my_data(stage, "amara")
        assert NOTHING_HELD in nothing
        assert left["survey_invitations"] == []
        assert left["directory"][0]["name"] == ""
        async with stage.runtime.sessions.begin() as session:
            assert await session.scalar(select(func.count()).select_from(OpenAnswer)) == 1

        pressed = await stage.sandbox.press(
            "amara", "pulse:change", channel="dm", message_ts=asked["ts"]
        )
        assert pressed.ok
        await stage.settled()
        assert Refusal.GONE in text_of(stage.last("amara"))
        messages = len(stage.sandbox.messages("dm", "amara"))
        await stage.at(NOW + timedelta(hours=73))
        assert len(stage.sandbox.messages("dm", "amara")) == messages
        forgotten = await employee(stage, "amara")
        assert forgotten is not None
        assert (forgotten.name, forgotten.active) == ("", False)

        back = await stage.pulse("amara", "forget-me")
        assert back.view
        assert body_of(back.view) == body_of(blocks.return_view())
        returned = await stage.sandbox.submit("amara", back.view["id"])
        assert body_of(returned.view) == body_of(blocks.returned_view())
        await stage.at(NOW + timedelta(hours=98))
        again = await employee(stage, "amara")
        assert again is not None
        assert (again.name, again.active, again.team) == ("Amara Haddad", True, None)
        async with stage.runtime.sessions.begin() as session:
            invited = select(func.count()).where(Invitation.employee_id == again.id)
            assert await session.scalar(invited) == 0


@pytest.mark.parametrize("lacks", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_where_no_file_can_be_sent_the_data_comes_as_text(
    database_url: str, lacks: str
) -> None:
    async with open_stage(database_url, lacks=[lacks]) as stage:
        await stage.pulse("amara", "my-data")
        await stage.settled()

        sent = stage.sandbox.messages("dm", "amara")
        introduction, *pieces = [each for each in sent if not each.get("is_ephemeral")]

        assert introduction["text"] == blocks.YOUR_DATA
        written = "".join(block["text"]["text"] for piece in pieces for block in piece["blocks"])
        assert json.loads(written)["directory"][0]["name"] == "Amara Haddad"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_failure_to_erase_or_read_is_reported(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        opened = await stage.pulse("amara", "forget-me")
        assert opened.view
        async with stage.runtime.sessions.begin() as session:
            await session.execute(text("ALTER TABLE coffee_groups RENAME TO away"))

        done = await stage.sandbox.submit("amara", opened.view["id"])
        assert body_of(done.view) == body_of(blocks.erasing_view())
        await stage.settled()
        assert top(stage) == body_of(blocks.not_forgotten_view())
        person = await employee(stage, "amara")
        assert person
        assert person.name == "Amara Haddad"

        asked = await stage.pulse("amara", "my-data")
        assert asked.view
        await stage.settled()
        assert top(stage) == body_of(failed_view())
        assert blocks.NOT_SENT in text_of(stage.last("amara"))


async def test_data_is_erased_a_month_after_the_app_was_removed(
    database_url: str,
) -> None:
    async with open_stage(database_url) as stage:
        await create_survey(stage, TEAM)
        await stage.at(stage.now)
        await AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url).auth_revoke()
        await stage.settled()

        assert await stage.runtime.installations.find(TEAM_ID) is None
        await stage.at(NOW + timedelta(days=29))
        assert await employee(stage, "amara") is not None
        await stage.at(NOW + timedelta(days=30))
        async with stage.runtime.sessions.begin() as session:
            for table in Base.metadata.sorted_tables:
                if table.name == "seen_requests":
                    continue  # no workspace and no person in it
                assert await session.scalar(select(func.count()).select_from(table)) == 0
