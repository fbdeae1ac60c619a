"""People: users.list, profiles, usergroups.* and dnd.info."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method, page
from sandbox.limits import Tier
from sandbox.render import profile_json, user_json, usergroup_json
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
        shown = user_json(call.world, user, with_email=with_email) | locale
        # Slack tells custom fields to users.profile.get only.
        shown["profile"]["fields"] = None
        members.append(shown)
    return {
        "members": members,
        "cache_ts": call.world.epoch(),
        "response_metadata": {"next_cursor": cut["next_cursor"]},
    }


@method("team.profile.get", scope="users.profile:read", tier=Tier.THREE)
def team_profile_get(call: Call) -> Json:
    """List the custom fields of profiles."""
    defaults = {"hint": "", "possible_values": None, "options": None, "is_hidden": False}
    fields = [
        {"ordering": number, **defaults, **field}
        for number, field in enumerate(call.world.team.profile_fields)
    ]
    return {"profile": {"fields": fields, "sections": []}}


@method("users.profile.get", scope="users.profile:read", tier=Tier.FOUR)
def users_profile_get(call: Call) -> Json:
    """Tell somebody's profile, with the values of custom fields by id."""
    with_email = "users:read.email" in call.app.scopes
    return {"profile": profile_json(call.user(), with_email=with_email)}


@method("usergroups.list", scope="usergroups:read", tier=Tier.TWO)
def usergroups_list(call: Call) -> Json:
    """List the user groups, with their people if asked."""
    shown = [
        usergroup_json(call.world, group)
        | ({"users": list(group.users)} if call.flag("include_users") else {})
        for group in call.world.usergroups.values()
        if not group.disabled or call.flag("include_disabled")
    ]
    return {"usergroups": shown}


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
