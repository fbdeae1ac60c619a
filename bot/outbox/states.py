"""The states of a delivery: which status may follow which. Every change goes through `move`.

`now` decides what is due. `clock` is the wall clock, for claims; a scheduler's `--now` does not
change it. No clock decides whether the sender of a workspace is alive: see scheduler/lease.py.

Functions that are given a claimed delivery change it only while that claim stands. If another
process has ended or claimed the delivery since, its change counts and ours is left out.

A claimed delivery becomes due again in three ways: `release_unposted` (nothing was tried),
`postpone` (a later try) and `requeue` (a lookup showed that it was never posted). It waits for the
planner again if its readers' working day is over, or if its bundle had no room for it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CursorResult,
    Update,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import CLAIM_LEASE, Posted, messages_of
from models import Delivery, Interruption
from models.database import table_of

Status = Literal["waiting", "due", "claimed", "sent", "dropped", "failed", "settled"]

FOLLOWS: Final[Mapping[Status, frozenset[Status]]] = {
    "waiting": frozenset({"due", "waiting", "dropped", "sent", "settled"}),
    "due": frozenset({"claimed", "waiting", "dropped", "sent", "settled"}),
    "claimed": frozenset({"due", "waiting", "claimed", "dropped", "failed", "sent", "settled"}),
    "dropped": frozenset({"sent", "settled"}),
    "failed": frozenset({"sent", "settled"}),
}
"""What may follow a status; nothing follows "sent" and "settled".

A claimed delivery may be claimed again: its claim gets another end. If Slack has the message, it
becomes sent, whatever the row says. "settled" is how every delivery of a discreet kind ends.
"""

LATENCY: Final = timedelta(seconds=10)
"""How late Slack may still carry out a request whose answer was lost."""
NOTHING_TO_SAY: Final = "nothing to say"
"""A reason for which a row ended. Others are Slack's error codes and names of exceptions."""
WAVE_CLOSED: Final = "closed"
AT_LIMIT: Final = "at limit"
"""The reader has had the week's messages."""
AWAY: Final = "away"
HELD: Final = (AT_LIMIT, AWAY)
"""Reasons for which a message waits longer than for its reader's next working day."""
FATE_UNKNOWN: Final = "fate unknown"
# One attempt, however many there were: the number would tell whether the message was sent.
_SETTLED: Final[dict[str, Any]] = {
    "status": "settled",
    "claimed_until": None,
    "reason": None,
    "attempts": 1,
    "readers": None,
}
_LONGEST_REASON: Final = 120
_DELIVERIES: Final = table_of(Delivery)


async def move(
    session: AsyncSession, which: ColumnElement[bool], status: Status, **changes: Any
) -> int:
    """Give deliveries their next status, and other columns new values; return how many moved.

    Those that this status may not follow stay as they are.
    """
    result = await session.execute(_moving(which, status, changes))
    return result.rowcount if isinstance(result, CursorResult) else 0


def _moving(which: ColumnElement[bool], status: Status, changes: dict[str, Any]) -> Update:
    return (
        update(Delivery)
        .where(which, Delivery.status.in_(_before(status)))
        .values(status=status, **changes)
        .execution_options(synchronize_session=False)
    )


def _before(status: Status) -> list[Status]:
    return [each for each, following in FOLLOWS.items() if status in following]


async def move_returning(
    session: AsyncSession, which: ColumnElement[bool], status: Status, **changes: Any
) -> list[str]:
    """Do as `move`; return the ids of the deliveries that moved."""
    result = await session.scalars(_moving(which, status, changes).returning(Delivery.id))
    return list(result)


