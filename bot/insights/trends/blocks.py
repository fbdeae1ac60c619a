"""Block Kit for a trend: sentences, a line chart, and the same numbers as a table."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import (
    HEADER_TEXT,
    OPTION_TEXT,
    OPTION_VALUE,
    Block,
    Message,
    actions,
    button,
    context,
    header,
    option,
    section,
    sections,
    select,
)
from bot.blockkit.charts import CHART_POINTS, FEWEST_POINTS, line_chart, numbered_labels
from bot.blockkit.tables import text_tables
from bot.blockkit.text import shorten
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.positions import SHOW, PagePosition
from bot.insights.pure.change import CellChange
from bot.insights.pure.segments import group_in_words
from bot.insights.pure.trend_lines import TrendLine, TrendPoint
from bot.insights.strain_wording import strain_change
from bot.insights.trends.service import MEASURES, Trend
from bot.insights.wave_results import WaveResults
from bot.languages import DayStyle, _, marked, write_day, write_list, write_number
from bot.surveys.pure.names import shown_name

TREND: Final = "insights:trend"
"""Id of the menu that shows a trend."""
COMPANY: Final = marked("Company")
DAYS_NAMED: Final = 4
FEWEST_ESTIMATED: Final = 3
"""With fewer figures, an estimate says little more than they do."""
MENU_OPTIONS: Final = 60
LONG_AGO: Final = 300
"""Days from which on a date needs its year."""
WITHHELD: Final = "—"

ONE_ROUND: Final = marked(
    "There are figures of one round only. A trend appears after the second one."
)
ESTIMATED: Final = marked(
    "The estimate is software's best guess of the true level, from many rounds and teams together."
)
BY_NAME: Final = marked(
    "A group's history goes by its name: renamed, merged or split, it starts anew."
)
TABLE_LEGEND: Final = marked("— is withheld or not there. + means “or more”, − “or less”.")
OTHER_QUESTIONS: Final = marked(
    "An earlier survey of this name asked other questions, so it isn't compared. The menu of "
    "`/pulse results` has its rounds."
)

_SCALE: Final = marked("0 is bad, 10 is good")
_SCALES: Final = {
    "enps": (1, marked("−100 is worst, 100 is best")),
    "strain": (100, marked("people in 100, fewer is better")),
}
"""By what numbers are multiplied in a chart, and what its scale is called."""

Write = Callable[[float], str]


def trend_menu(wave: WaveResults) -> Block:
    """Return the menu of everything in a wave that has a trend; it has something."""
    several = len(wave.enps) > 1
    found = [("driver", each.ref, _(each.label)) for each in wave.drivers]
    found += [("enps", each.ref, _(each.label) if several else "eNPS") for each in wave.enps]
    found += [("question", each.ref, _(each.label)) for each in wave.questions]
    found += [("strain", each.ref, wording.capitalised(_(each.label))) for each in wave.strains]
    options = [
        option(shorten(label, OPTION_TEXT), f"{wave.wave_id}:{measure}:{ref}")
        for measure, ref, label in found[:MENU_OPTIONS]
    ]
    return select("static_select", TREND, placeholder=_("Trend of …"), options=options)


def chosen_trend(value: str) -> tuple[str, str, str]:
    """Return (wave id, measure, reference) of an option; raise OutdatedError if malformed."""
    wave_id, _colon, rest = value.partition(":")
    measure, _colon, ref = rest.partition(":")
    if not wave_id or not ref or measure not in MEASURES or len(value) > OPTION_VALUE:
        raise OutdatedError
    return wave_id, measure, ref


def trend_message(trend: Trend) -> Message:
    """Return a trend with its chart, and the plain version with a table of the same numbers."""
    name = wording.short_text(shown_name(trend.wave.survey_name), wording.NAME_LIMIT)
    label = wording.short_text(trend.label, wording.LABEL_LIMIT)
    top = [
        header(shorten(_("{driver} over time").format(driver=trend.label), HEADER_TEXT)),
        context(f"{name} · {_rounds(trend)}"),
        *sections(trend_sentences(trend)),
    ]
    notes = _notes(trend)
    controls = []
    if trend.wave.scores or trend.wave.enps or trend.wave.strains:
        controls.append(trend_menu(trend.wave))
    controls.append(
        button(_("Back to the overview"), SHOW, PagePosition(trend.wave.wave_id).encode())
    )
    bottom = [*([context(*notes)] if notes else []), actions(controls)]
    chart = _chart(trend)
    if chart is None:
        return Message(
            _("{driver} over time in {survey}.").format(driver=label, survey=name), [*top, *bottom]
        )
    return Message(
        _("{driver} over time in {survey}.").format(driver=label, survey=name),
        [*top, chart, *bottom],
        [*top, *_table(trend), *bottom],
    )


def _change_sentence(name: str, line: TrendLine, change: CellChange | None, measure: str) -> str:
    """Say what a group's figure is now, what it was, and what changed, as a line of mrkdwn."""
    shown, write = line.shown, _writing(measure)
    if not shown:
        return _("*{group}* has no figure.").format(group=name)
    first, last = shown[0], shown[-1]
    parts = [f"*{name}* {_number(last, write)}"]
    if len(shown) > 1:
        parts[0] = _("*{group}* {number}, was {earlier} on {day}").format(
            group=name,
            number=_number(last, write),
            earlier=_number(first, write),
            day=_day(first.held_on, _is_long(shown)),
        )
    if change:
        parts.append(_change(change, measure) if change.detectable else _(wording.NO_CHANGE))
    if line.latest and len(shown) >= FEWEST_ESTIMATED:
        low, high = write(line.latest.low), write(line.latest.high)
        parts.append(
            _("estimate {estimate} ({low} to {high})").format(
                estimate=write(line.latest.value), low=low, high=high
            )
        )
    return " · ".join(parts)


