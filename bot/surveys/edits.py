"""HR changes a survey, from its next wave on, or makes a copy of it.

Its name and rhythm change in place. Other questions, people or anonymity make a survey of their own
that goes on for it, so that figures of one survey are always of the same questions, and so that
its people pass the same checks as any new survey's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, UserError
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from bot.surveys import form_fields
from bot.surveys.audience import AudienceKind, audience_of, zones_of
from bot.surveys.draft_checks import check_overlap, first_of, plan_for
from bot.surveys.drafts import CHANGED, HAS_ENDED, check_name
from bot.surveys.new_survey import NewQuestion, NewSurvey
from bot.surveys.pure import schedule
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Occurrence, Plan, ordinal
from bot.surveys.survey_rows import (
    SurveySummary,
    closing_times,
    local_today,
    locked_survey,
    plan_of,
    summarise,
    workspace_of,
)
from bot.surveys.translations import stored, translations_of
from models import Survey, SurveyQuestion, Wave, Workspace

OTHER_FORM: Final = marked(
    "This survey is made in a form of its own, so it can't be changed or copied here. "
    "`/pulse end` ends it."
)
WAVE_IS_OPEN: Final = marked(
    "A wave is open, and its people keep what they were asked. This can change once it has closed; "
    "the name and the rhythm can change now."
)
OPENS_TOO_SOON: Final = marked(
    "A wave is still open then. Please choose a date after it has closed."
)
ASKED_THEN: Final = marked("It was already asked on this date. Please choose a later one.")


@dataclass(frozen=True)
class EditableSurvey:
    """A survey to change or to copy, and the date in its workspace's zone."""

    survey: Survey
    today: date


async def editable_survey(
    session: AsyncSession, actor: Actor, survey_id: str, now: datetime, *, is_copy: bool = False
) -> EditableSurvey:
    """Return a survey for the form. Ended ones can only be copied.

    Raises NotAllowedError for everybody but HR admins, and UserError for a survey that can't be
    changed here: an ended one, the company pulse, a prepared one, or one of a milestone.
    """
    await roles.require(session, actor, Role.ADMIN, action="surveys.edit")
    survey = await locked_survey(session, actor.workspace_id, survey_id)
    _refuse_others(survey, is_copy=is_copy)
    workspace = await workspace_of(session, actor.workspace_id)
    return EditableSurvey(survey, local_today(workspace, now))


def _refuse_others(survey: Survey, *, is_copy: bool = False) -> None:
    has_own_form = survey.cadence in (Cadence.STANDING, Cadence.DAILY) or survey.prepared
    if has_own_form or survey.audience == AudienceKind.MILESTONE:
        raise UserError(_(OTHER_FORM))
    if survey.status == "ended" and not is_copy:
        raise UserError(_(HAS_ENDED))


async def needs_preview(
    session: AsyncSession, actor: Actor, survey_id: str, new: NewSurvey, now: datetime
) -> bool:
    """Return True if a change makes a survey of its own, which is stored as a draft and previewed.

    Raises as `editable_survey` does, and FieldErrors for a change that an open wave forbids.
    """
    survey = (await editable_survey(session, actor, survey_id, now)).survey
    fields = _changed(survey, new)
    is_open = survey.id in await closing_times(session, actor.workspace_id)
    # What is asked in a wave stays as it is, in every language.
    if is_open and (fields or _translations(survey, new)):
        at = fields or [form_fields.own(form_fields.OWN_TEXT, 0)]
        raise FieldErrors(dict.fromkeys(at, _(WAVE_IS_OPEN)))
    return bool(fields)


async def save_edit(
    session: AsyncSession, actor: Actor, survey_id: str, new: NewSurvey, now: datetime
) -> SurveySummary:
    """Change a survey's name and rhythm from the next wave on; a paused one stays paused.

    Raises FieldErrors for a name in use and for a rhythm that leaves no wave ahead, or one that
    would open while another is open.
    """
    survey = (await editable_survey(session, actor, survey_id, now)).survey
    await check_name(session, actor.workspace_id, {survey.id}, new.name)
    changed = [
        name
        for name, before, after in (
            ("name", survey.name, new.name),
            ("open_hours", survey.open_hours, new.open_hours),
        )
        if before != after
    ]
    survey.name, survey.open_hours = new.name, new.open_hours
    if translations := _translations(survey, new):
        changed.append("translations")
        for question, texts in translations:
            question.translations = texts
    if await _set_rhythm(session, survey, new, now):
        changed.append("rhythm")
    if changed:
        detail = {"changed": sorted(changed)}
        audit.record(session, actor, CHANGED, subject=survey.id, detail=detail, now=now)
    closes = (await closing_times(session, actor.workspace_id)).get(survey.id)
    return summarise(survey, closes, now)


