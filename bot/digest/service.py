"""The weekly digest: who gets it, when it is due, and what is in it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.digest.pure.posting_time import next_post
from bot.errors import UserError
from bot.insights.results import RunningWave, WaveResults
from bot.insights.service import running_waves, wave_totals
from bot.outbox import deliveries
from bot.people import audit
from models import Delivery, DigestSubscription, Employee, Survey, ToldWave, Wave, Workspace
from models.database import UtcDateTime, insert_into

KIND: Final = "digest"
LOOKBACK: Final = timedelta(days=7)
"""How old news may be in a channel that has not subscribed."""
LATEST: Final = timedelta(days=3)
"""A digest that missed its time by more waits for the next week's, which then covers both."""
PREVIEW_LIFE: Final = timedelta(days=1)
_NEWS: Final = "waves"
"""Where a delivery's detail keeps which waves its message tells."""


@dataclass(frozen=True)
class Subscription:
    """A channel's weekly digest."""

    channel_id: str
    weekday: int
    """0 is Monday."""
    post_at: time
    tz: str
    next_at: datetime


@dataclass(frozen=True)
class ComingSurvey:
    """The survey that opens next."""

    name: str
    held_on: date | None
    ask_at: time | None
    """In each person's own zone; empty for a survey that is asked at once."""


@dataclass(frozen=True)
class Digest:
    """What a digest tells: the latest new wave of each survey, and what goes on."""

    news: tuple[str, ...]
    """Ids of all waves that are told with it, earlier ones of the same surveys included."""
    waves: tuple[WaveResults, ...]
    """Without their groups."""
    running: tuple[RunningWave, ...]
    coming: ComingSurvey | None


async def subscribe(
    session: AsyncSession,
    actor: Actor,
    channel_id: str,
    weekday: int,
    post_at: time,
    now: datetime,
) -> Subscription:
    """Give a channel the digest, or move it to another time; in the zone of who asks."""
    tz = await _zone(session, actor)
    next_at = next_post(weekday, post_at, tz, now)
    if await _has_digest(session, actor.workspace_id, _key(channel_id, next_at, tz)):
        # This week's is out already, at the time that was set before.
        next_at = next_post(weekday, post_at, tz, next_at)
    place = {"workspace_id": actor.workspace_id, "channel_id": channel_id}
    values = {
        "weekday": weekday,
        "post_at": post_at,
        "tz": tz,
        "next_at": next_at,
        "created_by": actor.user_id,
    }
    insert = insert_into(session, DigestSubscription).values(**place, **values, created_at=now)
    await session.execute(insert.on_conflict_do_update(index_elements=[*place], set_=values))
    audit.record(session, actor, "digest.subscribed", subject=channel_id, now=now)
    return Subscription(channel_id, weekday, post_at, tz, next_at)


async def unsubscribe(session: AsyncSession, actor: Actor, channel_id: str, now: datetime) -> bool:
    """End a channel's digest; return False when it had none."""
    ended = await session.execute(
        delete(DigestSubscription)
        .where(
            DigestSubscription.workspace_id == actor.workspace_id,
            DigestSubscription.channel_id == channel_id,
        )
        .returning(DigestSubscription.channel_id)
    )
    if ended.first() is None:
        return False
    audit.record(session, actor, "digest.unsubscribed", subject=channel_id, now=now)
    return True


async def subscription(
    session: AsyncSession, workspace_id: str, channel_id: str
) -> Subscription | None:
    """Return when a channel gets the digest, or None."""
    row = await session.get(DigestSubscription, (workspace_id, channel_id), populate_existing=True)
    if row is None:
        return None
    return Subscription(row.channel_id, row.weekday, row.post_at, row.tz, row.next_at)


