"""Reads how a driver or an eNPS went over a survey's waves, from published figures only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError
from bot.insights.history import figures_until
from bot.insights.pure.change import CellChange
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.segments import TEAM_DIMENSION, TOTAL
from bot.insights.pure.trend_lines import TrendLine, pauses, trend_lines
from bot.insights.service import published_wave, wave_totals
from bot.insights.wave_results import WaveResults
from bot.insights.wording import capitalised
from bot.languages import _
from models import Figure, Survey, Wave

WAVES: Final = 26
"""Half a year of a weekly survey."""
WAVES_IN_TURN: Final = 52
"""A year of one that asks its questions in turn."""
MEASURES: Final = ("driver", "enps", "question", "strain")
TEAMS_DRAWN: Final = 3
TEAMS_POOLED: Final = 20
"""Teams that sharpen the estimates; thousands of them would take minutes and add little."""
FEW_POOLED: Final = 5
"""The same, where somebody waits for the answer to a command."""


@dataclass(frozen=True)
class TrendSource:
    """What a trend is computed from."""

    wave: WaveResults
    """The newest wave, without groups."""
    cells: tuple[Cell, ...]
    """The company's, then those of the teams with the lowest figures, the lowest first."""
    changes: tuple[CellChange | None, ...]
    """The newest change of each cell."""
    waves: tuple[WaveFigures, ...]
    """Oldest first."""
    has_other_questions: bool
    """True if an earlier survey of the same name has results."""


@dataclass(frozen=True)
class Trend:
    """A driver, question or eNPS of the company and a few teams over time."""

    wave: WaveResults
    measure: str
    ref: str
    lines: tuple[TrendLine, ...]
    """The company first, then teams, the lowest first; all have the same days."""
    changes: tuple[CellChange | None, ...]
    """The newest change of each line."""
    pauses: tuple[tuple[date, date], ...]
    """Days before and after each pause."""
    has_other_questions: bool = False
    """True if an earlier survey of the same name has results."""

    @property
    def label(self) -> str:
        """Return the name of what is measured, in the current language."""
        if self.measure == "enps" and len(self.wave.enps) < 2:
            return "eNPS"
        labels = {
            (measure, each.ref): each.label
            for measure, scores in (
                ("driver", self.wave.drivers),
                ("question", self.wave.questions),
                ("enps", self.wave.enps),
            )
            for each in scores
        }
        labels |= {("strain", each.ref): capitalised(_(each.label)) for each in self.wave.strains}
        return _(labels.get((self.measure, self.ref), self.ref))


async def read_trend(
    session: AsyncSession,
    workspace_id: str,
    wave_id: str,
    measure: str,
    ref: str,
    teams: Sequence[str] | None = None,
) -> TrendSource:
    """Read the figures of one measure up to a wave, of these teams or of the lowest ones.

    Raises OutdatedError if the wave is not published, or has no such figure.
    """
    wave = await published_wave(session, workspace_id, wave_id)
    totals = await wave_totals(session, workspace_id, wave_id)
    if wave is None or totals is None or measure not in MEASURES:
        raise OutdatedError
    company = Cell(measure, ref, TOTAL, "")
    if teams is None:
        teams = await _lowest(session, wave, company)
        pool = await _pool(session, wave, company, TEAMS_POOLED)
    else:
        pool = await _pool(session, wave, company, FEW_POOLED)
    cells = (company, *(Cell(measure, ref, TEAM_DIMENSION, name) for name in teams))
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    found = await figures_until(
        session,
        wave,
        WAVES_IN_TURN if survey.prepared else WAVES,
        # Both lists alone can use the index; a list of pairs cannot, on SQLite.
        Figure.segment.in_((TOTAL, TEAM_DIMENSION)),
        Figure.segment_ref.in_(sorted({"", *teams, *pool})),
        or_(Figure.measure == "participation", _of(company)),
    )
    if survey.prepared:
        found = [wave for wave in found if _asks(wave, company)]
    changes = await _changes(session, wave, company)
    if (TOTAL, "") not in changes:
        raise OutdatedError
    return TrendSource(
        totals,
        cells,
        tuple(changes.get((each.segment, each.segment_ref)) for each in cells),
        tuple(found),
        await _has_other_questions(session, wave, survey, found[0].held_on),
    )


def find_trend(source: TrendSource) -> Trend:
    """Compute a trend. Call it in a thread: it takes up to a second."""
    measure, ref, *_ = source.cells[0]
    return Trend(
        source.wave,
        measure,
        ref,
        trend_lines(source.waves, source.cells),
        source.changes,
        pauses(source.waves),
        source.has_other_questions,
    )


def _of(cell: Cell) -> ColumnElement[bool]:
    return (Figure.measure == cell.measure) & (Figure.measure_ref == cell.ref)


def _alone(wave: Wave, company: Cell) -> tuple[ColumnElement[bool], ...]:
    """Return conditions for a measure's figures of the teams that are shown alone."""
    return (
        Figure.workspace_id == wave.workspace_id,
        Figure.wave_id == wave.id,
        Figure.segment == TEAM_DIMENSION,
        Figure.note.is_(None),
        _of(company),
    )


async def _lowest(session: AsyncSession, wave: Wave, company: Cell) -> list[str]:
    lowest = (
        select(Figure.segment_ref)
        .where(*_alone(wave, company))
        .order_by(func.coalesce(Figure.mean, Figure.score), Figure.segment_ref)
        .limit(TEAMS_DRAWN)
    )
    return list(await session.scalars(lowest))


async def _pool(session: AsyncSession, wave: Wave, company: Cell, count: int) -> list[str]:
    """Return teams to estimate together with the drawn ones, chosen without looking at figures."""
    by_name = (
        select(Figure.segment_ref)
        .where(*_alone(wave, company))
        .order_by(Figure.segment_ref)
        .limit(count)
    )
    return list(await session.scalars(by_name))


async def _changes(
    session: AsyncSession, wave: Wave, company: Cell
) -> dict[tuple[str, str], CellChange | None]:
    """Return the newest change of each group that has a figure; None without earlier figures."""
    rows = await session.execute(
        select(
            Figure.segment,
            Figure.segment_ref,
            Figure.change,
            Figure.change_margin,
            Figure.change_weeks,
        ).where(
            Figure.workspace_id == wave.workspace_id,
            Figure.wave_id == wave.id,
            Figure.segment.in_((TOTAL, TEAM_DIMENSION)),
            _of(company),
        )
    )
    return {
        (segment, name): None if change is None else CellChange(change, margin or 0.0, weeks or 0)
        for segment, name, change, margin, weeks in rows
    }


def _asks(wave: WaveFigures, cell: Cell) -> bool:
    """Return True if any group has a figure of the cell's measure."""
    return any((each.measure, each.measure_ref) == cell[:2] for each in wave.figures)


async def _has_other_questions(
    session: AsyncSession, wave: Wave, survey: Survey, first: date
) -> bool:
    """Return True if another survey of this name published before: its questions were others."""
    found = await session.scalar(
        select(Wave.id)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            Wave.workspace_id == wave.workspace_id,
            Wave.survey_id != wave.survey_id,
            Wave.status == "published",
            Wave.held_on < first,
            Survey.name == survey.name,
        )
        .limit(1)
    )
    return found is not None
