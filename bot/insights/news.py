"""What is new in a survey's published waves: what stands out, with its evidence, and two quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.change import BEFORE
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.quotes import choose_quotes
from bot.insights.pure.segments import TOTAL
from bot.insights.pure.stands_out import MOST, Statement
from bot.insights.pure.words.themes import theme_labels
from bot.insights.service import wave_totals
from bot.insights.theme_terms import terms_of
from bot.insights.wave_results import StandsOut, WaveResults
from models import Figure, PublishedComment, Wave

HALF_A_WEEK: Final = timedelta(days=3)
"""Weeks are rounded; a wave may lie this much after the day that they lead to."""


@dataclass(frozen=True)
class Headline:
    """One thing that stands out, with what it is compared with."""

    found: StandsOut
    before: float | None
    """The cell's usual number before it changed, or the company's; None if it is not known."""
    held_on: date
    """The day of the wave in which it stood out."""
    latest: float | None = None
    """The cell's number in the newest wave, if it stood out in an earlier one; None if withheld."""

    @property
    def is_of_group(self) -> bool:
        """Return True if it is about a part of the company."""
        return self.found.statement.cell.segment != TOTAL


@dataclass(frozen=True)
class SurveyNews:
    """What a survey's newest wave says, and which of its earlier waves is news as well."""

    wave: WaveResults
    headlines: tuple[Headline, ...]
    """At most three; the newest wave's first, the largest first."""
    quotes: tuple[str, ...]
    """At most two masked comments of the newest wave; none of a named survey's."""
    has_changes: bool
    """True if any figure changed detectably, in any group."""
    shares: tuple[float, ...]
    """The share, 0 to 1, that answered each of the waves, oldest first."""


async def survey_news(
    session: AsyncSession, workspace_id: str, wave_ids: Sequence[str], *, with_quotes: bool
) -> SurveyNews | None:
    """Return the news of a survey's waves, given newest first; None if the newest is not published.

    It reads published rows only.
    """
    waves = [await wave_totals(session, workspace_id, wave_id) for wave_id in wave_ids]
    newest, *earlier = waves
    if newest is None:
        return None
    quotable = with_quotes and newest.anonymous
    known = [newest, *(wave for wave in earlier if wave)]
    return SurveyNews(
        wave=newest,
        headlines=await _headlines(session, workspace_id, known),
        quotes=await _quotes(session, workspace_id, newest) if quotable else (),
        has_changes=await _has_changes(session, workspace_id, newest.wave_id),
        shares=tuple(wave.answered / wave.invited for wave in reversed(known) if wave.answered),
    )


async def _headlines(
    session: AsyncSession, workspace_id: str, waves: Sequence[WaveResults]
) -> tuple[Headline, ...]:
    """Return what stands out in the waves, newest first; what several waves say only once.

    Of these, the newest counts whose number shows it.
    """
    chosen: dict[tuple[Finding, str, str], Headline] = {}
    for wave in waves:
        for found in wave.stands_out:
            cell = found.statement.cell
            about = found.statement.finding, cell.segment, cell.segment_ref
            if about not in chosen or chosen[about].before is None:
                before = await _before(session, workspace_id, wave, found)
                if about not in chosen or before is not None:
                    latest = None
                    if wave is not waves[0]:
                        latest = await _number_in(session, workspace_id, waves[0], cell)
                    chosen[about] = Headline(found, before, wave.held_on, latest)
    return tuple(chosen.values())[:MOST]


async def _before(
    session: AsyncSession, workspace_id: str, wave: WaveResults, found: StandsOut
) -> float | None:
    """Return the published number that the cell's newest one is compared with.

    It is the mean of its last numbers before it changed, or the company's for a group that is far
    from it. None if it would not show at least half of the difference: several waves say more than
    the newest one alone. None for a theme, too, which is not shown in every wave.
    """
    statement = found.statement
    if statement.finding is Finding.THEME:
        return None
    cell = (
        statement.cell
        if statement.weeks
        else statement.cell._replace(segment=TOTAL, segment_ref="")
    )
    last = wave.held_on - timedelta(weeks=statement.weeks)
    rows = await session.scalars(
        select(Figure)
        .join(Wave, (Wave.workspace_id == Figure.workspace_id) & (Wave.id == Figure.wave_id))
        .where(
            Figure.workspace_id == workspace_id,
            Wave.survey_id == wave.survey_id,
            Wave.held_on <= (last + HALF_A_WEEK if statement.weeks else last),
            Figure.measure == cell.measure,
            Figure.measure_ref == cell.ref,
            Figure.segment == cell.segment,
            Figure.segment_ref == cell.segment_ref,
        )
        .order_by(Wave.held_on.desc())
        .limit(BEFORE if statement.weeks else 1)
    )
    numbers = [number for figure in rows if (number := _number(figure)) is not None]
    before = fmean(numbers) if numbers else None
    return before if before is not None and _shows(statement, before) else None


async def _number_in(
    session: AsyncSession, workspace_id: str, wave: WaveResults, cell: Cell
) -> float | None:
    """Return a cell's published number in a wave, or None if it has none."""
    figure = await session.scalar(
        select(Figure).where(
            Figure.workspace_id == workspace_id,
            Figure.wave_id == wave.wave_id,
            Figure.measure == cell.measure,
            Figure.measure_ref == cell.ref,
            Figure.segment == cell.segment,
            Figure.segment_ref == cell.segment_ref,
        )
    )
    return _number(figure) if figure else None


def _shows(statement: Statement, before: float) -> bool:
    difference = statement.value - before
    is_same_way = difference * statement.difference > 0
    return is_same_way and abs(difference) >= abs(statement.difference) / 2


def _number(figure: Figure) -> float | None:
    if figure.measure in ("participation", "theme"):
        return figure.n / figure.population if figure.population else None
    return figure.mean if figure.score is None else figure.score


async def _has_changes(session: AsyncSession, workspace_id: str, wave_id: str) -> bool:
    found = await session.scalar(
        select(Figure.id)
        .where(
            Figure.workspace_id == workspace_id,
            Figure.wave_id == wave_id,
            (Figure.change > Figure.change_margin) | (Figure.change < -Figure.change_margin),
        )
        .limit(1)
    )
    return found is not None


async def _quotes(session: AsyncSession, workspace_id: str, wave: WaveResults) -> tuple[str, ...]:
    """Choose by what stands out, as drivers and themes share their keys, and then by theme."""
    texts = await session.scalars(
        select(PublishedComment.text).where(
            PublishedComment.workspace_id == workspace_id, PublishedComment.wave_id == wave.wave_id
        )
    )
    keys = {label: key for key, label in theme_labels().items()}
    standing_out = [
        cell.ref
        for found in wave.stands_out
        for cell in (found.statement.cell, *found.statement.also)
    ]
    about = [*standing_out, *(keys[theme.label] for theme in wave.themes)]
    return choose_quotes(list(texts), about, await terms_of(session, workspace_id))
