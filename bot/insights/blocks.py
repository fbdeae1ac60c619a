"""Block Kit for results, within Slack's limits for any number of drivers and groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.blockkit.blocks import (
    HEADER_TEXT,
    OPTION_TEXT,
    SECTION_TEXT,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    option,
    section,
    sections,
    select,
    verbatim,
)
from bot.blockkit.text import local_time, shorten
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.managers import TeamResults
from bot.insights.named_surveys import NamedAnswers, NamedPage
from bot.insights.wave_results import (
    GROUPS_ON_A_PAGE,
    GROUPS_SHOWN,
    GroupResults,
    Results,
    Score,
    WaveOption,
    WaveResults,
)

Item = TypeVar("Item")

SHOW: Final = "insights:show"
"""Prefix of the ids of buttons that show another part of the results."""
CHOOSE_WAVE: Final = "insights:wave"
BY_PERSON: Final = "insights:by_person"
BY_PERSON_PAGE: Final = "insights:by_person_page"
"""Prefix of the ids of the two paging buttons."""
BY_PERSON_VIEW: Final = "insights:by_person_view"

ITEMS_SHOWN: Final = GROUPS_SHOWN
"""Lines per list in the overview."""
ITEMS_ON_A_PAGE: Final = GROUPS_ON_A_PAGE
CHOICES_SHOWN: Final = 5
TEAMS_SHOWN: Final = 5
RUNNING_SHOWN: Final = 5

SEEN_AS_MANAGER: Final = (
    "HR lets managers see the published figures of their own team. Your look is written down, and "
    "everybody can read that with `/pulse record`."
)

_PLURALS: Final = {"team": "teams", "department": "departments", "location": "locations"}


class ResultsPart(StrEnum):
    """A part of the results that can be shown."""

    OVERVIEW = "overview"
    DRIVERS = "drivers"
    QUESTIONS = "questions"
    CHOICES = "choices"
    GROUPS = "groups"


@dataclass(frozen=True)
class PagePosition:
    """A page of one part of one wave's results, as a button's value holds it."""

    wave_id: str
    part: ResultsPart = ResultsPart.OVERVIEW
    page: int = 0

    def encode(self) -> str:
        """Return it as a button's value."""
        return f"{self.wave_id}:{self.part}:{self.page}"

    @classmethod
    def decode(cls, value: str) -> "PagePosition":
        """Return it from a button's value; raise OutdatedError if that is malformed."""
        try:
            wave_id, part, page = value.split(":")
            return cls(wave_id, ResultsPart(part), int(page))
        except ValueError:
            raise OutdatedError from None


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
    name = wording.short_text(wave.survey_name, wording.NAME_LIMIT)
    return Message(f"Results of {name}: {wording.participation(wave)}.", [*_head(wave), *body])


def team_message(results: TeamResults) -> Message:
    """Return the message with the figures of a manager's own team, without buttons."""
    wave = results.wave
    name = wording.short_text(wave.survey_name, wording.NAME_LIMIT)
    blocks = [
        header(shorten(wave.survey_name, HEADER_TEXT)),
        context(f"Your team · closed {local_time(wave.closed_at, '{date}')}"),
    ]
    for team in results.teams[:TEAMS_SHOWN]:
        enps = [team.enps] if team.enps else []
        lines = [*wording.enps_lines(enps)]
        lines += [wording.score_line(score) for score in team.scores[:ITEMS_ON_A_PAGE]]
        blocks += sections(lines or ["No single figure can be shown."], _heading(team))
        if team.scores:
            note = wording.range_note(team.scores, enps, anonymous=wave.anonymous)
            blocks.append(context(note))
    if len(results.teams) > TEAMS_SHOWN:
        blocks.append(
            context(f"And {len(results.teams) - TEAMS_SHOWN} more teams, which HR can show.")
        )
    blocks.append(context(SEEN_AS_MANAGER))
    return Message(f"Results of {name} in your team.", blocks)


def _heading(team: GroupResults) -> str:
    name = f"*{wording.short_text(team.name, wording.LABEL_LIMIT)}*"
    if team.answered is None or team.invited is None:
        return name
    people = wording.capitalised(wording.of_invited(team.answered, team.invited))
    return f"{name} {people} invited people answered"


def _nothing_yet(results: Results) -> str:
    if results.asked_for:
        names = {
            wording.short_text(each.survey_name, wording.NAME_LIMIT) for each in results.running
        }
        if len(names) == 1:
            return f"*{names.pop()}* has no results yet; they appear when it closes."
        return "These surveys have no results yet; they appear when each one closes."
    text = "There are no results yet. They appear here when a survey has closed."
    return text if results.running else f"{text} HR admins can start one with `/pulse new`."


