"""How many messages wait, and what became of those of the last hour: numbers for monitoring.

Rows are only counted, by state and kind, so the numbers tell no more than the rows: a message of a
discreet kind ends as "settled", whether it was sent or not (models/delivery.py). All counts are
rounded down to a multiple of STEP.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.metrics import in_steps
from bot.outbox.deliveries import oldest_due
from bot.runtime import Runtime
from models import Delivery, Workspace

logger = logging.getLogger(__name__)

RECENT: Final = timedelta(hours=1)
MOST_ROWS: Final = 100_000
"""Rows that one statement counts, so that a backlog is not made worse by counting it."""
SECONDS: Final = 5.0
"""How long the database may take."""
ENDED: Final = ("sent", "dropped", "settled", "failed")


class DeliveryGauges:
    """The gauges `attune_deliveries` and `attune_oldest_due_delivery_seconds`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._deliveries = runtime.metrics.gauge(
            "attune_deliveries",
            "Messages that wait, are due or claimed, and what became of those due in the last hour",
            ("state", "kind"),
        )
        self._oldest = runtime.metrics.gauge(
            "attune_oldest_due_delivery_seconds", "How long the oldest due message has been due"
        )

    async def __call__(self) -> None:
        """Set the gauges; if the database does not answer, they are missing from the page."""
        now = self._runtime.wall_clock()
        self._deliveries.clear()
        self._oldest.set(float("nan"))
        try:
            async with asyncio.timeout(SECONDS), self._runtime.reading() as session:
                for statement in (_waiting(), _due(now), _claimed(), _ended(now)):
                    for state, kind, count in await session.execute(_counting(statement)):
                        # A 0 would tell that there is one.
                        if shown := in_steps(count):
                            self._deliveries.labels(state, kind).set(shown)
                self._oldest.set(await _oldest_due_seconds(session, now))
        except (SQLAlchemyError, OSError) as error:
            logger.warning("deliveries could not be counted: %s", type(error).__name__)


def _counting(rows: Select[str, str]) -> Select[Any]:
    counted = rows.limit(MOST_ROWS).subquery()
    return select(counted.c.status, counted.c.kind, func.count()).group_by(
        counted.c.status, counted.c.kind
    )


# A partial index is used where the statement names its state.
_IS_DUE: Final = Delivery.status == literal_column("'due'")
_IS_WAITING: Final = Delivery.status == literal_column("'waiting'")
_IS_CLAIMED: Final = Delivery.status == literal_column("'claimed'")
_IS_INSTALLED: Final = and_(
    Workspace.id == Delivery.workspace_id, Workspace.uninstalled_at.is_(None)
)
"""Nothing is sent where Attune was uninstalled."""
_ROWS: Final = select(Delivery.status, Delivery.kind).join(Workspace, _IS_INSTALLED)


def _waiting() -> Select[str, str]:
    return _ROWS.where(_IS_WAITING)


def _due(now: datetime) -> Select[str, str]:
    return _ROWS.where(_IS_DUE, Delivery.due_at <= now)


def _claimed() -> Select[str, str]:
    return _ROWS.where(_IS_CLAIMED)


def _ended(now: datetime) -> Select[str, str]:
    """Select by the index of workspace, state and time."""
    return _ROWS.where(
        Delivery.status.in_(ENDED), Delivery.due_at > now - RECENT, Delivery.due_at <= now
    )


async def _oldest_due_seconds(session: AsyncSession, now: datetime) -> float:
    oldest = await oldest_due(session)
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
