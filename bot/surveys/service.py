"""HR lists, pauses, resumes and ends surveys; the scheduler asks which are due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import escape, shorten, tidy
from bot.errors import UserError
from bot.languages import _, marked
from bot.outbox.states import drop_due_of_wave
from bot.people import audit, roles
from bot.people.roles import Role
from bot.surveys.audience import zones_of
from bot.surveys.drafts import confirm_draft, save_draft
from bot.surveys.new_survey import NewSurvey
from bot.surveys.pure import schedule
from bot.surveys.pure.closing import earliest_close
from bot.surveys.pure.names import shown_name, spellings
from bot.surveys.pure.schedule import Occurrence
from bot.surveys.sending_progress import asking_of
from bot.surveys.survey_rows import (
    SurveySummary,
    closing_times,
    endings,
    finish,
    kept_surveys,
    locked_survey,
    plan_of,
    summarise,
)
from models import Survey, Wave
from models.database import new_key

NAMES_SHOWN: Final = 10
ENDED: Final = "surveys.ended"
"""The audit action of an end; its detail lists the `waves` that close early."""
ASKED_ONCE: Final = marked(
    "This survey is asked only once, and its wave is open already. `/pulse end` lets it close "
    "before its time."
)
PAST_ITS_END: Final = marked(
    "This survey's last date has passed. Please choose a later one with “Edit” in `/pulse list`."
)
HAS_ENDED: Final = marked(
    "This survey has ended and can't be started again. `/pulse new` makes a new one."
)


@dataclass(frozen=True)
class DueSurvey:
    """A survey whose next wave is due."""

    workspace_id: str
    survey_id: str
    audience: str
    audience_ref: str | None
    held_on: date | None = None
    """The local date of that wave."""


@dataclass(frozen=True)
class SurveyChange:
    """A survey after somebody paused, resumed or ended it."""

    survey: SurveySummary
    unchanged: bool
    """True if it already had that status."""


async def create_survey(
    session: AsyncSession,
    actor: Actor,
    new: NewSurvey,
    members: set[str] | None,
    now: datetime,
) -> SurveySummary:
    """Create a survey without a preview; arguments and errors as for `save_draft`."""
    preview = await save_draft(session, actor, new_key(), new, members, now)
    return await confirm_draft(session, actor, preview.survey.id, now)


async def list_surveys(session: AsyncSession, actor: Actor, now: datetime) -> list[SurveySummary]:
    """Return all surveys except drafts by name: running ones first, those that are over last.

    One that another goes on for is left out: it has no wave open.

    Raises NotAllowedError for everybody but HR admins.
    """
    await roles.require(session, actor, Role.ADMIN, action="surveys.list")
    closing = await closing_times(session, actor.workspace_id)
    ending = await endings(session, actor.workspace_id, now)
    kept = await kept_surveys(session, actor.workspace_id)
    replaced = {survey.replaces for survey in kept}
    surveys = [
        summarise(survey, closing.get(survey.id), now, ending.get(survey.id))
        for survey in kept
        if survey.id not in replaced
    ]
    return sorted(
        surveys,
        key=lambda survey: (survey.is_over, shown_name(survey.name).casefold(), survey.id),
    )


async def summary_of(session: AsyncSession, survey: Survey, now: datetime) -> SurveySummary:
    """Return a survey as the list shows it."""
    closing = await closing_times(session, survey.workspace_id)
    ending = await endings(session, survey.workspace_id, now)
    return summarise(survey, closing.get(survey.id), now, ending.get(survey.id))


async def pause(session: AsyncSession, actor: Actor, survey_id: str, now: datetime) -> SurveyChange:
    """Hold a survey's next waves back; an open wave continues."""
    survey = await _for_change(session, actor, survey_id, "surveys.pause", now)
    unchanged = survey.status == "paused"
    if not unchanged:
        survey.status = "paused"
        audit.record(session, actor, "surveys.paused", subject=survey.id, now=now)
    return SurveyChange(await summary_of(session, survey, now), unchanged)


async def resume(
    session: AsyncSession, actor: Actor, survey_id: str, now: datetime
) -> SurveyChange:
    """Let a paused survey continue with its next future date.

    A survey that is asked once and has missed its date is asked on the next day.
    """
    survey = await _for_change(session, actor, survey_id, "surveys.resume", now)
    unchanged = survey.status == "active"
    if not unchanged:
        survey.status = "active"
        if survey.next_open_at is None or survey.next_open_at <= now:
            following = await _after_pause(session, survey, now)
            survey.next_on, survey.next_open_at = following.held_on, following.opens_at
        audit.record(session, actor, "surveys.resumed", subject=survey.id, now=now)
    return SurveyChange(await summary_of(session, survey, now), unchanged)


