"""One item with its evidence and history, and what can be done about it."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.blockkit import text
from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    modal,
    section,
    sections,
)
from bot.blockkit.text import local_time, mention
from bot.insights import wording as figures
from bot.languages import DayStyle, _, marked, write_day, write_number
from bot.products import wording
from bot.products.board.blocks import BOARD, OPEN_PRODUCT
from bot.products.items.pure.states import State, choices
from bot.products.items.reading import ItemView, Step
from bot.surveys.pure.names import shown_name

TAKE_UP: Final = "products:take_up"
DECIDE: Final = "products:decide"
REOPEN: Final = "products:reopen"
ASK_MORE: Final = "products:ask_more"
CHANGE: Final = "products:change_item"

TITLE: Final = marked("To improve")
STEPS_SHOWN: Final = 10
WHY_LIMIT: Final = 200
LAST_MINUTE: Final = timedelta(minutes=1)
"""A decision is late from midnight on: the day before it is the promised one."""
PUBLISHED: Final = marked("*What was published*")
FROZEN: Final = marked("These numbers stay here as they were published.")
_BY_HAND: Final = marked("Written by hand: no figures stand behind it.")
_WITHOUT_FIGURES: Final = {
    "people": marked(
        "Somebody wrote to HR about it. The sentence is HR's; nothing here leads to them."
    ),
    "hr": _BY_HAND,
    "manager": _BY_HAND,
}

Origin = tuple[str, int]
"""An item's id and the version that a form or button was made for."""


def item_view(item: ItemView, extra: Sequence[Block] = (), said: str = "") -> View:
    """Show an item with what speaks for it, what was decided, and what can be done now.

    `extra` are blocks about its effect, and `said` reports the last change.
    """
    line = item.line
    blocks = [
        *([section(f"*{said}*")] if said else []),
        section(f"*{wording.problem_words(line.problem)}*"),
        context(*_facts(item)),
        *_evidence(item),
        *_standing(item),
        *extra,
        *_history(item.steps),
        actions(_buttons(item)),
    ]
    return modal(_(TITLE), blocks, callback_id=BOARD)


def encode(item_id: str, version: int) -> str:
    """Write what a form is about, for its private_metadata or a button's value."""
    return json.dumps([item_id, version])


def decode(value: str) -> Origin:
    """Read what `encode` wrote; raise ValueError or TypeError if it is something else."""
    item_id, version = json.loads(value)
    return str(item_id), int(version)


def _facts(item: ItemView) -> list[str]:
    facts = [
        _(wording.ORIGINS[item.line.origin]),
        _("Product: {name}").format(name=figures.short_text(_(item.product_name), 200))
        if item.product_name
        else _("Product: none"),
        _("Looked after by {owner}").format(owner=mention(item.owner_id))
        if item.owner_id
        else _("Looked after by HR"),
    ]
    if item.line.group:
        facts.append(_("About {group}").format(group=figures.short_text(item.line.group, 200)))
    if item.driver_label:
        facts.append(_("Driver: {name}").format(name=figures.short_text(_(item.driver_label), 100)))
    return facts


def _evidence(item: ItemView) -> list[Block]:
    known = item.evidence
    if month := item.of_month:
        share = figures.number_text(month.share, figures.percent)
        line = _("{label}: {share} of at least {people} people").format(
            label=_(month.label), share=share, people=write_number(month.people)
        )
        return [
            section(f"{_(PUBLISHED)}\n• {line}"),
            context(f"{write_day(month.month, DayStyle.MONTH)}. {_(FROZEN)}"),
        ]
    if known is None:
        link = [_("Link: {link}").format(link=f"<{text.encode(item.link)}>")] if item.link else []
        return [context(_(_WITHOUT_FIGURES[item.line.origin]), *link)]
    name = figures.short_text(shown_name(known.survey_name), figures.NAME_LIMIT)
    held = _("*{name}*, held {day}.").format(name=name, day=wording.day_words(known.held_on))
    return [
        *sections(figures.stands_out_lines([known.stands_out]), _(PUBLISHED)),
        context(f"{held} {_(FROZEN)}"),
    ]


def _standing(item: ItemView) -> list[Block]:
    line = item.line
    state = f"*{figures.capitalised(wording.state_words(line))}*"
    if item.decide_by:
        promised = (
            _("A decision was promised by {day}.")
            if line.is_late
            else _("A decision is promised by {day}.")
        ).format(day=local_time(item.decide_by - LAST_MINUTE, "{date}"))
        return [section(f"{state}. {promised}")]
    lines = [state]
    if line.reason:
        lines.append(
            _("Because: {reason}").format(
                reason=figures.short_text(line.reason, wording.REASON_LIMIT)
            )
        )
    return sections(lines)


def _history(steps: Sequence[Step]) -> list[Block]:
    lines = []
    for step in steps[-STEPS_SHOWN:]:
        who = mention(step.by_id) if step.by_id else "Attune"
        why = f": {figures.short_text(step.reason, WHY_LIMIT)}" if step.reason else ""
        state = _(wording.STATE_WORDS[step.state])
        lines.append(f"• {local_time(step.at, '{date}')}: {state}, {who}{why}")
    return sections(lines, _("*What happened*"))


def _buttons(item: ItemView) -> list[Block]:
    origin = encode(item.line.id, item.version)
    row: list[Block] = []
    if item.may_act:
        state = item.line.state
        if state is State.PROPOSED:
            row.append(button(_("Take it up"), TAKE_UP, item.line.id, style="primary"))
        if choices(state):
            label = _("Decide") if item.decide_by else _("Decide anew")
            row.append(button(label, DECIDE, item.line.id))
        else:
            row.append(button(_("Open it again"), REOPEN, origin))
        if state is State.ASKING:
            row.append(button(_("Write the survey"), ASK_MORE, item.line.id, style="primary"))
        row.append(button(_("Change owner or product"), CHANGE, item.line.id))
    if item.product_id:
        row.append(button(_("Back"), OPEN_PRODUCT, item.product_id))
    else:
        row.append(button(_("Back to the board"), BOARD))
    return row