async def claim(
    session: AsyncSession, workspace_id: str, limit: int, now: datetime, clock: datetime
) -> list[list[Delivery]]:
    """Claim up to `limit` deliveries that are due, the longest due first, as messages.

    A bundle is claimed whole. Skips rows that another transaction is claiming (PostgreSQL; SQLite
    has one writer).
    """
    is_due = (
        Delivery.workspace_id == workspace_id,
        Delivery.status == "due",
        Delivery.due_at <= now,
    )
    due = (
        select(Delivery.id, Delivery.bundle)
        .where(*is_due)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = (await session.execute(due)).all()
    if not found:
        return []
    bundles = {bundle for _, bundle in found if bundle}
    which: ColumnElement[bool] = Delivery.id.in_([delivery_id for delivery_id, _ in found])
    if bundles:
        which = or_(which, and_(Delivery.status == "due", Delivery.bundle.in_(bundles)))
    claimed_until = clock + CLAIM_LEASE
    attempts = Delivery.attempts + 1
    ids = await move_returning(
        session,
        and_(Delivery.workspace_id == workspace_id, which),
        "claimed",
        claimed_until=claimed_until,
        attempts=attempts,
    )
    claimed = (
        select(Delivery)
        .where(Delivery.workspace_id == workspace_id, Delivery.id.in_(ids))
        .order_by(Delivery.due_at, Delivery.id)
        .execution_options(populate_existing=True)
    )
    return messages_of(await session.scalars(claimed))


async def shorten_claims(session: AsyncSession, workspace_id: str, clock: datetime) -> None:
    """Have a workspace's claimed deliveries looked up soon, because their process died.

    The caller has just taken the lease and posted nothing yet; without the lease no other process
    posts. A message that was posted before arrives within LATENCY.
    """
    soon = clock + LATENCY
    which = and_(
        Delivery.workspace_id == workspace_id,
        Delivery.status == "claimed",
        Delivery.claimed_until > soon,
    )
    await move(session, which, "claimed", claimed_until=soon)


async def release_unposted(session: AsyncSession, claimed: Collection[Delivery]) -> None:
    """Make due again those claimed deliveries that were certainly not posted; no attempt counts."""
    for delivery in claimed:
        await move(
            session,
            _held(delivery),
            "due",
            claimed_until=None,
            attempts=delivery.attempts - 1,
        )


async def postpone(
    session: AsyncSession, delivery: Delivery, due_at: datetime, reason: str
) -> None:
    """Make a claimed delivery due again at a later time; `reason` is a code."""
    await move(
        session,
        _held(delivery),
        "due",
        claimed_until=None,
        due_at=due_at,
        reason=reason[:_LONGEST_REASON],
    )


async def withdraw_late(
    session: AsyncSession, workspace_id: str, now: datetime, reminders: Collection[str] = ()
) -> int:
    """Have messages wait again whose readers' working day ended before they were sent.

    Returns how many moved. Their day no longer counts as one with a message. `reminders` are the
    kinds of discreet ones, which end instead and keep their day: one that was not needed has ended
    already, and the next day would tell that this one was.
    """
    late = and_(
        Delivery.workspace_id == workspace_id, Delivery.status == "due", Delivery.send_by <= now
    )
    rows = await session.execute(
        select(Delivery.id, Delivery.bundle).where(late, Delivery.kind.not_in(reminders))
    )
    messages = {bundle or delivery_id for delivery_id, bundle in rows}
    if messages:
        await session.execute(
            delete(Interruption)
            .where(Interruption.workspace_id == workspace_id, Interruption.message_id.in_(messages))
            .execution_options(synchronize_session=False)
        )
    ended = await move(session, and_(late, Delivery.kind.in_(reminders)), **_SETTLED)
    again = await move(session, late, "waiting", look_at=now, send_by=None, bundle=None)
    return ended + again


async def put_back(
    session: AsyncSession, delivery: Delivery, look_at: datetime, *, was_tried: bool = False
) -> None:
    """Have a claimed delivery wait again, which its message went out without."""
    await move(
        session,
        _held(delivery),
        "waiting",
        claimed_until=None,
        attempts=delivery.attempts - (not was_tried),
        look_at=look_at,
        send_by=None,
        bundle=None,
    )


async def requeue(session: AsyncSession, delivery: Delivery) -> None:
    """Make a claimed delivery due again after the lookup showed that it was never posted."""
    await move(session, _held(delivery), "due", claimed_until=None, reason=None)


async def hold_for_lookup(
    session: AsyncSession, delivery: Delivery, reason: str, clock: datetime
) -> None:
    """Keep the claim on a delivery whose answer was lost, until it can be looked up."""
    await move(
        session,
        _held(delivery),
        "claimed",
        claimed_until=clock + LATENCY,
        reason=reason[:_LONGEST_REASON],
    )


async def count_attempt(session: AsyncSession, delivery: Delivery) -> None:
    """Count one more attempt for a delivery that stays claimed."""
    await move(session, _held(delivery), "claimed", attempts=delivery.attempts + 1)


async def mark_sent(session: AsyncSession, posted: Sequence[tuple[Delivery, Posted]]) -> None:
    """Record where messages are, whichever process holds their claims now."""
    values = [{"at_channel": place.channel, "at_ts": place.ts} for _, place in posted]
    await _end_each(session, _SEND, [delivery for delivery, _ in posted], values)


async def settle(session: AsyncSession, ended: Sequence[tuple[Delivery, Posted | None]]) -> None:
    """End deliveries of a discreet kind; None if there was nothing to say.

    They end in their order and in one way: PostgreSQL keeps with each row which transaction and
    which of its statements wrote it.
    """
    values = [
        {"is_posted": place is not None, "claim": delivery.claimed_until}
        for delivery, place in ended
    ]
    await _end_each(session, _SETTLE, [delivery for delivery, _ in ended], values)


async def drop(session: AsyncSession, delivery: Delivery) -> None:
    """Record that a claimed delivery has nothing to say any more."""
    ending = {"claimed_until": None, "reason": NOTHING_TO_SAY, "readers": None}
    await move(session, _held(delivery), "dropped", **ending)


async def drop_waiting(
    session: AsyncSession, delivery: Delivery, reason: str, *, discreet: bool
) -> None:
    """Record that a message that waited will not be sent; `reason` is a code."""
    ending = {"status": "dropped", "reason": reason, "readers": None}
    which = and_(_is(delivery), Delivery.status == "waiting")
    await move(session, which, **_hide_if_discreet(ending, discreet))


async def fail(session: AsyncSession, delivery: Delivery, reason: str, *, discreet: bool) -> bool:
    """Record that a claimed delivery will never be posted; False when its claim was lost.

    `reason` is a code, never a person's text.
    """
    ending = {
        "status": "failed",
        "claimed_until": None,
        "reason": reason[:_LONGEST_REASON],
        "readers": None,
    }
    return await move(session, _held(delivery), **_hide_if_discreet(ending, discreet)) == 1


async def drop_due_of_wave(
    session: AsyncSession, workspace_id: str, wave_id: str, reason: str = WAVE_CLOSED
) -> None:
    """Drop what a wave still has to send; a reason why it waited is kept.

    A claimed message belongs to the sender and may go out.
    """
    which = and_(
        Delivery.workspace_id == workspace_id,
        Delivery.wave_id == wave_id,
        Delivery.status.in_(("waiting", "due")),
    )
    await move(session, which, "dropped", reason=func.coalesce(Delivery.reason, reason))


def _is(delivery: Delivery) -> ColumnElement[bool]:
    return and_(Delivery.workspace_id == delivery.workspace_id, Delivery.id == delivery.id)


def _held(delivery: Delivery) -> ColumnElement[bool]:
    """Match a delivery while the claim that `delivery` shows still stands."""
    return and_(
        _is(delivery),
        Delivery.status == "claimed",
        Delivery.claimed_until == delivery.claimed_until,
    )


def _ending(status: Status, **values: Any) -> Update:
    """Return a statement that ends deliveries, for `_end_each`."""
    return (
        update(_DELIVERIES)
        .where(
            _DELIVERIES.c.workspace_id == bindparam("of_workspace"),
            _DELIVERIES.c.id == bindparam("of_id"),
            # A list of plain values cannot be repeated for many rows.
            _DELIVERIES.c.status.in_([literal(each) for each in _before(status)]),
        )
        .values(status=status, **values)
    )


_SEND: Final = _ending(
    "sent",
    channel=bindparam("at_channel"),
    ts=bindparam("at_ts"),
    claimed_until=None,
    reason=None,
    readers=None,
)
_SETTLE: Final = _ending(**_SETTLED).where(
    or_(
        bindparam("is_posted", type_=Boolean),
        and_(_DELIVERIES.c.status == "claimed", _DELIVERIES.c.claimed_until == bindparam("claim")),
    )
)


async def _end_each(
    session: AsyncSession,
    ending: Update,
    deliveries: Sequence[Delivery],
    values: Sequence[dict[str, Any]],
) -> None:
    """End deliveries one after the other, in one round trip."""
    if not deliveries:
        return
    places = [{"of_workspace": each.workspace_id, "of_id": each.id} for each in deliveries]
    connection = await session.connection()
    await connection.execute(
        ending, [place | more for place, more in zip(places, values, strict=True)]
    )


def _hide_if_discreet(ending: dict[str, Any], discreet: bool) -> dict[str, Any]:
    """Return what the row keeps of an ending: for a discreet kind, only that it is over."""
    return _SETTLED if discreet else ending
