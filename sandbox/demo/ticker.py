"""Short lines on the terminal about what happens in the demo's workspace."""

import asyncio
from collections import Counter
from datetime import datetime

from sandbox.calls import CallRecord
from sandbox.demo.narrate import says
from sandbox.server import Sandbox
from sandbox.state import Change

EVERY_SECONDS = 2.0


class Ticker:
    """Counts what happens and says it from time to time; commands are said one by one."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._world = sandbox.world
        self._counts: Counter[str] = Counter()
        self._ends = [
            sandbox.world.subscribe(self._changed),
            sandbox.engine.log.subscribe(self._recorded),
        ]

    async def run(self) -> None:
        """Say what has been counted, until cancelled."""
        try:
            while True:
                await asyncio.sleep(EVERY_SECONDS)
                if line := self.line(self._world.clock.now()):
                    says(line)
        finally:
            for end in self._ends:
                end()

    def line(self, now: datetime) -> str:
        """Return what has happened since the last line, or nothing."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return ""
        happened = " · ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        return f"{now:%a %d %b %H:%M} UTC  {happened}"

    def _changed(self, change: Change) -> None:
        channel, message = change.channel, change.message
        if change.kind != "message_posted" or channel is None or message is None:
            return
        if message.user != self._world.app().bot_user_id or message.is_ephemeral:
            return
        self._counts["messages sent" if channel.is_direct else f"in #{channel.name}"] += 1

    def _recorded(self, record: CallRecord) -> None:
        if record.method == "interaction:block_actions":
            self._counts["presses"] += 1
        elif record.method == "interaction:view_submission":
            self._counts["forms"] += 1
        elif record.method.startswith("command:"):
            payload = record.arguments
            said = f"{payload['command']} {payload['text']}".strip()
            says(f"{payload['user_name']}: {said} ({record.ms:.0f} ms)")
