from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.digest import service, told
from bot.digest.blocks import lost_digest, refused_digest
from bot.digest.messages import KINDS, LOST, REFUSED, compose_digest
from bot.digest.pure.posting_time import Rhythm
from bot.errors import UserError
from bot.outbox.kinds import Composing
from models import AuditEntry, Delivery, DigestSubscription, ProductItem, Survey, ToldWave
from models.database import Sessions
from tests.factories import ADMIN, WORKSPACE, company, survey
from tests.insights.waves import everyone, publish, sealed_wave, store_wave

CHANNEL = "C0PEOPLE"
MAYA = Actor(WORKSPACE, ADMIN)
TUESDAY = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
"""09:00 in Berlin."""
WEEK = timedelta(days=7)


@pytest.fixture
async def subscribed(session: AsyncSession) -> service.Subscription:
    await company(session, {})
    return await service.subscribe(session, MAYA, CHANNEL, Rhythm(0, time(9, 0)), TUESDAY)


async def deliveries(session: AsyncSession) -> list[Delivery]:
    found = await session.scalars(
        select(Delivery).where(Delivery.kind == told.KIND).order_by(Delivery.due_at)
    )
    return list(found)


async def enqueue_due(session: AsyncSession, now: datetime) -> int:
    """Put all digests that are due into the outbox, as the job does; return how many."""
    due = await service.due_digests(session, now)
    return sum([await service.enqueue_digest(session, *unit, now) for unit in due])


