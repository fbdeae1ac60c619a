"""The table of jobs, and how they are started."""

import asyncio
import importlib
import inspect
import logging
import pkgutil
from collections.abc import Iterator
from datetime import datetime, tzinfo

import pytest
from apscheduler.triggers.interval import IntervalTrigger

import scheduler
from bot.runtime import Runtime
from sandbox.server import Sandbox
from scheduler import running
from scheduler.digest import enqueue_digests
from scheduler.insights import publish_waves
from scheduler.people import sync_people
from scheduler.pulse import close_waves, open_waves
from scheduler.rights import apply_retention, erase_uninstalled
from scheduler.running import run_until_stopped
from scheduler.schedule import JITTER, SCHEDULE, Entry, Job, name_of, run_due
from scheduler.sender import send_deliveries, send_due
from scheduler.sweeps import Sweep
from tests.conftest import HANGS, NOW
from tests.scheduler.conftest import PEOPLE, PING, Mail, WallClock

JOBS = (
    sync_people,
    open_waves,
    close_waves,
    publish_waves,
    enqueue_digests,
    apply_retention,
    erase_uninstalled,
    send_deliveries,
)


@pytest.mark.parametrize("job", JOBS, ids=name_of)
def test_job_is_in_the_table(job: Job) -> None:
    assert [entry.job for entry in SCHEDULE].count(job) == 1


def jobs_in_the_package() -> Iterator[str]:
    """Name every public function of the package that is called as a job is."""
    for module in pkgutil.iter_modules(scheduler.__path__):
        if module.name in ("__main__", "schedule"):
            continue
        members = vars(importlib.import_module(f"scheduler.{module.name}"))
        for name, value in members.items():
            if isinstance(value, Sweep) and not name.startswith("_"):
                assert value.name == name
                yield name
            elif (
                inspect.iscoroutinefunction(value)
                and value.__module__ == f"scheduler.{module.name}"
                and not name.startswith("_")
                and list(inspect.signature(value).parameters) == ["runtime", "now"]
                and inspect.signature(value).return_annotation is int
            ):
                yield name


def test_no_job_is_missing_from_the_table() -> None:
    assert set(jobs_in_the_package()) == {entry.name for entry in SCHEDULE}


def test_the_names_of_the_jobs_differ() -> None:
    assert len({entry.name for entry in SCHEDULE}) == len(SCHEDULE)


@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: str(entry.name))
def test_jobs_that_start_together_drift_apart(entry: Entry) -> None:
    following = {entry.when.get_next_fire_time(NOW, NOW) for _ in range(20)}
    assert len(following) > 1
    assert all(0 <= (each - NOW) / entry.when.interval - 1 <= JITTER for each in following)


def often(job: Job) -> Entry:
    return Entry(IntervalTrigger(seconds=1), job)


async def stop_soon(runtime: Runtime, ready: asyncio.Event) -> None:
    await asyncio.wait_for(ready.wait(), HANGS)
    runtime.stopping.set()


async def test_a_job_runs_at_once_and_the_unit_in_hand_is_finished(runtime: Runtime) -> None:
    begun, finished = asyncio.Event(), []

    async def work(_runtime: Runtime, now: datetime) -> int:
        begun.set()
        await asyncio.sleep(0.2)
        finished.append(now)
        return 1

    await asyncio.gather(run_until_stopped(runtime, [often(work)]), stop_soon(runtime, begun))
    assert finished == [NOW]


async def test_a_job_that_lasts_longer_than_its_grace_is_cancelled(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0.01)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(_runtime: Runtime, _now: datetime) -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    await asyncio.gather(run_until_stopped(runtime, [often(work)]), stop_soon(runtime, begun))
    assert ended.is_set()


