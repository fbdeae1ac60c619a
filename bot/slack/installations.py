"""Tells Bolt and the scheduler which workspaces installed Attune, and their tokens."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from logging import Logger, getLogger
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.settings import Settings, SettingsError
from models import Organisation, Workspace
from models.database import Sessions, insert_into, reading

CACHED_SECONDS = 60.0
"""Another process may use a replaced or removed token for this long."""
SHORTEST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
REFUSED = (
    "Slack refuses the token of %s (%s): nothing is sent there until Attune is installed again or "
    "SLACK_BOT_TOKEN is set to a token that works"
)
NOT_OURS = "SLACK_BOT_TOKEN is not a token of %s: nothing is sent there until it is installed again"

OF_AN_ORGANISATION = (
    "SLACK_BOT_TOKEN is the token of a whole organisation: take it out, set SLACK_CLIENT_ID and "
    "SLACK_CLIENT_SECRET, and install Attune for the organisation at /slack/install."
)


@dataclass(frozen=True)
class Installed:
    """Attune's identity and token in one workspace."""

    workspace_id: str
    bot_user_id: str
    token: str
    is_refused: bool = False
    """True if Slack refused this token when a job last used it."""


@dataclass(frozen=True)
class Grant:
    """What an installation gives: Attune's identity, its token, and what the token may do."""

    name: str
    bot_user_id: str
    bot_token: str | None = None
    """None if the token comes from the environment or from the organisation."""
    refresh_token: str | None = None
    token_expires_at: datetime | None = None
    scopes: str = ""


