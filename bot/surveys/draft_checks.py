"""What is checked before a survey is stored: its people, its first wave, and its rhythm."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from bot.attention.pure.countries import country_of
from bot.errors import FieldErrors
from bot.languages import _, marked, plural
from bot.surveys import form_fields
from bot.surveys.audience import AudienceKind, Reach, least_people
from bot.surveys.new_survey import NewSurvey
from bot.surveys.pure import schedule
from bot.surveys.pure.schedule import Cadence, Occurrence, Plan
from bot.surveys.survey_rows import local_today
from models import Workspace

PASSED: Final = marked("This moment has passed. Please choose a later one.")
ENDS_TOO_EARLY: Final = marked(
    "The survey would end before it is asked. Please choose a later date."
)
NOBODY: Final = marked("Nobody in this audience can be asked: it has no active employees.")
UNKNOWN_COUNTRY: Final = "ZZ"

_TOO_FEW: Final = {
    AudienceKind.CHANNEL: marked(
        "This would ask {people}. An anonymous survey of a channel needs at least {needed}, so "
        "that nobody can be recognised. Please choose a larger audience, or a named survey."
    ),
    AudienceKind.USERGROUP: marked(
        "This would ask {people}. An anonymous survey of a user group needs at least {needed}, so "
        "that nobody can be recognised. Please choose a larger audience, or a named survey."
    ),
    AudienceKind.TEAM: marked(
        "This would ask {people}. An anonymous survey of a team needs at least {needed}, so that "
        "nobody can be recognised. Please choose a larger audience, or a named survey."
    ),
    AudienceKind.CHOSEN: marked(
        "This would ask {people}. An anonymous survey of chosen people needs at least {needed}, so "
        "that nobody can be recognised. Please choose a larger audience, or a named survey."
    ),
}
_TOO_FEW_OF_ALL: Final = marked(
    "This would ask {people}. An anonymous survey needs at least {needed}, so that nobody can be "
    "recognised. Please choose a larger audience, or a named survey."
)


def too_few(kind: AudienceKind, people: int, min_group_size: int, *, anonymous: bool) -> str | None:
    """Say why so many people can't be asked, in plain text for a form; None if they can."""
    if not people:
        return _(NOBODY)
    needed = least_people(kind, min_group_size, anonymous=anonymous)
    if people >= needed:
        return None
    sentence = _(_TOO_FEW.get(kind, _TOO_FEW_OF_ALL))
    return sentence.format(people=plural(people, "person", "people"), needed=needed)


def check_reach(new: NewSurvey, reach: Reach, min_group_size: int) -> None:
    """Refuse an anonymous survey of too few people for any figure."""
    kind = new.audience.kind
    if said := too_few(kind, reach.people, min_group_size, anonymous=new.anonymous):
        raise FieldErrors({form_fields.audience_field(kind): said})


def plan_for(new: NewSurvey, zones: Collection[str], workspace: Workspace, now: datetime) -> Plan:
    """Return the plan of a survey; a repeating one starts on a day that lies ahead of `now`.

    It keeps to the working days of the country of the workspace's time zone, if HR wants that.
    """
    when = new.when
    if isinstance(when, Plan):
        return when
    rule = when.cadence, when.weekday, when.ordinal, when.ask_at
    begins = schedule.repeating_plan(*rule, zones, now)
    country = (country_of(workspace.tz) or UNKNOWN_COUNTRY) if when.working_days else None
    return Plan(begins.cadence, begins.starts_on, begins.ask_at, when.ends_on, country)


def first_of(plan: Plan, zones: Collection[str], workspace: Workspace, now: datetime) -> Occurrence:
    """Return the first wave; refuse a time that has passed in the workspace's time zone."""
    first = schedule.first_wave(plan, zones, now)
    if first is None and plan.ends_on:
        raise FieldErrors({form_fields.ENDS_ON: _(ENDS_TOO_EARLY)})
    late = schedule.asked_at(plan.starts_on, plan.ask_at, workspace.tz, now) < now
    if first is None or (plan.cadence is Cadence.ONCE and late):
        today = local_today(workspace, now)
        raise FieldErrors(
            {form_fields.DATE if plan.starts_on < today else form_fields.TIME: _(PASSED)}
        )
    return first


def check_overlap(new: NewSurvey, plan: Plan, zones: Collection[str], first: Occurrence) -> None:
    """Refuse waves that would overlap, because people would have two at once."""
    longest = schedule.longest_open(plan, zones, first.held_on)
    if longest is None or timedelta(hours=new.open_hours) <= longest:
        return
    why = (
        _("People in other time zones are asked later, and all get the same time.")
        if longest % timedelta(weeks=1)
        else ""
    )
    said = _("The next wave would open before this one closes. Please choose {days} or less.")
    said = said.format(days=plural(longest.days, "day"))
    raise FieldErrors({form_fields.OPEN_HOURS: f"{said} {why}".rstrip()})
