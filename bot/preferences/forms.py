"""The form of a person's preferences, and what it says of them."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from bot.attention.readers import Preference
from bot.blockkit.blocks import (
    Block,
    View,
    button,
    divider,
    field_input,
    header,
    modal,
    option,
    section,
    select,
)
from bot.blockkit.form_state import FormState
from bot.errors import FieldErrors
from bot.languages import (
    LANGUAGES,
    _,
    _p,
    best_language,
    marked,
    write_day,
    write_list,
    write_weekday,
)
from bot.preferences.service import Standing, Usual

OPEN: Final = "preferences:open"
FORM: Final = "preferences:form"
TITLE: Final = marked("When I write to you")
OFTEN: Final = "often"
DAYS: Final = "days"
STARTS: Final = "starts"
ENDS: Final = "ends"
PAUSE: Final = "pause"
REMINDERS: Final = "reminders"
TEAM_TALKS: Final = "team_talks"
LANGUAGE: Final = "language"
USUAL_OFTEN: Final = "usual_often"
USUAL_STARTS: Final = "usual_starts"
USUAL_ENDS: Final = "usual_ends"
USUAL_LANGUAGE: Final = "usual_language"

LONGEST_PAUSE: Final = timedelta(days=366)
LEAST_HOURS: Final = 2
_SLACKS_LANGUAGE: Final = "slack"
AS_USUAL: Final = "usual"
_TIMES: Final = (
    marked("once a week"),
    marked("twice a week"),
    marked("three times a week"),
    marked("four times a week"),
    marked("five times a week"),
)
_RARELY: Final = {2: marked("once every two weeks"), 4: marked("once every four weeks")}

REMIND_ME: Final = marked("Remind me once of what I haven't answered")
HELP_ME: Final = marked("Send me questions for a team talk when my team shows strain")
TOO_SHORT: Final = marked("Please leave at least two hours between the two times.")
OWN_TIME: Final = marked("In each person's own time. What is due at another time waits.")
NO_DAY: Final = marked(
    "Please choose at least one day. To hear nothing for a while, set a pause below."
)
PAUSE_PAST: Final = marked("Please choose a day after today, or empty the field to end the pause.")
PAUSE_TOO_LONG: Final = marked("Please choose a day within a year.")


def preferences_view(standing: Standing) -> View:
    """Build the form with what holds now."""
    blocks = [
        section(f"{sentence(standing)} {_('What you press or ask for is answered at once.')}"),
        *_own_fields(standing),
        *(_usual_fields(standing.usual) if standing.may_set_usual else []),
    ]
    return modal(
        _(TITLE),
        blocks,
        callback_id=FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=_encoded(standing.usual) if standing.may_set_usual else "",
    )


def saved_view(standing: Standing) -> View:
    """Show what holds from now on."""
    return modal(
        _(TITLE),
        [section(f"{_('Saved.')} {sentence(standing)}")],
        callback_id=FORM,
    )


def home_blocks(standing: Standing) -> list[Block]:
    """Say on the Home tab when Attune writes, with a button to change it."""
    return [section(f"*{_(TITLE)}*\n{sentence(standing)}", button(_p("button", "Change"), OPEN))]


def preference_in(view: Mapping[str, Any], standing: Standing) -> Preference:
    """Read a person's choice; raise FieldErrors for what can't be."""
    state = FormState(view)
    starts, ends = _hours(state, STARTS, ENDS)
    days = tuple(day for day in range(7) if str(day) in state.many(DAYS))
    if not days:
        raise FieldErrors({DAYS: _(NO_DAY)})
    often, language = state.one(OFTEN), state.one(LANGUAGE)
    own_days = next((each for each in range(1, 6) if often == f"days:{each}"), None)
    return Preference(
        working_days=days,
        work_starts=starts,
        work_ends=ends,
        days_a_week=own_days or standing.usual.days_a_week,
        own_days=own_days,
        every_weeks=next((weeks for weeks in _RARELY if often == f"weeks:{weeks}"), 1),
        paused_until=_pause(state.one(PAUSE), standing.today),
        locale=language if language in LANGUAGES else None,
        reminders=bool(state.many(REMINDERS)),
        team_talks=bool(state.many(TEAM_TALKS)) if standing.leads else standing.chosen.team_talks,
    )


def usual_in(view: Mapping[str, Any]) -> Usual | None:
    """Read what HR changed for everybody; None if they left it as the form showed it."""
    state = FormState(view)
    often = state.one(USUAL_OFTEN)
    if often not in ("1", "2", "3", "4", "5"):
        return None
    language = best_language(state.one(USUAL_LANGUAGE))
    usual = Usual(int(often), *_hours(state, USUAL_STARTS, USUAL_ENDS), language)
    return None if _encoded(usual) == view.get("private_metadata") else usual


def sentence(standing: Standing) -> str:
    """Say when and how often Attune writes to a person."""
    chosen = standing.chosen
    if chosen.paused_until and _is_paused(standing):
        return _("I don't write to you until {day}.").format(day=_day(chosen.paused_until))
    often = _RARELY.get(chosen.every_weeks) or _TIMES[chosen.days_a_week - 1]
    said = _(
        "I write to you at most {often}: {weekdays}, {starts} to {ends} your time, not on public "
        "holidays and not while your Slack status says that you are away."
    ).format(
        often=_(often),
        weekdays=_weekdays(standing.weekdays),
        starts=f"{chosen.work_starts:%H:%M}",
        ends=f"{chosen.work_ends:%H:%M}",
    )
    return said if chosen.reminders else f"{said} {_('I send you no reminders.')}"


def _own_fields(standing: Standing) -> list[Block]:
    chosen = standing.chosen
    return [
        _choice(
            _("How often at most"),
            OFTEN,
            _often_options(standing.usual.days_a_week),
            _often(chosen),
            _(
                "What is due on one day comes as one message. The less often, the more surveys "
                "close before they reach you."
            ),
        ),
        field_input(
            _("On these days"),
            select(
                "checkboxes",
                DAYS,
                options=[_weekday(day) for day in range(7)],
                initial_options=[_weekday(day) for day in sorted(standing.weekdays)],
            ),
            block_id=DAYS,
            hint=_("What falls on another day comes on your next one."),
        ),
        _time_field(_("From"), STARTS, chosen.work_starts),
        _time_field(_("Until"), ENDS, chosen.work_ends, _(OWN_TIME)),
        _date_field(chosen.paused_until if _is_paused(standing) else None),
        _switch(_("Reminders"), REMINDERS, _(REMIND_ME), is_on=chosen.reminders),
        *(
            [_switch(_("Team talks"), TEAM_TALKS, _(HELP_ME), is_on=chosen.team_talks)]
            if standing.leads
            else []
        ),
        _choice(
            _("Language"),
            LANGUAGE,
            [
                option(_("As in Slack"), _SLACKS_LANGUAGE),
                *(option(name, code) for code, name in LANGUAGES.items()),
            ],
            best_language(chosen.locale) if chosen.locale else _SLACKS_LANGUAGE,
            _(
                "HR's own texts come in this language if HR has translated them, or else as HR "
                "wrote them."
            ),
        ),
    ]


def _usual_fields(usual: Usual) -> list[Block]:
    return [
        divider(),
        header(_("For everybody here (only HR sees this)")),
        _choice(
            _("Messages per person, at most"),
            USUAL_OFTEN,
            [option(_days_a_week(days), str(days)) for days in range(1, 6)],
            str(usual.days_a_week),
            _(
                "Counts surveys, reminders, mentoring and news together. A weekly survey with its "
                "reminder takes two. People can choose fewer. The change is written in "
                "/pulse record."
            ),
        ),
        _time_field(_("Usual hours, from"), USUAL_STARTS, usual.work_starts),
        _time_field(_("Usual hours, until"), USUAL_ENDS, usual.work_ends, _(OWN_TIME)),
        _choice(
            _("Language in channels"),
            USUAL_LANGUAGE,
            [option(name, code) for code, name in LANGUAGES.items()],
            usual.language,
            _("For the digest and announcements. In messages everybody has their own."),
        ),
    ]


def _encoded(usual: Usual) -> str:
    hours = f"{usual.work_starts:%H:%M} {usual.work_ends:%H:%M}"
    return f"{usual.days_a_week} {hours} {usual.language}"


def _is_paused(standing: Standing) -> bool:
    until = standing.chosen.paused_until
    return until is not None and until > standing.today


def _often(chosen: Preference) -> str:
    if chosen.every_weeks > 1:
        return f"weeks:{chosen.every_weeks}"
    return f"days:{chosen.days_a_week}" if chosen.own_days else AS_USUAL


def _often_options(most: int) -> list[Block]:
    days = [option(_days_a_week(number), f"days:{number}") for number in range(most, 0, -1)]
    return [
        option(_("As usual here: {often}").format(often=_(_TIMES[most - 1])), AS_USUAL),
        *days,
        *(option(_capitalised(_(name)), f"weeks:{weeks}") for weeks, name in _RARELY.items()),
    ]


def _choice(label: str, field: str, options: list[Block], chosen: str, hint: str) -> Block:
    initial = next((each for each in options if each["value"] == chosen), options[0])
    element = select("static_select", field, options=options, initial_option=initial)
    return field_input(label, element, block_id=field, hint=hint)


def _time_field(label: str, field: str, chosen: time, hint: str | None = None) -> Block:
    element = select("timepicker", field, initial_time=f"{chosen:%H:%M}")
    return field_input(label, element, block_id=field, hint=hint)


def _date_field(paused_until: date | None) -> Block:
    rest: dict[str, Any] = {"initial_date": paused_until.isoformat()} if paused_until else {}
    return field_input(
        _("Pause until"),
        select("datepicker", PAUSE, placeholder=_("No pause"), **rest),
        block_id=PAUSE,
        hint=_("I don't write to you until this day. Surveys that close meanwhile skip you."),
        optional=True,
    )


def _switch(label: str, field: str, text: str, *, is_on: bool) -> Block:
    choice = option(text, "yes")
    rest: dict[str, Any] = {"initial_options": [choice]} if is_on else {}
    return field_input(
        label,
        select("checkboxes", field, options=[choice], **rest),
        block_id=field,
        optional=True,
    )


def _hours(state: FormState, starts: str, ends: str) -> tuple[time, time]:
    if not (state.one(starts) and state.one(ends)):
        raise FieldErrors({ends: _(TOO_SHORT)})
    first, last = time.fromisoformat(state.one(starts)), time.fromisoformat(state.one(ends))
    if last.hour * 60 + last.minute < first.hour * 60 + first.minute + LEAST_HOURS * 60:
        raise FieldErrors({ends: _(TOO_SHORT)})
    return first, last


def _pause(written: str, today: date) -> date | None:
    if not written:
        return None
    try:
        until = date.fromisoformat(written)
    except ValueError:
        until = today
    if until <= today:
        raise FieldErrors({PAUSE: _(PAUSE_PAST)})
    if until > today + LONGEST_PAUSE:
        raise FieldErrors({PAUSE: _(PAUSE_TOO_LONG)})
    return until


def _days_a_week(days: int) -> str:
    return _capitalised(_(_TIMES[days - 1]))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _weekday(day: int) -> Block:
    return option(_capitalised(write_weekday(day)), str(day))


def _weekdays(days: frozenset[int]) -> str:
    """Name weekdays: `Monday to Friday`, `Tuesday, Thursday and Saturday`."""
    ordered = sorted(days)
    names = [write_weekday(day) for day in ordered]
    if len(names) > 2 and ordered[-1] - ordered[0] == len(names) - 1:
        return _("{first} to {last}").format(first=names[0], last=names[-1])
    return write_list(names)


def _day(day: date) -> str:
    return write_day(day)
