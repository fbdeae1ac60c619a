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
from bot.blockkit.text import escape, mention, shorten, storable
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
from bot.languages import DayStyle, _, _n, _p, marked, plural, write_day, write_number

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

TITLE: Final = marked("My goals")
OVER_SHOWN: Final = 10
SHARED_SHOWN: Final = 20
OPTION_LENGTH: Final = 75
USUAL_TIME: Final = timedelta(weeks=12)

INVITING: Final = marked(
    "One to three goals of your own, with how you'll see that you reached them. Only you see them, "
    "unless you share one with somebody you choose."
)
PRIVATE: Final = marked("Only you see it.")


def goals_view(standing: Standing, said: str = "") -> View:
    """Show a person their goals, and those that colleagues share with them."""
    blocks: list[Block] = [section(said)] if said else []
    blocks += [block for goal in standing.mine for block in _own_goal(goal)]
    if not standing.mine:
        blocks.append(section(_(INVITING)))
    if len(standing.mine) < MOST_GOALS:
        blocks.append(actions([button(_("Write a goal"), WRITE, NEW, style="primary")]))
    if standing.shared_with_me:
        lines = [f"• {_shared_line(goal)}" for goal in standing.shared_with_me[:SHARED_SHOWN]]
        blocks += [divider(), *sections(lines, _("*Shared with you*"))]
    if standing.over:
        blocks += [divider(), section(_("*Earlier goals*"))]
        blocks += [_earlier(goal) for goal in standing.over[: -OVER_SHOWN - 1 : -1]]
    if standing.may_list:
        text = _n(
            "Only HR admins see this: the company lists {count} goal for people to choose from.",
            "Only HR admins see this: the company lists {count} goals for people to choose from.",
            len(standing.company_goals),
        )
        blocks += [divider(), section(text, button(_p("button", "Change"), LIST))]
    return modal(_(TITLE), blocks, callback_id=VIEW)


def _own_goal(goal: GoalView) -> list[Block]:
    shared = (
        _("Shared with {colleague}.").format(colleague=mention(goal.shared_with))
        if goal.shared_with
        else _(PRIVATE)
    )
    sharing = (
        button(_("Take back"), TAKE_BACK, goal.id)
        if goal.shared_with
        else button(_("Share"), SHARE, goal.id)
    )
    sure = confirmation(
        _("Delete this goal?"),
        _("It goes with everything you said of it, and can't be brought back."),
        yes=_("Delete it"),
        no=_("Keep it"),
    )
    return [
        *sections([*_lines(goal), shared]),
        actions(
            [
                button(_p("button", "Change"), WRITE, goal.id),
                sharing,
                button(_("It is over"), OVER, goal.id),
                button(_("Delete"), DELETE, goal.id, confirm=sure),
            ]
        ),
    ]


def _lines(goal: GoalView) -> list[str]:
    draft = goal.draft
    aim = _("Until {day}. Reached when: {measure}.").format(
        day=write_day(draft.due_on), measure=escape(draft.measure)
    )
    if draft.company_goal:
        serves = _("It serves “{company_goal}”.").format(company_goal=escape(draft.company_goal))
        aim = f"{aim} {serves}"
    lines = [f"*{escape(draft.text)}*", aim]
    if goal.state:
        lines.append(_("{how_it_goes}.").format(how_it_goes=history_line(goal)))
    return lines


_FOR_WEEKS: Final = {
    State.ON_TRACK: marked("On track for {weeks}"),
    State.AT_RISK: marked("At risk for {weeks}"),
    State.STUCK: marked("Stuck for {weeks}"),
}
_IN_SENTENCES: Final = {
    State.ON_TRACK: marked("on track for {weeks}"),
    State.AT_RISK: marked("at risk for {weeks}"),
    State.STUCK: marked("stuck for {weeks}"),
}


def history_line(goal: GoalView) -> str:
    """Say how a goal goes, such as `On track for 6 weeks`."""
    if goal.state is None:
        return _("Nothing said yet")
    text = _(_FOR_WEEKS.get(goal.state, LABELS[goal.state]))
    return text.format(weeks=plural(goal.weeks, "week"))


def _shared_line(goal: GoalView) -> str:
    draft = goal.draft
    return _("{owner}: *{goal}*, until {day}. Reached when: {measure}. {how_it_goes}.").format(
        owner=mention(goal.owner_id),
        goal=escape(draft.text),
        day=write_day(draft.due_on),
        measure=escape(draft.measure),
        how_it_goes=history_line(goal),
    )


def _earlier(goal: GoalView) -> Block:
    lines = [
        f"*{escape(goal.draft.text)}*",
        _("{what_became_of_it}.").format(what_became_of_it=_(LABELS[State(goal.status)])),
    ]
    if goal.learned:
        lines.append(_("Learned: {learned}").format(learned=escape(goal.learned)))
    return section("\n".join(lines), button(_("Delete"), DELETE, goal.id))


def shared_view(owner_id: str, goals: Sequence[GoalView]) -> View:
    """Show the goals that a colleague shares with the reader now."""
    if goals:
        blocks = sections([f"• {_shared_line(goal)}" for goal in goals])
    else:
        blocks = [
            section(
                _("{owner} shares no goal with you at the moment.").format(owner=mention(owner_id))
            )
        ]
    return modal(_("Shared with you"), blocks, callback_id=VIEW)


