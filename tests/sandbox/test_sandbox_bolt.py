"""Bolt runs unchanged against the sandbox, over HTTP and over Socket Mode."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.outcome import CannotError
from sandbox.server import Sandbox
from sandbox.state import Json
from tests.sandbox.apps import QUESTION, Heard, modal, options

BASE = {"type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"}
VIEW = {
    *("id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash"),
    *("title", "submit", "close", "clear_on_close", "notify_on_close", "previous_view_id"),
    *("root_view_id", "app_id", "external_id", "app_installed_team_id", "bot_id"),
}


async def ask(sandbox: Sandbox, client: AsyncWebClient, name: str = "ben") -> str:
    user = sandbox.world.find_user(name)
    assert user is not None
    posted = await client.chat_postMessage(channel=user.id, text="How is it?", blocks=QUESTION)
    return str(posted["ts"])


async def test_command_is_answered_to_the_person_alone(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard
) -> None:
    outcome = await sandbox.command("ada", "/pulse", "a < b & @ben", channel="people-ops")

    assert outcome.ok
    assert outcome.message is not None
    assert outcome.message["text"] == "Heard: a &lt; b &amp; @ben"
    assert outcome.message["is_ephemeral"]
    assert sandbox.messages("people-ops") == []
    assert len(sandbox.messages("people-ops", "ada")) == 1
    assert sandbox.messages("people-ops", "ben") == []
    (body,) = heard.bodies
    assert set(body) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name"),
        *("command", "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id"),
    }
    assert body["channel_name"] == "people-ops"


async def test_press_in_a_message(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard, client: AsyncWebClient
) -> None:
    ts = await ask(sandbox, client)

    outcome = await sandbox.press("ben", "answer_3", channel="dm", message_ts=ts)

    assert outcome.ok
    assert outcome.message is not None
    assert outcome.message["text"] == "Thank you"
    (body,) = heard.of_type("block_actions")
    assert set(body) == BASE | {
        *("trigger_id", "container", "channel", "message", "state", "response_url", "actions"),
    }
    assert set(body["user"]) == {"id", "username", "name", "team_id"}
    assert set(body["team"]) == {"id", "domain"}
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": body["channel"]["id"],
        "is_ephemeral": False,
    }
    assert body["channel"]["name"] == "directmessage"
    (action,) = body["actions"]
    assert set(action) == {"type", "action_id", "block_id", "action_ts", "value", "text"}
    assert action["value"] == "3"


async def test_pressing_what_is_no_longer_there(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard, client: AsyncWebClient
) -> None:
    ts = await ask(sandbox, client)
    await sandbox.press("ben", "answer_3", channel="dm", message_ts=ts)

    with pytest.raises(CannotError, match="no answer_3"):
        await sandbox.press("ben", "answer_3", channel="dm", message_ts=ts)
    again = await sandbox.press(
        *("ben", "answer_3"),
        channel="dm",
        message_ts=ts,
        force=True,
        action={"type": "button", "value": "3", "block_id": "answers"},
    )

    assert again.ok
    last = heard.of_type("block_actions")[-1]
    assert last["actions"][0]["value"] == "3"


async def test_modal_from_command_to_submission(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard
) -> None:
    opened = await sandbox.command("ada", "/pulse", "new")
    assert opened.view is not None
    assert set(opened.view) == VIEW

    done = await sandbox.submit("ada", opened.view["id"], {"name": "Autumn"})

    assert done.ok
    assert done.view is None
    (body,) = heard.of_type("view_submission")
    assert set(body) == BASE | {"trigger_id", "view", "response_urls"}
    assert set(body["view"]) == VIEW
    assert body["view"]["state"]["values"] == {
        "name": {"name": {"type": "plain_text_input", "value": "Autumn"}},
        "when": {"when": {"type": "datepicker", "selected_date": "2026-12-01"}},
    }
    assert body["view"]["private_metadata"] == "kept"


async def test_response_action_errors(sandbox: Sandbox, bolt: AsyncApp, heard: Heard) -> None:
    async def refuse(ack: Any, body: Json) -> None:
        await ack(response_action="errors", errors={"name": "That name is taken."})

    heard.answer = refuse
    opened = await sandbox.command("ada", "/pulse", "new")
    assert opened.view is not None

    refused = await sandbox.submit("ada", opened.view["id"], {"name": "Autumn"})

    assert refused.error == "rejected"
    assert refused.errors == {"name": "That name is taken."}
    assert refused.view is not None
    assert refused.view["id"] == opened.view["id"]


async def test_response_action_update_push_and_clear(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard
) -> None:
    async def lead(ack: Any, body: Json) -> None:
        step = body["view"]["private_metadata"]
        if step == "kept":
            await ack(response_action="update", view=modal(private_metadata="updated"))
        elif step == "updated":
            await ack(response_action="push", view=modal(private_metadata="pushed"))
        else:
            await ack(response_action="clear")

    heard.answer = lead
    opened = await sandbox.command("ada", "/pulse", "new")
    assert opened.view is not None
    updated = await sandbox.submit("ada", opened.view["id"], {"name": "Autumn"})
    assert updated.view is not None
    assert updated.view["id"] == opened.view["id"]
    assert updated.view["state"]["values"]["name"]["name"]["value"] == "Autumn"

    pushed = await sandbox.submit("ada", updated.view["id"])
    assert pushed.view is not None
    assert pushed.view["previous_view_id"] == opened.view["id"]
    assert pushed.view["root_view_id"] == opened.view["id"]
    assert pushed.view["state"]["values"]["name"]["name"]["value"] is None

    cleared = await sandbox.submit("ada", pushed.view["id"], {"name": "Winter"})
    assert cleared.ok
    assert sandbox.views("ada")["modals"] == []


async def test_closing_a_modal(sandbox: Sandbox, bolt: AsyncApp, heard: Heard) -> None:
    opened = await sandbox.command("ada", "/pulse", "new")
    assert opened.view is not None

    closed = await sandbox.close("ada", opened.view["id"])

    assert closed.ok
    (body,) = heard.of_type("view_closed")
    assert set(body) == BASE | {"view", "is_cleared"}
    assert body["is_cleared"] is False


async def test_home_tab(sandbox: Sandbox, bolt: AsyncApp, heard: Heard) -> None:
    home = await sandbox.home("ben")
    assert home.view is not None
    assert set(home.view) == VIEW
    assert home.view["title"] is None

    pressed = await sandbox.press("ben", "home_go", view_id=home.view["id"])

    assert pressed.view is not None
    assert pressed.view["type"] == "modal"
    (body,) = heard.of_type("block_actions")
    assert set(body) == BASE | {"trigger_id", "container", "view", "actions"}
    assert body["container"] == {"type": "view", "view_id": home.view["id"]}
    await sandbox.home("ben")
    assert "view" not in heard.of_type("app_home_opened")[0]["event"]
    assert heard.of_type("app_home_opened")[1]["event"]["view"]["id"] == home.view["id"]


async def test_event_envelope(sandbox: Sandbox, bolt: AsyncApp, heard: Heard) -> None:
    outcome = await sandbox.message("ben", "hello <!channel> & all")

    assert outcome.ok
    (body,) = heard.of_type("message")
    assert {
        *("token", "team_id", "api_app_id", "type", "event_id", "event_time", "event_context"),
        *("is_ext_shared_channel", "authorizations", "event"),
    } <= set(body)
    assert body["type"] == "event_callback"
    event = body["event"]
    assert event["text"] == "hello &lt;!channel&gt; &amp; all"
    assert event["channel_type"] == "im"
    assert event["event_ts"] == event["ts"]


async def test_directory_events(sandbox: Sandbox, bolt: AsyncApp, heard: Heard) -> None:
    await sandbox.join("jun", real_name="Jun Park", tz="Asia/Seoul")
    await sandbox.change_user("jun", tz="Europe/Berlin")
    await sandbox.deactivate("jun")

    (joined,) = heard.of_type("team_join")
    assert joined["event"]["user"]["tz"] == "Asia/Seoul"
    moved, gone = heard.of_type("user_change")
    assert moved["event"]["user"]["tz_offset"] in {3600, 7200}
    assert gone["event"]["user"]["deleted"] is True


async def test_answers_that_slack_could_not_show(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard
) -> None:
    wrong = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": modal(blocks=[])},
    ]

    async def answer(ack: Any, body: Json) -> None:
        await ack(**wrong[len(heard.of_type("view_submission")) - 1])

    heard.answer = answer
    opened = await sandbox.command("ada", "/pulse", "new")
    assert opened.view is not None
    for _ in wrong:
        refused = await sandbox.submit("ada", opened.view["id"], {"name": "Autumn"})
        assert refused.error == "bad_response"
        assert refused.shown == "We had some trouble connecting. Try again?"
        assert refused.note
    assert len(sandbox.views("ada")["modals"]) == 1


async def test_choosing_in_a_message(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard, client: AsyncWebClient
) -> None:
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    elements: list[Json] = [
        {"type": "static_select", "action_id": "colour", "options": options("Red", "Blue")},
        {"type": "overflow", "action_id": "more", "options": options("Skip", "Stop")},
    ]
    blocks = [{"type": "actions", "block_id": "b", "elements": elements}]
    posted = await client.chat_postMessage(channel=ben.id, text="Choose", blocks=blocks)
    where: Json = {"channel": "dm", "message_ts": posted["ts"]}

    await sandbox.press("ben", "colour", selected="blue", **where)
    await sandbox.press("ben", "more", selected="Skip", **where)
    with pytest.raises(CannotError, match="no option pink"):
        await sandbox.press("ben", "colour", selected="pink", **where)

    colour, more = (body["actions"][0] for body in heard.of_type("block_actions"))
    assert colour["selected_option"]["value"] == "blue"
    assert more["selected_option"]["value"] == "skip"
    state = heard.of_type("block_actions")[1]["state"]["values"]
    assert state["b"]["colour"]["selected_option"]["value"] == "blue"
    assert "more" not in state["b"]
