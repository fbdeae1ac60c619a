"""Everybody reads the record, gets what is held about them, and can be forgotten."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import SECTION_TEXT, Block, Message, View, section, verbatim
from bot.errors import UserError
from bot.languages import _, marked
from bot.people import audit
from bot.pulse.column_meanings import stored_about_an_answer
from bot.rights import blocks, personal_data_blocks, service
from bot.rights.public_record import record_of
from bot.rights.record_blocks import (
    RECORD,
    RECORD_PAGE,
    RECORD_TITLE,
    STORED,
    STORED_TITLE,
    record_blocks,
    start_in,
    stored_blocks,
)
from bot.slack.client import post
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.files import NO_FILES, send_file
from bot.slack.interaction import Interaction
from models.database import overwrite_deleted

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse record", marked("shows who looked at which figures, and what an answer consists of")
    ),
    Usage("/pulse my-data", marked("shows and sends you everything that Attune holds about you")),
    Usage("/pulse forget-me", marked("erases what Attune holds about you, after asking once more")),
)
FILE: Final = "attune-my-data.json"
SECTIONS: Final = 3
"""A message holds about 12,000 characters in all."""
AFTER_ACK_SECONDS: Final = 1.0
"""The acknowledgement would replace an update that overtakes it."""


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("record")])(record_asked)
    app.action(re.compile(f"^{RECORD}$|^{RECORD_PAGE}:"))(record_pressed)
    app.action(STORED)(stored_pressed)
    app.command(PULSE, matchers=[subcommand("my-data")])(data_asked)
    app.action(re.compile(f"^{personal_data_blocks.OWN_PAGE}:"))(data_turned)
    app.command(PULSE, matchers=[subcommand("forget-me")])(forget_asked)
    app.view(blocks.FORGET_FORM)(forget_confirmed)
    app.view(blocks.RETURN_FORM)(return_confirmed)


async def record_asked(interaction: Interaction) -> None:
    """Show who looked at figures, to everybody who asks."""
    async with interaction.reading() as session:
        record = await record_of(session, interaction.actor.workspace_id, interaction.now)
    message = Message(_(RECORD_TITLE), record_blocks(record))
    await interaction.reply.command(message)


async def record_pressed(interaction: Interaction) -> None:
    """Show the record, or another page of it."""
    value = interaction.action.get("value")
    start = start_in(str(value)) if value else None
    async with interaction.reading() as session:
        record = await record_of(session, interaction.actor.workspace_id, interaction.now, start)
    await _show_where_pressed(interaction, _(RECORD_TITLE), record_blocks(record))


async def stored_pressed(interaction: Interaction) -> None:
    """Show what is stored about an answer."""
    async with interaction.reading() as session:
        shown = stored_blocks(await stored_about_an_answer(session))
    await _show_where_pressed(interaction, _(STORED_TITLE), shown)


async def data_asked(interaction: Interaction) -> None:
    """Show a person what they answered and wrote, and send everything else in a file.

    A window opens at once, and fills when everything has been read.
    """
    view_id = None
    try:
        opened = await interaction.open_form(
            personal_data_blocks.gathering_view(), _(personal_data_blocks.NO_FORM)
        )
        view_id = str(opened["id"])
    finally:
        # The file is sent even if the window can't be opened.
        interaction.later(
            _gather(interaction, view_id),
            otherwise=partial(_say_not_gathered, interaction, view_id),
        )
    await interaction.reply.command(_(blocks.ON_ITS_WAY))


async def _gather(interaction: Interaction, view_id: str | None) -> None:
    actor = interaction.actor
    data = await _own_data(interaction)
    async with interaction.begin() as session:
        audit.record(session, actor, "person.exported", subject=actor.user_id, now=interaction.now)
    content = json.dumps(service.for_file(data), indent=2, ensure_ascii=False)
    interaction.later(
        _send(interaction.client, actor.user_id, content),
        otherwise=lambda: interaction.reply.privately(_(blocks.NOT_SENT)),
    )
    if view_id:
        interaction.later(interaction.update_form(personal_data_blocks.own_view(data), view_id))


async def _say_not_gathered(interaction: Interaction, view_id: str | None) -> None:
    await interaction.reply.privately(_(blocks.NOT_SENT))
    if view_id:
        await interaction.update_form(personal_data_blocks.failed_view(), view_id)


async def data_turned(interaction: Interaction) -> None:
    """Turn the page of a person's answers and comments."""
    page = blocks.page_in(interaction.value)
    await interaction.reply.acknowledge()
    interaction.later(
        _show_page(interaction, page),
        otherwise=lambda: interaction.update_form(personal_data_blocks.failed_view()),
    )


