"""Decides when the next call of one kind may go out to one workspace. Never waits.

Slack limits each method for each workspace (https://docs.slack.dev/apis/web-api/rate-limits) but
gives no exact numbers, so the pace is learned: it is halved after a 429 and rises slowly while
calls succeed (additive increase, multiplicative decrease: Chiu and Jain, 1989). The caller passes
the time; all times are monotonic seconds.
"""

from dataclasses import dataclass, field
from enum import Enum

from bot.outbox.sending_speed import MESSAGES_PER_MINUTE

SECONDS_PER_CHANNEL = 1.0
"""chat.postMessage: "no more than 1 message per second per channel"."""
SLOWEST = 1 / 60
"""Calls per second; what newer apps get for conversations.history."""
RECOVERY = 0.02
"""How much each successful call speeds up the next ones, as a share of the fastest rate."""
FEWEST_AT_ONCE = 4
BURST_SECONDS = 0.5
"""After a pause, so many calls go out at once: at least the one, at most what this long allows."""
FAILURES_IN_A_ROW = 8
"""Calls without an answer after which Slack counts as down."""
LONGEST_PAUSE = 60.0
ALIKE_IN_A_ROW = 3
"""Messages refused for one reason after which the reason is not in the messages."""
FIRST_CLOSING = 4.0
LONGEST_CLOSING = 300.0
"""Seconds for which a workspace that refuses all calls is left alone: at first, and at most."""


class Calls(Enum):
    """Methods that share a pace: calls per minute in one workspace, a little below Slack's tiers.

    https://docs.slack.dev/apis/web-api/rate-limits
    """

    POSTS = "chat.postMessage", MESSAGES_PER_MINUTE
    LOOKUPS = "conversations.open and .history", 45
    FILES = "files", 90
    AUDIENCES = "conversations.members and usergroups.users.list", 90
    DIRECTORY = "users.list", 18
    OTHERS = "others", 18

    def __init__(self, label: str, per_minute: int) -> None:
        self.label = label
        self.per_minute = per_minute


@dataclass
class Pacer:
    """A token bucket for one method of one workspace, whose rate follows Slack's answers."""

    fastest: float
    """Most calls per second; the rate starts there."""
    burst: int = 1
    rate: float = field(init=False)
    failures: int = field(default=0, init=False)
    closings: int = field(default=0, init=False)
    wanted: bool = field(default=False, init=False)
    """True if something waits for a turn that was too far off."""
    troubled_since: float | None = field(default=None, init=False)
    """When calls began to fail; None while they succeed."""
    _refusals: tuple[str, int] = field(default=("", 0), init=False)
    _tokens: float = field(init=False)
    _counted: float | None = field(default=None, init=False)
    _paused_until: float = field(default=0.0, init=False)
    _closed_until: float = field(default=0.0, init=False)
    _channels: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Start at full speed with a full bucket."""
        self.rate = self.fastest
        self._tokens = float(self.burst)

    def wait(self, channel: str, now: float) -> float:
        """Return the seconds until a call may go out, for `channel` if any; 0.0 means at once."""
        self._refill(now)
        for_token = max(0.0, 1 - self._tokens) / self.rate
        for_channel = self._channels.get(channel, 0.0) - now
        return max(0.0, for_token, for_channel, self.pause(now))

    def within(self, seconds: float) -> int:
        """Return how many calls go out within some seconds at the present rate."""
        return int(self.rate * seconds)

    def took(self, channel: str, now: float) -> None:
        """Count a call that goes out now."""
        self._refill(now)
        self._tokens -= 1
        self.wanted = False
        self._channels = {name: free for name, free in self._channels.items() if free > now}
        if channel:
            self._channels[channel] = now + SECONDS_PER_CHANNEL

    def succeeded(self) -> None:
        """Record a successful call."""
        self.failures = self.closings = 0
        self._refusals = ("", 0)
        self.rate = min(self.fastest, self.rate + self.fastest * RECOVERY)

    def limited(self, retry_after: float, now: float) -> None:
        """Record a 429: nothing goes out for `retry_after` seconds, then calls go half as fast."""
        # Calls that went out together are all refused: the rate is halved once.
        if self.pause(now) == 0:
            self.rate = max(SLOWEST, self.rate / 2)
        self._paused_until = max(self._paused_until, now + retry_after)
        self._tokens = 0

    def failed(self, now: float) -> None:
        """Record a call without an answer: pause, longer each time, and at last close."""
        self.failures += 1
        pause = min(LONGEST_PAUSE, 0.25 * 2 ** min(self.failures, 10))
        self._paused_until = max(self._paused_until, now + pause)
        if self.failures >= FAILURES_IN_A_ROW:
            self.close(LONGEST_PAUSE, now)

    def refused(self, reason: str, now: float) -> bool:
        """Record a refused message; True if several such refusals in a row close the workspace."""
        known, count = self._refusals
        self.failures = 0
        self._refusals = (reason, count + 1 if reason == known else 1)
        if self._refusals[1] < ALIKE_IN_A_ROW:
            return False
        self.closed(now)
        return True

    def closed(self, now: float) -> None:
        """Record that the workspace refuses all calls: leave it alone, longer each time."""
        if self.is_closed(now):
            return
        pause = min(LONGEST_CLOSING, FIRST_CLOSING * 2 ** min(self.closings, 10))
        self.closings += 1
        self.close(pause, now)

    def close(self, seconds: float, now: float) -> None:
        """Leave the workspace alone for some seconds."""
        self._closed_until = max(self._closed_until, now + seconds)

    def pause(self, now: float) -> float:
        """Return the seconds until anything may go out again."""
        return max(0.0, self._paused_until - now, self._closed_until - now)

    def is_closed(self, now: float) -> bool:
        """Return whether the workspace is to be left alone."""
        return self._closed_until > now

    def _refill(self, now: float) -> None:
        since = now if self._counted is None else self._counted
        self._tokens = min(float(self.burst), self._tokens + (now - since) * self.rate)
        self._counted = now


class Pacing:
    """The pacers of a process. They outlive a job's run, so that a learned pace is kept."""

    def __init__(self, messages_per_minute: float = MESSAGES_PER_MINUTE) -> None:
        """Start with a rate for messages; other calls keep the same proportion to it."""
        self._factor = messages_per_minute / MESSAGES_PER_MINUTE / 60
        self._pacers: dict[tuple[str, Calls], Pacer] = {}

    def of(self, workspace_id: str, calls: Calls) -> Pacer:
        """Return the pacer for some methods in one workspace."""
        fastest = calls.per_minute * self._factor
        fresh = Pacer(fastest, burst=max(FEWEST_AT_ONCE, int(fastest * BURST_SECONDS)))
        return self._pacers.setdefault((workspace_id, calls), fresh)

    def posts(self, workspace_id: str) -> Pacer:
        """Return the pacer for chat.postMessage."""
        return self.of(workspace_id, Calls.POSTS)

    def lookups(self, workspace_id: str) -> Pacer:
        """Return the pacer that conversations.open and conversations.history share."""
        return self.of(workspace_id, Calls.LOOKUPS)

    def waits(self, now: float) -> dict[tuple[str, Calls], float]:
        """Return how many seconds the pacers that something waits for are paused."""
        waits = {key: pacer.pause(now) for key, pacer in self._pacers.items() if pacer.wanted}
        return {key: seconds for key, seconds in waits.items() if seconds > 0}
