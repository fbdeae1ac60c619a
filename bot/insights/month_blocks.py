"""The latest month's figures of any subject that is counted by month, for HR's window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.blockkit.blocks import Block, View, context, divider, modal, section, sections
from bot.insights.tallies import MonthResults
from bot.insights.wording import NAME_LIMIT, group_text, number_text, percent
from bot.languages import DayStyle, _, _n, marked, write_day, write_number

TEAMS_SHOWN: Final = 20
NOTHING_YET: Final = marked(
    "There are no figures yet. They appear at the beginning of a month, for the month that ended."
)
TOO_FEW: Final = marked("Too few people to show figures.")
NOTE: Final = marked(
    "Figures come once a month, and each person weighs the same. Counts and shares come in steps, "
    "larger ones for small groups, so that nobody can be picked out."
)


@dataclass(frozen=True)
class MonthPart:
    """A subject's results, and how to write them."""

    heading: str
    results: Sequence[MonthResults]
    """As `bot.insights.tallies.month_results` returns them."""
    labels: Mapping[str, str]
    """By category; in the order in which they are shown."""


def month_view(title: str, callback_id: str, parts: Sequence[MonthPart]) -> View:
    """Show the latest month of each part, for everybody and by team."""
    blocks: list[Block] = []
    for part in parts:
        blocks += [*([divider()] if blocks else []), *_part_blocks(part)]
    return modal(title, [*blocks, context(_(NOTE))], callback_id=callback_id)


def _part_blocks(part: MonthPart) -> list[Block]:
    everybody = next((each for each in part.results if not each.team), None)
    if everybody is None:
        return [section(f"*{_(part.heading)}*\n{_(NOTHING_YET)}")]
    month = write_day(everybody.month, DayStyle.MONTH)
    heading = f"*{_('{heading}, {month}').format(heading=_(part.heading), month=month)}*"
    if not everybody.people:
        return [section(f"{heading}\n{_(TOO_FEW)}")]
    lines = [
        _("At least {people} people.").format(people=write_number(everybody.people)),
        *_share_lines(everybody, part.labels),
    ]
    teams = [each for each in part.results if each.team and each.month == everybody.month]
    lines += [_team_line(each, part.labels) for each in teams[:TEAMS_SHOWN]]
    if len(teams) > TEAMS_SHOWN:
        more = len(teams) - TEAMS_SHOWN
        lines.append(_n("And {count} more teams.", "And {count} more teams.", more))
    return sections(lines, heading)


def _share_lines(month: MonthResults, labels: Mapping[str, str]) -> list[str]:
    return [f"• {each}" for each in _shares(month, labels)]


def _team_line(month: MonthResults, labels: Mapping[str, str]) -> str:
    name = _("*{team}*: at least {people} people").format(
        team=group_text(month.team, NAME_LIMIT), people=write_number(month.people)
    )
    return " · ".join([name, *_shares(month, labels)])


def _shares(month: MonthResults, labels: Mapping[str, str]) -> list[str]:
    return [
        f"{_(label)}: {number_text(month.shares[category], percent)}"
        for category, label in labels.items()
        if category in month.shares
    ]
