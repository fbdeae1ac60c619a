"""Checks for monitoring that the database answers and accepts writes."""

import asyncio
import time
from contextlib import suppress
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import utc_now
from models import SeenRequest
from models.database import Sessions, insert_into, reading

SECONDS: Final = 2.0
"""How long the database may take."""
REMEMBERED_SECONDS: Final = 5.0
"""How long a result is reused: strangers can ask as well, and must not cause writes."""
TRIED: Final = "readiness"
"""The key of the one row that is rewritten, in the table of seen requests."""


class Readiness:
    """Checks the database, and writing at most once in a few seconds."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._tried_at = -REMEMBERED_SECONDS
        self._took_write = False
        self._trying = asyncio.Lock()

    async def can_read(self) -> bool:
        """Return True if the database can be read, without waiting for a writer."""
        with suppress(SQLAlchemyError, OSError):
            async with asyncio.timeout(SECONDS), reading(self._sessions) as session:
                await session.execute(text("SELECT 1"))
            return True
        return False

    async def can_write(self) -> bool:
        """Return True if a row was written within seconds: a full disk can still be read."""
        async with self._trying:
            if time.monotonic() >= self._tried_at + REMEMBERED_SECONDS:
                self._took_write = await self._write()
                self._tried_at = time.monotonic()
        return self._took_write

    async def _write(self) -> bool:
        now = utc_now()
        with suppress(SQLAlchemyError, OSError):
            async with asyncio.timeout(SECONDS), self._sessions.begin() as session:
                row = insert_into(session, SeenRequest).values(fingerprint=TRIED, forget_at=now)
                await session.execute(
                    row.on_conflict_do_update(
                        index_elements=[SeenRequest.fingerprint], set_={"forget_at": now}
                    )
                )
            return True
        return False