def goal_form(goal: GoalView | None, company_goals: Sequence[str], today: date) -> View:
    """Return the form for a goal; `goal` is the one to change, None for a new one."""
    draft = goal.draft if goal else Draft("", "", today + USUAL_TIME)
    blocks = [
        field_input(
            _("What do you want to reach?"),
            text_input(TEXT_FIELD, max_length=TEXT_LENGTH, initial=draft.text),
            block_id=TEXT_FIELD,
        ),
        field_input(
            _("How will you see that you have reached it?"),
            text_input(MEASURE_FIELD, max_length=TEXT_LENGTH, initial=draft.measure),
            block_id=MEASURE_FIELD,
            hint=_("In your own words, such as “I have held two talks”."),
        ),
        field_input(
            _("By when?"),
            select("datepicker", DUE_FIELD, initial_date=draft.due_on.isoformat()),
            block_id=DUE_FIELD,
        ),
    ]
    offered = list(dict.fromkeys([*company_goals, *filter(None, [draft.company_goal])]))
    if offered:
        blocks.append(_company_field(offered, draft.company_goal))
    blocks.append(context(f"{_(PRIVATE)} {_('You can share it once it is saved.')}"))
    return modal(
        _("A goal of mine"),
        blocks,
        callback_id=FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=goal.id if goal else NEW,
    )


def _company_field(offered: Sequence[str], chosen: str | None) -> Block:
    options = {text: option(shorten(text, OPTION_LENGTH), text) for text in offered}
    first: dict[str, Any] = {"initial_option": options[chosen]} if chosen else {}
    element = select(
        "static_select",
        COMPANY_FIELD,
        placeholder=_("None of them"),
        options=list(options.values()),
        **first,
    )
    return field_input(
        _("Which of the company's goals does it serve?"),
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
        raise FieldErrors({DUE_FIELD: _(NOT_AFTER_TODAY)}) from None
    return Draft(
        storable(state.one(TEXT_FIELD)),
        storable(state.one(MEASURE_FIELD)),
        due_on,
        state.one(COMPANY_FIELD) or None,
    )


def share_form(goal: GoalView) -> View:
    """Ask with whom to share a goal."""
    return modal(
        _("Share a goal"),
        [
            section(f"*{escape(goal.draft.text)}*"),
            field_input(
                _("With whom?"),
                select("users_select", PERSON_FIELD, placeholder=_("Choose a colleague")),
                block_id=PERSON_FIELD,
                hint=_("Such as your mentor, your manager or a colleague."),
            ),
            context(
                _(
                    "I tell them that you share a goal. They see its words, its date and how it "
                    "goes, until you take it back."
                )
            ),
        ],
        callback_id=SHARE_FORM,
        submit=_("Share"),
        close=_("Cancel"),
        private_metadata=goal.id,
    )


def list_form(listed: Sequence[str]) -> View:
    """Return the form in which HR lists the company's goals."""
    return modal(
        _("The company's goals"),
        [
            header(_("What people may tie their goals to")),
            field_input(
                _("One goal a line"),
                text_input(LIST_FIELD, multiline=True, initial="\n".join(listed)),
                block_id=LIST_FIELD,
                hint=_("At most {lines} lines of {characters} characters.").format(
                    lines=write_number(MOST_COMPANY_GOALS),
                    characters=write_number(COMPANY_GOAL_LENGTH),
                ),
                optional=True,
            ),
            context(_("People choose for themselves. You see no one's goals.")),
        ],
        callback_id=LIST_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def listed_in(view: Mapping[str, Any]) -> list[str]:
    """Read the company's goals, one a line."""
    lines = storable(FormState(view).one(LIST_FIELD)).splitlines()
    return [text for line in lines if (text := " ".join(line.split()))]


def home_blocks(standing: Standing) -> list[Block]:
    """Show a person's goals on the Home tab, with a button that opens them."""
    lines = [
        _("• {goal}: {how_it_goes}, until {day}").format(
            goal=escape(goal.draft.text),
            how_it_goes=_in_sentence(goal),
            day=write_day(goal.draft.due_on, DayStyle.NO_YEAR),
        )
        for goal in standing.mine
    ]
    blocks = sections(lines or [_(INVITING)], _("*My goals*"))
    return [*blocks, actions([button(_("My goals") if lines else _("Write a goal"), OPEN)])]


def _in_sentence(goal: GoalView) -> str:
    if goal.state is None:
        return _("nothing said yet")
    text = _(_IN_SENTENCES.get(goal.state, LABELS[goal.state]))
    return text.format(weeks=plural(goal.weeks, "week"))


def figures_view(with_goals: Sequence[MonthResults], said: Sequence[MonthResults]) -> View:
    """Show HR the latest month's figures."""
    states = {state.value: LABELS[state] for state in HOW_IT_GOES}
    has_goal = {HAS_GOAL: marked("With a goal of their own")}
    parts = [
        MonthPart(marked("Who has a goal"), with_goals, has_goal),
        MonthPart(marked("How goals go"), said, states),
    ]
    return month_view(_("Goals"), VIEW, parts)


def listed_view() -> View:
    """Say that the company's goals are saved."""
    text = _("Saved. People can choose from them when they write a goal.")
    return modal(_("The company's goals"), [section(text)], callback_id=LIST_FORM)
