"""Slack requests of the people slice: directory events, and who HR is."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.blockkit.blocks import Message
from bot.clock import Clock
from bot.errors import MalformedError
from bot.languages import _, marked
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
from bot.people.pure.directory import person_from_slack, quiet_until
from bot.people.roles import ADMINS_FIELD, ANALYSTS_FIELD, Role
from bot.people.teams import handlers as teams
from bot.people.upload import handlers as upload
from bot.settings import Settings
from bot.slack.authorising import workspaces_told
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.installations import Installations
from bot.slack.interaction import Interaction
from models.database import Sessions

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse admins",
        marked("shows who HR is; HR admins and the workspace's owner change it there"),
    ),
    *upload.COMMANDS,
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    upload.register(app)
    teams.register(app)
    app.event("team_join")(directory_changed)
    app.event("user_change")(directory_changed)
    app.event("dnd_updated_user")(quiet_changed)
    app.command(PULSE, matchers=[subcommand("admins")])(show_hr_team)
    app.action(CHANGE_HR_TEAM)(open_hr_team_form)
    app.view(HR_TEAM_FORM)(save_hr_team)


async def directory_changed(
    event: dict[str, Any],
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
    installations: Installations,
) -> None:
    """Store that somebody joined, left, or changed their name or time zone.

    The workspace is the installation's; the event's own `team_id` says where it comes from.
    """
    for workspace_id in await workspaces_told(context, installations):
        try:
            person = person_from_slack(
                event["user"], workspace_id, allow_guests=settings.attune_allow_guests
            )
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise MalformedError from error
        async with sessions.begin() as session:
            await service.apply_change(session, workspace_id, person, clock())


async def quiet_changed(
    event: dict[str, Any],
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Clock,
    installations: Installations,
) -> None:
    """Store until when somebody wants not to be disturbed."""
    now = clock()
    until = quiet_until(event.get("dnd_status"), now)
    for workspace_id in await workspaces_told(context, installations):
        async with sessions.begin() as session:
            await service.note_quiet(session, workspace_id, str(event.get("user")), until)


async def show_hr_team(interaction: Interaction) -> None:
    """Answer `/pulse admins`, for everybody."""
    async with interaction.reading() as session:
        team = await roles.hr_team(session, interaction.actor.workspace_id)
        can_change = await roles.may_appoint(session, interaction.actor)
    shown = Message(_(HR_TEAM_TITLE), hr_team_blocks(team, can_change=can_change))
    await interaction.reply.command(shown)


async def open_hr_team_form(interaction: Interaction) -> None:
    """Open the form in which an admin, or the workspace's owner, changes who HR is."""
    actor = interaction.actor
    async with interaction.reading() as session:
        await roles.require_appointing(session, actor)
        team = await roles.hr_team(session, actor.workspace_id)
        is_admin = await roles.holds(session, actor, Role.ADMIN)
    await interaction.open_form(hr_team_form(team, with_switch=is_admin))
    await interaction.reply.acknowledge()


async def save_hr_team(interaction: Interaction) -> None:
    """Store who HR is from now on."""
    view = interaction.view
    async with interaction.begin() as session:
        team = await roles.change_hr_team(
            session,
            interaction.actor,
            _chosen(view, ADMINS_FIELD),
            _chosen(view, ANALYSTS_FIELD),
            interaction.now,
            managers_see_team=_switched(view),
        )
    await interaction.reply.acknowledge(response_action="update", view=hr_team_saved(team))


def _chosen(view: dict[str, Any], field: str) -> list[str]:
    return list(view["state"]["values"][field][field].get("selected_users") or [])


def _switched(view: dict[str, Any]) -> bool | None:
    """Return the position of the managers' switch; None in a form without it."""
    field = view["state"]["values"].get(MANAGERS_FIELD)
    return None if field is None else bool(field[MANAGERS_FIELD].get("selected_options"))
