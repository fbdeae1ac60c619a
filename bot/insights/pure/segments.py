"""Which segments of a wave may have figures: the gate, applied to one measure after another.

The first measure is participation, a yes-or-no fact about each invited person. The segments shown
there are the candidates for every other measure, so "Design + Legal" stays together in all of a
wave's figures.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.insights.disclosure import Cell, CohortKey, ShownCell, decide
from bot.languages import _, _n, marked
from bot.pulse.pure.cohorts import IN_MENTORING, NOT_IN_MENTORING

TEAM_DIMENSION: Final = "team"
MENTORING_DIMENSION: Final = "mentoring"
"""This dimension compares two groups: it shows both of them, each alone, or neither."""
DIMENSIONS: Final = (TEAM_DIMENSION, "department", "location", MENTORING_DIMENSION)
"""What people are divided by. An earlier one loses no groups to a later one."""

TOTAL: Final = "all"
EVERYONE_ELSE: Final = marked("Everyone else")
"""People without a value, or in a group too small to be stored with an answer."""

MERGED_NOTE: Final = "merged to protect privacy"

LONGEST_LABEL: Final = 390
_NAMES_IN_A_LABEL: Final = 3
_BETWEEN_IDS: Final = "\x1f"
_BETWEEN_NAMES: Final = " + "
_OTHERS: Final = marked("others")


@dataclass(frozen=True)
class Segment:
    """A group of people that may have figures."""

    dimension: str
    """`all`, `team`, `department`, `location` or `mentoring`."""
    name: str
    """Empty for the total; unique within a dimension."""
    cohorts: frozenset[CohortKey]
    note: str | None
    values: tuple[str, ...] = ()
    """Its values, such as team names; several if merged, `""` for everyone else.

    Empty for the total.
    """


@dataclass(frozen=True)
class SegmentCandidates:
    """The total, and its parts per dimension. A cell's id names its values."""

    total: Cell
    parts: Mapping[str, tuple[Cell, ...]]
    asked: Mapping[int, int]
    """People who were asked, per cohort."""

    def narrow(
        self,
        counts: Mapping[int, int],
        k: int,
        *,
        merges: Collection[frozenset[str]] = (),
    ) -> "SegmentCandidates | None":
        """Return the candidates that may be shown for a measure, or None if none may.

        `counts` has the measure's respondents per cohort, `merges` the ids of cells that earlier
        waves merged.
        """
        if not decide([self.total], counts, k, asked=self.asked).shown:
            return None
        shown_before = [self.total.cohorts]
        parts: dict[str, tuple[Cell, ...]] = {}
        for dimension, cells in self.parts.items():
            decision = decide(
                [self.total, *cells],
                counts,
                k,
                asked=self.asked,
                already_shown=shown_before,
                preferred_merges=merges,
            )
            shown = [each for each in decision.shown if each.dimension == dimension]
            if dimension == MENTORING_DIMENSION and not _is_comparison(shown):
                # Showing less than the gate allows reveals nothing more.
                continue
            shown_before += [each.cohorts for each in shown]
            by_id = {cell.id: cell for cell in cells}
            parts[dimension] = tuple(_joined(each, by_id) for each in shown)
        return SegmentCandidates(self.total, parts, self.asked)

    def segments(self) -> Iterator[Segment]:
        """Yield the total, then the parts of each dimension by name, everyone else last.

        The segments of `comparison` are left out.
        """
        yield Segment(TOTAL, "", self.total.cohorts, None)
        for dimension, cells in self.parts.items():
            if dimension == MENTORING_DIMENSION:
                continue
            taken: set[str] = set()
            for cell in sorted(cells, key=lambda each: ("" in _values(each), each.label, each.id)):
                name = _distinct(cell.label, taken)
                taken.add(name)
                note = MERGED_NOTE if _is_merged(cell) else None
                yield Segment(dimension, name, cell.cohorts, note, _values(cell))

    def comparison(self) -> tuple[Segment, ...]:
        """Return the people in mentoring and the others in their teams; empty if not shown."""
        cells = {cell.label: cell for cell in self.parts.get(MENTORING_DIMENSION, ())}
        return tuple(
            Segment(MENTORING_DIMENSION, side, cells[side].cohorts, None, (side,))
            for side in (IN_MENTORING, NOT_IN_MENTORING)
            if cells
        )

    def values(self, dimension: str) -> set[str]:
        """Return the values that are shown, alone or merged, such as team names."""
        return {value for cell in self.parts.get(dimension, ()) for value in _values(cell) if value}


