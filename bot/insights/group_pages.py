"""Selects which groups of a published wave to read; a large company has too many for all.

Groups come in the order in which they need HR: within a dimension, the one furthest below the
company first. How far is the mean, over its drivers, of its figure minus the company's. So groups
stay comparable if each of them shows other drivers. Without drivers, the questions decide, and
without those eNPS.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Numeric, Select, case, cast, func, null, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from bot.insights.pure.segments import DIMENSIONS, EVERYONE_ELSE, MENTORING_DIMENSION, TOTAL
from bot.insights.wave_results import GROUPS_ON_A_PAGE, GROUPS_SHOWN
from models import Figure, Wave

GroupRef = tuple[str, str]
"""Dimension and name."""

GROUPED_BY: Final = tuple(each for each in DIMENSIONS if each != MENTORING_DIMENSION)
"""What groups are of. The two sides of mentoring are no groups: only their difference is shown."""
OF_GROUPS: Final = ("participation", "driver")
"""A group has one of these at least: in the company pulse, teams have no participation."""
_DECIMALS: Final = 4
"""Two databases add up in different orders, so differences beyond this are none."""


async def count_groups(session: AsyncSession, wave: Wave) -> dict[str, int]:
    """Return the number of groups per dimension, in the order of the dimensions."""
    rows = await session.execute(
        select(Figure.segment, func.count(Figure.segment_ref.distinct()))
        .where(*_of(wave), Figure.segment.in_(GROUPED_BY), Figure.measure.in_(OF_GROUPS))
        .group_by(Figure.segment)
    )
    found = dict(rows.all())
    return {name: found[name] for name in GROUPED_BY if name in found}


async def first_of_each(session: AsyncSession, wave: Wave) -> list[GroupRef]:
    """Return the first groups of each dimension."""
    groups = (await _ranked(session, wave)).subquery()
    order = _order(groups.c)
    number = func.row_number().over(partition_by=groups.c.segment, order_by=order)
    numbered = select(groups, number.label("number")).subquery()
    return await _refs(
        session,
        select(numbered.c.segment, numbered.c.segment_ref)
        .where(numbered.c.number <= GROUPS_SHOWN)
        .order_by(*_order(numbered.c)),
    )


async def page_of_all(session: AsyncSession, wave: Wave, page: int, count: int) -> list[GroupRef]:
    """Return a page of all `count` groups; a page beyond the last is the last."""
    return await _page(session, await _ranked(session, wave), page, count, GROUPS_ON_A_PAGE)


async def page_of_dimension(
    session: AsyncSession, wave: Wave, dimension: str, page: int, count: int, size: int
) -> list[GroupRef]:
    """Return a page of `size` of a dimension's `count` groups; one beyond the last is the last."""
    ranked = await _ranked(session, wave, Figure.segment == dimension)
    return await _page(session, ranked, page, count, size)


async def of_teams(session: AsyncSession, wave: Wave, teams: Collection[str]) -> list[GroupRef]:
    """Return the groups of those teams that are shown alone."""
    alone = (Figure.segment == "team", Figure.segment_ref.in_(teams), Figure.note.is_(None))
    return await _page(session, await _ranked(session, wave, *alone), 0, len(teams), len(teams))


async def read_figures(
    session: AsyncSession, wave: Wave, groups: Sequence[GroupRef]
) -> list[Figure]:
    """Return a wave's figures for the total and for the given groups, which keep their order."""
    found = await session.scalars(
        select(Figure)
        .where(
            *_of(wave),
            tuple_(Figure.segment, Figure.segment_ref).in_([(TOTAL, ""), *groups]),
        )
        .order_by(Figure.measure, Figure.measure_ref)
    )
    places = {group: place for place, group in enumerate(groups)}
    return sorted(found, key=lambda each: places.get((each.segment, each.segment_ref), -1))


async def _ranked(
    session: AsyncSession, wave: Wave, *conditions: ColumnElement[bool]
) -> Select[Any]:
    """Select a wave's groups in one pass, each with how far it is from the company."""
    total = await session.execute(
        select(Figure.measure, Figure.measure_ref, func.coalesce(Figure.mean, Figure.score)).where(
            *_of(wave), Figure.segment == TOTAL, Figure.measure.in_(("driver", "question", "enps"))
        )
    )
    company: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for measure, ref, number in total:
        company[measure][ref] = number
    scored = "driver" if company["driver"] else "question"
    means, scores = company[scored], company["enps"]
    gap = func.coalesce(
        func.avg(Figure.mean - _company(means)), func.avg(Figure.score - _company(scores)) / 20
    )
    return (
        select(
            Figure.segment,
            Figure.segment_ref,
            func.max(Figure.note).label("note"),
            func.round(cast(gap, Numeric), _DECIMALS).label("gap"),
        )
        .where(
            *_of(wave),
            Figure.segment.in_(GROUPED_BY),
            Figure.measure.in_((*OF_GROUPS, scored, "enps")),
            *conditions,
        )
        .group_by(Figure.segment, Figure.segment_ref)
    )


def _company(figures: Mapping[str, float]) -> ColumnElement[Any]:
    """Return the company's figure of a row's driver or eNPS question; NULL if it has none."""
    return case(figures, value=Figure.measure_ref) if figures else null()


async def _page(
    session: AsyncSession, ranked: Select[Any], page: int, count: int, size: int
) -> list[GroupRef]:
    pages = -(-count // size)
    groups = ranked.subquery()
    return await _refs(
        session,
        select(groups.c.segment, groups.c.segment_ref)
        .order_by(*_order(groups.c))
        .limit(size)
        .offset(size * max(0, min(page, pages - 1))),
    )


async def _refs(session: AsyncSession, query: Select[Any]) -> list[GroupRef]:
    return [(dimension, name) for dimension, name in await session.execute(query)]


def _order(groups: ReadOnlyColumnCollection[str, Any]) -> tuple[ColumnElement[Any], ...]:
    """Order groups by dimension, the lowest first; merged ones and those without figures last."""
    return (
        case({name: number for number, name in enumerate(GROUPED_BY)}, value=groups.segment),
        groups.gap.is_(None),
        groups.note.is_not(None) | groups.segment_ref.startswith(EVERYONE_ELSE),
        groups.gap,
        groups.segment_ref,
    )


def _of(wave: Wave) -> tuple[ColumnElement[bool], ...]:
    return Figure.workspace_id == wave.workspace_id, Figure.wave_id == wave.id
