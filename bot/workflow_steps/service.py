"""What the steps of a workflow do, each with the checks of the command that does the same.

Each returns one sentence that says what was done. An execution that Slack repeats changes nothing
and gets the same sentence.
"""

import re
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.text import escape, plural, shorten
from bot.errors import UserError
from bot.journeys import service as journeys
from bot.journeys.forms import LEAVES_BEFORE
from bot.journeys.milestones import NOT_STARTED, milestone_lines, require_admin
from bot.journeys.people import AFTER
from bot.journeys.pure.milestones import Journey
from bot.languages import DayStyle, _, marked, write_day
from bot.people import roles
from bot.people.roles import Role
from bot.products.items.service import suggest
from bot.surveys import edits
from bot.surveys.drafts import confirm_draft, form_options, save_draft
from bot.surveys.filled_forms import form_of_survey, form_of_template
from bot.surveys.form_validation import read_survey
from bot.surveys.forms import NAME_LENGTH, NOW
from bot.surveys.new_survey import NewSurvey
from bot.surveys.pure.templates import Template, load_templates
from bot.surveys.service import find_survey
from bot.workflow_steps.execution import Execution, is_first_time
from models import Survey

LINK_LENGTH: Final = 500
LINK: Final = re.compile(r"https?://[^\s|<>]+")
JOURNEYS: Final = MappingProxyType(
    {"joined": Journey.JOINED, "leaving": Journey.LEAVING, "back": Journey.BACK}
)
"""By what the step's input says."""
NO_PERSON: Final = marked("The step needs a person. Please fill that field in.")
NO_JOURNEY: Final = marked("The step's journey must be one of: joined, leaving, back.")
NO_DATE: Final = marked("The step needs a date, such as 2026-12-03.")
TOO_LONG_AGO: Final = marked(
    "This date is so long ago that no milestone would come any more. Please choose a later one."
)
ONE_OF_BOTH: Final = marked(
    "The step needs either a template or a survey to ask again, and not both. Please fill in one "
    "of them."
)
WAITS_FOR_DECISION: Final = marked(
    "What people said about {drivers} still waits for a decision, so I didn't ask them again. "
    "Please decide with `/improve`, or ask with `/pulse new` and say why."
)
NO_LINK: Final = marked(
    "The link must be one address that begins with https://, of {count} characters at most."
)


async def start_journey(session: AsyncSession, execution: Execution, now: datetime) -> str:
    """Set the date from which a person's milestones come; their other dates stay.

    Raises NotAllowedError for everybody but HR admins, and UserError for wrong inputs, or if
    journeys have not been started.
    """
    actor = execution.actor
    await require_admin(session, actor)
    person, day = execution.text("person"), execution.day("date")
    journey = JOURNEYS.get(execution.text("journey").casefold())
    if not person:
        raise UserError(_(NO_PERSON))
    if journey is None:
        raise UserError(_(NO_JOURNEY))
    if day is None:
        raise UserError(_(NO_DATE))
    if day < now.date() - AFTER:
        raise UserError(_(TOO_LONG_AGO))
    if not await milestone_lines(session, actor.workspace_id):
        raise UserError(_(NOT_STARTED))
    if await is_first_time(session, execution, now):
        found = await journeys.person_view(session, actor, person, now)
        dates = replace(found.dates, **{journey.value: day})
        if dates.hired_on and dates.leaves_on and dates.leaves_on < dates.hired_on:
            raise UserError(_(LEAVES_BEFORE))
        paused = found.walk.is_paused
        await journeys.save_person(session, actor, person, dates, now, is_paused=paused)
    said = {
        Journey.JOINED: _("Their first day is {day}."),
        Journey.LEAVING: _("Their last day is {day}."),
        Journey.BACK: _("They are back on {day}."),
    }
    return said[journey].format(day=write_day(day, DayStyle.SHORT))


async def compose_pulse(session: AsyncSession, execution: Execution, now: datetime) -> NewSurvey:
    """Return the survey that a step asks, once and now; its name says the day.

    Raises NotAllowedError for everybody but HR admins, and UserError for wrong inputs.
    """
    actor = execution.actor
    options = await form_options(session, actor, now)
    template, survey = execution.text("template"), execution.text("survey")
    if bool(template) == bool(survey):
        raise UserError(_(ONE_OF_BOTH))
    if template:
        form = form_of_template(_template(template))
    else:
        named = await find_survey(session, actor, survey, action="surveys.create")
        found = await edits.editable_survey(session, actor, named.id, now, is_copy=True)
        name = named.name.removesuffix(_of_day(named.starts_on))
        form = replace(form_of_survey(found.survey, found.today, is_copy=True), name=name)
    suffix = _of_day(options.today)
    form = replace(form, when=NOW, name=shorten(form.name, NAME_LENGTH - len(suffix)) + suffix)
    if channel := execution.text("channel"):
        form = replace(form, audience="channel", audience_ref=channel)
    return read_survey(form, options.today)


def _of_day(day: date) -> str:
    """Return the end of the name of a survey that a step asks on a day."""
    return f", {write_day(day, DayStyle.SHORT)}"


def _template(typed: str) -> Template:
    """Return the template with this key or name; raise UserError if there is none."""
    for template in load_templates().values():
        if typed.casefold() in (
            template.key,
            template.name.casefold(),
            _(template.name).casefold(),
        ):
            return template
    names = ", ".join(f"“{_(each.name)}”" for each in load_templates().values())
    raise UserError(
        _("I don't know a template called “{typed}”. There are {names}.").format(
            typed=escape(shorten(typed, 120)), names=names
        )
    )


async def ask_pulse(
    session: AsyncSession,
    execution: Execution,
    new: NewSurvey,
    members: set[str] | None,
    now: datetime,
) -> str:
    """Create the survey, with the checks of its form and its preview; `members` as in `save_draft`.

    Raises UserError if these people can't be asked, or if an earlier result waits for a decision.
    """
    actor = execution.actor
    await roles.require(session, actor, Role.ADMIN, action="surveys.create")
    made = await session.get(Survey, (actor.workspace_id, execution.key))
    if made is None or made.status == "draft":
        preview = await save_draft(session, actor, execution.key, new, members, now)
        if preview.undecided:
            drivers = ", ".join(preview.undecided)
            raise UserError(_(WAITS_FOR_DECISION).format(drivers=drivers))
        await confirm_draft(session, actor, execution.key, now)
        made = await session.get_one(Survey, (actor.workspace_id, execution.key))
    asked = plural(made.audience_size or 0, "person", "people")
    return _("*{name}* asks {people}.").format(name=escape(made.name), people=asked)


async def add_to_improve(session: AsyncSession, execution: Execution, now: datetime) -> str:
    """Put a proposal on the board of `/improve`; only HR sees it until HR takes it up or decides.

    Raises NotAllowedError for everybody but HR admins, and UserError for wrong inputs.
    """
    link = execution.text("link")
    if link and (len(link) > LINK_LENGTH or not LINK.fullmatch(link)):
        raise UserError(_(NO_LINK).format(count=LINK_LENGTH))
    problem = await suggest(
        session, execution.actor, execution.key, execution.text("problem"), link, now
    )
    return _("“{problem}” waits in `/improve` for a decision.").format(problem=escape(problem))
