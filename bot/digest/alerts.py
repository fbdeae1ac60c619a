"""Alerts: what stands out in a wave is told to HR's channel as soon as the wave is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights.news import Headline, survey_news
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.stands_out import ALERT_EVERY, due_alerts
from bot.insights.wave_results import WaveResults
from bot.outbox import deliveries
from bot.people import audit
from models import AlertChannel, Delivery, ToldAlert, Wave
from models.database import insert_into

KIND: Final = "alert"
WAVE: Final = "wave"
"""Key in a delivery's detail: the wave that it is about."""
CELLS: Final = "cells"
"""Key in a delivery's detail: the cells that its message names."""


@dataclass(frozen=True)
class Alert:
    """What stands out in a wave, and was not told in the last week."""

    wave: WaveResults
    headlines: tuple[Headline, ...]


async def set_channel(
    session: AsyncSession, actor: Actor, channel_id: str, now: datetime
) -> str | None:
    """Have alerts posted in a channel from now on; return the channel that had them before."""
    before = await channel_of(session, actor.workspace_id)
    values = {"channel_id": channel_id, "created_by": actor.user_id, "created_at": now}
    insert = insert_into(session, AlertChannel).values(workspace_id=actor.workspace_id, **values)
    await session.execute(
        insert.on_conflict_do_update(index_elements=["workspace_id"], set_=values)
    )
    audit.record(session, actor, "alerts.set", subject=channel_id, now=now)
    return before


async def end(session: AsyncSession, actor: Actor, now: datetime) -> bool:
    """End alerts; return False if there were none."""
    ended = await session.execute(
        delete(AlertChannel)
        .where(AlertChannel.workspace_id == actor.workspace_id)
        .returning(AlertChannel.channel_id)
    )
    row = ended.first()
    if row:
        audit.record(session, actor, "alerts.ended", subject=row[0], now=now)
    return row is not None


async def channel_of(session: AsyncSession, workspace_id: str) -> str | None:
    """Return the channel that gets the workspace's alerts, or None."""
    channel_id: str | None = await session.scalar(
        select(AlertChannel.channel_id).where(AlertChannel.workspace_id == workspace_id)
    )
    return channel_id


async def enqueue_alert(
    session: AsyncSession, workspace_id: str, wave_id: str, now: datetime
) -> bool:
    """Enqueue the alert of a wave that is being published, in the same transaction.

    Return False if nothing stands out in it, if nobody wants alerts, or if it is enqueued already.
    """
    wave = await session.get_one(Wave, (workspace_id, wave_id))
    channel_id = await channel_of(session, workspace_id)
    if not wave.stands_out or channel_id is None:
        return False
    key = f"{KIND}:{wave_id}"
    detail = {WAVE: wave_id}
    return await deliveries.enqueue(
        session, workspace_id, key, KIND, channel_id, now, detail=detail, at_once=True
    )


async def alert_of(session: AsyncSession, delivery: Delivery, now: datetime) -> Alert | None:
    """Return what an alert says now; None if all was told, or if its channel gets none any more."""
    workspace_id = delivery.workspace_id
    if await channel_of(session, workspace_id) != delivery.recipient:
        return None
    wave_ids = [str(delivery.detail[WAVE])]
    news = await survey_news(session, workspace_id, wave_ids, with_quotes=False)
    if news is None:
        return None
    told = await _last_told(session, delivery, now)
    statements = [each.found.statement for each in news.headlines]
    due = due_alerts(statements, told, now)
    headlines = tuple(each for each in news.headlines if each.found.statement in due)
    return Alert(news.wave, headlines) if headlines else None


async def mark_told(session: AsyncSession, posted: Iterable[Delivery], now: datetime) -> None:
    """Record which cells posted alerts named; a failed one leaves them to the next wave's."""
    for delivery in posted:
        for cell in _cells_of(delivery):
            await session.execute(
                insert_into(session, ToldAlert)
                .values(
                    workspace_id=delivery.workspace_id,
                    wave_id=delivery.detail[WAVE],
                    measure=cell.measure,
                    measure_ref=cell.ref,
                    segment=cell.segment,
                    segment_ref=cell.segment_ref,
                    told_at=now,
                )
                .on_conflict_do_nothing()
            )


async def _last_told(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Mapping[Cell, datetime]:
    """Return when each cell was last told within the time that matters, or is being told now."""
    cell = (ToldAlert.measure, ToldAlert.measure_ref, ToldAlert.segment, ToldAlert.segment_ref)
    rows = await session.execute(
        select(*cell, func.max(ToldAlert.told_at))
        .where(
            ToldAlert.workspace_id == delivery.workspace_id,
            ToldAlert.told_at > now - ALERT_EVERY,
        )
        .group_by(*cell)
    )
    others = await session.scalars(
        select(Delivery).where(
            Delivery.workspace_id == delivery.workspace_id,
            Delivery.kind == KIND,
            Delivery.status == "claimed",
            Delivery.id != delivery.id,
        )
    )
    being_told = {cell: now for other in others for cell in _cells_of(other)}
    return {Cell(*named): told_at for *named, told_at in rows} | being_told


def _cells_of(delivery: Delivery) -> list[Cell]:
    return [Cell(*each) for each in delivery.detail.get(CELLS, ())]