def _writing(measure: str) -> Write:
    """Return how a measure's numbers are written."""
    if measure == "strain":
        return wording.percent
    return wording.signed if measure == "enps" else wording.one_decimal


def _change(change: CellChange, measure: str) -> str:
    if measure == "strain":
        return strain_change(change)
    return wording.change_words(change, write_number if measure == "enps" else wording.one_decimal)


def trend_sentences(trend: Trend) -> list[str]:
    """Say where the company and each team stand, and what changed, as lines of mrkdwn."""
    if len(trend.lines[0].shown) < FEWEST_POINTS:
        return [_(ONE_ROUND)]
    return [
        _change_sentence(_name(line), line, change, trend.measure)
        for line, change in zip(trend.lines, trend.changes, strict=True)
    ]


def _charted(trend: Trend) -> tuple[TrendPoint, ...]:
    """Return the company's points in the chart; rounds without its figure can't be in it."""
    return trend.lines[0].shown[-CHART_POINTS:]


def _chart(trend: Trend) -> Block | None:
    charted = _charted(trend)
    if len(charted) < FEWEST_POINTS:
        return None
    days = [each.held_on for each in charted]
    company = trend.lines[0]
    unit, scale = _SCALES.get(trend.measure, (1, _SCALE))
    drawn = {
        _plain_name(line): _values(line, days, unit) for line in trend.lines if _fits(line, days)
    }
    if len(drawn) == 1 and len(days) >= FEWEST_ESTIMATED:
        levels = {each.held_on: each.level for each in company.points}
        if all(levels[day] is not None for day in days):
            drawn[_("Company, estimated")] = [round(unit * (levels[day] or 0.0), 1) for day in days]
    return line_chart(trend.label, drawn, _day_labels(days), _(scale))


def _fits(line: TrendLine, days: Sequence[date]) -> bool:
    """Return True if a line has a figure or an estimate for each day; Slack draws no gaps."""
    known = {each.held_on for each in line.points if each.number or each.level is not None}
    return known.issuperset(days)


def _values(line: TrendLine, days: Sequence[date], unit: int) -> list[float]:
    of_days = {each.held_on: each for each in line.points}
    return [_value(of_days[day], unit) for day in days]


def _value(point: TrendPoint, unit: int) -> float:
    return round(unit * (point.number.value if point.number else point.level or 0.0), 1)


