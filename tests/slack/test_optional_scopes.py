"""Whoever installs Attune refuses all optional scopes: everything else still works."""

import json

import pytest

from bot.digest.handlers import OBSTACLES
from bot.pulse import blocks
from bot.rights import blocks as rights
from bot.slack.channels import Obstacle
from bot.slack.scopes import NEEDED
from bot.surveys.slack_audience import (
    NO_GROUPS,
    AudienceUnreadableError,
    fetch_members,
    fetch_user_groups,
)
from sandbox.demo.company import HR_CHANNEL, TEAM_ID
from scheduler.group_dms import open_group
from scheduler.paced_client import paced_client
from tests.factories import survey
from tests.journeys.stage import Stage, open_stage, text_of


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_works_without_the_optional_scopes(database_url: str) -> None:
    async with open_stage(database_url, scopes=list(NEEDED)) as stage:
        await _questions_are_asked_and_answered(stage)
        await _data_comes_as_messages(stage)
        client = await paced_client(stage.runtime, TEAM_ID)
        assert client
        assert await fetch_user_groups(client) == []
        with pytest.raises(AudienceUnreadableError, match=NO_GROUPS):
            await fetch_members(client, "usergroup", "S1")
        amara, kofi = (stage.sandbox.world.find_user(name) for name in ("amara", "kofi"))
        assert amara
        assert kofi
        assert await open_group(client, (amara.id, kofi.id)) is None
        await _figures_stay_out_of_channels_whose_readers_nobody_knows(stage)


async def _questions_are_asked_and_answered(stage: Stage) -> None:
    own = {"workspace_id": TEAM_ID, "audience": "team", "audience_ref": "Engineering"}
    async with stage.runtime.sessions.begin() as session:
        session.add(survey(**own))
    await stage.at(stage.now)
    await stage.press("amara", "pulse:answer:4")
    assert blocks.CHANGE in json.dumps(stage.last("amara"))


async def _data_comes_as_messages(stage: Stage) -> None:
    await stage.pulse("amara", "my-data")
    await stage.settled()
    texts = [text_of(each) for each in stage.sandbox.messages("dm", "amara")]
    assert [each for each in texts if rights.YOUR_DATA in each]
    assert [each for each in texts if "Amara Haddad" in each]


async def _figures_stay_out_of_channels_whose_readers_nobody_knows(stage: Stage) -> None:
    command = "here weekly monday 09:00"
    public = await stage.sandbox.command("maya", "/digest", command, HR_CHANNEL)
    assert "digest" in text_of(public.message or {})
    channel = stage.sandbox.world.channels[HR_CHANNEL]
    channel.kind = "private_channel"
    private = await stage.sandbox.command("maya", "/digest", command, HR_CHANNEL)
    assert text_of(private.message or {}) == OBSTACLES[Obstacle.UNSEEN]
