"""Slack requests of the first steps. Each press reads anew what is set: others may have set it."""

import asyncio
import re
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.blocks import View
from bot.blockkit.form_state import FormState
from bot.errors import FieldErrors, OutdatedError, UserError
from bot.languages import _, marked
from bot.people.roles import ADMINS_FIELD, ANALYSTS_FIELD
from bot.people.service import list_teams
from bot.setup import announcement, blocks, forms, service, trial
from bot.setup.service import Standing, StepName
from bot.slack.channels import Obstacle, obstacle_in
from bot.slack.client import post
from bot.slack.commands import ATTUNE, Usage, subcommand
from bot.slack.interaction import Interaction
from bot.slack.reply import edit_part
from bot.surveys.audience_fields import Offered
from bot.surveys.form_fields import audience_field
from bot.surveys.forms import compose_view
from bot.surveys.slack_audience import AudienceUnreadableError, fetch_members
from models.database import new_key

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/attune setup",
        marked("shows the first steps: HR, its channel, a first survey"),
        for_hr=True,
    ),
)
AUDIENCE_SECONDS: Final = 2.0
OBSTACLES: Final = {
    Obstacle.NOT_A_MEMBER: marked(
        "I am not in this channel yet. Write /invite @Attune there, then press "
        "the button below again."
    ),
    Obstacle.ARCHIVED: marked("This channel is archived. Please choose another one."),
    Obstacle.SHARED: marked(
        "This channel is shared with another organisation. Please choose one that "
        "only your own people can read."
    ),
    Obstacle.UNSEEN: marked(
        "I need the scope `groups:read` to post in a private channel: ask whoever installed Attune "
        "to grant it, or choose a public one."
    ),
}
TOO_SLOW: Final = marked(
    "Slack takes too long to tell me who is in it. Please choose a smaller channel."
)
HAS_SURVEY: Final = marked(
    "There is a survey already: `/pulse list` shows it. `/pulse new` writes another one."
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(ATTUNE, matchers=[subcommand("setup")])(steps_asked)
    app.action(re.compile(rf"^{blocks.OPEN}:"))(step_opened)
    app.action(re.compile(rf"^{blocks.SKIP}:"))(step_skipped)
    app.view(forms.HR_FORM)(hr_chosen)
    app.view(forms.CHANNEL_FORM)(channel_chosen)
    app.view(forms.AUDIENCE_FORM)(audience_chosen)
    app.action(re.compile(rf"^{trial.TRIED}:"))(tried)
    app.action(blocks.PREPARE)(pulse_prepared)
    app.action(blocks.ANNOUNCE)(announcement_opened)
    app.view(forms.ANNOUNCEMENT_FORM)(announcement_sent)


async def steps_asked(interaction: Interaction) -> None:
    """Show the steps to an HR admin, as far as they are."""
    await interaction.open_form(blocks.steps_view(await _standing(interaction)))
    await interaction.reply.acknowledge()


async def step_opened(interaction: Interaction) -> None:
    """Open a step's form, or send a question to try."""
    standing = await _standing(interaction)
    step = _step_in(interaction)
    if step is StepName.TRIAL:
        await _send_trial(interaction)
        return
    await interaction.open_form(await _form_of(interaction, standing, step))
    await interaction.reply.acknowledge()
    await _show_everywhere(interaction, standing)


async def step_skipped(interaction: Interaction) -> None:
    """Skip a step; if somebody else has done it, show that."""
    async with interaction.begin() as session:
        await service.skip(session, interaction.actor, _step_in(interaction))
        standing = await service.standing_of(session, interaction.actor.workspace_id)
    await interaction.reply.acknowledge()
    await _show_everywhere(interaction, standing)


async def hr_chosen(interaction: Interaction) -> None:
    """Store who is HR; whoever hands over sees who goes on."""
    state = FormState(interaction.view)
    async with interaction.begin() as session:
        await service.choose_hr(
            session,
            interaction.actor,
            state.people(ADMINS_FIELD),
            state.people(ANALYSTS_FIELD),
            interaction.now,
        )
        standing = await service.standing_of(session, interaction.actor.workspace_id)
    await _saved(interaction, standing)


async def channel_chosen(interaction: Interaction) -> None:
    """Store HR's channel, if Attune may post there."""
    channel = FormState(interaction.view).one(forms.HR_CHANNEL_FIELD)
    await _standing(interaction)
    await _check_channel(interaction, channel, forms.HR_CHANNEL_FIELD)
    async with interaction.begin() as session:
        await service.choose_channel(session, interaction.actor, channel, interaction.now)
        standing = await service.standing_of(session, interaction.actor.workspace_id)
    await _saved(interaction, standing)


async def audience_chosen(interaction: Interaction) -> None:
    """Store whom the first survey asks, if enough people can be asked."""
    audience = forms.audience_in(interaction.view)
    await _standing(interaction)
    try:
        async with asyncio.timeout(AUDIENCE_SECONDS):
            members = await fetch_members(interaction.client, audience.kind, audience.ref)
    except (AudienceUnreadableError, TimeoutError) as error:
        sentence = str(error) if isinstance(error, AudienceUnreadableError) else _(TOO_SLOW)
        raise FieldErrors({audience_field(audience.kind): sentence}) from error
    async with interaction.begin() as session:
        await service.choose_audience(
            session, interaction.actor, audience, members, interaction.now
        )
        standing = await service.standing_of(session, interaction.actor.workspace_id)
    await _saved(interaction, standing)


async def tried(interaction: Interaction) -> None:
    """Thank for the trial. Which button it was stays unread."""
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(trial.tried_message()))


