"""A person says what is in their way; another one is asked, and answers."""

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp

from bot.blockers import blocks, counting, forms, helpers, helping, service, weekly, wording
from bot.blockers.monthly import ENDED, REPORTED
from bot.blockers.service import BlockerView, End
from bot.blockers.states import OverError
from bot.blockkit.blocks import Message, View
from bot.blockkit.form_state import FormState
from bot.errors import FieldErrors, UserError
from bot.insights.looks import look_at_month
from bot.languages import _, marked
from bot.slack.commands import BLOCKER, Usage, subcommand, words
from bot.slack.interaction import Interaction
from models.database import new_key

COMMANDS: tuple[Usage, ...] = (
    Usage("/blocker", marked("says what is in your way: ask for help, or just have it counted")),
    Usage("/blocker settings", marked("lets you choose how often colleagues may ask you for help")),
    Usage("/blocker figures", marked("shows what was in people's way, in groups"), for_hr=True),
    Usage(
        "/blocker weekly on",
        marked("asks everybody once a week, with another message; `off` ends that"),
        for_hr=True,
    ),
)
WEEKLY_ON = marked(
    "From Monday on, I ask everybody once a week whether anything is in their way. It only comes "
    "together with another message, and each person can turn it off."
)
WEEKLY_OFF = marked("I no longer ask once a week. `/blocker` works as before.")
ON_OR_OFF = marked("Please say `/blocker weekly on` or `/blocker weekly off`.")


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(BLOCKER, matchers=[subcommand("")])(open_report)
    app.command(BLOCKER, matchers=[subcommand("settings")])(open_settings)
    app.command(BLOCKER, matchers=[subcommand("figures")])(show_figures)
    app.command(BLOCKER, matchers=[subcommand("weekly")])(switch_weekly)
    app.action(blocks.OPEN)(open_report)
    app.action(blocks.NOTHING)(nothing)
    app.view(forms.REPORT_FORM)(send_report)
    app.action(blocks.CHOOSE)(choose)
    app.action(forms.ASK)(ask)
    app.action(forms.ASK_OTHER)(ask)
    app.action(blocks.SOLVED)(_closing(End.SOLVED))
    app.action(blocks.DROPPED)(_closing(End.DROPPED))
    app.action(blocks.NOT_YET)(not_yet)
    app.action(blocks.HELP)(accept)
    app.action(blocks.NOT_ME)(not_me)
    app.view(forms.INSTEAD_FORM)(pass_on)
    app.action(blocks.LATER)(later)
    app.view(forms.SETTINGS_FORM)(save_settings)


async def open_report(interaction: Interaction) -> None:
    """Open the form, with what the person has open."""
    async with interaction.reading() as session:
        await service.require_employee(session, interaction.actor)
        standing = await service.standing(session, interaction.actor)
    await interaction.open_form(forms.report_view(standing, new_key()))
    await interaction.reply.acknowledge()


async def nothing(interaction: Interaction) -> None:
    """Answer "no" to the weekly question; nothing is stored."""
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(blocks.nothing_message()))


async def send_report(interaction: Interaction) -> None:
    """Count what is in the way, or store it and propose whom to ask."""
    written, wants_help = forms.report_in(interaction.view)
    actor, now = interaction.actor, interaction.now
    blocker_id = str(interaction.view["private_metadata"])
    async with interaction.begin() as session:
        if wants_help:
            blocker = await service.report(session, actor, blocker_id, written, now)
        else:
            await counting.count(session, actor, written.kind, now)
    view = await _choose_view(interaction, blocker) if wants_help else forms.counted_view()
    await interaction.reply.acknowledge(response_action="update", view=view)


async def choose(interaction: Interaction) -> None:
    """Propose whom to ask about a blocker that nobody helps with."""
    async with interaction.begin() as session:
        blocker = await service.check_can_choose(session, interaction.actor, interaction.value)
    await _show_form(interaction, await _choose_view(interaction, blocker))


async def ask(interaction: Interaction) -> None:
    """Ask the chosen colleague."""
    action, actor, now = interaction.action, interaction.actor, interaction.now
    if action.get("action_id") == forms.ASK_OTHER:
        blocker_id = str(interaction.view["private_metadata"])
        helper_id = str(action.get("selected_user") or "")
    else:
        blocker_id, helper_id = forms.ask_in(interaction.value)
    async with interaction.begin() as session:
        blocker, arrives_at = await service.ask(session, actor, blocker_id, helper_id, now)
    await _show_form(interaction, forms.asked_view(blocker, arrives_at, now))


def _closing(end: End) -> Callable[[Interaction], Awaitable[None]]:
    """Return the listener for a button with which an asker closes a blocker."""

    async def listener(interaction: Interaction) -> None:
        actor, now = interaction.actor, interaction.now
        async with interaction.begin() as session:
            blocker = await service.close(session, actor, interaction.value, end, now)
        if _is_in_message(interaction):
            await _show_message(interaction, blocks.closed_message(blocker))
        else:
            await _show_form(interaction, forms.done_view(blocks.closed_text(blocker)))

    return listener