async def _set_rhythm(session: AsyncSession, survey: Survey, new: NewSurvey, now: datetime) -> bool:
    """Plan the next wave anew, after any open wave and the days on which it was asked already."""
    workspace = await workspace_of(session, survey.workspace_id)
    zones = await zones_of(session, survey)
    before = plan_of(survey)
    closes = (await closing_times(session, survey.workspace_id)).get(survey.id)
    begins = max(now, closes or now)
    plan = plan_for(new, zones, workspace, begins)
    if _says_the_same(before, plan) and survey.next_on:
        plan = before
    else:
        first = await _first_after(session, survey, plan, zones, workspace, now, begins)
        survey.next_on, survey.next_open_at = first.held_on, first.opens_at
    first = Occurrence(survey.next_on or plan.starts_on, survey.next_open_at or begins)
    check_overlap(new, plan, zones, first)
    survey.cadence, survey.starts_on = plan.cadence.value, plan.starts_on
    survey.ask_at, survey.ends_on, survey.working_in = plan.ask_at, plan.ends_on, plan.working_in
    return plan != before


def _says_the_same(before: Plan, after: Plan) -> bool:
    """Return True if two plans have one rule, wherever a repeating one begins."""
    if before.cadence is Cadence.ONCE or after.cadence is Cadence.ONCE:
        return before == after
    return _rule(before) == _rule(after)


def _rule(plan: Plan) -> tuple[object, ...]:
    by_month = ordinal(plan.starts_on) if plan.cadence in schedule.BY_MONTH else None
    weekday = plan.starts_on.weekday()
    return plan.cadence, weekday, by_month, plan.ask_at, plan.ends_on, plan.working_in


async def _first_after(
    session: AsyncSession,
    survey: Survey,
    plan: Plan,
    zones: Collection[str],
    workspace: Workspace,
    now: datetime,
    begins: datetime,
) -> Occurrence:
    first = first_of(plan, zones, workspace, now if plan.cadence is Cadence.ONCE else begins)
    asked_on = await session.scalar(
        select(func.max(Wave.held_on)).where(
            Wave.workspace_id == survey.workspace_id, Wave.survey_id == survey.id
        )
    )
    if plan.cadence is Cadence.ONCE:
        field = form_fields.DATE if plan.ask_at else form_fields.WHEN
        if first.opens_at < begins:
            raise FieldErrors({field: _(OPENS_TOO_SOON)})
        if asked_on and first.held_on <= asked_on:
            raise FieldErrors({field: _(ASKED_THEN)})
    elif asked_on and first.held_on <= asked_on:
        later = schedule.next_wave(plan, zones, asked_on, begins)
        first = later or first
    return first


def _changed(survey: Survey, new: NewSurvey) -> list[str]:
    """Return the fields whose change makes a survey of its own."""
    fields = []
    # HR can't see the order of questions in the form.
    if {*map(_composed, survey.questions)} != {*new.questions}:
        fields.append(form_fields.BANK)
    if audience_of(survey) != new.audience:
        fields.append(form_fields.audience_field(new.audience.kind))
    if survey.anonymous != new.anonymous:
        fields.append(form_fields.ANONYMITY)
    return fields


def _translations(survey: Survey, new: NewSurvey) -> list[tuple[SurveyQuestion, dict[str, Any]]]:
    """Return the questions whose translations change, with the new ones."""
    wanted = {each: stored(each.translations) for each in new.questions}
    found = [(each, wanted.get(_composed(each), {})) for each in survey.questions]
    return [(question, texts) for question, texts in found if question.translations != texts]


def _composed(question: SurveyQuestion) -> NewQuestion:
    return NewQuestion(
        question.text,
        Scale(question.scale),
        question.driver,
        question.direction,
        tuple(question.options),
        question.bank_key,
        translations_of(question.translations),
    )
