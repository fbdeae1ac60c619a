"""A person writes, shares and looks at their goals; HR lists the company's."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import View
from bot.blockkit.form_state import FormState
from bot.errors import OutdatedError
from bot.goals import blocks, checkin_forms, checkins, forms, service
from bot.goals.checkins import CheckIn
from bot.goals.monthly import CHECKINS, WITH_GOALS
from bot.goals.pure.rounds import HOW_IT_GOES, State
from bot.goals.views import Standing, goals_shared_by, own_goal, standing_of
from bot.insights.looks import look_at_month
from bot.languages import _, marked
from bot.mentoring.pairs.blocks import SHARED_GOALS
from bot.mentoring.profiles.service import today_of
from bot.outbox.deliveries import where_sent
from bot.people import roles
from bot.people.roles import Role
from bot.slack.commands import GOAL, Usage, subcommand
from bot.slack.interaction import Interaction
from bot.slack.reply import edit_part

COMMANDS: tuple[Usage, ...] = (
    Usage(GOAL, marked("shows your goals; you write, change and share them there")),
    Usage(f"{GOAL} figures", marked("shows who has goals and how they go, in groups"), for_hr=True),
    Usage(
        f"{GOAL} company",
        marked("lists the company's goals, for people to choose from"),
        for_hr=True,
    ),
)

UseCase = Callable[[AsyncSession, Actor, str], Awaitable[None]]


def register(app: AsyncApp) -> None:
    """Register the listeners of goals."""
    app.command(GOAL, matchers=[subcommand("")])(goals_asked)
    app.command(GOAL, matchers=[subcommand("company")])(list_asked)
    app.command(GOAL, matchers=[subcommand("figures")])(figures_asked)
    app.action(blocks.OPEN)(goals_asked)
    for state in HOW_IT_GOES:
        app.action(f"{blocks.STATE}:{state}")(state_pressed)
    app.view(checkin_forms.WHICH_FORM)(states_given)
    app.action(blocks.LOOK_BACK)(look_back_asked)
    app.action(forms.OVER)(over_pressed)
    app.view(checkin_forms.LOOK_BACK_FORM)(outcomes_given)
    app.action(forms.WRITE)(writing_asked)
    app.view(forms.FORM)(goal_written)
    app.action(forms.SHARE)(sharing_asked)
    app.view(forms.SHARE_FORM)(person_chosen)
    app.action(forms.TAKE_BACK)(goal_listener(service.take_back))
    app.action(forms.DELETE)(goal_listener(service.delete))
    app.action(blocks.SHARED)(shared_asked)
    # Mentoring shows the button in a pair's agenda and doesn't know goals.
    app.action(SHARED_GOALS)(shared_asked)
    app.action(forms.LIST)(list_pressed)
    app.view(forms.LIST_FORM)(company_goals_given)


async def goals_asked(interaction: Interaction) -> None:
    """Open the person's goals."""
    async with interaction.reading() as session:
        standing = await standing_of(session, interaction.actor)
    await interaction.open_form(forms.goals_view(standing))
    await interaction.reply.acknowledge()


async def state_pressed(interaction: Interaction) -> None:
    """Store how all goals go, or ask which of them; what follows is shown in a form."""
    state = blocks.state_in(interaction.action)
    asked_on = blocks.asked_on_in(interaction.value)
    async with interaction.begin() as session:
        answer = await checkins.check_in(session, interaction.actor, asked_on, state)
    if answer.which:
        await interaction.open_form(checkin_forms.which_form(answer.which, asked_on))
        await interaction.reply.acknowledge()
        return
    interaction.later(interaction.reply.show(blocks.saved_message()))
    if state is State.STUCK:
        view = _afterwards(interaction.actor, answer, (state,))
        await interaction.open_form(view, _(checkin_forms.NO_FORM_STUCK))
    await interaction.reply.acknowledge()


async def states_given(interaction: Interaction) -> None:
    """Store how each goal goes, and replace the question in the messages."""
    states = checkin_forms.states_in(interaction.view)
    actor = interaction.actor
    asked_on = blocks.asked_on_in(interaction.view["private_metadata"])
    async with interaction.begin() as session:
        answer = await checkins.check_in_each(session, actor, asked_on, states)
    view = _afterwards(actor, answer, states.values())
    await interaction.reply.acknowledge(response_action="update", view=view)
    interaction.later(_replace_question(interaction, asked_on))


def _afterwards(actor: Actor, answer: CheckIn, states: Iterable[State]) -> View:
    if State.STUCK in states:
        return checkin_forms.stuck_view(actor.workspace_id, answer.mentor_id)
    return checkin_forms.saved_view()


async def _replace_question(interaction: Interaction, asked_on: date) -> None:
    """Say in the place of a round's question that the answer is saved."""
    key = checkins.check_key(interaction.actor.user_id, asked_on)
    async with interaction.reading() as session:
        asked_at = await where_sent(session, interaction.actor.workspace_id, key)
    if asked_at:
        place = asked_at.channel, asked_at.ts, asked_at.part
        await edit_part(interaction.client, *place, blocks.saved_message())


async def look_back_asked(interaction: Interaction) -> None:
    """Open the look back on all goals."""
    asked_on = blocks.asked_on_in(interaction.value)
    async with interaction.reading() as session:
        standing = await standing_of(session, interaction.actor)
    if not standing.mine:
        raise OutdatedError
    await interaction.open_form(checkin_forms.look_back_form(standing.mine, asked_on))
    await interaction.reply.acknowledge()


