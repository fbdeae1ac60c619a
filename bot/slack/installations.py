"""Tells Bolt and the scheduler which workspaces installed Attune, and their tokens."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import Logger, getLogger
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.settings import Settings
from models import Workspace
from models.database import Sessions, insert_into

CACHED_SECONDS = 60.0
"""Another process may use a replaced or removed token for this long."""
SHORTEST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
REFUSED = (
    "Slack refuses the token of %s (%s): nothing is sent there until Attune is installed again or "
    "SLACK_BOT_TOKEN is set to a token that works"
)
NOT_OURS = "SLACK_BOT_TOKEN is not a token of %s: nothing is sent there until it is installed again"


@dataclass(frozen=True)
class Installed:
    """Attune's identity and token in one workspace."""

    workspace_id: str
    bot_user_id: str
    token: str
    is_refused: bool = False
    """True if Slack refused this token when a job last used it."""


async def record_workspace(
    session: AsyncSession,
    *,
    workspace_id: str,
    name: str,
    bot_user_id: str,
    settings: Settings,
    clock: Clock,
    bot_token: str | None = None,
    scopes: str = "",
    installer_id: str | None = None,
) -> None:
    """Insert a workspace, or update its installation.

    A workspace that comes back before its data is deleted finds the data unchanged.
    """
    now = clock()
    changing: dict[str, Any] = {
        "installed_at": now,
        "name": name,
        "bot_user_id": bot_user_id,
        "bot_token": bot_token,
        "scopes": scopes,
        "installer_id": installer_id,
        "uninstalled_at": None,
    }
    statement = insert_into(session, Workspace).values(
        id=workspace_id,
        tz="UTC",
        min_group_size=settings.attune_min_group_size,
        **changing,
    )
    # A token that was refused is perhaps replaced: it is tried at once.
    changing["token_retry_at"] = case((Workspace.token_refused_at.is_not(None), now))
    await session.execute(
        statement.on_conflict_do_update(index_elements=[Workspace.id], set_=changing)
    )


class Installations(AsyncInstallationStore):
    """Bolt's installation store on our `workspaces` table, with a cache for authorisation."""

    def __init__(
        self,
        sessions: Sessions,
        settings: Settings,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._clock = clock
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, Installed]] = {}
        self._own_workspace: str | None = None

    @property
    def logger(self) -> Logger:
        """Give Bolt a logger."""
        return getLogger(__name__)

    async def record_own_workspace(self, client: AsyncWebClient) -> str:
        """Ask Slack whose SLACK_BOT_TOKEN is, and record that workspace; return its id.

        The token serves no other workspace.
        """
        who = await client.auth_test()
        async with self._sessions.begin() as session:
            await record_workspace(
                session,
                workspace_id=who["team_id"],
                name=who.get("team") or "",
                bot_user_id=who["user_id"],
                settings=self._settings,
                clock=self._clock,
            )
            without = select(Workspace.id).where(
                Workspace.bot_token.is_(None),
                Workspace.uninstalled_at.is_(None),
                Workspace.id != who["team_id"],
            )
            for workspace_id in await session.scalars(without.order_by(Workspace.id)):
                self.logger.warning(NOT_OURS, workspace_id)
        self._own_workspace = str(who["team_id"])
        return self._own_workspace

    async def find(self, workspace_id: str) -> Installed | None:
        """Return an installation that has a token, as it was within the last minute."""
        read_at, installed = self._known.get(workspace_id, (-CACHED_SECONDS, None))
        if installed and self._monotonic() < read_at + CACHED_SECONDS:
            return installed
        self.forget_cached(workspace_id)
        async with self._sessions.begin() as session:
            row = await session.get(Workspace, workspace_id)
        token = row and self._token_of(row)
        if not row or not token or row.uninstalled_at:
            return None
        is_refused = row.token_refused_at is not None
        installed = Installed(row.id, row.bot_user_id, token, is_refused)
        self._known[workspace_id] = (self._monotonic(), installed)
        return installed

    async def find_working(self, workspace_id: str) -> Installed | None:
        """Return an installation for a job to use; None while Slack refuses its token.

        Only the directory sync tries a refused token again.
        """
        installed = await self.find(workspace_id)
        return None if installed is None or installed.is_refused else installed

    def forget_cached(self, workspace_id: str) -> None:
        """Forget the cached installation, because its token may have been replaced."""
        self._known.pop(workspace_id, None)

    async def workspace_ids(self) -> list[str]:
        """List all workspaces, in a stable order."""
        async with self._sessions.begin() as session:
            return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))

    async def async_save(self, installation: Installation) -> None:
        """Record the result of the OAuth flow (called by Bolt)."""
        if not installation.team_id or not installation.bot_token:
            raise ValueError("an installation without a workspace or a bot token")
        self.forget_cached(installation.team_id)
        async with self._sessions.begin() as session:
            await record_workspace(
                session,
                workspace_id=installation.team_id,
                name=installation.team_name or "",
                bot_user_id=installation.bot_user_id or "",
                settings=self._settings,
                clock=self._clock,
                bot_token=installation.bot_token,
                scopes=",".join(installation.bot_scopes or []),
                installer_id=installation.user_id,
            )

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Answer Bolt's own lookups; ours go through `find`."""
        installed = await self.find(team_id) if team_id and not is_enterprise_install else None
        if installed is None:
            return None
        return Bot(
            team_id=installed.workspace_id,
            enterprise_id=enterprise_id,
            bot_token=installed.token,
            bot_id="",
            bot_user_id=installed.bot_user_id,
            installed_at=0.0,
        )

    async def remove(self, workspace_id: str, at: datetime) -> None:
        """Erase the token of a workspace that removed Attune; the scheduler erases its data.

        `at` is the time of the removal. Slack may report it late; if the app has been installed
        again since, nothing changes.
        """
        self.forget_cached(workspace_id)
        async with self._sessions.begin() as session:
            row = await session.get(Workspace, workspace_id)
            if row and at >= row.installed_at.replace(microsecond=0):
                row.bot_token = None
                row.uninstalled_at = row.uninstalled_at or self._clock()

    async def record_refusal(self, workspace_id: str, token: str | None, reason: str) -> None:
        """Record that Slack refused a workspace's token; retries become less and less frequent.

        Nothing happens if the token has been replaced since it was read. The operator gets one log
        line, because HR can't be told before the token works again.
        """
        self.forget_cached(workspace_id)
        now = self._clock()
        async with self._sessions.begin() as session:
            row = await session.get(Workspace, workspace_id, with_for_update={"key_share": True})
            if row is None or row.uninstalled_at or self._token_of(row) != token:
                return
            is_new = row.token_refused_at is None
            row.token_refused_at = row.token_refused_at or now
            pause = min(max(now - row.token_refused_at, SHORTEST_PAUSE), LONGEST_PAUSE)
            row.token_retry_at = now + pause
        if is_new:
            self.logger.error(REFUSED, workspace_id, reason)

    def _token_of(self, row: Workspace) -> str | None:
        """Return a workspace's token; the environment's token serves only its own workspace."""
        own = self._settings.slack_bot_token
        if row.bot_token or own is None or row.id != self._own_workspace:
            return row.bot_token
        return own.get_secret_value()


class Authorise(AsyncAuthorize):
    """Finds the token for a request without a call to Slack or, mostly, to the database."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """Return the installation of `team_id`, or None, which Bolt answers politely."""
        installed = await self._installations.find(team_id) if team_id else None
        if installed is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=installed.workspace_id,
            bot_user_id=installed.bot_user_id,
            bot_token=installed.token,
        )
