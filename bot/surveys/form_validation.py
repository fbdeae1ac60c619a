"""Turns the compose form's values into a survey, or reports what is wrong with each field."""

from collections.abc import Callable
from datetime import date, time
from typing import Final, TypeVar

from bot.blockkit.blocks import OPTION_TEXT
from bot.blockkit.text import storable
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.surveys import form_fields, forms
from bot.surveys.audience import Audience, AudienceKind, Filters
from bot.surveys.audience_fields import LONGEST_MONTHS
from bot.surveys.drafts import NewQuestion, NewSurvey, Repeating
from bot.surveys.forms import Form, OwnQuestion
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.translations import read_translations

Value = TypeVar("Value")

FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 10

NO_QUESTION: Final = marked("Please choose a question, or add one of your own.")
NO_FILTER: Final = marked("Please choose a team, a place, a manager or a time since joining.")
NOT_MONTHS: Final = marked("Please write a whole number of months, from 0 to {most}.")
NO_SPAN: Final = marked("Nobody joined in this time: the least is more than the most.")
NO_REF: Final = {
    "channel": marked("Please choose the channel."),
    "usergroup": marked("Please choose the user group."),
    "team": marked("Please choose the team."),
}


def read_survey(form: Form, today: date) -> NewSurvey:
    """Return the survey that a form describes; `today` is the date in the workspace's zone.

    Raises FieldErrors with a sentence for each invalid field.
    """
    wrong: dict[str, str] = {}
    name = _name(form, wrong)
    questions = _questions(form, wrong)
    audience = read_audience(form, wrong)
    when = _when(form, today, wrong)
    if when is None or wrong:
        raise FieldErrors(wrong)
    return NewSurvey(
        name=name,
        questions=questions,
        audience=audience,
        when=when,
        open_hours=int(form.open_hours),
        anonymous=form.anonymity == "anonymous",
        replaces=form.edits or None,
    )


def _name(form: Form, wrong: dict[str, str]) -> str:
    if not form.name:
        wrong[form_fields.NAME] = _("Please give the survey a name.")
    elif len(form.name) > forms.NAME_LENGTH:
        wrong[form_fields.NAME] = _("Please shorten the name to {most} characters.").format(
            most=forms.NAME_LENGTH
        )
    return form.name


def _questions(form: Form, wrong: dict[str, str]) -> tuple[NewQuestion, ...]:
    bank = load_bank()
    known = {question.key: question for question in bank.questions}
    chosen = [NewQuestion.from_bank(known[key]) for key in form.bank if key in known]
    own = [_own(number, typed, wrong) for number, typed in enumerate(form.own) if typed.text]
    questions = (*chosen, *own)
    if not questions:
        wrong[form_fields.BANK] = _(NO_QUESTION)
    elif len(questions) > forms.MOST_QUESTIONS:
        surplus = len(questions) - forms.MOST_QUESTIONS
        wrong[form_fields.BANK] = _(
            "These are {number} questions, and {most} are the most. Please take {surplus} away."
        ).format(number=len(questions), most=forms.MOST_QUESTIONS, surplus=surplus)
    _refuse_repeated(form, chosen, wrong)
    return questions


def _refuse_repeated(form: Form, chosen: list[NewQuestion], wrong: dict[str, str]) -> None:
    asked = {question.text.casefold() for question in chosen}
    for number, typed in enumerate(form.own):
        if typed.text and typed.text.casefold() in asked:
            wrong[form_fields.own(form_fields.OWN_TEXT, number)] = _(
                "This question is in the survey already."
            )
        asked.add(typed.text.casefold())


def _own(number: int, typed: OwnQuestion, wrong: dict[str, str]) -> NewQuestion:
    if len(typed.text) > forms.QUESTION_LENGTH:
        wrong[form_fields.own(form_fields.OWN_TEXT, number)] = _(
            "Please shorten the question to {most} characters."
        ).format(most=forms.QUESTION_LENGTH)
    scale = Scale(typed.scale)
    if scale is not Scale.CHOICE:
        translations = read_translations(number, typed.translations, (), wrong)
        return NewQuestion(typed.text, scale, translations=translations)
    lines = (" ".join(line.split()) for line in storable(typed.options).splitlines())
    options = tuple(line for line in lines if line)
    if fault := _fault_in(options):
        wrong[form_fields.own(form_fields.OWN_OPTIONS, number)] = fault
    translations = read_translations(number, typed.translations, options, wrong)
    return NewQuestion(typed.text, scale, options=options, translations=translations)


