"""chat.*: posting, changing and deleting messages."""

from sandbox.api.errors import ApiError, RateLimitedError
from sandbox.api.registry import Call, method
from sandbox.api.validation import checked_attachments, checked_blocks
from sandbox.limits import PER_CHANNEL, Tier
from sandbox.render import message_json
from sandbox.state import Channel, Json, Message

MAX_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000


@method("chat.postMessage", scope="chat:write", tier=Tier.POSTING)
def post_message(call: Call) -> Json:
    """Post a message; a user id as channel opens the DM by itself."""
    channel = destination(call)
    wait = call.engine.limiter.retry_after(PER_CHANNEL, call.app.id, "posting", channel.id)
    if wait:
        raise RateLimitedError(wait)
    message = composed(call, channel)
    if thread_ts := call.text("thread_ts"):
        if thread_ts not in channel.messages:
            raise ApiError("thread_not_found")
        message.thread_ts = channel.messages[thread_ts].thread_ts or thread_ts
        if call.flag("reply_broadcast"):
            message.subtype = "thread_broadcast"
    call.world.post(channel, message)
    shown = message_json(call.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


@method("chat.postEphemeral", scope="chat:write", tier=Tier.FOUR)
def post_ephemeral(call: Call) -> Json:
    """Post a message that one person of the conversation sees."""
    channel = destination(call)
    user = call.user(error="user_not_in_channel")
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    message = composed(call, channel)
    message.visible_to = user.id
    message.metadata = None
    call.world.post(channel, message)
    return {"message_ts": message.ts}


@method("chat.update", scope="chat:write", tier=Tier.THREE)
def update(call: Call) -> Json:
    """Change one of the app's own messages."""
    channel = call.channel()
    message = own_message(call, channel, "cant_update_message")
    given = call.arguments
    if not any(given.get(name) for name in ("text", "blocks", "attachments")):
        raise ApiError("no_text")
    text = call.text("text", message.text)
    if len(text) > MAX_UPDATE_TEXT:
        raise ApiError("msg_too_long")
    fields: Json = {"text": text}
    if "blocks" in given:
        fields["blocks"] = checked_blocks(call.app, given["blocks"])
    elif "text" in given:
        # Slack drops the blocks of a message that gets a new text alone, and marks it as edited.
        fields["blocks"] = []
        fields["edited"] = {"user": call.app.bot_user_id, "ts": call.world.stamps.next()}
    if "attachments" in given:
        fields["attachments"] = checked_attachments(call)
    if "metadata" in given:
        fields["metadata"] = checked_metadata(call)
    call.world.update_message(channel, message, **fields)
    shown = message_json(call.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", scope="chat:write", tier=Tier.THREE)
def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = own_message(call, channel, "cant_delete_message")
    call.world.delete_message(channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", tier=Tier.UNLIMITED)
def get_permalink(call: Call) -> Json:
    """Return the address of a message."""
    channel = call.channel()
    ts = call.needed("message_ts")
    if ts not in channel.messages:
        raise ApiError("message_not_found")
    link = f"https://{call.world.team.domain}.slack.com/archives/{channel.id}"
    return {"channel": channel.id, "permalink": f"{link}/p{ts.replace('.', '')}"}


def destination(call: Call) -> Channel:
    """Return the conversation to post to. Raises ApiError if the app may not."""
    target = call.needed("channel", "channel_not_found")
    if target in call.world.users:
        return direct_message(call, target)
    channel = call.world.channels.get(target) or call.world.find_channel(target)
    is_member = channel is not None and call.app.bot_user_id in channel.members
    if channel is None or (channel.kind != "public_channel" and not is_member):
        raise ApiError("channel_not_found")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not is_member and "chat:write.public" not in call.app.scopes:
        raise ApiError("not_in_channel")
    return channel


def direct_message(call: Call, user_id: str) -> Channel:
    """Open the DM with somebody. Raises ApiError where nobody would read it."""
    user = call.world.users[user_id]
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("channel_not_found")
    channel, _ = call.world.direct_channel([call.app.bot_user_id, user_id])
    return channel


def composed(call: Call, channel: Channel) -> Message:
    """Make the message of a call. Raises ApiError."""
    text = call.text("text")
    blocks = checked_blocks(call.app, call.arguments.get("blocks"))
    attachments = checked_attachments(call)
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    if len(text) > MAX_TEXT:
        raise ApiError("msg_too_long")
    if not text and blocks:
        call.warnings.append("missing_text_in_message")
    app = call.app
    message = Message(
        call.world.stamps.next(),
        channel.id,
        app.bot_user_id,
        text,
        blocks,
        attachments,
        checked_metadata(call),
        app.bot_id,
        app.id,
    )
    if "chat:write.customize" in app.scopes and call.text("username"):
        message.subtype, message.username = "bot_message", call.text("username")
    return message


def checked_metadata(call: Call) -> Json | None:
    """Return the metadata of a message. Raises ApiError unless it has a type and a payload."""
    metadata = call.json("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not metadata.get("event_type"):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def own_message(call: Call, channel: Channel, forbidden: str) -> Message:
    """Return the message that a call names, if it is the app's own. Raises ApiError."""
    message = channel.messages.get(call.needed("ts", "message_not_found"))
    if message is None:
        raise ApiError("message_not_found")
    if message.app_id != call.app.id:
        raise ApiError(forbidden)
    if channel.is_archived:
        raise ApiError("is_archived")
    return message
