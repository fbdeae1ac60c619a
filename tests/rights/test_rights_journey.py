"""People ask for their data, leave and come back; through the real bot and the sandbox."""

import json
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select, text

from bot.rights import personal_data_blocks
from models import Base, Employee, Invitation, OpenAnswer
from sandbox.demo.company import TEAM_ID
from tests.conftest import NOW
from tests.journeys.stage import Stage, open_stage, text_of
from tests.journeys.test_main_job import TEAM, create_survey


async def my_data(stage: Stage, user: str) -> tuple[dict[str, Any], str]:
    """Ask for a person's data; return the file that arrives, and the modal's text."""
    asked = await stage.pulse(user, "my-data")
    assert asked.view
    assert "I am gathering" in text_of(asked.view)
    await stage.settled()
    sent = stage.last(user)
    assert "everything that Attune holds about you" in sent["text"]
    file = stage.sandbox.world.files[sent["files"][0]["id"]]
    assert file.content is not None
    data: dict[str, Any] = json.loads(file.content)
    return data, text_of(stage.sandbox.views(user)["modals"][-1])


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
        assert "in a window" in data["not_in_this_file"]
        assert data["directory"][0]["name"] == "Amara Haddad"

        opened = await stage.pulse("amara", "forget-me")
        assert opened.view
        for said in ("What I will erase, at once", "What stays, and why", "Nobody can tell which"):
            assert said in text_of(opened.view)
        done = await stage.sandbox.submit("amara", opened.view["id"])
        assert "I am erasing your data now" in text_of(done.view or {})
        await stage.settled()
        assert "Done: it is erased." in text_of(stage.sandbox.views("amara")["modals"][-1])
        left, nothing = await my_data(stage, "amara")
        assert personal_data_blocks.NOTHING_HELD in nothing
        assert left["survey_invitations"] == []
        assert left["directory"][0]["name"] == ""
        async with stage.runtime.sessions.begin() as session:
            assert await session.scalar(select(func.count()).select_from(OpenAnswer)) == 1

        pressed = await stage.sandbox.press(
            "amara", "pulse:change", channel="dm", message_ts=asked["ts"]
        )
        assert pressed.ok
        await stage.settled()
        assert "no longer among the people" in text_of(stage.last("amara"))
        messages = len(stage.sandbox.messages("dm", "amara"))
        await stage.at(NOW + timedelta(hours=73))
        assert len(stage.sandbox.messages("dm", "amara")) == messages
        forgotten = await employee(stage, "amara")
        assert forgotten is not None
        assert (forgotten.name, forgotten.active) == ("", False)

        back = await stage.pulse("amara", "forget-me")
        assert back.view
        assert "Take part again" in str(back.view)
        assert "Welcome back" in text_of(
            (await stage.sandbox.submit("amara", back.view["id"])).view or {}
        )
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

        assert "everything that Attune holds about you" in introduction["text"]
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
        assert "I am erasing your data now" in text_of(done.view or {})
        await stage.settled()
        shown = text_of(stage.sandbox.views("amara")["modals"][-1])
        assert "I couldn't erase your data just now, and nothing has changed." in shown
        person = await employee(stage, "amara")
        assert person
        assert person.name == "Amara Haddad"

        asked = await stage.pulse("amara", "my-data")
        assert asked.view
        await stage.settled()
        assert "I couldn't read your data" in text_of(stage.sandbox.views("amara")["modals"][-1])
        assert "could not send your data" in text_of(stage.last("amara"))


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
