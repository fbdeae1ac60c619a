"""The short lines of an overview, which HR reads on a phone; the lists behind its buttons say more.

A change is named only if it is detectable.
"""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from bot.insights import strain_wording
from bot.insights.group_wording import group_title
from bot.insights.wave_results import Enps, GroupResults, Score, Strain, ThemeResult
from bot.insights.wording import (
    change_words,
    label_text,
    mean_in_brackets,
    number_text,
    one_decimal,
    signed,
)
from bot.languages import _, marked, write_number

NOTE: Final = marked(
    "Means go from 0 (bad) to 10 (good); the true one is most likely within the brackets. A change "
    "is named only if chance alone hardly explains it."
)


def score_line(score: Score) -> str:
    """Write one driver or question as a short line of mrkdwn."""
    text = f"*{label_text(score.label)}* {mean_in_brackets(score)}"
    if score.change and score.change.detectable:
        return f"{text} · {_change(score)}"
    return text


def enps_line(enps: Enps) -> str:
    """Write a net promoter score as a short line of mrkdwn."""
    between = _("{low} to {high}").format(low=signed(enps.low), high=signed(enps.high))
    text = f"*eNPS* {number_text(enps.score, signed)} ({between})"
    if enps.change and enps.change.detectable:
        return f"{text} · {change_words(enps.change, write_number)}"
    return text


def enps_lines(scores: Sequence[Enps]) -> list[str]:
    """Write net promoter scores; several are followed by their questions."""
    if len(scores) < 2:
        return [enps_line(each) for each in scores]
    return [f"{enps_line(each)} · {label_text(each.label)}" for each in scores]


def strain_line(strain: Strain) -> str:
    """Write the share of strained people as a short line; a change only if it is detectable."""
    change = strain.change if strain.change and strain.change.detectable else None
    return strain_wording.strain_line(replace(strain, change=change))


def group_line(group: GroupResults, company: Sequence[Score]) -> str:
    """Write a team, department or location as a short line: how it compares, and its lowest."""
    parts = [group_title(group)]
    gap = gap_to_company(group, company)
    if gap is not None:
        parts[0] += f" {_gap_words(gap, group, company)}"
    changed = [each for each in group.scores if each.change and each.change.detectable]
    most = max(changed, key=_size, default=None)
    if group.scores:
        lowest = group.scores[0]
        label, mean = label_text(lowest.label), number_text(lowest.mean, one_decimal)
        parts.append(
            _("lowest {driver} {mean}").format(driver=label, mean=mean)
            if len(group.scores) > 1
            else f"{label} {mean}"
        )
        if most is lowest:
            parts[-1] += f", {_short_change(lowest)}"
    if group.strain:
        parts.append(strain_wording.group_share(group.strain))
    if group.enps and not group.scores:
        parts.append(f"eNPS {number_text(group.enps.score, signed)}")
    if most and most is not group.scores[0]:
        parts.append(f"{label_text(most.label)} {_short_change(most)}")
    if len(parts) == 1 and not group.scores:
        parts.append(_("no figures"))
    return " · ".join(parts)


def gap_to_company(group: GroupResults, company: Sequence[Score]) -> float | None:
    """Return the mean difference of a group's drivers from the company's; None if it has none."""
    means = {each.ref: each.mean.value for each in company}
    gaps = [each.mean.value - means[each.ref] for each in group.scores if each.ref in means]
    return fmean(gaps) if gaps else None


def themes_line(themes: Sequence[ThemeResult]) -> str:
    """Name what people wrote about most, as a line of mrkdwn."""
    names = [
        _("{theme} (more than before)").format(theme=_(theme.label))
        if theme.change and theme.change.low > 0
        else _(theme.label)
        for theme in themes
    ]
    return _("*Most written about* {themes}").format(themes=", ".join(names))


def _change(score: Score) -> str:
    """Say by how much it rose or fell, and in how many weeks."""
    return change_words(score.change, one_decimal) if score.change else ""


def _short_change(score: Score) -> str:
    """Say the same without the range of the change."""
    if score.change is None:
        return ""
    return change_words(score.change, one_decimal, with_range=False)


def _size(score: Score) -> float:
    return abs(score.change.difference) if score.change else 0.0


def _gap_words(gap: float, group: GroupResults, company: Sequence[Score]) -> str:
    """Say how far a group is from the company, unless its intervals can explain it."""
    margin = fmean((each.high - each.low) / 2 for each in group.scores)
    if abs(gap) > margin:
        text = (
            _("{difference} below the company") if gap < 0 else _("{difference} above the company")
        )
        return text.format(difference=one_decimal(abs(gap)))
    lowest = group.scores[0]
    theirs = next((each.mean.value for each in company if each.ref == lowest.ref), 0.0)
    is_low = theirs - lowest.mean.value > margin
    return _("on average close to the company") if is_low else _("close to the company")
