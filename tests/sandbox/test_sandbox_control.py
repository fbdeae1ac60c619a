"""The control API over HTTP: act as a person, look, and make things go wrong."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.state import Json
from tests.sandbox.apps import QUESTION


class ControlClient:
    """Calls ``/control/`` as a script would."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base

    async def post(self, name: str, /, **body: Any) -> Json:
        async with self._session.post(f"{self._base}/control/{name}", json=body) as response:
            answer: Json = await response.json()
            assert response.status == (200 if "detail" not in answer else 400)
            return answer

    async def get(self, name: str, **query: str) -> Json:
        url = f"{self._base}/control/{name}"
        async with self._session.get(url, params=query) as response:
            answer: Json = await response.json()
            return answer


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[ControlClient]:
    async with aiohttp.ClientSession() as session:
        yield ControlClient(session, sandbox.url)


async def test_from_command_to_submission(
    sandbox: Sandbox, bolt: AsyncApp, control: ControlClient
) -> None:
    opened = await control.post("command", user="ada", command="/pulse", text="new", channel="dm")
    assert opened["ok"]
    assert opened["ack"]["status"] == 200
    assert opened["ms"] > 0
    view = opened["view"]
    assert (await control.get("views", user="ada"))["view"]["id"] == view["id"]

    refused = await control.post("submit", user="ada", view_id=view["id"], values={})
    assert refused["error"] == "invalid_input"
    done = await control.post(
        "submit", user="ada", view_id=view["id"], values={"name": {"name": "Autumn"}}
    )
    assert done["ok"]
    assert (await control.get("views", user="ada"))["modals"] == []


async def test_press_close_home_and_message(
    sandbox: Sandbox, bolt: AsyncApp, control: ControlClient, client: AsyncWebClient
) -> None:
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    posted = await client.chat_postMessage(channel=ben.id, text="?", blocks=QUESTION)
    pressed = await control.post(
        "press",
        user="ben",
        channel=posted["channel"],
        message_ts=posted["ts"],
        action_id="answer_3",
        value="3",
    )
    assert pressed["message"]["text"] == "Thank you"
    home = await control.post("home", user="ben")
    modal = await control.post("press", user="ben", view_id=home["view"]["id"], action_id="home_go")
    closed = await control.post("close", user="ben", view_id=modal["view"]["id"])
    assert closed["ok"]
    written = await control.post("message", user="ben", channel="dm", text="<hello>")
    assert written["message"]["text"] == "&lt;hello&gt;"
    messages = await control.get("messages", channel=posted["channel"])
    assert [m["text"] for m in messages["messages"]] == ["Thank you", "&lt;hello&gt;"]
    own = await control.get("messages", user="ben")
    assert own["channel"] == posted["channel"]


async def test_people_come_change_and_go(
    sandbox: Sandbox, bolt: AsyncApp, control: ControlClient
) -> None:
    assert (await control.post("join", name="jun", tz="Asia/Seoul"))["ok"]
    assert (await control.post("change_user", user="jun", title="Lead"))["ok"]
    assert (await control.post("deactivate", user="jun"))["ok"]
    state = await control.get("state")
    (jun,) = [user for user in state["users"] if user["name"] == "jun"]
    assert jun["deleted"] is True
    (app,) = state["apps"]
    assert "token" not in str(app)
    assert (await control.post("message", user="jun", text="x"))["error"] == "user_deactivated"


async def test_a_forwarded_copy_can_be_pressed(
    sandbox: Sandbox, bolt: AsyncApp, control: ControlClient, client: AsyncWebClient
) -> None:
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    posted = await client.chat_postMessage(channel=ben.id, text="?", blocks=QUESTION)
    copied = await control.post(
        "forward", user="ben", channel="dm", message_ts=posted["ts"], to="chiara"
    )
    where = copied["message"]["channel"]
    pressed = await control.post(
        "press",
        user="chiara",
        channel=where,
        message_ts=copied["message"]["ts"],
        action_id="answer_3",
    )
    assert pressed["ok"]
    (record,) = sandbox.engine.log.find("interaction:block_actions")
    assert record.arguments["channel"]["id"] == where != posted["channel"]
    assert record.arguments["user"]["username"] == "chiara"
    assert len(sandbox.messages("dm", "ben")) == 1


