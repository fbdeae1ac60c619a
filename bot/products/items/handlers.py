"""HR, or a manager for their own team, reads, writes and takes up items, and decides."""

from collections.abc import Sequence

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import View
from bot.errors import OutdatedError
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from bot.people.service import list_teams
from bot.products.access import access_of
from bot.products.board.blocks import OPEN_ITEM, WRITE_ITEM
from bot.products.board.service import ensure_products, product_of_driver, products_of
from bot.products.decisions import forms
from bot.products.decisions import service as decisions
from bot.products.effects.blocks import effect_blocks
from bot.products.effects.service import effect_of
from bot.products.items import blocks, service
from bot.products.items import forms as item_forms
from bot.products.items.pure.states import State, choices
from bot.products.items.reading import ItemView, read_item
from bot.products.items.service import ChangedMeanwhileError
from bot.slack.interaction import Interaction
from bot.surveys.audience_fields import Offered
from bot.surveys.forms import Form, compose_view
from bot.surveys.pure.bank import load_bank
from models.database import new_key

QUESTIONS_OFFERED = 2
"""Bank questions that the form of a further survey begins with: one or two work best."""
DECIDED = marked("It is decided. Those who were asked are told in their next message from me.")


def register(app: AsyncApp) -> None:
    """Register the listeners of items and decisions."""
    app.action(OPEN_ITEM)(item_pressed)
    app.action(WRITE_ITEM)(write_pressed)
    app.action(blocks.TAKE_UP)(take_up_pressed)
    app.action(blocks.DECIDE)(decide_pressed)
    app.action(blocks.REOPEN)(reopen_pressed)
    app.action(blocks.ASK_MORE)(ask_more_pressed)
    app.action(blocks.CHANGE)(change_pressed)
    app.view(item_forms.WRITE_FORM)(written)
    app.view(item_forms.TAKE_UP_FORM)(taken_up)
    app.view(item_forms.CHANGE_FORM)(changed)
    app.view(forms.DECISION_FORM)(decision_given)


async def item_pressed(interaction: Interaction) -> None:
    """Show one item."""
    async with interaction.begin() as session:
        view = await item_page(session, interaction, interaction.value)
    await interaction.show(view)


async def write_pressed(interaction: Interaction) -> None:
    """Show the form to write an item by hand."""
    async with interaction.begin() as session:
        await ensure_products(session, interaction.actor.workspace_id, interaction.now)
        form = await _write_form(session, interaction, interaction.action.get("value"))
    await interaction.show(form)


async def form_about(
    session: AsyncSession, interaction: Interaction, problem: str, driver: str, team: str
) -> View:
    """Build the form to write an item, filled in for a driver and a manager's team."""
    workspace_id = interaction.actor.workspace_id
    access = await access_of(session, interaction.actor)
    await ensure_products(session, workspace_id, interaction.now)
    product = await product_of_driver(session, workspace_id, driver)
    teams = sorted(access.teams, key=lambda each: each != team)
    products = await product_names(session, interaction)
    return item_forms.write_form(products, product.id if product else None, teams, problem, driver)


async def written(interaction: Interaction) -> None:
    """Store an item that was written by hand, and show it."""
    filled = item_forms.written_in(interaction.view)
    product_id, _version = item_forms.about_in(interaction.view)
    async with interaction.begin() as session:
        form = await _write_form(session, interaction, product_id)
        view = await with_preview(session, interaction, form)
        if view is None:
            item_id = await service.write(session, interaction.actor, filled, interaction.now)
            view = await item_page(session, interaction, item_id, _("Saved."))
    await interaction.replace_form(view)


async def take_up_pressed(interaction: Interaction) -> None:
    """Show the form to take up a proposal."""
    async with interaction.reading() as session:
        item = await _item(session, interaction, interaction.value)
        products = await product_names(session, interaction)
    await interaction.show(item_forms.take_up_form(item, products))


async def taken_up(interaction: Interaction) -> None:
    """Take up a proposal; if somebody was quicker, show what became of it."""
    item_id, version = item_forms.about_in(interaction.view)
    filled = item_forms.written_in(interaction.view)
    try:
        async with interaction.begin() as session:
            item = await _item(session, interaction, item_id)
            form = item_forms.take_up_form(item, await product_names(session, interaction))
            view = await with_preview(session, interaction, form)
            if view is None:
                await service.take_up(
                    session, interaction.actor, item_id, version, filled, interaction.now
                )
                view = await item_page(session, interaction, item_id, _("You have taken it up."))
    except ChangedMeanwhileError as error:
        view = await _as_it_is(interaction, error)
    await interaction.replace_form(view)


async def change_pressed(interaction: Interaction) -> None:
    """Show the form to give an item another product or owner."""
    async with interaction.reading() as session:
        item = await _item(session, interaction, interaction.value)
        products = await product_names(session, interaction)
    await interaction.show(item_forms.change_form(item, products))


