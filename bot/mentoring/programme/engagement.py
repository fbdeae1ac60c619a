"""Compares how mentees and their teammates answer surveys, from published figures only.

The figures were computed, and passed the disclosure gate, when the wave was published. No answer is
read here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.languages import _
from bot.surveys.pure.bank import driver_label
from models import Figure, Survey, SurveyQuestion, Wave

ENPS: Final = "eNPS"


@dataclass(frozen=True)
class Difference:
    """Mentees minus others, with a 95 % interval that holds for all of a wave's differences."""

    label: str
    points: float
    """Points out of ten, or of a net promoter score."""
    low: float
    high: float
    is_enps: bool
    mentees: int
    """Number of mentees who answered."""
    others: int
    """Number of others who answered."""

    @property
    def is_detectable(self) -> bool:
        """True if chance alone does not explain it."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Engagement:
    """All differences of one wave, drivers by name and eNPS last."""

    wave_id: str
    survey_name: str
    held_on: date
    differences: tuple[Difference, ...]


async def latest_engagement(session: AsyncSession, workspace_id: str) -> Engagement | None:
    """Return the latest published anonymous wave with differences; None if there is none."""
    wave = await session.scalar(
        select(Wave)
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            Wave.anonymous.is_(True),
            select(Figure.id)
            .where(
                Figure.workspace_id == Wave.workspace_id,
                Figure.wave_id == Wave.id,
                Figure.measure == "difference",
            )
            .exists(),
        )
        .order_by(Wave.published_at.desc(), Wave.held_on.desc(), Wave.id)
        .limit(1)
    )
    if wave is None:
        return None
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    figures = await session.scalars(
        select(Figure).where(
            Figure.workspace_id == workspace_id,
            Figure.wave_id == wave.id,
            Figure.measure == "difference",
        )
    )
    questions = {str(question.position): question for question in survey.questions}
    found = [_difference(figure, questions) for figure in figures]
    found.sort(key=lambda each: (each.is_enps, each.label))
    return Engagement(wave.id, survey.name, wave.held_on, tuple(found))


def _difference(figure: Figure, questions: dict[str, SurveyQuestion]) -> Difference:
    is_enps = figure.score is not None
    points = (figure.score if is_enps else figure.mean) or 0.0
    return Difference(
        label=_enps_label(figure, questions) if is_enps else driver_label(figure.measure_ref),
        points=points,
        low=points if figure.low is None else figure.low,
        high=points if figure.high is None else figure.high,
        is_enps=is_enps,
        mentees=figure.n,
        others=figure.population or 0,
    )


def _enps_label(figure: Figure, questions: dict[str, SurveyQuestion]) -> str:
    """Name the score, and its question where the survey has several."""
    several = sum(question.scale == "enps" for question in questions.values()) > 1
    question = questions.get(figure.measure_ref)
    return f"{ENPS} ({_(question.text)})" if several and question else ENPS
