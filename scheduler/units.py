"""Runs a job's units one after the other, so that one that fails does not stop the others."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot.house import House
from bot.slack.client import NETWORK_ERRORS, error_code
from models.database import is_unavailable

logger = logging.getLogger(__name__)

Unit = TypeVar("Unit")


class SlackSilentError(Exception):
    """Slack gave no answer at all; unlike a silent database, that concerns one unit only."""


async def each(
    house: House, job: str, units: Iterable[Unit], work: Callable[[Unit], Awaitable[int]]
) -> int:
    """Do `work` for each unit; add up what it returns: how much there was to do.

    A unit that raises is logged and passed over: it stays due, and the next bell tries it again.
    A database that does not answer stops the run, because every further unit would meet it, too.
    """
    done = 0
    for unit in units:
        if house.stopping.is_set():
            break
        try:
            done += await work(unit)
        except Exception as error:
            if is_unavailable(error):
                raise
            logger.error("%s passed one over: %s", job, describe(error))
    return done


@contextmanager
def calling_slack() -> Iterator[None]:
    """Tell a silent Slack from a silent database: both raise the same TimeoutError and OSError."""
    try:
        yield
    except NETWORK_ERRORS as error:
        raise SlackSilentError(type(error).__name__) from None


def describe(error: Exception) -> str:
    """Name an error without its message, which may hold what a person wrote."""
    if isinstance(error, SlackApiError):
        return f"{type(error).__name__} {error_code(error)}"
    if isinstance(error, SlackSilentError):
        return f"{type(error).__name__} {error}"
    return type(error).__name__


def total(results: Sequence[int | BaseException | None]) -> int:
    """Add up what `asyncio.gather(…, return_exceptions=True)` brought, or raise its first error."""
    done = 0
    for result in results:
        if isinstance(result, BaseException):
            raise result
        done += result or 0
    return done
