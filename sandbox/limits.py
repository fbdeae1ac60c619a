"""Rate limits: per method, app and workspace, in windows, answered with Retry-After.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Rate:
    """At most ``calls`` in each window of ``seconds``."""

    calls: int
    seconds: float = 60.0


class Tier(Enum):
    """Slack's tiers, with the least that each of them grants."""

    TWO = Rate(20)
    THREE = Rate(50)
    FOUR = Rate(100)
    POSTING = Rate(300)
    """chat.postMessage in a whole workspace: "several hundred per minute"."""
    UNLIMITED = None


PER_CHANNEL = Rate(10, 10.0)
"""chat.postMessage in one channel: one a second, bursts tolerated."""


@dataclass
class Window:
    """Calls counted since a window began."""

    began: float
    calls: int = 0


class Limiter:
    """Counts calls by key. ``scale`` multiplies Slack's figures; None lets everything pass."""

    def __init__(self, timer: Callable[[], float], scale: float | None = 1.0) -> None:
        self.scale = scale
        self._timer = timer
        self._windows: dict[tuple[str, ...], Window] = {}

    def retry_after(self, rate: Rate, *key: str) -> int | None:
        """Count a call; returns the seconds to wait when it is one too many."""
        if self.scale is None:
            return None
        now = self._timer()
        window = self._windows.get(key)
        if window is None or now >= window.began + rate.seconds:
            window = self._windows[key] = Window(now)
        if window.calls >= max(1, math.floor(rate.calls * self.scale)):
            return max(1, math.ceil(window.began + rate.seconds - now))
        window.calls += 1
        return None
