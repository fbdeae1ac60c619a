"""Withhold figures, the smallest first, until the shown ones leak nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from bot.insights.disclosure.audit import audit
from bot.insights.disclosure.cells import CellGroup, Cohorts, HiddenCell, HidingReason, Respondents
from bot.insights.disclosure.leaks import Leak, overlaps
from bot.insights.disclosure.siblings import size_order

GroupKey = tuple[str, ...]
"""Cell ids of a group."""


def withhold_leaks(
    groups: Sequence[CellGroup], earlier: Sequence[Cohorts], respondents: Respondents
) -> tuple[list[CellGroup], list[HiddenCell]]:
    """Return the groups that may be shown beside the earlier figures, and the cells hidden for it.

    A leak of earlier figures alone cannot be undone and is ignored. Merging or hiding a group never
    adds to what can be computed, so safe figures stay safe and the loop ends.
    """
    release = _Release(groups, respondents)
    while leaks := _new_leaks(release.groups, earlier, respondents):
        for factors, reason in leaks:
            if release.shown.keys() >= factors.keys():
                release.withhold(factors, reason)
    return release.groups, release.hidden


def _new_leaks(
    groups: Sequence[CellGroup], earlier: Sequence[Cohorts], respondents: Respondents
) -> list[tuple[dict[GroupKey, int], HidingReason]]:
    """Return, for each leak that involves `groups`, their factors (never empty) and the reason."""
    groups = sorted(groups, key=lambda group: size_order(respondents, group))
    figures = [*earlier, *(group.cohorts for group in groups)]

    def new_part(leak: Leak) -> dict[GroupKey, int]:
        return {
            groups[figure - len(earlier)].cell_ids: factor
            for figure, factor in leak.factors.items()
            if figure >= len(earlier)
        }

    for rule in (overlaps, audit):
        leaks = [(new_part(leak), leak.reason) for leak in rule(figures, respondents)]
        if new := [(factors, reason) for factors, reason in leaks if factors]:
            return new
    return []


class _Release:
    """The groups still shown, and the cells hidden so far."""

    def __init__(self, groups: Sequence[CellGroup], respondents: Respondents) -> None:
        self.shown = {group.cell_ids: group for group in groups}
        self.hidden: list[HiddenCell] = []
        self._n = cache(respondents.n)

    @property
    def groups(self) -> list[CellGroup]:
        """The groups still shown."""
        return list(self.shown.values())

    def withhold(self, factors: Mapping[GroupKey, int], reason: HidingReason) -> None:
        """Break a leaking combination: merge or hide the smallest group that is essential to it.

        The group is merged with a sibling that has another factor in the combination: the sum of
        two with the same factor would serve the attacker as well. Without such a sibling, it is
        hidden.
        """
        essential = self._direct_factors(factors)
        smallest = min((self.shown[key] for key in essential), key=self._size)
        siblings = [
            group
            for group in self.shown.values()
            if group.is_sibling_of(smallest)
            and essential.get(group.cell_ids) != essential[smallest.cell_ids]
        ]
        del self.shown[smallest.cell_ids]
        if siblings:
            sibling = min(siblings, key=self._size)
            del self.shown[sibling.cell_ids]
            smallest = smallest.merged_with(sibling)
        if siblings and smallest.cohorts != smallest.parent:
            self.shown[smallest.cell_ids] = smallest
        else:
            self.hidden += [HiddenCell(cell.id, reason) for cell in smallest.cells]

    def _direct_factors(self, factors: Mapping[GroupKey, int]) -> dict[GroupKey, int]:
        """Rewrite the combination with a whole in place of all its parts where they make it up.

        From the smallest whole to the largest, the most frequent factor of its parts is subtracted
        from all of them and added to the whole.
        """
        by_cohorts = {group.cohorts: key for key, group in self.shown.items()}
        families: defaultdict[tuple[str, Cohorts], list[CellGroup]] = defaultdict(list)
        for group in self.shown.values():
            if group.parent in by_cohorts:
                families[group.cells[0].dimension, group.parent].append(group)
        direct: Counter[GroupKey] = Counter(factors)
        for (_, whole), parts in sorted(families.items(), key=lambda item: self._n(item[0][1])):
            if sum(self._n(part.cohorts) for part in parts) != self._n(whole):
                continue
            ((common, _),) = Counter(direct[part.cell_ids] for part in parts).most_common(1)
            for part in parts:
                direct[part.cell_ids] -= common
            direct[by_cohorts[whole]] += common
        return {key: factor for key, factor in direct.items() if factor} or dict(factors)

    def _size(self, group: CellGroup) -> tuple[int, GroupKey]:
        return self._n(group.cohorts), group.cell_ids
