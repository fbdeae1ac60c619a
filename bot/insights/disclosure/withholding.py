"""Withhold figures, the smallest first, until all that is shown tells nothing that it may not."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from bot.insights.disclosure.audit import audit
from bot.insights.disclosure.cells import Cohorts, Group, Hidden, Reason, Respondents
from bot.insights.disclosure.leaks import Leak, overlaps
from bot.insights.disclosure.siblings import size_order

GroupKey = tuple[str, ...]
"""The cell ids of a group."""


def withhold_leaks(
    groups: Sequence[Group], earlier: Sequence[Cohorts], respondents: Respondents
) -> tuple[list[Group], list[Hidden]]:
    """Return the groups that may be shown beside the earlier figures, and the cells hidden for it.

    A leak of earlier figures alone cannot be undone and is passed over. Merging or hiding a group
    never adds to what can be computed, so what was safe stays safe, and the rounds come to an end.
    """
    release = _Release(groups, respondents)
    while leaks := _new_leaks(release.groups, earlier, respondents):
        for factors, reason in leaks:
            if release.shown.keys() >= factors.keys():
                release.withhold(factors, reason)
    return release.groups, release.hidden


def _new_leaks(
    groups: Sequence[Group], earlier: Sequence[Cohorts], respondents: Respondents
) -> list[tuple[dict[GroupKey, int], Reason]]:
    """Return, for each leak, the factors of this release's groups, which are never none."""
    groups = sorted(groups, key=lambda group: size_order(respondents, group))
    figures = [*earlier, *(group.cohorts for group in groups)]

    def new_part(leak: Leak) -> dict[GroupKey, int]:
        return {
            groups[place - len(earlier)].cell_ids: factor
            for place, factor in leak.factors.items()
            if place >= len(earlier)
        }

    for rule in (overlaps, audit):
        leaks = [(new_part(leak), leak.reason) for leak in rule(figures, respondents)]
        if new := [(factors, reason) for factors, reason in leaks if factors]:
            return new
    return []


class _Release:
    """The groups that are still shown, and what was hidden so far."""

    def __init__(self, groups: Sequence[Group], respondents: Respondents) -> None:
        self.shown = {group.cell_ids: group for group in groups}
        self.hidden: list[Hidden] = []
        self._n = cache(respondents.n)

    @property
    def groups(self) -> list[Group]:
        """The groups that are shown."""
        return list(self.shown.values())

    def withhold(self, factors: Mapping[GroupKey, int], reason: Reason) -> None:
        """Undo a combination of groups: merge or hide the smallest that is essential to it.

        It is merged with a sibling that counts differently in the combination, for the sum of two
        that count alike serves the attacker as well as they do. If there is none, it is hidden.
        """
        essential = self._without_detours(factors)
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
            self.hidden += [Hidden(cell.id, reason) for cell in smallest.cells]

    def _without_detours(self, factors: Mapping[GroupKey, int]) -> dict[GroupKey, int]:
        """Count a whole instead of all its parts where the parts make up the whole.

        What most parts have in common is taken off all of them and put on the whole, from the
        smallest whole to the largest.
        """
        by_cohorts = {group.cohorts: key for key, group in self.shown.items()}
        families: defaultdict[tuple[str, Cohorts], list[Group]] = defaultdict(list)
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

    def _size(self, group: Group) -> tuple[int, GroupKey]:
        return self._n(group.cohorts), group.cell_ids
