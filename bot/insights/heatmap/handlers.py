"""HR looks at the heat map, and gets it as a picture. Every press records the look."""

import asyncio
import logging
import re

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.insights.heatmap.blocks import (
    DRAWING,
    HEAT_MAP,
    NO_PICTURE,
    NO_SCOPE,
    PICTURE,
    HeatPosition,
    heat_map_message,
    picture_comment,
)
from bot.insights.heatmap.picture import draw
from bot.insights.heatmap.service import HeatMap, heat_map
from bot.insights.looks import look_at_figures
from bot.languages import _
from bot.slack.client import error_code
from bot.slack.files import MISSING_SCOPE, NO_FILES, send_file
from bot.slack.interaction import Interaction

logger = logging.getLogger(__name__)

FILE = "attune-heat-map.png"


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.action(re.compile(f"^{HEAT_MAP}(:|$)"))(heat_map_asked)
    app.action(PICTURE)(picture_asked)


async def heat_map_asked(interaction: Interaction) -> None:
    """Show the heat map, or another page or dimension of it, in place of the message."""
    heat = await _read(interaction)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(heat_map_message(heat)))


async def picture_asked(interaction: Interaction) -> None:
    """Send the page as a picture to the person who asked."""
    heat = await _read(interaction)
    await interaction.reply.acknowledge()
    interaction.later(
        _send_picture(interaction, heat),
        otherwise=lambda: interaction.reply.privately(_(NO_PICTURE)),
    )


async def _read(interaction: Interaction) -> HeatMap:
    position = HeatPosition.decode(interaction.value)
    actor = interaction.actor
    async with interaction.begin() as session:
        await look_at_figures(session, actor, position.wave_id, interaction.now)
        return await heat_map(
            session, actor.workspace_id, position.wave_id, position.dimension, position.page
        )


async def _send_picture(interaction: Interaction, heat: HeatMap) -> None:
    await interaction.reply.privately(_(DRAWING))
    picture = await asyncio.to_thread(draw, heat)
    try:
        await send_file(
            interaction.client,
            interaction.actor.user_id,
            picture.png,
            filename=FILE,
            title=_("Heat map"),
            comment=picture_comment(heat, picture.note),
            alt_text=picture.alt_text,
        )
    except NO_FILES as error:
        code = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        logger.warning("a picture could not be sent: %s", code)
        await interaction.reply.privately(_(NO_SCOPE) if code in MISSING_SCOPE else _(NO_PICTURE))
