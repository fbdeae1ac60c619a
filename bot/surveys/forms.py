"""The form in which HR composes a survey.

Fields that decide which other fields are needed dispatch. The form is then redrawn from the state
that came with the press, so nothing typed is lost.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.blockkit.blocks import (
    INPUT_TEXT,
    OPTION_TEXT,
    SELECT_OPTIONS,
    Block,
    View,
    actions,
    button,
    context,
    field_input,
    modal,
    option,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import shorten, storable
from bot.surveys import form_fields
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import DAYS

COMPOSE: Final = "surveys:compose"
ADD_OWN: Final = "surveys:add_own"

NAME_LENGTH: Final = 120
QUESTION_LENGTH: Final = 300
MOST_QUESTIONS: Final = 10
MOST_OWN: Final = 3
NOW: Final = "now"

AUDIENCES: Final = {
    "everyone": "Everyone",
    "channel": "The members of a channel",
    "usergroup": "A user group",
    "team": "A team",
}
TIMES: Final = {
    NOW: "Once, as soon as I confirm",
    "once": "Once, on a date",
    "weekly": "Every week",
    "biweekly": "Every two weeks",
    "monthly": "Every month",
}
ORDINALS: Final = {
    "1st": "The first one of the month",
    "2nd": "The second one of the month",
    "3rd": "The third one of the month",
    "4th": "The fourth one of the month",
}
"""Some months have no fifth Tuesday."""
NEEDED: Final = "Needed for this choice."
"""These fields must be optional for Slack, or a changed choice could not be sent."""
OPEN_HOURS: Final = {
    "24": "1 day",
    "48": "2 days",
    "72": "3 days",
    "120": "5 days",
    "168": "1 week",
    "336": "2 weeks",
}
ANONYMITY: Final = {"anonymous": "Anonymous", "named": "Named"}
SCALES: Final = {
    "agree": "Agreement, from 1 to 5",
    "enps": "Likelihood, from 0 to 10 (eNPS)",
    "choice": "One of several options",
    "text": "In their own words",
}


AGREEING: Final = "Word it so that agreeing is good news. "


@dataclass(frozen=True)
class OwnQuestion:
    """A question of HR's own, as typed so far."""

    text: str = ""
    scale: str = Scale.AGREE.value
    options: str = ""
    """One option per line."""


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
    when: str = "weekly"
    date: str = ""
    ordinal: str = "1st"
    weekday: str = "1"
    time: str = "10:00"
    open_hours: str = "72"
    anonymity: str = "anonymous"


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
        when=state.one(form_fields.WHEN) or before.when,
        date=state.one(form_fields.DATE),
        ordinal=state.one(form_fields.ORDINAL) or before.ordinal,
        weekday=state.one(form_fields.WEEKDAY) or before.weekday,
        time=state.one(form_fields.TIME) or before.time,
        open_hours=state.one(form_fields.OPEN_HOURS) or before.open_hours,
        anonymity=state.one(form_fields.ANONYMITY) or before.anonymity,
    )


def with_own_question(form: Form) -> Form:
    """Add an empty question of HR's own, up to three."""
    if len(form.own) >= MOST_OWN:
        return form
    return replace(form, own=(*form.own, OwnQuestion()))


def compose_view(
    form: Form, teams: Sequence[str] = (), groups: Sequence[tuple[str, str]] = ()
) -> View:
    """Draw the form. `groups` are user groups as (id, name)."""
    blocks = [
        field_input(
            "Name",
            text_input(
                form_fields.NAME,
                max_length=NAME_LENGTH,
                placeholder="Weekly pulse",
                initial=form.name,
            ),
            block_id=form_fields.NAME,
            hint="The people asked see this name too.",
        ),
        _bank_field(form),
    ]
    for number, own in enumerate(form.own):
        blocks += _own_fields(number, own)
    if len(form.own) < MOST_OWN:
        blocks.append(actions([button("Add your own question", ADD_OWN)]))
    blocks += _audience_fields(form, teams, groups)
    blocks += _when_fields(form)
    blocks += [
        _choice("Stays open for", form_fields.OPEN_HOURS, OPEN_HOURS, form.open_hours),
        _choice(
            "Answers are",
            form_fields.ANONYMITY,
            ANONYMITY,
            form.anonymity,
            kind="radio_buttons",
            hint="Anonymous: nobody can see who answered what. Named: HR can, and people are "
            "told so before they answer.",
        ),
    ]
    kept = json.dumps({"survey": form.survey_id, "own": len(form.own)})
    return modal(
        "New survey",
        blocks,
        callback_id=COMPOSE,
        submit="Preview",
        close="Cancel",
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
    )


def _bank_field(form: Form) -> Block:
    bank = load_bank()
    groups = [
        (
            driver.label,
            [
                option(shorten(question.wording, OPTION_TEXT), question.key)
                for question in bank.by_driver(driver.key)
            ],
        )
        for driver in bank.drivers
    ]
    element = select(
        "multi_static_select",
        form_fields.BANK,
        placeholder="Choose questions",
        option_groups=groups,
    )
    element["max_selected_items"] = MOST_QUESTIONS
    chosen = [choice for _, choices in groups for choice in choices if choice["value"] in form.bank]
    if chosen:
        element["initial_options"] = chosen
    return field_input(
        "Questions from the bank",
        element,
        block_id=form_fields.BANK,
        hint="One or two work best. Up to ten.",
        optional=True,
    )


