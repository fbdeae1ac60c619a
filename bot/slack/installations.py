"""Which workspaces installed Attune, with which token: what Bolt and the scheduler ask for."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from logging import Logger, getLogger

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import Settings
from bot.slack.clock import Clock
from models import OAuthState, Workspace
from models.database import Sessions, insert_into

STATE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Installed:
    """What is needed to speak as Attune in one workspace."""

    workspace_id: str
    bot_user_id: str
    token: str


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
    """Insert a workspace, or bring an installation that is there up to date.

    One that was uninstalled and comes back in time finds its data as it was.
    """
    changing = {
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
        installed_at=clock(),
        **changing,
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=[Workspace.id], set_=changing)
    )


class Installations(AsyncInstallationStore):
    """Bolt's installation store on our `workspaces` table, with a cache for authorisation."""

    def __init__(self, sessions: Sessions, settings: Settings, clock: Clock) -> None:
        self._sessions = sessions
        self._settings = settings
        self._clock = clock
        self._known: dict[str, Installed] = {}

    @property
    def logger(self) -> Logger:
        """Give Bolt a place to log to."""
        return getLogger(__name__)

    async def record_own_workspace(self, client: AsyncWebClient) -> str:
        """Ask Slack whose SLACK_BOT_TOKEN is, and record that workspace; return its id."""
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
        return str(who["team_id"])

    async def find(self, workspace_id: str) -> Installed | None:
        """Return an installation that has a token, from the cache when it is there."""
        if workspace_id not in self._known:
            async with self._sessions.begin() as session:
                row = await session.get(Workspace, workspace_id)
            token = row and (row.bot_token or self._own_token())
            if not row or not token or row.uninstalled_at:
                return None
            self._known[workspace_id] = Installed(row.id, row.bot_user_id, token)
        return self._known[workspace_id]

    def forget_cached(self, workspace_id: str) -> None:
        """Read the installation from the table next time: its token may have been replaced."""
        self._known.pop(workspace_id, None)

    async def workspace_ids(self) -> list[str]:
        """List all workspaces, in a stable order."""
        async with self._sessions.begin() as session:
            return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))

    async def async_save(self, installation: Installation) -> None:
        """Record what the OAuth flow brought (called by Bolt)."""
        if not installation.team_id or not installation.bot_token:
            raise ValueError("an installation without a workspace or a bot token")
        self._known.pop(installation.team_id, None)
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
        """Answer Bolt's own look-ups; ours go through `find`."""
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

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a token that Slack revoked (called by Bolt)."""
        await self._forget(team_id)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget an installation; a single person's token was never kept (called by Bolt)."""
        if user_id is None:
            await self._forget(team_id)

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget all tokens of a workspace (called by Bolt on uninstalling)."""
        await self._forget(team_id)

    async def _forget(self, team_id: str | None) -> None:
        """Erase a workspace's token at once; its data follows later, by the scheduler."""
        if not team_id:
            return
        self._known.pop(team_id, None)
        async with self._sessions.begin() as session:
            row = await session.get(Workspace, team_id)
            if row:
                row.bot_token = None
                row.uninstalled_at = row.uninstalled_at or self._clock()

    def _own_token(self) -> str | None:
        token = self._settings.slack_bot_token
        return token.get_secret_value() if token else None


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


class OAuthStates(AsyncOAuthStateStore):
    """One-time values of installations under way, in our `oauth_states` table."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Give Bolt a place to log to."""
        return getLogger(__name__)

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Make a fresh state and keep it for ten minutes."""
        state = secrets.token_urlsafe(32)
        async with self._sessions.begin() as session:
            session.add(OAuthState(state=state, expires_at=self._clock() + STATE_LIFE))
        return state

    async def async_consume(self, state: str) -> bool:
        """Use a state up; False when it was never issued, is used or too old."""
        async with self._sessions.begin() as session:
            used = await session.execute(
                delete(OAuthState).where(OAuthState.state == state).returning(OAuthState.expires_at)
            )
            expires_at = used.scalar_one_or_none()
        return expires_at is not None and expires_at > self._clock()
