"""Block Kit for results, within Slack's limits for any number of drivers and groups."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from bot.blockkit.blocks import (
    HEADER_TEXT,
    OPTION_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    header,
    option,
    section,
    sections,
    select,
)
from bot.blockkit.text import local_time, shorten
from bot.insights import overview_wording, wording
from bot.insights.by_person_blocks import BY_PERSON
from bot.insights.comment_wording import mood_line, theme_line
from bot.insights.group_wording import group_line
from bot.insights.heatmap.blocks import heat_map_button
from bot.insights.missing.blocks import missing_button
from bot.insights.participation_wording import (
    hidden_teams,
    nothing_came_out,
    participation,
    too_few,
)
from bot.insights.positions import SHOW, PagePosition, ResultsPart
from bot.insights.running_wording import running_line
from bot.insights.strain_wording import group_share
from bot.insights.trends.blocks import trend_menu
from bot.insights.wave_results import (
    GROUPS_ON_A_PAGE,
    GROUPS_SHOWN,
    GroupResults,
    Results,
    Score,
    WaveOption,
    WaveResults,
)
from bot.languages import DayStyle, _, _n, marked, write_day, write_number
from bot.surveys.pure.names import shown_name

Item = TypeVar("Item")

CHOOSE_WAVE: Final = "insights:wave"

ITEMS_SHOWN: Final = GROUPS_SHOWN
"""Lines per list in the overview."""
ITEMS_ON_A_PAGE: Final = GROUPS_ON_A_PAGE
OTHERS_SHOWN: Final = 3
"""Groups of a further dimension in the overview."""
CHOICES_SHOWN: Final = 2
THEMES_SHOWN: Final = 3
RUNNING_SHOWN: Final = 5


def results_message(
    results: Results,
    part: ResultsPart = ResultsPart.OVERVIEW,
    page: int = 0,
    *,
    sees_names: bool = False,
) -> Message:
    """Return the message with one wave's results, or with what is still to come.

    `sees_names` adds a button for answers by person.
    """
    wave = results.wave
    if wave is None:
        text = _nothing_yet(results)
        return Message(text, [section(text), *_running(results)])
    if part is ResultsPart.OVERVIEW:
        body = [
            *_overview(wave, sees_names),
            *_controls(results, wave, sees_names),
            *_running(results),
        ]
    else:
        body = _page(wave, part, page)
    name = wording.short_text(shown_name(wave.survey_name), wording.NAME_LIMIT)
    return Message(
        _("Results of {survey}: {people_answered}.").format(
            survey=name, people_answered=participation(wave)
        ),
        [*_head(wave), *body],
    )


def _nothing_yet(results: Results) -> str:
    if results.asked_for:
        names = {
            wording.short_text(shown_name(each.survey_name), wording.NAME_LIMIT)
            for each in results.running
        }
        if len(names) == 1:
            return _("*{survey}* has no results yet; they appear when it closes.").format(
                survey=names.pop()
            )
        return _("These surveys have no results yet; they appear when each one closes.")
    text = _("There are no results yet. They appear here when a survey has closed.")
    if results.running:
        return text
    return " ".join([text, _("HR admins can start one with `/pulse new`.")])


def _head(wave: WaveResults) -> list[Block]:
    closed = _("closed {day}").format(day=local_time(wave.closed_at, "{date}"))
    kept = _("anonymous") if wave.anonymous else _("answered with names")
    return [
        header(shorten(shown_name(wave.survey_name), HEADER_TEXT)),
        context(f"{participation(wave)} · {closed} · {kept}"),
    ]


def _overview(wave: WaveResults, sees_names: bool) -> list[Block]:
    if wave.is_hidden:
        return [section(too_few(wave, sees_names=sees_names))]
    blocks = stands_out(wave)
    blocks += sections(overview_wording.enps_lines(wave.enps[:ITEMS_SHOWN]))
    blocks += sections([overview_wording.strain_line(each) for each in wave.strains])
    heading = _("Drivers, the lowest first") if wave.drivers else _("Questions, the lowest first")
    blocks += _some(heading, wave.scores, overview_wording.score_line)
    for choice in wave.choices[:CHOICES_SHOWN]:
        blocks += sections(wording.choice_lines(choice))
    for number, (dimension, groups) in enumerate(_by_dimension(wave).items()):
        shown = OTHERS_SHOWN if number else ITEMS_SHOWN
        blocks += _some(
            _("{teams}, the lowest first").format(teams=wording.dimensions_text(dimension)),
            groups,
            partial(overview_wording.group_line, company=wave.scores),
            wave.group_counts.get(dimension, len(groups)),
            shown,
        )
    written = [mood_line(wave.mood)] if wave.mood else []
    if wave.themes:
        written.append(overview_wording.themes_line(wave.themes[:THEMES_SHOWN]))
    blocks += sections(written)
    if wave.is_company_pulse:
        if not wave.groups:
            blocks.append(section(nothing_came_out(wave.k)))
    elif not any(
        (
            *(wave.enps, wave.drivers, wave.questions, wave.choices),
            *(wave.strains, wave.mood, wave.themes),
        )
    ):
        blocks.append(
            section(
                _("No single question has figures: each needs {least} answers.").format(
                    least=wave.k
                )
            )
        )
    return [*blocks, *_overview_notes(wave)]


def stands_out(wave: WaveResults) -> list[Block]:
    """Return what stands out in a wave, groups included; nothing if nothing does."""
    if not wave.stands_out:
        return []
    return sections(wording.stands_out_lines(wave.stands_out), _("*What stands out*"))


def _some(
    heading: str,
    items: Sequence[Item],
    write: Callable[[Item], str],
    count: int | None = None,
    shown: int = ITEMS_SHOWN,
) -> list[Block]:
    """List the first items; `count` is the total if not all of them were read."""
    if not items:
        return []
    if (count := count or len(items)) > shown:
        heading = _("{heading} ({shown} of {count})").format(
            heading=heading, shown=shown, count=write_number(count)
        )
    return sections([write(item) for item in items[:shown]], f"*{heading}*")


def _by_dimension(wave: WaveResults) -> dict[str, list[GroupResults]]:
    grouped: dict[str, list[GroupResults]] = {}
    for group in wave.groups:
        grouped.setdefault(group.dimension, []).append(group)
    return grouped


def _overview_notes(wave: WaveResults) -> list[Block]:
    notes = [_(overview_wording.NOTE)] if wave.scores or wave.enps else []
    if (notes or wave.strains) and wave.anonymous:
        notes.append(_(wording.STEPS))
    return _with_warnings(notes, wave)


def _notes(wave: WaveResults) -> list[Block]:
    notes = []
    if scores := [*wave.drivers, *wave.questions]:
        notes.append(wording.range_note(scores, wave.enps, anonymous=wave.anonymous))
    return _with_warnings(notes, wave)


def _with_warnings(notes: list[str], wave: WaveResults) -> list[Block]:
    """Return the small print, with what the figures cannot say."""
    notes += [each.limits for each in wave.strains if each.limits]
    if wave.weakness:
        notes.append(wording.short_text(wave.weakness, wording.WEAKNESS_LIMIT))
    if wave.hidden and wave.anonymous:
        notes.append(hidden_teams(wave.hidden))
    return [context(*notes)] if notes else []


def _controls(results: Results, wave: WaveResults, sees_names: bool) -> list[Block]:
    """Return the ways on: menus, other views of the same figures, then the full lists."""
    menus = [_wave_menu(results.others, wave.wave_id)] if len(results.others) > 1 else []
    rounds = sum(each.survey_name == wave.survey_name for each in results.others)
    if rounds > 1 and (wave.scores or wave.enps or wave.strains):
        menus.append(trend_menu(wave))
    elements = [heat_map_button(wave.wave_id)] if wave.scores and wave.group_counts else []
    elements += [
        button(label, f"{SHOW}:{part}", PagePosition(wave.wave_id, part).encode())
        for part, label in _full_lists(wave)
    ]
    if wave.anonymous and wave.answered is not None and (wave.group_counts or wave.hidden):
        elements.append(missing_button(wave.wave_id))
    if sees_names and not wave.anonymous:
        elements.append(button(_("Answers by person"), BY_PERSON, wave.wave_id))
    return [actions(each) for each in (menus, elements) if each]


def _full_lists(wave: WaveResults) -> list[tuple[ResultsPart, str]]:
    """Return the lists that say more than the overview, with the names of their buttons."""
    groups = sum(wave.group_counts.values())
    lists = (
        (ResultsPart.DRIVERS, wave.drivers, _("All drivers")),
        (ResultsPart.QUESTIONS, wave.questions, _("All questions")),
        (
            ResultsPart.CHOICES,
            wave.choices[CHOICES_SHOWN:],
            _("All {number} choices").format(number=len(wave.choices)),
        ),
        (ResultsPart.THEMES, wave.themes, _("Themes of comments")),
        (
            ResultsPart.GROUPS,
            groups,
            _("All {number} groups").format(number=write_number(groups))
            if groups > 1
            else _("The group"),
        ),
    )
    return [(part, label) for part, items, label in lists if items]


def _wave_menu(waves: Sequence[WaveOption], current: str) -> Block:
    options = {wave.wave_id: _wave_option(wave) for wave in waves}
    initial: dict[str, Any] = {"initial_option": options[current]} if current in options else {}
    return select(
        "static_select",
        CHOOSE_WAVE,
        placeholder=_("Another survey or an earlier time"),
        options=list(options.values()),
        **initial,
    )


def _wave_option(wave: WaveOption) -> Block:
    day = f" · {write_day(wave.held_on, DayStyle.SHORT)}"
    return option(shorten(shown_name(wave.survey_name), OPTION_TEXT - len(day)) + day, wave.wave_id)


def _running(results: Results) -> list[Block]:
    if not results.running:
        return []
    lines = [running_line(each) for each in results.running[:RUNNING_SHOWN]]
    if len(results.running) > RUNNING_SHOWN:
        more = len(results.running) - RUNNING_SHOWN
        lines.append(_n("And {count} more.", "And {count} more.", more))
    return [divider(), *sections(lines, _("*Open now*"))]


def _page(wave: WaveResults, part: ResultsPart, page: int) -> list[Block]:
    shown = _lines(wave, part)
    is_groups = part is ResultsPart.GROUPS
    count = sum(wave.group_counts.values()) if is_groups else len(shown)
    pages = max(1, -(-count // ITEMS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    if not is_groups:  # Only one page of groups was read.
        shown = shown[page * ITEMS_ON_A_PAGE : (page + 1) * ITEMS_ON_A_PAGE]
    title = _title(part)
    if pages > 1:
        title = _("{title} (page {page} of {pages})").format(
            title=title, page=page + 1, pages=pages
        )
    turns = [
        button(_(label), f"{SHOW}:{label}", PagePosition(wave.wave_id, part, target).encode())
        for label, target in ((marked("Previous page"), page - 1), (marked("Next page"), page + 1))
        if 0 <= target < pages
    ]
    back = button(_("Back to the overview"), SHOW, PagePosition(wave.wave_id).encode())
    return [*sections(shown, f"*{title}*"), *_notes(wave), actions([*turns, back])]


def _whole_line(group: GroupResults) -> str:
    line = group_line(group)
    return f"{line} · {group_share(group.strain)}" if group.strain else line


def _title(part: ResultsPart) -> str:
    return {
        ResultsPart.DRIVERS: _("All drivers, the lowest first"),
        ResultsPart.QUESTIONS: _("All questions, the lowest first"),
        ResultsPart.CHOICES: _("All choices"),
        ResultsPart.THEMES: _("What people wrote about, found by words"),
    }.get(part, _("All groups, the lowest first"))


def _lines(wave: WaveResults, part: ResultsPart) -> list[str]:
    scores: tuple[Score, ...] = wave.drivers if part is ResultsPart.DRIVERS else wave.questions
    if part is ResultsPart.CHOICES:
        return [line for choice in wave.choices for line in wording.choice_lines(choice)]
    if part is ResultsPart.THEMES:
        return [theme_line(theme) for theme in wave.themes]
    if part is ResultsPart.GROUPS:
        return [
            f"{wording.dimension_text(dimension)} {_whole_line(group)}"
            for dimension, groups in _by_dimension(wave).items()
            for group in groups
        ]
    return [wording.score_line(score) for score in scores]