async def not_yet(interaction: Interaction) -> None:
    """Leave a blocker open."""
    await _show_message(interaction, blocks.not_yet_message())


async def accept(interaction: Interaction) -> None:
    """Store that the person helps."""
    try:
        async with interaction.begin() as session:
            blocker = await helping.accept(
                session, interaction.actor, interaction.value, interaction.now
            )
    except OverError as over:
        await _show(interaction, over.message)
        return
    await _show(interaction, blocks.answered_message(blocker))


async def not_me(interaction: Interaction) -> None:
    """Ask who else could help; what was passed on before ends here."""
    actor, now = interaction.actor, interaction.now
    try:
        async with interaction.begin() as session:
            blocker = await helping.check_can_answer(session, actor, interaction.value)
            if blocker.passed_on:
                blocker = await helping.decline(session, actor, blocker.id, "", now)
    except OverError as over:
        await _show(interaction, over.message)
        return
    if blocker.status == "asked":
        await _show_form(interaction, forms.pass_view(blocker))
    else:
        await _show(interaction, blocks.answered_message(blocker))


async def pass_on(interaction: Interaction) -> None:
    """Ask the suggested colleague, or let the asker choose somebody else."""
    instead = FormState(interaction.view).user(forms.INSTEAD)
    blocker_id = str(interaction.view["private_metadata"])
    try:
        async with interaction.begin() as session:
            blocker = await helping.decline(
                session, interaction.actor, blocker_id, instead, interaction.now
            )
        text = blocks.answered_message(blocker).text
    except OverError as over:
        text = str(over)
    except UserError as refused:
        raise FieldErrors({forms.INSTEAD: str(refused)}) from None
    await interaction.reply.acknowledge(response_action="update", view=forms.done_view(text))


async def later(interaction: Interaction) -> None:
    """Ask once more later today."""
    try:
        async with interaction.begin() as session:
            _blocker, again_at = await helping.postpone(
                session, interaction.actor, interaction.value, interaction.now
            )
    except OverError as over:
        await _show(interaction, over.message)
        return
    await _show_message(interaction, blocks.postponed_message(again_at))


async def open_settings(interaction: Interaction) -> None:
    """Open the form for how the person takes part."""
    async with interaction.reading() as session:
        await service.require_employee(session, interaction.actor)
        chosen = await weekly.preference_of(session, interaction.actor)
        view = forms.settings_view(chosen.most_a_week, weekly=chosen.weekly)
    await interaction.open_form(view)
    await interaction.reply.acknowledge()


async def save_settings(interaction: Interaction) -> None:
    """Store how the person takes part."""
    most_a_week, asks_weekly = forms.settings_in(interaction.view)
    async with interaction.begin() as session:
        await weekly.save_preference(session, interaction.actor, most_a_week, weekly=asks_weekly)
    view = forms.settings_saved_view()
    await interaction.reply.acknowledge(response_action="update", view=view)


async def show_figures(interaction: Interaction) -> None:
    """Show HR the latest month; the look is written down."""
    async with interaction.begin() as session:
        seen = await look_at_month(session, interaction.actor, (REPORTED, ENDED), interaction.now)
    await interaction.open_form(wording.figures_view(*seen))
    await interaction.reply.acknowledge()


async def switch_weekly(interaction: Interaction) -> None:
    """Begin or end the weekly question, for HR's admins."""
    said = [each.lower() for each in words(interaction.body)[1:]]
    if said not in (["on"], ["off"]):
        raise UserError(_(ON_OR_OFF))
    on = said == ["on"]
    async with interaction.begin() as session:
        await weekly.switch(session, interaction.actor, on=on, now=interaction.now)
    await interaction.reply.command(_(WEEKLY_ON) if on else _(WEEKLY_OFF))


async def _choose_view(interaction: Interaction, blocker: BlockerView) -> View:
    candidates = await helpers.propose(
        interaction.reading, interaction.actor, blocker.id, blocker.topic, interaction.now
    )
    async with interaction.reading() as session:
        passed_on = await service.as_passed_on(
            session, interaction.actor.workspace_id, blocker.text
        )
    return forms.choose_view(blocker, candidates, passed_on)


async def _show(interaction: Interaction, message: Message) -> None:
    """Show the answer where the button was: in its message, or above the Home tab."""
    if _is_in_message(interaction):
        await _show_message(interaction, message)
    else:
        await _show_form(interaction, forms.done_view(message.text))


async def _show_message(interaction: Interaction, message: Message) -> None:
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(message))


async def _show_form(interaction: Interaction, view: View) -> None:
    """Show a form: in the one that was pressed, or as a new one above a message or Home tab."""
    if interaction.body.get("view", {}).get("type") == "modal":
        await interaction.reply.acknowledge()
        interaction.later(interaction.update_form(view))
        return
    await interaction.open_form(view)
    await interaction.reply.acknowledge()


def _is_in_message(interaction: Interaction) -> bool:
    return "view" not in interaction.body
