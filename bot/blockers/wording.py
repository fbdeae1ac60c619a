"""Figures of blockers in words: for HR's window and the digest."""

from collections.abc import Sequence
from typing import Final

from bot.blockers.pure.kinds import MOSTLY, NOUNS, BlockerKind
from bot.blockers.service import End
from bot.blockkit.blocks import View, context, divider, modal, section, sections
from bot.insights.tallies import MedianTime, MonthResults
from bot.insights.wording import NAME_LIMIT, number_text, percent, short_text
from bot.languages import DayStyle, _, marked, write_day, write_number

FIGURES: Final = "blockers:figures"
TEAMS_SHOWN: Final = 20
NOTHING_YET: Final = marked(
    "There are no figures yet. They appear at the beginning of a month, for the month that ended, "
    "if enough people had something in their way."
)
TOO_FEW: Final = marked("Too few people had something in their way to show figures.")
NOTE: Final = marked(
    "Figures come once a month, about people, not about single blockers: each person weighs the "
    "same. Counts and shares come in steps, larger ones for small groups, so that nobody can be "
    "picked out."
)


def figures_view(reported: Sequence[MonthResults], ended: Sequence[MonthResults]) -> View:
    """Show HR the latest month's figures, for everybody and by team."""
    latest = next((each for each in reported if not each.team), None)
    if latest is None:
        return modal(_("Blockers"), [section(_(NOTHING_YET))], callback_id=FIGURES)
    ends = {each.team: each for each in ended if each.month == latest.month}
    heading = f"*{write_day(latest.month, DayStyle.MONTH)}*"
    if not latest.people:
        text = f"{heading}\n{_(TOO_FEW)}"
        lines = [*_ended_lines(ends.get(""))]
        return modal(_("Blockers"), [*sections(lines, text), context(_(NOTE))], callback_id=FIGURES)
    blocks = sections([*_kind_lines(latest), *_ended_lines(ends.get(""))], heading)
    teams = [each for each in reported if each.team and each.month == latest.month]
    if teams:
        rows = [_team_line(each, ends.get(each.team)) for each in teams[:TEAMS_SHOWN]]
        if len(teams) > TEAMS_SHOWN:
            more = write_number(len(teams) - TEAMS_SHOWN)
            rows.append(_("And {more} more.").format(more=more))
        blocks += [divider(), *sections(rows, _("*By team*"))]
    return modal(_("Blockers"), [*blocks, context(_(NOTE))], callback_id=FIGURES)


def digest_line(ended: MonthResults) -> str | None:
    """Return a line about how quickly blockers were solved; None if too few were."""
    if ended.time is None:
        return None
    time = ended.time
    return _("*Blockers*, {month}: {unblocked_in_days}, at least {people} people.").format(
        month=write_day(ended.month, DayStyle.MONTH_NO_YEAR),
        unblocked_in_days=_median(time),
        people=write_number(time.n),
    )


def _kind_lines(month: MonthResults) -> list[str]:
    lines = [
        _("At least {people} people had something in their way.").format(
            people=write_number(month.people)
        )
    ]
    shares = sorted(month.shares.items(), key=lambda item: (-item[1].value, item[0]))
    return lines + [
        f"• {_(NOUNS[BlockerKind(kind)])}: {number_text(share, percent)}" for kind, share in shares
    ]


def _ended_lines(ended: MonthResults | None) -> list[str]:
    if ended is None or not ended.people:
        return []
    lines = []
    if solved := ended.shares.get(End.SOLVED):
        share = number_text(solved, percent)
        lines.append(_("{share} of what was closed was solved.").format(share=share))
    if ended.time:
        lines.append(_median_sentence(ended.time))
    return lines


def _team_line(month: MonthResults, ended: MonthResults | None) -> str:
    parts = [
        _("*{team}*: at least {people} people").format(
            team=short_text(month.team, NAME_LIMIT), people=write_number(month.people)
        )
    ]
    if kind := month.stands_out():
        parts.append(_(MOSTLY[BlockerKind(kind)]))
    if ended and ended.time:
        parts.append(_median(ended.time))
    return " · ".join(parts)


def _median_sentence(time: MedianTime) -> str:
    if _in_days(time):
        text = _("Unblocked in {days} days at the median ({low}–{high}).")
    else:
        text = _("Unblocked in {hours} hours at the median ({low}–{high}).")
    return text.format(**_times(time))


def _median(time: MedianTime) -> str:
    if _in_days(time):
        text = _("unblocked in {days} days at the median ({low}–{high})")
    else:
        text = _("unblocked in {hours} hours at the median ({low}–{high})")
    return text.format(**_times(time))


def _times(time: MedianTime) -> dict[str, str]:
    unit = 24 if _in_days(time) else 1
    times = (time.hours, time.low, time.high)
    median, low, high = (write_number(each / unit, 1) for each in times)
    return {"days": median, "hours": median, "low": low, "high": high}


def _in_days(time: MedianTime) -> bool:
    return time.hours >= 24