def _head(wave: WaveResults) -> list[Block]:
    closed = local_time(wave.closed_at, "{date}")
    kept = "anonymous" if wave.anonymous else "answered with names"
    return [
        header(shorten(wave.survey_name, HEADER_TEXT)),
        context(f"{wording.participation(wave)} · closed {closed} · {kept}"),
    ]


def _overview(wave: WaveResults, sees_names: bool) -> list[Block]:
    if wave.is_hidden:
        return [section(wording.too_few(wave, sees_names=sees_names))]
    blocks = stands_out(wave)
    blocks += sections(wording.enps_lines(wave.enps[:ITEMS_SHOWN]))
    blocks += _some("Drivers, the lowest first", wave.drivers, wording.score_line)
    blocks += _some("Single questions, the lowest first", wave.questions, wording.score_line)
    for choice in wave.choices[:CHOICES_SHOWN]:
        blocks += sections(wording.choice_lines(choice))
    if wave.mood:
        blocks.append(section(wording.mood_line(wave.mood)))
    blocks += _some("What people wrote about, found by words", wave.themes, wording.theme_line)
    for dimension, groups in _by_dimension(wave).items():
        count = wave.group_counts.get(dimension, len(groups))
        blocks += _some(_PLURALS[dimension].capitalize(), groups, wording.group_line, count)
    if wave.is_company_pulse:
        if not wave.groups:
            blocks.append(section(wording.nothing_came_out(wave.k)))
    elif not any((wave.enps, wave.drivers, wave.questions, wave.choices, wave.mood, wave.themes)):
        blocks.append(section(f"No single question has figures: each needs {wave.k} answers."))
    return [*blocks, *_notes(wave)]


def stands_out(wave: WaveResults) -> list[Block]:
    """Return what stands out in a wave, groups included; nothing if nothing does."""
    if not wave.stands_out:
        return []
    return sections(wording.stands_out_lines(wave.stands_out), "*What stands out*")


def _some(
    heading: str, items: Sequence[Item], write: Callable[[Item], str], count: int | None = None
) -> list[Block]:
    """List the first items; `count` is the total if not all of them were read."""
    if not items:
        return []
    if (count := count or len(items)) > ITEMS_SHOWN:
        heading = f"{heading} ({ITEMS_SHOWN} of {count:,})"
    return sections([write(item) for item in items[:ITEMS_SHOWN]], f"*{heading}*")


def _by_dimension(wave: WaveResults) -> dict[str, list[GroupResults]]:
    grouped: dict[str, list[GroupResults]] = {}
    for group in wave.groups:
        grouped.setdefault(group.dimension, []).append(group)
    return grouped


def _notes(wave: WaveResults) -> list[Block]:
    notes = []
    if scores := [*wave.drivers, *wave.questions]:
        notes.append(wording.range_note(scores, wave.enps, anonymous=wave.anonymous))
    if wave.weakness:
        notes.append(wording.short_text(wave.weakness, wording.WEAKNESS_LIMIT))
    if wave.hidden and wave.anonymous:
        notes.append(f"{wave.hidden}.")
    return [context(*notes)] if notes else []


def _controls(results: Results, wave: WaveResults, sees_names: bool) -> list[Block]:
    lists = {
        ResultsPart.DRIVERS: (len(wave.drivers) > ITEMS_SHOWN, f"All {len(wave.drivers)} drivers"),
        ResultsPart.QUESTIONS: (
            len(wave.questions) > ITEMS_SHOWN,
            f"All {len(wave.questions)} questions",
        ),
        ResultsPart.CHOICES: (
            len(wave.choices) > CHOICES_SHOWN,
            f"All {len(wave.choices)} choices",
        ),
        ResultsPart.GROUPS: (
            any(count > ITEMS_SHOWN for count in wave.group_counts.values()),
            f"All {sum(wave.group_counts.values()):,} groups",
        ),
    }
    elements = [
        button(label, f"{SHOW}:{part}", PagePosition(wave.wave_id, part).encode())
        for part, (is_needed, label) in lists.items()
        if is_needed
    ]
    if sees_names and not wave.anonymous:
        elements.append(button("Answers by person", BY_PERSON, wave.wave_id))
    if len(results.others) > 1:
        elements.insert(0, _wave_menu(results.others, wave.wave_id))
    return [actions(elements)] if elements else []


