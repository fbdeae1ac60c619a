"""auth.*, api.test, bots.info and apps.connections.open."""

import urllib.parse

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.state import Json


@method("api.test", caller="none", tier=Tier.UNLIMITED)
def api_test(call: Call) -> Json:
    """Answer with the arguments, or with the error asked for."""
    if error := call.text("error"):
        raise ApiError(error, args=call.arguments)
    return {"args": call.arguments}


@method("auth.test", tier=Tier.UNLIMITED)
def auth_test(call: Call) -> Json:
    """Tell whose token it is."""
    app, team = call.app, call.world.team
    organisation = {"enterprise_id": team.enterprise_id} if team.enterprise_id else {}
    return {
        **organisation,
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.world.users[app.bot_user_id].name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", tier=Tier.THREE)
def auth_revoke(call: Call) -> Json:
    """Take the token back; the app is then no longer installed."""
    if call.flag("test"):
        return {"revoked": False}
    app = call.app
    call.world.tell("app_uninstalled", app=app)
    app.installed = False
    return {"revoked": True}


@method("bots.info", scope="users:read", tier=Tier.THREE)
def bots_info(call: Call) -> Json:
    """Describe a bot, by default the caller's."""
    wanted = call.text("bot", call.app.bot_id)
    bot = next((u for u in call.world.users.values() if u.bot_id == wanted), None)
    if bot is None:
        raise ApiError("bot_not_found")
    return {
        "bot": {
            "id": bot.bot_id,
            "deleted": bot.deleted,
            "name": bot.real_name,
            "updated": bot.updated,
            "app_id": bot.app_id or "",
            "user_id": bot.id,
            "icons": {"image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png"},
        }
    }


@method("apps.connections.open", caller="app", tier=Tier.TWO)
def connections_open(call: Call) -> Json:
    """Give out the address of one Socket Mode connection."""
    if not call.app.socket_mode:
        raise ApiError("socket_mode_not_enabled")
    ticket = call.engine.sockets.ticket(call.app.id)
    query = urllib.parse.urlencode({"ticket": ticket, "app_id": call.app.id})
    base = call.engine.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?{query}"}
