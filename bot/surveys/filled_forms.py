"""Compose forms that begin filled in: with a template, or with a survey that exists."""

from datetime import date
from typing import Final

from bot.languages import _, marked
from bot.surveys.audience import Filters, audience_of
from bot.surveys.audience_fields import Chosen, chosen_of
from bot.surveys.forms import NAME_LENGTH, NOW, Form, OwnQuestion
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import Cadence, ordinal
from bot.surveys.pure.templates import Template
from bot.surveys.translations import translations_of, typed_of
from models import Survey, SurveyQuestion
from models.database import new_key

COPY: Final = marked("Copy of {name}")


def form_of_template(template: Template) -> Form:
    """Return the form of a new survey that begins as a template says."""
    joined = template.joined_at_most
    return Form(
        new_key(),
        name=_(template.name),
        bank=template.questions,
        own=tuple(OwnQuestion(each.text, each.scale.value) for each in template.own),
        audience="chosen" if joined else "everyone",
        chosen=chosen_of(Filters(joined_at_most=joined)) if joined else Chosen(),
        when=template.cadence,
        open_hours=str(template.open_days * 24),
    )


def form_of_survey(survey: Survey, today: date, *, is_copy: bool) -> Form:
    """Return the form that changes a survey, or that of a copy. A date that has passed is left out.

    A question whose wording in the bank has changed begins with the new one.
    """
    audience = audience_of(survey)
    bank = load_bank()
    own = [each for each in survey.questions if not (each.bank_key and bank.find(each.bank_key))]
    is_once = survey.cadence == Cadence.ONCE
    when = NOW if is_once and survey.ask_at is None else survey.cadence
    return Form(
        new_key(),
        name=_(COPY).format(name=shown_name(survey.name))[:NAME_LENGTH] if is_copy else survey.name,
        bank=tuple(str(each.bank_key) for each in survey.questions if each not in own),
        own=tuple(_typed(each) for each in own),
        audience=audience.kind.value,
        audience_ref=audience.ref or "",
        chosen=chosen_of(audience.filters),
        when=when,
        date=_ahead(survey.starts_on if is_once else None, today),
        ordinal=ordinal(survey.starts_on),
        weekday=str(survey.starts_on.weekday()),
        time=f"{survey.ask_at:%H:%M}" if survey.ask_at else "10:00",
        ends_on=_ahead(survey.ends_on, today),
        days_off="working" if survey.working_in else "any",
        open_hours=str(survey.open_hours),
        anonymity="anonymous" if survey.anonymous else "named",
        edits="" if is_copy else survey.id,
        is_translating=any(each.translations for each in own),
    )


def _typed(question: SurveyQuestion) -> OwnQuestion:
    translations = typed_of(translations_of(question.translations))
    return OwnQuestion(question.text, question.scale, "\n".join(question.options), translations)


def _ahead(day: date | None, today: date) -> str:
    return day.isoformat() if day and day >= today else ""
