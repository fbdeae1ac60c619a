"""Somebody picks a buddy, answers as one, takes an offer, or hands over their mentees."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message, section
from bot.blockkit.form_state import FormState
from bot.journeys.welcome import blocks, buddies, leaving, leaving_blocks, offer_blocks
from bot.journeys.welcome.buddies import BuddyPressOverError, BuddySearch
from bot.journeys.welcome.helping import helpers_of, helpers_view
from bot.journeys.welcome.leaving_blocks import Origin
from bot.languages import _
from bot.mentoring.match_buttons import press_in
from bot.mentoring.pairs import departures
from bot.mentoring.pairs import service as pairs
from bot.mentoring.profiles import service as profiles
from bot.mentoring.refusals import MatchOverError
from bot.pulse.blocks import WHO_HELPS
from bot.slack.interaction import Interaction
from bot.slack.reply import Reply

UseCase = Callable[[AsyncSession, Actor, str, int, datetime], Awaitable[BuddySearch]]
Listener = Callable[[Interaction], Awaitable[None]]


def register(app: AsyncApp) -> None:
    """Register the listeners of the messages to managers, buddies, newcomers and leavers."""
    app.action(re.compile(f"^{blocks.PICK}:"))(buddy_picked)
    app.action(blocks.YES)(_answering(buddies.say_yes, blocks.yes_message))
    app.action(blocks.NO)(_answering(buddies.say_no, lambda _search: blocks.no_message()))
    app.action(offer_blocks.COFFEE)(coffee_joined)
    app.action(leaving_blocks.HAND_OVER)(hand_over_opened)
    app.view(leaving_blocks.HAND_OVER_FORM)(handed_over)
    app.action(leaving_blocks.END)(pair_ended)
    app.action(WHO_HELPS)(helpers_shown)


def leaves_no_trace(content: dict[str, Any]) -> bool:
    """Return True for the press that shows who helps: whoever needs help might press more often."""
    actions = content.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    return isinstance(first, dict) and first.get("action_id") == WHO_HELPS


async def buddy_picked(interaction: Interaction) -> None:
    """Ask the chosen person, and show so where the picker was."""
    welcome_id, person = blocks.pick_in(interaction.action)
    actor, reply = interaction.actor, interaction.reply
    async with interaction.begin() as session:
        search = await buddies.pick(session, actor, welcome_id, person, interaction.now)
        ids = blocks.shown_in_ahead(reply.shown, reply.pressed.part)
        shown = await buddies.searches(session, actor.workspace_id, ids)
    await reply.acknowledge()
    if interaction.body.get("view"):
        interaction.later(interaction.update_form(blocks.picked_view(search)))
    elif shown:
        to_hr = _(blocks.TO_HR) in str(reply.shown)
        interaction.later(reply.show(blocks.ahead_message(shown, to_hr=to_hr)))
    else:
        interaction.later(reply.show(blocks.picked_message(search)))


def _answering(use_case: UseCase, shown: Callable[[BuddySearch], Message]) -> Listener:
    """Return the listener for a buddy's yes or no."""

    async def listener(interaction: Interaction) -> None:
        welcome_id, number = press_in(interaction.action)
        try:
            async with interaction.begin() as session:
                search = await use_case(
                    session, interaction.actor, welcome_id, number, interaction.now
                )
            message = shown(search)
        except BuddyPressOverError as over:
            message = Message(str(over), [section(str(over))])
        await interaction.reply.acknowledge()
        interaction.later(interaction.reply.show(message))

    return listener


async def coffee_joined(interaction: Interaction) -> None:
    """Let the person take part in coffee."""
    async with interaction.begin() as session:
        await profiles.join_coffee(session, interaction.actor, interaction.now)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(offer_blocks.coffee_joined_message()))


async def hand_over_opened(interaction: Interaction) -> None:
    """Open the form in which a mentor may name who takes over."""
    match_id, _number = press_in(interaction.action)
    url = interaction.body.get("response_url")
    origin = Origin(match_id, url, interaction.reply.pressed)
    await interaction.open_form(leaving_blocks.hand_over_view(origin))
    await interaction.reply.acknowledge()


async def handed_over(interaction: Interaction) -> None:
    """End a pair kindly, and ask the mentor who was named."""
    origin = Origin.decode(interaction.view["private_metadata"])
    successor = FormState(interaction.view).user(leaving_blocks.SUCCESSOR)
    actor, now = interaction.actor, interaction.now
    next_at = now + leaving.TIME_TO_ASK if successor else now
    async with interaction.begin() as session:
        pair = await departures.hand_over(session, actor, origin.match_id, now, next_at)
    view = leaving_blocks.handed_over_view(pair.mentee_id)
    await interaction.reply.acknowledge(response_action="update", view=view)
    reply = interaction.reply.at(origin.pressed, origin.response_url)
    interaction.later(_show_what_is_left(interaction, reply))
    if successor:
        places = interaction.reading, interaction.begin, actor.workspace_id, origin.match_id
        interaction.later(leaving.ask_successor(*places, successor, now))


async def pair_ended(interaction: Interaction) -> None:
    """End a pair in which the one who leaves is the mentee."""
    match_id, _number = press_in(interaction.action)
    # Ended before is as good: the message shows what is left.
    with suppress(MatchOverError):
        async with interaction.begin() as session:
            await pairs.end(session, interaction.actor, match_id, interaction.now)
    await interaction.reply.acknowledge()
    interaction.later(_show_what_is_left(interaction, interaction.reply))


async def helpers_shown(interaction: Interaction) -> None:
    """Open the list of those who can help; nothing of it is stored, logged or counted."""
    async with interaction.reading() as session:
        helpers = await helpers_of(session, interaction.actor)
    await interaction.open_form(helpers_view(helpers))
    await interaction.reply.acknowledge()


async def _show_what_is_left(interaction: Interaction, reply: Reply) -> None:
    """Show the thanks again, with the pairs that are still open."""
    async with interaction.reading() as session:
        left = await leaving.leaving_of(session, interaction.actor)
    if left is not None:
        await reply.show(leaving_blocks.thanks_message(left))
