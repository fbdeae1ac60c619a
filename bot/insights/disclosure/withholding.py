"""Withhold figures, the smallest first, until all that is shown tells nothing that it may not."""

from collections.abc import Sequence

from bot.insights.disclosure.audit import audit
from bot.insights.disclosure.cells import Cohorts, Group, Hidden, Reason, Respondents
from bot.insights.disclosure.leaks import overlaps
from bot.insights.disclosure.siblings import size_order


def withhold_leaks(
    groups: Sequence[Group], earlier: Sequence[Cohorts], respondents: Respondents
) -> tuple[list[Group], list[Hidden]]:
    """Return the groups that may be shown beside the earlier figures, and the cells hidden for it.

    A leak of earlier figures alone cannot be undone and is passed over. Merging or hiding a group
    never adds to what can be computed, so what was safe stays safe, and the rounds come to an end.
    """
    shown = {group.cell_ids: group for group in groups}
    hidden: list[Hidden] = []
    while leaks := _new_leaks(list(shown.values()), earlier, respondents):
        for involved, reason in leaks:
            if all(group.cell_ids in shown for group in involved):
                hidden += _withhold_smallest(involved, reason, shown, respondents)
    return list(shown.values()), hidden


def _new_leaks(
    groups: Sequence[Group], earlier: Sequence[Cohorts], respondents: Respondents
) -> list[tuple[list[Group], Reason]]:
    """Return, for each leak, the groups of this release that take part in it."""
    groups = sorted(groups, key=lambda group: size_order(respondents, group))
    figures = [*earlier, *(group.cohorts for group in groups)]
    for rule in (overlaps, audit):
        involved = [
            ([groups[i - len(earlier)] for i in leak.figures if i >= len(earlier)], leak.reason)
            for leak in rule(figures, respondents)
        ]
        if new := [(parts, reason) for parts, reason in involved if parts]:
            return new
    return []


def _withhold_smallest(
    involved: Sequence[Group],
    reason: Reason,
    shown: dict[tuple[str, ...], Group],
    respondents: Respondents,
) -> list[Hidden]:
    """Merge the smallest of the groups with its smallest sibling, or hide it if there is none."""

    def size(group: Group) -> tuple[int, tuple[str, ...]]:
        return size_order(respondents, group)

    smallest = shown.pop(min(involved, key=size).cell_ids)
    siblings = [group for group in shown.values() if group.is_sibling_of(smallest)]
    if siblings:
        sibling = shown.pop(min(siblings, key=size).cell_ids)
        smallest = smallest.merged_with(sibling)
        if smallest.cohorts != smallest.parent:
            shown[smallest.cell_ids] = smallest
            return []
    return [Hidden(cell.id, reason) for cell in smallest.cells]