def _notes(trend: Trend) -> list[str]:
    company, *teams = trend.lines
    charted = _charted(trend)
    if len(charted) < FEWEST_POINTS:
        return [_(OTHER_QUESTIONS)] if trend.has_other_questions else []
    notes = []
    if hidden := [each.held_on for each in company.points if not each.number]:
        notes.append(
            _("No figure of the company on {days}; the line leaves these out.").format(
                days=_days(hidden)
            )
        )
    notes += [note for team in teams if (note := _team_note(team, charted))]
    if older := company.shown[: -len(charted)]:
        write = _writing(trend.measure)
        before = ", ".join(f"{_day(p.held_on, True)} {_number(p, write)}" for p in older)
        notes.append(
            _("The chart has the newest {rounds} rounds. Before: {earlier_ones}.").format(
                rounds=len(charted), earlier_ones=before
            )
        )
    notes += [
        _("The survey paused between {day} and {later_day}: compare across it with care.").format(
            day=_day(before, True), later_day=_day(after, True)
        )
        for before, after in trend.pauses[-1:]
    ]
    if any(len(line.shown) >= FEWEST_ESTIMATED for line in trend.lines):
        notes.append(_(ESTIMATED))
    if teams:
        notes.append(_(BY_NAME))
    if trend.measure == "strain":
        notes += [each.limits for each in trend.wave.strains if each.ref == trend.ref]
    return [*notes, _(OTHER_QUESTIONS)] if trend.has_other_questions else notes


def _team_note(team: TrendLine, charted: Sequence[TrendPoint]) -> str | None:
    """Say which of a team's rounds have no figure, and how the chart shows them."""
    days = [each.held_on for each in charted]
    numbers = {each.held_on for each in team.shown}
    hidden = [day for day in days if day not in numbers]
    name = wording.group_text(team.name)
    if not hidden:
        return None
    if not _fits(team, days):
        since = _day(team.shown[0].held_on, True)
        return _("{group} has figures only since {since}, so it has no line.").format(
            group=name, since=since
        )
    return _("{group} has no figure on {days}; its line shows the estimate there.").format(
        group=name, days=_days(hidden)
    )


def _table(trend: Trend) -> list[Block]:
    """Write every round as a table in code blocks."""
    write = _writing(trend.measure)
    rows = [["Round", *numbered_labels([_plain_name(line) for line in trend.lines])]]
    for number, point in enumerate(trend.lines[0].points):
        cells = [_cell(line.points[number], write) for line in trend.lines]
        rows.append([_day(point.held_on, True), *cells])
    return [*map(section, text_tables(rows)), context(_(TABLE_LEGEND))]


def _cell(point: TrendPoint, write: Write) -> str:
    if point.number is None:
        return WITHHELD
    mark = "−" if point.number.is_least else "+" if point.number.is_most else ""
    return write(point.number.value) + mark


def _rounds(trend: Trend) -> str:
    points = trend.lines[0].points
    if len(points) == 1:
        return _("one round, {day}").format(day=_day(points[0].held_on, True))
    first, last = points[0].held_on, points[-1].held_on
    return _("{rounds} rounds, {first_day} to {last_day}").format(
        rounds=len(points), first_day=_day(first, True), last_day=_day(last, True)
    )


def _plain_name(line: TrendLine) -> str:
    return group_in_words(line.name) if line.name else _(COMPANY)


def _name(line: TrendLine) -> str:
    return wording.group_text(line.name) if line.name else _(COMPANY)


def _number(point: TrendPoint, write: Write) -> str:
    return wording.number_text(point.number, write) if point.number else WITHHELD


def _is_long(points: Sequence[TrendPoint]) -> bool:
    return (points[-1].held_on - points[0].held_on).days > LONG_AGO


def _day_labels(days: Sequence[date]) -> list[str]:
    return [_day(day, (days[-1] - days[0]).days > LONG_AGO) for day in days]


def _day(day: date, with_year: bool) -> str:
    return write_day(day, DayStyle.SHORT if with_year else DayStyle.SHORT_NO_YEAR)


def _days(days: Sequence[date]) -> str:
    """Name the newest few of some days."""
    named = write_list([_day(day, False) for day in days[-DAYS_NAMED:]])
    if len(days) <= DAYS_NAMED:
        return named
    return _("{number} earlier days, {days}").format(number=len(days) - DAYS_NAMED, days=named)
