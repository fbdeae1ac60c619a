"""users.*: the directory."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method, page
from sandbox.limits import Tier
from sandbox.render import profile_json, user_json
from sandbox.state import Json, User


def shown(call: Call, user: User) -> Json:
    """Return somebody as this app may see them."""
    return user_json(call.world, user, with_email="users:read.email" in call.app.scopes)


@method("users.info", scope="users:read", tier=Tier.FOUR)
def users_info(call: Call) -> Json:
    """Describe one person."""
    user = call.user()
    answer = {"user": shown(call, user)}
    if call.flag("include_locale"):
        answer["user"]["locale"] = user.locale
    return answer


@method("users.list", scope="users:read", tier=Tier.TWO)
def users_list(call: Call) -> Json:
    """List everybody, with pages."""
    everybody = list(call.world.users.values())
    # Without a limit Slack tries to answer with the whole directory.
    cut = page(call, everybody, default=max(1, len(everybody)), most=max(1000, len(everybody)))
    members = [shown(call, user) for user in cut["items"]]
    if call.flag("include_locale"):
        for member, user in zip(members, cut["items"], strict=True):
            member["locale"] = user.locale
    return {
        "members": members,
        "cache_ts": call.world.epoch(),
        "response_metadata": {"next_cursor": cut["next_cursor"]},
    }


@method("users.lookupByEmail", scope="users:read.email", tier=Tier.THREE)
def users_lookup_by_email(call: Call) -> Json:
    """Find somebody by e-mail."""
    email = call.needed("email").lower()
    for user in call.world.users.values():
        if user.email.lower() == email and not user.deleted and not user.is_bot:
            return {"user": shown(call, user)}
    raise ApiError("users_not_found")


@method("users.profile.get", scope="users.profile:read", tier=Tier.FOUR)
def users_profile_get(call: Call) -> Json:
    """Return somebody's profile."""
    user = call.user() if call.text("user") else call.world.users[call.app.bot_user_id]
    with_email = "users:read.email" in call.app.scopes
    return {"profile": profile_json(user, with_email=with_email)}
