"""The creation of a survey: composed in a form, saved as a draft, previewed, confirmed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, UserError
from bot.languages import _, marked, plural
from bot.people import audit, roles
from bot.people.roles import Role
from bot.people.service import list_departments, list_locations, list_teams
from bot.surveys import form_fields
from bot.surveys.audience import Audience, Reach, measure, zones_of
from bot.surveys.audience_history import asked_this_quarter, too_alike
from bot.surveys.draft_checks import (
    NOBODY,
    PASSED,
    check_overlap,
    check_reach,
    first_of,
    plan_for,
    too_few,
)
from bot.surveys.new_survey import CompanyPulse, NewQuestion, NewSurvey, Repeating
from bot.surveys.pure import schedule
from bot.surveys.pure.names import spellings
from bot.surveys.pure.schedule import Cadence, Occurrence, Plan
from bot.surveys.survey_rows import (
    SurveySummary,
    closing_times,
    finish,
    kept_surveys,
    local_today,
    locked_survey,
    plan_of,
    summarise,
    workspace_of,
)
from bot.surveys.translations import stored
from bot.surveys.undecided import reason_to_ask, undecided_drivers
from models import Survey, SurveyQuestion, Workspace
from models.database import insert_into

__all__ = [
    "CHANGED",
    "CREATED",
    "DRAFT_LIFE",
    "HAS_ENDED",
    "NAME_TAKEN",
    "NOBODY",
    "ONE_COMPANY_PULSE",
    "PASSED",
    "CompanyPulse",
    "FormOptions",
    "NewQuestion",
    "NewSurvey",
    "Repeating",
    "SurveyPreview",
    "check_name",
    "confirm_draft",
    "drop_old_drafts",
    "form_options",
    "reach_of",
    "refuse_second_pulse",
    "save_draft",
]

DRAFT_LIFE: Final = timedelta(days=7)

CREATED: Final = "surveys.created"
"""The audit action of a new survey; its detail has `audience` and `people`."""
CHANGED: Final = "surveys.changed"
"""The audit action of an edit; its detail has what changed, or the survey that goes on."""
HAS_ENDED: Final = marked(
    "This survey has ended and can't be changed. “Duplicate” in `/pulse list` makes a new one of "
    "it."
)
OPENED_MEANWHILE: Final = marked(
    "A wave has opened meanwhile. The questions, people and anonymity can change once it has "
    "closed."
)
NAME_TAKEN: Final = marked("Another survey has this name. Please choose a different one.")
ONE_COMPANY_PULSE: Final = marked(
    "There is a company pulse already. `/pulse list` shows it; end it before you start another one."
)


@dataclass(frozen=True)
class FormOptions:
    """What the compose form offers."""

    today: date
    """In the workspace's time zone."""
    teams: tuple[str, ...]
    departments: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyPreview:
    """What pressing "Create survey" would do."""

    survey: SurveySummary
    questions: tuple[NewQuestion, ...]
    people: int
    min_group_size: int
    first_asked_at: datetime
    last_asked_at: datetime
    undecided: tuple[str, ...] = ()
    """Names of its drivers of which an earlier result waits too long for a decision."""


async def form_options(session: AsyncSession, actor: Actor, now: datetime) -> FormOptions:
    """Return what the compose form offers. Raises NotAllowedError for everybody but HR admins."""
    await roles.require(session, actor, Role.ADMIN, action="surveys.create")
    workspace = await workspace_of(session, actor.workspace_id)
    return FormOptions(
        local_today(workspace, now),
        tuple(await list_teams(session, actor.workspace_id)),
        tuple(await list_departments(session, actor.workspace_id)),
        tuple(await list_locations(session, actor.workspace_id)),
    )


async def reach_of(
    session: AsyncSession,
    actor: Actor,
    audience: Audience,
    members: set[str] | None,
    now: datetime,
    *,
    anonymous: bool,
) -> str:
    """Say how many people an audience has, or why they can't be asked; `members` as below."""
    workspace = await workspace_of(session, actor.workspace_id)
    today = local_today(workspace, now)
    reach = await measure(session, actor.workspace_id, audience, members, today)
    refusal = too_few(audience.kind, reach.people, workspace.min_group_size, anonymous=anonymous)
    return refusal or _("This asks {people}.").format(
        people=plural(reach.people, "person", "people")
    )


