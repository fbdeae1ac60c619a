"""The form in which HR composes a survey.

Fields that decide which other fields are needed dispatch. The form is then redrawn from the state
that came with the press, so nothing typed is lost.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.blockkit.blocks import (
    INPUT_TEXT,
    OPTION_TEXT,
    Block,
    View,
    actions,
    button,
    field_input,
    modal,
    option,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import shorten, storable
from bot.languages import _, marked, plural
from bot.surveys import form_fields
from bot.surveys.audience_fields import NOTHING_CHOSEN, Chosen, Offered, audience_fields, chosen_in
from bot.surveys.form_elements import NEEDED, choice
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import BY_MONTH, DAYS
from bot.surveys.translations import QUESTION_LENGTH as QUESTION_LENGTH  # noqa: PLC0414 (forms of others use it)
from bot.surveys.translations import Typed, translation_fields, typed_in

COMPOSE: Final = "surveys:compose"
ADD_OWN: Final = "surveys:add_own"
TRANSLATE: Final = "surveys:translate"

NAME_LENGTH: Final = 120
MOST_QUESTIONS: Final = 10
MOST_OWN: Final = 3
NOW: Final = "now"

TIMES: Final = {
    NOW: marked("Once, as soon as I confirm"),
    "once": marked("Once, on a date"),
    "weekly": marked("Every week"),
    "biweekly": marked("Every two weeks"),
    "monthly": marked("Every month"),
    "quarterly": marked("Every three months"),
}
ORDINALS: Final = {
    "1st": marked("The first one of the month"),
    "2nd": marked("The second one of the month"),
    "3rd": marked("The third one of the month"),
    "4th": marked("The fourth one of the month"),
}
"""Some months have no fifth Tuesday."""
OPEN_HOURS: Final = {
    "24": marked("1 day"),
    "48": marked("2 days"),
    "72": marked("3 days"),
    "120": marked("5 days"),
    "168": marked("1 week"),
    "336": marked("2 weeks"),
}
DAYS_OFF: Final = {
    "any": marked("Each person gets it on their next working day"),
    "working": marked("Ask everybody on the next working day"),
}
ANONYMITY: Final = {"anonymous": marked("Anonymous"), "named": marked("Named")}
SCALES: Final = {
    "agree": marked("Agreement, from 1 to 5"),
    "enps": marked("Likelihood, from 0 to 10 (eNPS)"),
    "choice": marked("One of several options"),
    "text": marked("In their own words"),
}


AGREEING: Final = marked("Word it so that agreeing is good news.")
NOT_ASKED: Final = marked("An empty question isn't asked.")


@dataclass(frozen=True)
class OwnQuestion:
    """A question of HR's own, as typed so far."""

    text: str = ""
    scale: str = Scale.AGREE.value
    options: str = ""
    """One option per line."""
    translations: Typed = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """Everything typed and chosen so far; empty if nothing was chosen."""

    survey_id: str
    """Drawn when the form opens, so that sending it twice keeps one draft."""
    name: str = ""
    bank: tuple[str, ...] = ()
    own: tuple[OwnQuestion, ...] = ()
    audience: str = "everyone"
    audience_ref: str = ""
    chosen: Chosen = NOTHING_CHOSEN
    when: str = "weekly"
    date: str = ""
    ordinal: str = "1st"
    weekday: str = "1"
    time: str = "10:00"
    ends_on: str = ""
    days_off: str = "any"
    open_hours: str = "72"
    anonymity: str = "anonymous"
    edits: str = ""
    """The survey that it changes; empty for a new one."""
    is_translating: bool = False
    """True if it has fields for HR's own questions in other languages."""


