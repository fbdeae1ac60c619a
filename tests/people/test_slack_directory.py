"""Reading the directory from a Slack that has pages, limits and failures."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.people.pure.directory import Person
from bot.people.slack_directory import PAGE, fetch_people
from bot.slack.client import PATIENCE, make_client
from sandbox.demo.company import TEAM_ID, workspace
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world

CROWD = 2 * PAGE + 50


def crowded() -> Sandbox:
    described = workspace()
    described["users"] += [{"name": f"crowd{n}", "email": f"c{n}@x.example"} for n in range(CROWD)]
    return Sandbox(build_world(described), Options(rate_limits=None))


async def fetch(sandbox: Sandbox, waited: list[float]) -> list[Person]:
    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async with aiohttp.ClientSession() as http:
        client = make_client(sandbox.api_url, http, sandbox.app.bot_token)
        return await fetch_people(client, TEAM_ID, False, sleep)


def pages(sandbox: Sandbox) -> int:
    return len(sandbox.engine.log.find(method="users.list"))


async def test_all_pages_are_read() -> None:
    waited: list[float] = []
    async with crowded() as sandbox:
        people = await fetch(sandbox, waited)
        assert pages(sandbox) == 3
        assert len(people) == len(sandbox.world.users)
    assert waited == []
    assert {person.id for person in people if not person.is_member} >= {"USLACKBOT"}
    assert all(person.locale for person in people if person.active)


async def test_it_waits_as_long_as_slack_asks_and_goes_on_with_the_same_page() -> None:
    waited: list[float] = []
    async with crowded() as sandbox:
        sandbox.engine.faults.add(kind="429", method="users.list", seconds=17, times=2)
        people = await fetch(sandbox, waited)
        assert len(people) == len(sandbox.world.users)
    assert waited == [17, 17]


async def test_a_slack_that_never_lets_us_is_given_up() -> None:
    waited: list[float] = []
    async with crowded() as sandbox:
        sandbox.engine.faults.add(kind="429", method="users.list", seconds=1)
        with pytest.raises(SlackApiError):
            await fetch(sandbox, waited)
    assert len(waited) == PATIENCE - 1


async def test_half_a_directory_is_never_taken_for_the_whole() -> None:
    async with crowded() as sandbox:
        sandbox.app.scopes.discard("users:read")
        with pytest.raises(SlackApiError, match="missing_scope"):
            await fetch(sandbox, [])
