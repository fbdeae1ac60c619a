"""dnd.*: who does not want to be disturbed."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.state import Json, User

MAX_USERS = 50


def dnd_json(user: User) -> Json:
    """Return somebody's times of quiet."""
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1} | {
        name: value for name, value in user.dnd.items() if not name.startswith("snooze")
    }


@method("dnd.info", scope="dnd:read", tier=Tier.THREE)
def dnd_info(call: Call) -> Json:
    """Tell one person's times of quiet."""
    user = call.user() if call.text("user") else call.world.users[call.app.bot_user_id]
    snooze = {name: value for name, value in user.dnd.items() if name.startswith("snooze")}
    return dnd_json(user) | {"snooze_enabled": False} | snooze


@method("dnd.teamInfo", scope="dnd:read", tier=Tier.TWO)
def dnd_team_info(call: Call) -> Json:
    """Tell the times of quiet of up to fifty people."""
    users = call.names("users")
    if not users:
        raise ApiError("missing_required_argument")
    if len(users) > MAX_USERS:
        raise ApiError("too_many_users")
    known = [call.world.users[user] for user in users if user in call.world.users]
    return {"users": {user.id: dnd_json(user) for user in known}, "cached": False}