def _fault_in(options: tuple[str, ...]) -> str | None:
    if len(options) < FEWEST_OPTIONS:
        return _("Please write two options or more, one on each line.")
    if len(options) > MOST_OPTIONS:
        return _("These are {number} options, and {most} are the most.").format(
            number=len(options), most=MOST_OPTIONS
        )
    if any(len(text) > OPTION_TEXT for text in options):
        return _("Please shorten each option to {most} characters.").format(most=OPTION_TEXT)
    if len({text.casefold() for text in options}) < len(options):
        return _("Two options are the same. Please change or remove one of them.")
    return None


def read_audience(form: Form, wrong: dict[str, str]) -> Audience:
    """Return the audience that a form describes; say in `wrong` what is missing, by field."""
    kind = AudienceKind(form.audience)
    if kind is AudienceKind.EVERYONE:
        return Audience(kind)
    if kind is AudienceKind.CHOSEN:
        return Audience(kind, filters=_filters(form, wrong))
    if not form.audience_ref:
        wrong[form_fields.audience_field(kind)] = _(NO_REF[kind])
    return Audience(kind, form.audience_ref)


def _filters(form: Form, wrong: dict[str, str]) -> Filters:
    chosen = form.chosen
    at_most = _months(chosen.joined_at_most, form_fields.JOINED_AT_MOST, wrong)
    at_least = _months(chosen.joined_at_least, form_fields.JOINED_AT_LEAST, wrong)
    if at_most is not None and at_least is not None and at_most < at_least:
        wrong[form_fields.JOINED_AT_LEAST] = _(NO_SPAN)
    filters = Filters(
        teams=tuple(sorted(chosen.teams)),
        departments=tuple(sorted(chosen.departments)),
        locations=tuple(sorted(chosen.locations)),
        managers=tuple(sorted(chosen.managers)),
        joined_at_most=at_most,
        joined_at_least=at_least,
    )
    is_typed = chosen.joined_at_most or chosen.joined_at_least
    if not filters.stored() and not is_typed:
        wrong[form_fields.AUDIENCE] = _(NO_FILTER)
    return filters


def _months(typed: str, field: str, wrong: dict[str, str]) -> int | None:
    if not typed:
        return None
    months = _parsed(int, typed)
    if months is not None and 0 <= months <= LONGEST_MONTHS:
        return months
    wrong[field] = _(NOT_MONTHS).format(most=LONGEST_MONTHS)
    return None


def _when(form: Form, today: date, wrong: dict[str, str]) -> Plan | Repeating | None:
    if form.when == forms.NOW:
        return Plan(Cadence.ONCE, today, None)
    ask_at = _parsed(time.fromisoformat, form.time)
    if ask_at is None:
        wrong[form_fields.TIME] = _("Please choose a time.")
        return None
    cadence = Cadence(form.when)
    if cadence is not Cadence.ONCE:
        ends_on = _parsed(date.fromisoformat, form.ends_on)
        if ends_on and ends_on < today:
            wrong[form_fields.ENDS_ON] = _("This date has passed. Please choose a later one.")
        off = form.days_off == "working"
        return Repeating(cadence, int(form.weekday), form.ordinal, ask_at, ends_on, off)
    day = _parsed(date.fromisoformat, form.date)
    if day is None:
        wrong[form_fields.DATE] = _("Please choose a date.")
    elif day < today:
        wrong[form_fields.DATE] = _("This date has passed. Please choose today or a later one.")
    else:
        return Plan(cadence, day, ask_at)
    return None


def _parsed(parse: Callable[[str], Value], text: str) -> Value | None:
    try:
        return parse(text)
    except ValueError:
        return None
