"""Slack requests of the surveys slice: HR composes, lists, pauses, resumes and ends surveys."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.blocks import SELECT_OPTIONS, Block, Message, View
from bot.blockkit.form_state import FormState
from bot.errors import FieldErrors, UserError
from bot.languages import _, marked
from bot.slack.client import NETWORK_ERRORS
from bot.slack.commands import PULSE, Usage, name_in, subcommand, words
from bot.slack.interaction import Interaction
from bot.surveys import drafts, edits, form_fields, service
from bot.surveys.audience import AudienceKind
from bot.surveys.audience_fields import Offered, reach_in
from bot.surveys.blocks import (
    DUPLICATE,
    EDIT,
    END,
    LIST,
    LIST_TITLE,
    NEW,
    PAUSE,
    PREVIEW,
    PREVIEW_ANSWER,
    RESUME,
    ask_before_ending,
    changed_text,
    created_view,
    list_blocks,
    list_view,
)
from bot.surveys.drafts import FormOptions, NewSurvey, SurveyPreview
from bot.surveys.filled_forms import form_of_survey, form_of_template
from bot.surveys.form_elements import name_option
from bot.surveys.form_validation import read_audience, read_survey
from bot.surveys.forms import (
    ADD_OWN,
    COMPOSE,
    TRANSLATE,
    Form,
    compose_view,
    form_in,
    with_own_question,
)
from bot.surveys.preview_blocks import preview_view
from bot.surveys.slack_audience import (
    AudienceUnreadableError,
    fetch_members,
    fetch_user_groups,
)
from bot.surveys.survey_rows import SurveySummary
from bot.surveys.template_form import START, start_view, template_in
from models.database import new_key

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse new", marked("writes a survey and previews it before anybody is asked"), for_hr=True
    ),
    Usage("/pulse list", marked("shows the surveys and what is planned"), for_hr=True),
    Usage("/pulse pause NAME", marked("holds a survey's next waves back"), for_hr=True),
    Usage("/pulse resume NAME", marked("lets a paused survey go on"), for_hr=True),
    Usage(
        "/pulse end NAME", marked("ends a survey for good, and its open wave early"), for_hr=True
    ),
)

CHANGES: Final = {"pause": service.pause, "resume": service.resume, "end": service.end}
AUDIENCE_SECONDS: Final = 2.0
"""Slack waits three seconds for the preview; a channel gives a thousand members a call."""
REACH_SECONDS: Final = 1.0
"""For the line with the number of people, which can be missing."""
TOO_SLOW: Final = marked(
    "Slack takes too long to tell me who is in it. Please try again, or choose everyone or a team."
)
NO_FORM: Final = marked("I can't open a form here: HR needs Slack itself to write surveys.")
ONLY_A_PREVIEW: Final = marked(
    "This is only a preview: nothing was answered. Close this note to go on, then press "
    "“Create survey” when all is well, or “Back” to change it."
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("new")])(start_asked)
    app.action(NEW)(start_asked)
    app.action(form_fields.TEMPLATE)(template_chosen)
    app.view(START)(start_given)
    app.action(EDIT)(edit_pressed)
    app.action(DUPLICATE)(duplicate_pressed)
    redrawing = (*form_fields.REDRAWING, ADD_OWN, TRANSLATE)
    app.action(re.compile(rf"^({'|'.join(redrawing)})(:\d+)?$"))(redraw_form)
    app.options(re.compile(rf"^({'|'.join(form_fields.CHOSEN)})$"))(names_asked)
    app.view(COMPOSE)(show_preview)
    app.action(re.compile(rf"^{PREVIEW_ANSWER}:"))(preview_pressed)
    app.view(PREVIEW)(create)
    app.command(PULSE, matchers=[subcommand("list")])(show_list)
    app.action(LIST)(list_pressed)
    app.command(PULSE, matchers=[subcommand(*CHANGES)])(change_by_name)
    app.action(re.compile(rf"^({PAUSE}|{RESUME}|{END})$"))(change_by_press)


async def start_asked(interaction: Interaction) -> None:
    """Ask an admin what the new survey begins with."""
    await _form_options(interaction)
    await interaction.open_form(start_view(), _(NO_FORM))
    await interaction.reply.acknowledge()


async def template_chosen(interaction: Interaction) -> None:
    """Show what the chosen template asks."""
    await interaction.update_form(start_view(template_in(interaction.view)))
    await interaction.reply.acknowledge()


async def start_given(interaction: Interaction) -> None:
    """Show the form, empty or filled in with the template."""
    template = template_in(interaction.view)
    form = form_of_template(template) if template else Form(new_key())
    await interaction.replace_form(await _drawn(interaction, form))


async def edit_pressed(interaction: Interaction) -> None:
    """Show the form filled in with a survey, to change it from its next wave on."""
    await _open_filled(interaction, is_copy=False)


async def duplicate_pressed(interaction: Interaction) -> None:
    """Show the form filled in with a survey, to make another one like it."""
    await _open_filled(interaction, is_copy=True)


async def _open_filled(interaction: Interaction, *, is_copy: bool) -> None:
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        found = await edits.editable_survey(session, actor, interaction.value, now, is_copy=is_copy)
        form = form_of_survey(found.survey, found.today, is_copy=is_copy)
    await interaction.open_form(await _drawn(interaction, form), _(NO_FORM))
    await interaction.reply.acknowledge()


async def names_asked(interaction: Interaction) -> None:
    """Offer the teams, departments or locations with the typed letters, a hundred at most."""
    options = await _form_options(interaction)
    names = {
        form_fields.TEAMS: options.teams,
        form_fields.DEPARTMENTS: options.departments,
        form_fields.LOCATIONS: options.locations,
    }[interaction.body["action_id"]]
    typed = str(interaction.body.get("value") or "").casefold()
    found = [name_option(name) for name in names if typed in name.casefold()]
    await interaction.reply.acknowledge(options=found[:SELECT_OPTIONS])


async def redraw_form(interaction: Interaction) -> None:
    """Redraw the form with the fields that the choice needs.

    The view's hash is left out: the later of two quick presses carries the state of both.
    """
    form = form_in(interaction.view)
    if interaction.action["action_id"] == ADD_OWN:
        form = with_own_question(form)
    if interaction.action["action_id"] == TRANSLATE:
        form = replace(form, is_translating=True)
    is_measured = interaction.action["action_id"] in form_fields.MEASURED
    reach = None if is_measured else reach_in(interaction.view)
    await interaction.update_form(await _drawn(interaction, form, reach))
    await interaction.reply.acknowledge()


async def show_preview(
    interaction: Interaction, as_asked: Callable[[SurveyPreview, str], list[Block]]
) -> None:
    """Keep what was composed as a draft and show what it will do."""
    options = await _form_options(interaction)
    view = interaction.view
    form = form_in(view)
    try:
        new = read_survey(form, options.today)
        if form.edits and (saved := await _save_edit(interaction, form.edits, new)):
            await interaction.replace_form(created_view(saved, is_saved=True))
            return
        preview = await _save_draft(interaction, form.survey_id, new)
    except FieldErrors as error:
        present = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        raise FieldErrors(form_fields.shown_at(error.fields, present)) from error
    questions = as_asked(preview, interaction.actor.user_id)
    await interaction.reply.acknowledge(
        response_action="push", view=preview_view(preview, questions)
    )


async def preview_pressed() -> None:
    """Say that the preview's buttons do nothing yet."""
    raise UserError(_(ONLY_A_PREVIEW))


