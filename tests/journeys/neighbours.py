"""Two workspaces in one database: side by side, or of one organisation of Enterprise Grid.

The same people, with the same ids, work in both: a query that forgets its workspace finds both.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.app import create_app
from bot.runtime import Runtime, open_runtime
from bot.server import EVENTS_PATH, create_server
from bot.settings import load_settings
from models.encryption import new_secret_key
from sandbox.clock import Clock as SandboxClock
from sandbox.demo.company import workspace
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world, manifest_settings
from sandbox.world import World
from tests.conftest import NOW
from tests.journeys.stage import BERLIN, MANIFEST, Stage, import_directory, serving
from tests.unpaced import Unpaced

ALPHA, BETA = "T0ALPHA", "T0BETA"
ORGANISATION = "E0GROUP"
MARK = "OnlyInBeta"
"""Stands in each name and each written text of the second workspace, and nowhere else."""


@dataclass
class Neighbours:
    """Both workspaces on their stages, which share one Attune."""

    alpha: Stage
    beta: Stage

    @property
    def both(self) -> tuple[Stage, Stage]:
        """The stages."""
        return self.alpha, self.beta

    @property
    def runtime(self) -> Runtime:
        """What Attune works with."""
        return self.alpha.runtime

    async def install(self, team: str = ALPHA, **more: str) -> tuple[int, str]:
        """Install Attune as a browser does; return the last page's status and text."""
        async with aiohttp.ClientSession() as browser:
            async with browser.get(f"{self.alpha.url}/slack/install") as page:
                html, cookie = await page.text(), page.headers["Set-Cookie"].partition(";")[0]
            start = unescape(html.partition('class="button" href="')[2].partition('"')[0])
            asked = urlencode({"team": team, **more})
            # The cookie is for https alone, so that aiohttp would keep it to itself.
            async with browser.get(f"{start}&{asked}", allow_redirects=False) as allowed:
                back = allowed.headers["Location"]
            async with browser.get(back, headers={"Cookie": cookie}) as done:
                return done.status, await done.text()

    async def settled(self) -> None:
        """Wait until nothing goes on in either."""
        await self.alpha.settled()
        await self.beta.settled()


def described(team: str, mark: str, organisation: str, **app: Any) -> World:
    company = workspace()
    company["team"] = {"id": team, "name": f"Workspace {team}", "domain": team.lower()}
    if organisation:
        company["team"] |= {"enterprise_id": organisation, "enterprise_name": "The Group"}
    for user in company["users"]:
        user.update(tz=BERLIN, real_name=f"{mark}{user['real_name']}")
        user.update({"teams": [ALPHA, BETA]} if organisation else {})
    token = {"bot_token": f"xoxb-of-{team}", "installed": False}
    company["app"] = {**manifest_settings(MANIFEST), **token, **app}
    return build_world(company, SandboxClock())


@asynccontextmanager
async def open_neighbours(
    database_url: str, organisation: str = "", **app: Any
) -> AsyncIterator[Neighbours]:
    """Open both workspaces, with nothing installed; `app` changes the sandbox's app."""
    hands = {"now": NOW}
    options = Options(rate_limits=None, retry_scale=0.001, ack_timeout=30.0)
    alpha = Sandbox(described(ALPHA, "", organisation, **app), options)
    async with alpha:
        beta = Sandbox(described(BETA, MARK, organisation, **app), options, beside=alpha)
        async with beta:
            settings = load_settings(
                _env_file=None,
                slack_bot_token=None,
                slack_client_id=alpha.app.client_id,
                slack_client_secret=alpha.app.client_secret,
                slack_signing_secret=alpha.app.signing_secret,
                slack_api_url=alpha.api_url,
                attune_secret_key=new_secret_key(),
                database_url=database_url,
            )
            async with open_runtime(settings, clock=lambda: hands["now"]) as opened:
                runtime = replace(opened, pacing=Unpaced())
                bolt = create_app(runtime)
                async with serving(create_server(runtime, bolt)) as url:
                    for sandbox in (alpha, beta):
                        sandbox.connect(url + EVENTS_PATH)
                        sandbox.app.redirect_urls = [f"{url}/slack/oauth_redirect"]
                    stages = [Stage(each, bolt, runtime, url, hands) for each in (alpha, beta)]
                    opened_stages = Neighbours(*stages)
                    yield opened_stages
                    await opened_stages.settled()


async def settle_in(neighbours: Neighbours) -> None:
    """Install Attune in both workspaces, and read their people."""
    for team in (ALPHA, BETA):
        status, page = await neighbours.install(team)
        assert status == 200, page
    await neighbours.alpha.at(NOW)
    for team in (ALPHA, BETA):
        await import_directory(neighbours.runtime, team)