async def changed(interaction: Interaction) -> None:
    """Give an item another product or owner; if it changed meanwhile, show what became of it."""
    item_id, version = item_forms.about_in(interaction.view)
    filled = item_forms.written_in(interaction.view)
    try:
        async with interaction.begin() as session:
            await service.change(
                session, interaction.actor, item_id, version, filled, interaction.now
            )
            view = await item_page(session, interaction, item_id, _("Saved."))
    except ChangedMeanwhileError as error:
        view = await _as_it_is(interaction, error)
    await interaction.replace_form(view)


async def decide_pressed(interaction: Interaction) -> None:
    """Show the form to decide."""
    async with interaction.begin() as session:
        item = await _item(session, interaction, interaction.value)
        if choices(item.line.state):
            view = forms.decision_form(item)
        else:
            view = await item_page(session, interaction, interaction.value)
    await interaction.show(view)


async def decision_given(interaction: Interaction) -> None:
    """Show how people will read a decision; store it once exactly that was shown."""
    try:
        item_id, version, decision, was_shown = forms.decision_in(interaction.view)
    except (ValueError, TypeError, LookupError):
        raise OutdatedError from None
    about = interaction.actor, item_id, version, decision, interaction.now
    try:
        async with interaction.begin() as session:
            if was_shown:
                await decisions.decide(session, *about)
                view = await item_page(session, interaction, item_id, _(DECIDED))
            else:
                reading = await decisions.read_decision(session, *about)
                item = await _item(session, interaction, item_id)
                view = forms.check_form(item, decision, reading)
    except ChangedMeanwhileError as error:
        view = await _as_it_is(interaction, error)
    await interaction.replace_form(view)


async def reopen_pressed(interaction: Interaction) -> None:
    """Let something be decided again."""
    item_id, version = _decoded(interaction.value)
    try:
        async with interaction.begin() as session:
            await decisions.reopen(session, interaction.actor, item_id, version, interaction.now)
            view = await item_page(session, interaction, item_id, _("It is open again."))
    except ChangedMeanwhileError as error:
        view = await _as_it_is(interaction, error)
    await interaction.show(view)


async def ask_more_pressed(interaction: Interaction) -> None:
    """Show the form of a survey, filled in for the people and the driver of an item."""
    async with interaction.reading() as session:
        await roles.require(session, interaction.actor, Role.ADMIN, action="surveys.create")
        item = await _item(session, interaction, interaction.value)
        teams = await list_teams(session, interaction.actor.workspace_id)
    await interaction.show(compose_view(_survey_about(item, teams), Offered(teams)))


def _survey_about(item: ItemView, teams: Sequence[str]) -> Form:
    bank = load_bank().by_driver(item.driver) if item.driver else ()
    is_team = item.line.group in teams
    return Form(
        survey_id=new_key(),
        name=_("More about {driver}").format(driver=_(item.driver_label))
        if item.driver_label
        else _("More about this"),
        bank=tuple(each.key for each in bank[:QUESTIONS_OFFERED]),
        audience="team" if is_team else "everyone",
        audience_ref=item.line.group if is_team else "",
        when="now",
    )


def _decoded(value: str) -> blocks.Origin:
    try:
        return blocks.decode(value)
    except (ValueError, TypeError):
        raise OutdatedError from None


async def item_page(
    session: AsyncSession, interaction: Interaction, item_id: str, said: str = ""
) -> View:
    """Build the view of an item with its effect, and record the look at the figures behind it."""
    actor = interaction.actor
    item = await _item(session, interaction, item_id)
    access = await access_of(session, actor)
    if item.wave_id:
        detail = {} if access.is_hr else {"as": "manager"}
        audit.record(
            session,
            actor,
            "figures.viewed",
            subject=item.wave_id,
            detail=detail,
            now=interaction.now,
        )
    effect = await effect_of(session, actor.workspace_id, item_id)
    may_plan = access.is_admin and item.line.state in (State.DOING, State.SHIPPED)
    return blocks.item_view(item, effect_blocks(item_id, effect, may_plan=may_plan), said)


async def _item(session: AsyncSession, interaction: Interaction, item_id: str) -> ItemView:
    return await read_item(session, interaction.actor, item_id, interaction.now)


async def with_preview(session: AsyncSession, interaction: Interaction, form: View) -> View | None:
    """Return a submitted form with its problem as people will read it.

    None if that is what was typed, or if exactly that was shown already: then it can be stored.
    """
    typed = item_forms.written_in(interaction.view).problem
    masked, is_hidden = await service.read_problem(session, interaction.actor, typed)
    if not is_hidden or item_forms.was_shown(interaction.view, typed):
        return None
    return item_forms.with_preview(form, typed, masked)


async def _write_form(
    session: AsyncSession, interaction: Interaction, product_id: str | None
) -> View:
    access = await access_of(session, interaction.actor)
    products = await product_names(session, interaction)
    return item_forms.write_form(products, product_id, access.teams)


async def product_names(session: AsyncSession, interaction: Interaction) -> list[tuple[str, str]]:
    """Return all products by (id, name)."""
    products = await products_of(session, interaction.actor.workspace_id)
    return [(each.id, each.name) for each in products]


async def _as_it_is(interaction: Interaction, error: ChangedMeanwhileError) -> View:
    """Show what became of an item that somebody else has changed."""
    async with interaction.begin() as session:
        return await item_page(session, interaction, error.item_id, str(error))
