"""Somebody says "same for me" of what waits for a decision, or takes that back."""

from slack_bolt.app.async_app import AsyncApp

from bot.products.supports import blocks, service
from bot.slack.interaction import Interaction


def register(app: AsyncApp) -> None:
    """Register the listeners of supports."""
    app.action(blocks.SUPPORT)(support_pressed)
    app.action(blocks.TAKE_BACK)(taken_back)


async def support_pressed(interaction: Interaction) -> None:
    """Store that somebody feels the same, and say so to them alone."""
    async with interaction.begin() as session:
        support = await service.support(
            session, interaction.actor, interaction.value, interaction.now
        )
    await interaction.show(blocks.support_view(support))


async def taken_back(interaction: Interaction) -> None:
    """Delete it again."""
    async with interaction.begin() as session:
        support = await service.take_back(
            session, interaction.actor, interaction.value, interaction.now
        )
    await interaction.show(blocks.support_view(support))