async def due_digests(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, channel id) of digests that are due."""
    due = await session.execute(
        select(DigestSubscription.workspace_id, DigestSubscription.channel_id)
        .where(DigestSubscription.next_at <= now)
        .order_by(DigestSubscription.next_at, DigestSubscription.channel_id)
    )
    return [(workspace_id, channel_id) for workspace_id, channel_id in due]


async def enqueue(session: AsyncSession, workspace_id: str, channel_id: str, now: datetime) -> bool:
    """Make a delivery of a digest that is due; False when it is not due, or has one already.

    The key names channel and week, so that two schedulers, or a second try, make one. However many
    weeks were missed, at most the last of them is posted.
    """
    row = await session.get(
        DigestSubscription,
        (workspace_id, channel_id),
        with_for_update={"skip_locked": True},
        populate_existing=True,
    )
    if row is None or row.next_at > now:
        return False
    slot = row.next_at
    while (following := next_post(row.weekday, row.post_at, row.tz, slot)) <= now:
        slot = following
    row.next_at = following
    if now - slot > LATEST:
        return False
    key = _key(channel_id, slot, row.tz)
    return await deliveries.enqueue(session, workspace_id, key, KIND, channel_id, now)


async def post_now(
    session: AsyncSession, actor: Actor, channel_id: str, until: datetime, now: datetime
) -> bool:
    """Have the digest that was previewed at `until` posted.

    False when it is on its way, or when another digest has told the channel since. Raises
    UserError for a preview of long ago.
    """
    if not timedelta() <= now - until <= PREVIEW_LIFE:
        raise UserError(
            "This preview is more than a day old, so nothing was posted. "
            "`/digest now` makes a fresh one."
        )
    if await was_told_since(session, actor.workspace_id, channel_id, until):
        return False
    key = f"{KIND}:{channel_id}:preview:{until.isoformat()}"
    asked_by = actor.user_id
    made = await deliveries.enqueue(
        session,
        actor.workspace_id,
        key,
        KIND,
        channel_id,
        until,  # where its news end
        asked_by=asked_by,
        detail={"asked_by": asked_by},
    )
    if made:
        audit.record(session, actor, "digest.posted", subject=channel_id, now=now)
    return made


async def digest_of(
    session: AsyncSession,
    workspace_id: str,
    channel_id: str,
    until: datetime,
    delivery_id: str = "",
) -> Digest:
    """Return what is new for a channel among what was published up to `until`.

    That is what no digest has told it, since its subscription began. `delivery_id` is the digest
    that is being written, if one is.
    """
    subscribed = await session.get(DigestSubscription, (workspace_id, channel_id))
    told = select(ToldWave.wave_id).where(
        ToldWave.workspace_id == workspace_id, ToldWave.channel_id == channel_id
    )
    rows = await session.execute(
        select(Wave.id, Wave.survey_id)
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            Wave.published_at >= (subscribed.created_at if subscribed else until - LOOKBACK),
            Wave.published_at <= until,
            Wave.id.not_in(told),
        )
        .order_by(Wave.held_on.desc(), Wave.published_at.desc(), Wave.id)
    )
    under_way = await _under_way(session, workspace_id, channel_id, delivery_id)
    news = {wave_id: survey_id for wave_id, survey_id in rows if wave_id not in under_way}
    latest: dict[str, str] = {}
    for wave_id, survey_id in news.items():
        latest.setdefault(survey_id, wave_id)
    waves = [await wave_totals(session, workspace_id, wave_id) for wave_id in latest.values()]
    return Digest(
        news=tuple(news),
        waves=tuple(wave for wave in waves if wave),
        running=await running_waves(session, workspace_id),
        coming=await _coming(session, workspace_id),
    )


async def record_news(session: AsyncSession, delivery: Delivery, digest: Digest) -> None:
    """Keep which waves a delivery's message tells, until it is known to have arrived.

    The sender goes on with the `delivery` that it has, so that one is changed as well as the row.
    """
    delivery.detail = {**delivery.detail, _NEWS: list(digest.news)}
    await session.execute(
        update(Delivery)
        .where(Delivery.workspace_id == delivery.workspace_id, Delivery.id == delivery.id)
        .values(detail=delivery.detail)
        .execution_options(synchronize_session=False)
    )


async def mark_told(session: AsyncSession, delivery: Delivery, now: datetime) -> None:
    """Count the waves of a digest that arrived as told; a failed one leaves them to the next."""
    news = select(
        Wave.workspace_id,
        literal(delivery.recipient),
        Wave.id,
        literal(now, UtcDateTime),
    ).where(Wave.workspace_id == delivery.workspace_id, Wave.id.in_(delivery.detail.get(_NEWS, ())))
    await session.execute(
        insert_into(session, ToldWave)
        .from_select(["workspace_id", "channel_id", "wave_id", "told_at"], news)
        .on_conflict_do_nothing()
    )


async def was_told_since(
    session: AsyncSession,
    workspace_id: str,
    channel_id: str,
    moment: datetime,
    delivery_id: str = "",
) -> bool:
    """Tell whether another digest has told the channel something after a moment, or does now."""
    told = await session.scalar(
        select(ToldWave.wave_id)
        .where(
            ToldWave.workspace_id == workspace_id,
            ToldWave.channel_id == channel_id,
            ToldWave.told_at > moment,
        )
        .limit(1)
    )
    return bool(told or await _under_way(session, workspace_id, channel_id, delivery_id))


async def _under_way(
    session: AsyncSession, workspace_id: str, channel_id: str, delivery_id: str
) -> set[str]:
    """Return the waves of other digests that are being posted, and may have arrived already."""
    details = await session.scalars(
        select(Delivery.detail).where(
            Delivery.workspace_id == workspace_id,
            Delivery.recipient == channel_id,
            Delivery.kind == KIND,
            Delivery.status == "claimed",
            Delivery.id != delivery_id,
        )
    )
    return {wave_id for detail in details for wave_id in detail.get(_NEWS, ())}


async def _coming(session: AsyncSession, workspace_id: str) -> ComingSurvey | None:
    rows = await session.execute(
        select(Survey.name, Survey.next_on, Survey.ask_at)
        .where(
            Survey.workspace_id == workspace_id,
            Survey.status == "active",
            Survey.next_open_at.is_not(None),
        )
        .order_by(Survey.next_open_at, Survey.id)
        .limit(1)
    )
    row = rows.first()
    return ComingSurvey(*row) if row else None


async def _zone(session: AsyncSession, actor: Actor) -> str:
    employee = await session.get(Employee, (actor.workspace_id, actor.user_id))
    if employee is not None:
        return employee.tz
    workspace = await session.get_one(Workspace, actor.workspace_id)
    return workspace.tz


async def _has_digest(session: AsyncSession, workspace_id: str, key: str) -> bool:
    found = await session.scalar(
        select(Delivery.id).where(Delivery.workspace_id == workspace_id, Delivery.key == key)
    )
    return found is not None


def _key(channel_id: str, slot: datetime, tz: str) -> str:
    week = slot.astimezone(zone_of(tz)).isocalendar()
    return f"{KIND}:{channel_id}:{week.year}-W{week.week:02}"
