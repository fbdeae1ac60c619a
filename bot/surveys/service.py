"""HR lists, pauses, resumes and ends surveys; the scheduler asks which are due."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.people import audit, roles
from bot.people.roles import Role
from bot.slack.actor import Actor
from bot.slack.text import escape, shorten
from bot.surveys import schedule
from bot.surveys.audience import zones_of
from bot.surveys.drafts import NewSurvey, confirm_draft, save_draft
from bot.surveys.records import (
    SurveySummary,
    closing_times,
    kept_surveys,
    locked_survey,
    plan_of,
    summarise,
)
from bot.surveys.schedule import Occurrence
from models import Survey
from models.database import new_key

NAMES_SHOWN: Final = 10
QUOTATION_MARKS: Final = "\"'“”‘’«»"
HAS_ENDED: Final = "This survey has ended and can't be started again. `/pulse new` makes a new one."


@dataclass(frozen=True)
class DueSurvey:
    """A survey whose next wave is to be opened."""

    workspace_id: str
    survey_id: str
    audience: str
    audience_ref: str | None


async def create_survey(
    session: AsyncSession,
    actor: Actor,
    new: NewSurvey,
    members: set[str] | None,
    now: datetime,
) -> SurveySummary:
    """Create a survey without a preview between; arguments and errors as for `save_draft`."""
    preview = await save_draft(session, actor, new_key(), new, members, now)
    return await confirm_draft(session, actor, preview.survey.id, now)


async def list_surveys(session: AsyncSession, actor: Actor) -> list[SurveySummary]:
    """Return all surveys but drafts: running ones first by name, ended ones last.

    Raises NotAllowedError for all but HR admins.
    """
    await roles.require(session, actor, Role.ADMIN, action="surveys.list")
    closing = await closing_times(session, actor.workspace_id)
    surveys = [
        replace(summarise(survey), open_until=closing.get(survey.id))
        for survey in await kept_surveys(session, actor.workspace_id)
    ]
    return sorted(
        surveys, key=lambda survey: (survey.status == "ended", survey.name.casefold(), survey.id)
    )


async def pause(
    session: AsyncSession, actor: Actor, survey_id: str, now: datetime
) -> SurveySummary:
    """Hold a survey's next waves back; an open one runs on. Pausing a paused one does nothing."""
    survey = await _for_change(session, actor, survey_id, "surveys.pause")
    if survey.status == "active":
        survey.status = "paused"
        audit.record(session, actor, "surveys.paused", subject=survey.id, now=now)
    return summarise(survey)


async def resume(
    session: AsyncSession, actor: Actor, survey_id: str, now: datetime
) -> SurveySummary:
    """Let a paused survey go on with its next date that lies ahead.

    A survey that is asked once and missed its moment takes the next day's.
    """
    survey = await _for_change(session, actor, survey_id, "surveys.resume")
    if survey.status == "paused":
        survey.status = "active"
        if survey.next_open_at is None or survey.next_open_at <= now:
            following = await _after_pause(session, survey, now)
            survey.next_on, survey.next_open_at = following.held_on, following.opens_at
        audit.record(session, actor, "surveys.resumed", subject=survey.id, now=now)
    return summarise(survey)


async def end(session: AsyncSession, actor: Actor, survey_id: str, now: datetime) -> SurveySummary:
    """End a survey for good; an open wave runs on. Ending an ended one does nothing."""
    await roles.require(session, actor, Role.ADMIN, action="surveys.end")
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    if survey.status != "ended":
        _finish(survey)
        audit.record(session, actor, "surveys.ended", subject=survey.id, now=now)
    return summarise(survey)


async def find_survey(
    session: AsyncSession, actor: Actor, typed: str, *, action: str, whole: bool = False
) -> Survey:
    """Return the survey of this name, in any case, or the only one whose name begins so.

    Running surveys come before ended ones. `whole` asks for the whole name, for what can't be
    undone. Raises NotAllowedError for all but HR admins, UserError when none or several are meant.
    """
    await roles.require(session, actor, Role.ADMIN, action=action)
    wanted = " ".join(typed.split()).strip(QUOTATION_MARKS).casefold()
    if not wanted:
        raise UserError("Which survey? Please add its name; `/pulse list` shows them all.")
    surveys = await kept_surveys(session, actor.workspace_id)
    for candidates in ([s for s in surveys if s.status != "ended"], surveys):
        found = [survey for survey in candidates if survey.name.casefold() == wanted]
        if not found:
            found = [s for s in candidates if s.name.casefold().startswith(wanted)]
            _refuse_part(found, whole)
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"“{escape(survey.name)}”" for survey in found[:NAMES_SHOWN])
            raise UserError(
                f"Several surveys are called so: {names}. Please write the whole name, or choose "
                "from `/pulse list`."
            )
    raise UserError(
        f"I don't know a survey called “{escape(shorten(typed, 120))}”. "
        "`/pulse list` shows them all."
    )


def _refuse_part(found: list[Survey], whole: bool) -> None:
    if whole and len(found) == 1:
        raise UserError(
            f"Do you mean “{escape(found[0].name)}”? Ending can't be undone, so please write the "
            "whole name."
        )


async def due_surveys(session: AsyncSession, now: datetime) -> list[DueSurvey]:
    """Return the surveys of all workspaces whose next wave is to be opened, oldest first."""
    surveys = await session.scalars(
        select(Survey)
        .where(Survey.status == "active", Survey.next_open_at <= now)
        .order_by(Survey.next_open_at, Survey.workspace_id, Survey.id)
    )
    return [DueSurvey(s.workspace_id, s.id, s.audience, s.audience_ref) for s in surveys]


async def advance(session: AsyncSession, survey: Survey, now: datetime) -> None:
    """Move on to the next wave after one was opened; a survey that is asked once has ended."""
    plan = plan_of(survey)
    zones = await zones_of(session, survey)
    following = schedule.next_wave(plan, zones, survey.next_on or survey.starts_on, now)
    if following is None:
        _finish(survey)
    else:
        survey.next_on, survey.next_open_at = following.held_on, following.opens_at


def _finish(survey: Survey) -> None:
    survey.status = "ended"
    survey.next_on = survey.next_open_at = None


async def _for_change(session: AsyncSession, actor: Actor, survey_id: str, action: str) -> Survey:
    await roles.require(session, actor, Role.ADMIN, action=action)
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    if survey.status == "ended":
        raise UserError(HAS_ENDED)
    return survey


async def _after_pause(session: AsyncSession, survey: Survey, now: datetime) -> Occurrence:
    plan, zones = plan_of(survey), await zones_of(session, survey)
    missed = survey.next_on or survey.starts_on
    following = schedule.next_wave(plan, zones, missed - timedelta(days=1), now)
    return following or schedule.next_chance(plan, zones, now)
