"""Rules 1 and 2 among the siblings of one parent: merge what is too small."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.insights.disclosure.cells import Cell, Cohorts, Group, Hidden, Reason, Respondents


@dataclass
class Settled:
    """What became of the siblings of one parent."""

    groups: list[Group] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)


def settle(
    siblings: Sequence[Cell],
    parent: Cohorts | None,
    respondents: Respondents,
    preferred_merges: Collection[frozenset[str]] = (),
) -> Settled:
    """Divide a parent's siblings into groups that may all be known, the rest included.

    What is in none of the siblings is a group too: the attacker has it by subtraction.
    """
    settled = Settled()
    groups = []
    for cell in siblings:
        cohorts = respondents.answering(cell.cohorts)
        if cohorts:
            groups.append(Group((cell,), cohorts, parent))
        else:
            settled.hidden.append(Hidden(cell.id, Reason.NO_ANSWERS))
    if parent is not None and (rest := parent.difference(*(group.cohorts for group in groups))):
        groups.append(Group((), rest, parent, takes_in_rest=True))

    for group in _merge(groups, respondents, preferred_merges):
        if reason := _reason_to_hide(group, respondents):
            settled.hidden += [Hidden(cell.id, reason) for cell in group.cells]
        elif group.cells:
            settled.groups.append(group)
    return settled


def _reason_to_hide(group: Group, respondents: Respondents) -> Reason | None:
    """Return why a group is not shown, besides that it may not be known: it would say nothing."""
    if reason := respondents.objection(group.cohorts):
        return reason
    repeats_parent = group.is_merged and group.cohorts == group.parent
    named = respondents.n(frozenset().union(*(cell.cohorts for cell in group.cells)))
    is_mostly_rest = 2 * named <= respondents.n(group.cohorts)
    return Reason.REMAINDER if repeats_parent or is_mostly_rest else None


def size_order(respondents: Respondents, group: Group) -> tuple[int, tuple[str, ...]]:
    """Return the key that sorts groups by respondents, then by cell ids."""
    return respondents.n(group.cohorts), group.cell_ids


def _merge(
    groups: list[Group], respondents: Respondents, preferred_merges: Collection[frozenset[str]]
) -> list[Group]:
    groups = _merge_as_before(groups, respondents, preferred_merges)
    groups.sort(key=lambda group: size_order(respondents, group))
    safe = [group for group in groups if not respondents.objection(group.cohorts)]
    unsafe = [group for group in groups if respondents.objection(group.cohorts)]
    pending: Group | None = None
    for group in unsafe:
        pending = pending.merged_with(group) if pending else group
        if not respondents.objection(pending.cohorts):
            safe.append(pending)
            pending = None
    while pending and safe:
        host = min(safe, key=lambda group: (_reluctance(group), *size_order(respondents, group)))
        safe.remove(host)
        pending = host.merged_with(pending)
        if not respondents.objection(pending.cohorts):
            safe.append(pending)
            pending = None
    return [*safe, pending] if pending else safe


def _merge_as_before(
    groups: list[Group], respondents: Respondents, preferred_merges: Collection[frozenset[str]]
) -> list[Group]:
    """Merge as in earlier waves where one of the parts could not stand alone today."""
    for preferred in sorted(preferred_merges, key=sorted):
        parts = [group for group in groups if group.cells and preferred.issuperset(group.cell_ids)]
        if len(parts) < 2 or not any(respondents.objection(part.cohorts) for part in parts):
            continue
        groups = [group for group in groups if group not in parts]
        merged = parts[0]
        for part in parts[1:]:
            merged = merged.merged_with(part)
        groups.append(merged)
    return groups


def _reluctance(group: Group) -> int:
    """Rank hosts: one that is merged anyway or nameless loses nothing by one more part."""
    if not group.cells:
        return 1
    return 0 if group.is_merged else 2
