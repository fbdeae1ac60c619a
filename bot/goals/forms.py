"""The forms of goals, and a person's goals on the Home tab."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    confirmation,
    context,
    divider,
    field_input,
    header,
    modal,
    option,
    section,
    sections,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import escape, mention, plural, shorten, storable
from bot.errors import FieldErrors
from bot.goals.blocks import LABELS, OPEN
from bot.goals.monthly import HAS_GOAL
from bot.goals.pure.rounds import HOW_IT_GOES, State
from bot.goals.service import (
    COMPANY_FIELD,
    COMPANY_GOAL_LENGTH,
    DUE_FIELD,
    LIST_FIELD,
    MEASURE_FIELD,
    MOST_COMPANY_GOALS,
    MOST_GOALS,
    NOT_AFTER_TODAY,
    PERSON_FIELD,
    TEXT_FIELD,
    TEXT_LENGTH,
)
from bot.goals.views import Draft, GoalView, Standing
from bot.insights.month_blocks import MonthPart, month_view
from bot.insights.tallies import MonthResults

VIEW: Final = "goals:view"
FORM: Final = "goals:form"
WRITE: Final = "goals:write"
"""Opens the form for a goal; the button's value is the goal's id, or `new`."""
NEW: Final = "new"
SHARE: Final = "goals:share"
SHARE_FORM: Final = "goals:share_form"
TAKE_BACK: Final = "goals:take_back"
OVER: Final = "goals:over"
DELETE: Final = "goals:delete"
LIST: Final = "goals:list"
LIST_FORM: Final = "goals:list_form"

TITLE: Final = "My goals"
OVER_SHOWN: Final = 10
SHARED_SHOWN: Final = 20
OPTION_LENGTH: Final = 75
USUAL_TIME: Final = timedelta(weeks=12)

INVITING: Final = (
    "One to three goals of your own, with how you'll see that you reached them. Only you see them, "
    "unless you share one with somebody you choose."
)
PRIVATE: Final = "Only you see it."


def goals_view(standing: Standing, said: str = "") -> View:
    """Show a person their goals, and those that colleagues share with them."""
    blocks: list[Block] = [section(said)] if said else []
    blocks += [block for goal in standing.mine for block in _own_goal(goal)]
    if not standing.mine:
        blocks.append(section(INVITING))
    if len(standing.mine) < MOST_GOALS:
        blocks.append(actions([button("Write a goal", WRITE, NEW, style="primary")]))
    if standing.shared_with_me:
        lines = [f"• {_shared_line(goal)}" for goal in standing.shared_with_me[:SHARED_SHOWN]]
        blocks += [divider(), *sections(lines, "*Shared with you*")]
    if standing.over:
        blocks += [divider(), section("*Earlier goals*")]
        blocks += [_earlier(goal) for goal in standing.over[: -OVER_SHOWN - 1 : -1]]
    if standing.may_list:
        listed = plural(len(standing.company_goals), "goal")
        text = f"Only HR admins see this: the company lists {listed} for people to choose from."
        blocks += [divider(), section(text, button("Change", LIST))]
    return modal(TITLE, blocks, callback_id=VIEW)


def _own_goal(goal: GoalView) -> list[Block]:
    shared = f"Shared with {mention(goal.shared_with)}." if goal.shared_with else PRIVATE
    sharing = (
        button("Take back", TAKE_BACK, goal.id)
        if goal.shared_with
        else button("Share", SHARE, goal.id)
    )
    sure = confirmation(
        "Delete this goal?",
        "It goes with everything you said of it, and can't be brought back.",
        yes="Delete it",
        no="Keep it",
    )
    return [
        *sections([*_lines(goal), shared]),
        actions(
            [
                button("Change", WRITE, goal.id),
                sharing,
                button("It is over", OVER, goal.id),
                button("Delete", DELETE, goal.id, confirm=sure),
            ]
        ),
    ]


def _lines(goal: GoalView) -> list[str]:
    draft = goal.draft
    serves = f" It serves “{escape(draft.company_goal)}”." if draft.company_goal else ""
    lines = [
        f"*{escape(draft.text)}*",
        f"Until {draft.due_on:%-d %B %Y}. Reached when: {escape(draft.measure)}.{serves}",
    ]
    if goal.state:
        lines.append(f"{history_line(goal)}.")
    return lines


def history_line(goal: GoalView) -> str:
    """Say how a goal goes, such as `On track for 6 weeks`."""
    if goal.state is None:
        return "Nothing said yet"
    if goal.state not in HOW_IT_GOES:
        return LABELS[goal.state]
    return f"{LABELS[goal.state]} for {plural(goal.weeks, 'week')}"


def _shared_line(goal: GoalView) -> str:
    draft = goal.draft
    return (
        f"{mention(goal.owner_id)}: *{escape(draft.text)}*, until {draft.due_on:%-d %B %Y}. "
        f"Reached when: {escape(draft.measure)}. {history_line(goal)}."
    )


def _earlier(goal: GoalView) -> Block:
    became = LABELS[State(goal.status)]
    learned = f"\nLearned: {escape(goal.learned)}" if goal.learned else ""
    text = f"*{escape(goal.draft.text)}*\n{became}.{learned}"
    return section(text, button("Delete", DELETE, goal.id))


def shared_view(owner_id: str, goals: Sequence[GoalView]) -> View:
    """Show the goals that a colleague shares with the reader now."""
    if goals:
        blocks = sections([f"• {_shared_line(goal)}" for goal in goals])
    else:
        blocks = [section(f"{mention(owner_id)} shares no goal with you at the moment.")]
    return modal("Shared with you", blocks, callback_id=VIEW)


def goal_form(goal: GoalView | None, company_goals: Sequence[str], today: date) -> View:
    """Return the form for a goal; `goal` is the one to change, None for a new one."""
    draft = goal.draft if goal else Draft("", "", today + USUAL_TIME)
    blocks = [
        field_input(
            "What do you want to reach?",
            text_input(TEXT_FIELD, max_length=TEXT_LENGTH, initial=draft.text),
            block_id=TEXT_FIELD,
        ),
        field_input(
            "How will you see that you have reached it?",
            text_input(MEASURE_FIELD, max_length=TEXT_LENGTH, initial=draft.measure),
            block_id=MEASURE_FIELD,
            hint="In your own words, such as “I have held two talks”.",
        ),
        field_input(
            "By when?",
            select("datepicker", DUE_FIELD, initial_date=draft.due_on.isoformat()),
            block_id=DUE_FIELD,
        ),
    ]
    offered = list(dict.fromkeys([*company_goals, *filter(None, [draft.company_goal])]))
    if offered:
        blocks.append(_company_field(offered, draft.company_goal))
    blocks.append(context(f"{PRIVATE} You can share it once it is saved."))
    return modal(
        "A goal of mine",
        blocks,
        callback_id=FORM,
        submit="Save",
        close="Cancel",
        private_metadata=goal.id if goal else NEW,
    )


def _company_field(offered: Sequence[str], chosen: str | None) -> Block:
    options = {text: option(shorten(text, OPTION_LENGTH), text) for text in offered}
    first: dict[str, Any] = {"initial_option": options[chosen]} if chosen else {}
    element = select(
        "static_select",
        COMPANY_FIELD,
        placeholder="None of them",
        options=list(options.values()),
        **first,
    )
    return field_input(
        "Which of the company's goals does it serve?",
        element,
        block_id=COMPANY_FIELD,
        optional=True,
    )


def draft_in(view: Mapping[str, Any]) -> Draft:
    """Read the form for a goal; raise FieldErrors if it has no date."""
    state = FormState(view)
    try:
        due_on = date.fromisoformat(state.one(DUE_FIELD))
    except ValueError:
        raise FieldErrors({DUE_FIELD: NOT_AFTER_TODAY}) from None
    return Draft(
        storable(state.one(TEXT_FIELD)),
        storable(state.one(MEASURE_FIELD)),
        due_on,
        state.one(COMPANY_FIELD) or None,
    )


def share_form(goal: GoalView) -> View:
    """Ask with whom to share a goal."""
    return modal(
        "Share a goal",
        [
            section(f"*{escape(goal.draft.text)}*"),
            field_input(
                "With whom?",
                select("users_select", PERSON_FIELD, placeholder="Choose a colleague"),
                block_id=PERSON_FIELD,
                hint="Such as your mentor, your manager or a colleague.",
            ),
            context(
                "I tell them that you share a goal. They see its words, its date and how it goes, "
                "until you take it back."
            ),
        ],
        callback_id=SHARE_FORM,
        submit="Share",
        close="Cancel",
        private_metadata=goal.id,
    )


def list_form(listed: Sequence[str]) -> View:
    """Return the form in which HR lists the company's goals."""
    return modal(
        "The company's goals",
        [
            header("What people may tie their goals to"),
            field_input(
                "One goal a line",
                text_input(LIST_FIELD, multiline=True, initial="\n".join(listed)),
                block_id=LIST_FIELD,
                hint=f"At most {MOST_COMPANY_GOALS} lines of {COMPANY_GOAL_LENGTH} characters.",
                optional=True,
            ),
            context("People choose for themselves. You see no one's goals."),
        ],
        callback_id=LIST_FORM,
        submit="Save",
        close="Cancel",
    )


