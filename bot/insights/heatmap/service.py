"""Reads a wave's groups and drivers as a table: a page of one dimension, from published figures."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError
from bot.insights import group_pages
from bot.insights.service import published_wave, read_groups
from bot.insights.wave_results import GroupResults, Score, WaveResults

ROWS: Final = 50
"""Groups on a page: with 19 drivers they just fit into the characters of a Slack table."""
DRIVERS: Final = 19


@dataclass(frozen=True)
class HeatMap:
    """One page of groups by drivers."""

    wave: WaveResults
    """With the company's drivers, and the groups of this page."""
    dimension: str
    page: int
    """From 0."""

    @property
    def drivers(self) -> tuple[Score, ...]:
        """Return the columns: the company's lowest drivers, or questions, first."""
        return self.wave.scores[:DRIVERS]

    @property
    def groups(self) -> tuple[GroupResults, ...]:
        """Return the rows: the group that needs most first."""
        return self.wave.groups

    @property
    def pages(self) -> int:
        """Return the number of pages of this dimension."""
        return max(1, -(-self.wave.group_counts[self.dimension] // ROWS))


async def heat_map(
    session: AsyncSession, workspace_id: str, wave_id: str, dimension: str = "", page: int = 0
) -> HeatMap:
    """Return a page of a wave's heat map; without a dimension, of the first one with groups.

    A page beyond the last is the last. Raises OutdatedError if the wave is not published or has no
    drivers or no such groups.
    """
    wave = await published_wave(session, workspace_id, wave_id)
    if wave is None:
        raise OutdatedError
    counts = await group_pages.count_groups(session, wave)
    dimension = dimension or next(iter(counts), "")
    if dimension not in counts:
        raise OutdatedError
    page = min(max(page, 0), -(-counts[dimension] // ROWS) - 1)
    wanted = await group_pages.page_of_dimension(
        session, wave, dimension, page, counts[dimension], ROWS
    )
    found = await read_groups(session, wave, wanted, counts)
    if not found.scores:
        raise OutdatedError
    return HeatMap(found, dimension, page)
