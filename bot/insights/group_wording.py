"""A team, department or location, in a line."""

from collections.abc import Sequence

from bot.insights.pure.segments import EVERYONE_ELSE
from bot.insights.wave_results import GroupResults, Score
from bot.insights.wording import (
    change_words,
    group_text,
    label_text,
    mean_in_brackets,
    number_text,
    one_decimal,
    signed,
)
from bot.languages import _, _n, write_number


def group_line(group: GroupResults) -> str:
    """Write one team, department or location as a line of mrkdwn."""
    parts = [group_title(group)]
    if group.answered is not None and group.invited is not None:
        answered = (
            _("nearly all of {invited} answered")
            if group.answered == group.invited
            else _("at least {answered} of {invited} answered")
        ).format(answered=write_number(group.answered), invited=write_number(group.invited))
        parts[0] += f" {answered}"
    if group.members and group.invited is not None and group.members > group.invited:
        counted_elsewhere = _n(
            "({count} more of its people is counted in {everyone_else})",
            "({count} more of its people are counted in {everyone_else})",
            group.members - group.invited,
        ).format(everyone_else=_(EVERYONE_ELSE))
        parts[0] += f" {counted_elsewhere}"
    if group.scores:
        parts.append(_lowest_and_highest(group.scores))
    if group.enps:
        parts.append(f"eNPS {number_text(group.enps.score, signed)}")
    most = max(group.scores, key=_size_of_change, default=None)
    if most and most.change and most.change.detectable:
        parts.append(f"{label_text(most.label)} {change_words(most.change, one_decimal)}")
    return " · ".join(parts)


def group_title(group: GroupResults) -> str:
    """Write a group's name in bold, and whether it is several groups together."""
    name = f"*{group_text(group.name)}*"
    return f"{name} {_('(together, to protect privacy)')}" if group.is_merged else name


def _size_of_change(score: Score) -> float:
    """Return by how much a driver changed, if it did detectably."""
    change = score.change
    return abs(change.difference) if change and change.detectable else 0.0


def _lowest_and_highest(scores: Sequence[Score]) -> str:
    """Name the lowest and the highest driver; a mean at an end of its range has no interval."""
    lowest, highest = scores[0], scores[-1]
    low, high = (number_text(each.mean, one_decimal) for each in (lowest, highest))
    least, most = (label_text(each.label) for each in (lowest, highest))
    is_end = lowest.mean.is_least or lowest.mean.is_most
    mean = low if is_end else mean_in_brackets(lowest)
    if len(scores) == 1:
        return f"{least} {mean}"
    if low == high and len(scores) == 2:
        return _("{driver} and {other_driver} both {mean}").format(
            driver=least, other_driver=most, mean=low
        )
    if low == high:
        return _("all {number} drivers {mean}").format(number=len(scores), mean=low)
    lowest_text = _("lowest {driver} {mean}").format(driver=least, mean=mean)
    return f"{lowest_text} · {_('highest {driver} {mean}').format(driver=most, mean=high)}"
