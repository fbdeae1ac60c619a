"""The gate itself: settle the tree from the top, then audit the whole until nothing leaks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.insights.disclosure.cells import (
    MINIMUM_K,
    Cell,
    CohortKey,
    Cohorts,
    Decision,
    Group,
    Hidden,
    Respondents,
)
from bot.insights.disclosure.siblings import settle
from bot.insights.disclosure.withholding import withhold_leaks


def decide(
    cells: Iterable[Cell],
    respondents: Mapping[CohortKey, int],
    k: int,
    *,
    already_shown: Iterable[Cohorts] = (),
    preferred_merges: Collection[frozenset[str]] = (),
) -> Decision:
    """Decide which figures of one measure may exist.

    `cells` are the candidates in any order; `respondents` counts who answered the measure, per
    cohort; `k`, at least `MINIMUM_K`, is the fewest respondents that may be known as a group.
    `already_shown` has the cohorts of each cell in earlier releases of the same wave,
    `preferred_merges` the cells merged in earlier waves (`Decision.merges`). The result depends on
    the content of the arguments, not on their order, and never on what anybody answered.

    Raises ValueError when k is too small, or the cells are not a tree in which each parent contains
    its parts.
    """
    if k < MINIMUM_K:
        raise ValueError(f"k must be at least {MINIMUM_K}, not {k}")
    who = Respondents(k, respondents)
    groups, hidden = _settle_tree(_by_depth(cells), who, preferred_merges)
    groups, withheld = withhold_leaks(groups, [who.answering(each) for each in already_shown], who)
    hidden += withheld
    groups.sort(key=lambda group: (-who.n(group.cohorts), group.cell_ids))
    return Decision(
        shown=tuple(group.as_shown(who.n(group.cohorts)) for group in groups),
        hidden=tuple(sorted(hidden, key=lambda each: each.cell_id)),
    )


def _by_depth(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Return the cells level by level, the roots first, each level sorted by id."""
    waiting = sorted(cells, key=lambda cell: cell.id)
    by_id = {cell.id: cell for cell in waiting}
    if len(by_id) < len(waiting):
        raise ValueError("two cells have the same id")
    levels: list[list[Cell]] = []
    placed: set[str | None] = {None}
    while waiting:
        level = [cell for cell in waiting if cell.parent in placed]
        if not level:
            raise ValueError(f"cell {waiting[0].id} has no path to a root")
        for cell in level:
            if cell.parent is not None and not cell.cohorts <= by_id[cell.parent].cohorts:
                raise ValueError(f"cell {cell.id} is not within its parent {cell.parent}")
        levels.append(level)
        placed.update(cell.id for cell in level)
        waiting = [cell for cell in waiting if cell.id not in placed]
    return levels


def _settle_tree(
    levels: Sequence[Sequence[Cell]],
    respondents: Respondents,
    preferred_merges: Collection[frozenset[str]],
) -> tuple[list[Group], list[Hidden]]:
    """Settle each level within what is shown above it.

    The parts of a hidden or merged cell become parts of the nearest group above that is shown.
    """
    groups: list[Group] = []
    hidden: list[Hidden] = []
    shown_above: dict[str | None, Cohorts | None] = {None: None}
    for level in levels:
        families: defaultdict[tuple[str, Cohorts | None], list[Cell]] = defaultdict(list)
        for cell in level:
            above = shown_above[cell.parent]
            families[cell.dimension, above].append(cell)
            shown_above[cell.id] = above
        for (_, above), siblings in families.items():
            settled = settle(siblings, above, respondents, preferred_merges)
            groups += settled.groups
            hidden += settled.hidden
            for group in settled.groups:
                shown_above.update(dict.fromkeys(group.cell_ids, group.cohorts))
    return groups, hidden
