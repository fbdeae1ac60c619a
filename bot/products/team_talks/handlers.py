"""A manager opens help for a team talk, takes it up in `/improve`, or wants no more of it."""

from slack_bolt.app.async_app import AsyncApp

from bot.products.items.handlers import form_about, item_page
from bot.products.team_talks import blocks, service
from bot.products.team_talks.service import Talk
from bot.slack.interaction import Interaction


def register(app: AsyncApp) -> None:
    """Register the listeners of the message's buttons."""
    app.action(blocks.OPEN)(open_pressed)
    app.action(blocks.TAKE_UP)(take_up_pressed)
    app.action(blocks.NO_MORE)(no_more_pressed)


async def open_pressed(interaction: Interaction) -> None:
    """Show the questions in place of the closed message."""
    talk = Talk.decode(interaction.value)
    async with interaction.begin() as session:
        await service.open_talk(session, interaction.actor, talk, interaction.now)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(blocks.opened_message(talk)))


async def take_up_pressed(interaction: Interaction) -> None:
    """Show the item about it; if there is none, the form to write one."""
    actor, talk = interaction.actor, Talk.decode(interaction.value)
    async with interaction.begin() as session:
        await service.open_talk(session, actor, talk, interaction.now)
        item_id = await service.item_about(session, actor, talk)
        if item_id:
            view = await item_page(session, interaction, item_id)
        else:
            problem = blocks.problem_of(talk)
            view = await form_about(session, interaction, problem, talk.driver, talk.team)
    await interaction.show(view)


async def no_more_pressed(interaction: Interaction) -> None:
    """Switch these messages off."""
    async with interaction.begin() as session:
        await service.no_more(session, interaction.actor)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(blocks.stopped_message()))
