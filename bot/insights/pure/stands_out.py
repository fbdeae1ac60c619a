"""What stands out in a wave: at most three statements, from published figures alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.insights.pure.change import Changes
from bot.insights.pure.differences import Difference, Finding, Group, clear_differences
from bot.insights.pure.figure_history import SHARES, Cell, WaveFigures, cell_of
from bot.languages import marked

MOST: Final = 3
"""Statements per wave."""
ALERT_EVERY: Final = timedelta(days=7)
"""A cell's alerts are at least this far apart."""

NEXT_STEPS: Final[Mapping[Finding, str]] = {
    Finding.FALL: marked("Ask what changed before you decide anything."),
    Finding.RISE: marked("Ask what helped, and keep it."),
    Finding.FAR_BELOW: marked("Ask what would help most."),
    Finding.FAR_ABOVE: marked("Ask what others could learn here."),
    Finding.THEME: marked("Read the comments about it and answer in the open."),
    Finding.STRAIN: marked(
        "A group's trend, no diagnosis: ask the team together what weighs on them."
    ),
    Finding.FAR_STRAINED: marked(
        "A group's figure, no diagnosis: ask the team together what would help."
    ),
    Finding.PARTICIPATION: marked("Tell people what came of earlier answers."),
}


@dataclass(frozen=True)
class Statement:
    """One thing that stands out."""

    finding: Finding
    cell: Cell
    """Where; its figures in the newest and in earlier waves are the evidence."""
    also: tuple[Cell, ...]
    """Further cells of the same group that say the same."""
    n: int
    """The people whom its newest figure counts."""
    value: float
    """The newest published number; for participation, themes and strain a share, 0 to 1."""
    difference: float
    """From earlier waves, or from the company for a group that is far from it."""
    low: float
    high: float
    """The interval of the difference; it excludes 0."""
    weeks: int
    """In how many weeks it changed; 0 for a group that is far from the company."""
    sureness: str
    """In words, which are stored in English like the next step."""
    next_step: str

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> "Statement":
        """Return the statement that `dataclasses.asdict` and JSON turned into a dict."""
        return cls(
            **{
                **stored,
                "finding": Finding(stored["finding"]),
                "cell": Cell(*stored["cell"]),
                "also": tuple(Cell(*each) for each in stored["also"]),
            }
        )


def find_statements(waves: Sequence[WaveFigures], changes: Changes) -> tuple[Statement, ...]:
    """Return what stands out in the newest wave, ordered by size × sureness.

    `waves` are of one survey, oldest first; `changes` is what `find_changes` returns for them. A
    group has at most one statement of a kind, and none about its distance if it has changed so.
    """
    ranked = sorted(_of_groups(clear_differences(waves, changes)), key=lambda each: -each[0])
    return tuple(statement for _, statement in ranked[:MOST])


def due_alerts(
    statements: Sequence[Statement], last_told: Mapping[Cell, datetime], now: datetime
) -> tuple[Statement, ...]:
    """Return the statements whose cell has had no alert in the last week."""
    return tuple(
        each
        for each in statements
        if each.cell not in last_told or now - last_told[each.cell] >= ALERT_EVERY
    )


def _of_groups(differences: Sequence[Difference]) -> Iterator[tuple[float, Statement]]:
    """Yield a statement for each group and kind of finding, with its rank."""
    groups: dict[Group, list[Difference]] = {}
    for each in sorted(differences, key=_rank, reverse=True):
        groups.setdefault(each.group, []).append(each)
    changed = {
        Finding.FAR_BELOW: Finding.FALL,
        Finding.FAR_ABOVE: Finding.RISE,
        Finding.FAR_STRAINED: Finding.STRAIN,
    }
    for (dimension, name, finding), (first, *others) in groups.items():
        if (dimension, name, changed.get(finding)) not in groups:
            yield _rank(first), _statement(first, others)


def _rank(difference: Difference) -> float:
    """Return size × sureness."""
    return difference.size * _sureness(difference.difference, difference.margin)


def _sureness(difference: float, margin: float) -> float:
    """Return how sure a detectable difference is: ½ at the margin, 1 from twice the margin on."""
    return min(1.0, abs(difference) / max(margin, 1e-9) / 2)


def _in_words(sureness: float) -> str:
    return marked("almost certain") if sureness == 1 else marked("very likely")


def _statement(first: Difference, others: Sequence[Difference]) -> Statement:
    figure = first.figure
    value = figure.number
    if figure.measure in SHARES:
        value = figure.n / first.people
    return Statement(
        first.finding,
        cell_of(figure),
        tuple(cell_of(each.figure) for each in others),
        figure.n,
        value or 0.0,
        first.difference,
        first.difference - first.margin,
        first.difference + first.margin,
        first.weeks,
        _in_words(_sureness(first.difference, first.margin)),
        NEXT_STEPS[first.finding],
    )
