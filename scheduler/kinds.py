"""The job that sends what is due, and who writes which message."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.digest import messages as digest
from bot.mentoring import messages as mentoring
from bot.people import reconnection
from bot.people.reconnection import RECONNECTED
from bot.pulse import messages as pulse
from bot.pulse import undelivered
from bot.runtime import Runtime
from bot.surveys import messages as surveys
from models import Delivery
from scheduler.sender import Compose, send_due

NOTICES: Mapping[str, Compose] = {
    "digest_lost": digest.compose_notice,
    "digest_refused": digest.compose_notice,
    RECONNECTED: reconnection.compose_notice,
    "too_few": surveys.compose_notice,
    "too_alike": surveys.compose_notice,
    "audience_unreadable": surveys.compose_notice,
    undelivered.ABOUT: undelivered.compose_notice,
}
"""Who writes which notice to one person of HR."""


async def compose_notice(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Let the slice that a notice is about write it."""
    return await NOTICES[delivery.detail["about"]](session, delivery, now)


COMPOSERS: Mapping[str, Compose] = {
    "question": pulse.compose_question,
    "reminder": pulse.compose_reminder,
    "digest": digest.compose_digest,
    "notice": compose_notice,
    **mentoring.COMPOSERS,
}
"""Who writes which kind of delivery, at the last moment."""


async def send_deliveries(runtime: Runtime, now: datetime) -> int:
    """Send what is due; return how many deliveries moved on."""
    page = runtime.settings.attune_privacy_url
    asking: Mapping[str, Compose] = {
        "question": partial(pulse.compose_question, page=page),
        "reminder": partial(pulse.compose_reminder, page=page),
    }
    return await send_due(runtime, now, {**COMPOSERS, **asking})
