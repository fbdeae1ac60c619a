"""The demo's clock: time moves for sandbox, bot, scheduler and people together, step by step."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Delivery,
    DigestSubscription,
    MentoringMatch,
    MentoringProgramme,
    Survey,
    Wave,
)
from sandbox.demo.crowd import Crowd
from sandbox.demo.hosting import Hosted

logger = logging.getLogger(__name__)

BELL_SECONDS = 2.0
"""How often the scheduler looks while time runs by itself."""
PEOPLE_STEP = timedelta(minutes=20)
"""People who act within so short a time of moved time are taken together."""


class Timeline:
    """Moves time, and does on the way all that becomes due: no moment is jumped over."""

    def __init__(self, hosted: Hosted, crowd: Crowd) -> None:
        self._hosted = hosted
        self._crowd = crowd
        self._clock = hosted.sandbox.world.clock
        self._moving = asyncio.Lock()

    def now(self) -> datetime:
        """Return the demo's time."""
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        """Move time forward, from due moment to due moment; who moves it meanwhile waits."""
        async with self._moving:
            await self._advance_to(self.now() + by)

    async def advance_to(self, target: datetime) -> None:
        """Move time forward to a moment; one that has passed moves nothing."""
        async with self._moving:
            await self._advance_to(target)

    async def run(self) -> None:
        """Let time pass by itself: ring the scheduler's bell, let people act, until cancelled."""
        while True:
            async with self._moving:
                try:
                    await self._do_jobs()
                    await self._crowd.act(self.now())
                except Exception as error:
                    # As a scheduler would: what is due is still due at the next bell.
                    logger.warning("a moment failed: %s", type(error).__name__)
            await asyncio.sleep(BELL_SECONDS)

    async def _advance_to(self, target: datetime) -> None:
        await self._do_jobs()
        while (now := self.now()) < target:
            due = await self._next_due(now) or target
            acting = self._crowd.next_at()
            # People act between the jobs' moments.
            if acting and (together := max(acting, now) + PEOPLE_STEP) < min(due, target):
                self._move_to(together)
            else:
                self._move_to(min(due, target))
                await self._do_jobs()
            if await self._crowd.act(self.now()):
                await self._do_jobs()

    async def _do_jobs(self) -> None:
        await self._hosted.do_all_that_is_due(self.now())

    def _move_to(self, moment: datetime) -> None:
        if moment > self.now():
            self._clock.move_to(moment)

    async def _next_due(self, now: datetime) -> datetime | None:
        async with self._hosted.runtime.sessions.begin() as session:
            return await next_due(session, now)


async def next_due(session: AsyncSession, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which a job of the scheduler has something to do."""
    columns: list[tuple[Any, ColumnElement[bool]]] = [
        (Survey.next_open_at, Survey.status == "active"),
        (Wave.closes_at, Wave.status == "open"),
        (DigestSubscription.next_at, true()),
        (MentoringProgramme.next_round_at, true()),
        (MentoringProgramme.next_coffee_at, true()),
        (MentoringMatch.due_at, true()),
        (Delivery.due_at, Delivery.status == "due"),
    ]
    found = [
        await session.scalar(select(func.min(column)).where(column > now, condition))
        for column, condition in columns
    ]
    return min((moment for moment in found if moment), default=None)
