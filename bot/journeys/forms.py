"""The forms of a milestone and of a person's dates."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from bot.blockkit.blocks import (
    OPTION_TEXT,
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
from bot.blockkit.text import mention, shorten, storable
from bot.errors import FieldErrors
from bot.journeys import blocks
from bot.journeys.milestones import MilestoneLine
from bot.journeys.pure.milestones import BY_KEY, Choice, Journey
from bot.journeys.service import Dates, PersonView
from bot.languages import _, marked, write_weekday
from bot.surveys.drafts import NewQuestion
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import DAYS

MILESTONE_FORM: Final = "journeys:milestone"
PERSON_FORM: Final = "journeys:person_form"
ON: Final = "journeys:on"
WEEKDAY: Final = "journeys:weekday"
TIME: Final = "journeys:time"
BANK: Final = "journeys:bank"
OWN: Final = "journeys:own"
HIRED: Final = "journeys:hired_on"
LEAVES: Final = "journeys:leaves_on"
RETURNS: Final = "journeys:back_on"
PAUSED: Final = "journeys:paused"

MOST_QUESTIONS: Final = 5
QUESTION_LENGTH: Final = 119
ANY_DAY: Final = "any"
NO_QUESTION: Final = marked("Please choose a question, or write one of your own.")
TOO_MANY: Final = marked("Please ask at most {most} questions, your own included.")
LEAVES_BEFORE: Final = marked("The last day can't be before the first one.")
NO_TIME: Final = marked("Please choose a time.")
_DATES: Final = {
    HIRED: (marked("First day"), Journey.JOINED),
    LEAVES: (marked("Last day"), Journey.LEAVING),
    RETURNS: (marked("First day back after a long leave"), Journey.BACK),
}


def milestone_form(line: MilestoneLine) -> View:
    """Build the form of a milestone."""
    choice, milestone = line.choice, line.milestone
    on = option(_("This milestone is on"), "on")
    ticked: dict[str, Any] = {"initial_options": [on]} if choice.is_on else {}
    days = {ANY_DAY: _("The next working day")}
    days |= {
        str(number): _("The next {weekday}").format(weekday=write_weekday(number))
        for number in range(len(DAYS))
    }
    options = {value: option(text, value) for value, text in days.items()}
    chosen = options[ANY_DAY if choice.weekday is None else str(choice.weekday)]
    fields = [
        section(f"*{shown_name(milestone.name)}*"),
        field_input(
            _("On or off"),
            select("checkboxes", ON, options=[on], **ticked),
            block_id=ON,
            optional=True,
        ),
        field_input(
            _("Day"),
            select("static_select", WEEKDAY, options=list(options.values()), initial_option=chosen),
            block_id=WEEKDAY,
            hint=_("From its day on, and not while somebody is away."),
        ),
        field_input(
            _("Time, in each person's own zone"),
            select("timepicker", TIME, initial_time=f"{choice.ask_at:%H:%M}"),
            block_id=TIME,
        ),
        *(_question_fields(line) if milestone.asks else []),
        actions([button(_("Preview as saved"), blocks.PREVIEW, milestone.key), _back()]),
    ]
    return modal(
        _(blocks.TITLE),
        fields,
        callback_id=MILESTONE_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=milestone.key,
    )


def choice_in(view: Mapping[str, Any]) -> Choice:
    """Read a milestone's day, hour and switch; raise FieldErrors without a time."""
    state = FormState(view)
    weekday, at = state.one(WEEKDAY), state.one(TIME)
    if not at:
        raise FieldErrors({TIME: _(NO_TIME)})
    return Choice(
        bool(state.many(ON)),
        int(weekday) if weekday in map(str, range(len(DAYS))) else None,
        time.fromisoformat(at),
    )


