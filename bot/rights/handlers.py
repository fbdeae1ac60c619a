"""Everybody reads the record, gets what is held about them, and can be forgotten."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import SECTION_TEXT, Block, Message, View, section, verbatim
from bot.clock import Clock
from bot.errors import UserError
from bot.people import audit
from bot.pulse.column_meanings import stored_about_an_answer
from bot.rights import blocks, personal_data_blocks, service
from bot.rights.public_record import record_of
from bot.slack.client import Followups, open_form, post
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.responding import answer, replace, whisper
from models.database import Sessions, overwrite_deleted, reading

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse record", "shows who looked at which figures, and what an answer consists of"),
    Usage("/pulse my-data", "shows and sends you everything that Attune holds about you"),
    Usage("/pulse forget-me", "erases what Attune holds about you, after asking once more"),
)
FILE: Final = "attune-my-data.json"
SECTIONS: Final = 3
"""A message takes about 12,000 characters altogether."""
AFTER_ACK_SECONDS: Final = 1.0
"""An update that overtakes the acknowledgement would be replaced by it."""
NO_FILES: Final = (SlackClientError, aiohttp.ClientError, TimeoutError)
"""What uploading raises where a server has no files, or does not let us send any."""


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("record")])(record_asked)
    app.action(re.compile(f"^{blocks.RECORD}$|^{blocks.RECORD_PAGE}:"))(record_pressed)
    app.action(blocks.STORED)(stored_pressed)
    app.command(PULSE, matchers=[subcommand("my-data")])(data_asked)
    app.action(re.compile(f"^{personal_data_blocks.OWN_PAGE}:"))(data_turned)
    app.command(PULSE, matchers=[subcommand("forget-me")])(forget_asked)
    app.view(blocks.FORGET_FORM)(forget_confirmed)
    app.view(blocks.RETURN_FORM)(return_confirmed)


async def record_asked(
    ack: Any, respond: AsyncRespond, actor: Actor, sessions: Sessions, clock: Clock
) -> None:
    """Show who looked at figures, to whoever asks."""
    async with reading(sessions) as session:
        record = await record_of(session, actor.workspace_id, clock())
    await answer(ack, respond, Message(blocks.RECORD_TITLE, blocks.record_blocks(record)))


async def record_pressed(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Show the record, or another page of it."""
    start = blocks.start_in(str(action["value"])) if action.get("value") else None
    async with reading(sessions) as session:
        record = await record_of(session, actor.workspace_id, clock(), start)
    shown = blocks.record_blocks(record)
    await _present(body, blocks.RECORD_TITLE, shown, client, followups, respond)
    await ack()


