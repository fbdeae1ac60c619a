"""reactions.*."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.state import Json


@method("reactions.add", scope="reactions:write", tier=Tier.THREE)
def reactions_add(call: Call) -> Json:
    """React to a message."""
    name = call.needed("name", "invalid_name").strip(":")
    channel = call.channel()
    message = channel.messages.get(call.needed("timestamp", "no_item_specified"))
    if message is None:
        raise ApiError("message_not_found")
    users = message.reactions.setdefault(name, [])
    if call.app.bot_user_id in users:
        raise ApiError("already_reacted")
    users.append(call.app.bot_user_id)
    call.world.tell(
        "reaction_added",
        user_id=call.app.bot_user_id,
        channel=channel,
        message=message,
        detail=name,
    )
    return {}
