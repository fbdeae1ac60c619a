"""Plans the messages that wait: reads a page of them, plans each DM's, stores what was decided.

`scheduler/planner.py` takes the three steps one after the other. Two processes may plan the same
message at once. A day with a message is stored under the reader's id, so only one of them can.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.planner import Item, Plan, Reader, plan
from bot.attention.readers import read_readers
from bot.outbox import states
from bot.outbox.deliveries import inline
from bot.outbox.kinds import Class, Kind
from models import Delivery, Interruption, Workspace
from models.database import insert_into, new_key

PAGE: Final = 500
"""How many messages are looked at in one go."""
LAPSED: Final = "lapsed"
"""The reason of a message for which its reader's budget left no place in time."""
HELD_CLASSES: Final = (Class.ASKED, Class.NEWS)
_DELIVERIES: Final = cast("Table", Delivery.__table__)


@dataclass(frozen=True)
class Waiting:
    """The messages that wait for one DM, group DM or channel."""

    deliveries: Mapping[str, tuple[Delivery, Kind]]
    """By the delivery's id."""
    readers: Mapping[str, Reader]
    """By id; empty for a channel, and for people who have left."""

    def items(self) -> list[Item]:
        """Return what the planner has to know. Nobody's attention holds a channel's message."""
        return [
            Item(
                row.id,
                row.due_at,
                kind.rank,
                kind.waits(),
                row.due_at + kind.lapses_after if kind.lapses_after else None,
                is_held=bool(self.readers) and kind.class_ in HELD_CLASSES,
                is_reminder=kind.is_reminder,
            )
            for row, kind in self.deliveries.values()
        ]


@dataclass(frozen=True)
class Decision:
    """What was planned for one DM, group DM or channel."""

    waiting: Waiting
    plan: Plan
    message_id: str
    """Of what goes out together."""
    days: Mapping[str, date]
    """The local day of each reader."""


async def workspaces_to_plan(session: AsyncSession, now: datetime) -> list[str]:
    """Return workspaces with a message that is to be looked at. Reads an index of those only."""
    waiting = select(Delivery.workspace_id).where(
        Delivery.status == inline("waiting"), Delivery.look_at <= now
    )
    found = select(Workspace.id).where(
        Workspace.uninstalled_at.is_(None), Workspace.id.in_(waiting)
    )
    return list(await session.scalars(found.order_by(Workspace.id)))


async def read_page(
    session: AsyncSession,
    workspace_id: str,
    kind_of: Callable[[Delivery], Kind],
    now: datetime,
    limit: int = PAGE,
) -> list[Waiting]:
    """Read all that waits for the recipients of the `limit` messages to be looked at first."""
    waiting = Delivery.workspace_id == workspace_id, Delivery.status == inline("waiting")
    first = (
        select(Delivery.recipient)
        .where(*waiting, Delivery.look_at <= now)
        .order_by(Delivery.look_at)
        .limit(limit)
    )
    recipients = set(await session.scalars(first))
    rows = await session.scalars(
        select(Delivery)
        .where(*waiting, Delivery.recipient.in_(recipients))
        .order_by(Delivery.due_at, Delivery.id)
    )
    by_recipient: dict[str, list[Delivery]] = {}
    people: dict[str, set[str]] = {}
    for row in rows:
        by_recipient.setdefault(row.recipient, []).append(row)
        people.setdefault(row.recipient, set()).update(row.readers or (row.recipient,))
    readers = await read_readers(session, workspace_id, set().union(*people.values()), now)
    return [
        Waiting(
            {row.id: (row, kind_of(row)) for row in of_one},
            {each: readers[each] for each in sorted(people[recipient]) if each in readers},
        )
        for recipient, of_one in by_recipient.items()
    ]


def decide(page: Iterable[Waiting], now: datetime) -> list[Decision]:
    """Plan what waits for each recipient. Run it in a thread: calendars take some time."""
    decisions = []
    for waiting in page:
        made = plan(waiting.items(), list(waiting.readers.values()), now)
        days = {who: reader.calendar.local_day(now) for who, reader in waiting.readers.items()}
        message_id = made.together[0] if len(made.together) == 1 else new_key()
        decisions.append(Decision(waiting, made, message_id, days))
    return decisions


async def store(
    session: AsyncSession, workspace_id: str, decisions: Sequence[Decision], now: datetime
) -> int:
    """Store what was decided; return how many messages are due or dropped now.

    A message waits on if one of its readers has got another one in the meantime.
    """
    await _take_promised_days(session, workspace_id, decisions)
    free = await _take_days(session, workspace_id, decisions)
    due: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    dropped: list[tuple[Delivery, Kind]] = []
    for each in decisions:
        made, deliveries = each.plan, each.waiting.deliveries
        bundle = each.message_id if len(made.together) > 1 else None
        due += [_made_due(deliveries[one][0], None, None, now) for one in made.at_once]
        if each.message_id in free:
            due += [
                _made_due(deliveries[one][0], bundle, made.send_by, now) for one in made.together
            ]
        dropped += [deliveries[one] for one in made.lapsed]
        gone = {*made.at_once, *made.together, *made.lapsed}
        if made.look_at:
            rows = [row for row, _ in deliveries.values() if row.id not in gone]
            later += [_looked_at_later(row, made, made.look_at, now) for row in rows]
    await _update(
        session, workspace_id, due, "status", "due_at", "look_at", "bundle", "send_by", "reason"
    )
    await _update(session, workspace_id, later, "look_at", "reason")
    for row, kind in dropped:
        await states.drop_waiting(session, row, LAPSED, discreet=kind.discreet)
    return len(due) + len(dropped)


