"""Planner and sender are killed again and again: nothing is lost, doubled or over the budget.

`ATTUNE_KILLS=30` kills them as often as that; the usual run, which everybody waits for, less.
"""

import asyncio
import os
import signal
from contextlib import suppress
from datetime import date
from random import Random
from typing import Any

from sqlalchemy import select

from bot.attention.readers import calendars_by_person
from bot.runtime import Runtime
from bot.settings import Settings
from models import Delivery, Interruption
from sandbox.server import Sandbox
from scheduler.people import sync_people
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, question, survey
from tests.scheduler.conftest import PEOPLE
from tests.scheduler.test_processes import at_message, ended, receivers, start

KILLS = int(os.environ.get("ATTUNE_KILLS", "3"))
AT = ("--once", "--now", "2026-11-03T09:00Z")
SURVEYS = ("Weekly pulse", "Summer party")


async def order_surveys(runtime: Runtime) -> None:
    """Store two surveys of everybody that are due at once."""
    async with runtime.sessions.begin() as session:
        for name in SURVEYS:
            fields: dict[str, Any] = {"starts_on": NOW.date(), "next_on": NOW.date()}
            asks = question(0, text=f"How is {name}?", driver=f"own {name}")
            session.add(
                survey(asks, name=name, cadence="once", created_by=ADMIN, ask_at=None,
                       next_open_at=NOW, open_hours=24, **fields)
            )  # fmt: skip


async def killed_once(settings: Settings, sandbox: Sandbox, chance: Random) -> int | None:
    """Start a scheduler and kill it at a message or at a moment; return how it ended."""
    process = await start(settings, *AT)

    def kill() -> None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)

    if chance.random() < 0.5:
        at_message(sandbox, chance.randint(1, 4), kill)
    else:
        asyncio.get_running_loop().call_later(chance.uniform(1.5, 12.0), kill)
    return (await ended(process))[0]


async def test_killed_planners_and_senders_lose_and_double_nothing(
    runtime: Runtime, settings: Settings, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    await order_surveys(runtime)
    chance = Random(7)
    ends = [await killed_once(settings, sandbox, chance) for _ in range(KILLS)]
    assert -signal.SIGKILL in ends
    for _ in range(3):
        status, log = await ended(await start(settings, *AT))
        assert status == 0, log

    async with runtime.reading() as session:
        rows = (await session.scalars(select(Delivery).where(Delivery.kind == "question"))).all()
        days = (await session.execute(select(Interruption.employee_id, Interruption.day))).all()
        known = await calendars_by_person(session, WORKSPACE, PEOPLE)
    assert len(rows) == len(SURVEYS) * len(PEOPLE)
    assert {row.status for row in rows} == {"sent"}, "nothing is lost"
    assert receivers(sandbox) == sorted(PEOPLE), "everybody has one message with both"
    assert sorted(days) == sorted((person, date(2026, 11, 3)) for person in known)
