"""HR makes an item of what somebody wrote, or says to which item it belongs."""

from slack_bolt.app.async_app import AsyncApp

from bot.languages import _, marked
from bot.products.board.service import ensure_products
from bot.products.items import forms
from bot.products.items.handlers import item_page, item_pressed, product_names, with_preview
from bot.products.suggestions import blocks, service
from bot.slack.interaction import Interaction
from bot.voice import inbox, inbox_blocks

MADE = marked(
    "Everybody sees it on their Home tab now. The author reads in the conversation what comes."
)


def register(app: AsyncApp) -> None:
    """Register the listeners beneath a conversation in HR's inbox."""
    app.action(inbox_blocks.MAKE_ITEM)(make_pressed)
    app.action(inbox_blocks.LINK_ITEM)(link_pressed)
    app.action(inbox_blocks.OPEN_ITEM)(item_pressed)
    app.view(forms.SUGGESTION_FORM)(item_made)
    app.view(blocks.LINK_FORM)(linked)


async def make_pressed(interaction: Interaction) -> None:
    """Show the form of an item, without a word of the conversation."""
    async with interaction.begin() as session:
        await service.refuse_taken_up(session, interaction.actor, interaction.value)
        await ensure_products(session, interaction.actor.workspace_id, interaction.now)
        products = await product_names(session, interaction)
    await interaction.show(forms.suggestion_form(products, interaction.value))


async def item_made(interaction: Interaction) -> None:
    """Store the item once HR has seen how people will read it, and show it."""
    thread_id, _version = forms.about_in(interaction.view)
    filled = forms.written_in(interaction.view)
    async with interaction.begin() as session:
        await service.refuse_taken_up(session, interaction.actor, thread_id)
        form = forms.suggestion_form(await product_names(session, interaction), thread_id)
        view = await with_preview(session, interaction, form)
        if view is None:
            item_id = await service.make_item(
                session, interaction.actor, thread_id, filled, interaction.now
            )
            view = await item_page(session, interaction, item_id, _(MADE))
    await interaction.replace_form(view)


async def link_pressed(interaction: Interaction) -> None:
    """Show the items that a conversation can belong to."""
    async with interaction.begin() as session:
        links = await service.links_of(session, interaction.actor, interaction.value)
    await interaction.show(blocks.link_form(links))


async def linked(interaction: Interaction) -> None:
    """Store to which item a conversation belongs, and show the conversation."""
    thread_id, item_id = blocks.linked_in(interaction.view)
    async with interaction.begin() as session:
        await service.link(session, interaction.actor, thread_id, item_id, interaction.now)
        conversation = await inbox.read(session, interaction.actor, thread_id, interaction.now)
    await interaction.replace_form(inbox_blocks.thread_view(conversation))
