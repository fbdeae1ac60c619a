"""The gate's input and output: cells, respondents per cohort, and the decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

MINIMUM_K = 4

# Any hashable value. The type is not Hashable: Mapping[str, int] is no Mapping[Hashable, int].
CohortKey: TypeAlias = Any
Cohorts: TypeAlias = frozenset[CohortKey]

_LABELS_IN_A_MERGED_LABEL = 3


@dataclass(frozen=True)
class Cell:
    """A candidate for a figure."""

    id: str
    dimension: str
    """What the cell divides by, such as `team`. Only cells of one dimension are merged."""
    label: str
    cohorts: Cohorts
    parent: str | None = None
    """Id of the cell that contains this one; None for the total."""


@dataclass(frozen=True)
class ShownCell:
    """A figure that may exist."""

    cell_ids: tuple[str, ...]
    """Ids of its cells, sorted; several if they were merged."""
    dimension: str
    label: str
    cohorts: Cohorts
    """Its cohorts with respondents. The figure is computed over exactly these."""
    n: int
    """The respondents that count, see `bot.pulse.pure.counting`."""


class HidingReason(StrEnum):
    """Why a cell is hidden."""

    NO_ANSWERS = "no answers"
    TOO_FEW = "too few answers"
    REMAINDER = "protects what else is hidden"
    OVERLAP = "too close to another figure"
    AUDIT = "could be combined with other figures"


@dataclass(frozen=True)
class HiddenCell:
    """A cell that gets no figure."""

    cell_id: str
    reason: HidingReason


@dataclass(frozen=True)
class Decision:
    """The gate's decision for one measure."""

    shown: tuple[ShownCell, ...]
    hidden: tuple[HiddenCell, ...]


@dataclass(frozen=True)
class Respondents:
    """The number of respondents per cohort, and the minimum that makes a group safe.

    The numbers are those that count (`bot.pulse.pure.counting`).
    """

    k: int
    counts: Mapping[CohortKey, int]

    def answering(self, cohorts: Iterable[CohortKey]) -> Cohorts:
        """Return those of the cohorts that have respondents."""
        return frozenset(key for key in cohorts if self.counts.get(key, 0) > 0)

    def n(self, cohorts: Iterable[CohortKey]) -> int:
        """Return the number of respondents in these cohorts."""
        return sum(self.counts.get(key, 0) for key in cohorts)

    def objection(self, cohorts: Cohorts) -> HidingReason | None:
        """Return why a group may not be disclosed, or None if it may. An empty group may."""
        return HidingReason.TOO_FEW if 0 < self.n(cohorts) < self.k else None


@dataclass(frozen=True)
class CellGroup:
    """One cell or several merged siblings, while the gate is deciding.

    A group without cells is the rest of a parent: the people in none of its parts.
    """

    cells: tuple[Cell, ...]
    cohorts: Cohorts
    parent: Cohorts | None
    """The cohorts that the siblings divide; None at the root."""
    takes_in_rest: bool = False

    @property
    def cell_ids(self) -> tuple[str, ...]:
        """Ids of its cells, sorted."""
        return tuple(sorted(cell.id for cell in self.cells))

    @property
    def is_merged(self) -> bool:
        """True if it has more than one part."""
        return len(self.cells) + self.takes_in_rest > 1

    @property
    def label(self) -> str:
        """Labels of its cells; only the first few of many."""
        labels = sorted(cell.label for cell in self.cells)
        hidden_labels = len(labels) - _LABELS_IN_A_MERGED_LABEL
        if hidden_labels > 1:
            labels = [*labels[:_LABELS_IN_A_MERGED_LABEL], f"{hidden_labels} more"]
        return " + ".join([*labels, "others"] if self.takes_in_rest else labels)

    def is_sibling_of(self, other: "CellGroup") -> bool:
        """Return True if both divide the same parent by the same dimension."""
        return self.parent == other.parent and self.cells[0].dimension == other.cells[0].dimension

    def merged_with(self, other: "CellGroup") -> "CellGroup":
        """Return one group of both."""
        return CellGroup(
            cells=self.cells + other.cells,
            cohorts=self.cohorts | other.cohorts,
            parent=self.parent,
            takes_in_rest=self.takes_in_rest or other.takes_in_rest,
        )

    def as_shown(self, n: int) -> ShownCell:
        """Return this group as a shown cell with `n` respondents."""
        return ShownCell(
            cell_ids=self.cell_ids,
            dimension=self.cells[0].dimension,
            label=self.label,
            cohorts=self.cohorts,
            n=n,
        )