async def create(interaction: Interaction) -> None:
    """Create the survey that the preview showed; a second press shows the same one again."""
    survey_id = interaction.view["private_metadata"]
    despite = FormState(interaction.view).one(form_fields.DESPITE)
    async with interaction.begin() as session:
        survey = await drafts.confirm_draft(
            session, interaction.actor, survey_id, interaction.now, despite
        )
    await interaction.reply.acknowledge(response_action="update", view=created_view(survey))


async def show_list(interaction: Interaction) -> None:
    """List the surveys for an admin."""
    async with interaction.begin() as session:
        surveys = await service.list_surveys(session, interaction.actor, interaction.now)
    await interaction.reply.command(Message(_(LIST_TITLE), list_blocks(surveys)))


async def list_pressed(interaction: Interaction) -> None:
    """List the surveys in a window."""
    async with interaction.begin() as session:
        surveys = await service.list_surveys(session, interaction.actor, interaction.now)
    await interaction.show(list_view(surveys))


async def change_by_name(interaction: Interaction) -> None:
    """Pause, resume or end the survey whose name was typed.

    If that would close a wave, ask first with a button.
    """
    actor, now, command = interaction.actor, interaction.now, interaction.body
    verb = words(command)[0].lower()
    ends = CHANGES[verb] is service.end
    async with interaction.begin() as session:
        found = await service.find_survey(
            session, actor, name_in(command), action=f"surveys.{verb}", whole=ends
        )
        survey = await service.summary_of(session, found, now)
        is_decided = survey.is_closing or (survey.ending is not None and survey.ending.is_decided)
        must_confirm = ends and survey.open_until is not None and not is_decided
        if must_confirm:
            answer: Message | str = ask_before_ending(survey)
        else:
            answer = changed_text(await CHANGES[verb](session, actor, found.id, now))
    await interaction.reply.command(answer)


