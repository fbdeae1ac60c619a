"""Says which groups a wave's results do not show alone, from published rows and invitations."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError
from bot.insights.pure.group_standing import GroupStanding, PublishedGroup, Standing, standings
from bot.insights.pure.segments import DIMENSIONS
from bot.insights.service import latest_wave, published_wave
from bot.surveys.pure.schedule import Cadence
from models import Figure, Survey, Wave

GROUPS_ON_A_PAGE: Final = 20


@dataclass(frozen=True)
class WaveGroups:
    """The groups of a published wave."""

    wave_id: str
    survey_name: str
    k: int
    has_figures: bool
    groups: tuple[GroupStanding, ...]
    """By dimension; first those that are not shown alone, the largest first."""
    is_company_pulse: bool = False
    """Its teams wait for answers of several weeks, so it has no groups of invited people."""

    @property
    def missing(self) -> tuple[GroupStanding, ...]:
        """Return the groups that are not shown alone."""
        return tuple(each for each in self.groups if each.standing is not Standing.ALONE)


async def latest_groups(session: AsyncSession, workspace_id: str) -> WaveGroups | None:
    """Return the groups of the last published wave, or None if there is none.

    One of the company pulse or a milestone counts only if nothing else was ever published.
    """
    wave_id = await session.scalar(
        select(Wave.id)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            Survey.cadence.not_in((Cadence.STANDING, Cadence.DAILY)),
        )
        .order_by(Wave.published_at.desc(), Wave.held_on.desc(), Wave.id)
        .limit(1)
    )
    wave_id = wave_id or await latest_wave(session, workspace_id)
    return await wave_groups(session, workspace_id, wave_id) if wave_id else None


async def wave_groups(session: AsyncSession, workspace_id: str, wave_id: str) -> WaveGroups:
    """Return the groups of a wave; raise OutdatedError if it is not published."""
    wave = await published_wave(session, workspace_id, wave_id)
    if wave is None:
        raise OutdatedError
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    published = await _published(session, wave)
    groups = [
        each
        for dimension in DIMENSIONS
        if dimension in wave.members
        for each in standings(
            dimension,
            wave.members[dimension],
            published.get(dimension, ()),
            wave.min_group_size,
        )
    ]
    return WaveGroups(
        wave_id,
        survey.name,
        wave.min_group_size,
        bool(published),
        tuple(groups),
        is_company_pulse=survey.cadence == Cadence.STANDING,
    )


async def _published(session: AsyncSession, wave: Wave) -> dict[str, list[PublishedGroup]]:
    """Return the published groups by dimension; the company has one, too."""
    rows = await session.execute(
        select(Figure.segment, Figure.segment_ref, Figure.segment_values).where(
            Figure.workspace_id == wave.workspace_id,
            Figure.wave_id == wave.id,
            Figure.measure == "participation",
        )
    )
    found: dict[str, list[PublishedGroup]] = {}
    for dimension, name, values in rows:
        found.setdefault(dimension, []).append(PublishedGroup(name, values or ()))
    return found
