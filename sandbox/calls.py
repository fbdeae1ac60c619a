"""The log of what went over the line, in both directions."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True)
class CallRecord:
    """One exchange. From the app: a Web API call. To the app: an event, interaction or command."""

    number: int
    time: datetime
    direction: Literal["from_app", "to_app"]
    method: str
    arguments: Any
    answer: Any
    status: int | None
    ms: float
    error: str | None = None


class CallLog:
    """The latest exchanges, oldest first."""

    def __init__(self, now: Callable[[], datetime], size: int = 20_000) -> None:
        self._now = now
        self._records: deque[CallRecord] = deque(maxlen=size)
        self._count = 0
        self._subscribers: list[Callable[[CallRecord], None]] = []

    def subscribe(self, callback: Callable[[CallRecord], None]) -> Callable[[], None]:
        """Call back on every record; returns the function that ends it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def add(
        self,
        direction: Literal["from_app", "to_app"],
        method: str,
        arguments: Any,
        answer: Any,
        *,
        status: int | None,
        ms: float,
        error: str | None = None,
    ) -> CallRecord:
        """Write down an exchange; ``arguments`` must not hold a token."""
        self._count += 1
        record = CallRecord(
            self._count,
            self._now(),
            direction,
            method,
            arguments,
            answer,
            status,
            round(ms, 2),
            error,
        )
        self._records.append(record)
        for callback in tuple(self._subscribers):
            callback(record)
        return record

    def find(
        self, method: str | None = None, direction: str | None = None, since: int = 0
    ) -> list[CallRecord]:
        """Return the records after number ``since``, of one method or direction if given."""
        return [
            record
            for record in self._records
            if record.number > since
            and method in {None, record.method}
            and direction in {None, record.direction}
        ]
