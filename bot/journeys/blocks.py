"""What people and HR read about journeys."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    modal,
    section,
    sections,
    select,
)
from bot.blockkit.text import encode, mention
from bot.journeys.milestones import MilestoneLine
from bot.journeys.pure.milestones import MILESTONES, Choice, Journey, Step
from bot.journeys.service import Arrival, Overview, Walk
from bot.languages import DayStyle, _, marked, plural, write_day, write_list, write_weekday
from bot.surveys.pure.names import shown_name

VIEW: Final = "journeys:view"
START: Final = "journeys:start"
BACK: Final = "journeys:back"
OPEN: Final = "journeys:open"
PERSON: Final = "journeys:person"
CONFIRM: Final = "journeys:confirm"
CHANGE: Final = "journeys:change"
PREVIEW: Final = "journeys:preview"
TITLE: Final = marked("Journeys")
LINES: Final = 20
ARRIVALS: Final = 5

ABOUT: Final = marked(
    "*The first ninety days, leaving, and coming back*\n"
    "I welcome newcomers on their first day, and ask a few questions after a week and on days 30, "
    "60 and 90. I ask people a week before they leave, and on days 7, 30 and 90 after a long leave."
)
HOW_IT_WAITS: Final = marked(
    "Each answer waits, sealed, until at least {k} people have answered at the same milestone. I "
    "look each time another {twice_k} have been asked, so the day tells you nothing about anybody. "
    "Then their results come out together, and the next answers wait for others. Comments come out "
    "with such results once at least {twice_k} people have written one. What waits for a year is "
    "deleted unread."
)
NAMES_ONLY: Final = marked(
    "Names and dates only: nobody can see whether somebody answered. Waiting for enough answers: "
    "until a batch comes out in `/pulse results`, that is all there is to see, without a count."
)
DATES_FROM: Final = marked(
    "The dates hired_on, leaves_on and back_on come from the file of `/pulse people`, or from here."
)


def welcome_message(
    employee_id: str,
    choices: Mapping[str, Choice],
    k: int,
    privacy_page: str | None,
    buddy: str = "",
) -> Message:
    """Welcome a newcomer, and tell them when they will be asked.

    `buddy` is a sentence about their buddy; empty without one.
    """
    days = [
        each.after.days + 1
        for each in MILESTONES
        if each.journey is Journey.JOINED
        and each.asks
        and each.key in choices
        and choices[each.key].is_on
    ]
    text = _("Welcome, {employee}! I am Attune.").format(employee=mention(employee_id))
    why = _("I am here to hear how it goes for you. There is nothing to do now.")
    blocks = [section(f"{text} {why}")]
    if buddy:
        blocks.append(section(buddy))
    if days:
        more = (
            _("`/pulse privacy` or <{page}|this page>").format(page=encode(privacy_page))
            if privacy_page
            else "`/pulse privacy`"
        )
        blocks += [
            section(
                _(
                    "I'll ask you a few short questions on day {days}. Each answer waits "
                    "until at least {k} people have answered at the same point. Then HR "
                    "sees their results together, never who answered what."
                ).format(days=write_list([str(day) for day in days]), k=k)
            ),
            context(_("Learn more: {more}.").format(more=more)),
        ]
    return Message(text, blocks)


def path_home_blocks(walk: Walk | None) -> list[Block]:
    """Show a person's own path on the Home tab; nothing without a milestone to come."""
    if walk is None or walk.is_paused or not walk.coming:
        return []
    return sections(path_lines(walk), _("*Your path*"))