async def end(session: AsyncSession, actor: Actor, survey_id: str, now: datetime) -> SurveyChange:
    """End a survey for good, and its open wave as soon as everybody has had a day to answer.

    People who have not been asked yet still get their question. The scheduler seals and publishes
    the wave as usual, but figures need more answers (`surveys/pure/closing.py`).
    """
    await roles.require(session, actor, Role.ADMIN, action="surveys.end")
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    waves = await _end_waves(session, survey, now)
    unchanged = survey.status == "ended" and not waves
    if not unchanged:
        finish(survey)
        detail = {"waves": waves}
        audit.record(session, actor, ENDED, subject=survey.id, detail=detail, now=now)
    return SurveyChange(await summary_of(session, survey, now), unchanged)


async def _end_waves(session: AsyncSession, survey: Survey, now: datetime) -> list[str]:
    """Close a survey's open waves as early as allowed; return the ids of those cut short."""
    found = await session.scalars(
        select(Wave)
        .where(
            Wave.workspace_id == survey.workspace_id,
            Wave.survey_id == survey.id,
            Wave.status == "open",
            Wave.ended_early_at.is_(None),
        )
        .order_by(Wave.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    waves = found.all()
    asking = await asking_of(session, survey.workspace_id, [wave.id for wave in waves], now)
    cut_short = []
    for wave in waves:
        earliest = earliest_close(asking[wave.id], now)
        if earliest < wave.closes_at:
            wave.closes_at, wave.ended_early_at = earliest, now
            cut_short.append(wave.id)
            if earliest <= now:
                await drop_due_of_wave(session, survey.workspace_id, wave.id)
    await session.flush()
    return cut_short


async def find_survey(
    session: AsyncSession, actor: Actor, typed: str, *, action: str, whole: bool = False
) -> Survey:
    """Return the survey with this name, ignoring case, or the only one whose name begins with it.

    Running surveys come before ended ones. `whole` requires the whole name, for changes that can't
    be undone. Raises NotAllowedError for everybody but HR admins, and UserError unless exactly one
    survey matches.
    """
    await roles.require(session, actor, Role.ADMIN, action=action)
    wanted = tidy(typed).casefold()
    if not wanted:
        raise UserError(_("Which survey? Please add its name; `/pulse list` shows them all."))
    surveys = await kept_surveys(session, actor.workspace_id)
    still_open = await closing_times(session, actor.workspace_id)
    running = [s for s in surveys if s.status != "ended" or s.id in still_open]
    for candidates in (running, surveys):
        found = [survey for survey in candidates if wanted in spellings(survey.name)]
        if not found:
            found = [
                survey
                for survey in candidates
                if any(name.startswith(wanted) for name in spellings(survey.name))
            ]
            _refuse_part(found, whole)
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(
                f"“{escape(shown_name(survey.name))}”" for survey in found[:NAMES_SHOWN]
            )
            raise UserError(
                _(
                    "Several surveys have this name: {names}. Please write the whole "
                    "name, or choose from `/pulse list`."
                ).format(names=names)
            )
    raise UserError(
        _("I don't know a survey called “{typed}”. `/pulse list` shows them all.").format(
            typed=escape(shorten(typed, 120))
        )
    )


def _refuse_part(found: list[Survey], whole: bool) -> None:
    if whole and len(found) == 1:
        raise UserError(
            _(
                "Do you mean “{name}”? Ending can't be undone, so please write the whole name."
            ).format(name=escape(found[0].name))
        )


async def due_surveys(session: AsyncSession, now: datetime) -> list[DueSurvey]:
    """Return the surveys of all workspaces whose next wave is due, oldest first."""
    surveys = await session.scalars(
        select(Survey)
        .where(Survey.status == "active", Survey.next_open_at <= now)
        .order_by(Survey.next_open_at, Survey.workspace_id, Survey.id)
    )
    return [DueSurvey(s.workspace_id, s.id, s.audience, s.audience_ref, s.next_on) for s in surveys]


async def advance(session: AsyncSession, survey: Survey, now: datetime) -> None:
    """Schedule the next wave after one was opened; a survey that is asked once ends."""
    plan = plan_of(survey)
    zones = await zones_of(session, survey)
    following = schedule.next_wave(plan, zones, survey.next_on or survey.starts_on, now)
    if following is None:
        finish(survey)
    else:
        survey.next_on, survey.next_open_at = following.held_on, following.opens_at


async def _for_change(
    session: AsyncSession, actor: Actor, survey_id: str, action: str, now: datetime
) -> Survey:
    await roles.require(session, actor, Role.ADMIN, action=action)
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    if survey.status == "ended":
        ending = (await endings(session, actor.workspace_id, now)).get(survey.id)
        raise UserError(_(HAS_ENDED) if ending is None or ending.is_decided else _(ASKED_ONCE))
    return survey


async def _after_pause(session: AsyncSession, survey: Survey, now: datetime) -> Occurrence:
    plan, zones = plan_of(survey), await zones_of(session, survey)
    missed = survey.next_on or survey.starts_on
    following = schedule.next_wave(plan, zones, missed - timedelta(days=1), now)
    if following is None and plan.ends_on:
        raise UserError(_(PAST_ITS_END))
    return following or schedule.next_chance(plan, zones, now)
