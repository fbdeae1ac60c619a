"""Enterprise Grid and Slack Connect: whose event it is, and who takes part."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.blockkit.blocks import actions, button
from bot.errors import OUTDATED
from models import Employee, OpenAnswer
from sandbox.demo.company import TEAM_ID
from tests.journeys.stage import Stage, open_stage, text_of
from tests.journeys.test_bad_input import send
from tests.journeys.test_main_job import TEAM, create_survey

ORGANISATION = "E0BRIGHT01"
ELSEWHERE = "T0ELSEWHERE"


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


def on_grid(stage: Stage) -> None:
    stage.sandbox.world.team.enterprise_id = ORGANISATION
    stage.sandbox.world.team.enterprise_name = "Brightwater Group"


async def employee(stage: Stage, email: str) -> Employee | None:
    async with stage.runtime.sessions.begin() as session:
        return await session.scalar(select(Employee).where(Employee.email == email))


async def pressed_something(stage: Stage, user: str) -> str:
    """Press a button that does nothing any more; return what the person reads."""
    found = stage.sandbox.world.find_user(user)
    assert found
    client = AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url)
    posted = await client.chat_postMessage(
        channel=found.id, text="x", blocks=[actions([button("Gone", "of:an:older:release")])]
    )
    pressed = await stage.sandbox.press(
        user, "of:an:older:release", channel="dm", message_ts=posted["ts"]
    )
    assert pressed.ok
    await stage.settled()
    return text_of(stage.last(user))


@pytest.mark.parametrize("source", [ELSEWHERE, ORGANISATION, "null"])
async def test_an_event_belongs_to_the_workspace_of_the_installation(
    stage: Stage, source: str
) -> None:
    on_grid(stage)
    changed = await stage.sandbox.change_user("amara", email="amara@x.example", source=source)
    assert changed.ok, changed
    amara = await employee(stage, "amara@x.example")
    assert amara
    assert amara.workspace_id == TEAM_ID


async def test_a_stranger_of_a_shared_channel_takes_no_part(stage: Stage) -> None:
    on_grid(stage)
    joined = await stage.sandbox.join(
        "olga", email="olga@x.example", team_id=ELSEWHERE, is_stranger=True
    )
    assert joined.ok, joined
    assert (await stage.sandbox.change_user("olga", tz="Asia/Tokyo")).ok
    assert await employee(stage, "olga@x.example") is None
    assert await pressed_something(stage, "olga") not in ("", OUTDATED)


async def test_a_colleague_whose_home_is_another_workspace_takes_part(stage: Stage) -> None:
    on_grid(stage)
    moved = await stage.sandbox.change_user(
        "amara", team_id=ELSEWHERE, teams=[ELSEWHERE, TEAM_ID], email="amara@x.example"
    )
    assert moved.ok, moved
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    answered = await stage.press("amara", "pulse:answer:4")
    assert answered.ok
    async with stage.runtime.sessions.begin() as session:
        assert list(await session.scalars(select(OpenAnswer.value))) == [4]
    assert await pressed_something(stage, "amara") == OUTDATED


async def test_a_colleague_who_leaves_this_workspace_takes_part_no_more(stage: Stage) -> None:
    on_grid(stage)
    moved = await stage.sandbox.change_user(
        "amara", team_id=ELSEWHERE, teams=[ELSEWHERE], email="amara@x.example"
    )
    assert moved.ok, moved
    amara = await employee(stage, "amara@x.example")
    assert amara
    assert not amara.active
    assert await pressed_something(stage, "amara") not in ("", OUTDATED)


@pytest.mark.parametrize(
    "changes",
    [
        {"profile": {"email": "\ud83d@x.example"}},
        {"profile": {"real_name": "Zoë \udc00"}},
        {"profile": {"real_name": "Zoë\x00"}},
        {"updated": "yesterday"},
        {"updated": 10**30},
        {"updated": float("inf")},
    ],
)
async def test_an_event_with_unreadable_values_is_not_asked_for_again(
    stage: Stage, changes: dict[str, Any]
) -> None:
    user = {"id": "U0ZOE", "team_id": TEAM_ID, "updated": 1, "profile": {}, **changes}
    event = {"type": "user_change", "user": user}
    body = json.dumps({"type": "event_callback", "team_id": TEAM_ID, "event": event})
    assert await send(stage, body, content_type="application/json") == 400
    async with stage.runtime.sessions.begin() as session:
        assert await session.get(Employee, (TEAM_ID, "U0ZOE")) is None


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
async def test_a_removal_that_slack_tells_late_changes_nothing(stage: Stage, event: str) -> None:
    told = {"type": event, "tokens": {"oauth": [], "bot": [stage.sandbox.app.bot_user_id]}}
    for seconds, is_there in ((-60, True), (60, False)):
        moment = int(stage.now.timestamp()) + seconds
        body = {"type": "event_callback", "team_id": TEAM_ID, "event_time": moment, "event": told}
        sent = await send(stage, json.dumps(body), content_type="application/json")
        assert sent == 200
        assert (await stage.runtime.installations.find(TEAM_ID) is not None) is is_there
