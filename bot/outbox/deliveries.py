"""The life of a delivery: due, claimed, then sent, dropped, settled, failed, or due again.

`now` decides what is due. `clock` is the wall clock, for claims, and no `--now` of a scheduler
changes that. Whether the sender of a workspace is alive, no clock decides: see scheduler/lease.py.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    CursorResult,
    String,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from models import Delivery, DigestSubscription, SenderLease, Workspace
from models.database import insert_into

SENDER_LEASE: Final = timedelta(seconds=6)
"""How long a workspace waits for a sender that died."""
CLAIM_LEASE: Final = timedelta(minutes=2)
"""Longer than any post can take, in all its plainer forms."""
LATENCY: Final = timedelta(seconds=10)
"""How late Slack may still carry out a request whose answer we lost."""
COMPOSING_ATTEMPTS: Final = 5
REFUSED_ATTEMPTS: Final = 8
"""How often a message is tried that Slack refuses for now; while its wave is open, any number."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(hours=1)
"""How soon it is tried again: at first, and at last."""
LOOKUP_ATTEMPTS: Final = 10

NOTHING_TO_SAY: Final = "nothing to say"
DISCREET: Final = frozenset({"reminder", "mentor_question"})
"""The kinds of delivery that end the same whether they were sent or not: a reminder's row must not
tell who had answered by then, nor a question's who asked never to be paired with the asker."""
_SETTLED: Final = {"status": "settled", "claimed_until": None, "reason": None, "attempts": 1}
WAVE_CLOSED: Final = "closed"
FATE_UNKNOWN: Final = "fate unknown"


@dataclass(frozen=True)
class Posted:
    """Where Slack put a message."""

    channel: str
    ts: str


async def hold_lease(
    session: AsyncSession,
    workspace_id: str,
    holder: str,
    clock: datetime,
    stale: datetime | None = None,
) -> datetime | None:
    """Take or renew the right to send for a workspace.

    Returns None when it is held now, or what the lease of another process says: that lease is
    taken over when it still says `stale`.
    """
    mine = {"holder": holder, "held_until": clock + SENDER_LEASE}
    taken = await session.scalar(
        insert_into(session, SenderLease)
        .values(workspace_id=workspace_id, **mine)
        .on_conflict_do_update(
            index_elements=[SenderLease.workspace_id],
            set_=mine,
            where=or_(SenderLease.holder == holder, SenderLease.held_until == stale),
        )
        .returning(SenderLease.holder)
    )
    if taken is not None:
        return None
    lease = await session.get(SenderLease, workspace_id, populate_existing=True)
    return lease.held_until if lease else clock


async def expire_claims(session: AsyncSession, workspace_id: str, clock: datetime) -> None:
    """Let what a dead process has claimed be looked up soon.

    Whoever has just taken the lease has posted nothing yet, and another process posts nothing
    without it. What was posted before that arrives within LATENCY.
    """
    soon = clock + LATENCY
    await session.execute(
        update(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.status == _inline("claimed"),
            Delivery.claimed_until > soon,
        )
        .values(claimed_until=soon)
        .execution_options(synchronize_session=False)
    )


async def release_lease(session: AsyncSession, workspace_id: str, holder: str) -> None:
    """Let another process send for the workspace at once."""
    await session.execute(
        delete(SenderLease).where(
            SenderLease.workspace_id == workspace_id, SenderLease.holder == holder
        )
    )


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


async def claim(
    session: AsyncSession, workspace_id: str, limit: int, now: datetime, clock: datetime
) -> Sequence[Delivery]:
    """Claim up to `limit` deliveries that are due, the longest due first.

    Rows that another transaction is claiming are passed over (PostgreSQL; SQLite has one writer).
    """
    due = (
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.status == "due",
            Delivery.due_at <= now,
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = (await session.scalars(due)).all()
    for delivery in claimed:
        delivery.status = "claimed"
        delivery.attempts += 1
        delivery.claimed_until = clock + CLAIM_LEASE
    await session.flush()
    return claimed


async def give_back(session: AsyncSession, claimed: Collection[Delivery]) -> None:
    """Make deliveries due again that were claimed and certainly not posted."""
    for delivery in claimed:
        await _finish(
            session, delivery, status="due", claimed_until=None, attempts=delivery.attempts - 1
        )


async def mark_sent(session: AsyncSession, delivery: Delivery, posted: Posted) -> None:
    """Record where a message is, whoever holds the claim by now: it was posted, that is a fact."""
    await session.execute(
        update(Delivery)
        .where(Delivery.workspace_id == delivery.workspace_id, Delivery.id == delivery.id)
        .values(
            _kept(
                delivery,
                {
                    "status": "sent",
                    "channel": posted.channel,
                    "ts": posted.ts,
                    "claimed_until": None,
                    "reason": None,
                },
            )
        )
    )


async def where_sent(session: AsyncSession, workspace_id: str, key: str) -> Posted | None:
    """Return where a delivery's message stands; None while, and where, none was sent."""
    found = await session.scalar(
        select(Delivery).where(
            Delivery.workspace_id == workspace_id, Delivery.key == key, Delivery.status == "sent"
        )
    )
    return Posted(found.channel, found.ts) if found and found.channel and found.ts else None


async def drop(session: AsyncSession, delivery: Delivery) -> None:
    """Record that there was nothing to say any more."""
    await _finish(session, delivery, status="dropped", claimed_until=None, reason=NOTHING_TO_SAY)


async def drop_due_of_wave(
    session: AsyncSession, workspace_id: str, wave_id: str, reason: str = WAVE_CLOSED
) -> None:
    """Drop what a wave still has to send; why Slack refused it until now is kept.

    A claimed message is the sender's, and may go out.
    """
    await session.execute(
        update(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.wave_id == wave_id,
            Delivery.status == "due",
        )
        .values(status="dropped", reason=func.coalesce(Delivery.reason, reason))
        .execution_options(synchronize_session=False)
    )


async def forget_reminders(session: AsyncSession, workspace_id: str, wave_id: str) -> None:
    """Delete a wave's reminders.

    PostgreSQL keeps with a row which transaction changed it, and one that was sent is changed
    later than one that was not needed.
    """
    await session.execute(
        delete(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.wave_id == wave_id,
            Delivery.kind == "reminder",
        )
        .execution_options(synchronize_session=False)
    )


async def fail(session: AsyncSession, delivery: Delivery, reason: str, now: datetime) -> None:
    """Record that a message will never be posted; `reason` is a code, never a person's text.

    Where it was a digest, whoever asked for it is told.
    """
    failed = await _finish(
        session, delivery, status="failed", claimed_until=None, reason=reason[:120]
    )
    if failed:
        await _tell_asker(session, delivery, "digest_refused", now)


async def put_off(session: AsyncSession, delivery: Delivery, reason: str, now: datetime) -> None:
    """Try to compose it again later, each time later, at last not at all."""
    if delivery.attempts >= COMPOSING_ATTEMPTS:
        await fail(session, delivery, reason, now)
        return
    later = now + timedelta(minutes=2**delivery.attempts)
    await _finish(
        session, delivery, status="due", claimed_until=None, due_at=later, reason=reason[:120]
    )


async def try_later(session: AsyncSession, delivery: Delivery, reason: str, now: datetime) -> bool:
    """Post a message later that Slack refuses for now; False when it was tried often enough.

    A message of a wave is tried until the wave closes, which drops it. Of a reminder, a second try
    would tell that its person had not answered: it is over.
    """
    tried_enough = delivery.wave_id is None and delivery.attempts >= REFUSED_ATTEMPTS
    if tried_enough or delivery.kind in DISCREET:
        await fail(session, delivery, reason, now)
        return False
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** min(delivery.attempts - 1, 9))
    await _finish(
        session, delivery, status="due", claimed_until=None, due_at=now + pause, reason=reason[:120]
    )
    return True


