"""HR sees how mentoring stands, changes its settings, and previews and starts rounds."""

from slack_bolt.app.async_app import AsyncApp

from bot.languages import _, marked
from bot.mentoring.programme import blocks
from bot.mentoring.programme import service as programme
from bot.mentoring.programme.overview import look_ahead, overview, preview_of
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.read_pool import read_task
from bot.slack.commands import MENTOR, Usage, subcommand
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/mentor admin", marked("previews and starts rounds, and shows how it goes"), for_hr=True
    ),
)


def register(app: AsyncApp) -> None:
    """Register HR's listeners."""
    app.command(MENTOR, matchers=[subcommand("admin")])(open_admin)
    app.view(blocks.ADMIN)(save_settings)
    app.action(blocks.PREVIEW)(preview)
    app.action(blocks.START)(start)


async def open_admin(interaction: Interaction) -> None:
    """Show how mentoring stands, and its settings."""
    async with interaction.begin() as session:
        found = await overview(session, interaction.actor, interaction.now)
    await interaction.open_form(blocks.admin_view(found))
    await interaction.reply.acknowledge()


async def save_settings(interaction: Interaction) -> None:
    """Store the settings."""
    chosen = blocks.settings_in(interaction.view)
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        await programme.save_programme(session, actor, *chosen, now)
        found = await overview(session, actor, now)
    await interaction.reply.acknowledge(response_action="update", view=blocks.saved_view(found))


async def start(interaction: Interaction) -> None:
    """Plan a round to begin at once; pressing twice plans one."""
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        planned = await programme.plan_round(session, actor, now)
        found = await overview(session, actor, now)
    await interaction.reply.acknowledge()
    said = (
        _("The round begins within a minute. Mentors are asked in their own working hours.")
        if planned
        else _("A round is about to begin already.")
    )
    interaction.later(interaction.update_form(blocks.admin_view(found, said)))


async def preview(interaction: Interaction) -> None:
    """Show what a round would do now, as soon as it is computed."""
    async with interaction.begin() as session:
        await look_ahead(session, interaction.actor, interaction.now)
    pushed = await interaction.client.views_push(
        trigger_id=interaction.body["trigger_id"], view=blocks.computing_view()
    )
    await interaction.reply.acknowledge()
    interaction.later(_show_preview(interaction, str(pushed["view"]["id"])))


async def _show_preview(interaction: Interaction, view_id: str) -> None:
    workspace_id, now = interaction.actor.workspace_id, interaction.now
    task = await read_task(interaction.begin, workspace_id, now, seed=0)
    result = await rounds.compute_round_in_background(task)
    view = blocks.preview_view(preview_of(result))
    await interaction.client.views_update(view_id=view_id, view=view)
