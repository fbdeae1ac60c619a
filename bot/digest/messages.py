"""What the sender posts for deliveries of this slice, composed at the last moment."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.digest.blocks import digest_message, lost_digest, refused_digest
from bot.digest.service import digest_of, subscription
from bot.slack.blocks import Message
from models import Delivery


async def compose_digest(
    session: AsyncSession, delivery: Delivery, _now: datetime
) -> Message | None:
    """Write a channel's digest; None when the channel has ended its subscription meanwhile.

    It tells what was published up to `delivery.due_at`, so that a second try says the same.
    """
    channel_id = delivery.recipient
    asked_for = "asked_by" in delivery.detail
    if not asked_for and not await subscription(session, delivery.workspace_id, channel_id):
        return None
    return digest_message(
        await digest_of(session, delivery.workspace_id, channel_id, delivery.due_at)
    )


async def compose_notice(
    _session: AsyncSession, delivery: Delivery, _now: datetime
) -> Message | None:
    """Write what whoever asked for a digest must know: it may be lost, or Slack refused it."""
    write = lost_digest if delivery.detail["about"] == "digest_lost" else refused_digest
    return write(str(delivery.detail["channel"]))
