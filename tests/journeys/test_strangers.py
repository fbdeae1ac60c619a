"""Strangers hold connections and bodies open; presses go through meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot import http_limits
from bot.server import EVENTS_PATH
from bot.slack import request_body
from tests.conftest import HANGS
from tests.journeys.stage import Stage, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
BODY = f"POST {EVENTS_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: {{}}\r\n\r\n"


@asynccontextmanager
async def stranger(stage: Stage, said: str = "") -> AsyncIterator[Streams]:
    """Open a connection and say something, but never all."""
    host, port = stage.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(said.encode())
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.close()


async def read_all(streams: Streams) -> str:
    """Read until the server ends the connection."""
    try:
        return (await asyncio.wait_for(streams[0].read(), HANGS)).decode()
    except ConnectionResetError:
        return ""


async def still_answers(stage: Stage) -> bool:
    helped = await stage.pulse("amara", "help")
    assert helped.ok, helped.shown
    return "/pulse privacy" in text_of(helped.message or {})


@pytest.mark.parametrize("said", ["", BODY.format(1000) + "token=x"])
async def test_the_oldest_of_too_many_connections_makes_room(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(http_limits, "MOST_CONNECTIONS", 20)
    monkeypatch.setattr(http_limits, "ROOM", 2)
    async with AsyncExitStack() as crowd:
        held = [await crowd.enter_async_context(stranger(stage, said)) for _ in range(60)]
        assert await still_answers(stage)
        assert await read_all(held[0]) == ""
        ended = [streams[0].at_eof() or streams[0].exception() for streams in held]
        assert sum(bool(each) for each in ended) >= len(held) - 22


@pytest.mark.parametrize("said", ["", "POST /slack/events HTTP/1.1\r\nhost:", "GET /healthz"])
async def test_a_request_that_does_not_come_ends_the_connection(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(http_limits, "REQUEST_SECONDS", 0.2)
    async with stranger(stage, said) as streams:
        assert await read_all(streams) == ""
    asked = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz"
    async with stranger(stage, asked) as streams:
        assert (await read_all(streams)).startswith("HTTP/1.1 200")


async def test_a_head_without_end_is_refused(stage: Stage) -> None:
    async with stranger(stage, "GET / HTTP/1.1\r\nx: " + "x" * 100_000) as streams:
        assert (await read_all(streams)).startswith("HTTP/1.1 400")


async def test_a_slow_body_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_body, "BODY_SECONDS", 0.2)
    async with stranger(stage, BODY.format(1000) + "token=x") as streams:
        assert (await read_all(streams)).startswith("HTTP/1.1 408")


async def test_unfinished_bodies_share_a_bounded_memory(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "MOST_BYTES", 100_000)
    async with AsyncExitStack() as crowd:
        held = [
            await crowd.enter_async_context(
                stranger(stage, BODY.format(1_000_000) + "x" * (30_000 + number))
            )
            for number in range(5)
        ]
        reading = [asyncio.create_task(read_all(streams)) for streams in held]
        done, _ = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED, timeout=HANGS)
        assert all(task.result().startswith("HTTP/1.1 408") for task in done)
        assert done
        assert await still_answers(stage)
        for task in reading:
            task.cancel()
