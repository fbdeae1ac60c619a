"""files.*: the two-step upload.

Source: https://docs.slack.dev/messaging/working-with-files#upload
"""

from sandbox.api.errors import ApiError, invalid_arguments
from sandbox.api.registry import Call, method
from sandbox.ids import new_id, new_secret
from sandbox.limits import Tier
from sandbox.render import file_json
from sandbox.state import File, Json


@method("files.getUploadURLExternal", scope="files:write", tier=Tier.FOUR)
def get_upload_url(call: Call) -> Json:
    """Announce a file and get the address to send its content to."""
    length = call.number("length", 0)
    if length < 1:
        raise invalid_arguments("length must be more than 0")
    file = File(
        new_id("F"),
        call.needed("filename"),
        length,
        call.app.bot_user_id,
        call.world.epoch(),
        new_secret(),
        alt_text=call.text("alt_txt") or None,
    )
    call.world.files[file.id] = file
    url = f"{call.engine.base_url}/upload/v1/{file.upload_key}"
    return {"upload_url": url, "file_id": file.id}


@method("files.completeUploadExternal", scope="files:write", tier=Tier.FOUR)
def complete_upload(call: Call) -> Json:
    """Finish uploads and share them in conversations, if any are given."""
    entries = call.json("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise invalid_arguments("files must be a list of objects with an id")
    files = [uploaded(call, entry) for entry in entries]
    targets = call.names("channels") or call.names("channel_id")
    for target in targets:
        share(call, target, files)
    for file in files:
        file.completed = True
        file.channels.extend(targets)
    return {"files": [file_json(call.world, file, call.engine.base_url) for file in files]}


def uploaded(call: Call, entry: object) -> File:
    """Return the file of one entry, with its title. Raises ApiError."""
    if not isinstance(entry, dict):
        raise invalid_arguments("files must be a list of objects with an id")
    file = call.world.files.get(str(entry.get("id")))
    if file is None or file.content is None or file.completed:
        raise ApiError("file_not_found")
    file.title = entry.get("title") or file.name
    return file


def share(call: Call, channel_id: str, files: list[File]) -> None:
    """Post the files as a message. Raises ApiError if the bot is not in the conversation."""
    channel = call.world.channels.get(channel_id)
    if channel is None or call.app.bot_user_id not in channel.members:
        raise ApiError("channel_not_found" if channel is None else "not_in_channel")
    if channel.is_archived:
        raise ApiError("is_archived")
    shown = [file_json(call.world, file, call.engine.base_url) for file in files]
    text = call.text("initial_comment")
    call.world.post(channel, call.world.new_message(channel, text, files=shown))