def segment_candidates(
    cohorts: Mapping[int, Mapping[str, str | None]], asked: Mapping[int, int]
) -> SegmentCandidates:
    """Return the candidates of a wave, from its cohorts' values per dimension.

    `asked` counts the people per cohort who were asked.
    """
    total = Cell(TOTAL, TOTAL, "", frozenset(cohorts))
    parts: dict[str, tuple[Cell, ...]] = {}
    for dimension in DIMENSIONS:
        by_value: dict[str, set[int]] = {}
        for cohort, values in cohorts.items():
            by_value.setdefault(values.get(dimension) or "", set()).add(cohort)
        if dimension == MENTORING_DIMENSION:
            # Without a value we cannot tell which side of the comparison a cohort belongs to.
            by_value.pop("", None)
        if len(by_value) > 1:
            parts[dimension] = tuple(
                Cell(
                    _id(dimension, value), dimension, value or EVERYONE_ELSE, frozenset(ids), TOTAL
                )
                for value, ids in by_value.items()
            )
    return SegmentCandidates(total, parts, asked)


def merges_of(dimension: str, merged: Collection[Collection[str]]) -> list[frozenset[str]]:
    """Return the ids of the cells that an earlier wave merged, from the values of each segment.

    They are a hint: values that are gone match nothing.
    """
    return [frozenset(_id(dimension, value) for value in values) for values in merged]


def _values(cell: Cell) -> tuple[str, ...]:
    """Return the values that a cell's id names."""
    return tuple(part.partition("=")[2] for part in cell.id.split(_BETWEEN_IDS))


def _is_comparison(shown: Collection[ShownCell]) -> bool:
    """Return True if both sides are shown, each alone; a merged one would compare nothing."""
    return {each.label for each in shown} == {IN_MENTORING, NOT_IN_MENTORING}


def _id(dimension: str, value: str) -> str:
    return f"{dimension}={value}"


def _is_merged(cell: Cell) -> bool:
    return _BETWEEN_IDS in cell.id or cell.label.endswith(f"{_BETWEEN_NAMES}{_OTHERS}")


def _joined(shown: ShownCell, cells: Mapping[str, Cell]) -> Cell:
    """Return a shown cell as a candidate, labelled with the first few of its names.

    `cells` has the candidates by their ids.
    """
    members = [cells[each] for each in shown.cell_ids if each in cells]
    ids = sorted(part for cell in members for part in cell.id.split(_BETWEEN_IDS))
    cohorts = shown.cohorts.union(*(cell.cohorts for cell in members))
    takes_in_rest = any(cell.label.endswith(f"{_BETWEEN_NAMES}{_OTHERS}") for cell in members) or (
        not shown.cohorts <= frozenset().union(*(cell.cohorts for cell in members))
    )
    values = sorted(part.partition("=")[2] for part in ids)
    names = [value for value in values if value]
    if len(names) < len(values):
        names.append(EVERYONE_ELSE)
    if len(names) > _NAMES_IN_A_LABEL + 1:
        names = [*names[:_NAMES_IN_A_LABEL], f"{len(names) - _NAMES_IN_A_LABEL} more"]
    if takes_in_rest:
        names.append(_OTHERS)
    return Cell(_BETWEEN_IDS.join(ids), shown.dimension, _BETWEEN_NAMES.join(names), cohorts, TOTAL)


def group_in_words(name: str) -> str:
    """Return a segment's name, which is stored in English, as people read it."""
    return _BETWEEN_NAMES.join(map(_in_words, name.split(_BETWEEN_NAMES)))


def _in_words(part: str) -> str:
    if part in (EVERYONE_ELSE, _OTHERS):
        return _(part)
    if more := re.fullmatch(r"(\d+) more", part):
        return _n("{count} more", "{count} more", int(more[1]))
    return part


def _distinct(label: str, taken: Collection[str]) -> str:
    """Shorten a label, and number it if another segment has the same."""
    name, number = label[:LONGEST_LABEL], 1
    while name in taken:
        number += 1
        name = f"{label[:LONGEST_LABEL]} ({number})"
    return name
