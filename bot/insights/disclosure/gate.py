"""The gate: merge small cells level by level, then withhold figures until nothing leaks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.insights.disclosure.cells import (
    MINIMUM_K,
    Cell,
    CellGroup,
    CohortKey,
    Cohorts,
    Decision,
    HiddenCell,
    Respondents,
)
from bot.insights.disclosure.siblings import merge_siblings
from bot.insights.disclosure.withholding import withhold_leaks
from bot.pulse.pure.counting import counted


def decide(
    cells: Iterable[Cell],
    respondents: Mapping[CohortKey, int],
    k: int,
    *,
    asked: Mapping[CohortKey, int],
    already_shown: Iterable[Cohorts] = (),
    preferred_merges: Collection[frozenset[str]] = (),
) -> Decision:
    """Decide which figures of one measure may exist.

    `cells` are the candidates, in any order. `respondents` counts the people per cohort who
    answered the measure, `asked` those who were asked; of a cohort at most all but one count. `k`,
    at least `MINIMUM_K`, is the smallest group that may be disclosed.
    `already_shown` has the cohorts of each cell of the same wave that was shown before.
    `preferred_merges` has the ids of cells that earlier waves merged. The result depends neither on
    the order of the arguments nor on anybody's answers.

    Raises ValueError if k is too small, or if the cells are not a tree whose parents contain their
    parts.
    """
    if k < MINIMUM_K:
        raise ValueError(f"k must be at least {MINIMUM_K}, not {k}")
    people = Respondents(k, counted(respondents, asked))
    groups, hidden = _merge_by_level(_by_depth(cells), people, preferred_merges)
    earlier = [people.answering(each) for each in already_shown]
    groups, withheld = withhold_leaks(groups, earlier, people)
    hidden += withheld
    groups.sort(key=lambda group: (-people.n(group.cohorts), group.cell_ids))
    return Decision(
        shown=tuple(group.as_shown(people.n(group.cohorts)) for group in groups),
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


def _merge_by_level(
    levels: Sequence[Sequence[Cell]],
    respondents: Respondents,
    preferred_merges: Collection[frozenset[str]],
) -> tuple[list[CellGroup], list[HiddenCell]]:
    """Merge the siblings of each level, within the groups shown above them.

    Parts of a hidden or merged cell become parts of the nearest shown group above.
    """
    groups: list[CellGroup] = []
    hidden: list[HiddenCell] = []
    shown_above: dict[str | None, Cohorts | None] = {None: None}
    for level in levels:
        families: defaultdict[tuple[str, Cohorts | None], list[Cell]] = defaultdict(list)
        for cell in level:
            above = shown_above[cell.parent]
            families[cell.dimension, above].append(cell)
            shown_above[cell.id] = above
        for (_, above), siblings in families.items():
            merged = merge_siblings(siblings, above, respondents, preferred_merges)
            groups += merged.groups
            hidden += merged.hidden
            for group in merged.groups:
                shown_above.update(dict.fromkeys(group.cell_ids, group.cohorts))
    return groups, hidden
