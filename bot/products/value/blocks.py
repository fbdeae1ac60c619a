"""What came of asking, for HR: each number with its n and with what it counts."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import Block, Message, View, actions, button, context, modal, sections
from bot.insights import wording as figures
from bot.languages import _, _n, marked, plural, write_number
from bot.mentoring.programme.engagement import Difference
from bot.products import wording
from bot.products.board.blocks import BOARD
from bot.products.decisions.blocks import OPEN_BOARD
from bot.products.effects.wording import effect_sentence
from bot.products.value.service import FoundEffect, Participation, Value
from bot.surveys.pure.names import shown_name

TITLE: Final = marked("What came of asking")
EFFECTS_SHOWN: Final = 8
DIFFERENCES_SHOWN: Final = 5
NOTHING: Final = marked(
    "Nothing stood out in the last year, and nobody wrote an item. When something stands out in "
    "published figures, Attune proposes it on the board."
)


def value_view(value: Value) -> View:
    """Show the report in a modal."""
    return modal(_(TITLE), value_blocks(value), callback_id=BOARD)


def value_message(value: Value) -> Message:
    """Send the report to an HR admin, once a month."""
    decided = _("{decided} of {asked} decided, {shipped} done").format(
        decided=value.decided, asked=value.asked, shipped=value.shipped
    )
    row = actions([button(_(OPEN_BOARD), BOARD)])
    return Message(f"{_(TITLE)}: {decided}.", [*value_blocks(value), row])


def value_blocks(value: Value) -> list[Block]:
    """Show each number with its n and its definition."""
    since = context(_("Since {day}. Only HR sees this.").format(day=wording.day_words(value.since)))
    if value.is_empty:
        return [
            *sections([_(NOTHING)], f"*{_(TITLE)}*"),
            *_participation(value.participation),
            since,
        ]
    return [
        *sections(_decisions(value), f"*{_(TITLE)}*"),
        context(
            _(
                "“Asked” counts what stood out in published figures and called for a decision; "
                "“decided” what was answered at least once, always with a reason that people read. "
                "Days run from the publication to the first decision."
            )
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
            _(
                "*Days to a decision* {median_days}, the median of {decided}; "
                "{in_time} of {decided} in the promised time"
            ).format(
                median_days=write_number(value.median_days, 1),
                decided=value.decided,
                in_time=value.in_time,
            )
        )
    lines.append(
        _n(
            "*Done* {count} item of {taken_up} taken up",
            "*Done* {count} items of {taken_up} taken up",
            value.shipped,
        ).format(taken_up=value.taken_up)
    )
    if value.taken_up:
        share = figures.percent(value.from_people / value.taken_up)
        lines.append(
            _(
                "*From people* {from_people} of {taken_up} items ({share}) began with "
                "what people answered, or wrote to HR"
            ).format(from_people=value.from_people, taken_up=value.taken_up, share=share)
        )
    return lines


def _answered(value: Value) -> str:
    if not value.asked:
        return _("*Answered* nothing stood out that called for a decision")
    share = figures.percent(value.decided / value.asked)
    return _("*Answered* {decided} of {asked} with a reason ({share})").format(
        decided=value.decided, asked=value.asked, share=share
    )


def _effects(effects: Sequence[FoundEffect]) -> list[Block]:
    if not effects:
        return [
            context(_("No effect has been looked at yet: “Look for an effect” is on each item."))
        ]
    lines = [
        f"• {wording.problem_words(each.problem)}: "
        f"{effect_sentence(each.effect.label, each.effect.found, each.effect.direction)}"
        for each in effects[:EFFECTS_SHOWN]
    ]
    if more := len(effects[EFFECTS_SHOWN:]):
        lines.append(_("And {more} more.").format(more=write_number(more)))
    clear = sum(bool(each.effect.found and each.effect.found.is_detectable) for each in effects)
    heading = _("*Effects* {clear} of {total} can be told from chance").format(
        clear=clear, total=len(effects)
    )
    note = context(
        _(
            "The change where something was done, less the change in the other teams, with 95 % "
            "intervals. Teams are chosen, not drawn, so this is no proof."
        )
    )
    return [*sections(lines, heading), note]


def _mentoring(value: Value) -> list[Block]:
    lines = []
    if value.matched:
        people = plural(value.matched.n, "person", "people")
        lines.append(_("{people} found a mentor").format(people=people))
    if value.mentoring:
        lines += [_difference(each) for each in value.mentoring.differences[:DIFFERENCES_SHOWN]]
    if not lines:
        return []
    note = _(
        "People in mentoring less the others in their teams, in the latest survey that shows both. "
        "They chose it themselves, so mentoring need not be the reason."
    )
    return [*sections(lines, _("*Mentoring*")), *([context(note)] if value.mentoring else [])]


def _difference(each: Difference) -> str:
    says = (
        _("{name} {size} points ({low} to {high}; at least {mentees} and {others} people)")
        if each.is_enps
        else _("{name} {size} ({low} to {high}; at least {mentees} and {others} people)")
    ).format(
        name=figures.short_text(_(each.label), 120),
        size=_signed(each.points),
        low=_signed(each.low),
        high=_signed(each.high),
        mentees=each.mentees,
        others=each.others,
    )
    if each.is_detectable:
        return says
    return _("{difference}, no detectable difference").format(difference=says)


def _signed(points: float) -> str:
    return f"{'-' if points < 0 else '+'}{write_number(abs(points), 1)}"


def _participation(found: Participation | None) -> list[Block]:
    if found is None:
        return []
    name = figures.short_text(shown_name(found.survey_name), figures.NAME_LIMIT)
    people = figures.capitalised(figures.of_invited(found.answered, found.invited))
    text = _("{people} answered *{name}*, held {day}").format(
        people=people, name=name, day=wording.day_words(found.held_on)
    )
    if found.change:
        change = figures.change_words(found.change, _points)
        text = f"{text}: {change}"
    return sections([text], _("*Taking part*"))


def _points(share: float) -> str:
    return _("{points} points").format(points=write_number(100 * share))
