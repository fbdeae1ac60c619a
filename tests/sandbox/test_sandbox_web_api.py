"""The Web API answers Slack's own client as Slack does, errors included."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.state import Json
from tests.sandbox.apps import QUESTION


def id_of(sandbox: Sandbox, name: str) -> str:
    user = sandbox.world.find_user(name)
    assert user is not None
    return user.id


def channel_id(sandbox: Sandbox, name: str) -> str:
    channel = sandbox.world.find_channel(name)
    assert channel is not None
    return channel.id


async def error_of(awaitable: Any) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await awaitable
    return dict(caught.value.response.data)


async def test_identity(sandbox: Sandbox, client: AsyncWebClient) -> None:
    who = await client.auth_test()
    assert who["team_id"] == "T0SMALL001"
    assert who["user_id"] == sandbox.app.bot_user_id
    assert "chat:write" in who.headers["x-oauth-scopes"]


async def test_tokens_and_scopes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    url = sandbox.api_url
    assert (await error_of(AsyncWebClient("", base_url=url).auth_test()))["error"] == "not_authed"
    unknown = AsyncWebClient("xoxb-unknown", base_url=url)
    assert (await error_of(unknown.auth_test()))["error"] == "invalid_auth"
    app_level = AsyncWebClient(sandbox.app.app_token, base_url=url)
    assert (await error_of(app_level.users_list()))["error"] == "not_allowed_token_type"
    sandbox.app.scopes = {"chat:write"}
    missing = await error_of(client.users_list())
    assert missing["error"] == "missing_scope"
    assert missing["needed"] == "users:read"
    assert missing["provided"] == "chat:write"
    assert (await error_of(client.api_call("chat.nothing")))["error"] == "unknown_method"


async def test_what_says_who_is_in_which_team(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ben = id_of(sandbox, "ben")
    sandbox.world.team.profile_fields = [{"id": "Xf1", "label": "Squad", "type": "text"}]
    sandbox.world.users[ben].profile = {"fields": {"Xf1": {"value": "Web", "alt": ""}}}
    plain, full = await client.usergroups_list(), await client.usergroups_list(include_users=True)
    assert "users" not in plain["usergroups"][0]
    assert full["usergroups"][0]["users"] == [ben, id_of(sandbox, "chiara")]
    defined = await client.team_profile_get()
    assert [each["label"] for each in defined["profile"]["fields"]] == ["Squad"]
    profile = await client.users_profile_get(user=ben)
    assert profile["profile"]["fields"]["Xf1"]["value"] == "Web"
    listed = {each["id"]: each for each in (await client.users_list())["members"]}
    assert listed[ben]["profile"]["fields"] is None
    unknown = await error_of(client.users_profile_get(user="U0GONE"))
    assert unknown["error"] == "user_not_found"
    sandbox.app.scopes.discard("users.profile:read")
    for refused in (client.team_profile_get(), client.users_profile_get(user=ben)):
        assert (await error_of(refused))["needed"] == "users.profile:read"


async def test_a_workspace_may_lack_a_method_or_refuse_a_block(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.app.lacks = {"files.getUploadURLExternal"}
    sandbox.app.refuses_blocks = {"data_visualization"}
    chart = {
        "type": "data_visualization",
        "title": "Workload",
        "chart": {"type": "pie", "segments": [{"label": "Good", "value": 3}]},
    }
    upload = client.files_upload_v2(content="x", filename="x.txt")
    assert (await error_of(upload))["error"] == "unknown_method"
    posting = client.chat_postMessage(channel=id_of(sandbox, "ben"), text="x", blocks=[chart])
    assert (await error_of(posting))["error"] == "invalid_blocks"
    sandbox.app.refuses_blocks = set()
    assert await client.chat_postMessage(channel=id_of(sandbox, "ben"), text="x", blocks=[chart])


async def test_people_of_every_kind(sandbox: Sandbox, client: AsyncWebClient) -> None:
    seen: list[Json] = []
    async for answer in await client.users_list(limit=4):
        assert len(answer["members"]) <= 4
        seen += answer["members"]
    by_name = {user["name"]: user for user in seen}

    assert len(seen) == len(by_name) == 15
    assert by_name["slackbot"]["id"] == "USLACKBOT"
    assert by_name["slackbot"]["is_bot"] is False
    assert by_name["weatherbot"]["is_bot"] is True
    assert by_name["guest.gil"]["is_ultra_restricted"] is True
    assert by_name["gone.greta"]["deleted"] is True
    assert by_name["outsider.olga"]["team_id"] == "T0OTHER001"
    assert by_name["outsider.olga"]["is_stranger"] is True
    assert "tz" not in by_name["ivo"]
    assert by_name["goro"]["tz_offset"] == 9 * 3600
    assert by_name["hana"]["profile"]["status_emoji"] == ":palm_tree:"


async def test_conversations(sandbox: Sandbox, client: AsyncWebClient) -> None:
    people_ops = channel_id(sandbox, "people-ops")
    sandbox.world.join_channel(sandbox.world.channels[people_ops], sandbox.app.bot_user_id)
    info = await client.conversations_info(channel=people_ops)
    assert info["channel"]["is_member"] is True
    members = await client.conversations_members(channel=people_ops, limit=2)
    assert len(members["members"]) == 2
    cursor = members["response_metadata"]["next_cursor"]
    rest = await client.conversations_members(channel=people_ops, limit=2, cursor=cursor)
    assert rest["members"] == [sandbox.app.bot_user_id]
    wrong = client.conversations_members(channel=people_ops, cursor="nonsense")
    assert (await error_of(wrong))["error"] == "invalid_cursor"


async def test_direct_messages(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ben = id_of(sandbox, "ben")
    opened = await client.conversations_open(users=[ben])
    assert opened["already_open"] is False
    posted = await client.chat_postMessage(channel=ben, text="hi")
    assert posted["channel"] == opened["channel"]["id"]
    info = await client.conversations_info(channel=posted["channel"])
    assert info["channel"]["user"] == ben
    gone = client.conversations_open(users=[id_of(sandbox, "gone.greta")])
    assert (await error_of(gone))["error"] == "user_disabled"
    bot = client.chat_postMessage(channel=id_of(sandbox, "weatherbot"), text="x")
    assert (await error_of(bot))["error"] == "cannot_dm_bot"


async def test_history_and_metadata(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ben = id_of(sandbox, "ben")
    metadata = {"event_type": "delivery", "event_payload": {"id": "17"}}
    first = await client.chat_postMessage(channel=ben, text="one", metadata=metadata)
    channel = first["channel"]
    for text in ("two", "three"):
        await client.chat_postMessage(channel=channel, text=text)

    history = await client.conversations_history(channel=channel, include_all_metadata=True)
    plain = await client.conversations_history(channel=channel, limit=2)

    assert [message["text"] for message in history["messages"]] == ["three", "two", "one"]
    assert history["messages"][-1]["metadata"] == metadata
    assert plain["has_more"] is True
    assert "metadata" not in plain["messages"][0]
    after = await client.conversations_history(channel=channel, oldest=first["ts"])
    assert len(after["messages"]) == 2


async def test_posting_where_one_may_not(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async def post(channel: str, **what: Any) -> str:
        arguments = {"channel": channel, **what}
        error = await error_of(client.api_call("chat.postMessage", json=arguments))
        return str(error["error"])

    sandbox.app.scopes -= {"chat:write.public"}
    assert await post(channel_id(sandbox, "people-ops"), text="x") == "not_in_channel"
    assert await post(channel_id(sandbox, "leadership"), text="x") == "channel_not_found"
    assert await post(channel_id(sandbox, "old-project"), text="x") == "is_archived"
    assert await post("C0NOWHERE", text="x") == "channel_not_found"
    ben = id_of(sandbox, "ben")
    assert await post(ben) == "no_text"
    assert await post(ben, text="x" * 40_001) == "msg_too_long"
    assert await post(ben, text="x", blocks="[{") == "invalid_blocks_format"
    assert await post(ben, text="x", metadata={"a": 1}) == "invalid_metadata_format"


async def test_invalid_blocks_say_where(sandbox: Sandbox, client: AsyncWebClient) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    error = await error_of(
        client.chat_postMessage(channel=id_of(sandbox, "ben"), text="x", blocks=blocks)
    )
    assert error["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text/text]" in error["errors"][0]
    assert error["response_metadata"]["messages"][0].startswith("[ERROR] ")


async def test_changing_a_message(sandbox: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(
        channel=id_of(sandbox, "ben"), text="How is it?", blocks=QUESTION
    )
    where: Json = {"channel": posted["channel"], "ts": posted["ts"]}
    updated = await client.chat_update(**where, text="Thanks")
    assert "blocks" not in updated["message"]
    assert updated["message"]["edited"]["user"] == sandbox.app.bot_user_id
    too_long = client.chat_update(**where, text="x" * 4001)
    assert (await error_of(too_long))["error"] == "msg_too_long"
    gone = client.chat_update(channel=where["channel"], ts="1.000000", text="x")
    assert (await error_of(gone))["error"] == "message_not_found"
    written = await sandbox.message("ben", "mine")
    assert written.message is not None
    others = client.chat_update(channel=where["channel"], ts=written.message["ts"], text="x")
    assert (await error_of(others))["error"] == "cant_update_message"


async def test_files_in_three_steps(sandbox: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=id_of(sandbox, "ben"), text="x")
    uploaded = await client.files_upload_v2(
        content="a,b\n1,2\n",
        filename="figures.csv",
        title="Figures",
        channel=posted["channel"],
        initial_comment="Here they are",
    )
    file = uploaded["file"]
    assert file["mimetype"] == "text/csv"
    shared = sandbox.messages(posted["channel"])[-1]
    assert shared["text"] == "Here they are"
    assert shared["files"][0]["id"] == file["id"]
    assert sandbox.world.files[file["id"]].content == b"a,b\n1,2\n"


async def test_revoking_uninstalls(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert (await client.auth_revoke())["revoked"] is True
    assert (await error_of(client.auth_test()))["error"] == "account_inactive"
