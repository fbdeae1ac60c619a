"""oauth.*: installing an app.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.state import App, Json

CODE_LIFETIME_SECONDS = 600


@method("oauth.v2.access", caller="none", tier=Tier.FOUR)
def oauth_v2_access(call: Call) -> Json:
    """Exchange a code for the bot's token."""
    client_id, secret = call.client or (call.text("client_id"), call.text("client_secret"))
    app = app_of_client(call, client_id, secret)
    code = call.needed("code", "invalid_code")
    grant = call.engine.oauth_codes.get(code)
    if grant is None or grant["app_id"] != app.id:
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
    for app in call.world.apps.values():
        if app.client_id == client_id:
            if app.client_secret != secret:
                raise ApiError("bad_client_secret")
            return app
    raise ApiError("invalid_client_id")
