"""How results look in Slack, within its limits for any number of drivers, questions and teams."""

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
from bot.insights.results import (
    GROUPS_ON_A_PAGE,
    GROUPS_SHOWN,
    Group,
    Results,
    Score,
    WaveChoice,
    WaveResults,
)

Item = TypeVar("Item")

SHOW: Final = "insights:show"
"""Start of the ids of buttons that show another part of the results."""
CHOOSE_WAVE: Final = "insights:wave"
BY_PERSON: Final = "insights:by_person"
BY_PERSON_PAGE: Final = "insights:by_person_page"
"""Start of the ids of the two buttons that turn the page."""
BY_PERSON_VIEW: Final = "insights:by_person_view"

FIRST: Final = GROUPS_SHOWN
"""How many lines of a list the overview has."""
ON_A_PAGE: Final = GROUPS_ON_A_PAGE
CHOICES: Final = 5
RUNNING: Final = 5

SEEN_AS_MANAGER: Final = (
    "HR lets managers see the published figures of their own team. Your look is written down, and "
    "everybody can read that with `/pulse record`."
)

_PLURALS: Final = {"team": "teams", "department": "departments", "location": "locations"}


class Part(StrEnum):
    """What of the results is shown."""

    OVERVIEW = "overview"
    DRIVERS = "drivers"
    QUESTIONS = "questions"
    CHOICES = "choices"
    GROUPS = "groups"


@dataclass(frozen=True)
class PagePosition:
    """A page of one part of one wave's results; what a button's value says."""

    wave_id: str
    part: Part = Part.OVERVIEW
    page: int = 0

    def encode(self) -> str:
        """Return the position as a button's value."""
        return f"{self.wave_id}:{self.part}:{self.page}"

    @classmethod
    def decode(cls, value: str) -> "PagePosition":
        """Read a button's value; raise OutdatedError for what is none of ours."""
        try:
            wave_id, part, page = value.split(":")
            return cls(wave_id, Part(part), int(page))
        except ValueError:
            raise OutdatedError from None


def results_message(
    results: Results, part: Part = Part.OVERVIEW, page: int = 0, *, sees_names: bool = False
) -> Message:
    """Show one wave, or say what there will be to see; `sees_names` offers answers by person."""
    wave = results.wave
    if wave is None:
        text = _nothing_yet(results)
        return Message(text, [section(text), *_running(results)])
    if part is Part.OVERVIEW:
        body = [
            *_overview(wave, sees_names),
            *_controls(results, wave, sees_names),
            *_running(results),
        ]
    else:
        body = _page(wave, part, page)
    name = wording.shown(wave.survey_name, wording.NAME)
    return Message(f"Results of {name}: {wording.participation(wave)}.", [*_head(wave), *body])


def team_message(results: TeamResults) -> Message:
    """Show a manager the figures of their own team, and nothing to press."""
    wave = results.wave
    name = wording.shown(wave.survey_name, wording.NAME)
    blocks = [
        header(shorten(wave.survey_name, HEADER_TEXT)),
        context(f"Your team · closed {local_time(wave.closed_at, '{date}')}"),
    ]
    for team in results.teams[:CHOICES]:
        enps = [team.enps] if team.enps else []
        lines = [*wording.enps_lines(enps)]
        lines += [wording.score_line(score) for score in team.scores[:ON_A_PAGE]]
        people = wording.capitalised(wording.of_invited(team.answered, team.invited))
        answered = f"{people} invited people answered"
        blocks += sections(lines or ["No single figure can be shown."], _heading(team, answered))
        if team.scores:
            note = wording.range_note(team.scores, enps, anonymous=wave.anonymous)
            blocks.append(context(note))
    if len(results.teams) > CHOICES:
        blocks.append(context(f"And {len(results.teams) - CHOICES} more teams, which HR can show."))
    blocks.append(context(SEEN_AS_MANAGER))
    return Message(f"Results of {name} in your team.", blocks)


def _heading(team: Group, answered: str) -> str:
    return f"*{wording.shown(team.name, wording.LABEL)}* {answered}"


def _nothing_yet(results: Results) -> str:
    if results.asked_for:
        names = {wording.shown(each.survey_name, wording.NAME) for each in results.running}
        if len(names) == 1:
            return f"*{names.pop()}* has no results yet; they appear when it closes."
        return "These surveys have no results yet; they appear when each one closes."
    text = "There are no results yet. They appear here when a survey has closed."
    if not results.running:
        text += " `/pulse new` starts one."
    return text


def _head(wave: WaveResults) -> list[Block]:
    closed = local_time(wave.closed_at, "{date}")
    kept = "anonymous" if wave.anonymous else "answered with names"
    return [
        header(shorten(wave.survey_name, HEADER_TEXT)),
        context(f"{wording.participation(wave)} · closed {closed} · {kept}"),
    ]


def _overview(wave: WaveResults, sees_names: bool) -> list[Block]:
    if wave.answered is None:
        return [section(wording.too_few(wave, sees_names=sees_names))]
    blocks = sections(wording.enps_lines(wave.enps[:FIRST]))
    blocks += _some("Drivers, the lowest first", wave.drivers, wording.score_line)
    blocks += _some("Single questions, the lowest first", wave.questions, wording.score_line)
    for choice in wave.choices[:CHOICES]:
        blocks += sections(wording.choice_lines(choice))
    if wave.mood:
        blocks.append(section(wording.mood_line(wave.mood)))
    for dimension, groups in _by_dimension(wave).items():
        count = wave.group_counts.get(dimension, len(groups))
        blocks += _some(_PLURALS[dimension].capitalize(), groups, wording.group_line, count)
    if not any((wave.enps, wave.drivers, wave.questions, wave.choices, wave.mood)):
        blocks.append(section(f"No single question has figures: each needs {wave.k} answers."))
    return [*blocks, *_notes(wave)]