def form_in(view: Mapping[str, Any]) -> Form:
    """Read the form from a view's state."""
    kept = json.loads(view["private_metadata"])
    state = FormState(view)
    before = Form(kept["survey"])
    audience = state.one(form_fields.AUDIENCE) or before.audience
    return Form(
        survey_id=kept["survey"],
        name=_line(state, form_fields.NAME),
        bank=state.many(form_fields.BANK),
        own=tuple(_own(state, number) for number in range(int(kept["own"]))),
        audience=audience,
        audience_ref=state.one(form_fields.AUDIENCE_REFS.get(audience, "")),
        chosen=chosen_in(state),
        when=state.one(form_fields.WHEN) or before.when,
        date=state.one(form_fields.DATE),
        ordinal=state.one(form_fields.ORDINAL) or before.ordinal,
        weekday=state.one(form_fields.WEEKDAY) or before.weekday,
        time=state.one(form_fields.TIME) or before.time,
        ends_on=state.one(form_fields.ENDS_ON),
        days_off=state.one(form_fields.DAYS_OFF) or before.days_off,
        open_hours=state.one(form_fields.OPEN_HOURS) or before.open_hours,
        anonymity=state.one(form_fields.ANONYMITY) or before.anonymity,
        edits=str(kept.get("edits") or ""),
        is_translating=bool(kept.get("translating")),
    )


def with_own_question(form: Form) -> Form:
    """Add an empty question of HR's own, up to three."""
    if len(form.own) >= MOST_OWN:
        return form
    return replace(form, own=(*form.own, OwnQuestion()))


def compose_view(form: Form, offered: Offered | None = None) -> View:
    """Draw the form with what is `offered` to choose from."""
    blocks = [
        field_input(
            _("Name"),
            text_input(
                form_fields.NAME,
                max_length=NAME_LENGTH,
                placeholder=_("Weekly pulse"),
                initial=form.name,
            ),
            block_id=form_fields.NAME,
            hint=_("The people asked see this name too."),
        ),
        _bank_field(form),
    ]
    for number, own in enumerate(form.own):
        blocks += _own_fields(number, own)
        if form.is_translating:
            has_options = own.scale == Scale.CHOICE
            blocks += translation_fields(number, own.translations, has_options=has_options)
    if buttons := _buttons(form):
        blocks.append(actions(buttons))
    blocks += audience_fields(form.audience, form.audience_ref, form.chosen, offered or Offered())
    blocks += _when_fields(form)
    blocks += [
        choice(_("Stays open for"), form_fields.OPEN_HOURS, _open_hours(form), form.open_hours),
        choice(
            _("Answers are"),
            form_fields.ANONYMITY,
            {value: _(text) for value, text in ANONYMITY.items()},
            form.anonymity,
            kind="radio_buttons",
            hint=_(
                "Anonymous: nobody can see who answered what. Named: HR can, and people are "
                "told so before they answer."
            ),
            dispatch=True,
        ),
    ]
    kept = json.dumps(
        {
            "survey": form.survey_id,
            "own": len(form.own),
            "edits": form.edits,
            "translating": form.is_translating,
        }
    )
    return modal(
        _("Edit survey") if form.edits else _("New survey"),
        blocks,
        callback_id=COMPOSE,
        submit=_("Save") if form.edits else _("Preview"),
        close=_("Cancel"),
        private_metadata=kept,
    )


def _line(state: FormState, field: str) -> str:
    """Return a field's text as one line."""
    return " ".join(storable(state.one(field)).split())


def _own(state: FormState, number: int) -> OwnQuestion:
    return OwnQuestion(
        text=_line(state, form_fields.own(form_fields.OWN_TEXT, number)),
        scale=state.one(form_fields.own(form_fields.OWN_SCALE, number)) or Scale.AGREE.value,
        options=state.one(form_fields.own(form_fields.OWN_OPTIONS, number)),
        translations=typed_in(state, number),
    )


def _buttons(form: Form) -> list[Block]:
    buttons = []
    if len(form.own) < MOST_OWN:
        buttons.append(button(_("Add your own question"), ADD_OWN))
    if form.own and not form.is_translating:
        buttons.append(button(_("Add translations"), TRANSLATE))
    return buttons


