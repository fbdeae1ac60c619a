"""What came of asking, for HR: each number with its n and with what it counts."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import Block, Message, View, actions, button, context, modal, sections
from bot.blockkit.text import plural
from bot.insights import wording as figures
from bot.mentoring.programme.engagement import Difference
from bot.products import wording
from bot.products.board.blocks import BOARD
from bot.products.decisions.blocks import OPEN_BOARD
from bot.products.effects.wording import effect_sentence
from bot.products.value.service import FoundEffect, Participation, Value

TITLE: Final = "What came of asking"
EFFECTS_SHOWN: Final = 8
DIFFERENCES_SHOWN: Final = 5
NOTHING: Final = (
    "Nothing stood out in the last year, and nobody wrote an item. When something stands out in "
    "published figures, Attune proposes it on the board."
)


def value_view(value: Value) -> View:
    """Show the report in a modal."""
    return modal(TITLE, value_blocks(value), callback_id=BOARD)


def value_message(value: Value) -> Message:
    """Send the report to an HR admin, once a month."""
    decided = f"{value.decided} of {value.asked} decided, {value.shipped} done"
    row = actions([button(OPEN_BOARD, BOARD)])
    return Message(f"{TITLE}: {decided}.", [*value_blocks(value), row])


def value_blocks(value: Value) -> list[Block]:
    """Show each number with its n and its definition."""
    since = context(f"Since {wording.day_words(value.since)}. Only HR sees this.")
    if value.is_empty:
        return [*sections([NOTHING], f"*{TITLE}*"), *_participation(value.participation), since]
    return [
        *sections(_decisions(value), f"*{TITLE}*"),
        context(
            "“Asked” counts what stood out in published figures and called for a decision; "
            "“decided” what was answered at least once, always with a reason that people read. "
            "Days run from the publication to the first decision."
        ),
        *_effects(value.effects),
        *_mentoring(value),
        *_participation(value.participation),
        since,
    ]


def _decisions(value: Value) -> list[str]:
    lines = [_answered(value)]
    if value.median_days is not None:
        lines.append(
            f"*Days to a decision* {value.median_days:.1f}, the median of {value.decided}; "
            f"{value.in_time} of {value.decided} in the promised time"
        )
    lines.append(f"*Done* {plural(value.shipped, 'item')} of {value.taken_up} taken up")
    if value.taken_up:
        share = figures.percent(value.from_people / value.taken_up)
        lines.append(
            f"*From people* {value.from_people} of {value.taken_up} items ({share}) began with "
            "what people answered, or wrote to HR"
        )
    return lines


def _answered(value: Value) -> str:
    if not value.asked:
        return "*Answered* nothing stood out that called for a decision"
    share = figures.percent(value.decided / value.asked)
    return f"*Answered* {value.decided} of {value.asked} with a reason ({share})"


def _effects(effects: Sequence[FoundEffect]) -> list[Block]:
    if not effects:
        return [context("No effect has been looked at yet: “Look for an effect” is on each item.")]
    lines = [
        f"• {wording.problem_words(each.problem)}: "
        f"{effect_sentence(each.effect.label, each.effect.found, each.effect.direction)}"
        for each in effects[:EFFECTS_SHOWN]
    ]
    if len(effects) > EFFECTS_SHOWN:
        lines.append(f"And {len(effects) - EFFECTS_SHOWN} more.")
    clear = sum(bool(each.effect.found and each.effect.found.is_detectable) for each in effects)
    heading = f"*Effects* {clear} of {len(effects)} can be told from chance"
    note = context(
        "The change where something was done, less the change in the other teams, with 95 % "
        "intervals. Teams are chosen, not drawn, so this is no proof."
    )
    return [*sections(lines, heading), note]


def _mentoring(value: Value) -> list[Block]:
    lines = []
    if value.matched:
        people = plural(value.matched.n, "person", "people")
        lines.append(f"{people} found a mentor")
    if value.mentoring:
        lines += [_difference(each) for each in value.mentoring.differences[:DIFFERENCES_SHOWN]]
    if not lines:
        return []
    note = (
        "People in mentoring less the others in their teams, in the latest survey that shows both. "
        "They chose it themselves, so mentoring need not be the reason."
    )
    return [*sections(lines, "*Mentoring*"), *([context(note)] if value.mentoring else [])]


def _difference(each: Difference) -> str:
    unit = " points" if each.is_enps else ""
    clear = "" if each.is_detectable else f", {figures.NO_CHANGE.replace('change', 'difference')}"
    return (
        f"{figures.short_text(each.label, 120)} {each.points:+.1f}{unit} ({each.low:+.1f} to "
        f"{each.high:+.1f}; at least {each.mentees} and {each.others} people){clear}"
    )


def _participation(found: Participation | None) -> list[Block]:
    if found is None:
        return []
    name = figures.short_text(found.survey_name, figures.NAME_LIMIT)
    people = figures.capitalised(figures.of_invited(found.answered, found.invited))
    text = f"{people} answered *{name}*, held {wording.day_words(found.held_on)}"
    if found.change:
        change = figures.change_words(found.change, _points)
        text += f": {change}"
    return sections([text], "*Taking part*")


def _points(share: float) -> str:
    return f"{100 * share:.0f} points"