async def test_faults_limits_and_the_clock(
    sandbox: Sandbox, control: ControlClient, client: AsyncWebClient
) -> None:
    faults = [{"kind": "drop", "method": "chat.*"}, {"kind": "delay", "probability": 0.5}]
    set_up = await control.post("faults", seed=7, faults=faults)
    assert [fault["kind"] for fault in set_up["faults"]] == ["drop", "delay"]
    assert (await control.post("faults", clear=True))["faults"] == []
    assert (await control.post("faults", kind="explode"))["error"] == "invalid_arguments"
    assert (await control.post("limits", scale=0.5))["scale"] == 0.5

    before = sandbox.world.clock.now()
    await control.post("clock", advance=86_400)
    assert (sandbox.world.clock.now() - before).total_seconds() >= 86_400
    back = await control.post("clock", at=before.isoformat())
    assert back["error"] == "invalid_arguments"
    moved = await control.post("clock", at="2100-01-01T09:00:00+00:00")
    assert moved["now"].startswith("2100-01-01T09:00:00")
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    posted = await client.chat_postMessage(channel=ben.id, text="x")
    assert float(posted["ts"]) >= 4_102_477_200


async def test_both_directions_are_written_down(
    sandbox: Sandbox, bolt: AsyncApp, control: ControlClient
) -> None:
    await sandbox.command("ada", "/pulse", "new")
    calls = (await control.get("calls"))["calls"]
    assert [(c["direction"], c["method"]) for c in calls][-2:] == [
        ("from_app", "views.open"),
        ("to_app", "command:/pulse"),
    ]
    opened = calls[-2]
    assert {"time", "method", "arguments", "answer", "ms"} <= set(opened)
    assert "token" not in opened["arguments"]
    assert opened["answer"]["ok"] is True
    since = (await control.get("calls", since=str(calls[-2]["number"])))["calls"]
    assert [c["method"] for c in since] == ["command:/pulse"]
    only = (await control.get("calls", method="views.open"))["calls"]
    assert only == [opened]


@pytest.mark.parametrize(
    ("name", "body", "error"),
    [
        ("press", {"user": "nobody", "action_id": "x", "view_id": "V"}, "user_not_found"),
        ("press", {"user": "ben", "action_id": "x"}, "invalid_arguments"),
        ("press", {"user": "ben", "view_id": "V1", "action_id": "x"}, "view_not_found"),
        ("message", {"user": "goro", "channel": "people-ops", "text": "x"}, "channel_not_found"),
        ("message", {"user": "ben", "channel": "old-project", "text": "x"}, "is_archived"),
        ("message", {"user": "ben"}, "invalid_arguments"),
        ("message", {"user": "ben", "text": "x", "surplus": 1}, "invalid_arguments"),
        ("join", {"name": "ben"}, "already_there"),
        ("change_user", {"user": "ben", "shoe_size": 44}, "invalid_arguments"),
        ("disconnect", {"reason": "boredom"}, "invalid_arguments"),
        ("home", {"user": "ben", "tab": "about"}, "invalid_arguments"),
    ],
)
async def test_what_people_can_not_do(
    control: ControlClient, name: str, body: Json, error: str
) -> None:
    answer = await control.post(name, **body)
    assert answer["ok"] is False
    assert answer["error"] == error


async def test_unknown_command(sandbox: Sandbox, control: ControlClient) -> None:
    sandbox.app.commands = {"/pulse"}
    answer = await control.post("command", user="ben", command="/plus")
    assert answer["error"] == "unknown_command"
    assert answer["detail"] == "/plus is not a valid command."


async def test_a_body_that_is_not_json(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{sandbox.url}/control/home", data=b"{", headers={"Content-Type": "application/json"}
        ) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"] == "invalid_json"
