"""Reads survey rows for the rest of the slice."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.errors import UserError
from bot.languages import _, marked
from bot.surveys.audience import Audience, AudienceKind, audience_of
from bot.surveys.pure.closing import earliest_close, least_answers
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.sending_progress import asking_of
from models import Survey, Wave, Workspace

GONE: Final = marked("This survey no longer exists. `/pulse list` shows those that do.")


@dataclass(frozen=True)
class Ending:
    """The effect of ending a survey on its open wave, before or after it was ended."""

    closes_at: datetime
    invited: int
    needed: int | None
    """How many answers figures then need; empty if ending does not change that."""
    at_once: bool
    """True if the wave closes now, because everybody has had a day to answer."""
    is_decided: bool
    """True if somebody has ended it already."""
    is_early: bool = True
    """True if it closes earlier than planned."""


@dataclass(frozen=True)
class SurveySummary:
    """A survey for the list."""

    id: str
    name: str
    status: str
    anonymous: bool
    audience: Audience
    plan: Plan
    open_hours: int
    next_open_at: datetime | None
    next_on: date | None
    """The local date of the next wave."""
    open_until: datetime | None = None
    """When its open wave closes, if there is one."""
    is_closing: bool = False
    """True if the scheduler will close its open wave within moments."""
    ending: Ending | None = None
    """Of its open wave, if one is open."""
    questions_a_week: int | None = None
    """Of the company pulse: the most questions for a person in a week."""
    prepared: str | None = None
    """As in `models.Survey`."""
    replaces: str | None = None
    """As in `models.Survey`."""

    @property
    def is_composed(self) -> bool:
        """True if HR wrote it in the compose form, so that it can be changed and copied there."""
        return self.takes_comments

    @property
    def takes_comments(self) -> bool:
        """False for the company pulse and prepared surveys."""
        return self.plan.cadence is not Cadence.STANDING and not self.prepared

    @property
    def is_over(self) -> bool:
        """True if nothing of it runs any more. A survey asked once may still have its wave open."""
        return self.status == "ended" and (self.open_until is None or self.is_closing)


def plan_of(survey: Survey) -> Plan:
    """Return a survey's schedule."""
    return Plan(
        Cadence(survey.cadence),
        survey.starts_on,
        survey.ask_at,
        survey.ends_on,
        survey.working_in,
    )


def finish(survey: Survey) -> None:
    """End a survey: no further wave opens."""
    survey.status = "ended"
    survey.next_on = survey.next_open_at = None


def summarise(
    survey: Survey,
    open_until: datetime | None = None,
    now: datetime | None = None,
    ending: Ending | None = None,
) -> SurveySummary:
    """Return a survey for lists; `open_until` is when its open wave closes."""
    return SurveySummary(
        id=survey.id,
        name=survey.name,
        status=survey.status,
        anonymous=survey.anonymous,
        audience=audience_of(survey),
        plan=plan_of(survey),
        open_hours=survey.open_hours,
        next_open_at=survey.next_open_at,
        next_on=survey.next_on,
        open_until=open_until,
        is_closing=bool(open_until and now and open_until <= now),
        ending=ending,
        questions_a_week=survey.questions_a_week,
        prepared=survey.prepared,
        replaces=survey.replaces,
    )


async def kept_surveys(session: AsyncSession, workspace_id: str) -> list[Survey]:
    """Return a workspace's surveys by name, without drafts.

    Those of milestones are left out: `/journey` shows them.
    """
    surveys = await session.scalars(
        select(Survey)
        .where(
            Survey.workspace_id == workspace_id,
            Survey.status != "draft",
            Survey.audience != AudienceKind.MILESTONE,
        )
        .order_by(Survey.name, Survey.id)
    )
    return list(surveys)


async def locked_survey(session: AsyncSession, workspace_id: str, survey_id: str) -> Survey:
    """Return a survey and lock its row; raise UserError if there is none."""
    survey = await session.get(
        Survey, (workspace_id, survey_id), with_for_update=True, populate_existing=True
    )
    if survey is None:
        raise UserError(_(GONE))
    return survey


async def with_replaced(session: AsyncSession, survey: Survey) -> list[str]:
    """Return the ids of a survey and of all that it goes on for, the newest first."""
    ids, older = [survey.id], survey.replaces
    while older and older not in ids:
        ids.append(older)
        older = await session.scalar(
            select(Survey.replaces).where(
                Survey.workspace_id == survey.workspace_id, Survey.id == older
            )
        )
    return ids


async def workspace_of(session: AsyncSession, workspace_id: str) -> Workspace:
    """Return a workspace that must exist."""
    return await session.get_one(Workspace, workspace_id)


def local_today(workspace: Workspace, now: datetime) -> date:
    """Return the date in the workspace's zone."""
    return now.astimezone(zone_of(workspace.tz)).date()


async def closing_times(session: AsyncSession, workspace_id: str) -> dict[str, datetime]:
    """Return when the open waves of a workspace close, by survey (the last of several)."""
    rows = await session.execute(
        select(Wave.survey_id, func.max(Wave.closes_at))
        .where(Wave.workspace_id == workspace_id, Wave.status == "open")
        .group_by(Wave.survey_id)
    )
    return {survey_id: closes_at for survey_id, closes_at in rows if closes_at is not None}


async def endings(session: AsyncSession, workspace_id: str, now: datetime) -> dict[str, Ending]:
    """Return the effect of ending each survey with an open wave, by survey."""
    waves = await session.scalars(
        select(Wave)
        .where(Wave.workspace_id == workspace_id, Wave.status == "open")
        .order_by(Wave.closes_at)
    )
    open_waves = waves.all()
    asking = await asking_of(session, workspace_id, [wave.id for wave in open_waves], now)
    return {
        wave.survey_id: _ending(wave, earliest_close(asking[wave.id], now), now)
        for wave in open_waves
    }


def _ending(wave: Wave, earliest: datetime, now: datetime) -> Ending:
    is_decided = wave.ended_early_at is not None
    is_early = is_decided or earliest < wave.closes_at
    closes_at = wave.closes_at if is_decided else min(wave.closes_at, earliest)
    needed = least_answers(wave.min_group_size, wave.invited, ended_early=True)
    return Ending(
        closes_at,
        wave.invited,
        needed if is_early and wave.anonymous else None,
        at_once=closes_at <= now,
        is_decided=is_decided,
        is_early=is_early,
    )
