"""Recognises signed requests that came in before, for all processes together."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from models import SeenRequest
from models.database import Sessions, Transaction, backend, table_of

logger = logging.getLogger(__name__)

FRESH_SECONDS: Final = 300
"""https://docs.slack.dev/authentication/verifying-requests-from-slack"""
REMEMBERED_SECONDS: Final = 2 * FRESH_SECONDS
"""A time stamp may be as far ahead as behind; afterwards a copy is stale."""


class RequestRefusedError(Exception):
    """A request that is refused; `status` is 400, 401 or 408."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


_seen = table_of(SeenRequest)


def _adding(insert: postgresql.Insert | sqlite.Insert) -> Any:
    filled = insert.values(fingerprint=bindparam("fingerprint"), forget_at=bindparam("forget_at"))
    return filled.on_conflict_do_nothing(index_elements=["fingerprint"]).returning(
        _seen.c.fingerprint
    )


ADD_MARK: Final[Mapping[str, Any]] = {
    "postgresql": _adding(postgresql.insert(_seen)),
    "sqlite": _adding(sqlite.insert(_seen)),
}
"""By database: a statement that takes a mark's `values` and returns nothing for a seen request."""


@dataclass(frozen=True)
class Mark:
    """A request that is new to this process, to be recorded for all processes."""

    fingerprint: str
    forget_at: datetime

    async def store(self, session: Transaction) -> None:
        """Record the request with its changes; raise RefusedError if it has been seen.

        Rolling back also removes the mark: a copy could then do no more than the request.
        """
        self.check(await session.scalar(ADD_MARK[backend(session)], self.values))

    @property
    def values(self) -> dict[str, Any]:
        """Parameters for a statement with ADD_MARK in it."""
        return {"fingerprint": self.fingerprint, "forget_at": self.forget_at}

    def check(self, added: str | None) -> None:
        """Raise RefusedError unless ADD_MARK returned something."""
        if added is None:
            raise RequestRefusedError(401, "replayed")


class SeenRequests:
    """Detects replays. Two presses differ in trigger_id, so they are distinct.

    The database decides, because any number of processes may serve one address. While it does not
    answer, this process's memory must do: the request's own changes then fail as well, and the
    person is told.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._here: OrderedDict[str, int] = OrderedDict()

    async def check(self, signature: str, now: int) -> None:
        """Record a request; raise RefusedError if it has been seen. `now` is in Unix seconds.

        Raises PoolTimeoutError if no database connection becomes free in time.
        """
        mark = self.mark(signature, now)
        try:
            async with self._sessions.begin() as session:
                await mark.store(session)
        except PoolTimeoutError:
            raise
        except (SQLAlchemyError, OSError) as error:
            logger.warning("a request could not be remembered: %s", type(error).__name__)

    def mark(self, signature: str, now: int) -> Mark:
        """Return the mark that its listener stores; raise RefusedError if it has been seen here."""
        fingerprint = sha256(signature.encode()).hexdigest()
        if not self._is_new_here(fingerprint, now):
            raise RequestRefusedError(401, "replayed")
        return Mark(fingerprint, _forget_at(now))

    def _is_new_here(self, fingerprint: str, now: int) -> bool:
        while self._here and next(iter(self._here.values())) < now - REMEMBERED_SECONDS:
            self._here.popitem(last=False)
        if fingerprint in self._here:
            return False
        self._here[fingerprint] = now
        return True


async def forget_requests(session: AsyncSession, now: datetime) -> int:
    """Delete requests that would now be refused as stale; return how many."""
    old = delete(SeenRequest).where(SeenRequest.forget_at <= now).returning(SeenRequest.fingerprint)
    return len((await session.execute(old)).all())


def _forget_at(now: int) -> datetime:
    """Return the full hour after which a request is stale; a finer time would date a press."""
    stale = datetime.fromtimestamp(now + REMEMBERED_SECONDS, UTC)
    return stale.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
