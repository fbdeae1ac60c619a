"""A person books time to learn, notes what they explored, and says whether they got their time."""

from slack_bolt.app.async_app import AsyncApp

from bot.actor import Actor
from bot.blockkit.blocks import View
from bot.errors import FieldErrors
from bot.insights.looks import look_at_month
from bot.languages import _, marked, speaking
from bot.learning import blocks, forms, months, notes, slots
from bot.learning.monthly import GOT_TIME, TIME_TAKEN
from bot.learning.months import POLICY_CHANGED, Got, TakenBy
from bot.people import roles
from bot.people.languages import language_of
from bot.people.roles import Role
from bot.slack.channels import Obstacle, obstacle_in
from bot.slack.commands import LEARN, Usage, subcommand
from bot.slack.interaction import Interaction
from bot.slack.reply import edit_message

COMMANDS: tuple[Usage, ...] = (
    Usage(LEARN, marked("books time to learn, moves it, and shows what you explored")),
    Usage(f"{LEARN} figures", marked("shows who got their time, in groups"), for_hr=True),
    Usage(f"{LEARN} policy", marked("states how much time people get"), for_hr=True),
)
OBSTACLES = {
    Obstacle.NOT_A_MEMBER: marked(
        "I am not in this channel. Please invite me with `/invite @Attune`, or choose another one."
    ),
    Obstacle.ARCHIVED: marked("This channel is archived. Please choose another one."),
    Obstacle.SHARED: marked(
        "People of another organisation can read this channel. Please choose another."
    ),
    Obstacle.UNSEEN: marked(
        "I can't see who reads this private channel. Please choose a public one."
    ),
}


def register(app: AsyncApp) -> None:
    """Register the listeners of learning time."""
    app.command(LEARN, matchers=[subcommand("")])(learning_asked)
    app.command(LEARN, matchers=[subcommand("policy")])(policy_asked)
    app.command(LEARN, matchers=[subcommand("figures")])(figures_asked)
    app.action(blocks.OPEN)(learning_asked)
    for minutes in slots.LENGTHS:
        app.action(f"{forms.BOOK}:{minutes}")(booking_pressed)
    app.action(forms.MOVE)(time_chosen)
    app.action(forms.CANCEL)(cancel_pressed)
    app.action(blocks.LATER)(later_pressed)
    app.action(blocks.NOTE)(note_asked)
    app.view(forms.NOTE_FORM)(note_written)
    app.action(forms.TAKE_BACK)(take_back_pressed)
    for got in Got:
        app.action(f"{blocks.GOT}:{got}")(got_pressed)
    for taken in TakenBy:
        app.action(f"{forms.TAKEN}:{taken}")(taken_pressed)
    app.action(forms.POLICY)(policy_pressed)
    app.view(forms.POLICY_FORM)(policy_stated)


async def learning_asked(interaction: Interaction) -> None:
    """Open the person's learning time."""
    await interaction.open_form(await _learning(interaction))
    await interaction.reply.acknowledge()


async def _learning(interaction: Interaction, said: str = "") -> View:
    async with interaction.reading() as session:
        standing = await slots.standing_of(session, interaction.actor, interaction.now)
    return forms.learning_view(standing, said)


async def _show_again(interaction: Interaction, said: str = "") -> None:
    await interaction.reply.acknowledge()
    interaction.later(interaction.update_form(await _learning(interaction, said)))


async def booking_pressed(interaction: Interaction) -> None:
    """Book the next free time."""
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        slot = await slots.book(session, actor, int(interaction.value), now)
    said = _("Booked: *{when}*. The calendar file comes to our messages in a moment.").format(
        when=blocks.when(slot)
    )
    await _show_again(interaction, said)


async def time_chosen(interaction: Interaction) -> None:
    """Move a slot to the chosen time."""
    slot_id, to = forms.moved_to(interaction.action)
    async with interaction.begin() as session:
        slot = await slots.move(session, interaction.actor, slot_id, interaction.now, to)
    await _show_again(
        interaction,
        _("Moved to *{when}*. A new calendar file comes.").format(when=blocks.when(slot)),
    )


async def cancel_pressed(interaction: Interaction) -> None:
    """Delete a slot."""
    async with interaction.begin() as session:
        await slots.cancel(session, interaction.actor, interaction.value)
    await _show_again(interaction, _("Deleted. Please take it out of your calendar, too."))


