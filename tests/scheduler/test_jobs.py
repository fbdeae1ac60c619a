"""Each job on both databases: what is due is done once, and one failure stops nothing else."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.attention.pure.zones import zone_of
from bot.digest.blocks import refused_digest
from bot.pulse.undelivered import REASONS
from bot.runtime import Runtime
from bot.surveys.not_asked_blocks import audience_unreadable, too_few_to_ask, too_much_alike
from models import Delivery, DigestSubscription, Employee, RoleGrant, Survey, Wave, Workspace
from sandbox.server import Sandbox
from scheduler.digest import enqueue_digests
from scheduler.insights import publish_waves
from scheduler.people import sync_people
from scheduler.pulse import close_waves, open_waves
from scheduler.schedule import run_due
from scheduler.sender import send_deliveries
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, survey
from tests.journeys.stage import text_of
from tests.scheduler.conftest import CHANNEL, PEOPLE, Mail, WallClock


async def store(runtime: Runtime, *rows: Any) -> None:
    async with runtime.sessions.begin() as session:
        session.add_all(rows)


def due_survey(**changes: Any) -> Survey:
    fields = {"cadence": "once", "ask_at": None, "created_by": ADMIN, "open_hours": 24}
    return survey(**{**fields, **changes})


def subscription(**changes: Any) -> DigestSubscription:
    return DigestSubscription(
        **{
            "workspace_id": WORKSPACE,
            "channel_id": CHANNEL,
            "weekday": 1,
            "post_at": time(9),
            "tz": "UTC",
            "created_by": PEOPLE[0],
            "created_at": NOW - timedelta(days=7),
            "next_at": NOW,
            **changes,
        }
    )


async def count(runtime: Runtime, table: Any) -> int:
    async with runtime.sessions.begin() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_new_workspace_gets_its_people_and_then_daily(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    assert await sync_people(runtime, NOW) == 1
    assert await count(runtime, Employee) == len(PEOPLE)
    assert await sync_people(runtime, NOW + timedelta(hours=23)) == 0
    assert len(sandbox.engine.log.find("users.list")) == 1
    assert await sync_people(runtime, NOW + timedelta(hours=24)) == 1


async def test_a_workspace_that_cannot_be_read_does_not_stop_the_others(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    other = Workspace(
        id="T0AAA",
        name="Other",
        bot_user_id="U0OTHER",
        bot_token="xoxb-revoked",
        installed_at=NOW,
        tz="UTC",
        min_group_size=5,
    )
    await store(runtime, other)
    assert await sync_people(runtime, NOW) == 1
    assert "Slack refuses the token of T0AAA (invalid_auth)" in caplog.text
    async with runtime.sessions.begin() as session:
        assert (await session.get_one(Workspace, WORKSPACE)).synced_at == NOW
        assert (await session.get_one(Workspace, "T0AAA")).synced_at is None


async def test_a_wave_opens_once_and_asks_everybody(runtime: Runtime, mail: Mail) -> None:
    await sync_people(runtime, NOW)
    await store(runtime, due_survey())
    assert await open_waves(runtime, NOW - timedelta(seconds=1)) == 0
    assert await open_waves(runtime, NOW) == 1
    assert await open_waves(runtime, NOW) == 0
    assert await count(runtime, Wave) == 1
    assert len(await mail.rows()) == len(PEOPLE)


async def test_a_channel_is_asked_of_slack(runtime: Runtime, sandbox: Sandbox, mail: Mail) -> None:
    await sync_people(runtime, NOW)
    for person in PEOPLE[10:]:
        sandbox.world.leave_channel(sandbox.world.channels[CHANNEL], person)
    await store(runtime, due_survey(audience="channel", audience_ref=CHANNEL))
    assert await open_waves(runtime, NOW) == 1
    assert {row.recipient for row in (await mail.rows()).values()} == set(PEOPLE[:10])


@pytest.mark.parametrize("trouble", ["gone", "silent"])
async def test_a_survey_whose_audience_slack_does_not_tell_stays_due(
    runtime: Runtime, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    await sync_people(runtime, NOW)
    audience = "C0GONE" if trouble == "gone" else CHANNEL
    if trouble == "silent":
        sandbox.engine.faults.add(kind="drop", method="conversations.members")
    unreadable = due_survey(audience="channel", audience_ref=audience, name="Secret name")
    unreadable.next_open_at = NOW - timedelta(hours=1)
    await store(runtime, unreadable, due_survey())
    assert await open_waves(runtime, NOW) == 1
    assert "open_waves skipped a unit" in caplog.text
    assert "Secret" not in caplog.text
    async with runtime.sessions.begin() as session:
        left = await session.get_one(Survey, (WORKSPACE, unreadable.id))
        assert (left.status, left.next_open_at) == ("active", NOW - timedelta(hours=1))


async def test_a_wave_closes_when_its_time_is_over_and_is_published_once(runtime: Runtime) -> None:
    await sync_people(runtime, NOW)
    await store(runtime, due_survey())
    await open_waves(runtime, NOW)
    assert await close_waves(runtime, NOW + timedelta(hours=23)) == 0
    assert await publish_waves(runtime, NOW + timedelta(hours=23)) == 0
    assert await close_waves(runtime, NOW + timedelta(hours=25)) == 1
    assert await close_waves(runtime, NOW + timedelta(hours=25)) == 0
    assert await publish_waves(runtime, NOW + timedelta(hours=25)) == 1
    assert await publish_waves(runtime, NOW + timedelta(hours=26)) == 0
    async with runtime.sessions.begin() as session:
        (wave,) = await session.scalars(select(Wave))
    assert (wave.status, wave.published_at) == ("published", NOW + timedelta(hours=25))


async def test_a_wave_whose_last_message_went_out_late_closes_a_day_after_it(
    runtime: Runtime,
) -> None:
    await sync_people(runtime, NOW)
    await store(runtime, due_survey())
    await open_waves(runtime, NOW)
    async with runtime.sessions.begin() as session:
        await session.execute(update(Delivery).values(status="sent"))
        late = update(Delivery).where(Delivery.recipient == PEOPLE[1])
        await session.execute(late.values(due_at=NOW + timedelta(hours=10)))
    assert await close_waves(runtime, NOW + timedelta(hours=25)) == 0
    async with runtime.sessions.begin() as session:
        (wave,) = await session.scalars(select(Wave))
    assert (wave.status, wave.closes_at) == ("open", NOW + timedelta(hours=34))
    assert await close_waves(runtime, NOW + timedelta(hours=34)) == 1


async def admins(runtime: Runtime, *people: str) -> None:
    await store(
        runtime,
        *(
            RoleGrant(workspace_id=WORKSPACE, employee_id=id_, role="admin", granted_at=NOW)
            for id_ in people
        ),
    )


@pytest.mark.parametrize(
    "error", ["messages_tab_disabled", "restricted_action", "invalid_blocks", "user_not_found"]
)
async def test_hr_is_told_once_of_people_whom_a_wave_never_reached(
    runtime: Runtime,
    mail: Mail,
    sandbox: Sandbox,
    caplog: pytest.LogCaptureFixture,
    error: str,
) -> None:
    await sync_people(runtime, NOW)
    await admins(runtime, PEOPLE[0], PEOPLE[1])
    await store(runtime, due_survey())
    await open_waves(runtime, NOW)
    sandbox.engine.faults.add(kind="refuse", method="chat.postMessage", error=error)
    await send_deliveries(runtime, NOW)
    sandbox.engine.faults.clear()
    runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
    for _ in range(2):
        assert await close_waves(runtime, NOW + timedelta(hours=25)) >= 0
        await send_deliveries(runtime, NOW + timedelta(hours=25))
    for admin in PEOPLE[:2]:
        (notice,) = sandbox.messages("dm", admin)
        assert f" {len(PEOPLE)} " in notice["text"]
        assert REASONS.get(error, f"`{error}`") in text_of(notice)
    assert not sandbox.messages("dm", PEOPLE[2])
    assert f"never reached {len(PEOPLE)} people" in caplog.text


async def test_hr_is_not_told_of_people_who_need_no_question(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    await admins(runtime, PEOPLE[0])
    await store(runtime, due_survey())
    await open_waves(runtime, NOW)
    async with runtime.sessions.begin() as session:
        not_due = update(Delivery).where(Delivery.recipient == PEOPLE[1])
        await session.execute(not_due.values(due_at=NOW + timedelta(hours=30)))
        await session.execute(
            update(Delivery)
            .where(Delivery.recipient == PEOPLE[2])
            .values(status="dropped", reason="nothing to say")
        )
    await send_deliveries(runtime, NOW)
    await close_waves(runtime, NOW + timedelta(hours=25))
    assert not [row for row in (await mail.rows()).values() if row.kind == "notice"]


async def test_a_digest_is_put_into_the_outbox_once_a_week(runtime: Runtime, mail: Mail) -> None:
    await store(runtime, subscription())
    assert await enqueue_digests(runtime, NOW - timedelta(seconds=1)) == 0
    assert await enqueue_digests(runtime, NOW) == 1
    assert await enqueue_digests(runtime, NOW) == 0
    assert set(await mail.rows()) == {f"digest:{CHANNEL}:2026-W45"}
    assert await enqueue_digests(runtime, NOW + timedelta(days=7)) == 1


async def test_a_zone_that_this_machine_does_not_know_stops_no_digest(
    runtime: Runtime, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    zone_of.cache_clear()
    await store(
        runtime, subscription(channel_id="C0MARS", tz="Mars/Olympus"), subscription(tz="UTC")
    )
    assert await enqueue_digests(runtime, NOW) == 2
    assert set(await mail.rows()) == {f"digest:{id_}:2026-W45" for id_ in ("C0MARS", CHANNEL)}
    assert "'Mars/Olympus'" in caplog.text


async def test_a_digest_that_cannot_be_put_there_stops_no_other(
    runtime: Runtime, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    before_all_days = datetime(1, 1, 1, tzinfo=UTC)
    broken = subscription(channel_id="C0BROKEN", tz="America/New_York", next_at=before_all_days)
    await store(runtime, broken, subscription())
    assert await enqueue_digests(runtime, NOW) == 1
    assert set(await mail.rows()) == {f"digest:{CHANNEL}:2026-W45"}
    assert "enqueue_digests skipped a unit: OverflowError in next_post (bot/" in caplog.text


async def test_bells_missed_for_a_month_are_made_up_for_once(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    await store(runtime, subscription())
    await run_due(runtime, NOW + timedelta(days=28))
    in_channel = sandbox.messages("people-ops")
    assert len(in_channel) == 1
    await run_due(runtime, NOW + timedelta(days=28))
    assert len(sandbox.messages("people-ops")) == 1


async def test_a_lost_digest_is_told_to_its_subscriber(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wall_clock: WallClock
) -> None:
    sandbox.engine.faults.add(kind="drop_answer", method="chat.postMessage", times=1)
    await sync_people(runtime, NOW)
    await store(runtime, subscription())
    await enqueue_digests(runtime, NOW)
    await send_deliveries(runtime, NOW)
    wall_clock.advance(minutes=1)
    await run_due(runtime, NOW)
    assert len(sandbox.messages("people-ops")) == 1, "it did arrive, and is not repeated"
    (notice,) = sandbox.messages("dm", PEOPLE[0])
    assert f"<#{CHANNEL}>" in str(notice)
    rows = await mail.rows()
    assert {row.kind: row.status for row in rows.values()} == {
        "digest": "failed",
        "notice": "sent",
    }


async def test_a_digest_that_slack_refuses_is_told_to_its_subscriber(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    await store(runtime, subscription())
    found = sandbox.world.find_channel(CHANNEL)
    assert found
    found.is_archived = True
    await run_due(runtime, NOW)
    (notice,) = sandbox.messages("dm", PEOPLE[0])
    assert notice["text"] == refused_digest(CHANNEL).text


async def test_an_author_is_told_once_when_too_few_would_be_asked(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    survey = due_survey()
    survey.created_by = PEOPLE[0]
    survey.audience, survey.audience_ref = "team", "Nobody's team"
    await store(runtime, survey)
    await run_due(runtime, NOW)
    await run_due(runtime, NOW)
    told = sandbox.messages("dm", survey.created_by)
    assert [each["text"] for each in told] == [too_few_to_ask(survey.name, 0, 10).text]


async def test_an_author_is_told_when_almost_the_same_people_were_asked_the_same(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    await store(runtime, due_survey(name="First"))
    await run_due(runtime, NOW)
    sandbox.world.leave_channel(sandbox.world.channels[CHANNEL], PEOPLE[1])
    late = due_survey(name="Late", audience="channel", audience_ref=CHANNEL)
    late.created_by = PEOPLE[0]
    await store(runtime, late)
    await run_due(runtime, NOW)
    # Today's message was the question.
    await run_due(runtime, NOW + timedelta(days=1))
    told = [each["text"] for each in sandbox.messages("dm", PEOPLE[0])]
    alike = too_much_alike("Late", "First", date(2027, 2, 1), together=False)
    assert told.count(alike.text) == 1


async def test_an_author_is_told_once_a_day_when_slack_hides_the_audience(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    survey = due_survey()
    survey.created_by = PEOPLE[0]
    survey.audience, survey.audience_ref = "channel", "C0NOWHERE"
    await store(runtime, survey)
    await run_due(runtime, NOW)
    await run_due(runtime, NOW + timedelta(hours=1))
    told = sandbox.messages("dm", survey.created_by)
    assert [each["text"] for each in told] == [audience_unreadable(survey.name).text]


async def test_deliveries_are_kept_by_key(runtime: Runtime, mail: Mail) -> None:
    await sync_people(runtime, NOW)
    await store(runtime, due_survey(), subscription())
    await run_due(runtime, NOW)
    await run_due(runtime, NOW)
    async with runtime.sessions.begin() as session:
        keys = list(await session.scalars(select(Delivery.key)))
    assert len(keys) == len(set(keys)) == len(PEOPLE) + 1