def overview_view(found: Overview, said: str = "", more: Sequence[Block] = ()) -> View:
    """Show HR who is on which milestone; `more` stands below what goes out this week."""
    waits = _(HOW_IT_WAITS).format(k=found.k, twice_k=2 * found.k)
    if not found.milestones:
        blocks = [
            section(_(ABOUT)),
            section(waits),
            actions([button(_("Start journeys"), START, style="primary")]),
            context(_("Everything can be changed or switched off afterwards.")),
        ]
        return modal(_(TITLE), blocks, callback_id=VIEW)
    week = [
        f"• {_day(max(step.on, found.today), found.today)}: {_who(walk, step)}"
        for step, walk in found.this_week()
    ]
    people = [_next_line(walk) for walk in found.walks]
    blocks = [
        *([context(said)] if said else []),
        *sections(_some(week) or [_("Nothing.")], _("*Goes out this week*")),
        *more,
        *sections(_some(people) or [_("Nobody just now.")], _("*Who is on which milestone*")),
        actions([select("users_select", PERSON, placeholder=_("Dates and path of a person"))]),
        *_arrivals(found.arrivals, found.today),
        divider(),
        section(_("*Milestones*")),
        *(_milestone(each) for each in found.milestones),
        context(waits),
        context(_(NAMES_ONLY), _(DATES_FROM)),
    ]
    return modal(_(TITLE), blocks, callback_id=VIEW)


def preview_view(line: MilestoneLine, messages: Sequence[Block]) -> View:
    """Show a milestone as a newcomer gets it."""
    heading = _("*{name}*, as people get it. The buttons do nothing here.").format(
        name=shown_name(line.milestone.name)
    )
    back = actions([button(_("Back"), BACK)])
    return modal(_("Preview"), [section(heading), divider(), *messages, back], callback_id=VIEW)


def path_lines(walk: Walk) -> list[str]:
    """List a person's milestones with their days: those passed and those to come."""
    lines = [
        f"{'✓' if step.is_passed else '•'} {shown_name(step.milestone.name)}: "
        f"{_day(step.on, walk.today)}"
        for step in walk.steps
        if step.is_passed or step in walk.coming
    ]
    return lines or [_("No milestone is to come.")]


def _next_line(walk: Walk) -> str:
    step = walk.coming[0]
    line = f"• {_who(walk, step)}, {_day(step.on, walk.today)}"
    return _("{line}, paused").format(line=line) if walk.is_paused else line


def _who(walk: Walk, step: Step) -> str:
    return f"{mention(walk.employee_id)} {shown_name(step.milestone.name)}"


def _some(lines: list[str]) -> list[str]:
    left = len(lines) - LINES
    return [*lines[:LINES], _("And {more} more.").format(more=left)] if left > 0 else lines


def _arrivals(arrivals: Sequence[Arrival], today: date) -> list[Block]:
    if not arrivals:
        return []
    rows = [
        section(
            _("{employee} joined Slack on {day}. Was that the first day?").format(
                employee=mention(each.employee_id), day=_day(each.seen_on, today)
            ),
            button(_("Yes, first day"), CONFIRM, each.employee_id),
        )
        for each in arrivals[:ARRIVALS]
    ]
    left = len(arrivals) - ARRIVALS
    more = (
        [context(_("And {more} more. Choose them above for another date.").format(more=left))]
        if left > 0
        else []
    )
    return [section(_("*Without a first day*")), *rows, *more]


def _milestone(line: MilestoneLine) -> Block:
    choice = line.choice
    state = _("off")
    if choice.is_on:
        ask_at = f"{choice.ask_at:%H:%M}"
        if choice.weekday is None:
            state = _("next working day at {time}").format(time=ask_at)
        else:
            weekday = write_weekday(choice.weekday)
            state = _("next {weekday} at {time}").format(weekday=weekday, time=ask_at)
        if line.milestone.asks:
            state += f", {plural(len(line.questions), 'question')}"
    text = f"*{shown_name(line.milestone.name)}*: {state}"
    return section(text, button(_("Change"), CHANGE, line.milestone.key))


def _day(day: date, today: date) -> str:
    words = write_day(day, DayStyle.SHORT_WEEKDAY)
    if day.year == today.year:
        return words
    return _("{day_and_month} {year}").format(day_and_month=words, year=day.year)