async def test_a_channel_is_subscribed_in_the_zone_of_the_person_who_asks(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    assert (subscribed.tz, subscribed.next_at) == ("Europe/Berlin", MONDAY)
    assert await service.subscription(session, WORKSPACE, CHANNEL) == subscribed
    assert await service.subscription(session, WORKSPACE, "C0OTHER") is None

    moved = await service.subscribe(session, MAYA, CHANNEL, Rhythm(4, time(16, 30)), TUESDAY)

    assert await service.subscription(session, WORKSPACE, CHANNEL) == moved
    assert moved.next_at == datetime(2026, 11, 6, 15, 30, tzinfo=UTC)


async def test_the_workspace_zone_counts_for_a_person_who_is_no_employee(
    session: AsyncSession,
) -> None:
    await company(session, {})

    made = await service.subscribe(
        session, Actor(WORKSPACE, "U0NOBODY"), CHANNEL, Rhythm(0, time(9, 0)), TUESDAY
    )

    assert made.tz == "Europe/Berlin"


async def test_a_subscription_ends_once(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    assert await service.unsubscribe(session, MAYA, CHANNEL, TUESDAY)
    assert not await service.unsubscribe(session, MAYA, CHANNEL, TUESDAY)
    acts = await session.scalars(select(AuditEntry.action).order_by(AuditEntry.action))
    assert list(acts) == ["digest.subscribed", "digest.unsubscribed"]


async def test_a_digest_is_due_once_a_week(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    assert await enqueue_due(session, MONDAY - timedelta(seconds=1)) == 0
    assert await enqueue_due(session, MONDAY) == 1
    assert await enqueue_due(session, MONDAY + timedelta(hours=1)) == 0
    assert await enqueue_due(session, MONDAY + WEEK) == 1

    keys = [each.key for each in await deliveries(session)]
    assert keys == [f"digest:{CHANNEL}:2026-W46", f"digest:{CHANNEL}:2026-W47"]


async def test_two_schedulers_make_one_digest(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {})
        await service.subscribe(session, MAYA, CHANNEL, Rhythm(0, time(9, 0)), TUESDAY)
    async with sessions.begin() as session:
        assert await enqueue_due(session, MONDAY) == 1
    # The second had read the subscription before the first moved it on.
    async with sessions.begin() as session:
        await session.execute(update(DigestSubscription).values(next_at=MONDAY))
    async with sessions.begin() as session:
        assert await enqueue_due(session, MONDAY) == 0
        assert len(await deliveries(session)) == 1


async def test_missed_weeks_are_not_posted_in_bulk(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    back = MONDAY + 3 * WEEK + timedelta(hours=5)

    assert await enqueue_due(session, back) == 1

    (delivery,) = await deliveries(session)
    assert delivery.key == f"digest:{CHANNEL}:2026-W49"
    found = await service.subscription(session, WORKSPACE, CHANNEL)
    assert found is not None
    assert found.next_at == MONDAY + 4 * WEEK


async def test_a_digest_that_is_days_late_waits_for_the_next(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    assert await enqueue_due(session, MONDAY + timedelta(days=4)) == 0
    assert await enqueue_due(session, MONDAY + WEEK) == 1


async def test_another_day_in_the_same_week_does_not_post_twice(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    await enqueue_due(session, MONDAY)

    moved = await service.subscribe(
        session, MAYA, CHANNEL, Rhythm(4, time(9, 0)), MONDAY + timedelta(hours=1)
    )

    assert moved.next_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


async def test_the_week_is_that_of_the_year_it_belongs_to(session: AsyncSession) -> None:
    await company(session, {})
    await service.subscribe(
        session, MAYA, CHANNEL, Rhythm(4, time(9, 0)), datetime(2026, 12, 30, tzinfo=UTC)
    )

    await enqueue_due(session, datetime(2027, 1, 1, 12, 0, tzinfo=UTC))

    assert [each.key for each in await deliveries(session)] == [f"digest:{CHANNEL}:2026-W53"]


async def published(
    session: AsyncSession, pulse: Survey, at: datetime, held_on: date = date(2026, 11, 3)
) -> str:
    """Publish a wave at a moment; return its id."""
    wave = await sealed_wave(session, pulse, {"Design": everyone(1, 2, 3, 4, 5)}, held_on=held_on)
    await publish(session, WORKSPACE, wave.id, at)
    return wave.id


async def a_survey(session: AsyncSession, **changes: str) -> Survey:
    pulse = survey(**changes)
    session.add(pulse)
    await session.flush()
    return pulse


async def composed(session: AsyncSession, now: datetime) -> Delivery:
    """Enqueue this week's digest, claim it and write it, as the sender does."""
    await enqueue_due(session, now)
    delivery = (await deliveries(session))[-1]
    delivery.status = "claimed"
    await session.flush()
    assert await compose_digest(session, delivery, Composing(now, None))
    return delivery


async def arrived(session: AsyncSession, delivery: Delivery, now: datetime) -> None:
    """Record that a digest was posted, as the sender does."""
    await told.mark_told(session, [delivery], now)
    delivery.status = "sent"
    await session.flush()


async def new_at(session: AsyncSession, until: datetime, channel: str = CHANNEL) -> list[str]:
    """Return the waves that a digest for a channel would report."""
    digest = await service.digest_of(session, WORKSPACE, channel, until)
    return [news.wave.wave_id for news in digest.news]


async def test_a_wave_stored_while_the_digest_is_written_comes_in_the_next(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    first = await published(session, await a_survey(session), MONDAY - timedelta(days=3))
    delivery = await composed(session, MONDAY)
    # Its publication started before the digest was due, and is stored only now.
    late = await published(session, await a_survey(session), MONDAY - timedelta(seconds=5))
    await arrived(session, delivery, MONDAY)

    assert delivery.detail["waves"] == [first]
    assert await new_at(session, MONDAY + WEEK) == [late]
    await arrived(session, await composed(session, MONDAY + WEEK), MONDAY + WEEK)
    assert await new_at(session, MONDAY + 2 * WEEK) == []


async def test_a_digest_that_failed_leaves_its_news_to_the_next(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    wave_id = await published(session, await a_survey(session), MONDAY - timedelta(days=3))
    delivery = await composed(session, MONDAY)
    delivery.status = "failed"
    await session.flush()

    assert await new_at(session, MONDAY + WEEK) == [wave_id]


async def decided_at(session: AsyncSession, moment: datetime) -> None:
    """Decide about something for everybody at a moment, whose name is its problem."""
    session.add(
        ProductItem(
            workspace_id=WORKSPACE, problem=moment.isoformat(), origin="hr", state="wont",
            for_everybody=True, waiting_since=TUESDAY, reason="No.", decided_at=moment,
            told_at=moment, created_at=TUESDAY,
        )
    )  # fmt: skip
    await session.flush()


async def decisions_at(session: AsyncSession, until: datetime) -> list[str]:
    digest = await service.digest_of(session, WORKSPACE, CHANNEL, until)
    return [each.problem for each in digest.came_of_it.decisions][::-1]


@pytest.mark.parametrize("rhythm", [Rhythm(0, time(9, 0)), Rhythm(0, time(9, 0), "1st")])
async def test_no_decision_falls_between_two_digests(session: AsyncSession, rhythm: Rhythm) -> None:
    """Neither when one fails, nor when the next ones are skipped or the channel pauses."""
    await company(session, {})
    first = (await service.subscribe(session, MAYA, CHANNEL, rhythm, TUESDAY)).next_at
    told: list[str] = []
    moments = [first + days * timedelta(days=1) for days in (-3, 0, 1, 17, 40, 75)]
    for moment in moments:
        await decided_at(session, moment)
    told += await decisions_at(session, first)
    await arrived(session, await composed(session, first), first)
    pending = await service.subscription(session, WORKSPACE, CHANNEL)
    assert pending
    failed = await composed(session, pending.next_at)
    failed.status = "failed"
    await session.flush()
    assert await service.unsubscribe(session, MAYA, CHANNEL, first + 6 * WEEK)
    back = first + 10 * WEEK
    again = await service.subscribe(session, MAYA, CHANNEL, rhythm, back)
    told += await decisions_at(session, again.next_at)
    await arrived(session, await composed(session, again.next_at), again.next_at)
    last = again.next_at + 9 * WEEK
    told += await decisions_at(session, last)
    assert told == [each.isoformat() for each in moments], "each once, in order"


async def test_after_an_outage_a_digest_reports_all_surveys_once(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    pulse, other = await a_survey(session), await a_survey(session, name="Lunch")
    back = MONDAY + 12 * WEEK
    lunch = await published(session, other, MONDAY - timedelta(days=3))
    for week in range(12):
        held_on = (MONDAY + week * WEEK).date()
        last = await published(session, pulse, MONDAY + week * WEEK, held_on)

    delivery = await composed(session, back)
    assert len(delivery.detail["waves"]) == 13
    await arrived(session, delivery, back)
    # Recording it once more, as a second scheduler may, changes nothing.
    await arrived(session, delivery, back)

    told = await session.scalars(select(ToldWave.wave_id))
    assert set(told) > {lunch, last}
    assert await new_at(session, back + WEEK) == []


async def test_a_digest_shows_the_latest_wave_of_each_survey(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    pulse = await a_survey(session)
    latest = await published(session, pulse, TUESDAY + timedelta(hours=1), date(2026, 11, 4))
    await published(session, pulse, TUESDAY + timedelta(hours=1), date(2026, 11, 3))

    assert await new_at(session, MONDAY) == [latest]


async def test_a_new_subscription_brings_nothing_old(session: AsyncSession) -> None:
    await company(session, {})
    pulse = await a_survey(session)
    old = await published(session, pulse, TUESDAY - timedelta(hours=1), date(2026, 11, 2))
    assert await new_at(session, TUESDAY) == [old], "without a subscription, a week's"
    await service.subscribe(session, MAYA, CHANNEL, Rhythm(0, time(9, 0)), TUESDAY)
    new = await published(session, pulse, TUESDAY + timedelta(hours=1), date(2026, 11, 3))
    await service.subscribe(session, MAYA, CHANNEL, Rhythm(1, time(9, 0)), MONDAY)

    assert await new_at(session, MONDAY) == [new]


async def test_two_concurrent_digests_report_a_wave_once(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    await published(session, await a_survey(session), MONDAY - timedelta(days=3))
    await service.post_now(session, MAYA, CHANNEL, MONDAY, MONDAY)
    weekly = await composed(session, MONDAY + timedelta(seconds=1))
    (asked_for, _) = await deliveries(session)

    assert len(weekly.detail["waves"]) == 1
    assert await compose_digest(session, asked_for, Composing(MONDAY, None)) is None
    await arrived(session, weekly, MONDAY + timedelta(seconds=2))
    assert await compose_digest(session, asked_for, Composing(MONDAY, None)) is None


async def test_a_preview_is_not_posted_after_a_digest_reported_the_same(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    await published(session, await a_survey(session), MONDAY - timedelta(days=3))
    previewed = MONDAY - timedelta(minutes=5)
    await arrived(session, await composed(session, MONDAY), MONDAY)

    pressed = MONDAY + timedelta(minutes=5)
    assert not await service.post_now(session, MAYA, CHANNEL, previewed, pressed)
    assert await service.post_now(session, MAYA, CHANNEL, pressed, pressed), "it says what is next"


async def test_a_digest_composes_the_same_whenever_it_is_tried(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    pulse = survey(name="Fish & <!channel>")
    session.add(pulse)
    await session.flush()
    wave = await sealed_wave(session, pulse, {"Design": everyone(1, 2, 3, 4, 5, 3)})
    await publish(session, WORKSPACE, wave.id, MONDAY - timedelta(days=3))
    await enqueue_due(session, MONDAY)
    (delivery,) = await deliveries(session)

    message = await compose_digest(session, delivery, Composing(MONDAY, None))

    assert message is not None
    assert "Fish &amp; &lt;!channel&gt;" in message.text
    assert message == await compose_digest(
        session, delivery, Composing(MONDAY + timedelta(hours=2), None)
    )
    await service.unsubscribe(session, MAYA, CHANNEL, MONDAY)
    assert await compose_digest(session, delivery, Composing(MONDAY, None)) is None


async def test_a_quiet_week_says_what_comes_next(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    nothing = await service.digest_of(session, WORKSPACE, CHANNEL, MONDAY)
    pulse = survey()
    session.add(pulse)
    await session.flush()
    planned = await service.digest_of(session, WORKSPACE, CHANNEL, MONDAY)
    await store_wave(session, pulse, {"Design": everyone(3, 3, 3, 3, 3, 3)})
    running = await service.digest_of(session, WORKSPACE, CHANNEL, MONDAY)

    assert (nothing.coming, nothing.running) == (None, ())
    assert planned.coming == service.NextSurvey("Weekly pulse", TUESDAY.date(), time(10))
    assert [each.at_least for each in running.running] == [5]


async def test_a_preview_is_posted_once_however_often_it_is_pressed(
    session: AsyncSession, subscribed: service.Subscription
) -> None:
    later = MONDAY + timedelta(minutes=5)

    assert await service.post_now(session, MAYA, CHANNEL, MONDAY, later)
    assert not await service.post_now(session, MAYA, CHANNEL, MONDAY, later)

    (delivery,) = await deliveries(session)
    await service.unsubscribe(session, MAYA, CHANNEL, later)
    assert await compose_digest(session, delivery, Composing(later, None)) is not None


@pytest.mark.parametrize("age", [timedelta(days=2), timedelta(minutes=-1)])
async def test_an_old_preview_is_not_posted(
    session: AsyncSession, subscribed: service.Subscription, age: timedelta
) -> None:
    with pytest.raises(UserError):
        await service.post_now(session, MAYA, CHANNEL, MONDAY, MONDAY + age)
    assert await deliveries(session) == []


async def test_a_lost_or_refused_digest_is_reported(
    session: AsyncSession,
) -> None:
    def notice(**detail: str) -> Delivery:
        return Delivery(workspace_id=WORKSPACE, recipient=ADMIN, kind="notice", detail=detail)

    told = Composing(MONDAY, None)
    message = await KINDS[LOST].compose(session, notice(about="digest_lost", channel=CHANNEL), told)

    assert message == lost_digest(CHANNEL)
    refused = await KINDS[REFUSED].compose(
        session, notice(about="digest_refused", channel=CHANNEL), told
    )
    assert refused == refused_digest(CHANNEL)
