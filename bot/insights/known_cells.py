"""What published figures of the company pulse say about its cells: it asks next by this."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.history import latest_figures
from bot.insights.pure.cell_estimates import estimate_cells
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.resolution import MEAN_RESOLUTION, in_steps
from bot.insights.pure.segments import EVERYONE_ELSE, TEAM_DIMENSION, TOTAL
from bot.pulse.company.choosing import Known, week_of
from bot.pulse.pure.cells import SMALL_TEAMS
from bot.pulse.pure.sampling import Cell, Published

USUAL_ANSWERING: Final = 0.6
"""The share of people who answer, until a wave has published one."""
LEAST_ANSWERING: Final = 0.2


@dataclass(frozen=True)
class PublishedWaves:
    """The published waves of a company pulse, oldest first."""

    waves: Sequence[WaveFigures]
    k: int
    """Of the wave that opens."""


async def published_waves(
    session: AsyncSession, workspace_id: str, survey_id: str, before: date, k: int
) -> PublishedWaves:
    """Read what a company pulse published in the weeks before a wave."""
    return PublishedWaves(await latest_figures(session, workspace_id, survey_id, before), k)


def known_cells(found: PublishedWaves) -> Known:
    """Estimate each cell's level, and how sure it is. Call it in a thread, as it is slow."""
    k = found.k
    published = {}
    for cell, estimates in estimate_cells(found.waves, newest_only=False).items():
        if cell.measure == "driver" and cell.segment == TEAM_DIMENSION:
            team = SMALL_TEAMS if cell.segment_ref == EVERYONE_ELSE else cell.segment_ref
            last = estimates[-1]
            published[Cell(cell.ref, team)] = Published(last.error, week_of(last.held_on))
    return Known(
        published,
        lambda n: MEAN_RESOLUTION.error(in_steps(n, k), k, MEAN_RESOLUTION.usual_spread),
        _answering(found.waves),
    )


def _answering(waves: Sequence[WaveFigures]) -> float:
    """Return the share of people who answered the latest waves."""
    shares = [
        figure.n / figure.population
        for wave in waves[-4:]
        for figure in wave.figures
        if figure.measure == "participation" and figure.segment == TOTAL and figure.population
    ]
    return max(LEAST_ANSWERING, fmean(shares)) if shares else USUAL_ANSWERING