async def pulse_prepared(interaction: Interaction) -> None:
    """Open the survey form filled in with a weekly pulse, unless there is a survey by now."""
    standing = await _standing(interaction)
    if standing.survey is not None:
        await _show_everywhere(interaction, standing)
        raise UserError(_(HAS_SURVEY))
    async with interaction.reading() as session:
        teams = await list_teams(session, interaction.actor.workspace_id)
    form = forms.first_pulse(standing.audience)
    await interaction.open_form(compose_view(form, Offered(teams)))
    await interaction.reply.acknowledge()


async def announcement_opened(interaction: Interaction) -> None:
    """Open the prepared announcement."""
    standing = await _standing(interaction)
    await interaction.open_form(forms.announcement_form(new_key(), standing.k))
    await interaction.reply.acknowledge()


async def announcement_sent(interaction: Interaction) -> None:
    """Have the announcement posted, once."""
    channel, text = forms.announcement_in(interaction.view)
    await _standing(interaction)
    await _check_channel(interaction, channel, announcement.CHANNEL_FIELD)
    form_id = interaction.view["private_metadata"]
    async with interaction.begin() as session:
        await announcement.announce(
            session, interaction.actor, form_id, channel, text, interaction.now
        )
        standing = await service.standing_of(session, interaction.actor.workspace_id)
    await _saved(interaction, standing)


async def _standing(interaction: Interaction) -> Standing:
    """Read how far the workspace is; raise NotAllowedError for everybody but HR admins."""
    async with interaction.reading() as session:
        await service.require_hr(session, interaction.actor)
        return await service.standing_of(session, interaction.actor.workspace_id)


def _step_in(interaction: Interaction) -> StepName:
    try:
        return StepName(str(interaction.action["action_id"]).rpartition(":")[2])
    except ValueError:
        raise OutdatedError from None


async def _form_of(interaction: Interaction, standing: Standing, step: StepName) -> View:
    if step is StepName.HR:
        return forms.hr_form(standing.team)
    if step is StepName.CHANNEL:
        return forms.channel_form(standing.channel_id)
    async with interaction.reading() as session:
        teams = await list_teams(session, interaction.actor.workspace_id)
    return forms.audience_form(standing.audience, teams)


async def _send_trial(interaction: Interaction) -> None:
    async with interaction.begin() as session:
        standing = await service.note_trial(session, interaction.actor)
    await interaction.reply.acknowledge()
    person, page = interaction.actor.user_id, interaction.settings.attune_privacy_url
    question = trial.trial_message(person, standing.k, interaction.now, page)
    interaction.later(post(interaction.client, person, question))
    await _show_everywhere(interaction, standing)


async def _check_channel(interaction: Interaction, channel: str, field: str) -> None:
    if obstacle := await obstacle_in(interaction.client, channel):
        raise FieldErrors({field: _(OBSTACLES[obstacle])})


async def _saved(interaction: Interaction, standing: Standing) -> None:
    """Close the form, and show beneath it and in the messages what holds now."""
    await interaction.reply.acknowledge()
    await _show_everywhere(interaction, standing)


async def _show_everywhere(interaction: Interaction, standing: Standing) -> None:
    """Edit the steps wherever they are shown: messages of HR's admins, and the actor's modal."""
    if modal_id := _steps_modal(interaction.body.get("view")):
        interaction.later(interaction.update_form(blocks.steps_view(standing), modal_id))
    async with interaction.reading() as session:
        sent = await service.sent_to(session, interaction.actor.workspace_id)
    for each in sent:
        is_hr = each.recipient in standing.team.admins
        show = blocks.steps_message if is_hr else blocks.handed_over_message
        part = each.id if each.bundle else ""
        place = str(each.channel), str(each.ts), part
        interaction.later(edit_part(interaction.client, *place, show(standing)))


def _steps_modal(view: dict[str, Any] | None) -> str | None:
    """Return the id of the modal with the steps: the pressed one, or the one beneath a form."""
    if view is None:
        return None
    if view["callback_id"] == blocks.STEPS_VIEW:
        return str(view["id"])
    beneath = view.get("root_view_id")
    return str(beneath) if beneath and beneath != view["id"] else None
