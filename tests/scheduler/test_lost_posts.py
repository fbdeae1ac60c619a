"""Messages of unknown fate: looked up in a DM, never repeated where that is not possible."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.digest import messages as digest
from bot.outbox import lease_rows, outcomes, states
from bot.outbox.deliveries import earliest_post
from bot.outbox.kinds import Composing
from bot.runtime import Runtime
from bot.slack.client import make_client, post
from models import Delivery, DigestSubscription
from sandbox.server import Sandbox
from scheduler.lost_posts import metadata_of
from scheduler.sender import seconds_left, send_due
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.scheduler.conftest import CHANNEL, PEOPLE, PING, Mail, WallClock, compose_ping

MAYA = PEOPLE[0]
PING_KEY = f"ping:{MAYA}"
KINDS = {
    "ping": PING,
    "digest": replace(digest.KINDS["digest"], compose=compose_ping),
    digest.LOST: PING,
}


async def claim_and_die(runtime: Runtime, *, posted: bool, mark: bool = True) -> None:
    """Claim what is due and stop there, as a process does that is killed."""
    async with runtime.sessions.begin() as session:
        claimed = await states.claim(session, WORKSPACE, 8, NOW, runtime.wall_clock())
    installed = await runtime.installations.find(WORKSPACE)
    assert installed is not None
    client = make_client(runtime.settings.slack_api_url, runtime.http, installed.token)
    for (delivery,) in claimed if posted else ():
        message = await compose_ping(None, delivery, Composing(NOW, None))  # type: ignore[arg-type] # it needs none
        message.metadata.update(metadata_of([delivery]) if mark else {})
        await post(client, delivery.recipient, message)


async def test_posted_and_not_marked_is_found_and_not_repeated(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=True)
    assert await send_due(runtime, NOW, KINDS) == 0, "the claim is still good"
    wall_clock.advance(minutes=2, seconds=1)
    assert await send_due(runtime, NOW, KINDS) == 1
    row = (await mail.rows())[PING_KEY]
    assert (row.status, row.attempts) == ("sent", 1)
    assert mail.arrived() == [PING_KEY]
    channel = mail.sandbox.world.channels[str(row.channel)]
    assert channel.messages[str(row.ts)].text == PING_KEY


async def test_claimed_and_not_posted_is_sent_after_looking(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=False)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert mail.arrived() == [PING_KEY]
    assert (await mail.rows())[PING_KEY].status == "sent"
    (lookup,) = mail.history()
    assert lookup["limit"] in (15, "15")
    assert lookup["include_all_metadata"] in (1, "1", True)


async def test_what_a_dead_process_claimed_is_looked_up_when_its_lease_is_taken_over(
    runtime: Runtime, mail: Mail, wall_clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=True)
    async with runtime.sessions.begin() as session:
        await lease_rows.hold_lease(session, WORKSPACE, "dead", wall_clock())
    await mail.put(PEOPLE[1])
    moment = 1000.0
    monkeypatch.setattr("scheduler.lease.time.monotonic", lambda: moment)
    assert await send_due(runtime, NOW, KINDS) == 0, "it may be alive"
    moment += 10
    assert await send_due(runtime, NOW, KINDS) == 1, "what it did not claim goes out at once"
    wall_clock.advance(seconds=11)
    assert await send_due(runtime, NOW, KINDS) == 1
    assert await mail.statuses() == {"sent": 2}
    assert mail.arrived() == sorted([PING_KEY, f"ping:{PEOPLE[1]}"])
    assert (await mail.rows())[PING_KEY].attempts == 1


async def test_a_wall_clock_that_is_set_back_holds_no_claim_for_longer(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=True)
    wall_clock.advance(days=-1)
    await send_due(runtime, NOW, KINDS)
    wall_clock.advance(seconds=11)
    await send_due(runtime, NOW, KINDS)
    assert await mail.statuses() == {"sent": 1}


async def test_the_look_up_begins_before_the_claim(runtime: Runtime, mail: Mail) -> None:
    await mail.put(MAYA)
    async with runtime.sessions.begin() as session:
        claimed_at = runtime.wall_clock()
        ((delivery,),) = await states.claim(session, WORKSPACE, 8, NOW, claimed_at)
    assert earliest_post(delivery) == claimed_at - timedelta(minutes=1)


@pytest.mark.parametrize("trouble", ["missing_scope", "unknown_method"])
async def test_where_nothing_can_be_looked_up_nothing_is_repeated(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wall_clock: WallClock, trouble: str
) -> None:
    if trouble == "missing_scope":
        sandbox.app.scopes -= {s for s in sandbox.app.scopes if s.endswith(":history")}
    else:
        sandbox.app.lacks.add("conversations.history")
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=False)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    row = (await mail.rows())[PING_KEY]
    assert (row.status, row.reason) == ("failed", "fate unknown")
    assert mail.arrived() == []


async def test_a_server_that_keeps_no_metadata_gets_nothing_twice(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=True, mark=False)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert (await mail.rows())[PING_KEY].reason == "fate unknown"
    assert mail.arrived() == [PING_KEY]


async def test_other_messages_in_the_same_conversation_do_not_confuse(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wall_clock: WallClock
) -> None:
    await mail.put(MAYA, key="ping:earlier")
    await send_due(runtime, NOW, KINDS)
    await sandbox.message(MAYA, "hello?", "dm")
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=False)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert (await mail.rows())[PING_KEY].status == "sent"
    assert mail.arrived().count(PING_KEY) == 1


async def test_a_conversation_too_busy_to_be_read_whole_gets_nothing_twice(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wall_clock: WallClock
) -> None:
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=True)
    for number in range(15):
        await sandbox.message(MAYA, f"hello {number}", "dm")
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert (await mail.rows())[PING_KEY].reason == "fate unknown"
    assert mail.arrived().count(PING_KEY) == 1


async def test_look_ups_wait_as_long_as_slack_says_and_end_some_day(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wall_clock: WallClock
) -> None:
    sandbox.engine.faults.add(kind="429", method="conversations.history", seconds=50)
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=False)
    wall_clock.advance(minutes=3)
    for attempt in range(1, 11):
        await send_due(runtime, NOW, KINDS)
        await send_due(runtime, NOW, KINDS)
        assert len(mail.history()) == attempt, "not before Retry-After"
        runtime.pacing._pacers.clear()
    assert (await mail.rows())[PING_KEY].reason == "fate unknown"


async def test_an_error_page_during_a_look_up_decides_nothing(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wall_clock: WallClock
) -> None:
    sandbox.engine.faults.add(kind="5xx", method="conversations.history", times=1)
    await mail.put(MAYA)
    await claim_and_die(runtime, posted=True)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert (await mail.rows())[PING_KEY].status == "claimed"
    assert await seconds_left(runtime, NOW) is not None
    runtime.pacing.lookups(WORKSPACE)._paused_until = 0.0
    await send_due(runtime, NOW, KINDS)
    assert (await mail.rows())[PING_KEY].status == "sent"


async def subscribe(runtime: Runtime) -> None:
    async with runtime.sessions.begin() as session:
        session.add(
            DigestSubscription(
                workspace_id=WORKSPACE,
                channel_id=CHANNEL,
                weekday=0,
                post_at=time(9),
                tz="UTC",
                created_by=MAYA,
                created_at=NOW,
                next_at=NOW + timedelta(days=6),
            )
        )


async def test_a_digest_of_unknown_fate_is_not_repeated_and_its_subscriber_is_told(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await subscribe(runtime)
    key = f"digest:{CHANNEL}:2026-W45"
    await mail.put(CHANNEL, key=key, kind="digest")
    await claim_and_die(runtime, posted=True)
    wall_clock.advance(minutes=3)
    for _ in range(2):
        await send_due(runtime, NOW, KINDS)
    rows = await mail.rows()
    assert (rows[key].status, rows[key].reason) == ("failed", "fate unknown")
    notice = rows[f"notice:digest_lost:{key}"]
    assert (notice.kind, notice.recipient, notice.status) == ("notice", MAYA, "sent")
    assert notice.detail == {"about": "digest_lost", "channel": CHANNEL}
    assert mail.arrived() == sorted([key, notice.key])
    assert mail.history() == [], "Attune reads no channels"


async def test_a_digest_that_somebody_asked_for_now_is_told_to_them(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await subscribe(runtime)
    asked = {"asked_by": PEOPLE[1]}
    await mail.put(CHANNEL, key="digest:now", kind="digest", detail=asked)
    await claim_and_die(runtime, posted=True)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert (await mail.rows())["notice:digest_lost:digest:now"].recipient == PEOPLE[1]


async def test_a_lost_digest_without_a_subscriber_any_more_is_only_recorded(
    runtime: Runtime, mail: Mail, wall_clock: WallClock
) -> None:
    await mail.put(CHANNEL, key="digest:one", kind="digest")
    await claim_and_die(runtime, posted=False)
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, KINDS)
    assert set(await mail.rows()) == {"digest:one"}


@pytest.mark.parametrize("since", ["settled", "claimed anew"])
async def test_a_claim_that_was_lost_changes_nothing(
    runtime: Runtime, mail: Mail, wall_clock: WallClock, since: str
) -> None:
    async def claim() -> Sequence[Delivery]:
        async with runtime.sessions.begin() as session:
            messages = await states.claim(session, WORKSPACE, 8, NOW, wall_clock())
            return [each for parts in messages for each in parts]

    await mail.put(MAYA)
    (stale,) = await claim()
    wall_clock.advance(minutes=3)
    if since == "settled":
        await send_due(runtime, NOW, KINDS)
    else:
        async with runtime.sessions.begin() as session:
            await states.requeue(session, stale)
        await claim()
    before = (await mail.rows())[PING_KEY]
    changes: list[Any] = [
        states.requeue,
        lambda session, row: states.release_unposted(session, [row]),
        lambda session, row: states.hold_for_lookup(session, row, "x", NOW),
        lambda session, row: outcomes.record_ended(session, PING, [(row, None)], NOW),
        lambda session, row: states.settle(session, [(row, None)]),
        lambda session, row: outcomes.record_refused(session, PING, row, "x", NOW),
        lambda session, row: outcomes.record_lost(session, PING, row, NOW),
        lambda session, row: outcomes.retry_composing(session, PING, row, "x", NOW),
        lambda session, row: outcomes.retry_refused(session, PING, row, "x", NOW),
        lambda session, row: outcomes.count_failed_lookup(session, PING, row, NOW),
    ]
    for change in changes:
        async with runtime.sessions.begin() as session:
            await change(session, stale)
    after = (await mail.rows())[PING_KEY]
    columns = ("status", "ts", "reason", "attempts", "claimed_until", "due_at")
    assert [getattr(after, name) for name in columns] == [getattr(before, name) for name in columns]
    assert after.status == ("sent" if since == "settled" else "claimed")