async def save_draft(
    session: AsyncSession,
    actor: Actor,
    survey_id: str,
    new: NewSurvey,
    members: set[str] | None,
    now: datetime,
) -> SurveyPreview:
    """Store a survey until its author confirms it; saving it again replaces the draft.

    `members` are the Slack ids in the channel or user group, None for other audiences. Raises
    FieldErrors for a name in use, for an audience that is empty, too small or too much like an
    earlier one, and for a time in the past; raises UserError if the draft was already confirmed,
    and for a second company pulse.
    """
    await roles.require(session, actor, Role.ADMIN, action="surveys.create")
    if new.company_pulse:
        await refuse_second_pulse(session, actor.workspace_id)
    workspace = await workspace_of(session, actor.workspace_id)
    await check_name(session, actor.workspace_id, {survey_id, new.replaces}, new.name)
    today = local_today(workspace, now)
    reach = await measure(session, actor.workspace_id, new.audience, members, today)
    check_reach(new, reach, workspace.min_group_size)
    plan = plan_for(new, reach.zones, workspace, now)
    first = first_of(plan, reach.zones, workspace, now)
    await drop_old_drafts(session, actor.workspace_id, now)
    survey = await _open_draft(session, actor, survey_id, new, plan, now)
    check_overlap(new, plan, reach.zones | await zones_of(session, survey), first)
    survey.next_on, survey.next_open_at = first.held_on, first.opens_at
    kept = await asked_this_quarter(session, survey, first.held_on)
    if kept is not None:
        reach = Reach.of(kept)
        check_reach(new, reach, workspace.min_group_size)
    survey.questions.clear()
    survey.audience_size = reach.people
    await session.flush()
    alike = await too_alike(
        session, survey, new.questions, reach.ids, workspace.min_group_size, now
    )
    if alike:
        raise FieldErrors({form_fields.audience_field(new.audience.kind): alike.sentence})
    survey.questions.extend(_question(position, q) for position, q in enumerate(new.questions))
    await session.flush()
    return SurveyPreview(
        survey=summarise(survey),
        questions=new.questions,
        people=reach.people,
        min_group_size=workspace.min_group_size,
        first_asked_at=first.opens_at,
        last_asked_at=max(
            first.opens_at,
            schedule.last_asked_at(first.held_on, plan.ask_at, reach.zones, first.opens_at),
        ),
        undecided=await undecided_drivers(
            session, actor.workspace_id, (each.driver for each in new.questions), now
        ),
    )


async def confirm_draft(
    session: AsyncSession, actor: Actor, survey_id: str, now: datetime, despite: str = ""
) -> SurveySummary:
    """Turn a draft into a survey; confirming it again changes nothing and returns the survey.

    `despite` is why it asks about a driver of which an earlier result waits for a decision. Raises
    UserError if it is missing, the draft is gone, its only date has passed, its name is taken, or
    it would be a second company pulse.
    """
    await roles.require(session, actor, Role.ADMIN, action="surveys.create")
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    if survey.status != "draft":
        return summarise(survey)
    if survey.cadence == Cadence.STANDING:
        # Of two admins who confirm at the same time, the second finds what the first one made.
        await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
        await refuse_second_pulse(session, actor.workspace_id)
    own = {survey_id, survey.replaces}
    if await _is_name_taken(session, actor.workspace_id, own, survey.name):
        raise UserError(_(NAME_TAKEN))
    if survey.ask_at is None or survey.next_open_at is None or survey.next_open_at <= now:
        first = await _first_from_now(session, survey, now)
        survey.next_on, survey.next_open_at = first.held_on, first.opens_at
    undecided = await undecided_drivers(
        session, actor.workspace_id, (each.driver for each in survey.questions), now
    )
    asked_again = await reason_to_ask(session, actor.workspace_id, undecided, despite)
    survey.status = await _take_over(session, actor, survey, now) if survey.replaces else "active"
    survey.created_at = now
    detail = {"audience": survey.audience, "people": survey.audience_size, **asked_again}
    audit.record(session, actor, CREATED, subject=survey.id, detail=detail, now=now)
    return summarise(survey)


