"""Whatever an app sends, the sandbox answers as a Web API does and never breaks."""

import random
from typing import Any

import aiohttp
import pytest

import sandbox.api  # noqa: F401 - registers the methods
from sandbox.api.registry import METHODS
from sandbox.server import Sandbox

ODD: list[Any] = ["", "nonsense", "\ud83d\ude00" * 10, -1, 0, 10**30, True, None, [], [[]], {}]
ODD += ["\ud83d", {"type": "modal"}, [{"type": "section"}], [1, None, "x"]]
ODD += ["[{", '{"a":', "null", "1.5"]
CONTROL_ODD: list[Any] = [None, "", 5, -1, True, [], {}, ["x"], {"a": 1}, "ben", "dm", "x" * 100]
NAMES = (
    *("channel", "users", "user", "user_id", "ts", "text", "blocks", "attachments", "metadata"),
    *("view", "view_id", "trigger_id", "external_id", "hash", "limit", "cursor", "types", "name"),
    *("oldest", "latest", "files", "filename", "length", "file", "email", "usergroup", "bot"),
    *("timestamp", "message_ts", "thread_ts", "code", "client_id", "channels", "message"),
)


def known(sandbox: Sandbox) -> dict[str, Any]:
    """Return arguments that let a call reach the odd one."""
    user = sandbox.world.find_user("ben")
    assert user is not None
    channel, _ = sandbox.world.direct_channel([sandbox.app.bot_user_id, user.id])
    trigger = sandbox.engine.triggers.issue(user.id)
    return {
        "channel": channel.id,
        "user": user.id,
        "user_id": user.id,
        "users": user.id,
        "text": "x",
        "trigger_id": trigger,
    }


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"auth.revoke"}))
async def test_odd_arguments(sandbox: Sandbox, method: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.app.bot_token}"}
    sandbox.app.events = set()
    async with aiohttp.ClientSession(headers=headers) as session:
        some = random.Random(method)
        for name in NAMES:
            for odd in some.sample(ODD, 4):
                arguments = {**known(sandbox), name: odd}
                url = f"{sandbox.api_url}{method}"
                async with session.post(url, json=arguments) as response:
                    assert response.status == 200, (name, odd)
                    answer = await response.json()
                    assert answer["ok"] or answer["error"], (name, odd)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"text": 5}'])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
async def test_odd_bodies(sandbox: Sandbox, body: bytes, content_type: str) -> None:
    path = sandbox.engine.response_urls.issue(
        "actions", "U1", next(iter(sandbox.world.channels)), "1.0"
    )
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {sandbox.app.bot_token}"}
    async with aiohttp.ClientSession() as session:
        for address in (f"{sandbox.api_url}chat.postMessage", sandbox.url + path):
            async with session.post(address, data=body, headers=headers) as response:
                assert response.status in {200, 400}
