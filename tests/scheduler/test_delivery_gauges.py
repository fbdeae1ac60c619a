"""Monitoring sees how many messages wait and since when, in steps."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.metrics import STEP, Metrics
from bot.runtime import Runtime
from models import Workspace
from scheduler import delivery_gauges
from scheduler.delivery_gauges import DeliveryGauges
from tests.conftest import NOW
from tests.scheduler.conftest import Mail


def many(prefix: str, count: int) -> list[str]:
    return [f"U{prefix}{number}" for number in range(count)]


async def page_of(runtime: Runtime) -> dict[str, float]:
    """Return the gauges as a process publishes them."""
    watched = replace(runtime, metrics=Metrics(), wall_clock=lambda: NOW)
    await DeliveryGauges(watched)()
    found = re.findall(r"^attune_(\S+) (\S+)$", watched.metrics.page().decode(), re.MULTILINE)
    return {name: float(value) for name, value in found}


async def test_messages_are_counted_by_state_and_kind(runtime: Runtime, mail: Mail) -> None:
    await mail.put(*many("DUE", STEP + 3), due_at=NOW - timedelta(days=2))
    await mail.put(*many("LATER", STEP), kind="later", due_at=NOW + timedelta(minutes=1))
    await mail.put(*many("FEW", STEP - 1), kind="few")
    recent, old = NOW - timedelta(minutes=30), NOW - timedelta(hours=2)
    for status in ("sent", "dropped", "settled", "failed"):
        await mail.put(*many("ENDED", STEP), kind=status, due_at=recent, status=status)
        await mail.put(*many("OLD", STEP), kind=f"old {status}", due_at=old, status=status)
    await mail.put(*many("HELD", STEP), kind="held", status="claimed", claimed_until=NOW)
    await mail.put(*many("WAITS", STEP), kind="wait", status="waiting", look_at=NOW)
    assert await page_of(runtime) == {
        'deliveries{kind="ping",state="due"}': STEP,
        'deliveries{kind="held",state="claimed"}': STEP,
        'deliveries{kind="wait",state="waiting"}': STEP,
        'deliveries{kind="sent",state="sent"}': STEP,
        'deliveries{kind="dropped",state="dropped"}': STEP,
        'deliveries{kind="settled",state="settled"}': STEP,
        'deliveries{kind="failed",state="failed"}': STEP,
        "oldest_due_delivery_seconds": timedelta(days=2).total_seconds(),
    }


async def test_what_waited_for_a_good_moment_is_due_since_then(
    runtime: Runtime, mail: Mail
) -> None:
    planned = NOW - timedelta(minutes=2)
    await mail.put("U1", due_at=NOW - timedelta(days=3), look_at=planned)
    assert (await page_of(runtime))["oldest_due_delivery_seconds"] == 120


async def test_nothing_is_late_where_nothing_is_due(runtime: Runtime, mail: Mail) -> None:
    await mail.put("U1", due_at=NOW + timedelta(hours=1))
    assert await page_of(runtime) == {"oldest_due_delivery_seconds": 0}


async def test_what_is_never_sent_is_not_late(runtime: Runtime, mail: Mail) -> None:
    await mail.put(*many("GONE", STEP), due_at=NOW - timedelta(days=9))
    async with runtime.sessions.begin() as session:
        await session.execute(update(Workspace).values(uninstalled_at=NOW))
    assert await page_of(runtime) == {"oldest_due_delivery_seconds": 0}


async def test_a_backlog_is_counted_only_so_far(
    runtime: Runtime, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_gauges, "MOST_ROWS", STEP)
    await mail.put(*many("DUE", 3 * STEP))
    assert (await page_of(runtime))['deliveries{kind="ping",state="due"}'] == STEP
