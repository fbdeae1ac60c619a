"""What a process works with: settings, database, HTTP session, installations, clocks."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, utc_now
from bot.keys import is_readable
from bot.metrics import Metrics
from bot.people.group_size import set_min_group_size
from bot.settings import Settings, SettingsError
from bot.slack.client import (
    NETWORK_ERRORS,
    Followups,
    error_code,
    make_client,
    open_http,
    retry_after,
)
from bot.slack.installations import Installations
from bot.slack.pacing import Pacing
from bot.slack.post_errors import UNSURE
from models.database import (
    Sessions,
    is_unavailable,
    is_unmigrated,
    make_engine,
    make_sessions,
    new_key,
    reading,
)
from models.encryption import Keyring, use_keyring

logger = logging.getLogger("attune")

FOLLOWUP_SECONDS: Final = 3.0
"""How long a process that stops waits for calls that only improve what people see."""

NO_DATABASE: Final = (
    "The database does not answer: check DATABASE_URL, and that `alembic upgrade head` has run."
)

UNENCRYPTED: Final = (
    "ATTUNE_SECRET_KEY is not set: bot tokens and comments are kept unencrypted in the database"
)
WRONG_KEY: Final = (
    "ATTUNE_SECRET_KEY does not open what is encrypted in the database: set it to the key that "
    "was used before, or to the new and the old one with a comma between."
)


@dataclass(frozen=True)
class Runtime:
    """What handlers and jobs work with; each process has one."""

    settings: Settings
    sessions: Sessions
    http: aiohttp.ClientSession
    installations: Installations
    clock: Clock
    followups: Followups
    wall_clock: Clock = utc_now
    """The real time, for leases and claims; demos and tests set `clock` to other times."""
    metrics: Metrics = field(default_factory=Metrics)
    pacing: Pacing = field(default_factory=Pacing)
    process_id: str = field(default_factory=new_key)
    """Names this process as the holder of a lease."""
    leases_seen: dict[str, tuple[datetime, float]] = field(default_factory=dict)
    """What another process's lease of a workspace said, and when that was first seen."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is told to stop: jobs finish the current unit and begin no other."""

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction that only reads and blocks no writer."""
        return reading(self.sessions)


def make_runtime(
    settings: Settings, sessions: Sessions, http: aiohttp.ClientSession, clock: Clock = utc_now
) -> Runtime:
    """Create the runtime of a process."""
    installations = Installations(sessions, settings, clock)
    return Runtime(settings, sessions, http, installations, clock, Followups())


@asynccontextmanager
async def open_runtime(
    settings: Settings, clock: Clock = utc_now, *, pool_seconds: float = 30.0
) -> AsyncIterator[Runtime]:
    """Load encryption keys, open the database and the HTTP session; close both on exit.

    `pool_seconds` is how long a transaction waits for a free connection to the database.
    """
    use_keyring(Keyring(settings.secret_keys))
    engine = make_engine(
        settings.database_url,
        connections=settings.database_pool_size,
        pool_timeout=pool_seconds,
        hide_parameters=True,
    )
    metrics = Metrics()
    async with open_http(metrics.trace()) as http:
        made = make_runtime(settings, make_sessions(engine), http, clock)
        runtime = replace(made, metrics=metrics)
        try:
            yield runtime
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FOLLOWUP_SECONDS):
                    await runtime.followups.finish()
            await engine.dispose()


async def check_and_register(runtime: Runtime) -> None:
    """Check the keys, record the workspace whose token is in the settings, and apply k.

    Raises SettingsError if a key is missing or wrong, Slack does not know the token, or nothing
    answers as Slack does.
    """
    await _check_keys(runtime)
    if token := runtime.settings.slack_bot_token:
        await _record_own_workspace(runtime, token.get_secret_value())
    async with runtime.sessions.begin() as session:
        size = runtime.settings.attune_min_group_size
        await set_min_group_size(session, size, runtime.clock())


async def _record_own_workspace(runtime: Runtime, token: str) -> None:
    client = make_client(runtime.settings.slack_api_url, runtime.http, token)
    try:
        await runtime.installations.record_own_workspace(client)
    except SlackApiError as error:
        raise SettingsError(
            f"Slack refused SLACK_BOT_TOKEN ({error_code(error)}): copy it again from "
            f"{Settings.model_fields['slack_bot_token'].description}."
        ) from None
    except NETWORK_ERRORS as error:
        raise SettingsError(_unreachable_sentence(error)) from None


async def check_app_token(runtime: Runtime) -> None:
    """Ask Slack for a Socket Mode connection once, because Bolt would ask again for ever.

    Raises SettingsError if Slack refuses SLACK_APP_TOKEN, or nothing answers as Slack does. Errors
    that may be over in a minute are left to Bolt.
    https://docs.slack.dev/reference/methods/apps.connections.open#errors
    """
    token = runtime.settings.slack_app_token
    if token is None:
        return
    client = make_client(runtime.settings.slack_api_url, runtime.http)
    try:
        await client.apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        if retry_after(error) is not None or error_code(error) in UNSURE:
            return
        raise SettingsError(
            f"Slack refused SLACK_APP_TOKEN ({error_code(error)}): set it to "
            f"{Settings.model_fields['slack_app_token'].description}."
        ) from None
    except NETWORK_ERRORS as error:
        raise SettingsError(_unreachable_sentence(error)) from None


def _unreachable_sentence(error: Exception) -> str:
    return (
        f"Nothing answers at SLACK_API_URL ({type(error).__name__}): check the address "
        "and the network, then start again."
    )


async def _check_keys(runtime: Runtime) -> None:
    async with runtime.sessions.begin() as session:
        if not await is_readable(session):
            raise SettingsError(WRONG_KEY)
    if not runtime.settings.secret_keys:
        logger.warning(UNENCRYPTED)


def start_failure(error: Exception) -> str | None:
    """Return a sentence for a failed start whose reason an operator can fix; None for others."""
    if isinstance(error, SettingsError):
        return str(error)
    if is_unavailable(error) or is_unmigrated(error) or _is_locked_out(error):
        return NO_DATABASE
    return None


def _is_locked_out(error: Exception) -> bool:
    """Return whether PostgreSQL knows no such user, password or database."""
    cause = getattr(error, "orig", error)
    return str(getattr(cause, "sqlstate", ""))[:2] in ("28", "3D")