def listed_in(view: Mapping[str, Any]) -> list[str]:
    """Read the company's goals, one a line."""
    lines = storable(FormState(view).one(LIST_FIELD)).splitlines()
    return [text for line in lines if (text := " ".join(line.split()))]


def home_blocks(standing: Standing) -> list[Block]:
    """Show a person's goals on the Home tab, with a button that opens them."""
    lines = [
        f"• {escape(goal.draft.text)}: {history_line(goal).lower()}, until "
        f"{goal.draft.due_on:%-d %B}"
        for goal in standing.mine
    ]
    blocks = sections(lines or [INVITING], "*My goals*")
    return [*blocks, actions([button("My goals" if lines else "Write a goal", OPEN)])]


def figures_view(with_goals: Sequence[MonthResults], said: Sequence[MonthResults]) -> View:
    """Show HR the latest month's figures."""
    states = {state.value: LABELS[state] for state in HOW_IT_GOES}
    has_goal = {HAS_GOAL: "With a goal of their own"}
    parts = [
        MonthPart("Who has a goal", with_goals, has_goal),
        MonthPart("How goals go", said, states),
    ]
    return month_view("Goals", VIEW, parts)


def listed_view() -> View:
    """Say that the company's goals are saved."""
    text = "Saved. People can choose from them when they write a goal."
    return modal("The company's goals", [section(text)], callback_id=LIST_FORM)