async def drop_old_drafts(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete drafts that were not confirmed within a week; return how many."""
    old = delete(Survey).where(
        Survey.workspace_id == workspace_id,
        Survey.status == "draft",
        Survey.created_at < now - DRAFT_LIFE,
    )
    return len((await session.execute(old.returning(Survey.id))).all())


async def refuse_second_pulse(session: AsyncSession, workspace_id: str) -> None:
    """Raise UserError if the workspace has a company pulse, running or paused."""
    found = select(Survey.id).where(
        Survey.workspace_id == workspace_id,
        Survey.cadence == Cadence.STANDING.value,
        Survey.status.in_(("active", "paused")),
    )
    if await session.scalar(found.limit(1)) is not None:
        raise UserError(_(ONE_COMPANY_PULSE))


async def _take_over(session: AsyncSession, actor: Actor, survey: Survey, now: datetime) -> str:
    """End the survey that a draft replaces; return its status, which the new one goes on with."""
    older = await locked_survey(session, actor.workspace_id, str(survey.replaces))
    if older.status not in ("active", "paused"):
        raise UserError(_(HAS_ENDED))
    if older.id in await closing_times(session, actor.workspace_id):
        raise UserError(_(OPENED_MEANWHILE))
    status = older.status
    finish(older)
    audit.record(session, actor, CHANGED, subject=older.id, detail={"by": survey.id}, now=now)
    return status


async def _is_name_taken(
    session: AsyncSession, workspace_id: str, own: Collection[str | None], name: str
) -> bool:
    return any(
        name.casefold() in spellings(survey.name)
        for survey in await kept_surveys(session, workspace_id)
        if survey.id not in own and survey.status != "ended"
    )


async def check_name(
    session: AsyncSession, workspace_id: str, own: Collection[str | None], name: str
) -> None:
    """Refuse a name that another survey has; `own` are the ids that may have it."""
    if await _is_name_taken(session, workspace_id, own, name):
        raise FieldErrors({form_fields.NAME: _(NAME_TAKEN)})


async def _first_from_now(session: AsyncSession, survey: Survey, now: datetime) -> Occurrence:
    """Recompute the first wave of a draft that was confirmed after its planned opening."""
    plan = plan_of(survey)
    if plan.ask_at is None:
        workspace = await workspace_of(session, survey.workspace_id)
        plan = Plan(plan.cadence, local_today(workspace, now), None)
    first = schedule.first_wave(plan, await zones_of(session, survey), now)
    if first is None:
        raise UserError(
            _("This moment has passed. Please choose a later one. Go back to change it.")
        )
    return first


async def _open_draft(
    session: AsyncSession,
    actor: Actor,
    survey_id: str,
    new: NewSurvey,
    plan: Plan,
    now: datetime,
) -> Survey:
    """Insert or update the draft with this id, and lock its row."""
    written = {
        "name": new.name,
        "created_by": actor.user_id,
        "created_at": now,
        "anonymous": new.anonymous,
        "audience": new.audience.kind.value,
        "audience_ref": new.audience.ref,
        "audience_filter": new.audience.filters.stored(),
        "cadence": plan.cadence.value,
        "starts_on": plan.starts_on,
        "ask_at": plan.ask_at,
        "ends_on": plan.ends_on,
        "working_in": plan.working_in,
        "open_hours": new.open_hours,
        "questions_a_week": new.company_pulse and new.company_pulse.questions_a_week,
        "half_width": new.company_pulse and new.company_pulse.half_width,
        "prepared": new.prepared,
        "replaces": new.replaces,
    }
    key = {"workspace_id": actor.workspace_id, "id": survey_id}
    statement = insert_into(session, Survey).values(**key, **written, status="draft")
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_=written, where=Survey.status == "draft"
        )
    )
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    if survey.status != "draft":
        raise UserError(_("This survey was created already. /pulse list shows it."))
    return survey


def _question(position: int, question: NewQuestion) -> SurveyQuestion:
    return SurveyQuestion(
        position=position,
        text=question.text,
        driver=question.driver,
        scale=question.scale.value,
        direction=question.direction,
        options=list(question.options),
        bank_key=question.bank_key,
        translations=stored(question.translations),
    )
