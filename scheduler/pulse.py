"""Opens waves, and closes them when their time is over."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.known_cells import PublishedWaves, known_cells, published_waves
from bot.pulse.asking import queue_messages, waves_to_queue
from bot.pulse.opening import (
    NotOpened,
    PlannedWave,
    WavePeople,
    open_wave,
    pass_over,
    plan_wave,
    read_audience,
)
from bot.pulse.progress import next_change, waves_with_progress
from bot.pulse.sealing import seal, waves_to_close
from bot.pulse.undelivered import tell_undelivered
from bot.runtime import Runtime
from bot.slack.reply import edit_message
from bot.surveys.audience import AudienceKind
from bot.surveys.notices import tell_audience_unreadable, tell_too_alike, tell_too_few
from bot.surveys.service import DueSurvey, due_surveys
from bot.surveys.slack_audience import AudienceUnreadableError, fetch_members
from models import Wave
from scheduler.journeys import open_milestone
from scheduler.paced_client import paced_client
from scheduler.sweeps import Sweep, run_each

QUEUE_PAUSE: Final = 0.03
"""Seconds between two parts of a wave's messages: SQLite has one writer, and presses write too."""

logger = logging.getLogger(__name__)


async def open_waves(runtime: Runtime, now: datetime) -> int:
    """Open the waves of surveys that are due, and queue their messages."""
    opened = await _open_due(runtime, now)
    queued = await _queue_due(runtime, now)
    return opened or queued


async def _open(runtime: Runtime, now: datetime, survey: DueSurvey) -> int:
    if survey.audience == AudienceKind.MILESTONE:
        return await open_milestone(runtime, now, survey)
    # If Slack does not tell the audience, this survey is skipped: it stays due and opens later.
    client = await paced_client(runtime, survey.workspace_id)
    if client is None:
        return 0
    try:
        members = await fetch_members(client, survey.audience, survey.audience_ref)
    except AudienceUnreadableError:
        async with runtime.sessions.begin() as session:
            await tell_audience_unreadable(session, survey, now)
        raise
    place = survey.workspace_id, survey.survey_id
    async with runtime.reading() as session:
        found = await read_audience(session, *place, members, now)
        published = await _published(session, found)
    if found is None:
        return 0
    if isinstance(found, NotOpened):
        return await _pass_over(runtime, now, survey, found)
    plan = await asyncio.to_thread(_plan, found, published)
    async with runtime.sessions.begin() as session:
        return int(await open_wave(session, plan, now) is not None)


async def _published(
    session: AsyncSession, found: WavePeople | NotOpened | None
) -> PublishedWaves | None:
    """Read what the company pulse published so far; None for any other survey."""
    if not isinstance(found, WavePeople) or found.week is None:
        return None
    place = found.workspace_id, found.survey_id
    return await published_waves(session, *place, found.held_on, found.k)


def _plan(people: WavePeople, published: PublishedWaves | None) -> PlannedWave:
    return plan_wave(people, known_cells(published) if published else None)


async def _pass_over(runtime: Runtime, now: datetime, survey: DueSurvey, found: NotOpened) -> int:
    async with runtime.sessions.begin() as session:
        if not await pass_over(session, survey.workspace_id, survey.survey_id, found, now):
            return 0
        if found.alike:
            await tell_too_alike(session, survey, found.alike, now)
        else:
            await tell_too_few(session, survey, found.invited, found.needed, now)
    return 1


async def _queue(runtime: Runtime, _now: datetime, wave: tuple[str, str]) -> int:
    """Queue a wave's messages in parts, each in a transaction of its own."""
    last: str | None = ""
    while last is not None and not runtime.stopping.is_set():
        async with runtime.sessions.begin() as session:
            last = await queue_messages(session, *wave, last)
        await asyncio.sleep(QUEUE_PAUSE)
    return 1


_open_due = Sweep("open_waves", due_surveys, _open, calls_slack=True)
_queue_due = Sweep("open_waves", lambda session, _now: waves_to_queue(session), _queue)


async def _show_progress(runtime: Runtime, now: datetime, wave: tuple[str, str]) -> int:
    async with runtime.reading() as session:
        if await next_change(session, *wave, now) is None:
            return 0
    client = await paced_client(runtime, wave[0])
    if client is None:
        return 0
    async with runtime.sessions.begin() as session:
        change = await next_change(session, *wave, now)
    if change:
        await edit_message(client, change.posted.channel, change.posted.ts, change.message)
    return 0


show_progress = Sweep(
    "show_progress",
    lambda session, _now: waves_with_progress(session),
    _show_progress,
    calls_slack=True,
)


async def close_waves(runtime: Runtime, now: datetime) -> int:
    """Close and seal waves whose time is over."""
    async with runtime.reading() as session:
        if not await _is_any_over(session, now):
            return 0
    # Writes, too: a wave whose messages went out late closes later.
    async with runtime.sessions.begin() as session:
        waves = await waves_to_close(session, now)
    return await run_each(runtime, "close_waves", waves, partial(_seal, runtime, now))


async def _is_any_over(session: AsyncSession, now: datetime) -> bool:
    """Look without the lock of writers, which nothing to do must not take."""
    over = select(Wave.id).where(Wave.status == "open", Wave.closes_at <= now)
    return await session.scalar(over.limit(1)) is not None


async def _seal(runtime: Runtime, now: datetime, wave: tuple[str, str]) -> int:
    async with runtime.sessions.begin() as session:
        closed = await seal(session, *wave, now)
        people = await tell_undelivered(session, *wave, now) if closed else 0
    if people:
        logger.error("a wave closed that never reached %s people; HR's admins are told", people)
    return int(closed)