def questions_in(view: Mapping[str, Any]) -> tuple[NewQuestion, ...]:
    """Read a milestone's questions, none for one that asks nothing; raise FieldErrors."""
    if not BY_KEY[view["private_metadata"]].asks:
        return ()
    state = FormState(view)
    bank = {each.key: each for each in load_bank().questions if each.scale is not Scale.TEXT}
    found = [NewQuestion.from_bank(bank[key]) for key in state.many(BANK) if key in bank]
    own = " ".join(storable(state.one(OWN)).split())
    if own:
        found.append(NewQuestion(own, Scale.AGREE, OWN_DRIVER))
    if not found:
        raise FieldErrors({BANK: _(NO_QUESTION)})
    if len(found) > MOST_QUESTIONS:
        raise FieldErrors({BANK: _(TOO_MANY).format(most=MOST_QUESTIONS)})
    return tuple(found)


def person_form(person: PersonView) -> View:
    """Build the form of a person's dates, above their path."""
    given = (person.dates.hired_on, person.dates.leaves_on, person.dates.back_on)
    pause = option(_("Pause all journeys of this person"), "paused")
    ticked: dict[str, Any] = {"initial_options": [pause]} if person.walk.is_paused else {}
    fields = [
        section(f"*{mention(person.employee_id)}*"),
        *(
            _date_field(field, _(label), day)
            for (field, (label, _journey)), day in zip(_DATES.items(), given, strict=True)
        ),
        field_input(
            _("Pause"),
            select("checkboxes", PAUSED, options=[pause], **ticked),
            block_id=PAUSED,
            optional=True,
        ),
        *sections(blocks.path_lines(person.walk), _("*Their path*")),
        context(_(blocks.NAMES_ONLY)),
        actions([_back()]),
    ]
    return modal(
        _(blocks.TITLE),
        fields,
        callback_id=PERSON_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=person.employee_id,
    )


def dates_in(view: Mapping[str, Any]) -> Dates:
    """Read a person's dates; raise FieldErrors for a last day before the first."""
    state = FormState(view)
    hired_on, leaves_on, back_on = (
        date.fromisoformat(day) if (day := state.one(field)) else None for field in _DATES
    )
    if hired_on and leaves_on and leaves_on < hired_on:
        raise FieldErrors({LEAVES: _(LEAVES_BEFORE)})
    return Dates(hired_on, leaves_on, back_on)


def paused_in(view: Mapping[str, Any]) -> bool:
    """Return True if the person's journeys are to be paused."""
    return bool(FormState(view).many(PAUSED))


def _question_fields(line: MilestoneLine) -> list[Block]:
    bank = load_bank()
    chosen = {each.bank_key for each in line.questions}
    groups = [
        (
            _(driver.label),
            [
                option(shorten(_(each.wording), OPTION_TEXT), each.key)
                for each in bank.by_driver(driver.key)
                if each.scale is not Scale.TEXT
            ],
        )
        for driver in bank.drivers
    ]
    initial = [each for _label, options in groups for each in options if each["value"] in chosen]
    element = select(
        "multi_static_select", BANK, placeholder=_("Choose questions"), option_groups=groups
    )
    element["max_selected_items"] = MOST_QUESTIONS
    if initial:
        element["initial_options"] = initial
    own = next((each.text for each in line.questions if each.bank_key is None), None)
    return [
        field_input(
            _("Questions from the bank"),
            element,
            block_id=BANK,
            hint=_("Three to five work best. Changed questions begin a new trend."),
            optional=True,
        ),
        field_input(
            _("Your own question"),
            text_input(OWN, max_length=QUESTION_LENGTH, initial=own),
            block_id=OWN,
            hint=_("People answer how much they agree, so agreeing should be good news."),
            optional=True,
        ),
    ]


def _date_field(field: str, label: str, day: date | None) -> Block:
    initial: dict[str, Any] = {"initial_date": day.isoformat()} if day else {}
    element = select("datepicker", field, placeholder=_("No date"), **initial)
    return field_input(label, element, block_id=field, optional=True)


def _back() -> Block:
    return button(_("Back"), blocks.BACK)