async def look_again(
    session: AsyncSession, workspace_id: str, now: datetime, person: str | None = None
) -> None:
    """Have the planner look at once at what waits for a person, or for everybody.

    Their preferences or hours have changed.
    """
    waiting = update(Delivery).where(
        Delivery.workspace_id == workspace_id,
        Delivery.status == "waiting",
        Delivery.due_at <= now,
    )
    if person is not None:
        waiting = waiting.where(Delivery.recipient == person)
    await session.execute(waiting.values(look_at=now).execution_options(synchronize_session=False))


async def due_now(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Count the messages that are planned and not sent yet."""
    due = select(func.count()).where(
        Delivery.workspace_id == workspace_id,
        Delivery.status == "due",
        Delivery.due_at <= now,
    )
    return await session.scalar(due) or 0


def _made_due(
    row: Delivery, bundle: str | None, send_by: datetime | None, now: datetime
) -> dict[str, Any]:
    # What is due later today comes along with what is due now.
    due_at = min(row.due_at, now)
    return {
        "row": row.id,
        "status": "due",
        "due_at": due_at,
        "look_at": now,
        "bundle": bundle,
        "send_by": send_by,
        "reason": None,
    }


def _looked_at_later(row: Delivery, made: Plan, look_at: datetime, now: datetime) -> dict[str, Any]:
    kept = None if row.reason in states.HELD else row.reason
    if row.due_at > now:
        # Nothing holds it yet, and until then it may be promised, or the budget raised.
        return {"row": row.id, "look_at": row.due_at, "reason": kept}
    return {"row": row.id, "look_at": look_at, "reason": str(made.why) if made.why else kept}


async def _update(
    session: AsyncSession, workspace_id: str, rows: Sequence[dict[str, Any]], *columns: str
) -> None:
    """Give waiting deliveries new values; those that no longer wait stay as they are."""
    if not rows:
        return
    connection = await session.connection()
    await connection.execute(
        update(_DELIVERIES)
        .where(
            _DELIVERIES.c.workspace_id == workspace_id,
            _DELIVERIES.c.id == bindparam("row"),
            _DELIVERIES.c.status == "waiting",
        )
        .values({name: bindparam(f"new_{name}") for name in columns}),
        [{"row": row["row"], **{f"new_{name}": row[name] for name in columns}} for row in rows],
    )


async def _take_days(
    session: AsyncSession, workspace_id: str, decisions: Sequence[Decision]
) -> set[str]:
    """Store the days with a message; return the messages whose readers are all free that day."""
    wanted = {each.message_id: each.days for each in decisions if each.plan.together}
    got: dict[str, set[str]] = {message_id: set() for message_id in wanted}
    for person, message_id in await _insert_days(session, workspace_id, wanted):
        got[message_id].add(person)
    free = {message_id for message_id, days in wanted.items() if got[message_id] == set(days)}
    lost = [message_id for message_id in wanted if message_id not in free and got[message_id]]
    if lost:
        await session.execute(
            delete(Interruption)
            .where(Interruption.workspace_id == workspace_id, Interruption.message_id.in_(lost))
            .execution_options(synchronize_session=False)
        )
    return free


async def _take_promised_days(
    session: AsyncSession, workspace_id: str, decisions: Sequence[Decision]
) -> None:
    """Count what was promised for this time, whatever else the day has."""
    promised = {
        delivery_id: each.days
        for each in decisions
        for delivery_id in each.plan.at_once
        if each.waiting.deliveries[delivery_id][1].class_ is Class.PROMISED
    }
    await _insert_days(session, workspace_id, promised)


async def _insert_days(
    session: AsyncSession, workspace_id: str, messages: Mapping[str, Mapping[str, date]]
) -> list[tuple[str, str]]:
    """Store each message's days, by reader; return (reader, message id) of those that were free."""
    rows = [
        {"workspace_id": workspace_id, "employee_id": who, "day": day, "message_id": message_id}
        for message_id, days in messages.items()
        for who, day in days.items()
    ]
    if not rows:
        return []
    # In one order: two planners that lock each other's rows would wait for ever.
    rows.sort(key=itemgetter("employee_id", "day"))
    # Rows within the statement would make SQLAlchemy compile it again for each page.
    insert = insert_into(session, Interruption).on_conflict_do_nothing()
    stored = await session.execute(
        insert.returning(Interruption.employee_id, Interruption.message_id), rows
    )
    return [(who, message_id) for who, message_id in stored]
