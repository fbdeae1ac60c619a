"""conversations.open, info, history and members."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, any_channel, method, page
from sandbox.limits import Tier
from sandbox.render import channel_json, message_json
from sandbox.state import Channel, Json, Message


@method("conversations.open", scope="im:write|mpim:write", tier=Tier.THREE)
def conversations_open(call: Call) -> Json:
    """Open a DM or group DM."""
    bot = call.app.bot_user_id
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


@method("conversations.history", scope=any_channel("history"), tier=Tier.THREE)
def conversations_history(call: Call) -> Json:
    """Read messages, newest first."""
    channel = readable(call)
    return read(call, within(call, list(channel.messages.values()))[::-1])


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
    cut = page(call, messages, most=999)
    with_metadata = call.flag("include_all_metadata")
    shown = [message_json(call.world, m, with_metadata=with_metadata) for m in cut["items"]]
    more = bool(cut["next_cursor"])
    answer: Json = {"messages": shown, "has_more": more, "pin_count": 0}
    if more:
        answer["response_metadata"] = {"next_cursor": cut["next_cursor"]}
    return answer


@method("conversations.members", scope=any_channel("read"), tier=Tier.FOUR)
def conversations_members(call: Call) -> Json:
    """List the ids of those in a conversation."""
    channel = call.channel()
    call.require_channel_scope(channel, "read")
    cut = page(call, list(channel.members))
    return {"members": cut["items"], "response_metadata": {"next_cursor": cut["next_cursor"]}}
