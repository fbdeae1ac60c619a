"""HR says what an item is to change, and asks people whether they noticed."""

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.text import shorten
from bot.languages import _, marked
from bot.people import roles
from bot.people.roles import Role
from bot.products.effects import blocks, service
from bot.products.items.handlers import item_page
from bot.products.items.reading import read_item
from bot.slack.interaction import Interaction
from bot.surveys.forms import NAME_LENGTH, QUESTION_LENGTH, Form, OwnQuestion, compose_view
from bot.surveys.pure.scales import Scale
from models.database import new_key

NOTICED = marked("Did you notice any change in this: {problem}?")
ANSWERS = (marked("Yes"), marked("No"), marked("It doesn't concern me"))


def register(app: AsyncApp) -> None:
    """Register the listeners of effects."""
    app.action(blocks.PLAN)(plan_pressed)
    app.action(blocks.NOTICE_ASKED)(notice_pressed)
    app.view(blocks.EFFECT_FORM)(effect_given)


async def plan_pressed(interaction: Interaction) -> None:
    """Show the form of what an item is to change."""
    async with interaction.begin() as session:
        options = await service.effect_options(
            session, interaction.actor, interaction.value, interaction.now
        )
    await interaction.show(blocks.effect_form(options))


async def effect_given(interaction: Interaction) -> None:
    """Keep what an item is to change, and show the item."""
    actor, now, item_id = interaction.actor, interaction.now, interaction.view["private_metadata"]
    async with interaction.begin() as session:
        new = blocks.effect_in(interaction.view)
        await service.plan_effect(session, actor, item_id, new, now)
        view = await item_page(session, interaction, item_id, _("Saved. I tell HR what I find."))
    await interaction.replace_form(view)


async def notice_pressed(interaction: Interaction) -> None:
    """Show the form of a survey with one question: whether people noticed.

    It is an ordinary survey: anonymous, previewed, and under the same rules as every other.
    """
    async with interaction.reading() as session:
        await roles.require(session, interaction.actor, Role.ADMIN, action="surveys.create")
        item = await read_item(session, interaction.actor, interaction.value, interaction.now)
    problem = item.line.problem.rstrip(".?!")
    room = QUESTION_LENGTH - len(_(NOTICED).format(problem=""))
    asked = OwnQuestion(
        _(NOTICED).format(problem=shorten(problem, room)),
        Scale.CHOICE.value,
        "\n".join(_(each) for each in ANSWERS),
    )
    name = shorten(_("Did you notice? {problem}").format(problem=problem), NAME_LENGTH)
    await interaction.show(compose_view(Form(new_key(), name=name, own=(asked,), when="now")))
