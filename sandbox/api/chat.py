"""chat.postMessage and chat.update."""

from sandbox.api.errors import ApiError, RateLimitedError
from sandbox.api.registry import Call, method
from sandbox.api.validation import checked_blocks
from sandbox.limits import PER_CHANNEL, Tier
from sandbox.render import message_json
from sandbox.state import Channel, Json, Message

MAX_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000


@method("chat.postMessage", scope="chat:write", tier=Tier.POSTING)
def post_message(call: Call) -> Json:
    """Post a message; a user id as channel opens the DM."""
    channel = destination(call)
    wait = call.engine.limiter.retry_after(PER_CHANNEL, "posting", channel.id)
    if wait:
        raise RateLimitedError(wait)
    text = call.text("text")
    blocks = checked_blocks(call.app, call.arguments.get("blocks"))
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > MAX_TEXT:
        raise ApiError("msg_too_long")
    metadata = checked_metadata(call)
    message = call.world.new_message(channel, text, blocks, metadata=metadata)
    call.world.post(channel, message)
    shown = message_json(call.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


@method("chat.update", scope="chat:write", tier=Tier.THREE)
def update(call: Call) -> Json:
    """Change one of the app's own messages."""
    channel = call.channel()
    message = own_message(call, channel)
    given = call.arguments
    if not given.get("text") and not given.get("blocks"):
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
    if "metadata" in given:
        fields["metadata"] = checked_metadata(call)
    call.world.update_message(channel, message, **fields)
    shown = message_json(call.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def destination(call: Call) -> Channel:
    """Return the conversation to post to. Raises ApiError if the app may not."""
    target = call.needed("channel", "channel_not_found")
    if target in call.world.users:
        return direct_message(call, target)
    channel = call.world.find_channel(target)
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


def own_message(call: Call, channel: Channel) -> Message:
    """Return the message that a call names, if it is the app's own. Raises ApiError."""
    message = channel.messages.get(call.needed("ts", "message_not_found"))
    if message is None:
        raise ApiError("message_not_found")
    if message.app_id != call.app.id:
        raise ApiError("cant_update_message")
    if channel.is_archived:
        raise ApiError("is_archived")
    return message
