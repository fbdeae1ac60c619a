"""Reads what a survey's earlier waves published: the only history that changes are found in."""

from collections import defaultdict
from datetime import date, timedelta
from typing import cast

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.change import WAVES_NEEDED
from bot.insights.pure.figure_history import RESOLUTIONS, WaveFigures
from bot.insights.pure.published_figure import FigureMeasure, PublishedFigure
from bot.insights.pure.segments import MENTORING_DIMENSION
from models import Figure, Wave


async def earlier_figures(session: AsyncSession, wave: Wave) -> list[WaveFigures]:
    """Return the published figures of a survey's waves before this one, oldest first.

    They are the figures that have a history, of as many waves as a change is looked for in.
    """
    day_before = wave.held_on - timedelta(days=1)
    return await figures_until(
        session, wave.workspace_id, wave.survey_id, day_before, WAVES_NEEDED - 1
    )


async def figures_until(
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    day: date,
    count: int,
    of: tuple[str, str] | None = None,
) -> list[WaveFigures]:
    """Return what the last `count` waves of a survey up to a day published, oldest first.

    `of` is a measure and its reference, to which and to participation the figures are limited.
    """
    waves = (
        await session.execute(
            select(Wave.id, Wave.held_on, Wave.min_group_size, Wave.ended_early_at)
            .where(
                Wave.workspace_id == workspace_id,
                Wave.survey_id == survey_id,
                Wave.status == "published",
                Wave.held_on <= day,
            )
            .order_by(Wave.held_on.desc())
            .limit(count)
        )
    ).all()
    query = select(
        Figure.wave_id,
        Figure.measure,
        Figure.measure_ref,
        Figure.segment,
        Figure.segment_ref,
        Figure.n,
        Figure.note,
        Figure.population,
        Figure.mean,
        Figure.error,
        Figure.score,
    ).where(
        Figure.workspace_id == workspace_id,
        Figure.wave_id.in_([wave_id for wave_id, *_ in waves]),
        Figure.measure.in_(RESOLUTIONS),
        Figure.segment != MENTORING_DIMENSION,
    )
    if of:
        query = query.where(
            tuple_(Figure.measure, Figure.measure_ref).in_([of, ("participation", "")])
        )
    figures: defaultdict[str, list[PublishedFigure]] = defaultdict(list)
    for row in await session.execute(query):
        wave_id, measure, ref, segment, segment_ref, n, note, population, mean, error, score = row
        figures[wave_id].append(
            PublishedFigure(
                cast("FigureMeasure", measure),
                ref,
                segment,
                segment_ref,
                n,
                note=note,
                population=population,
                mean=mean,
                error=error,
                score=score,
            )
        )
    return [
        WaveFigures(held_on, k, figures[wave_id], ended_early=ended_early_at is not None)
        for wave_id, held_on, k, ended_early_at in reversed(waves)
        if wave_id in figures
    ]
