"""One of a pair says whether they met, rates it, or asks for a change."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.mentoring.match_buttons import press_in
from bot.mentoring.pairs import blocks
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.service import About, PairView
from bot.mentoring.refusals import MatchOverError
from bot.slack.interaction import Interaction

UseCase = Callable[[AsyncSession, Actor, str, datetime], Awaitable[PairView]]
Listener = Callable[[Interaction], Awaitable[None]]


def register(app: AsyncApp) -> None:
    """Register the listeners of a pair's messages."""
    app.action(re.compile(f"^{blocks.MET}:"))(say_whether_met)
    app.action(re.compile(f"^{blocks.RATE}:"))(rate)
    app.action(blocks.STAY)(stay)
    app.action(blocks.REMATCH)(parting_listener(pairs.rematch, blocks.rematched_message))
    app.action(blocks.GO_ON)(parting_listener(pairs.go_on, blocks.alive_message))
    app.action(blocks.END)(parting_listener(pairs.end, blocks.ended_message))


async def say_whether_met(interaction: Interaction) -> None:
    """Store whether a pair met, and show both of them what comes next."""
    match_id, number = press_in(interaction.action)
    met = blocks.met_in(interaction.action)
    try:
        async with interaction.begin() as session:
            pair = await pairs.answer_meeting(
                session, interaction.actor, match_id, number, met, interaction.now
            )
        message = blocks.met_message(pair)
    except MatchOverError as over:
        message = over.message
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(message))


async def rate(interaction: Interaction) -> None:
    """Store a private rating. The message about a meeting stays, so that both can rate it."""
    match_id, number = press_in(interaction.action)
    about, rating = blocks.rating_in(interaction.action)
    async with interaction.begin() as session:
        pair = await pairs.rate(session, interaction.actor, match_id, about, number, rating)
    await interaction.reply.acknowledge()
    message = blocks.rated_message(pair, about, interaction.actor.user_id)
    if about is About.MEETING:
        interaction.later(interaction.reply.privately(message.text))
    else:
        interaction.later(interaction.reply.show(message))


async def stay(interaction: Interaction) -> None:
    """Confirm that a pair goes on; there is nothing to store."""
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(blocks.stayed_message()))


def parting_listener(use_case: UseCase, shown: Callable[[PairView, str], Message]) -> Listener:
    """Return the listener for a button that ends a pair or lets it go on.

    `shown` builds what the presser, by their id, reads afterwards.
    """

    async def listener(interaction: Interaction) -> None:
        match_id, _ = press_in(interaction.action)
        try:
            async with interaction.begin() as session:
                pair = await use_case(session, interaction.actor, match_id, interaction.now)
            message = shown(pair, interaction.actor.user_id)
        except MatchOverError as over:
            message = over.message
        await interaction.reply.acknowledge()
        interaction.later(interaction.reply.show(message))

    return listener
