"""Messages that an app gives as an answer: to a command, or through a response URL."""

from sandbox.api.errors import ApiError
from sandbox.api.validation import checked_blocks
from sandbox.state import App, Channel, Json, Message
from sandbox.world import World


class AnswerRefused(Exception):  # noqa: N818 - reads as what happened; the text is Slack's code
    """The answer can't be shown; the text is Slack's error code."""


def content_of(app: App, body: Json) -> Json:
    """Return text, blocks and attachments of an answer. Raises AnswerRefused."""
    try:
        blocks = checked_blocks(app, body.get("blocks"))
    except ApiError as error:
        raise AnswerRefused(error.error) from error
    content = {
        "text": str(body.get("text") or ""),
        "blocks": blocks,
        "attachments": body.get("attachments") or [],
    }
    if not any(content.values()):
        raise AnswerRefused("no_text")
    return content


def post_answer(world: World, app: App, user_id: str, channel: Channel, body: Json) -> Message:
    """Post an answer: ephemeral, unless its response_type is in_channel. Raises AnswerRefused."""
    content = content_of(app, body)
    message = Message(
        world.stamps.next(),
        channel.id,
        app.bot_user_id,
        bot_id=app.bot_id,
        app_id=app.id,
        thread_ts=body.get("thread_ts"),
        visible_to=None if body.get("response_type") == "in_channel" else user_id,
        **content,
    )
    return world.post(channel, message)


def replace_original(world: World, app: App, channel: Channel, ts: str, body: Json) -> None:
    """Put an answer in the place of the message that was pressed. Raises AnswerRefused."""
    content = content_of(app, body)
    message = world.message(channel, ts)
    if message is None:
        raise AnswerRefused("message_not_found")
    edited = None if message.is_ephemeral else {"user": app.bot_user_id, "ts": world.stamps.next()}
    world.update_message(channel, message, edited=edited, **content)


def answer_by_url(
    world: World, app: App, user_id: str, channel: Channel, ts: str | None, body: Json
) -> Message | None:
    """Do what a request to a response URL asks for; return a message that it posted.

    Raises AnswerRefused.
    """
    if ts is not None and is_true(body.get("delete_original")):
        message = world.message(channel, ts)
        if message is None:
            raise AnswerRefused("message_not_found")
        world.delete_message(channel, message)
    elif ts is not None and is_true(body.get("replace_original")):
        replace_original(world, app, channel, ts, body)
    else:
        return post_answer(world, app, user_id, channel, body)
    return None


def is_true(value: object) -> bool:
    """Tell whether a field that may be text or boolean is true."""
    return str(value).lower() in {"true", "1"}
