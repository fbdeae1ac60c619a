"""People: users.list, usergroups.* and dnd.info."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method, page
from sandbox.limits import Tier
from sandbox.render import user_json, usergroup_json
from sandbox.state import Json


@method("users.list", scope="users:read", tier=Tier.TWO)
def users_list(call: Call) -> Json:
    """List everybody, with pages."""
    everybody = list(call.world.users.values())
    # Without a limit Slack tries to answer with the whole directory.
    cut = page(call, everybody, default=max(1, len(everybody)), most=max(1000, len(everybody)))
    with_email = "users:read.email" in call.app.scopes
    members = []
    for user in cut["items"]:
        locale = {"locale": user.locale} if call.flag("include_locale") else {}
        members.append(user_json(call.world, user, with_email=with_email) | locale)
    return {
        "members": members,
        "cache_ts": call.world.epoch(),
        "response_metadata": {"next_cursor": cut["next_cursor"]},
    }


@method("usergroups.list", scope="usergroups:read", tier=Tier.TWO)
def usergroups_list(call: Call) -> Json:
    """List the user groups."""
    groups = call.world.usergroups.values()
    return {"usergroups": [usergroup_json(call.world, g) for g in groups if not g.disabled]}


@method("usergroups.users.list", scope="usergroups:read", tier=Tier.TWO)
def usergroups_users_list(call: Call) -> Json:
    """List the people of a user group."""
    group = call.world.usergroups.get(call.needed("usergroup"))
    if group is None or group.disabled:
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


@method("dnd.info", scope="dnd:read", tier=Tier.THREE)
def dnd_info(call: Call) -> Json:
    """Tell when somebody does not want to be disturbed."""
    quiet = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    return quiet | {"snooze_enabled": False} | call.user().dnd
