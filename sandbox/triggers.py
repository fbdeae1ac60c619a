"""Trigger ids: they open a view once, within three seconds."""

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.ids import new_secret

LIFETIME_SECONDS = 3.0
KEPT = 50_000
"""How many are remembered: enough to tell an expired trigger from an invented one."""


class TriggerError(Exception):
    """The trigger can't be used; the text is Slack's error code."""


@dataclass
class Trigger:
    """A person's action that lets an app open a view."""

    id: str
    app_id: str
    user_id: str
    issued: float
    used: bool = False


class Triggers:
    """All triggers given out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._issued = 0

    def issue(self, app_id: str, user_id: str) -> str:
        """Return a fresh trigger id."""
        self._issued += 1
        trigger_id = f"{self._issued}.{int(self._clock.now().timestamp())}.{new_secret()}"
        self._triggers[trigger_id] = Trigger(trigger_id, app_id, user_id, self._clock.monotonic())
        if len(self._triggers) > KEPT:
            del self._triggers[next(iter(self._triggers))]
        return trigger_id

    def check(self, trigger_id: str, app_id: str) -> Trigger:
        """Return the trigger if it may be used. Raises TriggerError with Slack's code."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise TriggerError("invalid_trigger_id")
        if trigger.used:
            raise TriggerError("exchanged_trigger_id")
        if self._clock.monotonic() - trigger.issued > LIFETIME_SECONDS:
            raise TriggerError("expired_trigger_id")
        return trigger