async def leave_unknown(
    session: AsyncSession, delivery: Delivery, reason: str, clock: datetime
) -> None:
    """Keep a message claimed whose answer was lost, until it can be looked up."""
    await _finish(session, delivery, claimed_until=clock + LATENCY, reason=reason[:120])


async def unknown_fates(
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
    """Return a moment of which we know that a claimed delivery was not posted before it."""
    if delivery.claimed_until is None:
        raise ValueError("the delivery is not claimed")
    # A minute for clocks that differ from Slack's.
    return delivery.claimed_until - CLAIM_LEASE - timedelta(minutes=1)


async def found_missing(session: AsyncSession, delivery: Delivery) -> None:
    """Re-queue a delivery after the look-up showed it was never posted."""
    await _finish(session, delivery, status="due", claimed_until=None, reason=None)


async def could_not_look(session: AsyncSession, delivery: Delivery, now: datetime) -> None:
    """Count a look-up that was not answered; after many, the message counts as lost."""
    if delivery.attempts >= LOOKUP_ATTEMPTS:
        await give_up(session, delivery, now)
        return
    await _finish(session, delivery, attempts=delivery.attempts + 1)


async def give_up(session: AsyncSession, delivery: Delivery, now: datetime) -> None:
    """Never repeat a message that may have been posted; where a digest is lost, say so.

    The person who asked for the digest can look into the channel, which Attune can't.
    """
    lost = await _finish(
        session, delivery, status="failed", claimed_until=None, reason=FATE_UNKNOWN
    )
    if lost:
        await _tell_asker(session, delivery, "digest_lost", now)


async def _tell_asker(session: AsyncSession, delivery: Delivery, about: str, now: datetime) -> None:
    """Make a notice due for whoever asked for a digest; other deliveries have nobody to tell."""
    if delivery.kind != "digest":
        return
    subscription = await session.get(
        DigestSubscription, (delivery.workspace_id, delivery.recipient)
    )
    asked_by = delivery.detail.get("asked_by") or (subscription and subscription.created_by)
    if asked_by:
        detail = {"about": about, "channel": delivery.recipient}
        await add_notice(session, delivery.workspace_id, delivery.key, asked_by, detail, now)


async def add_notice(
    session: AsyncSession,
    workspace_id: str,
    key: str,
    recipient: str,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    """Make a message to one person due, once for a `key`; `detail["about"]` says which it is."""
    await session.execute(
        insert_into(session, Delivery)
        .values(
            workspace_id=workspace_id,
            key=f"notice:{detail['about']}:{key}",
            kind="notice",
            recipient=recipient,
            detail=detail,
            due_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Delivery.workspace_id, Delivery.key])
    )


async def _finish(session: AsyncSession, delivery: Delivery, **values: Any) -> bool:
    """Change a delivery that is still claimed by the claim that `delivery` shows.

    False when somebody else has settled or claimed it since: then theirs stands.
    """
    result = await session.execute(
        update(Delivery)
        .where(
            Delivery.workspace_id == delivery.workspace_id,
            Delivery.id == delivery.id,
            Delivery.status == "claimed",
            Delivery.claimed_until == delivery.claimed_until,
        )
        .values(_kept(delivery, values))
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def _kept(delivery: Delivery, values: dict[str, Any]) -> dict[str, Any]:
    """Return what is written down of an outcome: of some kinds only that it is behind."""
    is_over = values.get("status") in ("sent", "dropped", "failed")
    return _SETTLED if delivery.kind in DISCREET and is_over else values
