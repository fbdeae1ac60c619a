"""State that all pages share: unread counts, the latest exchanges, and changes in batches."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import timedelta

from sandbox.calls import CallRecord
from sandbox.engine import Engine
from sandbox.state import Change
from sandbox.web.extras import Extras

Show = Callable[[list[Change], list[CallRecord]], None]
BATCH_SECONDS = 0.02
"""How long news is gathered before the pages redraw: unseen by people, kind to a busy demo."""
RECORDS_KEPT = 200


class Web:
    """The web client of one workspace: what all its pages share."""

    def __init__(self, engine: Engine, extras: Extras | None = None) -> None:
        self.engine = engine
        self.extras = extras or Extras()
        self.records: deque[CallRecord] = deque(maxlen=RECORDS_KEPT)
        self.unread: defaultdict[tuple[str, str], int] = defaultdict(int)
        """Numbers of unseen messages, by (user id, channel id)."""
        self.is_moving = False
        """Whether a page moves the clock now."""
        self._ends = [
            engine.world.subscribe(self._count),
            engine.log.subscribe(self.records.append),
        ]

    @property
    def preparing(self) -> str:
        """The demo's work before visitors may begin, as a sentence; empty once it is done."""
        return self.extras.preparing() if self.extras.preparing else ""

    @property
    def is_held(self) -> bool:
        """Whether the clock can't be moved at present."""
        return self.is_moving or bool(self.preparing)

    async def move_clock(self, by: timedelta) -> None:
        """Move the whole demo; until that is done, no page moves it again."""
        if self.extras.advance is None:
            return
        self._move(True)
        try:
            await self.extras.advance(by)
        finally:
            self._move(False)

    def _move(self, is_moving: bool) -> None:
        self.is_moving = is_moving
        self.engine.world.tell("clock_moved")

    def close(self) -> None:
        """Hear no more of the workspace."""
        for end in self._ends:
            end()

    def _count(self, change: Change) -> None:
        channel, message = change.channel, change.message
        if change.kind != "message_posted" or channel is None or message is None:
            return
        readers = [message.visible_to] if message.visible_to else channel.members
        for reader in readers:
            if reader != message.user:
                self.unread[reader, channel.id] += 1


class Feed:
    """Gathers news for one page and hands it over in batches."""

    def __init__(
        self, engine: Engine, show: Callable[[list[Change], list[CallRecord]], None]
    ) -> None:
        self._show = show
        self._changes: list[Change] = []
        self._records: list[CallRecord] = []
        self._timer: asyncio.TimerHandle | None = None
        self._ends = [
            engine.world.subscribe(self._changed),
            engine.log.subscribe(self._recorded),
        ]

    def close(self) -> None:
        """Stop."""
        while self._ends:
            self._ends.pop()()
        if self._timer is not None:
            self._timer.cancel()

    def _changed(self, change: Change) -> None:
        self._changes.append(change)
        self._soon()

    def _recorded(self, record: CallRecord) -> None:
        self._records.append(record)
        self._soon()

    def _soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(BATCH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._timer = None
        changes, self._changes = self._changes, []
        records, self._records = self._records, []
        self._show(changes, records)
