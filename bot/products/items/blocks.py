"""One item with its evidence and history, and the forms in which it is written and taken up."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    field_input,
    modal,
    option,
    section,
    sections,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import local_time, mention, shorten, storable
from bot.insights import wording as figures
from bot.products import wording
from bot.products.board.blocks import BOARD, OPEN_PRODUCT
from bot.products.board.forms import owner_field
from bot.products.board.service import OWNER_FIELD
from bot.products.items.pure.states import State, choices
from bot.products.items.reading import ItemView, Step
from bot.products.items.service import (
    PROBLEM_FIELD,
    PROBLEM_LENGTH,
    Written,
)
from bot.surveys.pure.bank import load_bank

TAKE_UP: Final = "products:take_up"
DECIDE: Final = "products:decide"
REOPEN: Final = "products:reopen"
ASK_MORE: Final = "products:ask_more"
TAKE_UP_FORM: Final = "products:take_up_form"
WRITE_FORM: Final = "products:write_form"
PRODUCT_FIELD: Final = "products:of_product"
DRIVER_FIELD: Final = "products:driver"
TEAM_FIELD: Final = "products:team"

TITLE: Final = "To improve"
STEPS_SHOWN: Final = 10
WHY_LIMIT: Final = 200
LAST_MINUTE: Final = timedelta(minutes=1)
"""A decision is late from midnight on: the day before it is the promised one."""
FROZEN: Final = "These numbers stay here as they were published."
_NO_DRIVER: Final = "none"

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
    return modal(TITLE, blocks, callback_id=BOARD)


def take_up_form(item: ItemView, products: Sequence[tuple[str, str]]) -> View:
    """Build the form to take up a proposal; `products` are (id, name)."""
    return modal(
        "Take it up",
        [
            _problem_field(item.line.problem),
            _product_field(products, item.product_id),
            owner_field(item.owner_id),
        ],
        callback_id=TAKE_UP_FORM,
        submit="Take it up",
        close="Cancel",
        private_metadata=encode(item.line.id, item.version),
    )


def write_form(
    products: Sequence[tuple[str, str]],
    product_id: str | None,
    teams: Sequence[str] = (),
    problem: str = "",
    driver: str | None = None,
) -> View:
    """Build the form to write an item by hand; `teams` are those of a manager, the first chosen."""
    return modal(
        "Write an item",
        [
            _problem_field(problem),
            *([_team_field(teams)] if teams else []),
            _product_field(products, product_id),
            _driver_field(driver),
            owner_field(None),
        ],
        callback_id=WRITE_FORM,
        submit="Save",
        close="Cancel",
    )


def written_in(view: Mapping[str, Any]) -> Written:
    """Read what was written in either form."""
    state = FormState(view)
    driver = state.one(DRIVER_FIELD)
    return Written(
        problem=storable(state.one(PROBLEM_FIELD)),
        product_id=state.one(PRODUCT_FIELD),
        owner_id=state.one(OWNER_FIELD) or None,
        driver=driver if driver in {each.key for each in load_bank().drivers} else None,
        team=state.one(TEAM_FIELD) or None,
    )


def encode(item_id: str, version: int) -> str:
    """Write what a form is about, for its private_metadata or a button's value."""
    return json.dumps([item_id, version])


def decode(value: str) -> Origin:
    """Read what `encode` wrote; raise ValueError or TypeError if it is something else."""
    item_id, version = json.loads(value)
    return str(item_id), int(version)


def _facts(item: ItemView) -> list[str]:
    facts = [
        f"From {wording.ORIGINS[item.line.origin]}",
        f"Product: {figures.short_text(item.product_name, 200) if item.product_name else 'none'}",
        f"Looked after by {mention(item.owner_id) if item.owner_id else 'HR'}",
    ]
    if item.line.group:
        facts.append(f"About {figures.short_text(item.line.group, 200)}")
    if item.driver_label:
        facts.append(f"Driver: {figures.short_text(item.driver_label, 100)}")
    return facts


def _evidence(item: ItemView) -> list[Block]:
    known = item.evidence
    if known is None:
        return [context("Written by hand: no figures stand behind it.")]
    name = figures.short_text(known.survey_name, figures.NAME_LIMIT)
    return [
        *sections(figures.stands_out_lines([known.stands_out]), "*What was published*"),
        context(f"*{name}*, held {wording.day_words(known.held_on)}. {FROZEN}"),
    ]


def _standing(item: ItemView) -> list[Block]:
    line = item.line
    if item.decide_by:
        verb = "was" if line.is_late else "is"
        text = f"*{figures.capitalised(wording.state_words(line))}*. A decision {verb} promised by "
        return [section(f"{text}{local_time(item.decide_by - LAST_MINUTE, '{date}')}.")]
    lines = [f"*{figures.capitalised(wording.state_words(line))}*"]
    if line.reason:
        lines.append(f"Because: {figures.short_text(line.reason, wording.REASON_LIMIT)}")
    return sections(lines)


def _history(steps: Sequence[Step]) -> list[Block]:
    lines = []
    for step in steps[-STEPS_SHOWN:]:
        who = mention(step.by_id) if step.by_id else "Attune"
        why = f": {figures.short_text(step.reason, WHY_LIMIT)}" if step.reason else ""
        state = wording.STATE_WORDS[step.state]
        lines.append(f"• {local_time(step.at, '{date}')}: {state}, {who}{why}")
    return sections(lines, "*What happened*")


def _buttons(item: ItemView) -> list[Block]:
    origin = encode(item.line.id, item.version)
    row: list[Block] = []
    if item.may_act:
        state = item.line.state
        if state is State.PROPOSED:
            row.append(button("Take it up", TAKE_UP, item.line.id, style="primary"))
        if choices(state):
            label = "Decide" if item.decide_by else "Decide anew"
            row.append(button(label, DECIDE, item.line.id))
        else:
            row.append(button("Open it again", REOPEN, origin))
        if state is State.ASKING:
            row.append(button("Write the survey", ASK_MORE, item.line.id, style="primary"))
    if item.product_id:
        row.append(button("Back", OPEN_PRODUCT, item.product_id))
    else:
        row.append(button("Back to the board", BOARD))
    return row


def _problem_field(problem: str) -> Block:
    return field_input(
        "The problem, in one sentence",
        text_input(PROBLEM_FIELD, max_length=PROBLEM_LENGTH, initial=shorten(problem, 200)),
        block_id=PROBLEM_FIELD,
        hint="People read it when you have decided. Names are hidden.",
    )


def _product_field(products: Sequence[tuple[str, str]], chosen: str | None) -> Block:
    options = [option(shorten(name, 75), product_id) for product_id, name in products]
    element = select("static_select", PRODUCT_FIELD, placeholder="Choose", options=options)
    if initial := next((each for each in options if each["value"] == chosen), None):
        element["initial_option"] = initial
    return field_input("Product", element, block_id=PRODUCT_FIELD)


def _team_field(teams: Sequence[str]) -> Block:
    options = [option(shorten(team, 75), shorten(team, 150)) for team in teams[:100]]
    element = select("static_select", TEAM_FIELD, options=options, initial_option=options[0])
    return field_input("Your team", element, block_id=TEAM_FIELD)


def _driver_field(chosen: str | None) -> Block:
    options = [
        option("None of these", _NO_DRIVER),
        *(option(each.label, each.key) for each in load_bank().drivers),
    ]
    initial = next((each for each in options if each["value"] == chosen), options[0])
    element = select("static_select", DRIVER_FIELD, options=options, initial_option=initial)
    return field_input("What it is about", element, block_id=DRIVER_FIELD)
