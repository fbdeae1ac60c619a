"""Whatever an app sends, the sandbox answers as a Web API does and never breaks."""

import inspect
import random
from typing import Any

import aiohttp
import pytest

import sandbox.api  # noqa: F401 - registers the methods
from sandbox.acting import ACTS
from sandbox.api.registry import METHODS
from sandbox.server import Sandbox

ODD: list[Any] = ["", "nonsense", "\ud83d\ude00" * 10, -1, 0, 10**30, True, None, [], [[]], {}]
ODD += ["\ud83d", {"type": "modal"}, [{"type": "section"}], [1, None, "x"]]
ODD += ["[{", '{"a":', "null", "1.5"]
CONTROL_ODD: list[Any] = [None, "", 5, -1, True, [], {}, ["x"], {"a": 1}, "ben", "dm", "x" * 100]
CONTROL_ODD += ["/pulse", 10**20]
CONTROL_NAMES: tuple[str, ...] = (
    "kind",
    "method",
    "probability",
    "times",
    "seconds",
    "status",
    "clear",
    "seed",
)
CONTROL_NAMES += ("faults", "advance", "at", "scale", "reason", "app_id")
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
    trigger = sandbox.engine.triggers.issue(sandbox.app.id, user.id)
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
        "actions", sandbox.app.id, "U1", next(iter(sandbox.world.channels)), "1.0"
    )
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {sandbox.app.bot_token}"}
    async with aiohttp.ClientSession() as session:
        for address in (f"{sandbox.api_url}chat.postMessage", sandbox.url + path):
            async with session.post(address, data=body, headers=headers) as response:
                assert response.status in {200, 400}
        control = f"{sandbox.url}/control/message"
        async with session.post(control, data=body, headers=headers) as response:
            refused = bool(body) and content_type != "application/json"
            assert response.status == (415 if refused else 400)


def _odd_body(rng: random.Random, name: str) -> dict[str, Any]:
    act = ACTS.get(name)
    names = list(inspect.signature(act).parameters)[1:] if act else CONTROL_NAMES
    body = {each: rng.choice(CONTROL_ODD) for each in names if rng.random() < 0.8}
    return body | {"user": "ben"} if "user" in names and rng.random() < 0.7 else body


@pytest.mark.parametrize("name", [*sorted(ACTS), "faults", "clock", "limits", "disconnect"])
async def test_the_control_api_takes_no_wrong_kinds_and_never_breaks(
    sandbox: Sandbox, name: str
) -> None:
    rng = random.Random(name)
    async with aiohttp.ClientSession() as http:
        for _ in range(40):
            body = _odd_body(rng, name)
            async with http.post(f"{sandbox.url}/control/{name}", json=body) as answer:
                told = await answer.json()
                assert answer.status in {200, 400}, body
                assert answer.status == 200 or told.get("detail") or told.get("error"), body
            sandbox.engine.faults.clear()


@pytest.mark.parametrize(
    ("name", "body", "detail"),
    [
        ("limits", {"scale": "abc"}, "scale must be a number from 0.001 to 1,000,000,000"),
        ("faults", {"seed": "x"}, "seed must be a number from 0 to 1,000,000,000"),
        ("faults", {"kind": "delay", "seconds": "x"}, "seconds is a number, and not below 0"),
        ("faults", {"faults": 5}, "faults must be a list"),
        ("clock", {"advance": "x"}, "advance must be a number from 0 to 1,000,000,000"),
        ("home", {"user": 7}, "user must be a text"),
        (
            "message",
            {"user": "ben", "text": "x", "thread_ts": 5},
            "thread_ts must be a text or null",
        ),
        (
            "submit",
            {"user": "ben", "view_id": "V", "values": 5},
            "values must be an object or null",
        ),
    ],
)
async def test_a_wrong_kind_is_told_in_a_sentence(
    sandbox: Sandbox, name: str, body: dict[str, Any], detail: str
) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{sandbox.url}/control/{name}", json=body) as answer,
    ):
        assert answer.status == 400
        assert (await answer.json())["detail"] == detail
