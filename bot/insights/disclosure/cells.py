"""What goes into the gate and what comes out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

MINIMUM_K = 4
MERGED_NOTE = "merged to protect privacy"

# Anything hashable. Not Hashable itself: a Mapping[str, int] is no Mapping[Hashable, int].
CohortKey: TypeAlias = Any
Cohorts: TypeAlias = frozenset[CohortKey]

_LABELS_IN_A_MERGED_LABEL = 3


@dataclass(frozen=True)
class Cell:
    """A candidate for a figure."""

    id: str
    dimension: str
    """What the cell divides by, e.g. "team"; only cells of one dimension are merged."""
    label: str
    cohorts: Cohorts
    parent: str | None = None
    """The id of the cell of which this one is a part; None for the total."""


@dataclass(frozen=True)
class Shown:
    """A figure that may exist."""

    cell_ids: tuple[str, ...]
    """The cells it consists of, sorted; several when they were merged."""
    dimension: str
    label: str
    cohorts: Cohorts
    """Those with respondents; the figure is computed over exactly these."""
    n: int
    note: str = ""


class Reason(StrEnum):
    """Why a cell is hidden, for tests and operators."""

    NO_ANSWERS = "no answers"
    TOO_FEW = "too few answers"
    REMAINDER = "protects what else is hidden"
    OVERLAP = "too close to another figure"
    AUDIT = "could be combined with other figures"


@dataclass(frozen=True)
class Hidden:
    """A cell that gets no figure."""

    cell_id: str
    reason: Reason


@dataclass(frozen=True)
class Decision:
    """What the gate decided for one measure."""

    shown: tuple[Shown, ...]
    hidden: tuple[Hidden, ...]

    def merges(self) -> list[frozenset[str]]:
        """Return which cells were merged: the `preferred_merges` of the next wave."""
        return [frozenset(cell.cell_ids) for cell in self.shown if len(cell.cell_ids) > 1]

    def coverage(self, dimension: str, respondents: Mapping[CohortKey, int]) -> float:
        """Return the share of respondents, 0 to 1, who are in a shown cell of a dimension."""
        covered = {
            key for cell in self.shown if cell.dimension == dimension for key in cell.cohorts
        }
        everybody = sum(respondents.values())
        return sum(respondents[key] for key in covered) / everybody if everybody else 0.0


@dataclass(frozen=True)
class Respondents:
    """How many answered the measure per cohort, and which groups the rules protect."""

    k: int
    counts: Mapping[CohortKey, int]

    def answering(self, cohorts: Iterable[CohortKey]) -> Cohorts:
        """Return the cohorts among these in which anybody answered."""
        return frozenset(key for key in cohorts if self.counts.get(key, 0) > 0)

    def n(self, cohorts: Iterable[CohortKey]) -> int:
        """Return the number of respondents in these cohorts."""
        return sum(self.counts.get(key, 0) for key in cohorts)

    def objection(self, cohorts: Cohorts) -> Reason | None:
        """Return why this group may not be known, or None when it may.

        Nobody at all is a group that may be known.
        """
        return Reason.TOO_FEW if 0 < self.n(cohorts) < self.k else None


@dataclass(frozen=True)
class Group:
    """A cell or several merged siblings, while the gate is at work.

    The group without cells is the rest of a parent: those who are in none of its parts.
    """

    cells: tuple[Cell, ...]
    cohorts: Cohorts
    parent: Cohorts | None
    """What the siblings are parts of; None for a group that is part of nothing."""
    takes_in_rest: bool = False

    @property
    def cell_ids(self) -> tuple[str, ...]:
        """The ids of its cells, sorted."""
        return tuple(sorted(cell.id for cell in self.cells))

    @property
    def is_merged(self) -> bool:
        """Whether it is more than one cell."""
        return len(self.cells) + self.takes_in_rest > 1

    @property
    def label(self) -> str:
        """The labels of its cells, the first few when there are many."""
        labels = sorted(cell.label for cell in self.cells)
        hidden_labels = len(labels) - _LABELS_IN_A_MERGED_LABEL
        if hidden_labels > 1:
            labels = [*labels[:_LABELS_IN_A_MERGED_LABEL], f"{hidden_labels} more"]
        return " + ".join([*labels, "others"] if self.takes_in_rest else labels)

    def is_sibling_of(self, other: "Group") -> bool:
        """Whether both are parts of the same whole by the same dimension."""
        return self.parent == other.parent and self.cells[0].dimension == other.cells[0].dimension

    def merged_with(self, other: "Group") -> "Group":
        """Return both as one group."""
        return Group(
            cells=self.cells + other.cells,
            cohorts=self.cohorts | other.cohorts,
            parent=self.parent,
            takes_in_rest=self.takes_in_rest or other.takes_in_rest,
        )

    def as_shown(self, n: int) -> Shown:
        """Return the figure that this group becomes."""
        return Shown(
            cell_ids=self.cell_ids,
            dimension=self.cells[0].dimension,
            label=self.label,
            cohorts=self.cohorts,
            n=n,
            note=MERGED_NOTE if self.is_merged else "",
        )