def _wave_menu(waves: Sequence[WaveOption], current: str) -> Block:
    options = {wave.wave_id: _wave_option(wave) for wave in waves}
    initial: dict[str, Any] = {"initial_option": options[current]} if current in options else {}
    return select(
        "static_select",
        CHOOSE_WAVE,
        placeholder="Another survey or an earlier time",
        options=list(options.values()),
        **initial,
    )


def _wave_option(wave: WaveOption) -> Block:
    day = f" · {wave.held_on.day} {wave.held_on:%b %Y}"
    return option(shorten(wave.survey_name, OPTION_TEXT - len(day)) + day, wave.wave_id)


def _running(results: Results) -> list[Block]:
    if not results.running:
        return []
    lines = [wording.running_line(each) for each in results.running[:RUNNING_SHOWN]]
    if len(results.running) > RUNNING_SHOWN:
        lines.append(f"And {len(results.running) - RUNNING_SHOWN} more.")
    return [divider(), *sections(lines, "*Open now*")]


def _page(wave: WaveResults, part: ResultsPart, page: int) -> list[Block]:
    shown = _lines(wave, part)
    is_groups = part is ResultsPart.GROUPS
    count = sum(wave.group_counts.values()) if is_groups else len(shown)
    pages = max(1, -(-count // ITEMS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    if not is_groups:  # Only one page of groups was read.
        shown = shown[page * ITEMS_ON_A_PAGE : (page + 1) * ITEMS_ON_A_PAGE]
    where = f" (page {page + 1} of {pages})" if pages > 1 else ""
    turns = [
        button(label, f"{SHOW}:{label}", PagePosition(wave.wave_id, part, target).encode())
        for label, target in (("Previous page", page - 1), ("Next page", page + 1))
        if 0 <= target < pages
    ]
    back = button("Back to the overview", SHOW, PagePosition(wave.wave_id).encode())
    return [*sections(shown, f"*{_title(part)}{where}*"), *_notes(wave), actions([*turns, back])]


def _title(part: ResultsPart) -> str:
    return {
        ResultsPart.DRIVERS: "All drivers, the lowest first",
        ResultsPart.QUESTIONS: "All questions, the lowest first",
        ResultsPart.CHOICES: "All choices",
    }.get(part, "All groups")


def _lines(wave: WaveResults, part: ResultsPart) -> list[str]:
    scores: tuple[Score, ...] = wave.drivers if part is ResultsPart.DRIVERS else wave.questions
    if part is ResultsPart.CHOICES:
        return [line for choice in wave.choices for line in wording.choice_lines(choice)]
    if part is ResultsPart.GROUPS:
        return [
            f"{dimension.capitalize()} {wording.group_line(group)}"
            for dimension, groups in _by_dimension(wave).items()
            for group in groups
        ]
    return [wording.score_line(score) for score in scores]


def by_person_view(page: NamedPage) -> View:
    """Return the modal with a page of a named survey's answers or comments."""
    name = wording.short_text(page.survey_name, wording.NAME_LIMIT)
    blocks = [context(f"*{name}* was answered with names. Each look at this page is written down.")]
    for person in page.people:
        blocks += _person(person)
    if page.comments:
        blocks.append(section("*What people wrote*, kept without names"))
    for comment in page.comments:
        if comment.question:
            blocks.append(context(wording.short_text(comment.question, wording.QUESTION_LIMIT)))
        blocks.append(verbatim(shorten(comment.text, SECTION_TEXT)))
    if not page.people and not page.comments:
        blocks.append(section("Nobody answered."))
    if page.pages > 1:
        blocks.append(_page_turner(page))
    return modal("Answers by person", blocks, callback_id=BY_PERSON_VIEW)


def _person(person: NamedAnswers) -> list[Block]:
    lines = [
        f"{wording.short_text(question, wording.QUESTION_LIMIT)} "
        f"{wording.short_text(answer, wording.LABEL_LIMIT)}"
        for question, answer in person.answers
    ]
    return sections(lines, f"*{wording.short_text(person.name, wording.NAME_LIMIT)}*")


def _page_turner(page: NamedPage) -> Block:
    turns = [
        button(label, f"{BY_PERSON_PAGE}:{number}", f"{page.wave_id}:{number}")
        for label, number in (
            ("Previous page", page.page - 1),
            (f"Next page (of {page.pages})", page.page + 1),
        )
        if 0 <= number < page.pages
    ]
    return actions(turns)


def page_of_people(value: str) -> tuple[str, int]:
    """Return (wave id, page) from a button's value; raise OutdatedError if it is malformed."""
    wave_id, _, page = value.partition(":")
    if not wave_id or not page.isdecimal():
        raise OutdatedError
    return wave_id, int(page)
