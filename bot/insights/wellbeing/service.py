"""HR starts the prepared survey about wellbeing, and sees where it stands.

From its confirmation on it is a survey like any other: listed, paused, ended, and in the record.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, UserError
from bot.insights.looks import look_at_figures, require_hr
from bot.insights.service import wave_totals
from bot.insights.wave_results import Score, Strain
from bot.languages import _, marked
from bot.surveys import form_fields
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, NewSurvey, Repeating, SurveyPreview, save_draft
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import Cadence
from bot.surveys.pure.wellbeing import CAUSES, WELLBEING, question_keys
from models import Survey, Wave

NAME: Final = marked("Wellbeing", "survey")
NAME_TAKEN: Final = marked(
    "A survey of yours is called “{survey}” already. Please end it with `/pulse list` first."
)
OPEN_HOURS: Final = 5 * 24
"""A week's wave closes before the next one opens, wherever people live."""
USUAL_TIME: Final = (1, time(10))
"""Tuesday at ten."""
WAVES_READ: Final = 2 * len(CAUSES)
"""Two rounds: an older figure is no news."""


@dataclass(frozen=True)
class Dated:
    """A figure of the whole company, and the day of its wave."""

    figure: Strain | Score
    held_on: date


@dataclass(frozen=True)
class Standing:
    """Where the survey stands: the latest figure of each of its questions."""

    name: str
    status: str
    next_on: date | None
    strains: tuple[Dated, ...]
    causes: tuple[Dated, ...]
    """The lowest first."""


async def running_survey(session: AsyncSession, workspace_id: str) -> Survey | None:
    """Return the survey about wellbeing that runs or is paused, if there is one."""
    found: Survey | None = await session.scalar(
        select(Survey).where(
            Survey.workspace_id == workspace_id,
            Survey.prepared == WELLBEING,
            Survey.status.in_(("active", "paused")),
        )
    )
    return found


async def save_wellbeing_draft(
    session: AsyncSession, actor: Actor, survey_id: str, now: datetime
) -> SurveyPreview:
    """Store the survey until its author confirms it.

    It asks when the company pulse does, so that both come as one message. Raises NotAllowedError
    for everybody but HR admins, and UserError if it can't be asked.
    """
    weekday, ask_at = await _company_pulse_time(session, actor.workspace_id) or USUAL_TIME
    new = NewSurvey(
        name=NAME,
        questions=tuple(NewQuestion.from_bank(load_bank().get(key)) for key in question_keys()),
        audience=Audience(AudienceKind.EVERYONE),
        when=Repeating(Cadence.WEEKLY, weekday, "", ask_at),
        open_hours=OPEN_HOURS,
        prepared=WELLBEING,
    )
    try:
        return await save_draft(session, actor, survey_id, new, None, now)
    except FieldErrors as error:
        # There is no form with fields.
        taken = form_fields.NAME in error.fields
        raise UserError(
            _(NAME_TAKEN).format(survey=shown_name(NAME))
            if taken
            else " ".join(error.fields.values())
        ) from error


async def standing_of(
    session: AsyncSession, actor: Actor, survey: Survey, now: datetime
) -> Standing:
    """Return the latest figures, and record the look; raise NotAllowedError for all but HR."""
    await require_hr(session, actor)
    waves = await session.execute(
        select(Wave.id, Wave.held_on)
        .where(
            Wave.workspace_id == survey.workspace_id,
            Wave.survey_id == survey.id,
            Wave.status == "published",
        )
        .order_by(Wave.held_on.desc())
        .limit(WAVES_READ)
    )
    strains: dict[str, Dated] = {}
    causes: dict[str, Dated] = {}
    for wave_id, held_on in waves:
        wave = await wave_totals(session, survey.workspace_id, wave_id)
        if wave is None:
            continue
        shown = len(strains) + len(causes)
        for strain in wave.strains:
            strains.setdefault(strain.ref, Dated(strain, held_on))
        for score in wave.drivers:
            causes.setdefault(score.ref, Dated(score, held_on))
        if len(strains) + len(causes) > shown:
            await look_at_figures(session, actor, wave_id, now)
    lowest = sorted(causes.values(), key=_mean)
    return Standing(
        survey.name, survey.status, survey.next_on, tuple(strains.values()), tuple(lowest)
    )


def _mean(found: Dated) -> float:
    return found.figure.mean.value if isinstance(found.figure, Score) else 0.0


async def _company_pulse_time(session: AsyncSession, workspace_id: str) -> tuple[int, time] | None:
    """Return the weekday, 0 for Monday, and time of the company pulse, if it runs."""
    row = (
        await session.execute(
            select(Survey.starts_on, Survey.ask_at).where(
                Survey.workspace_id == workspace_id,
                Survey.cadence == Cadence.STANDING.value,
                Survey.status == "active",
            )
        )
    ).first()
    return (row[0].weekday(), row[1]) if row and row[1] else None
