"""auth.test, apps.connections.open, and installing an app with oauth.v2.access.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

import urllib.parse

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method, page
from sandbox.ids import new_secret
from sandbox.limits import Tier
from sandbox.state import App, Json

CODE_LIFETIME_SECONDS = 600


TOKEN_LIFETIME_SECONDS = 12 * 60 * 60


@method("auth.test", tier=Tier.UNLIMITED, for_organisation=True)
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
        "is_enterprise_install": app.is_org_wide,
    }


@method("auth.teams.list", tier=Tier.TWO, for_organisation=True)
def auth_teams_list(call: Call) -> Json:
    """List the workspaces that granted access to the organisation's installation."""
    organisation = call.engine.neighbours.of_organisation(call.world.team.enterprise_id)
    teams = [each.world.team for each in organisation if each.world.app().installed]
    cut = page(call, [{"id": team.id, "name": team.name} for team in teams])
    return {"teams": cut["items"], "response_metadata": {"next_cursor": cut["next_cursor"]}}


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
    if call.text("grant_type") == "refresh_token":
        refresh_token = call.text("refresh_token")
        if not app.refresh_tokens.get(refresh_token):
            raise ApiError("invalid_refresh_token")
        app.refresh_tokens[refresh_token] = False
        return granted(call, app, rotate(call))
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
    app.scopes = set(grant["scopes"]) or app.scopes
    if grant["for_organisation"]:
        install_for_organisation(call)
    else:
        app.installed, app.is_org_wide = True, False
    rotated = rotate(call) if app.rotates_tokens else {}
    return granted(call, app, rotated) | {"authed_user": {"id": grant["user_id"]}}


def install_for_organisation(call: Call) -> None:
    """Give the organisation's workspaces one token; no workspace has granted access yet."""
    token = new_secret()
    for each in call.engine.neighbours.of_organisation(call.world.team.enterprise_id):
        app = each.world.app()
        app.is_org_wide, app.installed = True, False
        app.bot_token = f"xoxb-{token}"


def rotate(call: Call) -> Json:
    """Make a new token and a refresh token; the token before serves on until it expires."""
    token, refresh_token = f"xoxe.xoxb-1-{new_secret()}", f"xoxe-1-{new_secret()}"
    app, team = call.world.app(), call.world.team
    sharing = call.engine.neighbours.of_organisation(team.enterprise_id)
    for each in sharing if app.is_org_wide else [call.engine]:
        of_each = each.world.app()
        of_each.bot_token = token
        of_each.token_ends[token] = call.world.clock.monotonic() + TOKEN_LIFETIME_SECONDS
    app.refresh_tokens[refresh_token] = True
    return {"refresh_token": refresh_token, "expires_in": TOKEN_LIFETIME_SECONDS}


def granted(call: Call, app: App, rotated: Json) -> Json:
    """Return the answer with a token."""
    team = call.world.team
    return {
        **rotated,
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.id,
        "team": None if app.is_org_wide else {"name": team.name, "id": team.id},
        "enterprise": team.enterprise,
        "is_enterprise_install": app.is_org_wide,
    }


def app_of_client(call: Call, client_id: str, secret: str) -> App:
    """Return the app with these credentials. Raises ApiError."""
    app = call.world.app()
    if app.client_id != client_id:
        raise ApiError("invalid_client_id")
    if app.client_secret != secret:
        raise ApiError("bad_client_secret")
    return app
