"""`python -m scheduler`: run the jobs of schedule.py when they are due, until told to stop.

`python -m scheduler --once [--now 2026-12-01T09:00Z]` does all that is due at one moment and
ends. That is for cron and for tests.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.listening import call_at_stop
from bot.logs import configure_logs
from bot.operations import serving_metrics
from bot.runtime import check_and_register, open_runtime, start_failure
from bot.settings import Settings, load_settings
from scheduler.delivery_gauges import DeliveryGauges
from scheduler.running import note_run, run_until_stopped
from scheduler.schedule import run_due


def read_moment(text: str) -> datetime:
    """Read a moment with its zone, such as `2026-12-01T09:00Z`. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC)


async def run(settings: Settings, *, once: bool, now: datetime | None) -> None:
    """Open what jobs need, run them until told to stop, and close it again."""
    async with open_runtime(settings) as runtime:
        call_at_stop(runtime.stopping.set)
        await check_and_register(runtime)
        if once:
            await run_due(runtime, now or runtime.clock())
            await note_run(runtime)
            return
        port, look = settings.scheduler_metrics_port, DeliveryGauges(runtime)
        async with serving_metrics(runtime, port, "SCHEDULER_METRICS_PORT", look):
            await run_until_stopped(runtime)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, or say in one sentence what is wrong; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scheduler", description="Runs Attune's jobs.")
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    parser.add_argument("--now", help="with --once: the moment to do it for, with its zone")
    asked = parser.parse_args(arguments)
    if asked.now is not None and not asked.once:
        return _refuse("--now goes with --once: a scheduler that keeps running has its own clock.")
    try:
        now = None if asked.now is None else read_moment(asked.now)
    except ValueError:
        return _refuse("--now must be a moment with its zone, for example 2026-12-01T09:00Z.")
    try:
        settings = load_settings()
        configure_logs(settings.log_format)
        # A job that is still running is not started again, and APScheduler need not warn of it.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        asyncio.run(run(settings, once=asked.once, now=now))
    except Exception as error:
        sentence = start_failure(error)
        if sentence is None:
            raise
        return _refuse(sentence)
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 (the command's own answer)
    return 2


if __name__ == "__main__":
    sys.exit(main())
