"""Slack requests of the surveys slice: HR composes, lists, pauses, resumes and ends surveys."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.actor import Actor
from bot.blockkit.blocks import Block, Message
from bot.clock import Clock
from bot.errors import FieldErrors, UserError
from bot.slack.client import Followups, open_form
from bot.slack.commands import PULSE, Usage, name_in, subcommand, words
from bot.slack.responding import answer, replace
from bot.surveys import drafts, form_fields, service
from bot.surveys.audience import AudienceKind
from bot.surveys.blocks import (
    END,
    LIST_TITLE,
    PAUSE,
    PREVIEW,
    PREVIEW_ANSWER,
    RESUME,
    ask_before_ending,
    changed_text,
    created_view,
    list_blocks,
    preview_view,
)
from bot.surveys.drafts import Desk, NewSurvey, SurveyPreview
from bot.surveys.form_validation import read_survey
from bot.surveys.forms import ADD_OWN, COMPOSE, Form, compose_view, form_in, with_own_question
from bot.surveys.slack_audience import (
    AudienceUnreadableError,
    fetch_members,
    fetch_user_groups,
)
from models.database import Sessions, new_key

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse new", "writes a survey and previews it before anybody is asked", for_hr=True),
    Usage("/pulse list", "shows the surveys and what is planned", for_hr=True),
    Usage("/pulse pause NAME", "holds a survey's next waves back", for_hr=True),
    Usage("/pulse resume NAME", "lets a paused survey go on", for_hr=True),
    Usage("/pulse end NAME", "ends a survey for good, and its open wave early", for_hr=True),
)

CHANGES: Final = {"pause": service.pause, "resume": service.resume, "end": service.end}
AUDIENCE_SECONDS: Final = 2.0
"""Slack waits three seconds for the preview; a channel gives a thousand members a call."""
TOO_SLOW: Final = (
    "Slack takes too long to tell who is in it. Please try again, or choose everyone or a team."
)
NO_FORM: Final = "I can't open a form here: HR needs Slack itself to write surveys."
ONLY_A_PREVIEW: Final = (
    "This is only a preview: nothing was answered. Close this note to go on, then press "
    "“Create survey” when all is well, or “Back” to change it."
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("new")])(form_asked)
    redrawing = (form_fields.AUDIENCE, form_fields.WHEN, form_fields.OWN_SCALE, ADD_OWN)
    app.action(re.compile(rf"^({'|'.join(redrawing)})(:\d+)?$"))(redraw_form)
    app.view(COMPOSE)(show_preview)
    app.action(re.compile(rf"^{PREVIEW_ANSWER}:"))(preview_pressed)
    app.view(PREVIEW)(create)
    app.command(PULSE, matchers=[subcommand("list")])(show_list)
    app.command(PULSE, matchers=[subcommand(*CHANGES)])(change_by_name)
    app.action(re.compile(rf"^({PAUSE}|{RESUME}|{END})$"))(change_by_press)


async def form_asked(
    ack: AsyncAck,
    body: dict[str, Any],
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
) -> None:
    """Show an admin the empty form."""
    await _desk(sessions, actor, clock)
    await open_form(client, body["trigger_id"], compose_view(Form(new_key())), NO_FORM)
    await ack()


async def redraw_form(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
) -> None:
    """Draw the form anew with the fields that what was chosen needs.

    Without the view's hash: of two quick presses the later one carries the state of both.
    """
    desk = await _desk(sessions, actor, clock)
    form = form_in(body["view"])
    if action["action_id"] == ADD_OWN:
        form = with_own_question(form)
    groups: list[tuple[str, str]] = []
    if form.audience == AudienceKind.USERGROUP:
        groups = [(group.id, group.name) for group in await fetch_user_groups(client)]
    view = compose_view(form, desk.teams, groups)
    await client.views_update(view_id=body["view"]["id"], view=view)
    await ack()


async def show_preview(
    ack: AsyncAck,
    view: dict[str, Any],
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
    as_asked: Callable[[SurveyPreview, str], list[Block]],
) -> None:
    """Keep what was composed as a draft and show what it will do."""
    desk = await _desk(sessions, actor, clock)
    form = form_in(view)
    try:
        new = read_survey(form, desk.today)
        preview = await _drafted(sessions, actor, client, form.survey_id, new, clock)
    except FieldErrors as error:
        present = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        raise FieldErrors(form_fields.shown_at(error.fields, present)) from error
    await ack(response_action="push", view=preview_view(preview, as_asked(preview, actor.user_id)))


async def preview_pressed() -> None:
    """Tell somebody who tries the preview's buttons that they do nothing yet."""
    raise UserError(ONLY_A_PREVIEW)


async def create(
    ack: AsyncAck, view: dict[str, Any], actor: Actor, sessions: Sessions, clock: Clock
) -> None:
    """Create the survey that the preview showed; a second press shows the same one again."""
    async with sessions.begin() as session:
        survey = await drafts.confirm_draft(session, actor, view["private_metadata"], clock())
    await ack(response_action="update", view=created_view(survey))


async def show_list(
    ack: AsyncAck, respond: AsyncRespond, actor: Actor, sessions: Sessions, clock: Clock
) -> None:
    """List the surveys for an admin."""
    async with sessions.begin() as session:
        surveys = await service.list_surveys(session, actor, clock())
    await answer(ack, respond, Message(LIST_TITLE, list_blocks(surveys)))


async def change_by_name(
    ack: AsyncAck,
    command: dict[str, Any],
    respond: AsyncRespond,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
) -> None:
    """Pause, resume or end the survey whose name was typed.

    Where that would close a wave, a button asks first.
    """
    verb = words(command)[0].lower()
    ends = CHANGES[verb] is service.end
    async with sessions.begin() as session:
        found = await service.find_survey(
            session, actor, name_in(command), action=f"surveys.{verb}", whole=ends
        )
        survey = await service.summary_of(session, found, clock())
        asks = ends and survey.open_until is not None and not survey.is_closing
        if not asks:
            changed = await CHANGES[verb](session, actor, found.id, clock())
    if asks:
        await answer(ack, respond, ask_before_ending(survey))
    else:
        await ack(text=changed_text(changed), response_type="ephemeral")


async def change_by_press(
    ack: AsyncAck,
    action: dict[str, Any],
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Pause, resume or end a survey of the list, and show the list as it is now."""
    change = CHANGES[action["action_id"].removeprefix("surveys:")]
    async with sessions.begin() as session:
        changed = await change(session, actor, action["value"], clock())
        surveys = await service.list_surveys(session, actor, clock())
    await ack()
    said = changed_text(changed)
    followups.start(replace(respond, Message(said, list_blocks(surveys, said))))


async def _desk(sessions: Sessions, actor: Actor, clock: Clock) -> Desk:
    async with sessions.begin() as session:
        return await drafts.author_desk(session, actor, clock())


async def _drafted(
    sessions: Sessions,
    actor: Actor,
    client: AsyncWebClient,
    survey_id: str,
    new: NewSurvey,
    clock: Clock,
) -> SurveyPreview:
    """Ask Slack for the audience first: no transaction waits for another server."""
    field = form_fields.audience_field(new.audience.kind)
    try:
        async with asyncio.timeout(AUDIENCE_SECONDS):
            members = await fetch_members(client, new.audience.kind, new.audience.ref)
    except AudienceUnreadableError as error:
        raise FieldErrors({field: str(error)}) from error
    except TimeoutError as error:
        raise FieldErrors({field: TOO_SLOW}) from error
    async with sessions.begin() as session:
        return await drafts.save_draft(session, actor, survey_id, new, members, clock())
