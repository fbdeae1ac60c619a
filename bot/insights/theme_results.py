"""What a wave's comments are about, from published figures, and which themes rise."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.resolution import SHARE_RESOLUTION
from bot.insights.pure.rising_themes import WEEKS, Writers, is_rising
from bot.insights.pure.words.themes import theme_labels
from bot.insights.wave_results import PublishedNumber, ThemeResult
from models import Figure, Wave


async def themes_of_wave(
    session: AsyncSession, wave: Wave, figures: Sequence[Figure]
) -> tuple[ThemeResult, ...]:
    """Return a published wave's themes, the most frequent first.

    `figures` are the wave's. Themes are compared with those of the survey's waves in the weeks
    before (`WEEKS`) in which any theme was shown.
    """
    themes = [figure for figure in figures if figure.measure == "theme"]
    if not themes:
        return ()
    earlier = await _earlier_themes(session, wave)
    everybody = {figure.wave_id: figure.population or 0 for figure in earlier}
    labels = theme_labels()
    results = []
    for figure in themes:
        about = {each.wave_id: each.n for each in earlier if each.measure_ref == figure.measure_ref}
        before = [Writers(about.get(each, 0), everybody[each]) for each in everybody]
        now = Writers(figure.n, figure.population or figure.n)
        results.append(
            ThemeResult(
                labels.get(figure.measure_ref, figure.measure_ref),
                figure.n,
                _share(figure, figure.favourable),
                _share(figure, figure.unfavourable),
                is_rising(now, before, wave.min_group_size, len(themes)),
            )
        )
    return tuple(sorted(results, key=lambda theme: (-theme.n, theme.label)))


async def _earlier_themes(session: AsyncSession, wave: Wave) -> Sequence[Figure]:
    found = await session.scalars(
        select(Figure)
        .join(Wave, (Wave.workspace_id == Figure.workspace_id) & (Wave.id == Figure.wave_id))
        .where(
            Figure.workspace_id == wave.workspace_id,
            Figure.measure == "theme",
            Wave.survey_id == wave.survey_id,
            Wave.held_on < wave.held_on,
            Wave.held_on >= wave.held_on - timedelta(weeks=WEEKS),
        )
    )
    return found.all()


def _share(figure: Figure, share: float | None) -> PublishedNumber | None:
    return None if share is None else PublishedNumber.of(share, figure.n, SHARE_RESOLUTION)
