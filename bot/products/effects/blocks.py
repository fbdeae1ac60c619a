"""An effect on its item, its form, and the message that tells HR what was found."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import (
    OPTION_TEXT,
    SELECT_OPTIONS,
    Block,
    Message,
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
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import shorten
from bot.insights.wording import short_text
from bot.languages import DayStyle, _, marked, write_day, write_number
from bot.products import wording
from bot.products.board.blocks import OPEN_ITEM
from bot.products.effects.pure.effect import Effect
from bot.products.effects.service import (
    DIRECTION_FIELD,
    LOOK_FIELD,
    OUTCOME_FIELD,
    TEAMS_FIELD,
    EffectOptions,
    EffectView,
    NewEffect,
)
from bot.products.effects.wording import effect_sentence
from bot.surveys.pure.names import shown_name

PLAN: Final = "products:plan_effect"
NOTICE_ASKED: Final = "products:did_you_notice"
EFFECT_FORM: Final = "products:effect_form"
FEWEST_POINTS: Final = 2
TEAMS_NAMED: Final = 5
UP, DOWN = "1", "-1"
_DIRECTIONS: Final = {UP: marked("Rise"), DOWN: marked("Fall")}


def effect_blocks(item_id: str, effect: EffectView | None, *, may_plan: bool) -> list[Block]:
    """Show what an item is to change, or what was found, with what can be done about it."""
    blocks = _shown(effect) if effect else []
    if may_plan:
        row = [] if effect and effect.is_read else [button(_plan_label(effect), PLAN, item_id)]
        row.append(button(_("Ask “Did you notice?”"), NOTICE_ASKED, item_id))
        blocks.append(actions(row))
    return blocks


def effect_form(options: EffectOptions) -> View:
    """Build the form of what an item is to change, where, and when that is looked at."""
    outcomes = [
        option(shorten(_(name), OPTION_TEXT), value)
        for value, name in options.outcomes[:SELECT_OPTIONS]
    ]
    teams = [option(shorten(team, OPTION_TEXT), team) for team in options.teams[:SELECT_OPTIONS]]
    where = select("multi_static_select", TEAMS_FIELD, placeholder=_("Choose teams"), options=teams)
    if chosen := [each for each in teams if each["value"] in options.chosen]:
        where["initial_options"] = chosen
    directions = [option(_(text), value) for value, text in _DIRECTIONS.items()]
    return modal(
        _("Look for an effect"),
        [
            context(
                _("Figures of {survey_name} are compared.").format(
                    survey_name=short_text(shown_name(options.survey_name), 300)
                )
            ),
            field_input(
                _("What should change"),
                select(
                    "static_select", OUTCOME_FIELD, options=outcomes, initial_option=outcomes[0]
                ),
                block_id=OUTCOME_FIELD,
            ),
            field_input(
                _("It should"),
                select(
                    "static_select",
                    DIRECTION_FIELD,
                    options=directions,
                    initial_option=directions[0],
                ),
                block_id=DIRECTION_FIELD,
            ),
            field_input(
                _("Where something is done"),
                where,
                block_id=TEAMS_FIELD,
                hint=_(
                    "The other teams are the comparison: leave some out, or nothing can be "
                    "compared."
                ),
            ),
            field_input(
                _("Look on"),
                {
                    "type": "datepicker",
                    "action_id": LOOK_FIELD,
                    "initial_date": options.look_on.isoformat(),
                },
                block_id=LOOK_FIELD,
            ),
        ],
        callback_id=EFFECT_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=options.item_id,
    )


def effect_in(view: Mapping[str, Any]) -> NewEffect:
    """Read the form."""
    state = FormState(view)
    day = state.one(LOOK_FIELD)
    return NewEffect(
        state.one(OUTCOME_FIELD),
        state.many(TEAMS_FIELD),
        -1 if state.one(DIRECTION_FIELD) == DOWN else 1,
        date.fromisoformat(day) if day else None,
    )


def effect_message(problem: str, item_id: str, effect: EffectView) -> Message:
    """Tell an HR admin what was found, with a small chart where there is something to draw."""
    sentence = effect_sentence(effect.label, effect.found, effect.direction)
    head = section(f"*{wording.problem_words(problem)}*\n{sentence}")
    tail = [_where(effect), actions([button(_("Open it"), OPEN_ITEM, item_id)])]
    text = _("What came of it: {problem}.").format(problem=wording.problem_words(problem))
    found = effect.found
    if found is None or len(found.points) < FEWEST_POINTS:
        return Message(text, [head, *tail])
    return Message(text, [head, _chart(effect.label, found), *tail], [head, *tail])


def _shown(effect: EffectView) -> list[Block]:
    if not effect.is_read:
        text = (
            _("*{name}* should rise. I look on {day}.")
            if effect.direction > 0
            else _("*{name}* should fall. I look on {day}.")
        ).format(name=short_text(_(effect.label), 300), day=wording.day_words(effect.look_on))
        return [*sections([text], _("*Effect*")), _where(effect)]
    lines = [effect_sentence(effect.label, effect.found, effect.direction)]
    if effect.found:
        found = effect.found
        lines.append(
            _("There it was {before} before, and {after} after.").format(
                before=write_number(found.before, 1), after=write_number(found.after, 1)
            )
        )
    return [*sections(lines, _("*Effect*")), _where(effect)]


def _where(effect: EffectView) -> Block:
    teams = ", ".join(short_text(team, 120) for team in effect.teams[:TEAMS_NAMED])
    if more := len(effect.teams[TEAMS_NAMED:]):
        teams = _("{teams} and {more} more").format(teams=teams, more=write_number(more))
    return context(
        _("Something is done in {teams}, since {day}.").format(
            teams=teams, day=wording.day_words(effect.started_on)
        )
    )


def _chart(label: str, found: Effect) -> Block:
    """Draw both sides over the days; the sentence above says the same in words.

    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    days = [write_day(point.on, DayStyle.SHORT) for point in found.points]
    sides = {_("Here"): [point.touched for point in found.points]}
    if found.is_compared:
        sides[_("Elsewhere")] = [point.others or 0.0 for point in found.points]
    return {
        "type": "data_visualization",
        "title": shorten(_(label), 50),
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": day, "value": value}
                        for day, value in zip(days, values, strict=True)
                    ],
                }
                for name, values in sides.items()
            ],
            "axis_config": {"categories": days, "y_label": _("0 is bad, 10 is good")},
        },
    }


def _plan_label(effect: EffectView | None) -> str:
    return _("Change what is looked for") if effect else _("Look for an effect")
