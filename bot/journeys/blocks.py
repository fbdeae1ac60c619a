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
from bot.blockkit.text import encode, mention, plural
from bot.journeys.milestones import MilestoneLine
from bot.journeys.pure.milestones import MILESTONES, Choice, Journey, Step
from bot.journeys.service import Arrival, Overview, Walk
from bot.surveys.pure.schedule import DAYS

VIEW: Final = "journeys:view"
START: Final = "journeys:start"
BACK: Final = "journeys:back"
OPEN: Final = "journeys:open"
PERSON: Final = "journeys:person"
CONFIRM: Final = "journeys:confirm"
CHANGE: Final = "journeys:change"
PREVIEW: Final = "journeys:preview"
TITLE: Final = "Journeys"
LINES: Final = 20
ARRIVALS: Final = 5

ABOUT: Final = (
    "*The first ninety days, leaving, and coming back*\n"
    "I welcome newcomers on their first day, and ask a few questions after a week and on days 30, "
    "60 and 90. I ask people a week before they leave, and on days 7, 30 and 90 after a long leave."
)
HOW_IT_WAITS: Final = (
    "Each answer waits, sealed, until at least {k} people have answered at the same milestone. I "
    "look each time another {twice_k} have been asked, so the day tells you nothing about anybody. "
    "Then their results come out together, and the next answers wait for others. Comments come out "
    "with such results once at least {twice_k} people have written one. What waits for a year is "
    "deleted unread."
)
NAMES_ONLY: Final = (
    "Names and dates only: nobody can see whether somebody answered. Waiting for enough answers: "
    "until a batch comes out in `/pulse results`, that is all there is to see, without a count."
)
DATES_FROM: Final = (
    "The dates hired_on, leaves_on and back_on come from `python -m bot people import`, or from "
    "here."
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
    text = f"Welcome, {mention(employee_id)}! I am Attune."
    blocks = [section(f"{text} I am here to hear how it goes for you. There is nothing to do now.")]
    if buddy:
        blocks.append(section(buddy))
    if days:
        more = f" or <{encode(privacy_page)}|this page>" if privacy_page else ""
        blocks += [
            section(
                f"I'll ask you a few short questions on day {_list(days)}. Each answer waits until "
                f"at least {k} people have answered at the same point. Then HR sees their results "
                "together, never who answered what."
            ),
            context(f"Learn more: `/pulse privacy`{more}."),
        ]
    return Message(text, blocks)


def path_home_blocks(walk: Walk | None) -> list[Block]:
    """Show a person's own path on the Home tab; nothing without a milestone to come."""
    if walk is None or walk.is_paused or not walk.coming:
        return []
    return sections(path_lines(walk), "*Your path*")


def overview_view(found: Overview, said: str = "", more: Sequence[Block] = ()) -> View:
    """Show HR who is on which milestone; `more` stands below what goes out this week."""
    waits = HOW_IT_WAITS.format(k=found.k, twice_k=2 * found.k)
    if not found.milestones:
        blocks = [
            section(ABOUT),
            section(waits),
            actions([button("Start journeys", START, style="primary")]),
            context("Everything can be changed or switched off afterwards."),
        ]
        return modal(TITLE, blocks, callback_id=VIEW)
    week = [
        f"• {_day(max(step.on, found.today), found.today)}: {_who(walk, step)}"
        for step, walk in found.this_week()
    ]
    people = [_next_line(walk) for walk in found.walks]
    blocks = [
        *([context(said)] if said else []),
        *sections(_some(week) or ["Nothing."], "*Goes out this week*"),
        *more,
        *sections(_some(people) or ["Nobody just now."], "*Who is on which milestone*"),
        actions([select("users_select", PERSON, placeholder="Dates and path of a person")]),
        *_arrivals(found.arrivals, found.today),
        divider(),
        section("*Milestones*"),
        *(_milestone(each) for each in found.milestones),
        context(waits),
        context(NAMES_ONLY, DATES_FROM),
    ]
    return modal(TITLE, blocks, callback_id=VIEW)


def preview_view(line: MilestoneLine, messages: Sequence[Block]) -> View:
    """Show a milestone as a newcomer gets it."""
    heading = f"*{line.milestone.name}*, as people get it. The buttons do nothing here."
    back = actions([button("Back", BACK)])
    return modal("Preview", [section(heading), divider(), *messages, back], callback_id=VIEW)


def path_lines(walk: Walk) -> list[str]:
    """List a person's milestones with their days: those passed and those to come."""
    lines = [
        f"{'✓' if step.is_passed else '•'} {step.milestone.name}: {_day(step.on, walk.today)}"
        for step in walk.steps
        if step.is_passed or step in walk.coming
    ]
    return lines or ["No milestone is to come."]


def _next_line(walk: Walk) -> str:
    step, paused = walk.coming[0], ", paused" if walk.is_paused else ""
    return f"• {_who(walk, step)}, {_day(step.on, walk.today)}{paused}"


def _who(walk: Walk, step: Step) -> str:
    return f"{mention(walk.employee_id)} {step.milestone.name}"


def _some(lines: list[str]) -> list[str]:
    left = len(lines) - LINES
    return [*lines[:LINES], f"And {left} more."] if left > 0 else lines


def _arrivals(arrivals: Sequence[Arrival], today: date) -> list[Block]:
    if not arrivals:
        return []
    rows = [
        section(
            f"{mention(each.employee_id)} joined Slack on {_day(each.seen_on, today)}. Was that "
            "the first day?",
            button("Yes, first day", CONFIRM, each.employee_id),
        )
        for each in arrivals[:ARRIVALS]
    ]
    left = len(arrivals) - ARRIVALS
    more = [context(f"And {left} more. Choose them above for another date.")] if left > 0 else []
    return [section("*Without a first day*"), *rows, *more]


def _milestone(line: MilestoneLine) -> Block:
    choice = line.choice
    state = "off"
    if choice.is_on:
        day = "next working day" if choice.weekday is None else f"next {DAYS[choice.weekday]}"
        state = f"{day} at {choice.ask_at:%H:%M}"
        if line.milestone.asks:
            state += f", {plural(len(line.questions), 'question')}"
    text = f"*{line.milestone.name}*: {state}"
    return section(text, button("Change", CHANGE, line.milestone.key))


def _day(day: date, today: date) -> str:
    words = f"{day:%a} {day.day} {day:%b}"
    return words if day.year == today.year else f"{words} {day.year}"


def _list(days: Sequence[int]) -> str:
    *first, last = map(str, days)
    return f"{', '.join(first)} and {last}" if first else last