async def change_by_press(interaction: Interaction) -> None:
    """Pause, resume or end a survey of the list, and show the updated list."""
    actor, now = interaction.actor, interaction.now
    change = CHANGES[interaction.action["action_id"].removeprefix("surveys:")]
    async with interaction.begin() as session:
        changed = changed_text(await change(session, actor, interaction.value, now))
        surveys = await service.list_surveys(session, actor, now)
    await interaction.reply.acknowledge()
    shown = Message(changed, list_blocks(surveys, changed))
    interaction.later(interaction.reply.in_place(shown))


async def _form_options(interaction: Interaction) -> FormOptions:
    async with interaction.reading() as session:
        return await drafts.form_options(session, interaction.actor, interaction.now)


async def _drawn(interaction: Interaction, form: Form, reach: str | None = None) -> View:
    """Draw the form with what its audience offers, and `reach`; None measures the audience."""
    options = await _form_options(interaction)
    groups: list[tuple[str, str]] = []
    if form.audience == AudienceKind.USERGROUP:
        groups = [(group.id, group.name) for group in await fetch_user_groups(interaction.client)]
    offered = Offered(
        options.teams,
        groups,
        options.departments,
        options.locations,
        await _reach(interaction, form) if reach is None else reach,
    )
    return compose_view(form, offered)


async def _reach(interaction: Interaction, form: Form) -> str:
    """Say how many people a form asks; empty while its audience is incomplete or unreadable."""
    wrong: dict[str, str] = {}
    audience = read_audience(form, wrong)
    if wrong:
        return ""
    try:
        async with asyncio.timeout(REACH_SECONDS):
            members = await fetch_members(interaction.client, audience.kind, audience.ref)
    except (AudienceUnreadableError, *NETWORK_ERRORS):
        return ""
    is_anonymous = form.anonymity == "anonymous"
    async with interaction.reading() as session:
        return await drafts.reach_of(
            session, interaction.actor, audience, members, interaction.now, anonymous=is_anonymous
        )


async def _save_edit(
    interaction: Interaction, survey_id: str, new: NewSurvey
) -> SurveySummary | None:
    """Change a survey in place; None if the change is to be previewed."""
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        if await edits.needs_preview(session, actor, survey_id, new, now):
            return None
        return await edits.save_edit(session, actor, survey_id, new, now)


async def _save_draft(interaction: Interaction, survey_id: str, new: NewSurvey) -> SurveyPreview:
    """Ask Slack for the audience, then store: no transaction waits for another server."""
    field = form_fields.audience_field(new.audience.kind)
    try:
        async with asyncio.timeout(AUDIENCE_SECONDS):
            members = await fetch_members(interaction.client, new.audience.kind, new.audience.ref)
    except AudienceUnreadableError as error:
        raise FieldErrors({field: str(error)}) from error
    except TimeoutError as error:
        raise FieldErrors({field: _(TOO_SLOW)}) from error
    async with interaction.begin() as session:
        return await drafts.save_draft(
            session, interaction.actor, survey_id, new, members, interaction.now
        )
