"""Checks for monitoring that a process can do its work: database, migrations and keys."""

import asyncio
import time
from functools import cache
from pathlib import Path
from typing import Final

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

import models
from bot.clock import utc_now
from bot.keys import is_readable
from models import SeenRequest
from models.database import Sessions, insert_into, reading

ROOT: Final = Path(models.__file__).parent.parent

SECONDS: Final = 2.0
"""How long the database may take."""
REMEMBERED_SECONDS: Final = 5.0
"""How long a result is reused: strangers can ask as well, and must not cause writes."""
TRIED: Final = "readiness"
"""The key of the one row that is rewritten, in the table of seen requests."""

NO_WRITE: Final = "the database takes no write"
"""It does not answer, or its disk is full."""
UNMIGRATED: Final = "the database waits for `alembic upgrade head`"
WRONG_KEY: Final = "ATTUNE_SECRET_KEY does not open what is encrypted in the database"


class Readiness:
    """Checks at most once in a few seconds whether this process can do its work."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._tried_at = -REMEMBERED_SECONDS
        self._obstacle: str | None = None
        self._trying = asyncio.Lock()

    async def obstacle(self) -> str | None:
        """Return what is missing, in a few words; None if the process is ready."""
        async with self._trying:
            if time.monotonic() >= self._tried_at + REMEMBERED_SECONDS:
                self._obstacle = await self._find_obstacle()
                self._tried_at = time.monotonic()
        return self._obstacle

    async def _find_obstacle(self) -> str | None:
        try:
            async with asyncio.timeout(SECONDS):
                if await self._is_behind():
                    return UNMIGRATED
                await self._write()
                async with reading(self._sessions) as session:
                    return None if await is_readable(session) else WRONG_KEY
        except (SQLAlchemyError, OSError):
            return NO_WRITE

    async def _is_behind(self) -> bool:
        """Return True if migrations are missing.

        A version that this code does not know is newer: the next release has been migrated to
        while this one still serves, which it can.
        """
        head, known = await asyncio.to_thread(migrations)
        async with reading(self._sessions) as session:
            if not await (await session.connection()).run_sync(_has_versions):
                return True
            version = await session.scalar(text("SELECT version_num FROM alembic_version"))
        return version is None or (version != head and version in known)

    async def _write(self) -> None:
        """Write a row, because a full disk can still be read."""
        now = utc_now()
        async with self._sessions.begin() as session:
            row = insert_into(session, SeenRequest).values(fingerprint=TRIED, forget_at=now)
            await session.execute(
                row.on_conflict_do_update(
                    index_elements=[SeenRequest.fingerprint], set_={"forget_at": now}
                )
            )


def _has_versions(connection: Connection) -> bool:
    return inspect(connection).has_table("alembic_version")


@cache
def migrations() -> tuple[str | None, frozenset[str]]:
    """Return the newest migration and all of them."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    known = frozenset(script.revision for script in scripts.walk_revisions())
    return scripts.get_current_head(), known
