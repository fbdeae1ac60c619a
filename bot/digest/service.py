"""The weekly or monthly digest: subscriptions, due times, and content."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.digest.months import month_lines
from bot.digest.pure.posting_time import ALL, Choices, Rhythm, next_post
from bot.digest.told import KIND, being_posted_elsewhere, was_told_since
from bot.errors import UserError
from bot.insights.news import SurveyNews, survey_news
from bot.insights.service import running_waves
from bot.insights.wave_results import RunningWave
from bot.languages import _, marked
from bot.outbox import deliveries
from bot.people import audit
from bot.products.decisions.telling import NOTHING_YET, CameOfIt, came_of_it
from models import Delivery, DigestSubscription, Employee, Survey, ToldWave, Wave, Workspace
from models.database import insert_into

LOOKBACK: Final = timedelta(days=7)
"""The period that a digest covers in a channel without a subscription."""
A_MONTH: Final = timedelta(days=31)
"""The period that the first monthly digest covers."""
EARLIER_WAVES: Final = 5
"""Earlier waves of a survey that a monthly digest reports with its newest one."""
MAX_DELAY: Final = timedelta(days=3)
"""A digest that is later than this is skipped; the next one covers both weeks."""
PREVIEW_LIFETIME: Final = timedelta(days=1)
OLD_PREVIEW: Final = marked(
    "This preview is more than a day old, so nothing was posted. `/digest now` makes a fresh one."
)


@dataclass(frozen=True)
class Subscription:
    """A channel's digest."""

    channel_id: str
    rhythm: Rhythm
    choices: Choices
    tz: str
    next_at: datetime


@dataclass(frozen=True)
class NextSurvey:
    """The next survey to open."""

    name: str
    held_on: date | None
    ask_at: time | None
    """In each person's own zone; None for a survey that is sent at once."""


@dataclass(frozen=True)
class Digest:
    """A digest's content: what is new of each survey, and what is open or next."""

    wave_ids: tuple[str, ...]
    """Ids of all waves that it reports, including earlier ones of the same surveys."""
    news: tuple[SurveyNews, ...]
    """The most important survey first."""
    running: tuple[RunningWave, ...]
    coming: NextSurvey | None
    names_groups: bool = True
    is_monthly: bool = False
    came_of_it: CameOfIt = NOTHING_YET
    months: tuple[str, ...] = ()
    """Lines about the month that ended; at most three."""


async def subscribe(
    session: AsyncSession,
    actor: Actor,
    channel_id: str,
    rhythm: Rhythm,
    now: datetime,
    choices: Choices = ALL,
) -> Subscription:
    """Subscribe a channel, or change its digest. The zone is that of the person who asks."""
    tz = await _zone_of_actor(session, actor)
    next_at = next_post(rhythm, tz, now)
    if await _has_digest(
        session, actor.workspace_id, _delivery_key(channel_id, rhythm, next_at, tz)
    ):
        # This week's digest was posted already, at the earlier time.
        next_at = next_post(rhythm, tz, next_at)
    channel_key = {"workspace_id": actor.workspace_id, "channel_id": channel_id}
    values = {
        "weekday": rhythm.weekday,
        "ordinal": rhythm.ordinal,
        "post_at": rhythm.post_at,
        "with_teams": choices.teams,
        "with_quotes": choices.quotes,
        "tz": tz,
        "next_at": next_at,
        "created_by": actor.user_id,
    }
    insert = insert_into(session, DigestSubscription).values(
        **channel_key, **values, created_at=now
    )
    await session.execute(insert.on_conflict_do_update(index_elements=[*channel_key], set_=values))
    audit.record(session, actor, "digest.subscribed", subject=channel_id, now=now)
    return Subscription(channel_id, rhythm, choices, tz, next_at)


async def unsubscribe(session: AsyncSession, actor: Actor, channel_id: str, now: datetime) -> bool:
    """End a channel's subscription; return False if it had none."""
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
    """Return a channel's subscription, or None."""
    row = await session.get(DigestSubscription, (workspace_id, channel_id), populate_existing=True)
    if row is None:
        return None
    choices = Choices(teams=row.with_teams, quotes=row.with_quotes)
    return Subscription(row.channel_id, _rhythm_of(row), choices, row.tz, row.next_at)


async def due_digests(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, channel id) of digests that are due."""
    due = await session.execute(
        select(DigestSubscription.workspace_id, DigestSubscription.channel_id)
        .where(DigestSubscription.next_at <= now)
        .order_by(DigestSubscription.next_at, DigestSubscription.channel_id)
    )
    return [(workspace_id, channel_id) for workspace_id, channel_id in due]


async def enqueue_digest(
    session: AsyncSession, workspace_id: str, channel_id: str, now: datetime
) -> bool:
    """Enqueue a channel's digest; return False if it is not due or is enqueued already.

    The key consists of channel and week or month, so two schedulers or a retry make one delivery.
    After several missed ones, at most the last digest is posted.
    """
    row = await session.get(
        DigestSubscription,
        (workspace_id, channel_id),
        with_for_update={"skip_locked": True},
        populate_existing=True,
    )
    if row is None or row.next_at > now:
        return False
    slot, rhythm = row.next_at, _rhythm_of(row)
    while (following := next_post(rhythm, row.tz, slot)) <= now:
        slot = following
    row.next_at = following
    if now - slot > MAX_DELAY:
        return False
    key = _delivery_key(channel_id, rhythm, slot, row.tz)
    return await deliveries.enqueue(session, workspace_id, key, KIND, channel_id, now, at_once=True)


async def skip_digest(
    session: AsyncSession, workspace_id: str, channel_id: str, now: datetime
) -> None:
    """Leave a channel's digest to its next time."""
    row = await session.get_one(DigestSubscription, (workspace_id, channel_id))
    row.next_at = next_post(_rhythm_of(row), row.tz, now)


