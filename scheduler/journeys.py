"""Greets newcomers, and asks those who reach a milestone."""

from datetime import datetime

from bot.journeys import greeting
from bot.journeys.people import mark_passed, who_is_due
from bot.pulse.opening import (
    NotOpened,
    WavePeople,
    open_wave,
    pass_over,
    plan_wave,
    read_audience,
)
from bot.runtime import Runtime
from bot.surveys.service import DueSurvey
from scheduler.sweeps import Sweep


async def open_milestone(runtime: Runtime, now: datetime, survey: DueSurvey) -> int:
    """Open the day's wave of a milestone for those who reach it, and mark them in the same step."""
    if survey.audience_ref is None or survey.held_on is None:
        return 0
    place = survey.workspace_id, survey.survey_id
    async with runtime.reading() as session:
        steps = await who_is_due(session, survey.workspace_id, survey.audience_ref, survey.held_on)
        found: WavePeople | NotOpened | None = NotOpened(survey.held_on, invited=0, needed=1)
        if steps:
            found = await read_audience(session, *place, steps.keys(), now)
    if found is None:
        return 0
    async with runtime.sessions.begin() as session:
        if isinstance(found, NotOpened):
            return int(await pass_over(session, *place, found, now))
        opened = await open_wave(session, plan_wave(found), now)
        if opened:
            asked = {person: steps[person] for person in found.attributes}
            await mark_passed(session, survey.workspace_id, asked, opened.held_on)
        return int(opened is not None)


async def _greet(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    async with runtime.reading() as session:
        people = await greeting.who_is_greeted(session, workspace_id, now)
    if not people:
        return 0
    async with runtime.sessions.begin() as session:
        return await greeting.greet(session, workspace_id, people)


greet_newcomers = Sweep(
    "greet_newcomers", lambda session, _now: greeting.workspaces(session), _greet
)
