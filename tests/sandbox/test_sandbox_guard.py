"""Other web sites' pages, open in somebody's browser, get nothing from the sandbox."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from sandbox.server import Sandbox
from sandbox.workspace import load_workspace

WRITE = b'{"user": "ada", "text": "hello", "channel": "general"}'
JSON = {"Content-Type": "application/json"}


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(load_workspace()) as running:
        yield running


async def status_of(sandbox: Sandbox, method: str, path: str, **more: object) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{sandbox.url}{path}", **more) as response,  # type: ignore[arg-type] # given on
    ):
        return response.status


@pytest.mark.parametrize("path", ["/api/auth.test", "/actions/T/1/x"])
async def test_another_name_for_this_machine_is_refused(sandbox: Sandbox, path: str) -> None:
    assert await status_of(sandbox, "GET", path, headers={"Host": "evil.example"}) == 403
    port = sandbox.url.rpartition(":")[2]
    named = {"Host": f"localhost:{port}"}
    assert await status_of(sandbox, "GET", path, headers=named) != 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://["]
)
async def test_a_foreign_pages_script_is_refused(sandbox: Sandbox, origin: str) -> None:
    headers = {**JSON, "Origin": origin}
    path = "/api/chat.postMessage"
    assert await status_of(sandbox, "POST", path, data=WRITE, headers=headers) == 403
    assert await status_of(sandbox, "GET", "/link/", headers=headers) == 403
    assert sandbox.messages("general") == []


async def test_a_foreign_pages_socket_is_refused(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{sandbox.url}/link/", origin="https://evil.example")
        assert refused.value.status == 403
