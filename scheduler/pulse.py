"""Waves open, and close when their time is over."""

import logging
from datetime import datetime
from functools import partial

from bot.house import House
from bot.pulse.sealing import seal, waves_to_close
from bot.pulse.service import NotOpened, open_wave
from bot.pulse.undelivered import tell_undelivered
from bot.surveys.notices import tell_audience_unreadable, tell_too_few
from bot.surveys.service import DueSurvey, due_surveys
from bot.surveys.slack_audience import AudienceUnreadableError, fetch_members
from scheduler.paced import paced_client
from scheduler.units import each, each_workspace

logger = logging.getLogger(__name__)


async def open_waves(house: House, now: datetime) -> int:
    """Open the waves of surveys that are due."""
    async with house.reading() as session:
        surveys = await due_surveys(session, now)
    return await each_workspace(house, "opening waves", surveys, partial(_open, house, now))


async def _open(house: House, now: datetime, survey: DueSurvey) -> int:
    # An audience that Slack does not tell skips this survey: it stays due and opens later.
    client = await paced_client(house, survey.workspace_id)
    if client is None:
        return 0
    try:
        members = await fetch_members(client, survey.audience, survey.audience_ref)
    except AudienceUnreadableError:
        async with house.sessions.begin() as session:
            await tell_audience_unreadable(session, survey, now)
        raise
    async with house.sessions.begin() as session:
        opened = await open_wave(session, survey.workspace_id, survey.survey_id, members, now)
        if isinstance(opened, NotOpened):
            await tell_too_few(session, survey, opened.invited, opened.needed, now)
    return int(opened is not None)


async def close_waves(house: House, now: datetime) -> int:
    """Close and seal waves whose time is over."""
    async with house.reading() as session:
        waves = await waves_to_close(session, now)
    return await each(house, "sealing waves", waves, partial(_seal, house, now))


async def _seal(house: House, now: datetime, wave: tuple[str, str]) -> int:
    async with house.sessions.begin() as session:
        closed = await seal(session, *wave, now)
        people = await tell_undelivered(session, *wave, now) if closed else 0
    if people:
        logger.error("a wave closed that never reached %s people; HR's admins are told", people)
    return int(closed)
