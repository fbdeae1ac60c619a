"""Which parts of a wave's people may have figures: the gate, applied measure after measure.

The first measure is participation, a yes-or-no fact about each invited person. What may be known
there becomes the candidates of every other measure, so that "Design + Legal" stands together in all
of a wave's figures.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.insights.disclosure import MERGED_NOTE, Cell, CohortKey, Shown, decide
from bot.pulse.pure.cohorts import IN_MENTORING, NOT_IN_MENTORING

MENTORING: Final = "mentoring"
"""The dimension that is there to compare its two groups, and shows both alone or neither."""
DIMENSIONS: Final = ("team", "department", "location", MENTORING)
"""What people are divided by; an earlier one loses nothing to a later one."""

TOTAL: Final = "all"
EVERYONE_ELSE: Final = "Everyone else"
"""Those without a value, or in a group too small to be stored with an answer."""

LONGEST_LABEL: Final = 390
_NAMES_IN_A_LABEL: Final = 3
_BETWEEN_IDS: Final = "\x1f"
_BETWEEN_NAMES: Final = " + "


@dataclass(frozen=True)
class Segment:
    """A group of people that may have a figure."""

    dimension: str
    """`all`, `team`, `department`, `location` or `mentoring`."""
    name: str
    """Empty for everybody; unique within a dimension."""
    cohorts: frozenset[CohortKey]
    note: str | None
    values: tuple[str, ...] = ()
    """The values that are in it, such as the teams' names; several where they were merged, and ""
    for everyone else. Empty for everybody."""


@dataclass(frozen=True)
class Candidates:
    """Everybody, and the parts by each dimension. A cell's id names the values that it holds."""

    total: Cell
    parts: Mapping[str, tuple[Cell, ...]]

    def narrow(
        self,
        counts: Mapping[int, int],
        k: int,
        *,
        merges: Collection[frozenset[str]] = (),
    ) -> "Candidates | None":
        """Return what may be shown of a measure, or None when nothing may.

        `counts` has the measure's respondents per cohort, `merges` what earlier waves merged.
        """
        if not decide([self.total], counts, k).shown:
            return None
        shown_before = [self.total.cohorts]
        parts: dict[str, tuple[Cell, ...]] = {}
        for dimension, cells in self.parts.items():
            decision = decide(
                [self.total, *cells],
                counts,
                k,
                already_shown=shown_before,
                preferred_merges=merges,
            )
            shown = [each for each in decision.shown if each.dimension == dimension]
            if dimension == MENTORING and not _is_comparison(shown):
                # To show less than the gate allows tells nothing more.
                continue
            shown_before += [each.cohorts for each in shown]
            parts[dimension] = tuple(_joined(each, cells) for each in shown)
        return Candidates(self.total, parts)

    def segments(self) -> Iterator[Segment]:
        """Give everybody first, then the parts by name, everyone else as the last.

        Without those that `comparison` gives.
        """
        yield Segment(TOTAL, "", self.total.cohorts, None)
        for dimension, cells in self.parts.items():
            if dimension == MENTORING:
                continue
            taken: set[str] = set()
            for cell in sorted(cells, key=lambda each: ("" in _values(each), each.label, each.id)):
                name = _distinct(cell.label, taken)
                taken.add(name)
                note = MERGED_NOTE if _is_merged(cell) else None
                yield Segment(dimension, name, cell.cohorts, note, _values(cell))

    def comparison(self) -> tuple[Segment, ...]:
        """Return those in mentoring and the others of the same teams, or nothing."""
        cells = {cell.label: cell for cell in self.parts.get(MENTORING, ())}
        return tuple(
            Segment(MENTORING, side, cells[side].cohorts, None, (side,))
            for side in (IN_MENTORING, NOT_IN_MENTORING)
            if cells
        )

    def values(self, dimension: str) -> set[str]:
        """Return the values that are shown, alone or merged, such as the teams' names."""
        return {value for cell in self.parts.get(dimension, ()) for value in _values(cell) if value}


def candidates(cohorts: Mapping[int, Mapping[str, str | None]]) -> Candidates:
    """Make the candidates of a wave from its cohorts' values per dimension."""
    total = Cell(TOTAL, TOTAL, "", frozenset(cohorts))
    parts: dict[str, tuple[Cell, ...]] = {}
    for dimension in DIMENSIONS:
        by_value: dict[str, set[int]] = {}
        for cohort, values in cohorts.items():
            by_value.setdefault(values.get(dimension) or "", set()).add(cohort)
        if dimension == MENTORING:
            # Of whom it is withheld, nobody knows on which side of the comparison they stand.
            by_value.pop("", None)
        if len(by_value) > 1:
            parts[dimension] = tuple(
                Cell(
                    _id(dimension, value), dimension, value or EVERYONE_ELSE, frozenset(ids), TOTAL
                )
                for value, ids in by_value.items()
            )
    return Candidates(total, parts)


def merges_of(dimension: str, merged: Collection[Collection[str]]) -> list[frozenset[str]]:
    """Return the ids of the cells that an earlier wave merged, from the values of each segment.

    A hint only: values that are gone are simply not matched.
    """
    return [frozenset(_id(dimension, value) for value in values) for values in merged]


def _values(cell: Cell) -> tuple[str, ...]:
    """Return the values that a cell's id names."""
    return tuple(part.partition("=")[2] for part in cell.id.split(_BETWEEN_IDS))


def _is_comparison(shown: Collection[Shown]) -> bool:
    """Tell whether both sides are shown, each alone: merged with others they compare nothing."""
    return {each.label for each in shown} == {IN_MENTORING, NOT_IN_MENTORING}


def _id(dimension: str, value: str) -> str:
    return f"{dimension}={value}"


def _is_merged(cell: Cell) -> bool:
    return _BETWEEN_IDS in cell.id or cell.label.endswith(f"{_BETWEEN_NAMES}others")


def _joined(shown: Shown, cells: Collection[Cell]) -> Cell:
    """Make the one cell that several became, with a label of the first few names."""
    members = [cell for cell in cells if cell.id in shown.cell_ids]
    ids = sorted(part for cell in members for part in cell.id.split(_BETWEEN_IDS))
    cohorts = shown.cohorts.union(*(cell.cohorts for cell in members))
    takes_in_rest = any(cell.label.endswith(f"{_BETWEEN_NAMES}others") for cell in members) or (
        not shown.cohorts <= frozenset().union(*(cell.cohorts for cell in members))
    )
    values = sorted(part.partition("=")[2] for part in ids)
    names = [value for value in values if value]
    if len(names) < len(values):
        names.append(EVERYONE_ELSE)
    if len(names) > _NAMES_IN_A_LABEL + 1:
        names = [*names[:_NAMES_IN_A_LABEL], f"{len(names) - _NAMES_IN_A_LABEL} more"]
    if takes_in_rest:
        names.append("others")
    return Cell(_BETWEEN_IDS.join(ids), shown.dimension, _BETWEEN_NAMES.join(names), cohorts, TOTAL)


def _distinct(label: str, taken: Collection[str]) -> str:
    """Shorten a label, and number it where another segment has the same."""
    name, number = label[:LONGEST_LABEL], 1
    while name in taken:
        number += 1
        name = f"{label[:LONGEST_LABEL]} ({number})"
    return name
