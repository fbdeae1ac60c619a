"""HR starts the survey about wellbeing, or sees where it stands."""

from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.insights.wellbeing import blocks, service
from bot.languages import _, marked
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.interaction import Interaction
from models.database import new_key

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse wellbeing",
        marked("starts a survey about burnout and its causes, or shows where it stands"),
        for_hr=True,
    ),
)
NO_FORM: Final = marked("I can't open a form here: HR needs Slack itself to start this survey.")


def register(app: AsyncApp) -> None:
    """Register the listener; confirming the preview is as for other surveys."""
    app.command(PULSE, matchers=[subcommand("wellbeing")])(wellbeing_asked)


async def wellbeing_asked(interaction: Interaction) -> None:
    """Show where the survey stands; if there is none, what starting it would do."""
    actor, now = interaction.actor, interaction.now
    preview = standing = None
    async with interaction.begin() as session:
        running = await service.running_survey(session, actor.workspace_id)
        if running:
            standing = await service.standing_of(session, actor, running, now)
        else:
            preview = await service.save_wellbeing_draft(session, actor, new_key(), now)
    if standing:
        await interaction.reply.command(blocks.standing_message(standing))
    if preview:
        page = interaction.settings.attune_privacy_url
        view = blocks.preview_view(preview, actor.user_id, page)
        await interaction.open_form(view, _(NO_FORM))
        await interaction.reply.acknowledge()
