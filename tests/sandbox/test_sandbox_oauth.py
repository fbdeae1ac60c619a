"""Installing over OAuth, with Slack's client and with Bolt's own flow."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.server import Sandbox
from tests.sandbox.apps import serving

# slack_sdk gives aiohttp the client's credentials in a way that aiohttp is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:(BasicAuth|The 'auth' parameter) is deprecated")

BACK = "http://127.0.0.1:1/back"


async def code_for(sandbox: Sandbox, **more: str) -> dict[str, list[str]]:
    """Let the owner allow the installation; returns the query of the redirection."""
    query = {"client_id": sandbox.app.client_id, "redirect_uri": BACK, "state": "s", **more}
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{sandbox.url}/oauth/v2/authorize", params=query, allow_redirects=False
        ) as response,
    ):
        assert response.status == 302
        return parse_qs(urlsplit(response.headers["Location"]).query)


async def test_code_for_token(sandbox: Sandbox) -> None:
    back = await code_for(sandbox, scope="chat:write,commands")
    assert back["state"] == ["s"]
    nobody = AsyncWebClient(base_url=sandbox.api_url)
    credentials = {
        "client_id": sandbox.app.client_id,
        "client_secret": sandbox.app.client_secret,
        "redirect_uri": BACK,
    }
    granted = await nobody.oauth_v2_access(code=back["code"][0], **credentials)
    ada = sandbox.world.find_user("ada")
    assert ada is not None
    assert granted["access_token"] == sandbox.app.bot_token
    assert granted["authed_user"]["id"] == ada.id
    assert granted["scope"] == "chat:write,commands"
    with pytest.raises(SlackApiError, match="code_already_used"):
        await nobody.oauth_v2_access(code=back["code"][0], **credentials)
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await nobody.oauth_v2_access(code="x", **credentials | {"client_secret": "x"})
    with pytest.raises(SlackApiError, match="invalid_code"):
        await nobody.oauth_v2_access(code="x", **credentials)


async def test_denied(sandbox: Sandbox) -> None:
    assert (await code_for(sandbox, deny="1"))["error"] == ["access_denied"]


async def test_bolts_own_flow(sandbox: Sandbox, tmp_path: Path) -> None:
    installations = FileInstallationStore(base_dir=str(tmp_path), client_id=sandbox.app.client_id)
    states = FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path))
    settings = AsyncOAuthSettings(
        client_id=sandbox.app.client_id,
        client_secret=sandbox.app.client_secret,
        scopes=["chat:write", "commands"],
        installation_store=installations,
        state_store=states,
        authorization_url=f"{sandbox.url}/oauth/v2/authorize",
    )
    app = AsyncApp(
        client=AsyncWebClient(base_url=sandbox.api_url),
        signing_secret=sandbox.app.signing_secret,
        oauth_settings=settings,
        process_before_response=True,
    )
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    @app.command("/pulse")
    async def pulse(ack: object, client: AsyncWebClient) -> None:
        await ack(text=client.token or "")  # type: ignore[operator] # Bolt gives a callable

    paths = ("/slack/install", "/slack/oauth_redirect", "/slack/events")
    routes = [Route(path, endpoint, methods=["GET", "POST"]) for path in paths]
    async with serving(Starlette(routes=routes)) as url, aiohttp.ClientSession() as session:
        sandbox.app.redirect_urls = [f"{url}/slack/oauth_redirect"]
        async with session.get(f"{url}/slack/install") as page:
            html, cookie = await page.text(), page.headers["Set-Cookie"].partition(";")[0]
        start = html.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&")
        async with session.get(start, allow_redirects=False) as allowed:
            back = allowed.headers["Location"]
        async with session.get(back, headers={"Cookie": cookie}) as done:
            assert done.status == 200
            assert "Thank you" in await done.text()
        sandbox.connect(f"{url}/slack/events")
        outcome = await sandbox.command("ben", "/pulse")
    assert outcome.message is not None
    assert outcome.message["text"] == sandbox.app.bot_token
