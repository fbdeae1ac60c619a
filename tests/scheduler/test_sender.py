"""Sending on both databases, against a workspace that plays Slack, faults included."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import update

from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Kind
from bot.runtime import Runtime
from bot.slack import pacing
from bot.slack.pacing import Pacing
from models import Delivery, Workspace
from sandbox.server import Sandbox
from scheduler.people import sync_people
from scheduler.sender import BATCH, seconds_left, send_due
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.scheduler.conftest import (
    CHANNEL,
    PEOPLE,
    PING,
    Mail,
    WallClock,
    compose_ping,
)

KINDS = {"ping": PING, "digest": PING}


async def send_all(runtime: Runtime, wall_clock: WallClock) -> None:
    """Send until nothing is due, letting leases run out whenever there is nothing to do."""
    for _ in range(60):
        if not await send_due(runtime, NOW, KINDS):
            if await seconds_left(runtime, NOW) is None:
                return
            wall_clock.advance(minutes=3)
            for pacer in (runtime.pacing.posts(WORKSPACE), runtime.pacing.lookups(WORKSPACE)):
                pacer._paused_until = 0.0
    pytest.fail("there is no end to it")


async def test_each_message_arrives_once_and_is_marked_with_its_place(
    runtime: Runtime, mail: Mail
) -> None:
    await mail.put(*PEOPLE)
    assert await send_due(runtime, NOW, KINDS) == len(PEOPLE)
    assert mail.arrived() == sorted(f"ping:{person}" for person in PEOPLE)
    for row in (await mail.rows()).values():
        assert row.status == "sent"
        assert row.channel is not None
        assert row.channel.startswith("D")
        assert row.ts is not None
        assert row.claimed_until is None
        assert row.attempts == 1
    assert await send_due(runtime, NOW, KINDS) == 0
    assert len(mail.arrived()) == len(PEOPLE)
    assert mail.history() == []


async def test_what_is_not_due_yet_waits(runtime: Runtime, mail: Mail) -> None:
    await mail.put(PEOPLE[0], due_at=NOW + timedelta(seconds=1))
    assert await send_due(runtime, NOW, KINDS) == 0
    assert await seconds_left(runtime, NOW) is None
    assert await send_due(runtime, NOW + timedelta(seconds=1), KINDS) == 1


async def test_nothing_to_say_is_dropped(runtime: Runtime, mail: Mail) -> None:
    async def say_nothing(*_: Any) -> None:
        return None

    await mail.put(PEOPLE[0])
    assert await send_due(runtime, NOW, {"ping": Kind(say_nothing, Class.ASKED)}) == 1
    row = (await mail.rows())[f"ping:{PEOPLE[0]}"]
    assert (row.status, row.reason) == ("dropped", "nothing to say")
    assert mail.arrived() == []


async def test_a_message_that_cannot_be_composed_does_not_hold_up_the_others(
    runtime: Runtime, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble(session: Any, delivery: Delivery, composing: Any) -> Any:
        if delivery.recipient == PEOPLE[0]:
            raise LookupError("what Maya wrote")
        return await compose_ping(session, delivery, composing)

    await mail.put(*PEOPLE[:3])
    await send_due(runtime, NOW, {"ping": Kind(stumble, Class.ASKED)})
    assert await mail.statuses() == {"due": 1, "sent": 2}
    assert (await mail.rows())[f"ping:{PEOPLE[0]}"].reason == "LookupError"
    assert "LookupError" in caplog.text
    assert "Maya" not in caplog.text
    for hours in range(1, 6):
        await send_due(runtime, NOW + timedelta(hours=hours), {"ping": Kind(stumble, Class.ASKED)})
    assert await mail.statuses() == {"failed": 1, "sent": 2}


async def test_a_message_that_is_no_json_is_tried_a_few_times_and_then_fails(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    async def confuse(session: Any, delivery: Delivery, composing: Any) -> Any:
        if delivery.recipient == PEOPLE[0]:
            return Message("Maya's words", [{"type": "section", "text": {"text": object()}}])
        return await compose_ping(session, delivery, composing)

    await mail.put(*PEOPLE[:3])
    for hours in range(5):
        await send_due(runtime, NOW + timedelta(hours=hours), {"ping": Kind(confuse, Class.ASKED)})
    assert await mail.statuses() == {"failed": 1, "sent": 2}
    assert mail.history() == [], "there is nothing to look up"
    assert "composing a ping failed: TypeError" in caplog.text
    assert "Maya" not in caplog.text


async def test_a_message_that_cannot_be_recorded_is_looked_up_and_holds_up_no_other(
    runtime: Runtime, mail: Mail, wall_clock: WallClock, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[int] = []

    async def stumble(_session: Any, deliveries: Sequence[Delivery], _now: datetime) -> None:
        if len(failures) < 2 and PEOPLE[1] in {each.recipient for each in deliveries}:
            failures.append(len(deliveries))
            raise LookupError("what Maya wrote")

    kinds = {"ping": Kind(compose_ping, Class.ASKED, on_posted=stumble)}
    await mail.put(*PEOPLE[:3])
    await send_due(runtime, NOW, kinds)
    assert failures == [3, 1], "once with its group and once alone"
    assert await mail.statuses() == {"claimed": 1, "sent": 2}
    assert "recording a group failed: LookupError" in caplog.text
    assert "Maya" not in caplog.text
    wall_clock.advance(minutes=3)
    await send_due(runtime, NOW, kinds)
    assert await mail.statuses() == {"sent": 3}
    assert mail.arrived() == sorted(f"ping:{person}" for person in PEOPLE[:3])
    assert len(mail.history()) == 1


def refuse(sandbox: Sandbox, error: str, times: int | None = None) -> None:
    sandbox.engine.faults.add(kind="refuse", method="chat.postMessage", error=error, times=times)


async def test_a_person_who_is_gone_fails_with_slacks_code(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(sandbox, "user_not_found", times=1)
    await mail.put(PEOPLE[0])
    await send_due(runtime, NOW, KINDS)
    await mail.put(PEOPLE[1])
    await send_due(runtime, NOW, KINDS)
    rows = await mail.rows()
    assert rows[f"ping:{PEOPLE[0]}"].status == "failed"
    assert rows[f"ping:{PEOPLE[0]}"].reason == "user_not_found"
    assert rows[f"ping:{PEOPLE[1]}"].status == "sent"
    assert "a ping is not delivered: user_not_found" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        "channel_not_found",
        "external_channel_migrating",
        "invalid_blocks",
        "messages_tab_disabled",
        "method_deprecated",
        "restricted_action",
    ],
)
async def test_a_setting_that_refuses_all_holds_them_until_it_is_put_right(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    refuse(sandbox, error)
    await mail.put(*PEOPLE)
    await send_due(runtime, NOW, KINDS)
    calls = len(sandbox.engine.log.find("chat.postMessage"))
    await send_due(runtime, NOW, KINDS)
    assert len(sandbox.engine.log.find("chat.postMessage")) == calls
    rows = (await mail.rows()).values()
    assert {row.status for row in rows} == {"due"}
    assert 3 <= sum(row.attempts for row in rows) <= BATCH, "most were not tried"
    assert {row.reason for row in rows} == {error, None}
    assert caplog.text.count("have to wait") == 1

    sandbox.engine.faults.clear()
    later = NOW + timedelta(seconds=15)
    for _ in range(2):
        runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
        await send_due(runtime, later, KINDS)
    assert await mail.statuses() == {"sent": len(PEOPLE)}
    assert mail.arrived() == sorted(f"ping:{person}" for person in PEOPLE)


async def test_people_who_are_gone_do_not_hold_up_the_others_for_ever(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    for person in PEOPLE[:6]:
        sandbox.world.users[person].deleted = True
    await mail.put(*PEOPLE[:6], due_at=NOW - timedelta(hours=1))
    await mail.put(*PEOPLE[6:])
    for _ in range(8):
        await send_due(runtime, NOW, KINDS)
        runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
    assert await mail.statuses() == {"due": 6, "sent": len(PEOPLE) - 6}


@pytest.mark.parametrize(("wave_id", "status"), [("wave", "due"), (None, "failed")])
async def test_what_is_refused_again_and_again_is_tried_later_each_time(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, wave_id: str | None, status: str
) -> None:
    refuse(sandbox, "channel_not_found")
    await mail.put(PEOPLE[0], wave_id=wave_id)
    pauses, moment = [], NOW
    for _ in range(8):
        await send_due(runtime, moment, KINDS)
        runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
        (row,) = (await mail.rows()).values()
        pauses.append((row.due_at - moment).total_seconds())
        moment = row.due_at
    assert pauses[:7] == [15, 60, 240, 960, 3600, 3600, 3600]
    assert row.status == status, "while its wave is open, it is tried"


async def test_a_refused_reminder_leaves_no_trace(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    refuse(sandbox, "messages_tab_disabled")
    await mail.put(PEOPLE[0], kind="reminder", wave_id="wave")
    await send_due(runtime, NOW, {"reminder": Kind(compose_ping, Class.ASKED, discreet=True)})
    (row,) = (await mail.rows()).values()
    assert (row.status, row.reason, row.attempts) == ("settled", None, 1)


async def test_a_refused_token_keeps_everything_due_and_is_logged_once(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sandbox.app.scopes.discard("chat:write")
    await mail.put(*PEOPLE)
    pauses = []
    for _ in range(9):
        assert await send_due(runtime, NOW, KINDS) == 0
        calls = len(sandbox.engine.log.find("chat.postMessage"))
        await send_due(runtime, NOW, KINDS)
        assert len(sandbox.engine.log.find("chat.postMessage")) == calls, "it is left alone"
        pauses.append(round(await seconds_left(runtime, NOW) or 0))
        runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
    longest = [4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert all(most / 2 < pause <= most for pause, most in zip(pauses, longest, strict=True))
    assert await mail.statuses() == {"due": len(PEOPLE)}
    assert all(row.attempts == 0 for row in (await mail.rows()).values())
    assert caplog.text.count("have to wait") == 1
    assert "go out again" not in caplog.text

    sandbox.app.scopes.add("chat:write")
    assert await send_due(runtime, NOW, KINDS) == len(PEOPLE)
    assert caplog.text.count("go out again") == 1


async def test_nothing_is_sent_where_attune_was_uninstalled(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    async def set_uninstalled(at: datetime | None) -> None:
        async with runtime.sessions.begin() as session:
            await session.execute(update(Workspace).values(uninstalled_at=at))

    await set_uninstalled(NOW)
    await mail.put(PEOPLE[0])
    assert await send_due(runtime, NOW, KINDS) == 0
    assert await seconds_left(runtime, NOW) is None
    await set_uninstalled(None)
    assert await send_due(runtime, NOW, KINDS) == 1, "at once"


async def test_a_replaced_token_is_picked_up(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    async def install(token: str) -> None:
        await runtime.installations.async_save(
            Installation(
                user_id="U0BOSS",
                team_id=WORKSPACE,
                bot_token=token,
                bot_user_id=sandbox.app.bot_user_id,
            )
        )

    await install("xoxb-revoked")
    await mail.put(PEOPLE[0])
    await send_due(runtime, NOW, KINDS)
    await install(sandbox.app.bot_token)
    await sync_people(runtime, NOW)
    runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
    await send_due(runtime, NOW, KINDS)
    assert await mail.statuses() == {"sent": 1}


async def test_a_429_gives_everything_back_and_waits_as_long_as_slack_says(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    sandbox.engine.faults.add(kind="429", method="chat.postMessage", seconds=40, times=1)
    await mail.put(*PEOPLE)
    await send_due(runtime, NOW, KINDS)
    statuses = await mail.statuses()
    assert statuses["due"] > 0
    assert set(statuses) <= {"due", "sent"}
    calls = len(sandbox.engine.log.find("chat.postMessage"))
    await send_due(runtime, NOW, KINDS)
    assert len(sandbox.engine.log.find("chat.postMessage")) == calls, "not before Retry-After"
    assert await seconds_left(runtime, NOW) is not None


@pytest.mark.parametrize(
    "faults",
    [
        [{"kind": "429", "seconds": 1, "probability": 0.2}],
        [{"kind": "5xx", "probability": 0.3}],
        [{"kind": "drop", "probability": 0.3}],
        [{"kind": "drop_answer", "probability": 0.3}],
        [
            {"kind": "429", "seconds": 1, "probability": 0.1},
            {"kind": "5xx", "probability": 0.1},
            {"kind": "drop_answer", "probability": 0.2},
            {"kind": "drop", "probability": 0.1},
        ],
    ],
    ids=["429", "5xx", "request lost", "answer lost", "all"],
)
async def test_whatever_goes_wrong_on_the_line_all_arrive_once(
    runtime: Runtime,
    mail: Mail,
    sandbox: Sandbox,
    wall_clock: WallClock,
    faults: list[dict[str, Any]],
) -> None:
    for fault in faults:
        sandbox.engine.faults.add(method="c*", **fault)
    some = PEOPLE[:10]
    await mail.put(*some)
    await send_all(runtime, wall_clock)
    assert mail.arrived() == sorted(f"ping:{person}" for person in some)
    assert await mail.statuses() == {"sent": len(some)}


async def test_a_server_that_is_away_leaves_everything_due(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    await mail.put(*PEOPLE)
    await sandbox.stop()
    assert await send_due(runtime, NOW, KINDS) == 0
    assert await mail.statuses() == {"due": len(PEOPLE)}


async def test_a_process_told_to_stop_gives_back_what_it_has_not_posted(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    await mail.put(*PEOPLE)

    async def stop_after_four(session: Any, delivery: Delivery, composing: Any) -> Any:
        if delivery.recipient == PEOPLE[5]:
            runtime.stopping.set()
        return await compose_ping(session, delivery, composing)

    async with runtime.sessions.begin() as session:
        for number, person in enumerate(PEOPLE):
            await session.execute(
                update(Delivery)
                .where(Delivery.recipient == person)
                .values(due_at=NOW - timedelta(hours=1) + timedelta(seconds=number))
            )
    await send_due(runtime, NOW, {"ping": Kind(stop_after_four, Class.ASKED)})
    assert await mail.statuses() == {"sent": 4, "due": len(PEOPLE) - 4}, "a group and no more"
    assert len(mail.arrived()) == 4


async def test_a_channels_next_message_waits_for_its_turn(
    runtime: Runtime, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "SECONDS_PER_CHANNEL", 3600.0)
    await mail.put(CHANNEL, key="digest:one", kind="digest")
    await mail.put(CHANNEL, key="digest:two", kind="digest")
    await send_due(replace(runtime, pacing=Pacing()), NOW, KINDS)
    assert await mail.statuses() == {"sent": 1, "due": 1}
