"""Reads what a survey's waves published: the only history that changes and trends are found in."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.change import WAVES_NEEDED
from bot.insights.pure.figure_history import RESOLUTIONS, WaveFigures
from bot.insights.pure.published_figure import FigureMeasure, PublishedFigure
from bot.insights.pure.segments import MENTORING_DIMENSION
from models import Figure, Survey, Wave


class _WaveRow(NamedTuple):
    id: str
    held_on: date
    k: int
    ended_early: bool


EARLIER: Final = WAVES_NEEDED - 1
"""Waves that a change is looked for in."""
EARLIER_IN_TURN: Final = 26
"""The same of a survey that asks its questions in turn: half a year, in which each comes back."""


async def earlier_figures(session: AsyncSession, wave: Wave) -> list[WaveFigures]:
    """Return the published figures of a survey's waves before this one, oldest first."""
    survey = await session.get_one(Survey, (wave.workspace_id, wave.survey_id))
    count = EARLIER_IN_TURN if survey.prepared else EARLIER
    return await latest_figures(session, wave.workspace_id, survey.id, wave.held_on, count)


async def latest_figures(
    session: AsyncSession, workspace_id: str, survey_id: str, before: date, count: int = EARLIER
) -> list[WaveFigures]:
    """Return the published figures of a survey's last `count` waves before a day, oldest first.

    They are the figures that have a history. Waves without figures are left out.
    """
    condition = Wave.held_on < before
    waves = await _published(session, workspace_id, survey_id, condition, count)
    found = await _figures(session, workspace_id, waves, Figure.measure.in_(RESOLUTIONS))
    return [each for each in found if each.figures]


async def figures_until(
    session: AsyncSession, wave: Wave, count: int, *conditions: ColumnElement[bool]
) -> list[WaveFigures]:
    """Return figures of a survey's last `count` published waves up to this one, oldest first.

    `conditions` choose the figures. Waves without such figures are empty.
    """
    ids = wave.workspace_id, wave.survey_id
    waves = await _published(session, *ids, Wave.held_on <= wave.held_on, count)
    return await _figures(session, wave.workspace_id, waves, *conditions)


async def figures_of_survey(
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    until: date,
    count: int,
    *conditions: ColumnElement[bool],
) -> list[WaveFigures]:
    """Return figures of a survey's last `count` published waves up to a day, oldest first.

    `conditions` choose the figures. Waves without such figures are left out.
    """
    waves = await _published(session, workspace_id, survey_id, Wave.held_on <= until, count)
    found = await _figures(session, workspace_id, waves, *conditions)
    return [each for each in found if each.figures]


async def _published(
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    condition: ColumnElement[bool],
    count: int,
) -> list[_WaveRow]:
    """Return the survey's latest published waves, oldest first."""
    rows = await session.execute(
        select(Wave.id, Wave.held_on, Wave.min_group_size, Wave.ended_early_at)
        .where(
            Wave.workspace_id == workspace_id,
            Wave.survey_id == survey_id,
            Wave.status == "published",
            condition,
        )
        .order_by(Wave.held_on.desc())
        .limit(count)
    )
    found = [_WaveRow(id_, held_on, k, ended is not None) for id_, held_on, k, ended in rows]
    return found[::-1]


async def _figures(
    session: AsyncSession,
    workspace_id: str,
    waves: Sequence[_WaveRow],
    *conditions: ColumnElement[bool],
) -> list[WaveFigures]:
    """Return the figures wave by wave: the event loop has its turn between two of them."""
    return [
        WaveFigures(
            wave.held_on,
            wave.k,
            await _figures_of(session, workspace_id, wave.id, *conditions),
            ended_early=wave.ended_early,
        )
        for wave in waves
    ]


async def _figures_of(
    session: AsyncSession, workspace_id: str, wave_id: str, *conditions: ColumnElement[bool]
) -> list[PublishedFigure]:
    rows = await session.execute(
        select(
            Figure.measure,
            Figure.measure_ref,
            Figure.segment,
            Figure.segment_ref,
            Figure.n,
            Figure.note,
            Figure.population,
            Figure.members,
            Figure.mean,
            Figure.error,
            Figure.score,
        ).where(
            Figure.workspace_id == workspace_id,
            Figure.wave_id == wave_id,
            Figure.segment != MENTORING_DIMENSION,
            *conditions,
        )
    )
    figures = []
    for measure, ref, segment, segment_ref, n, note, population, members, *numbers in rows:
        mean, error, score = numbers
        figures.append(
            PublishedFigure(
                cast("FigureMeasure", measure),
                ref,
                segment,
                segment_ref,
                n,
                note=note,
                population=population,
                members=members,
                mean=mean,
                error=error,
                score=score,
            )
        )
    return figures
