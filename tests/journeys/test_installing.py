"""A workspace installs Attune by OAuth: in the browser that began it, and no row before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.app import create_app
from bot.runtime import Runtime, open_runtime
from bot.server import create_server
from bot.settings import load_settings
from models import Workspace
from models.database import Base
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import load_workspace
from tests.journeys.stage import serving

# slack_sdk gives aiohttp the client's credentials in a way that aiohttp is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:(BasicAuth|The 'auth' parameter) is deprecated")


@asynccontextmanager
async def installable(database_url: str) -> AsyncIterator[tuple[Runtime, str]]:
    """Serve an Attune that any workspace can install; yield its Runtime and its address."""
    async with Sandbox(load_workspace(), Options(rate_limits=None)) as sandbox:
        settings = load_settings(
            _env_file=None,
            slack_bot_token=None,
            slack_client_id=sandbox.app.client_id,
            slack_client_secret=sandbox.app.client_secret,
            slack_signing_secret=sandbox.app.signing_secret,
            slack_api_url=sandbox.api_url,
            database_url=database_url,
        )
        async with (
            open_runtime(settings) as runtime,
            serving(create_server(runtime, create_app(runtime))) as url,
        ):
            sandbox.app.redirect_urls = [f"{url}/slack/oauth_redirect"]
            yield runtime, url


async def begin(url: str) -> tuple[str, str]:
    """Visit the page and allow the installation; return where Slack leads back, and the cookie."""
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{url}/slack/install") as page:
            html, cookie = await page.text(), page.headers["Set-Cookie"].partition(";")[0]
        start = unescape(html.partition('class="button" href="')[2].partition('"')[0])
        async with browser.get(start, allow_redirects=False) as allowed:
            return allowed.headers["Location"], cookie


async def finish(back: str, cookie: str) -> int:
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(back, headers={"Cookie": cookie}) as done,
    ):
        return done.status


async def rows(runtime: Runtime) -> int:
    async with runtime.sessions.begin() as session:
        counted = [
            await session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        ]
    return sum(counted)


async def test_only_the_browser_that_began_finishes_an_installation(database_url: str) -> None:
    async with installable(database_url) as (runtime, url):
        back, cookie = await begin(url)
        _, another = await begin(url)
        assert await rows(runtime) == 0
        assert await finish(back, "") == 400
        assert await finish(back, another) == 400
        assert await finish(back.replace("state=", "state=x"), cookie) == 400
        assert await rows(runtime) == 0
        assert await finish(back, cookie) == 200
        async with runtime.sessions.begin() as session:
            assert await session.scalar(select(func.count()).select_from(Workspace)) == 1


async def test_pages_speak_the_browsers_language(database_url: str) -> None:
    async with (
        installable(database_url) as (_runtime, url),
        aiohttp.ClientSession(headers={"Accept-Language": "sv, de-AT;q=0.8, en;q=0.5"}) as browser,
    ):
        async with browser.get(f"{url}/slack/install") as page:
            began = await page.text()
        async with browser.get(f"{url}/slack/oauth_redirect?error=access_denied") as page:
            failed = await page.text()
    assert '<html lang="de">' in began
    assert "Weiter zu Slack" in began
    assert "Es wurde nichts installiert" in failed
    assert 'href="/slack/install">Neu anfangen' in failed
