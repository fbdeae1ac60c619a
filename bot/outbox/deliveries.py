"""Rows of messages that must reach Slack once: put in, looked for, taken out.

How a row changes on its way is in states.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, String, and_, bindparam, case, delete, func, select
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
    part: str = ""
    """The delivery's part of a bundle; empty for a message that went alone."""


async def enqueue(
    session: AsyncSession,
    workspace_id: str,
    key: str,
    kind: str,
    recipient: str,
    due_at: datetime,
    *,
    asked_by: str | None = None,
    readers: Sequence[str] | None = None,
    wave_id: str | None = None,
    detail: dict[str, Any] | None = None,
    at_once: bool = False,
) -> bool:
    """Have a message wait for the planner; False if there is one with this key already.

    `due_at` is the earliest moment. `readers` are the people of a group DM. `at_once` makes a
    message due that needs no plan: an answer, or a channel's message.
    """
    made = await session.execute(
        insert_into(session, Delivery)
        .values(
            workspace_id=workspace_id,
            key=key,
            kind=kind,
            recipient=recipient,
            asked_by=asked_by,
            readers=list(readers) if readers else None,
            wave_id=wave_id,
            detail=detail or {},
            due_at=due_at,
            look_at=due_at,
            status="due" if at_once else "waiting",
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
        .returning(Delivery.id)
    )
    return made.first() is not None


async def enqueue_all(
    session: AsyncSession,
    workspace_id: str,
    kind: str,
    recipients: Sequence[str],
    about: str,
    due_at: datetime,
    detail: dict[str, Any],
) -> None:
    """Have the same message wait for each recipient, once for what it is `about`."""
    rows = [
        {
            "workspace_id": workspace_id,
            "key": f"{kind}:{about}:{recipient}",
            "kind": kind,
            "recipient": recipient,
            "detail": detail,
            "due_at": due_at,
            "look_at": due_at,
            "status": "waiting",
        }
        for recipient in recipients
    ]
    if rows:
        insert = insert_into(session, Delivery)
        await session.execute(
            insert.on_conflict_do_nothing(index_elements=["workspace_id", "key"]), rows
        )


async def add_notice(
    session: AsyncSession,
    workspace_id: str,
    key: str,
    recipient: str,
    detail: dict[str, Any],
    now: datetime,
    *,
    at_once: bool = False,
) -> None:
    """Enqueue a message to one person, once for a `key`; `detail["about"]` names its kind."""
    key = f"{NOTICE}:{detail['about']}:{key}"
    await enqueue(
        session, workspace_id, key, NOTICE, recipient, now, detail=detail, at_once=at_once
    )


async def unfinished_workspaces(session: AsyncSession, now: datetime) -> list[str]:
    """List workspaces with a delivery that is due, or claimed by anybody.

    Reads two small indexes of such rows only. Nothing is sent where Attune was uninstalled.
    """
    due = select(Delivery.workspace_id).where(
        Delivery.status == inline("due"), Delivery.due_at <= now
    )
    claimed = select(Delivery.workspace_id).where(Delivery.status == inline("claimed"))
    found = select(Workspace.id).where(
        Workspace.uninstalled_at.is_(None), Workspace.id.in_(due.union(claimed))
    )
    return list(await session.scalars(found.order_by(Workspace.id)))


async def oldest_due(session: AsyncSession) -> datetime | None:
    """Return since when the oldest due message is due; None if none is.

    That is since it was planned, or since the next try after a refusal.
    """
    since = case((Delivery.look_at > Delivery.due_at, Delivery.look_at), else_=Delivery.due_at)
    installed = and_(Workspace.id == Delivery.workspace_id, Workspace.uninstalled_at.is_(None))
    oldest = select(func.min(since)).join(Workspace, installed)
    found: datetime | None = await session.scalar(oldest.where(Delivery.status == inline("due")))
    return found


def inline(status: str) -> BindParameter[str]:
    """Write a status into the statement: a partial index is used where the statement names it."""
    return bindparam(None, status, String(), literal_execute=True)


async def expired_claims(
    session: AsyncSession, workspace_id: str, limit: int, clock: datetime
) -> list[list[Delivery]]:
    """Return messages whose claim has run out, each with its deliveries.

    They may have been posted or not.
    """
    expired = (
        Delivery.workspace_id == workspace_id,
        Delivery.status == "claimed",
        Delivery.claimed_until <= clock,
    )
    first = select(Delivery).where(*expired).order_by(Delivery.claimed_until, Delivery.id)
    found = {each.id: each for each in await session.scalars(first.limit(limit))}
    bundles = {each.bundle for each in found.values() if each.bundle}
    if bundles:
        others = select(Delivery).where(*expired, Delivery.bundle.in_(bundles))
        found |= {each.id: each for each in await session.scalars(others.order_by(Delivery.id))}
    return messages_of(found.values())


def message_id(delivery: Delivery) -> str:
    """Return the id by which the message of a delivery is recognised in Slack."""
    return delivery.bundle or delivery.id


def waited_when_restored(delivery: Delivery) -> bool:
    """Return True if a message still waited when the backup was made that it was restored from.

    It is a bundle of its own, which the planner never makes (`bot.backup.after_restoring`).
    """
    return delivery.bundle == delivery.id


def messages_of(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    """Put the deliveries that go out as one message together; keep the order."""
    messages: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        messages.setdefault(message_id(delivery), []).append(delivery)
    return list(messages.values())


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
    if found is None or not (found.channel and found.ts):
        return None
    return Posted(found.channel, found.ts, found.id if found.bundle else "")


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
