"""The private self-check. No request of it is stored, logged or counted."""

from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp

from bot.journeys.wellbeing import forms, service
from bot.languages import marked
from bot.people import roles
from bot.people.roles import Role
from bot.slack.commands import PULSE, Usage, subcommand, words
from bot.slack.interaction import Interaction

WORD: Final = "check-in"
COMMANDS: tuple[Usage, ...] = (
    Usage(
        f"/pulse {WORD}",
        marked("asks how you are doing, for yourself alone: nothing of it is kept"),
    ),
)


def register(app: AsyncApp) -> None:
    """Register the listeners of the self-check and of HR's form."""
    app.command(PULSE, matchers=[subcommand(WORD)])(self_check_opened)
    app.action(forms.OPEN)(self_check_opened)
    app.view(forms.SELF_CHECK)(self_check_answered)
    app.action(forms.HELP)(help_asked)
    app.view(forms.HELP_FORM)(help_given)


def leaves_no_trace(content: dict[str, Any]) -> bool:
    """Return True for a request that is neither remembered nor counted."""
    if content.get("command") == PULSE:
        return [word.lower() for word in words(content)[:1]] == [WORD]
    return forms.is_self_check(content)


async def self_check_opened(interaction: Interaction) -> None:
    """Open the seven questions."""
    async with interaction.reading() as session:
        may_change = await roles.holds(session, interaction.actor, Role.ADMIN)
    await interaction.open_form(forms.self_check_view(may_change_help=may_change))
    await interaction.reply.acknowledge()


async def self_check_answered(interaction: Interaction) -> None:
    """Show what the answers say, in the same form."""
    reading = forms.reading_in(interaction.view)
    async with interaction.reading() as session:
        help_here = await service.help_of(session, interaction.actor.workspace_id)
    view = forms.result_view(reading, help_here)
    await interaction.reply.acknowledge(response_action="update", view=view)


async def help_asked(interaction: Interaction) -> None:
    """Show HR's form in place of the questions."""
    actor = interaction.actor
    async with interaction.begin() as session:
        await roles.require(session, actor, Role.ADMIN, action=service.CHANGED)
        help_here = await service.help_of(session, actor.workspace_id)
    await interaction.update_form(forms.help_form(help_here))
    await interaction.reply.acknowledge()


async def help_given(interaction: Interaction) -> None:
    """Store the help that HR names."""
    async with interaction.begin() as session:
        wanted = forms.help_in(interaction.view)
        await service.save_help(session, interaction.actor, wanted, interaction.now)
    view = forms.help_saved_view()
    await interaction.reply.acknowledge(response_action="update", view=view)
