"""Sweeps: jobs that find the units that are due and handle each of them.

A unit is a workspace's id, a tuple that begins with one, or an object with `workspace_id`. If one
fails, the others are still handled.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot import error_handler
from bot.runtime import Runtime
from models.database import is_unavailable
from scheduler.paced_client import SlackBusyError, SlackSilentError

logger = logging.getLogger(__name__)

RUN_SECONDS: Final = 10.0
"""How long a run calls Slack for one workspace; then it ends, and other jobs have their turn."""

Unit = TypeVar("Unit")
Handle = Callable[[Runtime, datetime, Unit], Awaitable[int]]
"""Does what is due for a unit, in transactions of its own; returns how much there was to do."""


@dataclass(frozen=True)
class Sweep(Generic[Unit]):
    """A job that finds the units that are due at a moment and handles each.

    Called like any other job; returns how much there was to do.
    """

    name: str
    find: Callable[[AsyncSession, datetime], Awaitable[Iterable[Unit]]]
    handle: Handle[Unit]
    calls_slack: bool = False
    """True if units wait for Slack; then workspaces run side by side."""

    async def __call__(self, runtime: Runtime, now: datetime) -> int:
        """Do what is due."""
        async with runtime.reading() as session:
            units = await self.find(session, now)
        run = run_workspaces_side_by_side if self.calls_slack else run_each
        return await run(runtime, self.name, units, partial(self.handle, runtime, now))


def in_one_transaction(
    use_case: Callable[..., Awaitable[int]],
) -> Handle[tuple[str, ...]]:
    """Turn a use case into a handler of units.

    It is called with a session, the parts of the unit, and the time.
    """

    async def handle(runtime: Runtime, now: datetime, unit: tuple[str, ...]) -> int:
        async with runtime.sessions.begin() as session:
            return int(await use_case(session, *unit, now))

    return handle


async def run_each(
    runtime: Runtime,
    job: str,
    units: Iterable[Unit],
    work: Callable[[Unit], Awaitable[int]],
    seconds: float | None = None,
) -> int:
    """Do `work` for each unit; add up what it returns: how much there was to do.

    If a unit raises, the error is logged and the next unit follows: the failed one stays due for
    the next run. SlackBusyError skips the other units of its workspace too: Slack would refuse each
    further call. If the database does not answer, the run stops: every unit would fail.
    No unit begins after `seconds`.
    """
    done = 0
    busy: set[str | None] = set()
    end = None if seconds is None else time.monotonic() + seconds
    for unit in units:
        if runtime.stopping.is_set() or (end and time.monotonic() > end):
            break
        if workspace_of_unit(unit) in busy:
            continue
        try:
            done += await work(unit)
        except SlackBusyError:
            busy.add(workspace_of_unit(unit))
        except Exception as error:
            if is_unavailable(error):
                raise
            logger.error("%s skipped a unit: %s", job, describe_failure(error))
    return done


async def run_workspaces_side_by_side(
    runtime: Runtime, job: str, units: Iterable[Unit], work: Callable[[Unit], Awaitable[int]]
) -> int:
    """Do `work` for each unit; workspaces run side by side, so none waits for another's limit.

    What is left after RUN_SECONDS stays due.
    """
    by_workspace: dict[str | None, list[Unit]] = {}
    for unit in units:
        by_workspace.setdefault(workspace_of_unit(unit), []).append(unit)
    runs = (run_each(runtime, job, of_one, work, RUN_SECONDS) for of_one in by_workspace.values())
    return total(await asyncio.gather(*runs, return_exceptions=True))


def workspace_of_unit(unit: object) -> str | None:
    """Return the workspace of a unit: the unit itself, what it begins with, or what it names."""
    if isinstance(unit, tuple):
        return str(unit[0])
    return unit if isinstance(unit, str) else getattr(unit, "workspace_id", None)


def describe_failure(error: Exception) -> str:
    """Name an error and its place without its message, which may hold what a person wrote."""
    if isinstance(error, SlackSilentError):
        return f"{type(error).__name__} {error}"
    return error_handler.describe(error)


def total(results: Sequence[int | BaseException | None]) -> int:
    """Add up results of `asyncio.gather(…, return_exceptions=True)`, or raise the first error."""
    done = 0
    for result in results:
        if isinstance(result, BaseException):
            raise result
        done += result or 0
    return done
