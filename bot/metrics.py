"""What monitoring may watch, in Prometheus's format; nothing in it tells about a person.

- No label names a workspace, a person or a survey.
- Numbers that grow with what people do or receive move in steps of STEP, over all workspaces of a
  process. Otherwise somebody who reads them every second would learn when a colleague answered, or
  whether a reminder was still needed.
- A job's duration is rounded up to a step of JOB_SECONDS, because a run that posts one message
  takes a little longer than a run that finds it needless.
- Refusals and failures count one by one, as the log shows them.
"""

import logging
import re
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import aiohttp
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

STEP: Final = 20
"""Four times the smallest group that figures usually show."""
ACK_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Slack waits three seconds: https://docs.slack.dev/interactivity/handling-user-interaction."""
JOB_SECONDS: Final = (1.0, 5.0, 30.0, 120.0, 600.0)
METHOD: Final = re.compile(r"/api/([a-z]+(?:\.[A-Za-z]+)+)")
"""The path of a call to Slack's Web API. Other addresses may hold a secret and are not shown."""

# A counter's birth would be the moment of its first step.
disable_created_metrics()  # type: ignore[no-untyped-call] # the package's own


_is_paused: ContextVar[bool] = ContextVar("is_paused", default=False)


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._held: defaultdict[Hashable, list[Callable[[], None]]] = defaultdict(list)
        self._acks = Histogram(
            "attune_ack_seconds",
            f"Time until a request of Slack's was acknowledged; counted in steps of {STEP}",
            ["kind"],
            buckets=ACK_SECONDS,
            registry=self._registry,
        )
        self._refused = Counter(
            "attune_refused_requests",
            "Requests that were not Slack's, or came twice",
            ["status"],
            registry=self._registry,
        )
        self._calls = Counter(
            "attune_slack_calls",
            f"Calls to Slack; answered ones are counted in steps of {STEP}",
            ["method", "outcome"],
            registry=self._registry,
        )
        self._jobs = Histogram(
            "attune_job_seconds",
            "Duration of jobs' runs, rounded up to the next bucket",
            ["job", "outcome"],
            buckets=JOB_SECONDS,
            registry=self._registry,
        )
        self._logged = Counter(
            "attune_log_events",
            "Warnings and errors in the log",
            ["level", "logger"],
            registry=self._registry,
        )

    def gauge(self, name: str, says: str, labels: tuple[str, ...] = ()) -> Gauge:
        """Add a number that is set just before it is read."""
        return Gauge(name, says, labels, registry=self._registry)

    @contextmanager
    def paused(self, *, when: bool) -> Iterator[None]:
        """Count no request and no call of the code in this context, if `when` is true."""
        token = _is_paused.set(when)
        try:
            yield
        finally:
            _is_paused.reset(token)

    def acknowledged(self, seconds: float, *, is_answer: bool) -> None:
        """Count a request that was acknowledged after `seconds`; `is_answer` if to a survey."""
        if _is_paused.get():
            return
        kind = "answer" if is_answer else "other"
        self._hold(("ack", kind), lambda: self._acks.labels(kind).observe(seconds))

    def refused(self, status: int) -> None:
        """Count a request that was refused with an HTTP status."""
        self._refused.labels(status).inc()

    @contextmanager
    def timing_job(self, job: str) -> Iterator[None]:
        """Time and count a job's run, as failed if it raises."""
        started = time.monotonic()
        try:
            yield
        except Exception:
            self._job_ended(job, time.monotonic() - started, "failed")
            raise
        self._job_ended(job, time.monotonic() - started, "done")

    def _job_ended(self, job: str, seconds: float, outcome: str) -> None:
        step = JOB_SECONDS[min(bisect_left(JOB_SECONDS, seconds), len(JOB_SECONDS) - 1)]
        self._jobs.labels(job, outcome).observe(step)

    def called(self, path: str, status: int | None) -> None:
        """Count a call to a path of Slack's, with its answer's status or None if none came."""
        if _is_paused.get():
            return
        found = METHOD.fullmatch(path)
        method = found[1] if found else "other"
        if status is None or status >= 500:
            self._calls.labels(method, "failed").inc()
        elif status == 429:
            self._calls.labels(method, "limited").inc()
        else:
            self._hold(("call", method), lambda: self._calls.labels(method, "answered").inc())

    def _hold(self, key: Hashable, publish: Callable[[], None]) -> None:
        """Keep a count back until STEP of its kind have come together."""
        held = self._held[key]
        held.append(publish)
        if len(held) == STEP:
            for each in held:
                each()
            held.clear()

    def page(self) -> bytes:
        """Return all numbers in Prometheus's text format.

        https://prometheus.io/docs/instrumenting/exposition_formats/
        """
        return generate_latest(self._registry)

    def log_handler(self) -> logging.Handler:
        """Return a handler that counts warnings and errors."""
        handler = logging.Handler(logging.WARNING)
        handler.emit = self._count_event  # type: ignore[method-assign] # a class would add nothing
        return handler

    def _count_event(self, record: logging.LogRecord) -> None:
        self._logged.labels(record.levelname.lower(), record.name).inc()

    def trace(self) -> aiohttp.TraceConfig:
        """Return what an HTTP session needs to have its calls counted.

        https://docs.aiohttp.org/en/stable/tracing_reference.html
        """
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._count_answer)
        trace.on_request_exception.append(self._count_silence)
        return trace

    async def _count_answer(
        self, _session: object, _context: object, call: aiohttp.TraceRequestEndParams
    ) -> None:
        self.called(call.url.path, call.response.status)

    async def _count_silence(
        self, _session: object, _context: object, call: aiohttp.TraceRequestExceptionParams
    ) -> None:
        self.called(call.url.path, None)


def in_steps(count: int) -> int:
    """Round a number of people's messages down to a multiple of STEP."""
    return count - count % STEP
