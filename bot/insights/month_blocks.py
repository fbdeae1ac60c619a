"""The latest month's figures of any subject that is counted by month, for HR's window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.blockkit.blocks import Block, View, context, divider, modal, section, sections
from bot.insights.tallies import MonthResults
from bot.insights.wording import NAME_LIMIT, number_text, percent, short_text

TEAMS_SHOWN: Final = 20
NOTHING_YET: Final = (
    "There are no figures yet. They appear at the beginning of a month, for the month that ended."
)
TOO_FEW: Final = "Too few people to show figures."
NOTE: Final = (
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
    return modal(title, [*blocks, context(NOTE)], callback_id=callback_id)


def _part_blocks(part: MonthPart) -> list[Block]:
    everybody = next((each for each in part.results if not each.team), None)
    if everybody is None:
        return [section(f"*{part.heading}*\n{NOTHING_YET}")]
    heading = f"*{part.heading}, {everybody.month:%B %Y}*"
    if not everybody.people:
        return [section(f"{heading}\n{TOO_FEW}")]
    lines = [f"At least {everybody.people:,} people.", *_share_lines(everybody, part.labels)]
    teams = [each for each in part.results if each.team and each.month == everybody.month]
    lines += [_team_line(each, part.labels) for each in teams[:TEAMS_SHOWN]]
    if len(teams) > TEAMS_SHOWN:
        lines.append(f"And {len(teams) - TEAMS_SHOWN} more teams.")
    return sections(lines, heading)


def _share_lines(month: MonthResults, labels: Mapping[str, str]) -> list[str]:
    return [f"• {each}" for each in _shares(month, labels)]


def _team_line(month: MonthResults, labels: Mapping[str, str]) -> str:
    name = f"*{short_text(month.team, NAME_LIMIT)}*: at least {month.people:,} people"
    return " · ".join([name, *_shares(month, labels)])


def _shares(month: MonthResults, labels: Mapping[str, str]) -> list[str]:
    return [
        f"{label}: {number_text(month.shares[category], percent)}"
        for category, label in labels.items()
        if category in month.shares
    ]
