"""Sealed waves are published."""

from datetime import datetime
from functools import partial

from bot.house import House
from bot.insights.service import publish, waves_to_publish
from scheduler.units import each


async def publish_waves(house: House, now: datetime) -> int:
    """Compute and store the figures of waves that are sealed."""
    async with house.reading() as session:
        waves = await waves_to_publish(session)
    return await each(house, "publishing figures", waves, partial(_publish, house, now))


async def _publish(house: House, now: datetime, wave: tuple[str, str]) -> int:
    async with house.sessions.begin() as session:
        await publish(session, *wave, now)
    return 1