async def test_a_job_that_fails_stops_neither_the_others_nor_its_next_run(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    runs = {"fails": 0, "works": 0}
    twice = asyncio.Event()

    async def fails(_runtime: Runtime, _now: datetime) -> int:
        runs["fails"] += 1
        if runs["fails"] == 2:
            twice.set()
        raise LookupError("a secret")

    async def works(_runtime: Runtime, _now: datetime) -> int:
        runs["works"] += 1
        return 0

    with caplog.at_level(logging.INFO):
        await asyncio.gather(
            run_until_stopped(runtime, [often(fails), often(works)]), stop_soon(runtime, twice)
        )
    assert runs["works"] >= 1
    assert "fails stopped: LookupError in run_job (scheduler/running.py:" in caplog.text
    assert "secret" not in caplog.text


async def test_a_job_that_still_runs_is_not_started_again(runtime: Runtime) -> None:
    runs, at_once, most = 0, 0, 0
    enough = asyncio.Event()

    async def slow(_runtime: Runtime, _now: datetime) -> int:
        nonlocal runs, at_once, most
        runs, at_once = runs + 1, at_once + 1
        most = max(most, at_once)
        await asyncio.sleep(1.2)
        at_once -= 1
        if runs == 2:
            enough.set()
        return 0

    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    await asyncio.gather(run_until_stopped(runtime, [often(slow)]), stop_soon(runtime, enough))
    assert most == 1


async def test_run_due_goes_on_until_nothing_is_left(runtime: Runtime) -> None:
    left = [3, 2]
    order: list[str] = []

    async def first(_runtime: Runtime, now: datetime) -> int:
        assert now == NOW
        order.append("first")
        left[0] = max(0, left[0] - 1)
        return left[0]

    async def second(_runtime: Runtime, _now: datetime) -> int:
        order.append("second")
        left[1] = max(0, left[1] - 1)
        return left[1]

    await run_due(runtime, NOW, [often(first), often(second)])
    assert left == [0, 0]
    assert order == ["first", "second"] * 3


async def test_run_due_lets_a_failure_out(runtime: Runtime) -> None:
    async def fails(_runtime: Runtime, _now: datetime) -> int:
        raise LookupError

    with pytest.raises(LookupError):
        await run_due(runtime, NOW, [often(fails)])


@pytest.mark.parametrize("days", [-1, -300 / 86400])
async def test_a_clock_that_is_set_back_stops_no_job(
    runtime: Runtime, wall_clock: WallClock, monkeypatch: pytest.MonkeyPatch, days: float
) -> None:
    class Clock(datetime):
        """The clock that APScheduler reads."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            """Read the wall clock of the test."""
            return cls.fromtimestamp(wall_clock().timestamp(), tz)

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Clock)
    ran, again = asyncio.Event(), asyncio.Event()

    async def work(_runtime: Runtime, _now: datetime) -> int:
        if ran.is_set():
            again.set()
        elif not wall_clock.shift:
            wall_clock.advance(days=days)
            ran.set()
        return 0

    await asyncio.gather(run_until_stopped(runtime, [often(work)]), stop_soon(runtime, again))
    assert again.is_set()


async def test_run_due_leaves_what_has_to_wait_for_more_than_a_minute(
    runtime: Runtime, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.engine.faults.add(kind="429", method="chat.postMessage", seconds=3600)
    await mail.put(PEOPLE[0], kind="question")

    async def send(_runtime: Runtime, now: datetime) -> int:
        return await send_due(_runtime, now, {"question": PING})

    await run_due(runtime, NOW, [often(send)])
    assert len(sandbox.engine.log.find("chat.postMessage")) == 1
    assert "left for a later run: chat.postMessage" in caplog.text
    assert await mail.statuses() == {"due": 1}


async def test_run_due_waits_for_what_comes_within_a_minute(
    runtime: Runtime, mail: Mail, sandbox: Sandbox
) -> None:
    sandbox.engine.faults.add(kind="429", method="chat.postMessage", seconds=3, times=1)
    await mail.put(PEOPLE[0], kind="question")

    async def send(_runtime: Runtime, now: datetime) -> int:
        return await send_due(_runtime, now, {"question": PING})

    await run_due(runtime, NOW, [often(send)])
    assert await mail.statuses() == {"sent": 1}
