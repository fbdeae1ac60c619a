"""Rows of messages that must reach Slack once: put in, looked for, taken out.

How a row changes on its way is in states.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.kinds import NOTICE
from models import Delivery, Workspace
from models.database import insert_into

CLAIM_LEASE: Final = timedelta(minutes=2)
"""Longer than any post can take, with all its fallbacks."""


@dataclass(frozen=True)
class Posted:
    """Where Slack put a message."""

    channel: str
    ts: str


async def enqueue(
    session: AsyncSession,
    workspace_id: str,
    key: str,
    kind: str,
    recipient: str,
    due_at: datetime,
    *,
    asked_by: str | None = None,
    detail: dict[str, Any] | None = None,
) -> bool:
    """Make a message due; False when there is one with this key already."""
    made = await session.execute(
        insert_into(session, Delivery)
        .values(
            workspace_id=workspace_id,
            key=key,
            kind=kind,
            recipient=recipient,
            asked_by=asked_by,
            detail=detail or {},
            due_at=due_at,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
        .returning(Delivery.id)
    )
    return made.first() is not None


async def add_notice(
    session: AsyncSession,
    workspace_id: str,
    key: str,
    recipient: str,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    """Make a message to one person due, once for a `key`; `detail["about"]` names its kind."""
    key = f"{NOTICE}:{detail['about']}:{key}"
    await enqueue(session, workspace_id, key, NOTICE, recipient, now, detail=detail)


async def unfinished_workspaces(session: AsyncSession, now: datetime) -> list[str]:
    """List workspaces with a delivery that is due, or claimed by anybody.

    Reads two small indexes of such rows only. Nothing is sent where Attune was uninstalled.
    """
    due = select(Delivery.workspace_id).where(
        Delivery.status == _inline("due"), Delivery.due_at <= now
    )
    claimed = select(Delivery.workspace_id).where(Delivery.status == _inline("claimed"))
    found = select(Workspace.id).where(
        Workspace.uninstalled_at.is_(None), Workspace.id.in_(due.union(claimed))
    )
    return list(await session.scalars(found.order_by(Workspace.id)))


def _inline(status: str) -> BindParameter[str]:
    """Write a status into the statement: a partial index is used where the statement names it."""
    return bindparam(None, status, String(), literal_execute=True)


async def expired_claims(
    session: AsyncSession, workspace_id: str, limit: int, clock: datetime
) -> Sequence[Delivery]:
    """Return deliveries whose claim has run out: they may have been posted or not."""
    found = await session.scalars(
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.status == "claimed",
            Delivery.claimed_until <= clock,
        )
        .order_by(Delivery.claimed_until, Delivery.id)
        .limit(limit)
    )
    return found.all()


def earliest_post(delivery: Delivery) -> datetime:
    """Return the earliest time at which a claimed delivery can have been posted."""
    if delivery.claimed_until is None:
        raise ValueError("the delivery is not claimed")
    # A minute for clocks that differ from Slack's.
    return delivery.claimed_until - CLAIM_LEASE - timedelta(minutes=1)


async def where_sent(session: AsyncSession, workspace_id: str, key: str) -> Posted | None:
    """Return where a delivery's message is; None if none was sent."""
    found = await session.scalar(
        select(Delivery).where(
            Delivery.workspace_id == workspace_id, Delivery.key == key, Delivery.status == "sent"
        )
    )
    return Posted(found.channel, found.ts) if found and found.channel and found.ts else None


async def delete_of_wave(session: AsyncSession, workspace_id: str, wave_id: str, kind: str) -> None:
    """Delete a wave's deliveries of one kind."""
    await session.execute(
        delete(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.wave_id == wave_id,
            Delivery.kind == kind,
        )
        .execution_options(synchronize_session=False)
    )
