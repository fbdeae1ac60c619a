"""Installing in several workspaces, and for a whole organisation of Enterprise Grid."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from bot.runtime import make_runtime
from models import Delivery, Employee, OpenAnswer, Organisation, Workspace
from sandbox.api.auth import TOKEN_LIFETIME_SECONDS
from scheduler import installations
from scheduler.installations import refresh_tokens
from tests.conftest import NOW
from tests.journeys.neighbours import (
    ALPHA,
    BETA,
    MARK,
    ORGANISATION,
    Neighbours,
    open_neighbours,
    settle_in,
)
from tests.journeys.stage import Stage, buttons_of, import_directory, text_of
from tests.journeys.test_main_job import TEAM, create_survey

# slack_sdk gives aiohttp the client's credentials in a way that aiohttp is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:(BasicAuth|The 'auth' parameter) is deprecated"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
async def grid(database_url: str) -> AsyncIterator[Neighbours]:
    """An organisation that installed Attune for both workspaces."""
    async with open_neighbours(database_url, ORGANISATION) as neighbours:
        status, page = await neighbours.install(for_organisation="1")
        assert status == 200, page
        assert "One step is left" in page
        await neighbours.alpha.at(NOW)
        assert await workspaces(neighbours) == []
        for stage in neighbours.both:
            await stage.sandbox.grant_access()
        await neighbours.alpha.at(NOW)
        for team in (ALPHA, BETA):
            await import_directory(neighbours.runtime, team)
        yield neighbours


async def workspaces(neighbours: Neighbours) -> list[str]:
    async with neighbours.runtime.sessions.begin() as session:
        installed = select(Workspace.id).where(Workspace.uninstalled_at.is_(None))
        return list(await session.scalars(installed.order_by(Workspace.id)))


async def employee(neighbours: Neighbours, team: str, handle: str) -> Employee | None:
    found = neighbours.alpha.sandbox.world.find_user(handle)
    assert found
    async with neighbours.runtime.sessions.begin() as session:
        return await session.get(Employee, (team, found.id))


async def answers(neighbours: Neighbours) -> list[tuple[str, int | None]]:
    async with neighbours.runtime.sessions.begin() as session:
        found = await session.execute(select(OpenAnswer.workspace_id, OpenAnswer.value))
        return sorted((row[0], row[1]) for row in found)


def asked(stage: Stage, person: str) -> int:
    return sum(
        any(each["action_id"].startswith("pulse:answer") for each in buttons_of(message))
        for message in stage.sandbox.messages("dm", person)
    )


async def test_one_installation_serves_the_workspaces_that_let_it_in(grid: Neighbours) -> None:
    assert await workspaces(grid) == [ALPHA, BETA]
    for stage in grid.both:
        await create_survey(stage, TEAM)
    await grid.alpha.at(NOW)
    await grid.settled()
    # Nothing but the view or the message says where it was pressed: all payloads lack their team.
    assert (await grid.beta.press("amara", "pulse:answer:4")).ok
    assert (await grid.alpha.press("amara", "pulse:answer:2")).ok
    assert await answers(grid) == [(ALPHA, 2), (BETA, 4)]
    for stage in grid.both:
        assert (await stage.sandbox.home("amara")).ok
        await stage.settled()
        assert stage.sandbox.views("amara")["home"]


async def test_a_colleague_of_another_workspace_takes_part_and_a_stranger_does_not(
    grid: Neighbours,
) -> None:
    moved = await grid.alpha.sandbox.change_user(
        "amara", team_id=BETA, teams=[ALPHA, BETA], title="x", real_name="Amara Renamed"
    )
    assert moved.ok, moved
    for team in (ALPHA, BETA):  # told once, for both
        amara = await employee(grid, team, "amara")
        assert amara
        assert (amara.active, amara.name) == (True, "Amara Renamed")
    left = await grid.alpha.sandbox.change_user("amara", team_id=BETA, teams=[BETA])
    assert left.ok
    states = [await employee(grid, team, "amara") for team in (ALPHA, BETA)]
    assert [each and each.active for each in states] == [False, True]

    joined = await grid.alpha.sandbox.join("olga", team_id="T0STRANGE", is_stranger=True)
    assert joined.ok, joined
    world = grid.alpha.sandbox.world
    world.join_channel(world.channels["C0PEOPLEOPS"], world.find_user("olga").id)  # type: ignore[union-attr] # she joined
    await grid.alpha.at(NOW + timedelta(days=2))
    assert await employee(grid, ALPHA, "olga") is None
    assert await employee(grid, BETA, "olga") is None


async def test_removing_it_from_the_organisation_ends_all_and_coming_back_goes_on(
    grid: Neighbours,
) -> None:
    for stage in grid.both:
        await create_survey(stage, TEAM)
    await grid.alpha.at(NOW)
    assert (await grid.beta.press("amara", "pulse:answer:4")).ok
    before = [asked(stage, "amara") for stage in grid.both]
    assert before == [1, 1]

    grid.alpha.sandbox.world.tell("app_uninstalled")
    await grid.settled()
    for stage in grid.both:
        stage.sandbox.app.installed = False
    assert await workspaces(grid) == []
    calls = [len(stage.sandbox.engine.log.find(direction="from_app")) for stage in grid.both]
    await grid.alpha.at(NOW + timedelta(hours=3))
    assert calls == [
        len(stage.sandbox.engine.log.find(direction="from_app")) for stage in grid.both
    ]
    assert await answers(grid) == [(BETA, 4)]

    assert (await grid.install(for_organisation="1"))[0] == 200
    for stage in grid.both:
        await stage.sandbox.grant_access()
    await grid.alpha.at(NOW + timedelta(hours=4))
    assert await workspaces(grid) == [ALPHA, BETA]
    assert [asked(stage, "amara") for stage in grid.both] == before
    assert (await grid.alpha.press("amara", "pulse:answer:3")).ok
    assert await answers(grid) == [(ALPHA, 3), (BETA, 4)]


async def test_a_workspace_that_is_taken_out_is_left_alone(grid: Neighbours) -> None:
    grid.beta.sandbox.app.installed = False
    await grid.alpha.at(NOW + timedelta(hours=2))
    assert await workspaces(grid) == [ALPHA]


async def test_two_workspaces_side_by_side(database_url: str) -> None:
    async with open_neighbours(database_url) as neighbours:
        await settle_in(neighbours)
        assert await workspaces(neighbours) == [ALPHA, BETA]
        for stage in neighbours.both:
            await create_survey(stage, TEAM)
        await neighbours.alpha.at(NOW)
        assert [asked(stage, "amara") for stage in neighbours.both] == [1, 1]
        assert MARK not in str(neighbours.alpha.sandbox.engine.log.find())


async def token_rows(neighbours: Neighbours) -> tuple[str | None, str | None]:
    async with neighbours.runtime.sessions.begin() as session:
        row = await session.get_one(Workspace, ALPHA)
        return row.bot_token, row.refresh_token


async def test_processes_that_renew_a_token_at_once_renew_it_once(database_url: str) -> None:
    async with open_neighbours(database_url, rotates_tokens=True) as neighbours:
        await settle_in(neighbours)
        first = await token_rows(neighbours)
        sandbox = neighbours.alpha.sandbox
        runtime = neighbours.runtime
        processes = [
            replace(
                make_runtime(runtime.settings, runtime.sessions, runtime.http, runtime.clock),
                pacing=runtime.pacing,
            )
            for _ in range(3)
        ]
        seen = len(sandbox.engine.log.find("oauth.v2.access"))
        # Tokens are given out by the real time, the test's clock stands elsewhere.
        async with runtime.sessions.begin() as session:
            row = await session.get_one(Workspace, ALPHA)
            row.token_expires_at = NOW + timedelta(hours=1)
        done = await asyncio.gather(*(refresh_tokens(each, NOW) for each in processes))
        assert sum(done) == 1
        assert len(sandbox.engine.log.find("oauth.v2.access")) == seen + 1
        second = await token_rows(neighbours)
        assert set(first).isdisjoint(second)
        assert (await sandbox.command("amara", "/pulse", "help")).ok

        sandbox.world.clock.advance(TOKEN_LIFETIME_SECONDS + 1)
        sandbox.app.token_ends[str(second[0])] += TOKEN_LIFETIME_SECONDS
        await neighbours.alpha.at(NOW + timedelta(hours=1))
        assert await refresh_tokens(runtime, NOW + timedelta(hours=11)) == 1
        async with runtime.sessions.begin() as session:
            stored = await session.scalar(
                select(type_coerce(Workspace.refresh_token, Text)).where(Workspace.id == ALPHA)
            )
            row = await session.get_one(Workspace, ALPHA)
        assert str(stored).startswith("enc:")
        assert row.bot_token == sandbox.app.bot_token
        assert row.token_refused_at is None


async def test_a_new_token_is_stored_once_the_database_is_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installations, "STORE_AGAIN_SECONDS", 0.01)
    async with open_neighbours(database_url, rotates_tokens=True) as neighbours:
        await settle_in(neighbours)
        runtime = neighbours.runtime
        async with runtime.sessions.begin() as session:
            row = await session.get_one(Workspace, ALPHA)
            row.token_expires_at = NOW + timedelta(hours=1)
        engine: AsyncEngine = runtime.sessions.kw["bind"]
        refused = iter([True, True])

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def refuse(connection: object, cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("UPDATE workspaces SET bot_token") and next(refused, False):
                raise ConnectionRefusedError

        assert await refresh_tokens(runtime, NOW) == 1
        assert next(refused, "both were refused") == "both were refused"
        assert (await token_rows(neighbours))[0] == neighbours.alpha.sandbox.app.bot_token


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"deny": "1"}, 200, "Nothing was installed"),
        ({"for_organisation": "1", "team": "T0NOBODY"}, 200, "installed"),
    ],
)
async def test_pages_say_what_happened(
    database_url: str, query: dict[str, str], status: int, said: str
) -> None:
    async with open_neighbours(database_url, ORGANISATION) as neighbours:
        shown, page = await neighbours.install(**query)
        assert shown == status
        assert said in unescape(page)


async def test_what_is_due_twice_is_sent_once_after_reinstalling(database_url: str) -> None:
    async with open_neighbours(database_url) as neighbours:
        await settle_in(neighbours)
        stage = neighbours.alpha
        await create_survey(stage, TEAM)
        await stage.at(NOW)
        async with neighbours.runtime.sessions.begin() as session:
            sent = await session.scalar(select(func.count()).select_from(Delivery))
        stage.sandbox.world.tell("app_uninstalled")
        await neighbours.settled()
        assert await workspaces(neighbours) == [BETA]
        assert (await neighbours.install(ALPHA))[0] == 200
        await stage.at(NOW + timedelta(minutes=10))
        async with neighbours.runtime.sessions.begin() as session:
            assert await session.scalar(select(func.count()).select_from(Delivery)) == sent
            assert await session.scalar(select(func.count()).select_from(Organisation)) == 0
        assert asked(stage, "amara") == 1
        assert "How is it going?" in text_of(stage.last("amara"))