def _bank_field(form: Form) -> Block:
    bank = load_bank()
    groups = [
        (
            _(driver.label),
            [
                option(shorten(_(question.wording), OPTION_TEXT), question.key)
                for question in bank.by_driver(driver.key)
            ],
        )
        for driver in bank.drivers
    ]
    element = select(
        "multi_static_select",
        form_fields.BANK,
        placeholder=_("Choose questions"),
        option_groups=groups,
    )
    element["max_selected_items"] = MOST_QUESTIONS
    chosen = [
        choice for _unused, choices in groups for choice in choices if choice["value"] in form.bank
    ]
    if chosen:
        element["initial_options"] = chosen
    return field_input(
        _("Questions from the bank"),
        element,
        block_id=form_fields.BANK,
        hint=_("One or two work best. Up to ten."),
        optional=True,
    )


def _own_fields(number: int, own: OwnQuestion) -> list[Block]:
    text_field = form_fields.own(form_fields.OWN_TEXT, number)
    hint = f"{_(AGREEING)} {_(NOT_ASKED)}" if own.scale == Scale.AGREE else _(NOT_ASKED)
    blocks = [
        field_input(
            _("Your own question {number}").format(number=number + 1),
            text_input(text_field, max_length=QUESTION_LENGTH, initial=own.text),
            block_id=text_field,
            hint=hint,
            optional=True,
        ),
        choice(
            _("People answer with"),
            form_fields.own(form_fields.OWN_SCALE, number),
            {value: _(text) for value, text in SCALES.items()},
            own.scale,
            dispatch=True,
        ),
    ]
    if own.scale == Scale.CHOICE:
        options_field = form_fields.own(form_fields.OWN_OPTIONS, number)
        blocks.append(
            field_input(
                _("Options, one on each line"),
                text_input(
                    options_field, multiline=True, max_length=INPUT_TEXT, initial=own.options
                ),
                block_id=options_field,
                hint=_(
                    "Needed for this choice. Two to ten options of at most {most} characters."
                ).format(most=OPTION_TEXT),
                optional=True,
            )
        )
    return blocks


def _open_hours(form: Form) -> Mapping[str, str]:
    """Return the choices, with the one that a survey made in another way has."""
    usual = {value: _(text) for value, text in OPEN_HOURS.items()}
    if form.open_hours in usual:
        return usual
    return {form.open_hours: plural(int(form.open_hours), "hour"), **usual}


def _when_fields(form: Form) -> list[Block]:
    times = {value: _(text) for value, text in TIMES.items()}
    blocks = [choice(_("When"), form_fields.WHEN, times, form.when, dispatch=True)]
    if form.when == NOW:
        return blocks
    if form.when == "once":
        picker = {"type": "datepicker", "action_id": form_fields.DATE}
        if form.date:
            picker["initial_date"] = form.date
        blocks.append(
            field_input(_("Date"), picker, block_id=form_fields.DATE, hint=_(NEEDED), optional=True)
        )
    if form.when in BY_MONTH:
        ordinals = {value: _(text) for value, text in ORDINALS.items()}
        blocks.append(choice(_("Which week"), form_fields.ORDINAL, ordinals, form.ordinal))
    if form.when != "once":
        days = {str(number): _(day) for number, day in enumerate(DAYS)}
        blocks.append(choice(_("Weekday"), form_fields.WEEKDAY, days, form.weekday))
    clock = {"type": "timepicker", "action_id": form_fields.TIME, "initial_time": form.time}
    hint = _("Each person is asked at this time in their own zone.")
    blocks.append(field_input(_("Time"), clock, block_id=form_fields.TIME, hint=hint))
    return blocks if form.when == "once" else [*blocks, *_repeating_fields(form)]


def _repeating_fields(form: Form) -> list[Block]:
    last: Block = {"type": "datepicker", "action_id": form_fields.ENDS_ON}
    if form.ends_on:
        last["initial_date"] = form.ends_on
    on_days_off = {value: _(text) for value, text in DAYS_OFF.items()}
    return [
        choice(_("If that is a day off"), form_fields.DAYS_OFF, on_days_off, form.days_off),
        field_input(
            _("Last day on which it may be asked"),
            last,
            block_id=form_fields.ENDS_ON,
            hint=_("Without one it goes on until you end it."),
            optional=True,
        ),
    ]
