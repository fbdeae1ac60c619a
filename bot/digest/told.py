"""Which waves a channel's digests have told, and are telling."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import Delivery, ToldWave, Wave
from models.database import UtcDateTime, insert_into

KIND: Final = "digest"
WAVE_IDS: Final = "waves"
"""Key in a delivery's detail: the ids of the waves that its message reports."""


async def keep_in_detail(session: AsyncSession, delivery: Delivery, **news: Any) -> None:
    """Store in a delivery what its message reports, until its arrival is confirmed.

    This changes both the row and the `delivery` object: the sender goes on to use the object.
    """
    delivery.detail = {**delivery.detail, **news}
    await session.execute(
        update(Delivery)
        .where(Delivery.workspace_id == delivery.workspace_id, Delivery.id == delivery.id)
        .values(detail=delivery.detail)
        .execution_options(synchronize_session=False)
    )


async def mark_told(session: AsyncSession, deliveries: Iterable[Delivery], now: datetime) -> None:
    """Record that posted digests reported their waves; a failed one leaves them to the next."""
    for delivery in deliveries:
        wave_ids = select(
            Wave.workspace_id,
            literal(delivery.recipient),
            Wave.id,
            literal(now, UtcDateTime),
        ).where(
            Wave.workspace_id == delivery.workspace_id,
            Wave.id.in_(delivery.detail.get(WAVE_IDS, ())),
        )
        await session.execute(
            insert_into(session, ToldWave)
            .from_select(["workspace_id", "channel_id", "wave_id", "told_at"], wave_ids)
            .on_conflict_do_nothing()
        )


async def was_told_since(
    session: AsyncSession,
    workspace_id: str,
    channel_id: str,
    moment: datetime,
    delivery_id: str = "",
) -> bool:
    """Return True if another digest was posted in the channel since, or is being posted."""
    reported = await session.scalar(
        select(ToldWave.wave_id)
        .where(
            ToldWave.workspace_id == workspace_id,
            ToldWave.channel_id == channel_id,
            ToldWave.told_at > moment,
        )
        .limit(1)
    )
    return bool(
        reported or await being_posted_elsewhere(session, workspace_id, channel_id, delivery_id)
    )


async def being_posted_elsewhere(
    session: AsyncSession, workspace_id: str, channel_id: str, delivery_id: str
) -> set[str]:
    """Return the waves of the channel's other digests that are being posted right now."""
    details = await session.scalars(
        select(Delivery.detail).where(
            Delivery.workspace_id == workspace_id,
            Delivery.recipient == channel_id,
            Delivery.kind == KIND,
            Delivery.status == "claimed",
            Delivery.id != delivery_id,
        )
    )
    return {wave_id for detail in details for wave_id in detail.get(WAVE_IDS, ())}
