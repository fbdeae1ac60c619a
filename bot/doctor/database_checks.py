"""Checks of the database, and of what goes on in it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from bot.doctor.findings import Finding, Level, fine
from bot.keys import encrypted_columns
from bot.last_times import BACKUP, SCHEDULER, last_time
from bot.outbox.deliveries import oldest_due
from bot.readiness import NO_WRITE, UNMIGRATED, WRONG_KEY, Readiness
from bot.settings import Settings
from models import Employee, Wave, Workspace
from models.database import Sessions
from models.encryption import CIPHERTEXT

QUIET: Final = timedelta(minutes=5)
"""A scheduler notes every minute that it runs."""
LATE: Final = timedelta(minutes=15)
"""How long a message may be due; the alert of docs/operating.md is the same."""
OLD_BACKUP: Final = timedelta(days=7)
NEW_WAVE: Final = timedelta(days=1)
"""How long the next backup may take after a survey opened."""

OBSTACLES: Final = {
    NO_WRITE: Finding(
        "database",
        Level.ERROR,
        "The database does not answer, or takes no write.",
        "Nothing works without it.",
        "Check DATABASE_URL, that PostgreSQL runs and lets this user in, or that the disk of the "
        "SQLite file has room and its folder exists.",
    ),
    UNMIGRATED: Finding(
        "migrations",
        Level.ERROR,
        "The database waits for migrations.",
        "This version reads and writes columns that are missing.",
        "Run `alembic upgrade head`; before that, `python -m bot backup FILE` if there is data.",
    ),
    WRONG_KEY: Finding(
        "encryption-key",
        Level.ERROR,
        "ATTUNE_SECRET_KEY does not open what is encrypted in the database.",
        "Attune does not start: it can read neither bot tokens nor comments.",
        "Set it to the key that was used before, or to the new and the old one with a comma "
        "between.",
    ),
}

FINE: Final = {
    NO_WRITE: "The database takes a write.",
    UNMIGRATED: "All migrations have run.",
    WRONG_KEY: "What is encrypted can be read.",
}


async def check_database(sessions: Sessions) -> AsyncIterator[Finding]:
    """Check that the database answers, is migrated, and opens with the key."""
    obstacle = await Readiness(sessions).obstacle()
    for reason, finding in OBSTACLES.items():
        if reason == obstacle:
            yield finding
            return
        yield fine(finding.id, FINE[reason])


async def check_clear_text(session: AsyncSession, settings: Settings) -> AsyncIterator[Finding]:
    """Check that tokens and comments are encrypted."""
    if not settings.secret_keys:
        yield Finding(
            "clear-text",
            Level.WARNING,
            "ATTUNE_SECRET_KEY is not set.",
            "Whoever copies the database or a backup reads bot tokens and comments.",
            "Set it to what `python -m bot new-key` prints, then run `python -m bot rotate-keys`.",
        )
        return
    for column in encrypted_columns():
        stored = type_coerce(column, Text)
        plain = select(1).where(column.is_not(None), ~stored.startswith(CIPHERTEXT)).limit(1)
        if await session.scalar(plain):
            yield Finding(
                "clear-text",
                Level.WARNING,
                "Texts from before ATTUNE_SECRET_KEY was set are in clear text in the database.",
                "Whoever copies the database or a backup reads them.",
                "Run `python -m bot rotate-keys`.",
            )
            return
    yield fine("clear-text", "Bot tokens and comments are encrypted.")


async def check_scheduler(session: AsyncSession, now: datetime) -> AsyncIterator[Finding]:
    """Check that a scheduler has run lately, and that nothing waits too long to be sent."""
    ran_at = await last_time(session, SCHEDULER)
    if ran_at and now - ran_at <= QUIET:
        yield fine("scheduler", "A scheduler runs.")
    else:
        said = f"No scheduler has run since {ran_at:%Y-%m-%d %H:%M} UTC." if ran_at else None
        yield Finding(
            "scheduler",
            Level.ERROR,
            said or "No scheduler has ever run.",
            "Questions are not asked, surveys do not close, and nothing is published.",
            "Start `python -m scheduler`, or let cron run `python -m scheduler --once`.",
        )
    oldest = await oldest_due(session)
    if oldest is None or now - oldest <= LATE:
        yield fine("oldest-message", "No message waits too long to be sent.")
    else:
        minutes = (now - oldest).total_seconds() // 60
        yield Finding(
            "oldest-message",
            Level.ERROR,
            f"The oldest message has been due for {minutes:.0f} minutes.",
            "People get their questions late, or not at all.",
            "Look in the scheduler's log: it does not run, Slack refuses a token, or a workspace "
            "has more to send than Slack takes.",
        )


async def check_tokens_refused(session: AsyncSession) -> AsyncIterator[Finding]:
    """Check that Slack takes the token of each workspace."""
    refused = select(Workspace.id).where(
        Workspace.token_refused_at.is_not(None), Workspace.uninstalled_at.is_(None)
    )
    for workspace_id in await session.scalars(refused.order_by(Workspace.id)):
        yield Finding(
            "workspaces",
            Level.ERROR,
            f"Slack refuses the token of workspace {workspace_id}.",
            "Nothing is sent there.",
            "Install Attune there again.",
        )


async def check_backups(session: AsyncSession, now: datetime) -> AsyncIterator[Finding]:
    """Check that there is a backup, and that it knows of the surveys that are open."""
    made_at = await last_time(session, BACKUP)
    opened_at = await session.scalar(
        select(func.max(Wave.opened_at)).where(
            Wave.status == "open", Wave.opened_at < now - NEW_WAVE
        )
    )
    if made_at is None:
        what = "`python -m bot backup` has never run."
    elif opened_at and made_at < opened_at:
        what = "The last backup is older than a survey that is open."
    elif now - made_at > OLD_BACKUP:
        what = f"The last backup is of {made_at:%Y-%m-%d}."
    else:
        yield fine("backups", f"The last backup is of {made_at:%Y-%m-%d %H:%M} UTC.")
        return
    yield Finding(
        "backups",
        Level.WARNING,
        what,
        "What happened since is lost if the database is. A dump made in another way holds the "
        "keys of open surveys.",
        "Run `python -m bot backup FILE` every night.",
    )


async def zones_in_use(session: AsyncSession) -> set[str]:
    """Return the time zones of people and workspaces."""
    people = await session.scalars(select(Employee.tz).where(Employee.active.is_(True)).distinct())
    workspaces = await session.scalars(select(Workspace.tz).distinct())
    return {*people, *workspaces}
