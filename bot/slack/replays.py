"""Has a signed request come in before? Remembered by all processes together."""

import logging
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.requests import FRESH_SECONDS, RefusedError
from models import SeenRequest
from models.database import Sessions, insert_into

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS: Final = 2 * FRESH_SECONDS
"""A time stamp may lie as far ahead as behind; afterwards a copy is stale by itself."""


class SeenRequests:
    """Tells copies of requests; two presses of one person differ in trigger_id, and so here.

    The database is asked, because any number of processes may serve one address. While it does not
    answer, this process's own memory has to do: whatever a request wants to change then fails, too,
    and the person is told so.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._here: OrderedDict[str, int] = OrderedDict()

    async def check(self, signature: str, now: int) -> None:
        """Remember a request; raise RefusedError when it has been seen. `now` is in seconds.

        Raises PoolTimeoutError when no connection to the database becomes free in time.
        """
        fingerprint = sha256(signature.encode()).hexdigest()
        if not self._is_new_here(fingerprint, now) or not await self._is_new(fingerprint, now):
            raise RefusedError(401, "replayed")

    def _is_new_here(self, fingerprint: str, now: int) -> bool:
        while self._here and next(iter(self._here.values())) < now - REMEMBERED_SECONDS:
            self._here.popitem(last=False)
        if fingerprint in self._here:
            return False
        self._here[fingerprint] = now
        return True

    async def _is_new(self, fingerprint: str, now: int) -> bool:
        try:
            async with self._sessions.begin() as session:
                added = await session.scalar(
                    insert_into(session, SeenRequest)
                    .values(fingerprint=fingerprint, forget_at=_forget_at(now))
                    .on_conflict_do_nothing(index_elements=[SeenRequest.fingerprint])
                    .returning(SeenRequest.fingerprint)
                )
        except PoolTimeoutError:
            raise
        except (SQLAlchemyError, OSError) as error:
            logger.warning("a request could not be remembered: %s", type(error).__name__)
            return True
        return added is not None


async def forget_requests(session: AsyncSession, now: datetime) -> int:
    """Delete what would be refused as stale by now; return how much it was."""
    old = delete(SeenRequest).where(SeenRequest.forget_at <= now).returning(SeenRequest.fingerprint)
    return len((await session.execute(old)).all())


def _forget_at(now: int) -> datetime:
    """Return the full hour from which on a request is stale: no row tells when somebody pressed."""
    stale = datetime.fromtimestamp(now + REMEMBERED_SECONDS, UTC)
    return stale.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
