"""The kinds of message of this slice, composed at the last moment before they are sent."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.digest import alerts
from bot.digest.alert_blocks import alert_message, lost_alert, refused_alert
from bot.digest.blocks import digest_message, lost_digest, refused_digest
from bot.digest.service import digest_of, subscription
from bot.digest.told import KIND, WAVE_IDS, keep_in_detail, mark_told, was_told_since
from bot.outbox.deliveries import add_notice
from bot.outbox.kinds import Class, Compose, Composing, Kind
from models import AlertChannel, Delivery, DigestSubscription

LOST: Final = "digest_lost"
REFUSED: Final = "digest_refused"
ALERT_LOST: Final = "alert_lost"
ALERT_REFUSED: Final = "alert_refused"


async def compose_digest(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write a channel's digest, and keep with its delivery which waves it tells.

    None if the channel has ended its subscription since, or if another digest has told it what
    somebody asked to have posted.
    """
    place = delivery.workspace_id, delivery.recipient, delivery.due_at
    asked_for = "asked_by" in delivery.detail
    if not asked_for and not await subscription(session, *place[:2]):
        return None
    digest = await digest_of(session, *place, delivery.id)
    if asked_for and not digest.news and await was_told_since(session, *place, delivery.id):
        return None
    await keep_in_detail(session, delivery, **{WAVE_IDS: list(digest.wave_ids)})
    return digest_message(digest)


def _about_channel(write: Callable[[str], Message]) -> Compose:
    """Return the composer of a notice about a channel."""

    async def compose(
        _session: AsyncSession, delivery: Delivery, _composing: Composing
    ) -> Message | None:
        return write(str(delivery.detail["channel"]))

    return compose


async def compose_alert(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Write what stands out in a wave, and keep with its delivery which cells it names."""
    alert = await alerts.alert_of(session, delivery, composing.now)
    if alert is None:
        return None
    cells = [list(each.found.statement.cell) for each in alert.headlines]
    await keep_in_detail(session, delivery, **{alerts.CELLS: cells})
    return alert_message(alert)


async def _tell_asker(
    session: AsyncSession, delivery: Delivery, now: datetime, *, about: str
) -> None:
    """Make a notice due for the person who asked for a digest; they can look into the channel."""
    subscribed = await session.get(DigestSubscription, (delivery.workspace_id, delivery.recipient))
    owner = subscribed.created_by if subscribed else None
    await _tell(session, delivery, delivery.detail.get("asked_by") or owner, about, now)


async def _tell_owner(
    session: AsyncSession, delivery: Delivery, now: datetime, *, about: str
) -> None:
    """Make a notice due for the person who set up alerts."""
    channel = await session.get(AlertChannel, delivery.workspace_id)
    await _tell(session, delivery, channel.created_by if channel else None, about, now)


async def _tell(
    session: AsyncSession, delivery: Delivery, person: str | None, about: str, now: datetime
) -> None:
    if person:
        detail = {"about": about, "channel": delivery.recipient}
        await add_notice(session, delivery.workspace_id, delivery.key, person, detail, now)


KINDS: Final[Mapping[str, Kind]] = {
    KIND: Kind(
        compose_digest,
        Class.PROMISED,
        in_channel=True,
        on_posted=mark_told,
        on_lost=partial(_tell_asker, about=LOST),
        on_refused=partial(_tell_asker, about=REFUSED),
    ),
    LOST: Kind(_about_channel(lost_digest), Class.ASKED, rank=4),
    REFUSED: Kind(_about_channel(refused_digest), Class.ASKED, rank=4),
    alerts.KIND: Kind(
        compose_alert,
        Class.PROMISED,
        in_channel=True,
        on_posted=alerts.mark_told,
        on_lost=partial(_tell_owner, about=ALERT_LOST),
        on_refused=partial(_tell_owner, about=ALERT_REFUSED),
    ),
    ALERT_LOST: Kind(_about_channel(lost_alert), Class.ASKED, rank=4),
    ALERT_REFUSED: Kind(_about_channel(refused_alert), Class.ASKED, rank=4),
}
