"""Runs a job's units one after the other, so that one that fails does not stop the others."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from bot import error_handler
from bot.runtime import Runtime
from models.database import is_unavailable

logger = logging.getLogger(__name__)

RUN_SECONDS = 10.0
"""So long a run calls Slack for one workspace; then the other jobs' news are looked for."""

Unit = TypeVar("Unit")


class SlackSilentError(Exception):
    """Slack gave no answer at all; unlike a silent database, that concerns one unit only."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class SlackBusyError(Exception):
    """The workspace takes no more calls of this kind just now: its other units wait as well."""


async def run_each(
    runtime: Runtime,
    job: str,
    units: Iterable[Unit],
    work: Callable[[Unit], Awaitable[int]],
    seconds: float | None = None,
) -> int:
    """Do `work` for each unit; add up what it returns: how much there was to do.

    A unit that raises is logged and passed over: it stays due, and the next bell tries it again.
    SlackBusyError stops the units of its workspace: each further call would be refused, too. A
    database that does not answer stops the run, because every further unit would meet it, too.
    No unit begins after `seconds`.
    """
    done = 0
    busy: set[str | None] = set()
    end = None if seconds is None else time.monotonic() + seconds
    for unit in units:
        if runtime.stopping.is_set() or (end and time.monotonic() > end):
            break
        if workspace_of(unit) in busy:
            continue
        try:
            done += await work(unit)
        except SlackBusyError:
            busy.add(workspace_of(unit))
        except Exception as error:
            if is_unavailable(error):
                raise
            logger.error("%s passed one over: %s", job, describe(error))
    return done


async def run_each_workspace(
    runtime: Runtime, job: str, units: Iterable[Unit], work: Callable[[Unit], Awaitable[int]]
) -> int:
    """Do `work` for each unit, workspaces side by side: one that waits for Slack holds up no other.

    What is left after RUN_SECONDS stays due.
    """
    by_workspace: dict[str | None, list[Unit]] = {}
    for unit in units:
        by_workspace.setdefault(workspace_of(unit), []).append(unit)
    runs = (run_each(runtime, job, of_one, work, RUN_SECONDS) for of_one in by_workspace.values())
    return total(await asyncio.gather(*runs, return_exceptions=True))


def workspace_of(unit: object) -> str | None:
    """Return the workspace of a unit: the unit itself, what it begins with, or what it names."""
    if isinstance(unit, tuple):
        return str(unit[0])
    return unit if isinstance(unit, str) else getattr(unit, "workspace_id", None)


def describe(error: Exception) -> str:
    """Name an error and its place without its message, which may hold what a person wrote."""
    if isinstance(error, SlackSilentError):
        return f"{type(error).__name__} {error}"
    return error_handler.describe(error)


def total(results: Sequence[int | BaseException | None]) -> int:
    """Add up what `asyncio.gather(…, return_exceptions=True)` brought, or raise its first error."""
    done = 0
    for result in results:
        if isinstance(result, BaseException):
            raise result
        done += result or 0
    return done
