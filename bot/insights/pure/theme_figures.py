"""What the comments of a wave are about: figures of its themes. Pure.

A theme is shown for everybody together, if at least 2k people wrote about it. Themes come from what
people wrote, so the gate's groups do not cover them: two shown sets of writers, and a shown set and
all writers, never differ by 1 to k − 1 people.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.insights.pure.figures import count_writers
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import in_steps, least_for_shares, share_resolution, threshold
from bot.insights.pure.sealed_wave import SealedWave
from bot.insights.pure.segments import TOTAL, SegmentCandidates
from bot.insights.pure.words.themes import themes_of


@dataclass(frozen=True)
class _Theme:
    """One theme's comments, by their place in the wave's list."""

    key: str
    comments: Sequence[int]
    writers: frozenset[str]


def theme_figures(wave: SealedWave, candidates: SegmentCandidates) -> Iterator[PublishedFigure]:
    """Yield a figure per theme: its writers, and the mood of the comments that are scored."""
    if not candidates.narrow(count_writers(wave.comments), 2 * wave.k):
        return
    everybody = frozenset(comment.response for comment in wave.comments)
    members = sorted(wave.digests.get(each, "0") for each in candidates.total.cohorts)
    large = [each for each in _themes(wave) if _people(wave, each.writers) >= 2 * wave.k]
    for theme in _shown(large, everybody, wave.k):
        moods = [
            judgement.shares for number in theme.comments if (judgement := wave.judgements[number])
        ]
        scored = {
            wave.comments[number].response for number in theme.comments if wave.judgements[number]
        }
        shares: list[float | None] = [None, None]
        if _people(wave, scored) >= least_for_shares(wave.k):
            shares = [
                share_resolution(wave.k).rounded_symmetrically(
                    fmean(each[mood] for each in moods),
                    in_steps(_people(wave, scored), wave.k),
                    threshold(wave.secret, f"theme {theme.key} {mood}", members),
                )
                for mood in (0, 2)
            ]
        yield PublishedFigure(
            "theme",
            theme.key,
            TOTAL,
            "",
            in_steps(_people(wave, theme.writers), wave.k),
            population=in_steps(_people(wave, everybody), wave.k),
            unfavourable=shares[0],
            favourable=shares[1],
            cohorts=tuple(sorted(candidates.total.cohorts)),
        )


def _people(wave: SealedWave, writers: Collection[str]) -> int:
    """Return how many of these writers count, see `bot.pulse.pure.counting`."""
    written = count_writers(each for each in wave.comments if each.response in writers)
    return wave.people(written, written)


def _themes(wave: SealedWave) -> list[_Theme]:
    """Return the themes of the wave's comments, the most frequent first."""
    found: dict[str, list[int]] = {}
    for number, comment in enumerate(wave.comments):
        for key in themes_of(comment.text, wave.theme_terms):
            found.setdefault(key, []).append(number)
    themes = [
        _Theme(key, numbers, frozenset(wave.comments[number].response for number in numbers))
        for key, numbers in found.items()
    ]
    return sorted(themes, key=lambda theme: (-len(theme.writers), theme.key))


def _shown(themes: Sequence[_Theme], everybody: frozenset[str], k: int) -> Iterator[_Theme]:
    """Yield the themes that may be shown; of two that differ by too few people, the first."""
    shown = [everybody]
    for theme in themes:
        differences = [len(theme.writers ^ other) for other in shown]
        if not any(0 < each < k for each in differences):
            shown.append(theme.writers)
            yield theme
