"""The form of a decision, and how people will read it before it is sent."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    context,
    divider,
    field_input,
    modal,
    option,
    section,
    sections,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.languages import _, marked
from bot.products import wording
from bot.products.decisions.service import (
    CHOICE_FIELD,
    REASON_FIELD,
    REASON_LENGTH,
    UNTIL_FIELD,
    Decision,
    Reading,
)
from bot.products.items.pure.states import State, choices
from bot.products.items.reading import ItemView

DECISION_FORM: Final = "products:decision_form"
_CHOICES: Final = {
    State.DOING: marked("We do something about it now"),
    State.LATER: marked("We decide later, on the day below"),
    State.WONT: marked("We won't, for the reason below"),
    State.ASKING: marked("We ask people more about it first"),
    State.SHIPPED: marked("It is done"),
}
_HINTS: Final = marked(
    "Everybody who was asked reads this, once. Say what happens and why, or what you have done, in "
    "your own words. Names are hidden."
)


def decision_form(item: ItemView) -> View:
    """Build the form to decide about an item."""
    offered = choices(item.line.state)
    decision = Decision(offered[0], "")
    return _form(item.line.problem, item, offered, decision, [], shown=None)


def check_form(item: ItemView, typed: Decision, reading: Reading) -> View:
    """Build the form again with what people will read of it, and a button that sends it.

    The fields keep their ids, so that what was typed stays in them.
    """
    decision = reading.decision
    told = wording.told_lines(
        reading.problem,
        decision.state,
        decision.until,
        decision.reason,
        from_people=reading.from_people,
    )
    hidden = (
        _("I hide what is in [brackets].") if reading.is_masked else _("I found no name to hide.")
    )
    head: list[Block] = [
        *sections(told, _("*This is how people will read it:*")),
        context(
            " ".join(
                [
                    hidden,
                    _("Nothing is stored yet. Send it, or change it here and look once more."),
                ]
            )
        ),
        divider(),
    ]
    return _form(reading.problem, item, choices(item.line.state), typed, head, shown=typed)


def decision_in(view: Mapping[str, Any]) -> tuple[str, int, Decision, bool]:
    """Read item, version and decision; True if exactly this was shown as people will read it.

    Raises ValueError, TypeError or LookupError for what no form of ours holds.
    """
    item_id, version, shown = json.loads(view["private_metadata"])
    state = FormState(view)
    day = state.one(UNTIL_FIELD)
    decision = Decision(
        State(state.one(CHOICE_FIELD)),
        state.one(REASON_FIELD),
        date.fromisoformat(day) if day else None,
    )
    return str(item_id), int(version), decision, shown == _encoded(decision)


def _form(
    problem: str,
    item: ItemView,
    offered: tuple[State, ...],
    decision: Decision,
    head: list[Block],
    *,
    shown: Decision | None,
) -> View:
    options = [option(_(_CHOICES[each]), each.value) for each in offered]
    chosen = next(each for each in options if each["value"] == decision.state.value)
    picker: Block = {"type": "datepicker", "action_id": UNTIL_FIELD}
    if decision.until:
        picker["initial_date"] = decision.until.isoformat()
    kept = [item.line.id, item.version, _encoded(shown) if shown else None]
    return modal(
        _("Before it is sent") if shown else _("Decide"),
        [
            *(head or [section(f"*{wording.problem_words(problem)}*")]),
            field_input(
                _("What comes of it"),
                select("radio_buttons", CHOICE_FIELD, options=options, initial_option=chosen),
                block_id=CHOICE_FIELD,
            ),
            field_input(
                _("Decide again on"),
                picker,
                block_id=UNTIL_FIELD,
                hint=_("For “later”, and for “ask more” if six weeks are not right."),
                optional=True,
            ),
            field_input(
                _("Because"),
                text_input(
                    REASON_FIELD,
                    max_length=REASON_LENGTH,
                    multiline=True,
                    initial=decision.reason[:REASON_LENGTH],
                ),
                block_id=REASON_FIELD,
                hint=_(_HINTS),
            ),
        ],
        callback_id=DECISION_FORM,
        submit=_("Send it") if shown else _("Preview"),
        close=_("Cancel"),
        private_metadata=json.dumps(kept),
    )


def _encoded(decision: Decision) -> list[str]:
    """Write a decision so that two can be compared."""
    until = decision.until.isoformat() if decision.until else ""
    return [decision.state.value, " ".join(decision.reason.split()), until]
