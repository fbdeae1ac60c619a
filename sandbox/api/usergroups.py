"""usergroups.*."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.render import usergroup_json
from sandbox.state import Json


@method("usergroups.list", scope="usergroups:read", tier=Tier.TWO)
def usergroups_list(call: Call) -> Json:
    """List the user groups."""
    with_users = call.flag("include_users")
    return {
        "usergroups": [
            usergroup_json(call.world, group, with_users=with_users)
            for group in call.world.usergroups.values()
            if call.flag("include_disabled") or not group.disabled
        ]
    }


@method("usergroups.users.list", scope="usergroups:read", tier=Tier.TWO)
def usergroups_users_list(call: Call) -> Json:
    """List the people of a user group."""
    group = call.world.usergroups.get(call.needed("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}
