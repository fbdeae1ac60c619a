"""Rules 1 and 2 among the siblings of one parent: merge what is too small."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.insights.disclosure.cells import (
    Cell,
    CellGroup,
    Cohorts,
    HiddenCell,
    HidingReason,
    Respondents,
)


@dataclass
class MergedSiblings:
    """The groups that the siblings of one parent became, and the cells hidden."""

    groups: list[CellGroup] = field(default_factory=list)
    hidden: list[HiddenCell] = field(default_factory=list)


def merge_siblings(
    siblings: Sequence[Cell],
    parent: Cohorts | None,
    respondents: Respondents,
    preferred_merges: Collection[frozenset[str]] = (),
) -> MergedSiblings:
    """Divide a parent's siblings, and the rest of the parent, into groups that may be disclosed.

    The rest (the people in none of the siblings) counts: an attacker gets it by subtraction.
    """
    merged = MergedSiblings()
    groups = []
    for cell in siblings:
        cohorts = respondents.answering(cell.cohorts)
        if cohorts:
            groups.append(CellGroup((cell,), cohorts, parent))
        else:
            merged.hidden.append(HiddenCell(cell.id, HidingReason.NO_ANSWERS))
    if parent is not None and (rest := parent.difference(*(group.cohorts for group in groups))):
        groups.append(CellGroup((), rest, parent, takes_in_rest=True))

    for group in _merge(groups, respondents, preferred_merges):
        if reason := _reason_to_hide(group, respondents):
            merged.hidden += [HiddenCell(cell.id, reason) for cell in group.cells]
        elif group.cells:
            merged.groups.append(group)
    return merged


def _reason_to_hide(group: CellGroup, respondents: Respondents) -> HidingReason | None:
    """Return why a group is hidden: it is too small, or it would say nothing. None if neither."""
    if reason := respondents.objection(group.cohorts):
        return reason
    repeats_parent = group.is_merged and group.cohorts == group.parent
    named = respondents.n(frozenset().union(*(cell.cohorts for cell in group.cells)))
    is_mostly_rest = 2 * named <= respondents.n(group.cohorts)
    return HidingReason.REMAINDER if repeats_parent or is_mostly_rest else None


def size_order(respondents: Respondents, group: CellGroup) -> tuple[int, tuple[str, ...]]:
    """Return a sort key: respondents, then cell ids."""
    return respondents.n(group.cohorts), group.cell_ids


def _merge(
    groups: list[CellGroup], respondents: Respondents, preferred_merges: Collection[frozenset[str]]
) -> list[CellGroup]:
    groups = _merge_as_before(groups, respondents, preferred_merges)
    groups.sort(key=lambda group: size_order(respondents, group))
    safe = [group for group in groups if not respondents.objection(group.cohorts)]
    unsafe = [group for group in groups if respondents.objection(group.cohorts)]
    pending: CellGroup | None = None
    for group in unsafe:
        pending = pending.merged_with(group) if pending else group
        if not respondents.objection(pending.cohorts):
            safe.append(pending)
            pending = None
    while pending and safe:
        host = min(safe, key=lambda group: (_host_rank(group), *size_order(respondents, group)))
        safe.remove(host)
        pending = host.merged_with(pending)
        if not respondents.objection(pending.cohorts):
            safe.append(pending)
            pending = None
    return [*safe, pending] if pending else safe


def _merge_as_before(
    groups: list[CellGroup], respondents: Respondents, preferred_merges: Collection[frozenset[str]]
) -> list[CellGroup]:
    """Repeat merges of earlier waves if one of the parts is too small alone today."""
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


def _host_rank(group: CellGroup) -> int:
    """Rank the groups that can take in a small one; a merged or nameless one loses least."""
    if not group.cells:
        return 1
    return 0 if group.is_merged else 2
