"""Modals and Home: triggers, stack, hashes, what survives an update."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.outcome import CannotError
from sandbox.server import Sandbox
from sandbox.state import Json
from tests.sandbox.apps import HOME, input_block, modal, typed_modal


def trigger(sandbox: Sandbox, name: str = "ben") -> str:
    user = sandbox.world.find_user(name)
    assert user is not None
    return sandbox.engine.triggers.issue(user.id)


async def error_of(awaitable: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await awaitable
    return str(caught.value.response["error"])


async def test_a_trigger_opens_once_within_three_seconds(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    used = trigger(sandbox)
    await client.views_open(trigger_id=used, view=modal())
    assert await error_of(client.views_open(trigger_id=used, view=modal())) == (
        "exchanged_trigger_id"
    )
    late = trigger(sandbox)
    sandbox.world.clock.advance(3.1)
    assert await error_of(client.views_open(trigger_id=late, view=modal())) == (
        "expired_trigger_id"
    )
    assert await error_of(client.views_open(trigger_id="1.2.3", view=modal())) == (
        "invalid_trigger_id"
    )


async def test_a_refused_view_says_where(sandbox: Sandbox, client: AsyncWebClient) -> None:
    wrong = modal(title={"type": "plain_text", "text": "x" * 25})
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=trigger(sandbox), view=wrong)
    answer = caught.value.response
    assert answer["error"] == "invalid_arguments"
    assert "[json-pointer:/view/title/text]" in answer["response_metadata"]["messages"][0]
    text = {"type": "mrkdwn", "text": "x" * 3000}
    large = typed_modal(*({"type": "section", "text": text} for _ in range(90)))
    assert await error_of(client.views_open(trigger_id=trigger(sandbox), view=large)) == (
        "view_too_large"
    )
    home_as_modal = client.views_open(trigger_id=trigger(sandbox), view=HOME)
    assert await error_of(home_as_modal) == "invalid_arguments"


async def test_the_stack_holds_three(sandbox: Sandbox, client: AsyncWebClient) -> None:
    root = (await client.views_open(trigger_id=trigger(sandbox), view=modal()))["view"]
    second = (await client.views_push(trigger_id=trigger(sandbox), view=modal()))["view"]
    third = (await client.views_push(trigger_id=trigger(sandbox), view=modal()))["view"]
    assert third["root_view_id"] == root["id"]
    assert third["previous_view_id"] == second["id"]
    one_more = client.views_push(trigger_id=trigger(sandbox), view=modal())
    assert await error_of(one_more) == "push_limit_reached"
    with pytest.raises(CannotError, match="another modal"):
        await sandbox.close("ben", second["id"])

    closed = await sandbox.close("ben", third["id"])

    assert closed.view is not None
    assert closed.view["id"] == second["id"]
    everything = await sandbox.close("ben", second["id"], everything=True)
    assert everything.view is None
    told = sandbox.engine.log.find("interaction:view_closed")
    assert [r.arguments["is_cleared"] for r in told] == [False, True, True]


async def test_an_old_hash_conflicts(sandbox: Sandbox, client: AsyncWebClient) -> None:
    view = (await client.views_open(trigger_id=trigger(sandbox), view=modal()))["view"]
    update: Json = {"view_id": view["id"], "hash": view["hash"], "view": modal()}
    updated = await client.views_update(**update)
    assert updated["view"]["hash"] != view["hash"]
    assert await error_of(client.views_update(**update)) == "hash_conflict"
    assert await error_of(client.views_update(view_id="V0", view=modal())) == "not_found"


async def test_values_survive_where_both_ids_stay(sandbox: Sandbox, client: AsyncWebClient) -> None:
    text: Json = {"type": "plain_text_input"}
    blocks = [input_block("same", text), input_block("moved", text)]
    opened = await client.views_open(trigger_id=trigger(sandbox), view=typed_modal(*blocks))
    view_id = opened["view"]["id"]
    for field in ("same", "moved"):
        filled = await sandbox.press("ben", field, view_id=view_id, value="typed")
        assert filled.reply is None

    moved = input_block("moved", text) | {"block_id": "elsewhere"}
    updated = await client.views_update(
        view_id=view_id, view=typed_modal(input_block("same", text), moved)
    )

    assert updated["view"]["state"]["values"] == {
        "same": {"same": {"type": "plain_text_input", "value": "typed"}},
        "elsewhere": {"moved": {"type": "plain_text_input", "value": None}},
    }


async def test_home_keeps_its_id_and_checks_its_hash(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    first = (await client.views_publish(user_id=ben.id, view=HOME))["view"]
    second = (await client.views_publish(user_id=ben.id, view=HOME, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    stale = client.views_publish(user_id=ben.id, view=HOME, hash=first["hash"])
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_publish(user_id="U0", view=HOME)) == "user_not_found"
    assert await error_of(client.views_publish(user_id=ben.id, view=modal())) == (
        "invalid_arguments"
    )


async def test_what_slacks_client_holds_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    opened = await client.views_open(trigger_id=trigger(sandbox), view=modal())
    view_id = opened["view"]["id"]
    empty = await sandbox.submit("ben", view_id)
    assert empty.error == "invalid_input"
    assert empty.errors == {"name": "Please complete this required field."}
    long = await sandbox.submit("ben", view_id, {"name": "x" * 21})
    assert long.shown == "Please enter at most 20 characters."
    with pytest.raises(CannotError, match="no field nothing"):
        await sandbox.submit("ben", view_id, {"nothing": "x"})
    with pytest.raises(CannotError, match="no view"):
        await sandbox.submit("ada", view_id, {"name": "x"})
    assert sandbox.engine.log.find("interaction:view_submission") == []