async def record_workspace(
    session: AsyncSession,
    workspace_id: str,
    grant: Grant,
    settings: Settings,
    now: datetime,
    installer_id: str | None = None,
    organisation_id: str | None = None,
) -> None:
    """Insert a workspace, or update its installation.

    A workspace that comes back before its data is deleted finds the data unchanged.
    """
    changing: dict[str, Any] = {
        **_columns_of(grant, now),
        "installer_id": installer_id,
        "organisation_id": organisation_id,
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


async def record_organisation(
    session: AsyncSession, organisation_id: str, grant: Grant, now: datetime
) -> None:
    """Insert an organisation, or update its installation; a job reads its workspaces at once."""
    changing = {**_columns_of(grant, now), "read_at": None}
    statement = insert_into(session, Organisation).values(id=organisation_id, **changing)
    await session.execute(
        statement.on_conflict_do_update(index_elements=[Organisation.id], set_=changing)
    )
    await session.execute(
        update(Workspace)
        .where(
            Workspace.organisation_id == organisation_id, Workspace.token_refused_at.is_not(None)
        )
        .values(token_retry_at=now)
    )


async def record_workspaces(
    session: AsyncSession,
    organisation_id: str,
    names: Mapping[str, str],
    settings: Settings,
    now: datetime,
    *,
    read_before: datetime | None,
) -> None:
    """Record which workspaces an organisation's installation serves now: names by id.

    `read_before` is when they were last read as Slack was asked. If an event has wanted them read
    again meanwhile, they are. A workspace with an installation of its own keeps that one.
    """
    organisation = await session.get(Organisation, organisation_id, with_for_update=True)
    if organisation is None:
        return
    if organisation.read_at == read_before:
        organisation.read_at = now
    served = select(Workspace).where(
        or_(Workspace.organisation_id == organisation_id, Workspace.id.in_(names))
    )
    known = {each.id: each for each in await session.scalars(served)}
    for workspace_id, name in names.items():
        row = known.get(workspace_id)
        is_ours = row is not None and row.organisation_id == organisation_id
        if not is_ours and (row is None or row.bot_token is None):
            grant = Grant(name, organisation.bot_user_id, scopes=organisation.scopes)
            await record_workspace(
                session, workspace_id, grant, settings, now, organisation_id=organisation_id
            )
    for row in known.values():
        if row.id not in names:
            end_installation(row, now)


def _columns_of(grant: Grant, now: datetime) -> dict[str, Any]:
    return {**asdict(grant), "refresh_claimed_until": None, "installed_at": now}


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

        The token serves no other workspace. Raises SettingsError for an organisation's token.
        """
        who = await client.auth_test()
        if who.get("is_enterprise_install"):
            raise SettingsError(OF_AN_ORGANISATION)
        async with self._sessions.begin() as session:
            grant = Grant(who.get("team") or "", who["user_id"])
            await record_workspace(session, who["team_id"], grant, self._settings, self._clock())
            without = select(Workspace.id).where(
                Workspace.bot_token.is_(None),
                Workspace.organisation_id.is_(None),
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
            token = row and await self._token_of(session, row)
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

    def forget_all(self) -> None:
        """Forget all cached installations."""
        self._known.clear()

    def forget_cached(self, workspace_id: str) -> None:
        """Forget the cached installation, because its token may have been replaced."""
        self._known.pop(workspace_id, None)

    async def workspace_ids(self) -> list[str]:
        """List all workspaces, in a stable order."""
        async with self._sessions.begin() as session:
            return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))

    async def async_save(self, installation: Installation) -> None:
        """Record the result of the OAuth flow (called by Bolt)."""
        if not installation.bot_token:
            raise ValueError("an installation without a bot token")
        now = self._clock()
        expires = installation.bot_token_expires_at
        grant = Grant(
            name=installation.team_name or installation.enterprise_name or "",
            bot_user_id=installation.bot_user_id or "",
            bot_token=installation.bot_token,
            refresh_token=installation.bot_refresh_token,
            token_expires_at=datetime.fromtimestamp(expires, UTC) if expires else None,
            scopes=",".join(installation.bot_scopes or []),
        )
        async with self._sessions.begin() as session:
            if installation.is_enterprise_install and installation.enterprise_id:
                await record_organisation(session, installation.enterprise_id, grant, now)
            elif installation.team_id:
                await record_workspace(
                    session,
                    installation.team_id,
                    grant,
                    self._settings,
                    now,
                    installation.user_id,
                )
            else:
                raise ValueError("an installation without a workspace or an organisation")
        self.forget_all()

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
                end_installation(row, self._clock())

    async def remove_organisation(self, organisation_id: str, at: datetime) -> None:
        """Do the same for an organisation: its row, and all workspaces that it served."""
        self.forget_all()
        async with self._sessions.begin() as session:
            row = await session.get(Organisation, organisation_id)
            if row is None or at < row.installed_at.replace(microsecond=0):
                return
            await session.delete(row)
            served = select(Workspace).where(Workspace.organisation_id == organisation_id)
            for workspace in await session.scalars(served):
                end_installation(workspace, self._clock())

    async def read_again(self, organisation_id: str) -> None:
        """Let a job read an organisation's workspaces from Slack at once."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(Organisation).where(Organisation.id == organisation_id).values(read_at=None)
            )

    async def is_organisation(self, organisation_id: str) -> bool:
        """Return True if an organisation installed Attune."""
        async with reading(self._sessions) as session:
            return await session.get(Organisation, organisation_id) is not None

    async def workspaces_of(self, organisation_id: str) -> list[str]:
        """List the workspaces that an organisation's installation serves, in a stable order."""
        async with reading(self._sessions) as session:
            served = select(Workspace.id).where(
                Workspace.organisation_id == organisation_id, Workspace.uninstalled_at.is_(None)
            )
            return list(await session.scalars(served.order_by(Workspace.id)))

    async def record_refusal(self, workspace_id: str, token: str | None, reason: str) -> None:
        """Record that Slack refused a workspace's token; retries become less and less frequent.

        Nothing happens if the token has been replaced since it was read. The operator gets one log
        line, because HR can't be told before the token works again.
        """
        self.forget_cached(workspace_id)
        now = self._clock()
        async with self._sessions.begin() as session:
            row = await session.get(Workspace, workspace_id, with_for_update={"key_share": True})
            if row is None or row.uninstalled_at or await self._token_of(session, row) != token:
                return
            is_new = row.token_refused_at is None
            row.token_refused_at = row.token_refused_at or now
            pause = min(max(now - row.token_refused_at, SHORTEST_PAUSE), LONGEST_PAUSE)
            row.token_retry_at = now + pause
        if is_new:
            self.logger.error(REFUSED, workspace_id, reason)

    async def _token_of(self, session: AsyncSession, row: Workspace) -> str | None:
        """Return a workspace's token: its own, its organisation's, or the environment's.

        The environment's token serves only its own workspace.
        """
        if row.bot_token:
            return row.bot_token
        if row.organisation_id:
            organisation = await session.get(Organisation, row.organisation_id)
            return organisation.bot_token if organisation else None
        own = self._settings.slack_bot_token
        return own.get_secret_value() if own and row.id == self._own_workspace else None


def end_installation(workspace: Workspace, now: datetime) -> None:
    """Erase a workspace's token; the scheduler erases its data later."""
    workspace.bot_token = workspace.refresh_token = workspace.token_expires_at = None
    workspace.organisation_id = None
    workspace.uninstalled_at = workspace.uninstalled_at or now
