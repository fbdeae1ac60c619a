"""Slack requests of the people slice: directory events, and who HR is."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.clock import Clock
from bot.errors import MalformedError
from bot.people import roles, service
from bot.people.blocks import (
    CHANGE_HR_TEAM,
    HR_TEAM_FORM,
    HR_TEAM_TITLE,
    MANAGERS_FIELD,
    hr_team_blocks,
    hr_team_form,
    hr_team_saved,
)
from bot.people.pure.directory import person_from_slack
from bot.people.roles import ADMINS_FIELD, ANALYSTS_FIELD, Role
from bot.settings import Settings
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.responding import answer
from models.database import Sessions

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse admins", "shows who HR is; HR admins and the workspace's owner change it there"),
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.event("team_join")(directory_changed)
    app.event("user_change")(directory_changed)
    app.command(PULSE, matchers=[subcommand("admins")])(show_hr_team)
    app.action(CHANGE_HR_TEAM)(open_hr_team_form)
    app.view(HR_TEAM_FORM)(save_hr_team)


async def directory_changed(
    event: dict[str, Any],
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """Take over that somebody joined, left, or changed their name or zone.

    The workspace is that of the installation: at the top, an event names where it comes from.
    """
    workspace_id = str(context.team_id)
    try:
        person = person_from_slack(
            event["user"], workspace_id, allow_guests=settings.attune_allow_guests
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise MalformedError from error
    async with sessions.begin() as session:
        await service.apply_change(session, workspace_id, person, clock())


async def show_hr_team(
    ack: AsyncAck, respond: AsyncRespond, actor: Actor, sessions: Sessions
) -> None:
    """`/pulse admins`, for everybody."""
    async with sessions.begin() as session:
        team = await roles.hr_team(session, actor.workspace_id)
        can_change = await roles.may_appoint(session, actor)
    shown = Message(HR_TEAM_TITLE, hr_team_blocks(team, can_change=can_change))
    await answer(ack, respond, shown)


async def open_hr_team_form(
    ack: AsyncAck,
    body: dict[str, Any],
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    """Show the form in which an admin, or the workspace's owner, changes who HR is."""
    async with sessions.begin() as session:
        await roles.require_appointing(session, actor)
        team = await roles.hr_team(session, actor.workspace_id)
        is_admin = await roles.holds(session, actor, Role.ADMIN)
    form = hr_team_form(team, with_switch=is_admin)
    await client.views_open(trigger_id=body["trigger_id"], view=form)
    await ack()


async def save_hr_team(
    ack: AsyncAck, view: dict[str, Any], actor: Actor, sessions: Sessions, clock: Clock
) -> None:
    """Store who HR is from now on."""
    async with sessions.begin() as session:
        team = await roles.change_hr_team(
            session,
            actor,
            _chosen(view, ADMINS_FIELD),
            _chosen(view, ANALYSTS_FIELD),
            clock(),
            managers_see_team=_switched(view),
        )
    await ack(response_action="update", view=hr_team_saved(team))


def _chosen(view: dict[str, Any], field: str) -> list[str]:
    return list(view["state"]["values"][field][field].get("selected_users") or [])


def _switched(view: dict[str, Any]) -> bool | None:
    """Return how the managers' switch stands, None in a form without it."""
    field = view["state"]["values"].get(MANAGERS_FIELD)
    return None if field is None else bool(field[MANAGERS_FIELD].get("selected_options"))
