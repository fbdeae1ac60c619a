"""HR starts journeys and changes milestones: their questions, day and hour, on or off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.journeys.people import choices_of
from bot.journeys.pure.milestones import BY_KEY, MILESTONES, Choice, Milestone
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from bot.surveys.audience import AudienceKind, zones_of
from bot.surveys.drafts import CREATED, NewQuestion
from bot.surveys.pure import schedule
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from bot.surveys.survey_rows import local_today, plan_of
from models import Milestone as MilestoneRow
from models import Survey, SurveyQuestion, Workspace
from models.database import insert_into, new_key

OPEN_HOURS: Final = 14 * 24
"""How long a person can answer, and change an answer."""
NOT_STARTED: Final = marked("Journeys have not been started. `/journey` starts them.")


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone as HR chose it."""

    milestone: Milestone
    choice: Choice
    questions: tuple[NewQuestion, ...]


async def start(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Switch on all milestones with their prepared questions; again changes nothing."""
    await require_admin(session, actor)
    # Of two admins who start at once, the second finds what the first one made.
    await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    if await choices_of(session, actor.workspace_id):
        return
    bank = load_bank()
    for milestone in MILESTONES:
        questions = [NewQuestion.from_bank(bank.get(key)) for key in milestone.questions]
        await _store(session, actor, milestone, Choice(), questions, now)
    audit.record(session, actor, "journeys.started", now=now)


async def save_milestone(
    session: AsyncSession,
    actor: Actor,
    key: str,
    choice: Choice,
    questions: Sequence[NewQuestion],
    now: datetime,
) -> None:
    """Store HR's choice for a milestone.

    Other questions make a new survey; whoever was asked the earlier ones can still answer. Raises
    UserError if journeys have not been started.
    """
    await require_admin(session, actor)
    row = await session.get(MilestoneRow, (actor.workspace_id, key), with_for_update=True)
    if row is None or key not in BY_KEY:
        raise UserError(_(NOT_STARTED))
    await _store(session, actor, BY_KEY[key], choice, questions, now)
    audit.record(session, actor, "journeys.changed", now=now, detail={"milestone": key})


async def milestone_line(session: AsyncSession, actor: Actor, key: str) -> MilestoneLine:
    """Return one milestone; raise UserError if journeys have not been started."""
    await require_admin(session, actor)
    for line in await milestone_lines(session, actor.workspace_id):
        if line.milestone.key == key:
            return line
    raise UserError(_(NOT_STARTED))


async def milestone_lines(session: AsyncSession, workspace_id: str) -> tuple[MilestoneLine, ...]:
    """Return the milestones in their order; none if journeys have not been started."""
    choices = await choices_of(session, workspace_id)
    rows = await session.execute(
        select(MilestoneRow.key, Survey)
        .join(
            Survey,
            (Survey.workspace_id == MilestoneRow.workspace_id)
            & (Survey.id == MilestoneRow.survey_id),
        )
        .where(MilestoneRow.workspace_id == workspace_id)
    )
    surveys = {row.key: row.Survey for row in rows}
    return tuple(
        MilestoneLine(
            milestone,
            choices[milestone.key],
            _questions(surveys[milestone.key]) if milestone.key in surveys else (),
        )
        for milestone in MILESTONES
        if milestone.key in choices
    )


async def survey_of(session: AsyncSession, workspace_id: str, key: str) -> Survey | None:
    """Return the survey with a milestone's questions now; None for one that asks nothing."""
    row = await session.get(MilestoneRow, (workspace_id, key))
    if row is None or row.survey_id is None:
        return None
    return await session.get(Survey, (workspace_id, row.survey_id))


async def _store(
    session: AsyncSession,
    actor: Actor,
    milestone: Milestone,
    choice: Choice,
    questions: Sequence[NewQuestion],
    now: datetime,
) -> None:
    survey_id = None
    if milestone.asks:
        survey = await _survey(session, actor, milestone, choice, questions, now)
        survey_id = survey.id
    written = {
        "is_on": choice.is_on,
        "weekday": choice.weekday,
        "ask_at": choice.ask_at,
        "survey_id": survey_id,
    }
    key = {"workspace_id": actor.workspace_id, "key": milestone.key}
    statement = insert_into(session, MilestoneRow).values(**key, **written)
    await session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=written))


async def _survey(
    session: AsyncSession,
    actor: Actor,
    milestone: Milestone,
    choice: Choice,
    questions: Sequence[NewQuestion],
    now: datetime,
) -> Survey:
    """Return the milestone's survey with these questions; it asks from its next hour on."""
    survey = await survey_of(session, actor.workspace_id, milestone.key)
    if survey and _questions(survey) != tuple(questions):
        survey.status, survey.next_on, survey.next_open_at = "ended", None, None
        survey = None
    survey = survey or await _new_survey(session, actor, milestone, choice, questions, now)
    survey.ask_at = choice.ask_at
    survey.status = "active" if choice.is_on else "paused"
    zones = await zones_of(session, survey)
    before = now.date() - timedelta(days=2)
    following = schedule.next_wave(plan_of(survey), zones, before, now)
    if following:
        survey.next_on, survey.next_open_at = following.held_on, following.opens_at
    await session.flush()
    return survey


async def _new_survey(
    session: AsyncSession,
    actor: Actor,
    milestone: Milestone,
    choice: Choice,
    questions: Sequence[NewQuestion],
    now: datetime,
) -> Survey:
    workspace = await session.get_one(Workspace, actor.workspace_id)
    survey = Survey(
        workspace_id=actor.workspace_id,
        id=new_key(),
        name=milestone.name,
        created_by=actor.user_id,
        created_at=now,
        audience=AudienceKind.MILESTONE.value,
        audience_ref=milestone.key,
        cadence=Cadence.DAILY.value,
        starts_on=local_today(workspace, now),
        ask_at=choice.ask_at,
        open_hours=OPEN_HOURS,
        questions=[
            SurveyQuestion(
                position=position,
                text=each.text,
                driver=each.driver,
                scale=each.scale.value,
                direction=each.direction,
                options=list(each.options),
                bank_key=each.bank_key,
            )
            for position, each in enumerate(questions)
        ],
    )
    session.add(survey)
    await session.flush()
    detail = {"audience": survey.audience, "people": None}
    audit.record(session, actor, CREATED, subject=survey.id, detail=detail, now=now)
    return survey


def _questions(survey: Survey) -> tuple[NewQuestion, ...]:
    return tuple(
        NewQuestion(
            each.text,
            Scale(each.scale),
            each.driver,
            each.direction,
            tuple(each.options),
            each.bank_key,
        )
        for each in survey.questions
    )


async def require_admin(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError for everybody but HR admins."""
    await roles.require(session, actor, Role.ADMIN, action="journeys.change")
