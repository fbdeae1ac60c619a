"""Differences that may stand out: groups that changed, or that are far from the company. Pure.

A difference is named where it is: one that a part explains is not named again for the whole, and
one that the whole explains not for each of its parts.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from statistics import NormalDist
from typing import Final

from bot.insights.pure.change import Changes
from bot.insights.pure.figure_history import (
    RESOLUTIONS,
    Cell,
    History,
    WaveFigures,
    cell_of,
    has_pause,
    histories,
    usual_gaps,
)
from bot.insights.pure.noise import LATEST, Noise, Series
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.segments import DIMENSIONS, EVERYONE_ELSE, TOTAL

CHANGED_BY: Final = 0.05
"""The least change that matters, as a share of the range: 0.5 out of ten."""
CLEARLY: Final = 1.2
"""How many times its margin a change is, at least, to stand out."""
FAR_FROM: Final = 0.1
"""The least distance from the company that matters, as a share of the range: 1.0 out of ten."""
FAR_BY_CHANCE: Final = 0.01
"""The chance that any group seems far from a company in which groups do not differ.

It is small because the same people answer again: what seems far once seems far every week.
"""
_ORDER: Final = (*DIMENSIONS, TOTAL)


class Finding(StrEnum):
    """The kind of a statement."""

    FALL = "fall"
    RISE = "rise"
    FAR_BELOW = "far below"
    FAR_ABOVE = "far above"
    STRAIN = "more strain"
    FAR_STRAINED = "far more strain"
    THEME = "theme"
    PARTICIPATION = "participation"


Group = tuple[str, str, Finding]
"""Dimension, name, and what is found there."""


@dataclass(frozen=True)
class Difference:
    """A group's difference from earlier waves or from the company, whether it stands out or not."""

    finding: Finding
    figure: PublishedFigure
    difference: float
    margin: float
    is_clear: bool
    weeks: int = 0
    largest: float = 0.0
    """The largest difference in any weeks; see `Changes`."""

    @property
    def size(self) -> float:
        """The difference as a share of the range."""
        return abs(self.difference) / _range(self.figure)

    @property
    def group(self) -> Group:
        """The group and what is found there."""
        return self.figure.segment, self.figure.segment_ref, self.finding

    @property
    def people(self) -> int:
        """The number of people that the figure is about."""
        return self.figure.population or self.figure.n

    @cached_property
    def cohorts(self) -> frozenset[int]:
        """The numbers of the cohorts that the group consists of."""
        return frozenset(self.figure.cohorts)

    def is_within(self, other: "Difference") -> bool:
        """Return True if all of its people are the other's.

        Of two groups with the same people, the one of the first dimension is within the other.
        """
        if self.cohorts == other.cohorts:
            mine, others = self.figure.segment, other.figure.segment
            return _ORDER.index(mine) < _ORDER.index(others)
        return self.cohorts < other.cohorts


def clear_differences(waves: Sequence[WaveFigures], changes: Changes) -> list[Difference]:
    """Return the differences of the newest wave that stand out; `waves` are oldest first."""
    found = [*_changed(waves, changes), *_distances(waves)]
    clear = {each.group for each in found if each.is_clear}
    alike: defaultdict[tuple[Finding, str, str], list[Difference]] = defaultdict(list)
    for each in found:
        alike[each.finding, each.figure.measure, each.figure.measure_ref].append(each)
    return [each for same in alike.values() for each in _unexplained(same, clear)]


def _range(figure: PublishedFigure) -> float:
    resolution = RESOLUTIONS[figure.measure]
    return resolution.highest - resolution.lowest


def _changed(waves: Sequence[WaveFigures], changes: Changes) -> Iterator[Difference]:
    """Yield what changed; everyone else calls for nothing."""
    for figure in waves[-1].figures if waves else ():
        change = changes.cells.get(cell_of(figure))
        if change is None or _is_rest(figure):
            continue
        finding = _finding(figure.measure, change.difference)
        if finding is None:
            continue
        least = max(CLEARLY * change.margin, CHANGED_BY * _range(figure))
        is_clear = change.detectable and abs(change.difference) >= least
        yield Difference(
            finding,
            figure,
            change.difference,
            change.margin,
            is_clear,
            change.weeks,
            changes.largest[cell_of(figure)],
        )


