"""A person opens and saves when Attune writes to them."""

from slack_bolt.app.async_app import AsyncApp

from bot.languages import marked
from bot.preferences import forms, service
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse preferences", marked("lets you say when and how often I write to you, or pause")),
)


def register(app: AsyncApp) -> None:
    """Register the listeners of the form."""
    app.command(PULSE, matchers=[subcommand("preferences")])(open_preferences)
    app.action(forms.OPEN)(open_preferences)
    app.view(forms.FORM)(save_preferences)


async def open_preferences(interaction: Interaction) -> None:
    """Open the form with what holds now."""
    async with interaction.reading() as session:
        standing = await service.standing_of(session, interaction.actor, interaction.now)
    await interaction.open_form(forms.preferences_view(standing))
    await interaction.reply.acknowledge()


async def save_preferences(interaction: Interaction) -> None:
    """Store a person's choice and, from HR, what is usual for everybody."""
    actor, now, view = interaction.actor, interaction.now, interaction.view
    async with interaction.begin() as session:
        before = await service.standing_of(session, actor, now)
        chosen, usual = forms.preference_in(view, before), forms.usual_in(view)
        # Their own choice was made beside the usual that the form showed.
        await service.save(session, actor, chosen, now)
        if usual:
            await service.save_usual(session, actor, usual, now)
        standing = await service.standing_of(session, actor, now)
    await interaction.reply.acknowledge(response_action="update", view=forms.saved_view(standing))
