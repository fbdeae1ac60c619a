"""HR looks at mentoring, previews and starts rounds, and sets how they go."""

from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.actor import Actor
from bot.clock import Clock
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.programme import service as programme
from bot.mentoring.programme.overview import look_ahead, overview, preview_of
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pool import read_task
from bot.slack.client import Followups
from bot.slack.commands import MENTOR, Usage, subcommand
from models.database import Sessions

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = (
    Usage("/mentor admin", "previews and starts rounds, and shows how it goes", for_hr=True),
)


def register(app: AsyncApp) -> None:
    """Register HR's listeners."""
    app.command(MENTOR, matchers=[subcommand("admin")])(open_admin)
    app.view(admin_blocks.ADMIN)(save_settings)
    app.action(admin_blocks.PREVIEW)(preview)
    app.action(admin_blocks.START)(start)


async def open_admin(
    ack: Any, body: Payload, actor: Actor, client: AsyncWebClient, sessions: Sessions, clock: Clock
) -> None:
    """Show how mentoring stands, and its settings."""
    async with sessions.begin() as session:
        found = await overview(session, actor, clock())
    await client.views_open(trigger_id=body["trigger_id"], view=admin_blocks.admin_view(found))
    await ack()


async def save_settings(
    ack: Any, view: Payload, actor: Actor, sessions: Sessions, clock: Clock
) -> None:
    """Store the settings."""
    chosen = admin_blocks.settings_in(view)
    async with sessions.begin() as session:
        await programme.save_programme(session, actor, *chosen, clock())
        found = await overview(session, actor, clock())
    await ack(response_action="update", view=admin_blocks.saved_view(found))


async def start(
    ack: Any,
    body: Payload,
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
) -> None:
    """Have a round begin; pressing twice begins one."""
    async with sessions.begin() as session:
        planned = await programme.plan_round(session, actor, clock())
        found = await overview(session, actor, clock())
    await ack()
    said = (
        "The round begins within a minute. Mentors are asked in their own working hours."
        if planned
        else "A round is about to begin already."
    )
    view = admin_blocks.admin_view(found, said)
    followups.start(client.views_update(view_id=body["view"]["id"], view=view))


async def preview(
    ack: Any,
    body: Payload,
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
) -> None:
    """Show what a round would do now, as soon as it is computed."""
    async with sessions.begin() as session:
        await look_ahead(session, actor, clock())
    pushed = await client.views_push(
        trigger_id=body["trigger_id"], view=admin_blocks.computing_view()
    )
    await ack()
    view_id = str(pushed["view"]["id"])
    followups.start(_show_preview(client, view_id, sessions, actor.workspace_id, clock()))


async def _show_preview(
    client: AsyncWebClient, view_id: str, sessions: Sessions, workspace_id: str, now: datetime
) -> None:
    result = await rounds.computed(await read_task(sessions.begin, workspace_id, now, seed=0))
    view = admin_blocks.preview_view(preview_of(result))
    await client.views_update(view_id=view_id, view=view)
