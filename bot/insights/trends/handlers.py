"""HR looks at a trend. Every press checks the role and records the look."""

import asyncio

from slack_bolt.app.async_app import AsyncApp

from bot.errors import OutdatedError
from bot.insights.looks import look_at_figures
from bot.insights.trends.blocks import TREND, chosen_trend, trend_message
from bot.insights.trends.service import TrendSource, find_trend, read_trend
from bot.slack.interaction import Interaction


def register(app: AsyncApp) -> None:
    """Register the listener of the menu."""
    app.action(TREND)(trend_chosen)


async def trend_chosen(interaction: Interaction) -> None:
    """Show the chosen driver's or eNPS's trend in place of the results."""
    chosen = interaction.action.get("selected_option")
    if not isinstance(chosen, dict):
        raise OutdatedError
    wave_id, measure, ref = chosen_trend(str(chosen.get("value")))
    actor = interaction.actor
    async with interaction.begin() as session:
        await look_at_figures(session, actor, wave_id, interaction.now)
        source = await read_trend(session, actor.workspace_id, wave_id, measure, ref)
    await interaction.reply.acknowledge()
    interaction.later(_show(interaction, source))


async def _show(interaction: Interaction, source: TrendSource) -> None:
    trend = await asyncio.to_thread(find_trend, source)
    await interaction.reply.in_place(trend_message(trend))
