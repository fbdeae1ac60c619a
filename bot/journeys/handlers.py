"""The journeys slice's commands and listeners: HR's page of milestones, and the self-check."""

from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.blocks import View
from bot.journeys import blocks, forms, milestones, service
from bot.journeys.preview import preview_of
from bot.journeys.welcome import handlers as welcome
from bot.journeys.welcome.blocks import missing_blocks
from bot.journeys.welcome.helping import helpers_blocks
from bot.journeys.welcome.preparing import missing_buddies
from bot.journeys.wellbeing import handlers as wellbeing
from bot.languages import _, marked
from bot.slack.commands import JOURNEY, Usage, subcommand
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    *wellbeing.COMMANDS,
    Usage(
        JOURNEY, marked("shows who is on which milestone, and changes what they get"), for_hr=True
    ),
)
SAVED: Final = marked("Saved.")
STARTED: Final = marked(
    "Journeys have started. Here is what happens by itself; change what you like."
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    welcome.register(app)
    wellbeing.register(app)
    app.command(JOURNEY, matchers=[subcommand("")])(journeys_asked)
    app.action(blocks.OPEN)(journeys_asked)
    app.action(blocks.BACK)(back_pressed)
    app.action(blocks.START)(start_pressed)
    app.action(blocks.CONFIRM)(first_day_confirmed)
    app.action(blocks.CHANGE)(change_pressed)
    app.action(blocks.PREVIEW)(preview_pressed)
    app.action(blocks.PERSON)(person_chosen)
    app.view(forms.MILESTONE_FORM)(milestone_given)
    app.view(forms.PERSON_FORM)(person_given)


def leaves_no_trace(content: dict[str, Any]) -> bool:
    """Return True for a request that is neither remembered nor counted."""
    return wellbeing.leaves_no_trace(content) or welcome.leaves_no_trace(content)


async def journeys_asked(interaction: Interaction) -> None:
    """Open the page of journeys for HR."""
    await interaction.open_form(await _overview(interaction))
    await interaction.reply.acknowledge()


async def back_pressed(interaction: Interaction) -> None:
    """Return to the page of journeys."""
    await _show(interaction, await _overview(interaction))


async def start_pressed(interaction: Interaction) -> None:
    """Switch on all milestones."""
    async with interaction.begin() as session:
        await milestones.start(session, interaction.actor, interaction.now)
    await _show(interaction, await _overview(interaction, _(STARTED)))


async def first_day_confirmed(interaction: Interaction) -> None:
    """Take the day on which somebody joined Slack as their first one."""
    async with interaction.begin() as session:
        await service.confirm_first_day(
            session, interaction.actor, interaction.value, interaction.now
        )
    await _show(interaction, await _overview(interaction, _(SAVED)))


async def change_pressed(interaction: Interaction) -> None:
    """Show the form of a milestone."""
    async with interaction.reading() as session:
        line = await milestones.milestone_line(session, interaction.actor, interaction.value)
    await _show(interaction, forms.milestone_form(line))


async def preview_pressed(interaction: Interaction) -> None:
    """Show a milestone as people get it."""
    actor, page = interaction.actor, interaction.settings.attune_privacy_url
    async with interaction.reading() as session:
        line = await milestones.milestone_line(session, actor, interaction.value)
        messages = await preview_of(session, actor, line, interaction.now, page)
    await _show(interaction, blocks.preview_view(line, messages))


async def person_chosen(interaction: Interaction) -> None:
    """Show the form of a person's dates."""
    chosen = str(interaction.action.get("selected_user"))
    async with interaction.reading() as session:
        person = await service.person_view(session, interaction.actor, chosen, interaction.now)
    await _show(interaction, forms.person_form(person))


async def milestone_given(interaction: Interaction) -> None:
    """Store HR's choice for a milestone."""
    view, key = interaction.view, interaction.view["private_metadata"]
    choice, questions = forms.choice_in(view), forms.questions_in(view)
    async with interaction.begin() as session:
        await milestones.save_milestone(
            session, interaction.actor, key, choice, questions, interaction.now
        )
    await _update(interaction)


async def person_given(interaction: Interaction) -> None:
    """Store a person's dates, and whether they are paused."""
    view = interaction.view
    async with interaction.begin() as session:
        await service.save_person(
            session,
            interaction.actor,
            view["private_metadata"],
            forms.dates_in(view),
            interaction.now,
            is_paused=forms.paused_in(view),
        )
    await _update(interaction)


async def _overview(interaction: Interaction, said: str = "") -> View:
    async with interaction.reading() as session:
        found = await service.overview(session, interaction.actor, interaction.now)
        missing = await missing_buddies(session, interaction.actor.workspace_id, interaction.now)
    more = [*missing_blocks(missing), *helpers_blocks()]
    return blocks.overview_view(found, said, more)


async def _show(interaction: Interaction, view: View) -> None:
    await interaction.update_form(view)
    await interaction.reply.acknowledge()


async def _update(interaction: Interaction) -> None:
    view = await _overview(interaction, _(SAVED))
    await interaction.reply.acknowledge(response_action="update", view=view)
