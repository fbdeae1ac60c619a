"""What the sender posts for deliveries of this slice, composed at the last moment."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.digest.blocks import digest_message, lost_digest, refused_digest
from bot.digest.service import digest_of, record_news, subscription, was_told_since
from models import Delivery


async def compose_digest(
    session: AsyncSession, delivery: Delivery, _now: datetime
) -> Message | None:
    """Write a channel's digest, and keep with its delivery which waves it tells.

    None when the channel has ended its subscription meanwhile, or when another digest has told it
    what somebody asked to have posted.
    """
    place = delivery.workspace_id, delivery.recipient, delivery.due_at
    asked_for = "asked_by" in delivery.detail
    if not asked_for and not await subscription(session, *place[:2]):
        return None
    digest = await digest_of(session, *place, delivery.id)
    if asked_for and not digest.waves and await was_told_since(session, *place, delivery.id):
        return None
    await record_news(session, delivery, digest)
    return digest_message(digest)


async def compose_notice(
    _session: AsyncSession, delivery: Delivery, _now: datetime
) -> Message | None:
    """Write what whoever asked for a digest must know: it may be lost, or Slack refused it."""
    write = lost_digest if delivery.detail["about"] == "digest_lost" else refused_digest
    return write(str(delivery.detail["channel"]))