async def stored_pressed(
    ack: Any,
    body: Payload,
    sessions: Sessions,
    client: AsyncWebClient,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Show what is stored about an answer."""
    async with sessions.begin() as session:
        shown = blocks.stored_blocks(await stored_about_an_answer(session))
    await _present(body, blocks.STORED_TITLE, shown, client, followups, respond)
    await ack()


async def data_asked(
    ack: Any,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Show a person what they answered and wrote, and send all else that is held in a file.

    A window opens at once, and fills when all of it is read.
    """
    view_id = None
    try:
        view = personal_data_blocks.gathering_view()
        opened = await open_form(client, body["trigger_id"], view, personal_data_blocks.NO_FORM)
        view_id = str(opened["id"])
    finally:
        # Without a window the rest is sent all the same.
        followups.start(
            _gather(client, sessions, actor, clock(), view_id, followups, respond),
            otherwise=partial(_not_gathered, client, respond, view_id),
        )
    await ack(text=blocks.ON_ITS_WAY, response_type="ephemeral")


async def _gather(
    client: AsyncWebClient,
    sessions: Sessions,
    actor: Actor,
    now: datetime,
    view_id: str | None,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    async with reading(sessions) as session:
        data = await _own_data(session, actor, now)
    async with sessions.begin() as session:
        audit.record(session, actor, "person.exported", subject=actor.user_id, now=now)
    content = json.dumps(service.for_file(data), indent=2, ensure_ascii=False)
    followups.start(
        _send(client, actor.user_id, content),
        otherwise=lambda: whisper(respond, blocks.NOT_SENT),
    )
    if view_id:
        followups.start(
            client.views_update(view_id=view_id, view=personal_data_blocks.own_view(data))
        )


async def _not_gathered(client: AsyncWebClient, respond: AsyncRespond, view_id: str | None) -> None:
    await whisper(respond, blocks.NOT_SENT)
    if view_id:
        await client.views_update(view_id=view_id, view=personal_data_blocks.failed_view())


async def data_turned(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
    followups: Followups,
) -> None:
    """Turn the page of what a person told."""
    page = blocks.page_in(str(action.get("value")))
    await ack()
    view_id = str(body["view"]["id"])
    followups.start(
        _show_page(client, sessions, actor, clock(), view_id, page),
        otherwise=lambda: client.views_update(
            view_id=view_id, view=personal_data_blocks.failed_view()
        ),
    )


async def _show_page(
    client: AsyncWebClient,
    sessions: Sessions,
    actor: Actor,
    now: datetime,
    view_id: str,
    page: int,
) -> None:
    async with reading(sessions) as session:
        data = await _own_data(session, actor, now)
    await client.views_update(view_id=view_id, view=personal_data_blocks.own_view(data, page))


async def forget_asked(
    ack: Any, body: Payload, actor: Actor, sessions: Sessions, client: AsyncWebClient
) -> None:
    """Say what erasing means, or offer the way back to somebody who was forgotten."""
    async with sessions.begin() as session:
        forgotten = await service.is_forgotten(session, actor.workspace_id, actor.user_id)
        is_owner = await service.is_owner(session, actor.workspace_id, actor.user_id)
    view = blocks.return_view() if forgotten else blocks.forget_view(is_owner=is_owner)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def forget_confirmed(
    ack: Any,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
    followups: Followups,
) -> None:
    """Begin to erase what is held about the person who confirmed it, and say so."""
    async with reading(sessions) as session:
        await service.refuse_last_admin(session, actor.workspace_id, actor.user_id)
    view_id = str(body["view"]["id"])
    followups.start(
        _forget(client, sessions, actor, clock(), view_id, followups),
        otherwise=lambda: _show_in(client, view_id, blocks.not_forgotten_view()),
    )
    await ack(response_action="update", view=blocks.erasing_view())


async def _forget(
    client: AsyncWebClient,
    sessions: Sessions,
    actor: Actor,
    now: datetime,
    view_id: str,
    followups: Followups,
) -> None:
    try:
        async with sessions.begin() as session:
            await service.forget(session, actor, actor.user_id, now)
    except UserError as error:
        await _show_in(client, view_id, blocks.note_view("Forget me", [section(str(error))]))
        return
    followups.start(overwrite_deleted(sessions, service.ERASED_FROM))
    followups.start(_show_in(client, view_id, blocks.forgotten_view()))


async def _show_in(client: AsyncWebClient, view_id: str, view: View) -> None:
    """Show how it ended once the window has turned to what the acknowledgement says."""
    await asyncio.sleep(AFTER_ACK_SECONDS)
    await client.views_update(view_id=view_id, view=view)


async def return_confirmed(ack: Any, actor: Actor, sessions: Sessions, clock: Clock) -> None:
    """Let somebody take part again."""
    async with sessions.begin() as session:
        await service.come_back(session, actor, clock())
    await ack(response_action="update", view=blocks.returned_view())


async def _own_data(session: AsyncSession, actor: Actor, now: datetime) -> dict[str, Any]:
    return await service.personal_data(
        session, actor.workspace_id, actor.user_id, now, for_themselves=True
    )


async def _present(
    body: Payload,
    title: str,
    shown: Sequence[Block],
    client: AsyncWebClient,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Show blocks where the press was: in the message, in the open modal, or in a new one."""
    if body.get("response_url"):
        followups.start(replace(respond, Message(title, list(shown))))
        return
    view = blocks.note_view(title, shown)
    if body["view"]["type"] == "modal":
        await client.views_update(view_id=body["view"]["id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def _send(client: AsyncWebClient, user_id: str, content: str) -> None:
    """Send a person's data as a file in their conversation, or as text where that is not possible.

    https://docs.slack.dev/messaging/working-with-files
    """
    try:
        opened = await client.conversations_open(users=user_id)
        await client.files_upload_v2(
            channel=opened["channel"]["id"],
            filename=FILE,
            title="What Attune holds about you",
            content=content,
            initial_comment=blocks.YOUR_DATA,
        )
    except NO_FILES:
        for message in _in_messages(content):
            await post(client, user_id, message)


def _in_messages(content: str) -> Iterator[Message]:
    pieces = [content[at : at + SECTION_TEXT] for at in range(0, len(content), SECTION_TEXT)]
    yield Message(blocks.YOUR_DATA, [section(blocks.YOUR_DATA)])
    for at in range(0, len(pieces), SECTIONS):
        shown = [verbatim(piece) for piece in pieces[at : at + SECTIONS]]
        yield Message("What Attune holds about you, continued.", shown)