async def post_now(
    session: AsyncSession, actor: Actor, channel_id: str, until: datetime, now: datetime
) -> bool:
    """Enqueue the digest that was previewed at `until`.

    Return False if it is enqueued already, or if another digest was posted in the channel since.
    Raises UserError if the preview is too old.
    """
    if not timedelta() <= now - until <= PREVIEW_LIFETIME:
        raise UserError(_(OLD_PREVIEW))
    if await was_told_since(session, actor.workspace_id, channel_id, until):
        return False
    key = f"{KIND}:{channel_id}:preview:{until.isoformat()}"
    inserted = await deliveries.enqueue(
        session,
        actor.workspace_id,
        key,
        KIND,
        channel_id,
        until,  # where its news end
        asked_by=actor.user_id,
        detail={"asked_by": actor.user_id},
        at_once=True,
    )
    if inserted:
        audit.record(session, actor, "digest.posted", subject=channel_id, now=now)
    return inserted


async def digest_of(
    session: AsyncSession,
    workspace_id: str,
    channel_id: str,
    until: datetime,
    delivery_id: str = "",
    *,
    may_quote: bool = True,
) -> Digest:
    """Return the digest for a channel, of waves published up to `until`.

    It reports waves that no digest in the channel has reported, published since the subscription
    began or, if it is monthly, a month earlier. `delivery_id` is the delivery being composed. Only
    a subscription lets it quote comments, and only if `may_quote`.
    """
    subscribed = await session.get(DigestSubscription, (workspace_id, channel_id))
    is_monthly = bool(subscribed and subscribed.ordinal)
    since = subscribed.created_at if subscribed else until - LOOKBACK
    surveys = await _new_waves(
        session, workspace_id, channel_id, (since - A_MONTH if is_monthly else since, until)
    )
    being_posted = await being_posted_elsewhere(session, workspace_id, channel_id, delivery_id)
    latest: dict[str, list[str]] = {}
    for wave_id, survey_id in surveys:
        if wave_id not in being_posted:
            latest.setdefault(survey_id, []).append(wave_id)
    quotes = may_quote and bool(subscribed and subscribed.with_quotes)
    count = 1 + EARLIER_WAVES if is_monthly else 1
    found = [
        await survey_news(session, workspace_id, wave_ids[:count], with_quotes=quotes)
        for wave_ids in latest.values()
    ]
    first = since - (A_MONTH if is_monthly else LOOKBACK) if subscribed else since
    told_until = await _told_until(session, workspace_id, channel_id) or first
    told = tuple(wave_id for wave_id, _survey in surveys if wave_id not in being_posted)
    return Digest(
        wave_ids=told,
        news=tuple(sorted(filter(None, found), key=_importance, reverse=True)),
        running=await running_waves(session, workspace_id),
        coming=await _next_survey(session, workspace_id),
        names_groups=subscribed.with_teams if subscribed else True,
        is_monthly=is_monthly,
        came_of_it=await came_of_it(session, workspace_id, told_until, until, told),
        months=await month_lines(session, workspace_id, told_until, until),
    )


async def _told_until(session: AsyncSession, workspace_id: str, channel_id: str) -> datetime | None:
    """Return where the news of the channel's last digest ended; None if none is known.

    What was decided since comes next, also after digests that were skipped, failed or turned off.
    """
    of_channel = Delivery.workspace_id == workspace_id, Delivery.recipient == channel_id
    told: datetime | None = await session.scalar(
        select(func.max(Delivery.due_at)).where(
            *of_channel, Delivery.kind == KIND, Delivery.status == "sent"
        )
    )
    return told


async def _new_waves(
    session: AsyncSession, workspace_id: str, channel_id: str, period: tuple[datetime, datetime]
) -> list[tuple[str, str]]:
    """Return (wave id, survey id) of new published waves, newest first."""
    reported = select(ToldWave.wave_id).where(
        ToldWave.workspace_id == workspace_id, ToldWave.channel_id == channel_id
    )
    rows = await session.execute(
        select(Wave.id, Wave.survey_id)
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            Wave.published_at.between(*period),
            Wave.id.not_in(reported),
        )
        .order_by(Wave.held_on.desc(), Wave.published_at.desc(), Wave.id)
    )
    return [(wave_id, survey_id) for wave_id, survey_id in rows]


def _importance(news: SurveyNews) -> tuple[bool, bool, int]:
    """Rank surveys: something stands out, then there are figures, then how many were asked."""
    return bool(news.headlines), not news.wave.is_hidden, news.wave.invited


async def _next_survey(session: AsyncSession, workspace_id: str) -> NextSurvey | None:
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
    return NextSurvey(*row) if row else None


async def _zone_of_actor(session: AsyncSession, actor: Actor) -> str:
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


def _rhythm_of(row: DigestSubscription) -> Rhythm:
    return Rhythm(row.weekday, row.post_at, row.ordinal)


def _delivery_key(channel_id: str, rhythm: Rhythm, slot: datetime, tz: str) -> str:
    local = slot.astimezone(zone_of(tz))
    week = local.isocalendar()
    period = f"{local:%Y}-M{local:%m}" if rhythm.ordinal else f"{week.year}-W{week.week:02}"
    return f"{KIND}:{channel_id}:{period}"
