"""HR reads what came of asking."""

from slack_bolt.app.async_app import AsyncApp

from bot.languages import marked
from bot.products.value.blocks import value_view
from bot.products.value.service import value_for
from bot.slack.commands import IMPROVE, Usage, subcommand
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/improve value", marked("shows what came of asking: decisions, effects, taking part"), True
    ),
)


def register(app: AsyncApp) -> None:
    """Register the listener of the report."""
    app.command(IMPROVE, matchers=[subcommand("value")])(value_asked)


async def value_asked(interaction: Interaction) -> None:
    """Show the report."""
    async with interaction.begin() as session:
        value = await value_for(session, interaction.actor, interaction.now)
    await interaction.show(value_view(value))
