"""A pace that holds nothing up, for tests of something else; test_pacing.py has the real one."""

from bot.slack.pacing import Calls, Pacer, Pacing


class _UnpacedPacer(Pacer):
    """Lets a channel have its next message at once; groups and batches are small."""

    def within(self, seconds: float) -> int:
        """Return how many messages are taken together."""
        return min(4, super().within(seconds))

    def took(self, channel: str, now: float) -> None:
        """Count a call, but not for its channel."""
        super().took("", now)


class Unpaced(Pacing):
    """Lets calls out as fast as the sandbox takes them; what Slack refuses still pauses them."""

    def of(self, workspace_id: str, calls: Calls) -> Pacer:
        """Return the pacer of some methods in one workspace."""
        return self._pacers.setdefault((workspace_id, calls), _UnpacedPacer(1000.0, burst=4))
