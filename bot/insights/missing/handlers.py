"""HR asks why a group is not shown. Each answer is recorded as a look at figures."""

import re

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.text import tidy
from bot.insights.looks import look_at_figures, require_hr
from bot.insights.missing.blocks import (
    MISSING,
    NO_RESULTS,
    WHICH_GROUP,
    missing_view,
    why_message,
)
from bot.insights.missing.service import latest_groups, wave_groups
from bot.insights.paging import page_of
from bot.insights.pure.group_standing import named
from bot.languages import _, marked
from bot.slack.commands import PULSE, Usage, name_in, words
from bot.slack.interaction import Interaction, Payload

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse results why Legal",
        marked("says why a group, here Legal, isn't shown"),
        for_hr=True,
    ),
)
WHY = "why"


def register(app: AsyncApp) -> None:
    """Register this slice's listeners, before that of `/pulse results`."""
    app.command(PULSE, matchers=[_asks_why])(why_asked)
    app.action(re.compile(f"^{MISSING}(:|$)"))(missing_asked)


async def _asks_why(command: Payload) -> bool:
    return [each.lower() for each in words(command)[:2]] == ["results", WHY]


async def why_asked(interaction: Interaction) -> None:
    """Say why the groups of a name are shown or not in the latest results."""
    actor = interaction.actor
    name = tidy(name_in(interaction.body)[len(WHY) :])
    async with interaction.begin() as session:
        await require_hr(session, actor)
        found = await latest_groups(session, actor.workspace_id) if name else None
        if found:
            await look_at_figures(session, actor, found.wave_id, interaction.now)
    if found:
        message = why_message(found, list(named(found.groups, name)), name)
        await interaction.reply.command(message)
    else:
        await interaction.reply.command(_(NO_RESULTS) if name else _(WHICH_GROUP))


async def missing_asked(interaction: Interaction) -> None:
    """Open the list of groups that are not shown alone, or turn its page."""
    wave_id, page = page_of(interaction.value)
    actor = interaction.actor
    async with interaction.begin() as session:
        await look_at_figures(session, actor, wave_id, interaction.now)
        found = await wave_groups(session, actor.workspace_id, wave_id)
    view = missing_view(found, page)
    if "view" in interaction.body:
        await interaction.update_form(view)
    else:
        await interaction.open_form(view)
    await interaction.reply.acknowledge()
