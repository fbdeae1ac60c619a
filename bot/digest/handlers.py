"""HR gives a channel a digest or alerts, ends them, looks at a digest first, or has it posted."""

import re

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import Message, section
from bot.digest import alert_blocks, alerts, blocks, service
from bot.digest.pure.posting_time import parse_request
from bot.errors import UserError
from bot.insights.service import record_participation_viewed
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from bot.slack.channels import Obstacle, obstacle_in
from bot.slack.commands import DIGEST, Usage, subcommand, words
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    Usage("/digest", marked("shows whether this channel gets the digest")),
    Usage(
        "/digest here weekly monday 09:00",
        marked("posts it in this channel every week"),
        for_hr=True,
    ),
    Usage(
        "/digest here monthly 1st monday 09:00",
        marked(
            "posts it once a month; `without teams` or `without quotes` at the end leaves those out"
        ),
        for_hr=True,
    ),
    Usage(
        "/digest now",
        marked("shows you alone what it would say today; HR analysts can do this, too"),
        for_hr=True,
    ),
    Usage("/digest off", marked("ends it in this channel"), for_hr=True),
    Usage(
        "/digest alerts here",
        marked(
            "tells this channel at once when something stands out; `/digest alerts off` ends that"
        ),
        for_hr=True,
    ),
)
MANAGE = "digest.manage"
OBSTACLES = {
    Obstacle.NOT_A_MEMBER: marked(
        "I am not in this channel, so I could not post here. Please invite me "
        "with `/invite @Attune` and run the command again."
    ),
    Obstacle.ARCHIVED: marked(
        "This channel is archived, so I can't post here. Please run the command in another channel."
    ),
    Obstacle.SHARED: marked(
        "This channel is shared with another organisation, and figures are for your "
        "own people only. Please run the command in a channel that nobody else can read."
    ),
    Obstacle.UNSEEN: marked(
        "I need the scope `groups:read` to post in a private channel: ask whoever installed Attune "
        "to grant it, or run the command in a public channel."
    ),
}


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(DIGEST, matchers=[subcommand("")])(state_asked)
    app.command(DIGEST, matchers=[subcommand("here", "weekly", "monthly")])(here)
    app.command(DIGEST, matchers=[subcommand("off")])(off)
    app.command(DIGEST, matchers=[subcommand("now")])(preview_asked)
    app.command(DIGEST, matchers=[subcommand("alerts")])(alerts_asked)
    app.action(blocks.POST)(post_pressed)


async def state_asked(interaction: Interaction) -> None:
    """Say whether this channel has a digest."""
    channel_id = interaction.body["channel_id"]
    workspace_id = interaction.actor.workspace_id
    async with interaction.reading() as session:
        found = await service.subscription(session, workspace_id, channel_id)
        has_alerts = await alerts.channel_of(session, workspace_id) == channel_id
    await interaction.reply.command(blocks.state(found, has_alerts=has_alerts))


async def here(interaction: Interaction) -> None:
    """Subscribe this channel."""
    actor, command = interaction.actor, interaction.body
    async with interaction.reading() as session:
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    typed = str(command.get("text") or "").strip()
    rhythm, choices = parse_request(re.sub(r"(?i)^here\b", "", typed))
    channel_id = command["channel_id"]
    await _check_channel(interaction.client, channel_id)
    async with interaction.begin() as session:
        # Again, because the role may have changed while Slack was asked.
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
        before = await service.subscription(session, actor.workspace_id, channel_id)
        made = await service.subscribe(session, actor, channel_id, rhythm, interaction.now, choices)
    await interaction.reply.command(blocks.subscribed(made, before, interaction.now))


async def off(interaction: Interaction) -> None:
    """End this channel's digest."""
    actor, channel_id = interaction.actor, interaction.body["channel_id"]
    async with interaction.begin() as session:
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
        ended = await service.unsubscribe(session, actor, channel_id, interaction.now)
    await interaction.reply.command(
        _("This channel gets no more digests.")
        if ended
        else _("This channel gets no digest, so there is nothing to end.")
    )


async def preview_asked(interaction: Interaction) -> None:
    """Show the person what would be posted now."""
    actor, until = interaction.actor, interaction.now
    channel_id = interaction.body["channel_id"]
    async with interaction.begin() as session:
        await roles.require(session, actor, Role.ANALYST, action="figures.view")
        is_admin = await roles.holds(session, actor, Role.ADMIN)
        digest = await service.digest_of(
            session, actor.workspace_id, channel_id, until, may_quote=is_admin
        )
        for news in digest.news:
            audit.record(session, actor, "figures.viewed", subject=news.wave.wave_id, now=until)
            if news.quotes:
                seen = news.wave.survey_id
                audit.record(session, actor, "comments.viewed", subject=seen, now=until)
        record_participation_viewed(session, actor, digest.running, until)
    await interaction.reply.command(blocks.digest_preview(digest, until, may_post=is_admin))


async def post_pressed(interaction: Interaction) -> None:
    """Have the previewed digest posted; pressing twice posts once."""
    actor = interaction.actor
    until = blocks.read_post_button(interaction.value)
    channel_id = interaction.body["channel"]["id"]
    async with interaction.reading() as session:
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    await _check_channel(interaction.client, channel_id)
    async with interaction.begin() as session:
        # Again, because the role may have changed while Slack was asked.
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
        made = await service.post_now(session, actor, channel_id, until, interaction.now)
    await interaction.reply.acknowledge()
    text = (
        _("The digest is on its way to this channel and will be here in a minute or two.")
        if made
        else _("This digest was posted already, or is on its way.")
    )
    interaction.later(interaction.reply.in_place(Message(text, [section(text)])))


async def alerts_asked(interaction: Interaction) -> None:
    """Have alerts posted in this channel, end them, or say where they go."""
    asked = [word.lower() for word in words(interaction.body)[1:]]
    if asked in (["here"], ["on"]):
        await _alerts_here(interaction)
    elif asked == ["off"]:
        await _alerts_off(interaction)
    else:
        async with interaction.reading() as session:
            await roles.require(session, interaction.actor, Role.ADMIN, action=MANAGE)
            channel_id = await alerts.channel_of(session, interaction.actor.workspace_id)
        await interaction.reply.command(alert_blocks.alerts_state(channel_id))


async def _alerts_here(interaction: Interaction) -> None:
    actor, channel_id = interaction.actor, interaction.body["channel_id"]
    async with interaction.reading() as session:
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    await _check_channel(interaction.client, channel_id)
    async with interaction.begin() as session:
        # Again, because the role may have changed while Slack was asked.
        await roles.require(session, actor, Role.ADMIN, action=MANAGE)
        before = await alerts.set_channel(session, actor, channel_id, interaction.now)
    moved_from = before if before != channel_id else None
    await interaction.reply.command(alert_blocks.alerts_set(moved_from))


async def _alerts_off(interaction: Interaction) -> None:
    async with interaction.begin() as session:
        await roles.require(session, interaction.actor, Role.ADMIN, action=MANAGE)
        ended = await alerts.end(session, interaction.actor, interaction.now)
    await interaction.reply.command(
        _("There will be no more alerts.")
        if ended
        else _("There are no alerts, so nothing has changed.")
    )


async def _check_channel(client: AsyncWebClient, channel_id: str) -> None:
    """Raise UserError if Attune can't post, or if other organisations could read the digest."""
    if channel_id.startswith("D"):
        raise UserError(_("I can only post in a channel. Please run this command in one."))
    if obstacle := await obstacle_in(client, channel_id):
        raise UserError(_(OBSTACLES[obstacle]))
