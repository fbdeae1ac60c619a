"""A person opens, saves and leaves their mentoring profile."""

from slack_bolt.app.async_app import AsyncApp

from bot.languages import _, marked
from bot.mentoring.profiles import forms
from bot.mentoring.profiles import service as profiles
from bot.slack.commands import MENTOR, Usage, subcommand
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    Usage("/mentor", marked("lets you say what you look for and offer, or pause")),
    Usage("/mentor leave", marked("takes you out of mentoring at once")),
)


def register(app: AsyncApp) -> None:
    """Register the listeners of the profile and its form."""
    app.command(MENTOR, matchers=[subcommand("")])(open_profile)
    app.command(MENTOR, matchers=[subcommand("leave")])(leave_at_once)
    app.action(forms.PROFILE)(open_profile)
    app.view(forms.FORM)(save_profile)
    app.action(forms.LEAVE)(leave)


async def open_profile(interaction: Interaction) -> None:
    """Show the person's profile, or a form prefilled from the directory."""
    async with interaction.begin() as session:
        standing = await profiles.standing(session, interaction.actor, interaction.now)
    await interaction.open_form(forms.profile_view(standing))
    await interaction.reply.acknowledge()


async def save_profile(interaction: Interaction) -> None:
    """Store a profile; from then on the person can be matched."""
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        today = await profiles.today_of(session, actor, now)
        profile = forms.profile_in(interaction.view, today)
        standing = await profiles.save(session, actor, profile, now)
    await interaction.reply.acknowledge(response_action="update", view=forms.saved_view(standing))


async def leave(interaction: Interaction) -> None:
    """Leave mentoring with the form's button."""
    async with interaction.begin() as session:
        await profiles.leave(session, interaction.actor)
    await interaction.reply.acknowledge()
    interaction.later(interaction.update_form(forms.left_view()))


async def leave_at_once(interaction: Interaction) -> None:
    """Leave mentoring with the command, and say how to come back."""
    async with interaction.begin() as session:
        was_in = await profiles.leave(session, interaction.actor)
    await interaction.reply.command(_(forms.LEFT) if was_in else _(forms.NOT_IN))
