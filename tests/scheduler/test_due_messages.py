"""What the sender finds to do: reads few rows, waits for nobody, and sends nothing too late."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from bot.outbox.deliveries import unfinished_workspaces
from bot.runtime import Runtime
from models import Interruption, Workspace
from models.database import make_engine, make_sessions
from scheduler.people import sync_people
from scheduler.sender import seconds_left, send_due
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.scheduler.conftest import (
    PEOPLE,
    PING,
    Mail,
)

KINDS = {"ping": PING, "digest": PING}


async def test_looking_for_work_waits_for_no_writer(
    runtime: Runtime, mail: Mail, database_url: str
) -> None:
    await mail.put(PEOPLE[0], due_at=NOW + timedelta(hours=1))
    other = make_engine(database_url)
    async with make_sessions(other).begin() as writer:
        await writer.execute(update(Workspace).values(name="Other"))
        assert await send_due(runtime, NOW, KINDS) == 0
        assert await seconds_left(runtime, NOW) is None
    await other.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_looking_for_work_reads_only_what_is_not_over(runtime: Runtime) -> None:
    """PostgreSQL chooses by what a table holds just now, so its plans are not tested."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    async with runtime.reading() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        await unfinished_workspaces(session, NOW)
        event.remove(engine, "before_cursor_execute", note)
        (poll,) = [each for each in statements if "deliveries" in each]
        poll = poll.replace("?", "'2026-11-03 09:00'")
        plan = await session.execute(text(f"EXPLAIN QUERY PLAN {poll}"))
        steps = "\n".join(str(row) for row in plan)
    assert "ix_deliveries_due" in steps
    assert "ix_deliveries_claimed" in steps


async def test_what_its_readers_day_ended_before_waits_for_the_next_one(
    runtime: Runtime, mail: Mail
) -> None:
    await sync_people(runtime, NOW)
    evening = NOW + timedelta(hours=12)
    await mail.put(PEOPLE[0], key="ping:late", id="late", send_by=NOW + timedelta(hours=7))
    async with runtime.sessions.begin() as session:
        session.add(
            Interruption(
                workspace_id=WORKSPACE, employee_id=PEOPLE[0], day=NOW.date(), message_id="late"
            )
        )
    await send_due(runtime, evening, KINDS)
    row = (await mail.rows())["ping:late"]
    assert (row.status, row.send_by) == ("waiting", None)
    assert mail.arrived() == []
    async with runtime.sessions.begin() as session:
        assert list(await session.scalars(select(Interruption))) == [], "it took nothing"
    await send_due(runtime, evening, KINDS)
    await send_due(runtime, NOW + timedelta(days=1), KINDS)
    assert mail.arrived() == ["ping:late"]
