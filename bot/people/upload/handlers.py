"""HR uploads its file of people: a form, what it would change, and the import.

The form also lets teams come from Slack: `bot.people.teams`.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.blocks import View
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.people import roles
from bot.people.importing import Directory, compared, read_directory, store_import
from bot.people.pure.import_file import ImportFileError, read_file
from bot.people.pure.import_plan import ImportPlan, columns_of
from bot.people.pure.team_reading import look_alike_teams
from bot.people.roles import Role
from bot.people.upload import blocks
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.files import FileUnreadableError, read_uploaded
from bot.slack.interaction import Interaction

logger = logging.getLogger(__name__)

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse people",
        marked("imports teams, managers and more from a CSV file, or teams from Slack"),
        for_hr=True,
    ),
)
IMPORT_PEOPLE: Final = "people.import"
LARGEST: Final = 50 * 2**20
AFTER_ACK_SECONDS: Final = 1.0
"""The acknowledgement would replace an update that overtakes it."""


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("people")])(upload_asked)
    app.view(blocks.UPLOAD_FORM)(file_given)
    app.view(blocks.PREVIEW_FORM)(import_confirmed)


async def upload_asked(interaction: Interaction) -> None:
    """Open the form for the file."""
    await require_admin(interaction)
    await interaction.open_form(blocks.upload_view())
    await interaction.reply.acknowledge()


async def file_given(interaction: Interaction) -> None:
    """Show what the file would change."""
    await require_admin(interaction)
    field = interaction.view["state"]["values"][blocks.FILE_FIELD][blocks.FILE_FIELD]
    if not field.get("files"):
        raise FieldErrors({blocks.FILE_FIELD: _(blocks.NO_FILE)})
    url = str(field["files"][0]["url_private_download"])
    show(interaction, _preview(interaction, url), _(blocks.NOT_READ))
    await interaction.reply.acknowledge(
        response_action="update", view=blocks.note_view(_(blocks.READING))
    )


async def import_confirmed(interaction: Interaction) -> None:
    """Read the file again and store it."""
    await require_admin(interaction)
    url, last_import = blocks.confirmed(interaction.view["private_metadata"])
    show(interaction, _store(interaction, url, last_import), _(blocks.NOT_READ))
    await interaction.reply.acknowledge(
        response_action="update", view=blocks.note_view(_(blocks.IMPORTING))
    )


async def require_admin(interaction: Interaction) -> None:
    """Raise NotAllowedError for everybody but HR admins."""
    async with interaction.reading() as session:
        await roles.require(session, interaction.actor, Role.ADMIN, action=IMPORT_PEOPLE)


async def _preview(interaction: Interaction, url: str) -> View:
    plan, directory = await _plan(interaction, url)
    return await _shown(plan, directory, url)


async def _shown(plan: ImportPlan, directory: Directory, url: str) -> View:
    alike = await asyncio.to_thread(look_alike_teams, plan, directory.people)
    return blocks.preview_view(plan, alike, url, directory.last_import)


async def _store(interaction: Interaction, url: str, last_import: str | None) -> View:
    plan, directory = await _plan(interaction, url)
    if directory.last_import != last_import:
        return blocks.overtaken_view()
    try:
        async with interaction.begin() as session:
            await store_import(session, interaction.actor, plan, directory, interaction.now)
    except ImportFileError:
        if plan.problems:
            return await _shown(plan, directory, url)
        return blocks.overtaken_view()
    return blocks.done_view(plan)


async def _plan(interaction: Interaction, url: str) -> tuple[ImportPlan, Directory]:
    content = await read_uploaded(interaction.client, url, LARGEST)
    file = await asyncio.to_thread(read_file, content)
    async with interaction.reading() as session:
        directory = await read_directory(session, interaction.actor.workspace_id, columns_of(file))
    return await compared(file, directory, interaction.now.date()), directory


def show(interaction: Interaction, making: Coroutine[Any, Any, View], otherwise: str) -> None:
    """Show a view in the window once it is made, or the sentence `otherwise` if it can't be."""
    interaction.later(
        _made(interaction, making),
        otherwise=lambda: interaction.update_form(blocks.note_view(otherwise)),
    )


async def _made(interaction: Interaction, making: Coroutine[Any, Any, View]) -> None:
    try:
        view = await making
    except FileUnreadableError as error:
        logger.warning("an uploaded file could not be read: %s", error)
        view = blocks.note_view(blocks.why_unreadable(str(error)))
    await asyncio.sleep(AFTER_ACK_SECONDS)
    await interaction.update_form(view)
