"""The weekly digest: who gets it, when it is due, and what is in it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.digest.when import next_post
from bot.errors import UserError
from bot.insights.results import RunningWave, WaveResults
from bot.insights.service import published_between, running_waves
from bot.people import audit
from bot.people.zones import zone_of
from bot.slack.actor import Actor
from models import Delivery, DigestSubscription, Employee, Survey, Workspace
from models.database import insert_into

KIND: Final = "digest"
FIRST_LOOKBACK: Final = timedelta(days=7)
LONGEST_LOOKBACK: Final = timedelta(days=28)
"""What closed longer ago is no news, even where no digest has reached the channel since."""
LATEST: Final = timedelta(days=3)
"""A digest that missed its time by more waits for the next week's, which then covers both."""
PREVIEW_LIFE: Final = timedelta(days=1)


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
    opens_at: datetime


@dataclass(frozen=True)
class Digest:
    """What a digest tells: waves that were published in its time, and what goes on."""

    since: datetime
    waves: tuple[WaveResults, ...]
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
    return await _enqueue(session, workspace_id, channel_id, key, now, {})


async def post_now(
    session: AsyncSession, actor: Actor, channel_id: str, until: datetime, now: datetime
) -> bool:
    """Have the digest that was previewed at `until` posted; False when it is on its way already.

    Raises UserError for a preview of long ago.
    """
    if not timedelta() <= now - until <= PREVIEW_LIFE:
        raise UserError(
            "This preview is more than a day old, so nothing was posted. "
            "`/digest now` makes a fresh one."
        )
    key = f"{KIND}:{channel_id}:preview:{until.isoformat()}"
    detail = {"asked_by": actor.user_id}
    made = await _enqueue(session, actor.workspace_id, channel_id, key, until, detail)
    if made:
        audit.record(session, actor, "digest.posted", subject=channel_id, now=now)
    return made


async def digest_of(
    session: AsyncSession, workspace_id: str, channel_id: str, until: datetime
) -> Digest:
    """Return what is new for a channel up to `until`: since the last digest that reached it.

    A first digest looks back a week.
    """
    last = await session.scalar(
        select(Delivery.due_at)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.kind == KIND,
            Delivery.recipient == channel_id,
            Delivery.status == "sent",
            Delivery.due_at < until,
        )
        .order_by(Delivery.due_at.desc())
        .limit(1)
    )
    since = max(last, until - LONGEST_LOOKBACK) if last else until - FIRST_LOOKBACK
    return Digest(
        since=since,
        waves=tuple(await published_between(session, workspace_id, since, until)),
        running=await running_waves(session, workspace_id),
        coming=await _coming(session, workspace_id),
    )


async def _coming(session: AsyncSession, workspace_id: str) -> ComingSurvey | None:
    survey = await session.scalar(
        select(Survey)
        .where(
            Survey.workspace_id == workspace_id,
            Survey.status == "active",
            Survey.next_open_at.is_not(None),
        )
        .order_by(Survey.next_open_at, Survey.id)
        .limit(1)
    )
    if survey is None or survey.next_open_at is None:
        return None
    return ComingSurvey(survey.name, survey.next_open_at)


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


async def _enqueue(
    session: AsyncSession,
    workspace_id: str,
    channel_id: str,
    key: str,
    due_at: datetime,
    detail: dict[str, str],
) -> bool:
    """Insert a delivery unless its key is there; its `due_at` is where its news end."""
    made = await session.execute(
        insert_into(session, Delivery)
        .values(
            workspace_id=workspace_id,
            key=key,
            kind=KIND,
            recipient=channel_id,
            asked_by=detail.get("asked_by"),
            detail=detail,
            due_at=due_at,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
        .returning(Delivery.id)
    )
    return made.first() is not None


def _key(channel_id: str, slot: datetime, tz: str) -> str:
    week = slot.astimezone(zone_of(tz)).isocalendar()
    return f"{KIND}:{channel_id}:{week.year}-W{week.week:02}"
