"""Selects which groups of a published wave to read; a large company has too many for all."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Select, case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.segments import DIMENSIONS, EVERYONE_ELSE, MENTORING_DIMENSION, TOTAL
from bot.insights.wave_results import GROUPS_ON_A_PAGE, GROUPS_SHOWN
from models import Figure, Wave

GroupRef = tuple[str, str]
"""Dimension and name."""

_ORDER: Final = (
    case({name: number for number, name in enumerate(DIMENSIONS)}, value=Figure.segment),
    Figure.segment_ref.startswith(EVERYONE_ELSE),
    Figure.segment_ref,
)
"""By dimension and name, everyone else last."""


async def count_groups(session: AsyncSession, wave: Wave) -> dict[str, int]:
    """Return the number of groups per dimension, in the order of the dimensions."""
    groups = _groups_of(wave).subquery()
    rows = await session.execute(select(groups.c.segment, func.count()).group_by(groups.c.segment))
    found: dict[str, int] = dict(rows.all())
    return {name: found[name] for name in DIMENSIONS if name in found}


async def first_of_each(session: AsyncSession, wave: Wave) -> list[GroupRef]:
    """Return the first groups of each dimension."""
    number = func.row_number().over(partition_by=Figure.segment, order_by=_ORDER)
    numbered = _groups_of(wave).add_columns(number.label("number")).subquery()
    rows = await session.execute(
        select(numbered.c.segment, numbered.c.segment_ref).where(numbered.c.number <= GROUPS_SHOWN)
    )
    return [(dimension, name) for dimension, name in rows]


async def page_of_all(session: AsyncSession, wave: Wave, page: int, count: int) -> list[GroupRef]:
    """Return a page of all `count` groups; a page beyond the last is the last."""
    pages = -(-count // GROUPS_ON_A_PAGE)
    rows = await session.execute(
        _groups_of(wave)
        .order_by(*_ORDER)
        .limit(GROUPS_ON_A_PAGE)
        .offset(GROUPS_ON_A_PAGE * max(0, min(page, pages - 1)))
    )
    return [(dimension, name) for dimension, name in rows]


async def of_teams(session: AsyncSession, wave: Wave, teams: Collection[str]) -> list[GroupRef]:
    """Return the groups of those teams that are shown alone."""
    rows = await session.execute(
        _groups_of(wave).where(
            Figure.segment == "team",
            Figure.segment_ref.in_(teams),
            Figure.note.is_(None),
        )
    )
    return [(dimension, name) for dimension, name in rows]


async def read_figures(
    session: AsyncSession, wave: Wave, groups: Collection[GroupRef]
) -> list[Figure]:
    """Return a wave's figures for the total and for the given groups."""
    found = await session.scalars(
        select(Figure)
        .where(
            Figure.workspace_id == wave.workspace_id,
            Figure.wave_id == wave.id,
            tuple_(Figure.segment, Figure.segment_ref).in_([(TOTAL, ""), *groups]),
        )
        .order_by(Figure.measure, Figure.measure_ref, *_ORDER)
    )
    return list(found)


def _groups_of(wave: Wave) -> Select[str, str]:
    """Select each group that has a figure, once; those of the comparison of mentoring are none."""
    return (
        select(Figure.segment, Figure.segment_ref)
        .where(
            Figure.workspace_id == wave.workspace_id,
            Figure.wave_id == wave.id,
            Figure.segment.not_in((TOTAL, MENTORING_DIMENSION)),
        )
        .group_by(Figure.segment, Figure.segment_ref)
    )