async def _show_page(interaction: Interaction, page: int) -> None:
    data = await _own_data(interaction)
    await interaction.update_form(personal_data_blocks.own_view(data, page))


async def _own_data(interaction: Interaction) -> dict[str, Any]:
    actor = interaction.actor
    async with interaction.reading() as session:
        return await service.personal_data(
            session, actor.workspace_id, actor.user_id, interaction.now, for_themselves=True
        )


async def forget_asked(interaction: Interaction) -> None:
    """Say what erasing means, or offer a forgotten person the way back."""
    actor = interaction.actor
    async with interaction.reading() as session:
        forgotten = await service.is_forgotten(session, actor.workspace_id, actor.user_id)
        is_owner = await service.is_owner(session, actor.workspace_id, actor.user_id)
    view = blocks.return_view() if forgotten else blocks.forget_view(is_owner=is_owner)
    await interaction.open_form(view)
    await interaction.reply.acknowledge()


async def forget_confirmed(interaction: Interaction) -> None:
    """Begin to erase what is held about the person who confirmed it, and say so."""
    actor = interaction.actor
    async with interaction.reading() as session:
        await service.refuse_last_admin(session, actor.workspace_id, actor.user_id)
    interaction.later(
        _forget(interaction),
        otherwise=lambda: _show_result(interaction, blocks.not_forgotten_view()),
    )
    await interaction.reply.acknowledge(response_action="update", view=blocks.erasing_view())


async def _forget(interaction: Interaction) -> None:
    actor = interaction.actor
    try:
        async with interaction.begin() as session:
            await service.forget(session, actor, actor.user_id, interaction.now)
    except UserError as error:
        note = blocks.note_view(_("Forget me"), [section(str(error))])
        await _show_result(interaction, note)
        return
    interaction.later(overwrite_deleted(interaction.sessions, service.ERASED_FROM))
    interaction.later(_show_result(interaction, blocks.forgotten_view()))


async def _show_result(interaction: Interaction, view: View) -> None:
    """Show the result after the window has turned to the view of the acknowledgement."""
    await asyncio.sleep(AFTER_ACK_SECONDS)
    await interaction.update_form(view)


async def return_confirmed(interaction: Interaction) -> None:
    """Let a forgotten person take part again."""
    async with interaction.begin() as session:
        await service.come_back(session, interaction.actor, interaction.now)
    await interaction.reply.acknowledge(response_action="update", view=blocks.returned_view())


async def _show_where_pressed(interaction: Interaction, title: str, shown: Sequence[Block]) -> None:
    """Show blocks where the press was: in the message, in the open modal, or in a new one."""
    if interaction.body.get("response_url"):
        interaction.later(interaction.reply.in_place(Message(title, list(shown))))
    elif interaction.view["type"] == "modal":
        await interaction.update_form(blocks.note_view(title, shown))
    else:
        await interaction.open_form(blocks.note_view(title, shown))
    await interaction.reply.acknowledge()


async def _send(client: AsyncWebClient, user_id: str, content: str) -> None:
    """Send a person's data as a file in their conversation, or as text if that fails."""
    try:
        await send_file(
            client,
            user_id,
            content,
            filename=FILE,
            title=_("What Attune holds about you"),
            comment=_(blocks.YOUR_DATA),
        )
    except NO_FILES:
        for message in _in_messages(content):
            await post(client, user_id, message)


def _in_messages(content: str) -> Iterator[Message]:
    pieces = [content[at : at + SECTION_TEXT] for at in range(0, len(content), SECTION_TEXT)]
    yield Message(_(blocks.YOUR_DATA), [section(_(blocks.YOUR_DATA))])
    for at in range(0, len(pieces), SECTIONS):
        shown = [verbatim(piece) for piece in pieces[at : at + SECTIONS]]
        yield Message(_("What Attune holds about you, continued."), shown)