async def over_pressed(interaction: Interaction) -> None:
    """Ask what became of one goal."""
    async with interaction.begin() as session:
        goal = await own_goal(session, interaction.actor, interaction.value)
    await interaction.update_form(checkin_forms.look_back_form([goal]))
    await interaction.reply.acknowledge()


async def outcomes_given(interaction: Interaction) -> None:
    """Store what became of goals, and replace the question in the messages."""
    outcomes, actor = checkin_forms.outcomes_in(interaction.view), interaction.actor
    async with interaction.begin() as session:
        await checkins.look_back(session, actor, outcomes, interaction.now)
        standing = await standing_of(session, actor)
    await _show_goals(interaction, standing, checkin_forms.looked_back())
    if asked_on := interaction.view["private_metadata"]:
        interaction.later(_replace_question(interaction, blocks.asked_on_in(asked_on)))


async def writing_asked(interaction: Interaction) -> None:
    """Open the form for a goal in the place of the list."""
    actor, goal_id = interaction.actor, interaction.value
    async with interaction.begin() as session:
        standing = await standing_of(session, actor)
        today = await today_of(session, actor, interaction.now)
        goal = None if goal_id == forms.NEW else await own_goal(session, actor, goal_id)
    await interaction.update_form(forms.goal_form(goal, standing.company_goals, today))
    await interaction.reply.acknowledge()


async def goal_written(interaction: Interaction) -> None:
    """Store a goal, and show all of them."""
    draft, actor = forms.draft_in(interaction.view), interaction.actor
    held = str(interaction.view["private_metadata"])
    async with interaction.begin() as session:
        goal_id = None if held == forms.NEW else held
        await service.write(session, actor, goal_id, draft, interaction.now)
        standing = await standing_of(session, actor)
    await _show_goals(interaction, standing, _("Saved."))


async def sharing_asked(interaction: Interaction) -> None:
    """Ask with whom to share a goal."""
    async with interaction.begin() as session:
        goal = await own_goal(session, interaction.actor, interaction.value)
    await interaction.update_form(forms.share_form(goal))
    await interaction.reply.acknowledge()


async def person_chosen(interaction: Interaction) -> None:
    """Share a goal, and show all of them."""
    actor, goal_id = interaction.actor, str(interaction.view["private_metadata"])
    person = FormState(interaction.view).user(service.PERSON_FIELD)
    async with interaction.begin() as session:
        await service.share(session, actor, goal_id, person, interaction.now)
        standing = await standing_of(session, actor)
    await _show_goals(interaction, standing, _("Shared. I'll tell them in their working hours."))


async def _show_goals(interaction: Interaction, standing: Standing, said: str) -> None:
    view = forms.goals_view(standing, said)
    await interaction.reply.acknowledge(response_action="update", view=view)


def goal_listener(use_case: UseCase) -> Callable[[Interaction], Awaitable[None]]:
    """Return the listener for a button that changes one goal; it shows all goals afterwards."""

    async def listener(interaction: Interaction) -> None:
        async with interaction.begin() as session:
            await use_case(session, interaction.actor, interaction.value)
            standing = await standing_of(session, interaction.actor)
        await interaction.reply.acknowledge()
        interaction.later(interaction.update_form(forms.goals_view(standing)))

    return listener


async def shared_asked(interaction: Interaction) -> None:
    """Show the goals that a colleague shares with the presser; to the owner, their own."""
    actor, owner_id = interaction.actor, interaction.value
    async with interaction.reading() as session:
        if owner_id == actor.user_id:
            view = forms.goals_view(await standing_of(session, actor))
        else:
            goals = await goals_shared_by(session, actor, owner_id)
            view = forms.shared_view(owner_id, goals)
    await interaction.open_form(view)
    await interaction.reply.acknowledge()


async def list_asked(interaction: Interaction) -> None:
    """Open the form with the company's goals, for HR admins."""
    await interaction.open_form(await _list_form(interaction))
    await interaction.reply.acknowledge()


async def list_pressed(interaction: Interaction) -> None:
    """Show the form with the company's goals in the place of the list."""
    await interaction.update_form(await _list_form(interaction))
    await interaction.reply.acknowledge()


async def figures_asked(interaction: Interaction) -> None:
    """Show HR the latest month; the look is written down."""
    async with interaction.begin() as session:
        seen = await look_at_month(
            session, interaction.actor, (WITH_GOALS, CHECKINS), interaction.now
        )
    await interaction.open_form(forms.figures_view(*seen))
    await interaction.reply.acknowledge()


async def _list_form(interaction: Interaction) -> View:
    action = service.COMPANY_GOALS_CHANGED
    async with interaction.reading() as session:
        await roles.require(session, interaction.actor, Role.ADMIN, action=action)
        standing = await standing_of(session, interaction.actor)
    return forms.list_form(standing.company_goals)


async def company_goals_given(interaction: Interaction) -> None:
    """Store the company's goals."""
    lines = forms.listed_in(interaction.view)
    async with interaction.begin() as session:
        await service.list_company_goals(session, interaction.actor, lines, interaction.now)
    view = forms.listed_view()
    await interaction.reply.acknowledge(response_action="update", view=view)
