"""All checks, in order; those after a failure that they need are left out."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.doctor import database_checks, machine_checks, slack_checks
from bot.doctor.findings import Finding, Level
from bot.readiness import NO_WRITE
from bot.runtime import Runtime
from bot.settings import Settings
from bot.slack.client import open_http
from models.database import Sessions, make_engine, make_sessions, reading
from models.encryption import Keyring, use_keyring

logger = logging.getLogger("attune")

LEVELS: Final = {Level.WARNING: logging.WARNING, Level.ERROR: logging.ERROR}


async def examine(settings: Settings, clock: Clock, url: str | None = None) -> list[Finding]:
    """Run all checks and return what they found, in their order."""
    use_keyring(Keyring(settings.secret_keys))
    engine = make_engine(settings.database_url, hide_parameters=True)
    try:
        async with open_http() as http:
            found = await check_stored(settings, make_sessions(engine), clock())
            found += await check_slack(settings, http, clock(), url)
    finally:
        await engine.dispose()
    return [*found, *machine_checks.check_disk(settings), *machine_checks.check_files(settings)]


async def check_stored(
    settings: Settings, sessions: Sessions, now: datetime, *, is_thorough: bool = True
) -> list[Finding]:
    """Run the checks of the database, and of what it holds if it can be read.

    Only a thorough one looks for clear text: it reads whole tables.
    """
    found = await _all(database_checks.check_database(sessions))
    if any(each.level is Level.ERROR for each in found):
        return found
    try:
        async with reading(sessions) as session:
            for checks in (
                *([database_checks.check_clear_text(session, settings)] if is_thorough else []),
                database_checks.check_tokens_refused(session),
                database_checks.check_scheduler(session, now),
                database_checks.check_backups(session, now),
            ):
                found += await _all(checks)
            zones = await database_checks.zones_in_use(session)
    except (SQLAlchemyError, OSError):
        # It answered a moment ago.
        return [*found, database_checks.OBSTACLES[NO_WRITE]]
    return [*found, *machine_checks.check_time_zones(zones)]


async def check_slack(
    settings: Settings, http: aiohttp.ClientSession, now: datetime, url: str | None
) -> list[Finding]:
    """Run the checks that ask Slack, and the bot itself."""
    return [
        *await _all(slack_checks.check_token(settings, http, now)),
        *await _all(slack_checks.check_connection(settings, http, url, now)),
    ]


async def log_findings(runtime: Runtime) -> None:
    """Log what is wrong, with how to mend it, soon after the bot has started.

    Whether requests come in is left out: the bot does not listen yet. The scheduler starts beside
    it, so its last minute says nothing either.
    """
    settings, now = runtime.settings, runtime.wall_clock()
    found = await check_stored(settings, runtime.sessions, now, is_thorough=False)
    found += await _all(slack_checks.check_token(settings, runtime.http, now))
    found += [*machine_checks.check_disk(settings), *machine_checks.check_files(settings)]
    for each in found:
        if each.level in LEVELS and each.id != "scheduler":
            logger.log(LEVELS[each.level], "%s: %s %s", each.id, each.what, each.fix)


async def _all(checks: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in checks]