def _finding(measure: str, change: float) -> Finding | None:
    """Return what a change is; more participation, less strain or theme call for nothing."""
    fell = change < 0
    if measure == "strain":
        return None if fell else Finding.STRAIN
    if measure == "participation":
        return Finding.PARTICIPATION if fell else None
    if measure == "theme":
        return None if fell else Finding.THEME
    return Finding.FALL if fell else Finding.RISE


def _far_finding(measure: str, distance: float) -> Finding | None:
    """Return what a distance from the company is; little strain calls for nothing."""
    below = distance < 0
    if measure == "strain":
        return None if below else Finding.FAR_STRAINED
    return Finding.FAR_BELOW if below else Finding.FAR_ABOVE


def _is_rest(figure: PublishedFigure) -> bool:
    return "" in figure.segment_values or figure.segment_ref.startswith(EVERYONE_ELSE)


def _distances(waves: Sequence[WaveFigures]) -> Iterator[Difference]:
    """Yield how far the mean of each group's newest waves is from the company's.

    The people who answer differ between groups, and waves repeat them, so their share of the error
    counts once however many waves there are.
    """
    found = histories(waves)
    groups = [
        (figure, company)
        for figure in (waves[-1].figures if waves else ())
        for company in [Cell(figure.measure, figure.measure_ref, TOTAL, "")]
        if cell_of(figure) in found
        and company in found
        and figure.segment != TOTAL
        and figure.measure != "participation"
        and not _is_rest(figure)
    ]
    if not groups:
        return
    noise, gaps = Noise.of(found, waves), usual_gaps(waves)

    def newest(cell: Cell) -> Series:
        latest: History = found[cell][-LATEST:]
        if has_pause(latest, gaps[cell[:2]]):
            latest = latest[-1:]
        return noise.series(cell, latest)

    wide = NormalDist().inv_cdf(1 - FAR_BY_CHANCE / len(groups) / 2)
    for figure, company in groups:
        own, whole = newest(cell_of(figure)), newest(company)
        distance = own.mean - whole.mean
        margin = wide * math.sqrt(own.mean_variance + whole.mean_variance)
        finding = _far_finding(figure.measure, distance)
        if finding is None:
            continue
        yield Difference(
            finding,
            figure,
            distance,
            margin,
            abs(distance) > max(margin, FAR_FROM * _range(figure)),
            largest=distance,
        )


def _unexplained(alike: Sequence[Difference], clear: Collection[Group]) -> Iterator[Difference]:
    """Yield the clear differences that no other group says more precisely, or of more people.

    `alike` find the same by the same measure. `clear` are the groups that stand out, by any.
    """
    in_cohort: defaultdict[int, list[Difference]] = defaultdict(list)
    for each in alike:
        for cohort in each.cohorts:
            in_cohort[cohort].append(each)

    def overlapping(one: Difference) -> Collection[Difference]:
        return {id(each): each for cohort in one.cohorts for each in in_cohort[cohort]}.values()

    by_parts = {
        id(each)
        for each in alike
        if each.group in clear
        and any(_part_explains(part, each) for part in overlapping(each) if part.group in clear)
    }
    for each in alike:
        wholes = (
            whole
            for whole in overlapping(each)
            if whole.group in clear and id(whole) not in by_parts and each.is_within(whole)
        )
        is_alone = all(abs(each.difference - whole.difference) > each.margin for whole in wholes)
        if each.is_clear and id(each) not in by_parts and is_alone:
            yield each


def _part_explains(part: Difference, whole: Difference) -> bool:
    """Return True if one group's difference, by its share of the people, leaves too little.

    The group is within the whole, or shares people with it and differs more.
    """
    if part is whole or whole.is_within(part):
        return False
    if not part.is_within(whole) and abs(part.largest) <= abs(whole.largest):
        return False
    share = min(1, part.people / whole.people)
    return abs(whole.difference) - share * abs(part.largest) <= whole.margin
