"""The job that sends what is due, and who writes which message."""

from collections.abc import Mapping
from datetime import datetime

from bot.digest.messages import compose_digest, compose_notice
from bot.house import House
from bot.pulse.messages import compose_question, compose_reminder
from scheduler.sender import Compose, send_due

COMPOSERS: Mapping[str, Compose] = {
    "question": compose_question,
    "reminder": compose_reminder,
    "digest": compose_digest,
    "notice": compose_notice,
}
"""Who writes which kind of delivery, at the last moment."""


async def send_deliveries(house: House, now: datetime) -> int:
    """Send what is due; return how many deliveries moved on."""
    return await send_due(house, now, COMPOSERS)