def _some(
    heading: str, items: Sequence[Item], write: Callable[[Item], str], count: int | None = None
) -> list[Block]:
    """List the first items, of `count` where not all of them were read."""
    if not items:
        return []
    if (count := count or len(items)) > FIRST:
        heading = f"{heading} ({FIRST} of {count:,})"
    return sections([write(item) for item in items[:FIRST]], f"*{heading}*")


def _by_dimension(wave: WaveResults) -> dict[str, list[Group]]:
    grouped: dict[str, list[Group]] = {}
    for group in wave.groups:
        grouped.setdefault(group.dimension, []).append(group)
    return grouped


def _notes(wave: WaveResults) -> list[Block]:
    notes = []
    if scores := [*wave.drivers, *wave.questions]:
        notes.append(wording.range_note(scores, wave.enps, anonymous=wave.anonymous))
    if wave.hidden and wave.anonymous:
        notes.append(f"{wave.hidden}.")
    return [context(*notes)] if notes else []


def _controls(results: Results, wave: WaveResults, sees_names: bool) -> list[Block]:
    lists = {
        Part.DRIVERS: (len(wave.drivers) > FIRST, f"All {len(wave.drivers)} drivers"),
        Part.QUESTIONS: (len(wave.questions) > FIRST, f"All {len(wave.questions)} questions"),
        Part.CHOICES: (len(wave.choices) > CHOICES, f"All {len(wave.choices)} choices"),
        Part.GROUPS: (
            any(count > FIRST for count in wave.group_counts.values()),
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


def _wave_menu(waves: Sequence[WaveChoice], current: str) -> Block:
    options = {wave.wave_id: _wave_option(wave) for wave in waves}
    initial: dict[str, Any] = {"initial_option": options[current]} if current in options else {}
    return select(
        "static_select",
        CHOOSE_WAVE,
        placeholder="Another survey or an earlier time",
        options=list(options.values()),
        **initial,
    )


def _wave_option(wave: WaveChoice) -> Block:
    day = f" · {wave.held_on.day} {wave.held_on:%b %Y}"
    return option(shorten(wave.survey_name, OPTION_TEXT - len(day)) + day, wave.wave_id)


def _running(results: Results) -> list[Block]:
    if not results.running:
        return []
    lines = [wording.running_line(each) for each in results.running[:RUNNING]]
    if len(results.running) > RUNNING:
        lines.append(f"And {len(results.running) - RUNNING} more.")
    return [divider(), *sections(lines, "*Open now*")]


def _page(wave: WaveResults, part: Part, page: int) -> list[Block]:
    shown = _lines(wave, part)
    is_groups = part is Part.GROUPS
    count = sum(wave.group_counts.values()) if is_groups else len(shown)
    pages = max(1, -(-count // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    if not is_groups:  # Of groups, no more than the page was read.
        shown = shown[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    where = f" (page {page + 1} of {pages})" if pages > 1 else ""
    turns = [
        button(label, f"{SHOW}:{label}", PagePosition(wave.wave_id, part, target).encode())
        for label, target in (("Previous page", page - 1), ("Next page", page + 1))
        if 0 <= target < pages
    ]
    back = button("Back to the overview", SHOW, PagePosition(wave.wave_id).encode())
    return [*sections(shown, f"*{_title(part)}{where}*"), *_notes(wave), actions([*turns, back])]


def _title(part: Part) -> str:
    return {
        Part.DRIVERS: "All drivers, the lowest first",
        Part.QUESTIONS: "All questions, the lowest first",
        Part.CHOICES: "All choices",
    }.get(part, "All groups")


def _lines(wave: WaveResults, part: Part) -> list[str]:
    scores: tuple[Score, ...] = wave.drivers if part is Part.DRIVERS else wave.questions
    if part is Part.CHOICES:
        return [line for choice in wave.choices for line in wording.choice_lines(choice)]
    if part is Part.GROUPS:
        return [
            f"{dimension.capitalize()} {wording.group_line(group)}"
            for dimension, groups in _by_dimension(wave).items()
            for group in groups
        ]
    return [wording.score_line(score) for score in scores]


def by_person_view(page: NamedPage) -> View:
    """Show a page of a named survey's answers, or of its comments."""
    name = wording.shown(page.survey_name, wording.NAME)
    blocks = [context(f"*{name}* was answered with names. Each look at this page is written down.")]
    for person in page.people:
        blocks += _person(person)
    if page.comments:
        blocks.append(section("*What people wrote*, kept without names"))
    for comment in page.comments:
        if comment.question:
            blocks.append(context(wording.shown(comment.question, wording.QUESTION)))
        blocks.append(verbatim(shorten(comment.text, SECTION_TEXT)))
    if not page.people and not page.comments:
        blocks.append(section("Nobody answered."))
    if page.pages > 1:
        blocks.append(_page_turner(page))
    return modal("Answers by person", blocks, callback_id=BY_PERSON_VIEW)


def _person(person: NamedAnswers) -> list[Block]:
    lines = [
        f"{wording.shown(question, wording.QUESTION)} {wording.shown(answer, wording.LABEL)}"
        for question, answer in person.answers
    ]
    return sections(lines, f"*{wording.shown(person.name, wording.NAME)}*")


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
    """Read wave and page from a page button's value; raise OutdatedError for what is not ours."""
    wave_id, _, page = value.partition(":")
    if not wave_id or not page.isdecimal():
        raise OutdatedError
    return wave_id, int(page)