async def later_pressed(interaction: Interaction) -> None:
    """Move a slot that did not happen to the next free time."""
    async with interaction.begin() as session:
        actor, now = interaction.actor, interaction.now
        slot = await slots.move(session, actor, interaction.value, now)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(blocks.moved_message(slot)))


async def note_asked(interaction: Interaction) -> None:
    """Open the form for a line about a slot."""
    async with interaction.begin() as session:
        await slots.own_slot(session, interaction.actor, interaction.value)
    await interaction.open_form(forms.note_form(interaction.value))
    await interaction.reply.acknowledge()


async def note_written(interaction: Interaction) -> None:
    """Store a line; what others will see is shown first as they will read it."""
    actor = interaction.actor
    slot_id, note, has_seen = forms.note_in(interaction.view)
    checked = notes.checked(note)
    if checked.channel and (obstacle := await obstacle_in(interaction.client, checked.channel)):
        raise FieldErrors({notes.CHANNEL_FIELD: _(OBSTACLES[obstacle])})
    if checked.is_shared and not has_seen:
        async with interaction.reading() as session:
            masked = await notes.as_shown(session, actor.workspace_id, note.text)
        view = forms.note_form(slot_id, note, masked)
    else:
        async with interaction.begin() as session:
            await notes.save_note(session, actor, slot_id, note, interaction.now)
        view = forms.noted_view()
    await interaction.reply.acknowledge(response_action="update", view=view)


async def take_back_pressed(interaction: Interaction) -> None:
    """Make a line private again, in the channel as well."""
    async with interaction.begin() as session:
        posted = await notes.take_back(session, interaction.actor, interaction.value)
        channel = Actor(interaction.actor.workspace_id, posted.channel if posted else "")
        language = await language_of(session, channel)
    await _show_again(interaction, _("Taken back. Only you see it now."))
    if posted:
        with speaking(language):
            message = blocks.taken_back_message()
        interaction.later(edit_message(interaction.client, posted.channel, posted.ts, message))


async def got_pressed(interaction: Interaction) -> None:
    """Store whether the person got their time; ask what took it if they did not."""
    got, month = blocks.got_in(interaction.action), blocks.month_in(interaction.value)
    async with interaction.begin() as session:
        await months.answer(session, interaction.actor, month, got, interaction.now)
    interaction.later(interaction.reply.show(blocks.answered_message()))
    if got is not Got.ALL:
        await interaction.open_form(forms.taken_view(month), _(forms.NO_FORM_TAKEN))
    await interaction.reply.acknowledge()


async def taken_pressed(interaction: Interaction) -> None:
    """Store what took the time."""
    taken, month = forms.taken_in(interaction.action), blocks.month_in(interaction.value)
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        await months.say_what_took_it(session, actor, month, taken, now)
    await interaction.reply.acknowledge()
    interaction.later(interaction.update_form(forms.thanks_view()))


async def policy_asked(interaction: Interaction) -> None:
    """Open the policy, for HR admins."""
    await interaction.open_form(await _policy_form(interaction))
    await interaction.reply.acknowledge()


async def policy_pressed(interaction: Interaction) -> None:
    """Show the policy in the place of the slots."""
    await interaction.update_form(await _policy_form(interaction))
    await interaction.reply.acknowledge()


async def figures_asked(interaction: Interaction) -> None:
    """Show HR the latest month; the look is written down."""
    async with interaction.begin() as session:
        seen = await look_at_month(
            session, interaction.actor, (GOT_TIME, TIME_TAKEN), interaction.now
        )
    await interaction.open_form(forms.figures_view(*seen))
    await interaction.reply.acknowledge()


async def _policy_form(interaction: Interaction) -> View:
    async with interaction.reading() as session:
        await roles.require(session, interaction.actor, Role.ADMIN, action=POLICY_CHANGED)
        standing = await slots.standing_of(session, interaction.actor, interaction.now)
    return forms.policy_form(standing)


async def policy_stated(interaction: Interaction) -> None:
    """Store the policy."""
    hours, budget = forms.policy_in(interaction.view)
    async with interaction.begin() as session:
        await months.state_policy(session, interaction.actor, hours, budget, interaction.now)
    view = await _learning(interaction, _("Saved."))
    await interaction.reply.acknowledge(response_action="update", view=view)
