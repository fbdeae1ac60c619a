"""A mentor answers a proposal, and a mentee confirms it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.form_state import FormState
from bot.mentoring.match_buttons import press_in
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals import service as proposals
from bot.mentoring.proposals.service import Proposal, WhyNot
from bot.mentoring.refusals import MatchOverError, MatchPressRefusedError
from bot.slack.interaction import Interaction

UseCase = Callable[[AsyncSession, Actor, str, datetime], Awaitable[Proposal]]
Listener = Callable[[Interaction], Awaitable[None]]


def register(app: AsyncApp) -> None:
    """Register the listeners of proposals and confirmations."""
    app.action(blocks.ACCEPT)(proposal_listener(proposals.accept))
    app.action(blocks.NOT_NOW)(proposal_listener(proposals.decline, asks_why=True))
    app.action(blocks.PAUSE_ME)(proposal_listener(proposals.pause_me))
    app.action(blocks.TAKE_BACK)(proposal_listener(proposals.take_back))
    app.action(blocks.CONFIRM)(proposal_listener(proposals.confirm))
    app.action(blocks.WAIT)(proposal_listener(proposals.pass_on))
    app.view(blocks.WHY_FORM)(say_why)


def proposal_listener(use_case: UseCase, *, asks_why: bool = False) -> Listener:
    """Return the listener for a button that answers a proposal or its confirmation.

    It shows the answer in place of the buttons. `asks_why` opens a form after a "not now".
    """

    async def listener(interaction: Interaction) -> None:
        match_id, _ = press_in(interaction.action)
        try:
            async with interaction.begin() as session:
                proposal = await use_case(session, interaction.actor, match_id, interaction.now)
        except MatchOverError as over:
            message = over.message
        else:
            message = blocks.answered_message(proposal)
            if asks_why and proposal.says_no:
                await _ask_why(interaction, match_id)
        await interaction.reply.acknowledge()
        interaction.later(interaction.reply.show(message))

    return listener


async def _ask_why(interaction: Interaction, match_id: str) -> None:
    """Open the form; if Slack refuses it, nothing is lost, because the answer is stored."""
    view = blocks.why_view(match_id)
    with suppress(SlackApiError):
        await interaction.client.views_open(trigger_id=interaction.body["trigger_id"], view=view)


async def say_why(interaction: Interaction) -> None:
    """Store why a mentor said "not now". A form that comes too late closes without a word."""
    chosen = FormState(interaction.view).one(blocks.WHY_FIELD)
    if chosen:
        match_id, why = interaction.view["private_metadata"], WhyNot(chosen)
        with suppress(MatchPressRefusedError):
            async with interaction.begin() as session:
                await proposals.say_why(session, interaction.actor, match_id, why)
    await interaction.reply.acknowledge()
