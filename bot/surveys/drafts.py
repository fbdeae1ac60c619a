"""The creation of a survey: composed in a form, saved as a draft, previewed, confirmed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import plural
from bot.errors import FieldErrors, UserError
from bot.people import audit, roles
from bot.people.roles import Role
from bot.people.service import list_teams
from bot.surveys import form_fields
from bot.surveys.audience import (
    Audience,
    AudienceKind,
    Reach,
    least_people,
    measure,
    zones_of,
)
from bot.surveys.audience_history import too_alike
from bot.surveys.pure import schedule
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.bank import BankQuestion
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Occurrence, Plan
from bot.surveys.survey_rows import (
    SurveySummary,
    kept_surveys,
    local_today,
    locked_survey,
    plan_of,
    summarise,
    workspace_of,
)
from bot.surveys.undecided import reason_to_ask, undecided_drivers
from models import Survey, SurveyQuestion, Workspace
from models.database import insert_into

DRAFT_LIFE: Final = timedelta(days=7)

CREATED: Final = "surveys.created"
"""The audit action of a new survey; its detail has `audience` and `people`."""
PASSED: Final = "This moment has passed. Please choose a later one."
NAME_TAKEN: Final = "Another survey has this name. Please choose a different one."
ONE_COMPANY_PULSE: Final = (
    "There is a company pulse already. `/pulse list` shows it; end it before you start another one."
)
NOBODY: Final = "Nobody in this audience can be asked: it has no active employees."


@dataclass(frozen=True)
class NewQuestion:
    """A question of a survey that is being composed."""

    text: str
    scale: Scale
    driver: str = OWN_DRIVER
    direction: int = 1
    options: tuple[str, ...] = ()
    bank_key: str | None = None

    @classmethod
    def from_bank(cls, question: BankQuestion) -> "NewQuestion":
        """Use a question of the bank unchanged."""
        return cls(
            question.wording,
            question.scale,
            question.driver,
            question.direction,
            question.options,
            question.key,
        )


@dataclass(frozen=True)
class Repeating:
    """When a repeating survey is asked; only monthly ones use `ordinal` (such as `2nd`)."""

    cadence: Cadence
    weekday: int
    """0 is Monday."""
    ordinal: str
    ask_at: time


@dataclass(frozen=True)
class CompanyPulse:
    """What HR chose for the company pulse."""

    questions_a_week: int
    """The most questions for a person in a week."""
    half_width: float
    """How sure HR wants to be of each figure: half of a 95 % interval, out of ten."""


@dataclass(frozen=True)
class NewSurvey:
    """A survey as its author composed it, with every field well-formed."""

    name: str
    questions: tuple[NewQuestion, ...]
    audience: Audience
    when: Plan | Repeating
    open_hours: int
    anonymous: bool = True
    company_pulse: CompanyPulse | None = None
    """Only for the cadence `standing`."""


@dataclass(frozen=True)
class FormOptions:
    """What the compose form offers."""

    today: date
    """In the workspace's time zone."""
    teams: tuple[str, ...]


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
    teams = await list_teams(session, actor.workspace_id)
    return FormOptions(local_today(workspace, now), tuple(teams))


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
    await _check_name(session, actor.workspace_id, survey_id, new.name)
    reach = await measure(session, actor.workspace_id, new.audience, members)
    _check_reach(new, reach, workspace.min_group_size)
    plan = _plan(new, reach, now)
    first = _first(plan, reach, workspace, now)
    await drop_old_drafts(session, actor.workspace_id, now)
    survey = await _open_draft(session, actor, survey_id, new, plan, now)
    _check_overlap(new, plan, reach.zones | await zones_of(session, survey), first)
    survey.next_on, survey.next_open_at = first.held_on, first.opens_at
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
    if await _is_name_taken(session, actor.workspace_id, survey_id, survey.name):
        raise UserError(NAME_TAKEN)
    if survey.ask_at is None or survey.next_open_at is None or survey.next_open_at <= now:
        first = await _first_from_now(session, survey, now)
        survey.next_on, survey.next_open_at = first.held_on, first.opens_at
    undecided = await undecided_drivers(
        session, actor.workspace_id, (each.driver for each in survey.questions), now
    )
    asked_again = await reason_to_ask(session, actor.workspace_id, undecided, despite)
    survey.status = "active"
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
        raise UserError(ONE_COMPANY_PULSE)


