"""Installing over OAuth, with Slack's client and with Bolt's own flow."""

from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox

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
