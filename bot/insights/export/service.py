"""All published figures of a workspace: exactly the stored ones, as rounded as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.insights.export.pure.exported_figure import OR_LESS, OR_MORE, ExportedFigure
from bot.insights.looks import VIEW_FIGURES
from bot.insights.pure.resolution import (
    ENPS_RESOLUTION,
    MEAN_RESOLUTION,
    SHARE_RESOLUTION,
    Resolution,
)
from bot.insights.pure.segments import MENTORING_DIMENSION
from bot.insights.pure.words.themes import theme_labels
from bot.insights.wave_results import PublishedNumber
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.audit import Attune
from bot.people.roles import Role
from bot.surveys.pure.bank import driver_label
from models import Figure, Survey, SurveyQuestion, Wave

EXPORTED: Final = "figures.exported"
"""Its name in the audit table."""
ONLY_ADMINS: Final = marked("Only HR admins can export figures. `/pulse admins` shows who to ask.")
NO_FIGURES: Final = marked(
    "There are no published figures yet. They are there once a survey has closed and enough people "
    "have answered."
)
REMOVED: Final = "A question that was removed"

Questions = Mapping[tuple[str, str], SurveyQuestion]
"""By survey and position."""


async def allow_export(session: AsyncSession, by: Actor | Attune, now: datetime) -> None:
    """Record that somebody exports the workspace's figures.

    Raises NotAllowedError for anybody but HR admins, and UserError if there are no figures.
    """
    if isinstance(by, Actor):
        await roles.require(session, by, Role.ADMIN, action=VIEW_FIGURES, refusal=_(ONLY_ADMINS))
    figures = select(Figure.id).join(Wave, _OF_WAVE).where(*_released(by.workspace_id))
    if await session.scalar(figures.limit(1)) is None:
        raise UserError(_(NO_FIGURES))
    audit.record(session, by, EXPORTED, now=now)


@dataclass(frozen=True)
class Published:
    """Published figures as they are stored, and the questions that they are about."""

    rows: Sequence[Any]
    questions: Questions


async def published_figures(session: AsyncSession, workspace_id: str) -> Published:
    """Read every published figure, by survey and day.

    Of people in mentoring, only the differences that the mentoring programme shows are in it.
    """
    asked = await session.scalars(
        select(SurveyQuestion).where(SurveyQuestion.workspace_id == workspace_id)
    )
    questions = {(each.survey_id, str(each.position)): each for each in asked}
    rows = await session.execute(
        select(
            Survey.name,
            Wave.survey_id,
            Wave.held_on,
            Wave.anonymous,
            Wave.min_group_size,
            *(getattr(Figure, name) for name in _READ),
        )
        .join(Wave, _OF_WAVE)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(*_released(workspace_id))
        .order_by(
            Survey.name,
            Wave.held_on,
            Wave.id,
            Figure.measure,
            Figure.measure_ref,
            Figure.segment,
            Figure.segment_ref,
        )
    )
    return Published(rows.all(), questions)


def exported(published: Published) -> list[ExportedFigure]:
    """Say in words what each figure is; call it in a thread, for there may be a million."""
    return [_exported(row, published.questions) for row in published.rows]


_READ: Final = (
    *("measure", "measure_ref", "segment", "segment_ref", "note", "n", "population", "members"),
    *("mean", "favourable", "unfavourable", "score", "low", "high"),
    *("change", "change_margin", "change_weeks"),
)
_OF_WAVE: Final = (Wave.workspace_id == Figure.workspace_id) & (Wave.id == Figure.wave_id)


def _released(workspace_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for figures that HR sees in Slack."""
    return (
        Figure.workspace_id == workspace_id,
        Wave.status == "published",
        or_(Figure.segment != MENTORING_DIMENSION, Figure.measure == "difference"),
    )


def _exported(row: Any, questions: Questions) -> ExportedFigure:
    topic, option = _named(row.measure, row.measure_ref, row.survey_id, questions)
    # The ends of a difference are not those of a scale.
    has_ends = row.measure != "difference"
    return ExportedFigure(
        survey=row.name,
        survey_id=row.survey_id,
        held_on=row.held_on,
        anonymous=row.anonymous,
        smallest_group=row.min_group_size,
        measure=row.measure,
        topic=topic,
        topic_key=row.measure_ref,
        option=option,
        group_kind=row.segment,
        group=row.segment_ref or None,
        merged=row.segment != "all" and row.note is not None,
        n=row.n,
        population=row.population,
        members=row.members,
        mean=row.mean,
        mean_limit=_limit(row.mean, row.n, MEAN_RESOLUTION) if has_ends else None,
        favourable=row.favourable,
        favourable_limit=_limit(row.favourable, row.n, SHARE_RESOLUTION),
        unfavourable=row.unfavourable,
        unfavourable_limit=_limit(row.unfavourable, row.n, SHARE_RESOLUTION),
        score=row.score,
        score_limit=_limit(row.score, row.n, ENPS_RESOLUTION) if has_ends else None,
        low=row.low,
        high=row.high,
        change=row.change,
        change_margin=row.change_margin,
        change_weeks=row.change_weeks,
    )


def _named(measure: str, ref: str, survey_id: str, questions: Questions) -> tuple[str, str | None]:
    """Return what a figure is about, and of a choice the option."""
    if measure in ("participation", "sentiment"):
        return measure, None
    if measure == "theme":
        return theme_labels().get(ref, ref), None
    position, _dot, number = ref.partition(".")
    if not position.isdecimal():
        return driver_label(ref), None
    question = questions.get((survey_id, position))
    topic = question.text if question else REMOVED
    if not number:
        return topic, None
    options = question.options if question else []
    place = int(number)
    return topic, options[place] if place < len(options) else f"Option {place + 1}"


def _limit(value: float | None, n: int, resolution: Resolution) -> str | None:
    if value is None:
        return None
    number = PublishedNumber.of(value, n, resolution)
    if number.is_least:
        return OR_LESS
    return OR_MORE if number.is_most else None
