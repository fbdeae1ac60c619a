"""Messages that an app gives as an answer: to a command, or through a response URL."""

from sandbox.api.errors import ApiError
from sandbox.api.validation import checked_blocks
from sandbox.state import Channel, Json, Message
from sandbox.world import World


class AnswerRefused(Exception):  # noqa: N818 - reads as what happened; the text is Slack's code
    """The answer can't be shown; the text is Slack's error code."""


def content_of(world: World, body: Json) -> Json:
    """Return text and blocks of an answer. Raises AnswerRefused."""
    try:
        blocks = checked_blocks(world.app(), body.get("blocks"))
    except ApiError as error:
        raise AnswerRefused(error.error) from error
    text = str(body.get("text") or "")
    if not text and not blocks:
        raise AnswerRefused("no_text")
    return {"text": text, "blocks": blocks}


def post_answer(world: World, user_id: str, channel: Channel, body: Json) -> Message:
    """Post an answer: ephemeral, unless its response_type is in_channel. Raises AnswerRefused."""
    reader = None if body.get("response_type") == "in_channel" else user_id
    message = world.new_message(channel, **content_of(world, body), visible_to=reader)
    return world.post(channel, message)


def answer_by_url(
    world: World, user_id: str, channel: Channel, ts: str | None, body: Json
) -> Message | None:
    """Do what a request to a response URL asks for; return a message that it posted.

    Raises AnswerRefused.
    """
    deletes, replaces = is_true(body.get("delete_original")), is_true(body.get("replace_original"))
    if ts is None or not (deletes or replaces):
        return post_answer(world, user_id, channel, body)
    message = world.message(channel, ts)
    if message is None:
        raise AnswerRefused("message_not_found")
    if deletes:
        world.delete_message(channel, message)
        return None
    content = content_of(world, body)
    edit = {"user": message.user, "ts": world.stamps.next()}
    edited = None if message.is_ephemeral else edit
    world.update_message(channel, message, edited=edited, **content)
    return None


def is_true(value: object) -> bool:
    """Return True if a field that may be text or boolean is true."""
    return str(value).lower() in {"true", "1"}
