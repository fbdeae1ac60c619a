"""HR admins get all published figures as a file. Each export is in the public record."""

import asyncio
import logging

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.insights.export import service, wording
from bot.insights.export.pure.files import export_files, has_parquet, zipped
from bot.insights.heatmap.blocks import NO_SCOPE
from bot.languages import _, marked
from bot.slack.client import error_code
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.files import MISSING_SCOPE, NO_FILES, send_file
from bot.slack.interaction import Interaction

logger = logging.getLogger(__name__)

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse export", marked("sends you all published figures as a file"), for_hr=True),
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("export")])(export_asked)


async def export_asked(interaction: Interaction) -> None:
    """Record the export, and send the file to the person who asked."""
    async with interaction.begin() as session:
        await service.allow_export(session, interaction.actor, interaction.now)
    await interaction.reply.command(_(wording.ON_ITS_WAY))
    interaction.later(
        _send(interaction), otherwise=lambda: interaction.reply.privately(_(wording.NOT_SENT))
    )


async def _send(interaction: Interaction) -> None:
    actor = interaction.actor
    async with interaction.reading() as session:
        published = await service.published_figures(session, actor.workspace_id)
    packed = await asyncio.to_thread(_packed, published)
    try:
        await send_file(
            interaction.client,
            actor.user_id,
            packed,
            filename=wording.file_name(interaction.now.date()),
            title=_("Published figures"),
            comment=wording.file_comment(len(published.rows), with_parquet=has_parquet()),
        )
    except NO_FILES as error:
        code = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        logger.warning("an export could not be sent: %s", code)
        refused = code in MISSING_SCOPE
        told = f"{_(NO_SCOPE)} {_(wording.OF_OPERATOR)}" if refused else _(wording.NOT_SENT)
        await interaction.reply.privately(told)


def _packed(published: service.Published) -> bytes:
    return zipped(export_files(service.exported(published)))
