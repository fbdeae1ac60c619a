"""Installing by OAuth, with Attune's own pages before and after Slack's.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from collections.abc import Sequence

from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.settings import Settings
from bot.slack import install_pages
from bot.slack.installations import Installations
from bot.slack.oauth_states import OAuthStates


class OAuthFlow(AsyncOAuthFlow):
    """Bolt's flow, with our page to begin on."""

    def __init__(
        self,
        client: AsyncWebClient,
        settings: Settings,
        installations: Installations,
        scopes: Sequence[str],
        clock: Clock,
    ) -> None:
        secret = settings.slack_client_secret
        client_secret = secret.get_secret_value() if secret else ""
        super().__init__(
            client=client,
            settings=AsyncOAuthSettings(
                client_id=settings.slack_client_id,
                client_secret=client_secret,
                scopes=list(scopes),
                user_scopes=[],
                authorization_url=f"{settings.slack_api_url.removesuffix('api/')}oauth/v2/authorize",
                installation_store=installations,
                state_store=OAuthStates(client_secret, clock),
                callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
            ),
        )

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Return the page that leads to Slack."""
        return install_pages.begin(url)


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    done = args.installation
    if done.is_enterprise_install:
        page = install_pages.installed_for_organisation(
            done.enterprise_name or "", done.enterprise_id or "", done.app_id or ""
        )
    else:
        page = install_pages.installed(done.team_name or "", done.team_id or "", done.app_id or "")
    return _page(args, 200, page)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    return _page(args, args.suggested_status_code, install_pages.failed(args.reason))


def _page(args: AsyncSuccessArgs | AsyncFailureArgs, status: int, html: str) -> BoltResponse:
    """Return a page that also ends the browser's part of the state."""
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": args.settings.state_utils.build_set_cookie_for_deletion(),
    }
    return BoltResponse(status=status, body=html, headers=headers)
