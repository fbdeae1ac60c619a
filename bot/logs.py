"""The log: one line an event, as text on a terminal and as JSON elsewhere.

Code logs with the standard library; structlog formats. What a request or a job's run has bound is
in each of its lines (https://www.structlog.org/en/stable/contextvars.html).
"""

import logging
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

LogFormat = Literal["auto", "json", "text"]

ROOT: Final = Path(__file__).resolve().parent.parent
OURS: Final = ("bot.", "scheduler.", "models.")
"""The log names files of these packages: the call of a library says more than its inside."""


def configure_logs(log_format: LogFormat) -> None:
    """Write the events of all loggers from INFO on to standard error."""
    as_text = sys.stderr.isatty() if log_format == "auto" else log_format == "text"
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if as_text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _describe_error,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _describe_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace a traceback, which ends with the error's message: that may quote people."""
    error = (event.pop("exc_info", None) or (None, None))[1]
    if error:
        event["error"] = f"{type(error).__name__} in {place_of(error)}"
    return event


def place_of(error: BaseException) -> str:
    """Return the function, file and line that raised an error; the last of ours, if there is one.

    For example `store (bot/pulse/service.py:88)`; a question mark for an error that was not raised.
    """
    steps = list(traceback.walk_tb(error.__traceback__))
    if not steps:
        return "?"
    ours = [step for step in steps if step[0].f_globals.get("__name__", "").startswith(OURS)]
    frame, line = (ours or steps)[-1]
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(ROOT) if ours else path.name
    return f"{frame.f_code.co_qualname} ({shown}:{line})"


@contextmanager
def logging_request() -> Iterator[None]:
    """Give a request an id that stands in each line of its log."""
    with bound_contextvars(request=secrets.token_hex(4)):
        yield


@contextmanager
def logging_job(name: str) -> Iterator[None]:
    """Give a job's run its name and an id in each line of its log."""
    with bound_contextvars(job=name, run=secrets.token_hex(4)):
        yield


def current_request() -> str:
    """Return the id of the request under way; a fresh one outside of any."""
    return str(get_contextvars().get("request") or secrets.token_hex(4))