def _own_fields(number: int, own: OwnQuestion) -> list[Block]:
    text_field = form_fields.own(form_fields.OWN_TEXT, number)
    blocks = [
        field_input(
            f"Your own question {number + 1}",
            text_input(text_field, max_length=QUESTION_LENGTH, initial=own.text),
            block_id=text_field,
            hint=f"{AGREEING if own.scale == Scale.AGREE else ''}An empty question isn't asked.",
            optional=True,
        ),
        _choice(
            "People answer with",
            form_fields.own(form_fields.OWN_SCALE, number),
            SCALES,
            own.scale,
            dispatch=True,
        ),
    ]
    if own.scale == Scale.CHOICE:
        options_field = form_fields.own(form_fields.OWN_OPTIONS, number)
        blocks.append(
            field_input(
                "Options, one on each line",
                text_input(
                    options_field, multiline=True, max_length=INPUT_TEXT, initial=own.options
                ),
                block_id=options_field,
                hint=f"{NEEDED} Two to ten options of at most {OPTION_TEXT} characters.",
                optional=True,
            )
        )
    return blocks


def _audience_fields(
    form: Form, teams: Sequence[str], groups: Sequence[tuple[str, str]]
) -> list[Block]:
    blocks = [
        _choice("Who is asked", form_fields.AUDIENCE, AUDIENCES, form.audience, dispatch=True)
    ]
    if form.audience == AudienceKind.CHANNEL:
        blocks.append(_channel_field(form.audience_ref))
    elif form.audience == AudienceKind.TEAM and teams:
        blocks.append(team_field(teams, form.audience_ref))
    elif form.audience == AudienceKind.TEAM:
        blocks.append(context("No teams are known yet. An import of people brings them."))
    elif form.audience == AudienceKind.USERGROUP and groups:
        blocks.append(_long_choice("User group", form_fields.USERGROUP, groups, form.audience_ref))
    elif form.audience == AudienceKind.USERGROUP:
        blocks.append(context("This workspace has no user groups that I can see."))
    return blocks


def team_field(teams: Sequence[str], chosen: str, hint: str = NEEDED) -> Block:
    """Build a select of the directory's teams."""
    named = [(team, team) for team in teams]
    return _long_choice("Team", form_fields.TEAM, named, chosen, hint)


def _channel_field(chosen: str) -> Block:
    element = select("conversations_select", form_fields.CHANNEL, placeholder="Choose a channel")
    element["filter"] = {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
        "exclude_bot_users": True,
    }
    if chosen:
        element["initial_conversation"] = chosen
    return field_input(
        "Channel",
        element,
        block_id=form_fields.CHANNEL,
        hint=f"{NEEDED} In a private channel, write /invite @Attune first.",
        optional=True,
    )


def _when_fields(form: Form) -> list[Block]:
    blocks = [_choice("When", form_fields.WHEN, TIMES, form.when, dispatch=True)]
    if form.when == NOW:
        return blocks
    if form.when == "once":
        picker = {"type": "datepicker", "action_id": form_fields.DATE}
        if form.date:
            picker["initial_date"] = form.date
        blocks.append(
            field_input("Date", picker, block_id=form_fields.DATE, hint=NEEDED, optional=True)
        )
    if form.when == "monthly":
        blocks.append(_choice("Which week", form_fields.ORDINAL, ORDINALS, form.ordinal))
    if form.when in ("weekly", "biweekly", "monthly"):
        days = {str(number): day for number, day in enumerate(DAYS)}
        blocks.append(_choice("Weekday", form_fields.WEEKDAY, days, form.weekday))
    clock = {"type": "timepicker", "action_id": form_fields.TIME, "initial_time": form.time}
    hint = "Each person is asked at this time in their own zone."
    return [*blocks, field_input("Time", clock, block_id=form_fields.TIME, hint=hint)]


def _choice(
    label: str,
    field: str,
    texts: Mapping[str, str],
    chosen: str,
    *,
    kind: str = "static_select",
    hint: str | None = None,
    dispatch: bool = False,
) -> Block:
    options = [option(text, value) for value, text in texts.items()]
    element = select(kind, field, options=options)
    element["initial_option"] = next(
        (choice for choice in options if choice["value"] == chosen), options[0]
    )
    return field_input(label, element, block_id=field, hint=hint, dispatch=dispatch)


def _long_choice(
    label: str, field: str, pairs: Sequence[tuple[str, str]], chosen: str, hint: str = NEEDED
) -> Block:
    """Build a select of (value, text) pairs, grouped if there are more than a hundred."""
    options = [option(shorten(text, OPTION_TEXT), value) for value, text in pairs]
    if len(options) <= SELECT_OPTIONS:
        element = select("static_select", field, placeholder="Choose", options=options)
    else:
        pieces = [
            options[start : start + SELECT_OPTIONS]
            for start in range(0, len(options), SELECT_OPTIONS)
        ]
        element = select(
            "static_select",
            field,
            placeholder="Choose",
            option_groups=[(_span(piece), piece) for piece in pieces[:SELECT_OPTIONS]],
        )
    initial = next((choice for choice in options if choice["value"] == chosen), None)
    if initial:
        element["initial_option"] = initial
    return field_input(label, element, block_id=field, hint=hint, optional=True)


def _span(piece: Sequence[Block]) -> str:
    first, last = (str(choice["text"]["text"]) for choice in (piece[0], piece[-1]))
    return f"{shorten(first, 30)} to {shorten(last, 30)}"
