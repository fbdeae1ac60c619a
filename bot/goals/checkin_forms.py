"""The forms in which a person says how their goals go, and what became of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.blockers.blocks import OPEN as ASK_FOR_HELP
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
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import mention, shorten, storable
from bot.errors import FieldErrors, OutdatedError
from bot.goals.blocks import LABELS, WHO_SEES
from bot.goals.checkins import LEARNED_LENGTH
from bot.goals.pure.rounds import HOW_IT_GOES, OUTCOMES, State
from bot.goals.service import TEXT_LENGTH
from bot.goals.views import GoalView
from bot.languages import _, _p, marked

CHECKED_IN: Final = "goals:checked_in"
WHICH_FORM: Final = "goals:which_form"
LOOK_BACK_FORM: Final = "goals:look_back_form"
CHOOSE: Final = marked("Please choose one.")
LOOKED_BACK: Final = marked("Saved. `{change}` gives a goal other words or another date.")
NO_FORM_STUCK: Final = marked(
    "Saved. If somebody can get it out of your way, `/blocker` asks them; if you have a mentor, "
    "talk with them."
)


def looked_back() -> str:
    """Say that what became of goals is saved."""
    return _(LOOKED_BACK).format(change=_p("button", "Change"))


def which_form(goals: Sequence[GoalView], asked_on: date) -> View:
    """Ask how each goal goes."""
    blocks = [_choice(goal, HOW_IT_GOES) for goal in goals]
    return modal(
        _("How do they go?"),
        [*blocks, context(_(WHO_SEES))],
        callback_id=WHICH_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=asked_on.isoformat(),
    )


def states_in(view: Mapping[str, Any]) -> dict[str, State]:
    """Read how each goal goes, by its id; raise FieldErrors if one has no answer."""
    return _chosen(view, HOW_IT_GOES)


def look_back_form(goals: Sequence[GoalView], asked_on: date | None = None) -> View:
    """Ask what became of goals, and what was learned; `asked_on` is the round that asks."""
    blocks: list[Block] = []
    for goal in goals:
        learned = text_input(f"learned:{goal.id}", max_length=LEARNED_LENGTH)
        blocks += [
            _choice(goal, OUTCOMES),
            field_input(
                _("What did you learn?"), learned, block_id=f"learned:{goal.id}", optional=True
            ),
        ]
    return modal(
        _("Looking back"),
        [*blocks, context(_(WHO_SEES))],
        callback_id=LOOK_BACK_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=asked_on.isoformat() if asked_on else "",
    )


def outcomes_in(view: Mapping[str, Any]) -> dict[str, tuple[State, str]]:
    """Read what became of goals and what was learned, by the goals' ids."""
    state = FormState(view)
    return {
        goal_id: (outcome, storable(state.one(f"learned:{goal_id}")))
        for goal_id, outcome in _chosen(view, OUTCOMES).items()
    }


def _choice(goal: GoalView, states: Sequence[State]) -> Block:
    field = f"goal:{goal.id}"
    options = [option(_(LABELS[state]), state.value) for state in states]
    label = shorten(goal.draft.text, TEXT_LENGTH)
    return field_input(label, select("radio_buttons", field, options=options), block_id=field)


def _chosen(view: Mapping[str, Any], states: Sequence[State]) -> dict[str, State]:
    state = FormState(view)
    fields = [
        str(block["block_id"])
        for block in view["blocks"]
        if str(block.get("block_id")).startswith("goal:")
    ]
    missing = {field: _(CHOOSE) for field in fields if not state.one(field)}
    if missing:
        raise FieldErrors(missing)
    chosen = {field.removeprefix("goal:"): state.one(field) for field in fields}
    if not set(chosen.values()) <= set(states):
        raise OutdatedError
    return {goal_id: State(value) for goal_id, value in chosen.items()}


def stuck_view(workspace_id: str, mentor_id: str | None) -> View:
    """Say what may help with a goal that is stuck."""
    lines = [
        _("Stuck happens to everybody. What may help:"),
        _("• Ask somebody who can get it out of your way: press below, or type `/blocker`."),
    ]
    if mentor_id:
        chat = f"slack://user?team={workspace_id}&id={mentor_id}"
        lines.append(
            _("• <{chat}|Write to your mentor>, {mentor}.").format(
                chat=chat, mentor=mention(mentor_id)
            )
        )
    else:
        lines.append(_("• `/mentor` finds a colleague who has been there before."))
    lines.append(_("• Perhaps it is the wrong goal by now: `/goal` changes it."))
    return modal(
        _("Saved"),
        [
            section("\n".join(lines)),
            actions([button(_("Ask for help"), ASK_FOR_HELP, style="primary")]),
        ],
        callback_id=CHECKED_IN,
    )


def saved_view() -> View:
    """Say that an answer is saved."""
    return modal(
        _("Saved"), [section(_("Thanks. I'll ask again in two weeks."))], callback_id=CHECKED_IN
    )
