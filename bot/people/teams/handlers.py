"""HR chooses user groups or a profile field as teams, sees what that changes, and imports it."""

import asyncio
import logging
from collections.abc import Collection, Coroutine, Sequence
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.blockkit.blocks import View
from bot.errors import FieldErrors
from bot.languages import _
from bot.people.importing import Directory, read_directory, store_import
from bot.people.pure.import_file import ImportFileError
from bot.people.pure.import_plan import ImportPlan
from bot.people.pure.team_reading import (
    TEAM,
    Source,
    TeamChanges,
    TeamReading,
    plan_teams,
    read_teams,
)
from bot.people.teams import blocks, kept_reading, slack_reading
from bot.people.upload.blocks import SOURCE, note_view, upload_view
from bot.people.upload.handlers import require_admin, show
from bot.slack.client import NETWORK_ERRORS, error_code
from bot.slack.interaction import Interaction

logger = logging.getLogger(__name__)

WINDOW_CLOSED: Final = "not_found"
"""Slack's error for a window that is no longer there."""
WINDOW_CHANGED: Final = "hash_conflict"
"""Slack's error for a window that shows something else by now."""


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.action(SOURCE)(source_chosen)
    app.view(blocks.GROUPS_FORM)(groups_given)
    app.view(blocks.FIELD_FORM)(field_given)
    app.view(blocks.TEAMS_PREVIEW)(teams_confirmed)


async def source_chosen(interaction: Interaction) -> None:
    """Show the fields that the chosen source of teams needs."""
    await require_admin(interaction)
    source = Source(interaction.action["selected_option"]["value"])
    await interaction.reply.acknowledge()
    otherwise = blocks.refused_view(source, _(blocks.NOT_TOLD))
    interaction.later(
        _show_fields(interaction, source), otherwise=lambda: _update_chosen(interaction, otherwise)
    )


async def groups_given(interaction: Interaction) -> None:
    """Read the chosen groups, and show what they would change."""
    await require_admin(interaction)
    chosen = _chosen(interaction, blocks.GROUPS_FIELD).get("selected_options")
    if not chosen:
        raise FieldErrors({blocks.GROUPS_FIELD: _(blocks.NO_GROUP)})
    reading = _preview_groups(interaction, {str(each["value"]) for each in chosen})
    show(interaction, _or_why(reading, Source.GROUPS), _(blocks.NOT_STORED))
    await interaction.replace_form(note_view(_(blocks.READING_GROUPS)))


async def field_given(interaction: Interaction) -> None:
    """Read everybody's profile, and show what the chosen field would change."""
    await require_admin(interaction)
    chosen = _chosen(interaction, blocks.PROFILE_FIELD).get("selected_option")
    if not chosen:
        raise FieldErrors({blocks.PROFILE_FIELD: _(blocks.NO_FIELD)})
    people = _present(await _directory(interaction))
    reading = _preview_field(interaction, str(chosen["value"]), people)
    show(interaction, _or_why(reading, Source.FIELD), _(blocks.NOT_STORED))
    await interaction.replace_form(_progress(0, people))


async def teams_confirmed(interaction: Interaction) -> None:
    """Store the teams that the preview showed."""
    await require_admin(interaction)
    key = str(interaction.view["private_metadata"])
    show(interaction, _store(interaction, key), _(blocks.NOT_STORED))
    await interaction.replace_form(note_view(_(blocks.IMPORTING)))


def _chosen(interaction: Interaction, field: str) -> dict[str, Any]:
    chosen: dict[str, Any] = interaction.view["state"]["values"][field][field]
    return chosen


async def _show_fields(interaction: Interaction, source: Source) -> None:
    await _update_chosen(interaction, await _form(interaction, source))


async def _update_chosen(interaction: Interaction, view: View) -> None:
    """Show a view in the form, unless the form went on while Slack let us wait."""
    form = interaction.view
    try:
        await interaction.client.views_update(view_id=form["id"], hash=form["hash"], view=view)
    except SlackApiError as error:
        if error_code(error) not in (WINDOW_CHANGED, WINDOW_CLOSED):
            raise


async def _form(interaction: Interaction, source: Source) -> View:
    try:
        if source is Source.GROUPS:
            return blocks.groups_view(await slack_reading.fetch_groups(interaction.client))
        if source is Source.FIELD:
            return blocks.fields_view(await slack_reading.fetch_fields(interaction.client))
    except SlackApiError as error:
        return blocks.refused_view(source, _why_not_told(error, source))
    return upload_view()


async def _preview_groups(interaction: Interaction, groups: Collection[str]) -> View:
    named = await slack_reading.read_members(interaction.client, groups)
    return await _preview(interaction, named, Source.GROUPS)


async def _preview_field(interaction: Interaction, field: str, people: Sequence[str]) -> View:
    async def tell(done: int) -> None:
        try:
            await interaction.update_form(_progress(done, people))
        except SlackApiError as error:
            if error_code(error) == WINDOW_CLOSED:
                raise
        except NETWORK_ERRORS:
            return

    named = await slack_reading.read_values(interaction.client, field, people, tell)
    return await _preview(interaction, named, Source.FIELD)


async def _preview(
    interaction: Interaction, named: Sequence[tuple[str, str]], source: Source
) -> View:
    """Keep what was read, and show what it would change."""
    directory = await _directory(interaction)
    reading = await asyncio.to_thread(read_teams, named, set(_present(directory)))
    _plan, changes = await _planned(interaction, reading, directory)
    key = ""
    if changes.moves:
        workspace_id = interaction.actor.workspace_id
        async with interaction.begin() as session:
            key = await kept_reading.keep(session, workspace_id, reading.teams, interaction.now)
    return blocks.preview_view(source, reading, changes, key)


async def _store(interaction: Interaction, key: str) -> View:
    directory = await _directory(interaction)
    async with interaction.reading() as session:
        teams = await kept_reading.find(session, interaction.actor.workspace_id, key)
    if not teams:
        return note_view(_(blocks.OVERTAKEN))
    plan, changes = await _planned(interaction, TeamReading(teams, {}, ()), directory)
    try:
        async with interaction.begin() as session:
            await store_import(session, interaction.actor, plan, directory, interaction.now)
    except ImportFileError:
        return note_view(_(blocks.OVERTAKEN))
    return blocks.done_view(changes)


async def _directory(interaction: Interaction) -> Directory:
    async with interaction.reading() as session:
        return await read_directory(session, interaction.actor.workspace_id, [TEAM], by_id=True)


def _present(directory: Directory) -> list[str]:
    return sorted(person.id for person in directory.people.values() if person.active)


async def _planned(
    interaction: Interaction, reading: TeamReading, directory: Directory
) -> tuple[ImportPlan, TeamChanges]:
    today = interaction.now.date()
    return await asyncio.to_thread(
        plan_teams,
        reading,
        directory.people,
        directory.k,
        today,
        has_asked=directory.has_asked,
    )


def _progress(done: int, people: Sequence[str]) -> View:
    minutes = slack_reading.minutes_for(len(people))
    return note_view(blocks.progress_text(done, len(people), minutes))


async def _or_why(making: Coroutine[Any, Any, View], source: Source) -> View:
    """Return the view, or why Slack told nothing."""
    try:
        return await making
    except SlackApiError as error:
        return note_view(_why_not_told(error, source, _(blocks.NOT_STORED)))


def _why_not_told(error: SlackApiError, source: Source, otherwise: str | None = None) -> str:
    logger.warning("teams could not be read from Slack: %s", error_code(error))
    return blocks.why_not_told(source, error_code(error), otherwise)
