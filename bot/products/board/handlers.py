"""HR opens the board, and names and changes what it makes for people."""

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import View
from bot.errors import UserError
from bot.languages import _, marked
from bot.products.access import Access, access_of, require_admin
from bot.products.board import blocks, forms, service
from bot.products.board.service import Board, Product
from bot.products.decisions.service import set_days
from bot.products.items.pure.states import UNDECIDED
from bot.products.items.reading import items_of_manager, items_of_product, items_to_decide
from bot.slack.commands import IMPROVE, Usage, subcommand
from bot.slack.interaction import Interaction
from models import Workspace

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/improve",
        marked("shows what you make for people, and what waits for a decision"),
        for_hr=True,
    ),
)


def register(app: AsyncApp) -> None:
    """Register the board's listeners."""
    app.command(IMPROVE, matchers=[subcommand("")])(board_asked)
    app.action(blocks.BOARD)(board_pressed)
    app.action(blocks.OPEN_PRODUCT)(product_pressed)
    app.action(blocks.TO_DECIDE)(to_decide_pressed)
    app.action(blocks.NEW_PRODUCT)(new_product_pressed)
    app.action(blocks.CHANGE_PRODUCT)(change_pressed)
    app.action(blocks.DELETE_PRODUCT)(delete_pressed)
    app.action(blocks.SETTINGS)(settings_pressed)
    app.view(forms.PRODUCT_FORM)(product_given)
    app.view(forms.MERGE_FORM)(merge_given)
    app.view(forms.SETTINGS_FORM)(settings_given)


async def board_asked(interaction: Interaction) -> None:
    """Open the board for HR; a manager sees what is about their own teams."""
    async with interaction.begin() as session:
        view = await _home(session, interaction)
    await interaction.show(view)


async def board_pressed(interaction: Interaction) -> None:
    """Return to the board."""
    async with interaction.begin() as session:
        view = await _home(session, interaction)
    await interaction.show(view)


async def product_pressed(interaction: Interaction) -> None:
    """Show one product."""
    async with interaction.begin() as session:
        view = await show_product(session, interaction, interaction.value)
    await interaction.show(view)


async def to_decide_pressed(interaction: Interaction) -> None:
    """Show what waits for a decision."""
    async with interaction.reading() as session:
        access = await access_of(session, interaction.actor)
        items = await items_to_decide(session, interaction.actor, access, interaction.now)
    await interaction.show(blocks.items_view(items, is_hr=access.is_hr))


async def new_product_pressed(interaction: Interaction) -> None:
    """Show the empty form of a product."""
    async with interaction.reading() as session:
        await require_admin(session, interaction.actor)
    await interaction.show(forms.product_form(None))


async def change_pressed(interaction: Interaction) -> None:
    """Show the form of a product."""
    async with interaction.reading() as session:
        await require_admin(session, interaction.actor)
        product, _waves = await _product(session, interaction, interaction.value)
    await interaction.show(forms.product_form(product))


async def delete_pressed(interaction: Interaction) -> None:
    """Ask which product takes over."""
    async with interaction.reading() as session:
        await require_admin(session, interaction.actor)
        product, _waves = await _product(session, interaction, interaction.value)
        others = [
            (each.id, each.name)
            for each in await service.products_of(session, interaction.actor.workspace_id)
            if each.id != product.id
        ]
    if not others:
        await interaction.show(
            blocks.product_view(product, (), is_admin=True, said=_(service.LAST_ONE))
        )
        return
    await interaction.show(forms.merge_form(product, others))


async def settings_pressed(interaction: Interaction) -> None:
    """Show within how many days HR decides."""
    async with interaction.reading() as session:
        await require_admin(session, interaction.actor)
        workspace = await session.get_one(Workspace, interaction.actor.workspace_id)
    await interaction.show(forms.settings_form(workspace.decision_days))


async def product_given(interaction: Interaction) -> None:
    """Store a product and show it."""
    product_id = interaction.view.get("private_metadata") or None
    new = forms.product_in(interaction.view)
    async with interaction.begin() as session:
        saved = await service.save_product(
            session, interaction.actor, product_id, new, interaction.now
        )
        view = await show_product(session, interaction, saved, _("Saved."))
    await interaction.replace_form(view)


async def merge_given(interaction: Interaction) -> None:
    """Delete a product, and return to the board."""
    product_id, into = str(interaction.view["private_metadata"]), forms.merge_in(interaction.view)
    async with interaction.begin() as session:
        await service.delete_product(session, interaction.actor, product_id, into, interaction.now)
        view = await _home(session, interaction, _("It is deleted."))
    await interaction.replace_form(view)


async def settings_given(interaction: Interaction) -> None:
    """Store within how many days HR decides."""
    days = forms.days_in(interaction.view)
    async with interaction.begin() as session:
        await set_days(session, interaction.actor, days, interaction.now)
        view = await _home(session, interaction, _("Saved."))
    await interaction.replace_form(view)


async def show_product(
    session: AsyncSession, interaction: Interaction, product_id: str, said: str = ""
) -> View:
    """Build the view of a product for HR, and record the look at its figures.

    A manager sees what is about their own teams instead.
    """
    access = await access_of(session, interaction.actor)
    if not access.is_hr:
        return await _home(session, interaction, said)
    product, waves = await _product(session, interaction, product_id)
    service.record_look(session, interaction.actor, waves, interaction.now)
    items = await items_of_product(session, interaction.actor, product_id, interaction.now)
    return blocks.product_view(product, items, is_admin=access.is_admin, said=said)


async def _home(session: AsyncSession, interaction: Interaction, said: str = "") -> View:
    """Build the board, or what a manager sees instead; record the look at figures."""
    actor, now = interaction.actor, interaction.now
    access = await access_of(session, actor)
    if not access.is_hr:
        items = await items_of_manager(session, actor, access, now)
        return blocks.items_view(items, is_hr=False, said=said)
    await service.ensure_products(session, actor.workspace_id, now)
    products = await service.products_of(session, actor.workspace_id)
    shown, waves = await service.shown_products(session, actor.workspace_id, products)
    service.record_look(session, actor, waves, now)
    board = await _board(session, interaction, access, shown)
    return blocks.board_view(board, said)


async def _board(
    session: AsyncSession,
    interaction: Interaction,
    access: Access,
    products: tuple[Product, ...],
) -> Board:
    waiting = await items_to_decide(session, interaction.actor, access, interaction.now)
    workspace = await session.get_one(Workspace, interaction.actor.workspace_id)
    of_products = sum(
        count for each in products for state, count in each.counts.items() if state in UNDECIDED
    )
    return Board(
        products=products,
        late=sum(each.is_late for each in waiting),
        undecided=len(waiting),
        homeless=len(waiting) - of_products,
        is_admin=access.is_admin,
        decision_days=workspace.decision_days,
    )


async def _product(
    session: AsyncSession, interaction: Interaction, product_id: str
) -> tuple[Product, set[str]]:
    """Return one product for HR, and the waves of its figures."""
    found = [
        each
        for each in await service.products_of(session, interaction.actor.workspace_id)
        if each.id == product_id
    ]
    if not found:
        raise UserError(_(service.GONE))
    (product,), waves = await service.shown_products(session, interaction.actor.workspace_id, found)
    return product, waves