async def _is_name_taken(
    session: AsyncSession, workspace_id: str, survey_id: str, name: str
) -> bool:
    return any(
        survey.name.casefold() == name.casefold()
        for survey in await kept_surveys(session, workspace_id)
        if survey.id != survey_id and survey.status != "ended"
    )


async def _check_name(session: AsyncSession, workspace_id: str, survey_id: str, name: str) -> None:
    if await _is_name_taken(session, workspace_id, survey_id, name):
        raise FieldErrors({form_fields.NAME: NAME_TAKEN})


def _check_reach(new: NewSurvey, reach: Reach, min_group_size: int) -> None:
    """Refuse an anonymous survey of too few people for any figure."""
    field = form_fields.audience_field(new.audience.kind)
    if not reach.people:
        raise FieldErrors({field: NOBODY})
    needed = least_people(new.audience.kind, min_group_size, anonymous=new.anonymous)
    if reach.people < needed:
        people = plural(reach.people, "person", "people")
        raise FieldErrors(
            {
                field: f"This would ask {people}. An anonymous survey{_OF[new.audience.kind]} "
                f"needs at least {needed}, so that nobody can be recognised. Please choose a "
                "larger audience, or a named survey."
            }
        )


_OF: Final = {
    AudienceKind.EVERYONE: "",
    AudienceKind.CHANNEL: " of a channel",
    AudienceKind.USERGROUP: " of a user group",
    AudienceKind.TEAM: " of a team",
    AudienceKind.MILESTONE: "",
}


def _plan(new: NewSurvey, reach: Reach, now: datetime) -> Plan:
    when = new.when
    if isinstance(when, Plan):
        return when
    return schedule.repeating_plan(
        when.cadence, when.weekday, when.ordinal, when.ask_at, reach.zones, now
    )


def _first(plan: Plan, reach: Reach, workspace: Workspace, now: datetime) -> Occurrence:
    """Return the first wave; refuse a time that has passed in the workspace's time zone."""
    first = schedule.first_wave(plan, reach.zones, now)
    late = schedule.asked_at(plan.starts_on, plan.ask_at, workspace.tz, now) < now
    if first is None or (plan.cadence is Cadence.ONCE and late):
        today = local_today(workspace, now)
        raise FieldErrors(
            {form_fields.DATE if plan.starts_on < today else form_fields.TIME: PASSED}
        )
    return first


def _check_overlap(new: NewSurvey, plan: Plan, zones: Collection[str], first: Occurrence) -> None:
    """Refuse waves that would overlap, because people would have two at once."""
    longest = schedule.longest_open(plan, zones, first.held_on)
    if longest is None or timedelta(hours=new.open_hours) <= longest:
        return
    why = (
        " People in other time zones are asked later, and all get the same time."
        if longest % timedelta(weeks=1)
        else ""
    )
    raise FieldErrors(
        {
            form_fields.OPEN_HOURS: "The next wave would open before this one closes. Please "
            f"choose {plural(longest.days, 'day')} or less.{why}"
        }
    )


async def _first_from_now(session: AsyncSession, survey: Survey, now: datetime) -> Occurrence:
    """Recompute the first wave of a draft that was confirmed after its planned opening."""
    plan = plan_of(survey)
    if plan.ask_at is None:
        workspace = await workspace_of(session, survey.workspace_id)
        plan = Plan(plan.cadence, local_today(workspace, now), None)
    first = schedule.first_wave(plan, await zones_of(session, survey), now)
    if first is None:
        raise UserError(f"{PASSED} Go back to change it.")
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
        "cadence": plan.cadence.value,
        "starts_on": plan.starts_on,
        "ask_at": plan.ask_at,
        "open_hours": new.open_hours,
        "questions_a_week": new.company_pulse and new.company_pulse.questions_a_week,
        "half_width": new.company_pulse and new.company_pulse.half_width,
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
        raise UserError("This survey was created already. /pulse list shows it.")
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
    )
