"""Sending on both databases, against a workspace that plays Slack, faults included."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import select, update

from bot.house import House, open_house
from bot.settings import Settings
from bot.slack import deliveries
from models import Delivery, SenderLease
from sandbox.server import Sandbox
from scheduler.people import sync_people
from scheduler.sender import is_finished, send_due
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.scheduler.conftest import (
    CHANNEL,
    PEOPLE,
    Mail,
    WallClock,
    at_full_speed,
    compose_ping,
)

COMPOSERS = {"ping": compose_ping, "digest": compose_ping}


async def send_all(house: House, wall_clock: WallClock) -> None:
    """Send until nothing is due, letting leases run out whenever there is nothing to do."""
    for _ in range(60):
        if not await send_due(house, NOW, COMPOSERS):
            if await is_finished(house, NOW):
                return
            wall_clock.advance(minutes=3)
            for pacer in (house.pacing.posts(WORKSPACE), house.pacing.lookups(WORKSPACE)):
                pacer._paused_until = 0.0
    pytest.fail("there is no end to it")


async def test_each_message_arrives_once_and_is_marked_with_its_place(
    house: House, mail: Mail
) -> None:
    await mail.put(*PEOPLE)
    assert await send_due(house, NOW, COMPOSERS) == len(PEOPLE)
    assert mail.arrived() == sorted(f"ping:{person}" for person in PEOPLE)
    for row in (await mail.rows()).values():
        assert row.status == "sent"
        assert row.channel is not None
        assert row.channel.startswith("D")
        assert row.ts is not None
        assert row.claimed_until is None
        assert row.attempts == 1
    assert await send_due(house, NOW, COMPOSERS) == 0
    assert len(mail.arrived()) == len(PEOPLE)
    assert mail.history() == []


async def test_what_is_not_due_yet_waits(house: House, mail: Mail) -> None:
    await mail.put(PEOPLE[0], due_at=NOW + timedelta(seconds=1))
    assert await send_due(house, NOW, COMPOSERS) == 0
    assert await is_finished(house, NOW)
    assert await send_due(house, NOW + timedelta(seconds=1), COMPOSERS) == 1


async def test_nothing_to_say_is_dropped(house: House, mail: Mail) -> None:
    async def say_nothing(*_: Any) -> None:
        return None

    await mail.put(PEOPLE[0])
    assert await send_due(house, NOW, {"ping": say_nothing}) == 1
    row = (await mail.rows())[f"ping:{PEOPLE[0]}"]
    assert (row.status, row.reason) == ("dropped", "nothing to say")
    assert mail.arrived() == []


async def test_a_message_that_cannot_be_composed_does_not_hold_up_the_others(
    house: House, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble(session: Any, delivery: Delivery, now: Any) -> Any:
        if delivery.recipient == PEOPLE[0]:
            raise LookupError("what Maya wrote")
        return await compose_ping(session, delivery, now)

    await mail.put(*PEOPLE[:3])
    await send_due(house, NOW, {"ping": stumble})
    assert await mail.statuses() == {"due": 1, "sent": 2}
    assert (await mail.rows())[f"ping:{PEOPLE[0]}"].reason == "LookupError"
    assert "LookupError" in caplog.text
    assert "Maya" not in caplog.text
    for hours in range(1, 6):
        await send_due(house, NOW + timedelta(hours=hours), {"ping": stumble})
    assert await mail.statuses() == {"failed": 1, "sent": 2}


async def test_a_person_who_is_gone_fails_with_slacks_code(
    house: House, mail: Mail, sandbox: Sandbox
) -> None:
    sandbox.world.users[PEOPLE[0]].deleted = True
    await mail.put(PEOPLE[0], PEOPLE[1], "U0NOBODY")
    await send_due(house, NOW, COMPOSERS)
    rows = await mail.rows()
    assert rows[f"ping:{PEOPLE[0]}"].reason == "channel_not_found"
    assert rows["ping:U0NOBODY"].status == "failed"
    assert rows[f"ping:{PEOPLE[1]}"].status == "sent"


async def test_a_refused_token_keeps_everything_due_and_is_logged_once(
    house: House, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.app.scopes.discard("chat:write")
    await mail.put(*PEOPLE)
    assert await send_due(house, NOW, COMPOSERS) == 0
    assert await mail.statuses() == {"due": len(PEOPLE)}
    assert all(row.attempts == 0 for row in (await mail.rows()).values())
    assert caplog.text.count("takes no messages just now") == 1
    assert await is_finished(house, NOW), "a workspace that refuses us is left alone"
    calls = len(sandbox.engine.log.find("chat.postMessage"))
    await send_due(house, NOW, COMPOSERS)
    assert len(sandbox.engine.log.find("chat.postMessage")) == calls


async def test_a_replaced_token_is_picked_up(house: House, mail: Mail, sandbox: Sandbox) -> None:
    async def install(token: str) -> None:
        await house.installations.async_save(
            Installation(
                user_id="U0BOSS",
                team_id=WORKSPACE,
                bot_token=token,
                bot_user_id=sandbox.app.bot_user_id,
            )
        )

    await install("xoxb-revoked")
    await mail.put(PEOPLE[0])
    await send_due(house, NOW, COMPOSERS)
    await install(sandbox.app.bot_token)
    await sync_people(house, NOW)
    house.pacing.posts(WORKSPACE)._closed_until = 0.0
    await send_due(house, NOW, COMPOSERS)
    assert await mail.statuses() == {"sent": 1}


async def test_a_429_gives_everything_back_and_waits_as_long_as_slack_says(
    house: House, mail: Mail, sandbox: Sandbox
) -> None:
    sandbox.engine.faults.add(kind="429", method="chat.postMessage", seconds=40, times=1)
    await mail.put(*PEOPLE)
    await send_due(house, NOW, COMPOSERS)
    statuses = await mail.statuses()
    assert statuses["due"] > 0
    assert set(statuses) <= {"due", "sent"}
    calls = len(sandbox.engine.log.find("chat.postMessage"))
    await send_due(house, NOW, COMPOSERS)
    assert len(sandbox.engine.log.find("chat.postMessage")) == calls, "not before Retry-After"
    assert not await is_finished(house, NOW)


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
    house: House,
    mail: Mail,
    sandbox: Sandbox,
    wall_clock: WallClock,
    faults: list[dict[str, Any]],
) -> None:
    for fault in faults:
        sandbox.engine.faults.add(method="c*", **fault)
    some = PEOPLE[:10]
    await mail.put(*some)
    await send_all(house, wall_clock)
    assert mail.arrived() == sorted(f"ping:{person}" for person in some)
    assert await mail.statuses() == {"sent": len(some)}


async def test_a_server_that_is_away_leaves_everything_due(
    house: House, mail: Mail, sandbox: Sandbox
) -> None:
    await mail.put(*PEOPLE)
    await sandbox.stop()
    assert await send_due(house, NOW, COMPOSERS) == 0
    assert await mail.statuses() == {"due": len(PEOPLE)}


async def test_two_schedulers_at_once_send_each_message_once(
    house: House, mail: Mail, settings: Settings
) -> None:
    await mail.put(*PEOPLE)
    async with open_house(settings, clock=lambda: NOW) as other:
        at_full_speed(other)
        while not await is_finished(house, NOW):
            await asyncio.gather(send_due(house, NOW, COMPOSERS), send_due(other, NOW, COMPOSERS))
    assert mail.arrived() == sorted(f"ping:{person}" for person in PEOPLE)
    assert await mail.statuses() == {"sent": len(PEOPLE)}


async def test_claims_do_not_overlap_without_the_lease_either(house: House, mail: Mail) -> None:
    await mail.put(*PEOPLE)

    async def claim_some() -> list[str]:
        async with house.sessions.begin() as session:
            claimed = await deliveries.claim(session, WORKSPACE, 8, NOW, house.wall_clock())
            await asyncio.sleep(0.01)
            return [delivery.id for delivery in claimed]

    claims = await asyncio.gather(*(claim_some() for _ in range(6)))
    ids = [id_ for claimed in claims for id_ in claimed]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 8


async def test_the_lease_is_kept_until_it_runs_out_or_is_released(
    house: House, mail: Mail, wall_clock: WallClock
) -> None:
    async def hold(holder: str) -> bool:
        async with house.sessions.begin() as session:
            return await deliveries.hold_lease(session, WORKSPACE, holder, wall_clock())

    assert await hold("one")
    assert await hold("one"), "renewed"
    assert not await hold("two")
    await mail.put(PEOPLE[0])
    assert await send_due(house, NOW, COMPOSERS) == 0, "somebody else is sending"
    wall_clock.advance(seconds=59)
    assert not await hold("two")
    wall_clock.advance(seconds=2)
    assert await send_due(house, NOW, COMPOSERS) == 1
    async with house.sessions.begin() as session:
        assert (await session.scalars(select(SenderLease))).all() == [], "released at the end"


async def test_a_process_told_to_stop_gives_back_what_it_has_not_posted(
    house: House, mail: Mail, sandbox: Sandbox
) -> None:
    await mail.put(*PEOPLE)

    async def stop_after_three(session: Any, delivery: Delivery, now: Any) -> Any:
        if delivery.recipient == PEOPLE[3]:
            house.stopping.set()
        return await compose_ping(session, delivery, now)

    async with house.sessions.begin() as session:
        for number, person in enumerate(PEOPLE):
            await session.execute(
                update(Delivery)
                .where(Delivery.recipient == person)
                .values(due_at=NOW - timedelta(hours=1) + timedelta(seconds=number))
            )
    await send_due(house, NOW, {"ping": stop_after_three})
    assert await mail.statuses() == {"sent": 3, "due": len(PEOPLE) - 3}
    assert len(mail.arrived()) == 3


async def test_a_channels_messages_go_out_a_second_apart(
    house: House, mail: Mail, sandbox: Sandbox
) -> None:
    await mail.put(CHANNEL, key="digest:one", kind="digest")
    await mail.put(CHANNEL, key="digest:two", kind="digest")
    await send_due(house, NOW, COMPOSERS)
    first, second = sandbox.engine.log.find("chat.postMessage")
    # Half a second for the way there on a busy machine; test_pacing.py is exact.
    assert second.time - first.time >= timedelta(seconds=0.5)
