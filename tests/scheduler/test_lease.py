"""One process at a time sends for a workspace, and another takes over when it is gone."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.outbox import lease_rows, states
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from models import SenderLease
from sandbox.server import Sandbox
from scheduler.sender import seconds_left, send_due
from tests.conftest import HANGS, NOW
from tests.factories import WORKSPACE
from tests.scheduler.conftest import PEOPLE, PING, Mail
from tests.unpaced import Unpaced

KINDS = {"ping": PING}


async def test_two_schedulers_at_once_send_each_message_once(
    runtime: Runtime, mail: Mail, settings: Settings
) -> None:
    await mail.put(*PEOPLE)
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        other = replace(opened, pacing=Unpaced())
        while await seconds_left(runtime, NOW) is not None:
            await asyncio.gather(send_due(runtime, NOW, KINDS), send_due(other, NOW, KINDS))
    assert mail.arrived() == sorted(f"ping:{person}" for person in PEOPLE)
    assert await mail.statuses() == {"sent": len(PEOPLE)}


async def test_claims_do_not_overlap_without_the_lease_either(runtime: Runtime, mail: Mail) -> None:
    await mail.put(*PEOPLE)

    async def claim_some() -> list[str]:
        async with runtime.sessions.begin() as session:
            claimed = await states.claim(session, WORKSPACE, 8, NOW, runtime.wall_clock())
            await asyncio.sleep(0.01)
            return [delivery.id for (delivery,) in claimed]

    claims = await asyncio.gather(*(claim_some() for _ in range(6)))
    ids = [id_ for claimed in claims for id_ in claimed]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 8


async def test_another_process_sends_while_its_lease_is_renewed(
    runtime: Runtime, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 1000.0
    monkeypatch.setattr("scheduler.lease.time.monotonic", lambda: moment)

    async def renew() -> None:
        async with runtime.sessions.begin() as session:
            held = await lease_rows.hold_lease(session, WORKSPACE, "other", runtime.wall_clock())
            assert held is None

    await mail.put(PEOPLE[0])
    for _ in range(5):
        await renew()
        assert await send_due(runtime, NOW, KINDS) == 0, "somebody else is sending"
        moment += 5
    moment += 0.9
    assert await send_due(runtime, NOW, KINDS) == 0
    moment += 0.2
    assert await send_due(runtime, NOW, KINDS) == 1
    async with runtime.sessions.begin() as session:
        assert (await session.scalars(select(SenderLease))).all() == [], "released at the end"


async def test_a_sender_that_cannot_renew_its_lease_stops_at_once(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.lease.RENEW_SECONDS", 0.05)
    sandbox.engine.faults.add(kind="delay", method="chat.postMessage", seconds=HANGS)
    await mail.put(*PEOPLE)

    async def steal() -> None:
        while await mail.statuses() == {"due": len(PEOPLE)}:
            await asyncio.sleep(0.01)
        async with runtime.sessions.begin() as session:
            await session.execute(update(SenderLease).values(holder="thief"))

    await asyncio.gather(send_due(runtime, NOW, KINDS), steal())
    assert (await mail.statuses()).get("sent", 0) == 0, "none waited for its answer"
    async with runtime.sessions.begin() as session:
        assert (await session.scalars(select(SenderLease.holder))).all() == ["thief"]


async def test_a_lease_is_renewed_while_messages_are_slow(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.lease.RENEW_SECONDS", 0.05)
    sandbox.engine.faults.add(kind="delay", method="chat.postMessage", seconds=2)
    await mail.put(PEOPLE[0])
    sending = asyncio.create_task(send_due(runtime, NOW, KINDS))
    written = set()
    while not sending.done():
        async with runtime.sessions.begin() as session:
            written |= {*await session.scalars(select(SenderLease.held_until))}
        await asyncio.sleep(0.05)
    assert await sending == 1
    assert len(written) > 1
    assert await mail.statuses() == {"sent": 1}
