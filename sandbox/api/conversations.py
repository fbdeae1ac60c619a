"""conversations.* and users.conversations."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import SCOPE_OF_KIND, Call, any_channel, method, page
from sandbox.limits import Tier
from sandbox.render import channel_json, message_json
from sandbox.state import Channel, Json, Message

NEW_APPS_PAGE = 15


@method("conversations.open", scope="im:write|mpim:write", tier=Tier.THREE)
def conversations_open(call: Call) -> Json:
    """Open a DM or group DM."""
    bot = call.app.bot_user_id
    if call.text("channel"):
        channel, opened = call.channel(), False
        if not channel.is_direct:
            raise ApiError("channel_not_found")
    else:
        people = [name for name in call.names("users") if name != bot]
        if not people:
            raise ApiError("users_list_not_supplied")
        if len(people) > 8:
            raise ApiError("too_many_users")
        check_people(call, people)
        channel, opened = call.world.direct_channel([bot, *people])
    call.require_channel_scope(channel, "write")
    whole = call.flag("return_im")
    shown = channel_json(call.world, channel, bot) if whole else {"id": channel.id}
    return {"no_op": not opened, "already_open": not opened, "channel": shown}


def check_people(call: Call, people: list[str]) -> None:
    """Raise ApiError if one of these can't be written to."""
    for person in people:
        user = call.world.users.get(person)
        if user is None:
            raise ApiError("user_not_found")
        if user.deleted:
            raise ApiError("user_disabled")
        if user.is_bot:
            raise ApiError("cannot_dm_bot")


@method("conversations.info", scope=any_channel("read"), tier=Tier.THREE)
def conversations_info(call: Call) -> Json:
    """Describe one conversation."""
    channel = call.channel()
    call.require_channel_scope(channel, "read")
    shown = channel_json(call.world, channel, call.app.bot_user_id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    if channel.is_direct or call.app.bot_user_id in channel.members:
        shown["last_read"] = "0000000000.000000"
    return {"channel": shown}


@method("conversations.list", scope=any_channel("read"), tier=Tier.TWO)
def conversations_list(call: Call) -> Json:
    """List the conversations that the app can see."""
    return listed(call, only_own=False)


@method("users.conversations", scope=any_channel("read"), tier=Tier.THREE)
def users_conversations(call: Call) -> Json:
    """List the conversations that somebody, by default the bot, is in."""
    return listed(call, only_own=True)


def listed(call: Call, *, only_own: bool) -> Json:
    """List conversations by type, with pages."""
    bot = call.app.bot_user_id
    types = call.names("types") or ["public_channel"]
    for kind in types:
        if kind not in SCOPE_OF_KIND:
            raise ApiError("invalid_types")
        call.require_scope(f"{SCOPE_OF_KIND[kind]}:read")
    member = call.user().id if only_own and call.text("user") else bot
    channels = [
        channel
        for channel in call.world.channels.values()
        if channel.kind in types
        and not (call.flag("exclude_archived") and channel.is_archived)
        and (channel.kind == "public_channel" or bot in channel.members)
        and (not only_own or member in channel.members)
    ]
    cut = page(call, channels)
    return {
        "channels": [channel_json(call.world, channel, bot) for channel in cut["items"]],
        "response_metadata": {"next_cursor": cut["next_cursor"]},
    }


@method("conversations.history", scope=any_channel("history"), tier=Tier.THREE)
def conversations_history(call: Call) -> Json:
    """Read messages, newest first."""
    channel = readable(call)
    messages = [m for m in channel.messages.values() if not m.thread_ts or is_broadcast(m)]
    return read(call, within(call, messages)[::-1])


@method("conversations.replies", scope=any_channel("history"), tier=Tier.THREE)
def conversations_replies(call: Call) -> Json:
    """Read a thread, oldest first."""
    channel = readable(call)
    root = channel.messages.get(call.needed("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    replies = [channel.messages[ts] for ts in root.replies if ts in channel.messages]
    return read(call, [root, *within(call, replies)])


def is_broadcast(message: Message) -> bool:
    """Tell whether a reply is shown in the channel too."""
    return message.subtype == "thread_broadcast"


def readable(call: Call) -> Channel:
    """Return the conversation to read. Raises ApiError if the app is not in it."""
    channel = call.channel()
    call.require_channel_scope(channel, "history")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def within(call: Call, messages: list[Message]) -> list[Message]:
    """Return the messages between oldest and latest."""
    try:
        oldest = float(call.text("oldest") or 0)
        latest = float(call.text("latest") or "inf")
    except ValueError as error:
        raise ApiError("invalid_ts_oldest") from error
    if call.flag("inclusive"):
        return [m for m in messages if oldest <= float(m.ts) <= latest]
    return [m for m in messages if oldest < float(m.ts) < latest]


def read(call: Call, messages: list[Message]) -> Json:
    """Return one page of messages."""
    most = NEW_APPS_PAGE if call.app.restricted_history else 999
    if call.app.restricted_history:
        call.arguments["limit"] = min(call.number("limit", most), most)
    cut = page(call, messages, default=min(100, most), most=999)
    with_metadata = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [
            message_json(call.world, m, with_metadata=with_metadata) for m in cut["items"]
        ],
        "has_more": bool(cut["next_cursor"]),
        "pin_count": 0,
    }
    if cut["next_cursor"]:
        answer["response_metadata"] = {"next_cursor": cut["next_cursor"]}
    return answer


@method("conversations.members", scope=any_channel("read"), tier=Tier.FOUR)
def conversations_members(call: Call) -> Json:
    """List the ids of those in a conversation."""
    channel = call.channel()
    call.require_channel_scope(channel, "read")
    cut = page(call, list(channel.members))
    return {"members": cut["items"], "response_metadata": {"next_cursor": cut["next_cursor"]}}


@method("conversations.join", scope="channels:join", tier=Tier.THREE)
def conversations_join(call: Call) -> Json:
    """Let the bot join a public channel."""
    channel = call.channel()
    if channel.kind != "public_channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    joined = call.world.join_channel(channel, call.app.bot_user_id)
    answer: Json = {"channel": channel_json(call.world, channel, call.app.bot_user_id)}
    if not joined:
        call.warnings.append("already_in_channel")
    return answer
