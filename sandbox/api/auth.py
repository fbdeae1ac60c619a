"""auth.test, apps.connections.open, and installing an app with oauth.v2.access.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

import urllib.parse

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.state import App, Json

CODE_LIFETIME_SECONDS = 600


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
    call.world.tell("app_uninstalled")
    call.app.installed = False
    return {"revoked": True}


@method("apps.connections.open", caller="app", tier=Tier.TWO)
def connections_open(call: Call) -> Json:
    """Give out the address of one Socket Mode connection."""
    if not call.app.socket_mode:
        raise ApiError("socket_mode_not_enabled")
    ticket = call.engine.sockets.ticket(call.app.id)
    query = urllib.parse.urlencode({"ticket": ticket, "app_id": call.app.id})
    base = call.engine.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?{query}"}


@method("oauth.v2.access", caller="none", tier=Tier.FOUR)
def oauth_v2_access(call: Call) -> Json:
    """Exchange a code for the bot's token."""
    client_id, secret = call.client or (call.text("client_id"), call.text("client_secret"))
    app = app_of_client(call, client_id, secret)
    code = call.needed("code", "invalid_code")
    grant = call.engine.oauth_codes.get(code)
    if grant is None:
        raise ApiError("invalid_code")
    if grant["used"]:
        raise ApiError("code_already_used")
    if call.world.clock.monotonic() - grant["issued"] > CODE_LIFETIME_SECONDS:
        raise ApiError("code_expired")
    if call.text("redirect_uri", grant["redirect_uri"]) != grant["redirect_uri"]:
        raise ApiError("bad_redirect_uri")
    grant["used"] = True
    app.installed = True
    app.scopes = set(grant["scopes"]) or app.scopes
    team = call.world.team
    return {
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.id,
        "team": {"name": team.name, "id": team.id},
        "enterprise": team.enterprise,
        "is_enterprise_install": False,
        "authed_user": {"id": grant["user_id"]},
    }


def app_of_client(call: Call, client_id: str, secret: str) -> App:
    """Return the app with these credentials. Raises ApiError."""
    app = call.world.app()
    if app.client_id != client_id:
        raise ApiError("invalid_client_id")
    if app.client_secret != secret:
        raise ApiError("bad_client_secret")
    return app
