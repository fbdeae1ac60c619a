"""Computes the figures of months that have ended."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bot.blockers import monthly as blockers
from bot.goals import monthly as goals
from bot.insights.pure.monthly_figures import compute_month
from bot.insights.pure.months import Month
from bot.insights.tallies import Subject, months_due, read_month, store_month
from bot.knowledge import monthly as knowledge
from bot.learning import monthly as learning
from bot.products.items.months import propose_of_month
from bot.runtime import Runtime
from models.database import overwrite_deleted
from scheduler.sweeps import run_each

SUBJECTS: Final[tuple[Subject, ...]] = (
    blockers.REPORTED,
    blockers.ENDED,
    goals.WITH_GOALS,
    goals.CHECKINS,
    learning.GOT_TIME,
    learning.TIME_TAKEN,
    knowledge.QUESTIONS,
    knowledge.UNKNOWN,
)
"""Everything that is counted by month; each slice has its own."""


@dataclass(frozen=True)
class _Unit:
    workspace_id: str
    subject: Subject
    month: Month


async def tally_months(runtime: Runtime, now: datetime) -> int:
    """Compute and store the figures of each subject and month that has ended."""
    return await tally(runtime, now, SUBJECTS)


async def tally(runtime: Runtime, now: datetime, subjects: Sequence[Subject]) -> int:
    """Do so for these subjects; return how many months were stored."""
    by_name = {subject.name: subject for subject in subjects}
    async with runtime.reading() as session:
        due = await months_due(session, subjects, now)
    units = [_Unit(workspace, by_name[name], month) for workspace, name, month in due]
    done = await run_each(runtime, "tally_months", units, partial(_tally, runtime, now))
    if done and (emptied := {table for subject in subjects for table in subject.forgets}):
        await overwrite_deleted(runtime.sessions, emptied)
    return done


async def _tally(runtime: Runtime, now: datetime, unit: _Unit) -> int:
    """Read, compute, store: a transaction that writes does nothing heavy."""
    async with runtime.reading() as session:
        source = await read_month(session, unit.workspace_id, unit.subject, unit.month)
    figures = await asyncio.to_thread(compute_month, source)
    async with runtime.sessions.begin() as session:
        place = unit.workspace_id, unit.subject, unit.month
        stored = await store_month(session, *place, figures, now)
        if stored:
            await propose_of_month(session, *place, now)
        return int(stored)
