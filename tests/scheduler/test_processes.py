"""Real scheduler processes: run once, killed, stopped, and two at a time; on both databases."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from bot.clock import utc_now
from bot.runtime import Runtime
from bot.settings import Settings
from models import AttentionPreference, Employee, Invitation, Workspace
from sandbox.server import Sandbox
from sandbox.state import Change
from scheduler.people import sync_people
from scheduler.schedule import run_due
from tests.conftest import HANGS, NOW, ROOT
from tests.factories import ADMIN, survey
from tests.scheduler.conftest import PEOPLE, Mail, WallClock


async def start(
    settings: Settings, *arguments: str, **environment: str
) -> asyncio.subprocess.Process:
    """Start `python -m scheduler` on the test's database and workspace."""
    assert settings.slack_bot_token is not None
    assert settings.slack_signing_secret is not None
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scheduler",
        *arguments,
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "SLACK_BOT_TOKEN": settings.slack_bot_token.get_secret_value(),
            "SLACK_SIGNING_SECRET": settings.slack_signing_secret.get_secret_value(),
            "SLACK_APP_TOKEN": "",
            "SLACK_API_URL": settings.slack_api_url,
            **environment,
        },
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Wait for a process; return its exit status and what it logged."""
    try:
        _, log = await asyncio.wait_for(process.communicate(), HANGS)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, log.decode()


async def order_survey(runtime: Runtime, now: datetime) -> None:
    """Store a survey of everybody that is due now, at once for all zones."""
    async with runtime.sessions.begin() as session:
        session.add(
            survey(
                cadence="once",
                created_by=ADMIN,
                starts_on=now.date(),
                next_on=now.date(),
                next_open_at=now,
                ask_at=None,
            )
        )


async def work_always(runtime: Runtime) -> None:
    """Let everybody work day and night: the test runs at any time."""
    async with runtime.sessions.begin() as session:
        await session.execute(update(Employee).values(tz="UTC"))
        await session.execute(
            update(Workspace).values(work_starts=time(), work_ends=time(23, 59, 59))
        )
        people = await session.execute(select(Employee.workspace_id, Employee.id))
        session.add_all(
            AttentionPreference(
                workspace_id=workspace_id, employee_id=person, working_days=[*range(7)]
            )
            for workspace_id, person in people
        )


def receivers(sandbox: Sandbox) -> list[str]:
    """Return who got a message, once for each message, sorted."""
    bot = sandbox.app.bot_user_id
    return sorted(
        member
        for channel in sandbox.world.channels.values()
        for message in channel.messages.values()
        if message.user == bot
        for member in channel.members
        if member != bot
    )


def at_message(sandbox: Sandbox, number: int, act: Callable[[], None]) -> None:
    """Act at the moment in which a message is posted, before its answer goes out."""
    posted = 0

    def count(change: Change) -> None:
        nonlocal posted
        posted += change.kind == "message_posted"
        if change.kind == "message_posted" and posted == number:
            act()

    sandbox.world.subscribe(count)


async def test_once_does_everything_that_is_due_and_ends(
    runtime: Runtime, settings: Settings, sandbox: Sandbox, mail: Mail
) -> None:
    await order_survey(runtime, NOW)
    status, log = await ended(await start(settings, "--once", "--now", "2026-11-03T09:00Z"))
    assert status == 0, log
    assert receivers(sandbox) == sorted(PEOPLE)
    async with runtime.sessions.begin() as session:
        asked = set(await session.scalars(select(Invitation.status)))
    assert asked == {"asked"}
    rows = (await mail.rows()).values()
    assert {row.status for row in rows if row.kind == "question"} == {"sent"}
    assert {row.status for row in rows if row.kind == "reminder"} <= {"waiting"}
    assert not any(person in log for person in PEOPLE)

    status, log = await ended(await start(settings, "--once", "--now", "2026-11-03T09:00Z"))
    assert status == 0, log
    assert receivers(sandbox) == sorted(PEOPLE), "nobody is asked twice"


async def test_killed_between_post_and_mark_everybody_is_asked_once(
    runtime: Runtime, settings: Settings, sandbox: Sandbox, mail: Mail, wall_clock: WallClock
) -> None:
    await order_survey(runtime, NOW)
    process = await start(settings, "--once", "--now", "2026-11-03T09:00Z")
    at_message(sandbox, 6, lambda: os.kill(process.pid, signal.SIGKILL))
    status, _ = await ended(process)
    assert status == -signal.SIGKILL
    arrived = len(receivers(sandbox))
    statuses = await mail.statuses()
    assert arrived >= 6
    assert statuses.get("sent", 0) < arrived, "one was posted and not marked"
    assert statuses["claimed"] >= 1

    wall_clock.advance(minutes=3)
    await run_due(runtime, NOW)
    assert receivers(sandbox) == sorted(PEOPLE)
    rows = (await mail.rows()).values()
    assert {row.status for row in rows if row.kind == "question"} == {"sent"}
    async with runtime.sessions.begin() as session:
        assert set(await session.scalars(select(Invitation.status))) == {"asked"}


async def test_told_to_stop_it_finishes_what_it_has_begun(
    runtime: Runtime, settings: Settings, sandbox: Sandbox, mail: Mail
) -> None:
    await sync_people(runtime, utc_now())
    await work_always(runtime)
    await order_survey(runtime, utc_now() - timedelta(minutes=1))
    process = await start(settings)
    at_message(sandbox, 6, lambda: process.send_signal(signal.SIGTERM))
    status, log = await ended(process)
    assert status == 0, log
    statuses = await mail.statuses()
    assert "claimed" not in statuses
    assert statuses["sent"] == len(receivers(sandbox))
    assert 6 <= statuses["sent"] < len(PEOPLE)


async def test_two_processes_at_once_ask_everybody_once(
    runtime: Runtime, settings: Settings, sandbox: Sandbox
) -> None:
    await order_survey(runtime, NOW)
    both = [await start(settings, "--once", "--now", "2026-11-03T09:00Z") for _ in range(2)]
    for status, log in await asyncio.gather(*(ended(process) for process in both)):
        assert status == 0, log
    assert receivers(sandbox) == sorted(PEOPLE)
