"""Figures of blockers in words: for HR's window and the digest."""

from collections.abc import Sequence
from typing import Final

from bot.blockers.pure.kinds import NOUNS, BlockerKind
from bot.blockers.service import End
from bot.blockkit.blocks import View, context, divider, modal, section, sections
from bot.insights.tallies import MedianTime, MonthResults
from bot.insights.wording import NAME_LIMIT, number_text, percent, short_text

FIGURES: Final = "blockers:figures"
TEAMS_SHOWN: Final = 20
NOTHING_YET: Final = (
    "There are no figures yet. They appear at the beginning of a month, for the month that ended, "
    "if enough people had something in their way."
)
NOTE: Final = (
    "Figures come once a month, about people, not about single blockers: each person weighs the "
    "same. Counts and shares come in steps, larger ones for small groups, so that nobody can be "
    "picked out."
)


def figures_view(reported: Sequence[MonthResults], ended: Sequence[MonthResults]) -> View:
    """Show HR the latest month's figures, for everybody and by team."""
    latest = next((each for each in reported if not each.team), None)
    if latest is None:
        return modal("Blockers", [section(NOTHING_YET)], callback_id=FIGURES)
    ends = {each.team: each for each in ended if each.month == latest.month}
    heading = f"*{latest.month:%B %Y}*"
    if not latest.people:
        text = f"{heading}\nToo few people had something in their way to show figures."
        lines = [*_ended_lines(ends.get(""))]
        return modal("Blockers", [*sections(lines, text), context(NOTE)], callback_id=FIGURES)
    blocks = sections([*_kind_lines(latest), *_ended_lines(ends.get(""))], heading)
    teams = [each for each in reported if each.team and each.month == latest.month]
    if teams:
        rows = [_team_line(each, ends.get(each.team)) for each in teams[:TEAMS_SHOWN]]
        if len(teams) > TEAMS_SHOWN:
            rows.append(f"And {len(teams) - TEAMS_SHOWN} more.")
        blocks += [divider(), *sections(rows, "*By team*")]
    return modal("Blockers", [*blocks, context(NOTE)], callback_id=FIGURES)


def digest_line(ended: MonthResults) -> str | None:
    """Return a line about how quickly blockers were solved; None if too few were."""
    if ended.time is None:
        return None
    time = ended.time
    return f"*Blockers*, {ended.month:%B}: {_median(time).lower()}, at least {time.n:,} people."


def _kind_lines(month: MonthResults) -> list[str]:
    lines = [f"At least {month.people:,} people had something in their way."]
    shares = sorted(month.shares.items(), key=lambda item: (-item[1].value, item[0]))
    return lines + [
        f"• {NOUNS[BlockerKind(kind)]}: {number_text(share, percent)}" for kind, share in shares
    ]


def _ended_lines(ended: MonthResults | None) -> list[str]:
    if ended is None or not ended.people:
        return []
    solved = ended.shares.get(End.SOLVED)
    lines = [f"{number_text(solved, percent)} of what was closed was solved."] if solved else []
    return [*lines, *([f"{_median(ended.time)}."] if ended.time else [])]


def _team_line(month: MonthResults, ended: MonthResults | None) -> str:
    parts = [f"*{short_text(month.team, NAME_LIMIT)}*: at least {month.people:,} people"]
    if kind := month.stands_out():
        parts.append(f"mostly {NOUNS[BlockerKind(kind)].lower()}")
    if ended and ended.time:
        parts.append(_median(ended.time).lower())
    return " · ".join(parts)


def _median(time: MedianTime) -> str:
    value, unit = _in_unit(time)
    low, high = (f"{each / value:.1f}" for each in (time.low, time.high))
    return f"Unblocked in {time.hours / value:.1f} {unit} at the median ({low}–{high})"


def _in_unit(time: MedianTime) -> tuple[float, str]:
    return (24.0, "days") if time.hours >= 24 else (1.0, "hours")
