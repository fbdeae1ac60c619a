"""HR composes the company pulse; confirming, pausing and ending it are as for other surveys."""

from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.pulse.company import blocks, forms, service
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.interaction import Interaction
from bot.surveys import form_fields
from models.database import new_key

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse company",
        marked("starts the company pulse, a few questions every week"),
        for_hr=True,
    ),
)
NO_FORM: Final = marked(
    "I can't open a form here: HR needs Slack itself to start the company pulse."
)


def register(app: AsyncApp) -> None:
    """Register the listeners of the form."""
    app.command(PULSE, matchers=[subcommand("company")])(form_asked)
    app.view(forms.COMPOSE)(show_preview)


async def form_asked(interaction: Interaction) -> None:
    """Open the form for an admin, unless there is a company pulse already."""
    async with interaction.reading() as session:
        await service.check_may_start(session, interaction.actor)
    await interaction.open_form(forms.compose_view(new_key()), _(NO_FORM))
    await interaction.reply.acknowledge()


async def show_preview(interaction: Interaction) -> None:
    """Keep what was composed as a draft and show what it will do."""
    actor, now, view = interaction.actor, interaction.now, interaction.view
    new = forms.pulse_in(view)
    try:
        async with interaction.begin() as session:
            found = await service.save_company_draft(
                session, actor, view["private_metadata"], new, now
            )
    except FieldErrors as error:
        # The form has no field for its audience, which is everyone.
        at = {form_fields.NAME, form_fields.TIME}
        raise FieldErrors(
            {
                field if field in at else forms.DRIVERS: sentence
                for field, sentence in error.fields.items()
            }
        ) from error
    page = interaction.settings.attune_privacy_url
    await interaction.reply.acknowledge(
        response_action="push", view=blocks.preview_view(found, actor.user_id, page)
    )
