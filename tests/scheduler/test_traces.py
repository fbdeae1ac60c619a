"""PostgreSQL keeps with each row which transaction wrote it, and where: that must tell nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from bot.pulse import service
from bot.pulse.messages import KINDS
from bot.pulse.sealing import seal
from bot.runtime import Runtime
from models import Delivery
from sandbox.server import Sandbox
from scheduler.sender import send_due
from tests.conftest import NOW
from tests.factories import WORKSPACE, employee
from tests.pulse.waves import OpenWave, actor, open_for, store_survey
from tests.scheduler.conftest import PEOPLE

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

REMINDED = NOW + timedelta(days=3)
LATER = NOW + timedelta(days=5)
Row = Mapping[str, Any]


def told(rows: Sequence[Row], trace: str) -> dict[str, bool]:
    """Tell who had answered, from the order in which rows were written.

    The sender settles a reminder that is not needed at once, one that is sent after Slack's answer.
    So a row that was written before an earlier one is of somebody who had answered, and the row
    that it overtook of somebody who had not.
    """
    found: dict[str, bool] = {}
    for place, row in enumerate(rows):
        for earlier in rows[:place]:
            if row[trace] < earlier[trace]:
                found[row["recipient"]] = True
                found[earlier["recipient"]] = False
    return found


async def test_reminders_do_not_tell_who_had_answered(runtime: Runtime, sandbox: Sandbox) -> None:
    sandbox.engine.faults.add(kind="delay", method="chat.postMessage", seconds=0.1)
    async with runtime.sessions.begin() as session:
        session.add_all(employee(person, team="Design") for person in PEOPLE)
        await session.flush()
        wave = await open_for(session, await store_survey(session, open_hours=96))
        await session.execute(delete(Delivery).where(Delivery.kind == "question"))
    answered = PEOPLE[1::2]
    for person in answered[:-2]:
        await press(runtime, wave, person)
    async with asyncio.TaskGroup() as group:
        group.create_task(send_due(runtime, REMINDED, KINDS))
        for person in answered[-2:]:
            group.create_task(press(runtime, wave, person))
    async with runtime.sessions.begin() as session:
        assert not (await session.scalars(select(Delivery).where(Delivery.status == "due"))).all()
        assert await seal(session, WORKSPACE, wave.id, LATER)
    async with runtime.sessions.begin() as session:
        rows = await session.execute(
            text(
                "SELECT recipient, xmin::text::bigint AS written, ctid::text AS place "
                "FROM deliveries WHERE kind = 'reminder' ORDER BY due_at, id"
            )
        )
        reminders: list[Row] = [dict(row) for row in rows.mappings()]
    for trace in ("written", "place"):
        guesses = told(reminders, trace)
        right = sum(guess == (person in answered) for person, guess in guesses.items())
        assert not guesses, f"{right} of {len(guesses)} right by {trace}"


async def press(runtime: Runtime, wave: OpenWave, person: str) -> None:
    async with runtime.sessions.begin() as session:
        await service.answer(session, actor(person), wave.press(person, 0, 4))
