"""How far a wave has got with sending its questions, read from its deliveries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.states import HELD
from bot.surveys.pure.closing import Asking
from models import Delivery, Wave


def _is_waiting() -> ColumnElement[bool]:
    """Match questions that are on their way, unless their reader is away or has had enough."""
    return Delivery.status.in_(("waiting", "due", "claimed")) & ~_is_held()


def _is_held() -> ColumnElement[bool]:
    return (Delivery.status == "waiting") & func.coalesce(Delivery.reason.in_(HELD), false())


def is_being_asked() -> ColumnElement[bool]:
    """Return the condition that a wave still has questions to send."""
    waiting = (
        select(Delivery.id)
        .where(
            Delivery.workspace_id == Wave.workspace_id,
            Delivery.wave_id == Wave.id,
            Delivery.kind == "question",
            _is_waiting(),
        )
        .exists()
    )
    return waiting | Wave.queued.is_(False)


@dataclass(frozen=True)
class Sending:
    """How many people a wave's question has reached, is on its way to, and does not reach now."""

    asked: int
    on_their_way: int
    held: int
    """Away, or at the most messages for the week."""
    last_look: datetime | None
    """When the last of those on their way has working hours, if that is later."""


async def sending_of(session: AsyncSession, workspace_id: str, wave_id: str) -> Sending:
    """Count a wave's questions by how far they have got."""
    row = (
        await session.execute(
            select(
                func.count(case((Delivery.status == "sent", 1))),
                func.count(case((_is_waiting(), 1))),
                func.count(case((_is_held(), 1))),
                func.max(case((_is_waiting(), Delivery.look_at))),
            ).where(
                Delivery.workspace_id == workspace_id,
                Delivery.wave_id == wave_id,
                Delivery.kind == "question",
            )
        )
    ).one()
    return Sending(*row)


async def asking_of(
    session: AsyncSession, workspace_id: str, wave_ids: Collection[str], now: datetime
) -> dict[str, Asking]:
    """Return how far each of these waves has got.

    A person counts as asked when their question was due, or when Slack posted it if that was
    later. A question that can't be sent asks nobody.
    """
    is_sent = Delivery.status == "sent"
    # Slack's time stamps are seconds since 1970 with ten digits, so they compare as texts.
    # A time stamp ahead of our clock comes from another clock, and is ignored.
    is_posted = is_sent & (Delivery.ts <= f"{now.timestamp():.6f}")
    rows = await session.execute(
        select(
            Delivery.wave_id,
            func.max(case((is_sent, Delivery.due_at))),
            func.max(case((is_posted, Delivery.ts))),
            func.max(case((_is_waiting(), func.coalesce(Delivery.look_at, Delivery.due_at)))),
        )
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.wave_id.in_(wave_ids),
            Delivery.kind == "question",
        )
        .group_by(Delivery.wave_id)
    )
    found = dict.fromkeys(wave_ids, Asking())
    for wave_id, due_at, ts, last_waiting in rows:
        posted_at = datetime.fromtimestamp(float(ts), UTC) if ts else None
        last_asked = max((each for each in (due_at, posted_at) if each), default=None)
        found[wave_id] = Asking(last_asked, last_waiting)
    unqueued = await session.execute(
        select(Wave.id, Wave.closes_at).where(
            Wave.workspace_id == workspace_id, Wave.id.in_(wave_ids), Wave.queued.is_(False)
        )
    )
    for wave_id, closes_at in unqueued:
        # The last person is not known yet, but is asked before the wave closes.
        found[wave_id] = Asking(found[wave_id].last_asked, closes_at)
    return found
