"""The form in which HR composes the company pulse."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from bot.blockkit.blocks import Block, View, field_input, modal, option, section, select, text_input
from bot.blockkit.form_state import FormState
from bot.blockkit.text import storable
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.pulse.company.service import NewCompanyPulse, askable_drivers
from bot.surveys import form_fields
from bot.surveys.drafts import CompanyPulse
from bot.surveys.forms import NAME_LENGTH
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import DAYS

COMPOSE: Final = "company:compose"
DRIVERS: Final = "company:drivers"
QUESTIONS: Final = "company:questions"
SURENESS: Final = "company:sureness"

COMPANY_PULSE: Final = marked("Company pulse", "survey")
ABOUT: Final = marked(
    "The company pulse asks a few people a few questions every week, those that tell you most. "
    "Answers wait until enough people of a team have given theirs."
)
COUNTS: Final = {"1": marked("One"), "2": marked("Two"), "3": marked("Three")}
WIDTHS: Final = {
    "0.5": marked("Very sure (±0.5 of 10)"),
    "0.8": marked("Sure (±0.8 of 10)"),
    "1.0": marked("Roughly (±1.0 of 10)"),
}
"""How sure HR wants to be: half of a 95 % interval, and its label."""
NO_NAME: Final = marked("Please give it a name.")
NO_DRIVER: Final = marked("Please choose at least one topic.")
NO_TIME: Final = marked("Please choose a time.")


def compose_view(survey_id: str) -> View:
    """Draw the form; `survey_id` is drawn when it opens, so that sending it twice keeps one."""
    drivers = select(
        "multi_static_select",
        DRIVERS,
        placeholder=_("Choose topics"),
        options=[option(_(driver.label), driver.key) for driver in askable_drivers()],
    )
    days = {str(number): _(day) for number, day in enumerate(DAYS)}
    clock = {"type": "timepicker", "action_id": form_fields.TIME, "initial_time": "10:00"}
    blocks = [
        section(_(ABOUT)),
        field_input(
            _("Name"),
            text_input(form_fields.NAME, max_length=NAME_LENGTH, initial=shown_name(COMPANY_PULSE)),
            block_id=form_fields.NAME,
            hint=_("The people asked see this name too."),
        ),
        field_input(
            _("Topics"),
            drivers,
            block_id=DRIVERS,
            hint=_("All agreement questions that the bank has about them are used, in turn."),
        ),
        _choice(
            _("Questions for a person in a week, at most"),
            QUESTIONS,
            {value: _(text) for value, text in COUNTS.items()},
            "2",
            _("About a topic at most every third week."),
        ),
        _choice(
            _("How sure do you want to be?"),
            SURENESS,
            {value: _(text) for value, text in WIDTHS.items()},
            "0.8",
            _("What is known well enough is asked less. Small teams allow less certainty."),
        ),
        _choice(_("Weekday"), form_fields.WEEKDAY, days, "1"),
        field_input(
            _("Time"),
            clock,
            block_id=form_fields.TIME,
            hint=_("Each person is asked at this time in their own zone."),
        ),
    ]
    return modal(
        _("Company pulse"),
        blocks,
        callback_id=COMPOSE,
        submit=_("Preview"),
        close=_("Cancel"),
        private_metadata=survey_id,
    )


def pulse_in(view: Mapping[str, Any]) -> NewCompanyPulse:
    """Read the form; raise FieldErrors with a sentence for each invalid field."""
    state = FormState(view)
    name = " ".join(storable(state.one(form_fields.NAME)).split())[:NAME_LENGTH]
    known = {driver.key for driver in askable_drivers()}
    drivers = tuple(key for key in state.many(DRIVERS) if key in known)
    ask_at = state.one(form_fields.TIME)
    wrong = {
        form_fields.NAME: "" if name else _(NO_NAME),
        DRIVERS: "" if drivers else _(NO_DRIVER),
        form_fields.TIME: "" if ask_at else _(NO_TIME),
    }
    if any(wrong.values()):
        raise FieldErrors({field: sentence for field, sentence in wrong.items() if sentence})
    return NewCompanyPulse(
        COMPANY_PULSE if name == shown_name(COMPANY_PULSE) else name,
        drivers,
        CompanyPulse(int(state.one(QUESTIONS)), float(state.one(SURENESS))),
        int(state.one(form_fields.WEEKDAY)),
        time.fromisoformat(ask_at),
    )


def _choice(
    label: str, field: str, texts: Mapping[str, str], chosen: str, hint: str | None = None
) -> Block:
    options = {value: option(text, value) for value, text in texts.items()}
    element = select("static_select", field, options=list(options.values()))
    element["initial_option"] = options[chosen]
    return field_input(label, element, block_id=field, hint=hint)
