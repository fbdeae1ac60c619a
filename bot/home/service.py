"""Content of one person's Home tab: open questions, mentoring, and a section for HR."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.insights.news import SurveyNews, survey_news
from bot.insights.service import latest_wave, record_participation_viewed, running_waves
from bot.insights.wave_results import RunningWave
from bot.journeys.service import Walk, walk_of
from bot.mentoring.profiles import service as profiles
from bot.mentoring.profiles.service import Standing
from bot.people import audit, roles
from bot.people.roles import Role
from bot.preferences import service as preferences
from bot.products.decisions.telling import NOTHING_YET, CameOfIt, came_of_it_for
from bot.products.items.reading import ItemLine, late_items
from bot.pulse.personal_data import unanswered_waves
from bot.pulse.service import min_group_size
from models import Survey


@dataclass(frozen=True)
class WaitingSurvey:
    """A survey whose question was sent to the person and is not answered."""

    survey_name: str
    closes_at: datetime
    anonymous: bool


@dataclass(frozen=True)
class HrSection:
    """The part that only HR sees."""

    running: tuple[RunningWave, ...]
    latest: SurveyNews | None
    is_admin: bool
    late: tuple[ItemLine, ...] = ()
    """Items whose decision is late."""


@dataclass(frozen=True)
class Home:
    """One person's Home tab."""

    k: int
    waiting: tuple[WaitingSurvey, ...]
    mentoring: Standing | None
    """None for a person who is not an employee."""
    preferences: preferences.Standing | None
    """None for a person who is not an employee."""
    hr: HrSection | None
    came_of_it: CameOfIt = NOTHING_YET
    path: Walk | None = None
    """None for a person on no journey."""


async def home_of(session: AsyncSession, actor: Actor, now: datetime) -> Home:
    """Return the content of a person's Home tab, and record HR's look at figures."""
    return Home(
        k=await min_group_size(session, actor.workspace_id),
        waiting=await _waiting(session, actor),
        mentoring=await _mentoring(session, actor, now),
        preferences=await _preferences(session, actor, now),
        hr=await _for_hr(session, actor, now),
        came_of_it=await came_of_it_for(session, actor, now),
        path=await walk_of(session, actor.workspace_id, actor.user_id, now),
    )


async def _waiting(session: AsyncSession, actor: Actor) -> tuple[WaitingSurvey, ...]:
    waves = await unanswered_waves(session, actor.workspace_id, actor.user_id)
    surveys = [await session.get_one(Survey, (each.workspace_id, each.survey_id)) for each in waves]
    return tuple(
        WaitingSurvey(survey.name, wave.closes_at, wave.anonymous)
        for wave, survey in zip(waves, surveys, strict=True)
    )


async def _mentoring(session: AsyncSession, actor: Actor, now: datetime) -> Standing | None:
    try:
        return await profiles.standing(session, actor, now)
    except UserError:
        return None


async def _preferences(
    session: AsyncSession, actor: Actor, now: datetime
) -> preferences.Standing | None:
    try:
        return await preferences.standing_of(session, actor, now)
    except UserError:
        return None


async def _for_hr(session: AsyncSession, actor: Actor, now: datetime) -> HrSection | None:
    if not await roles.holds(session, actor, Role.ANALYST):
        return None
    wave_id = await latest_wave(session, actor.workspace_id)
    latest = None
    if wave_id:
        latest = await survey_news(session, actor.workspace_id, [wave_id], with_quotes=False)
    running = await running_waves(session, actor.workspace_id)
    if latest:
        audit.record(session, actor, "figures.viewed", subject=latest.wave.wave_id, now=now)
    record_participation_viewed(session, actor, running, now)
    return HrSection(
        running=running,
        latest=latest,
        is_admin=await roles.holds(session, actor, Role.ADMIN),
        late=await late_items(session, actor.workspace_id, now),
    )
