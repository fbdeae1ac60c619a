"""Slack requests of mentoring: the profile, a mentor's and a mentee's answer, a pair's presses."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.blockkit.form_state import FormState
from bot.clock import Clock
from bot.errors import OutdatedError, UserError
from bot.mentoring.finder import handlers as finder_handlers
from bot.mentoring.match_buttons import press_in
from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.service import About, Met, PairView
from bot.mentoring.profiles import forms
from bot.mentoring.profiles import service as profiles
from bot.mentoring.programme import handlers as admin_handlers
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals import service as proposals
from bot.mentoring.proposals.service import Proposal, Refusal, WhyNot
from bot.slack.client import Followups
from bot.slack.commands import MENTOR, Usage, subcommand
from bot.slack.responding import Pressed
from models.database import Sessions

Payload = dict[str, Any]
Handler = Callable[..., Awaitable[None]]
Answering = Callable[[AsyncSession, Actor, str, datetime], Awaitable[Proposal | Refusal]]
Parting = Callable[[AsyncSession, Actor, str, datetime], Awaitable[PairView | None]]

COMMANDS: tuple[Usage, ...] = (
    Usage("/mentor", "says what you look for and offer, or pauses"),
    Usage("/mentor leave", "leaves mentoring at once"),
    *finder_handlers.COMMANDS,
    *admin_handlers.COMMANDS,
)

NOT_YOUR_PAIR = "This belongs to two other people, so that press changed nothing."


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(MENTOR, matchers=[subcommand("")])(open_profile)
    app.command(MENTOR, matchers=[subcommand("leave")])(leave_at_once)
    app.action(forms.PROFILE)(open_profile)
    app.view(forms.FORM)(save_profile)
    app.action(forms.LEAVE)(leave)
    app.action(blocks.ACCEPT)(proposal_listener(proposals.accept))
    app.action(blocks.PAUSE_ME)(proposal_listener(proposals.pause_me))
    app.action(blocks.CONFIRM)(proposal_listener(proposals.confirm))
    app.action(blocks.WAIT)(proposal_listener(proposals.pass_on))
    app.action(blocks.NOT_NOW)(decline)
    app.action(blocks.TAKE_BACK)(proposal_listener(proposals.take_back))
    app.view(blocks.WHY_FORM)(say_why)
    app.action(re.compile(f"^{pair_blocks.MET}:"))(say_whether_met)
    app.action(re.compile(f"^{pair_blocks.RATE}:"))(rate)
    app.action(pair_blocks.STAY)(stay)
    app.action(pair_blocks.REMATCH)(parting_listener(pairs.rematch, pair_blocks.rematched_message))
    app.action(pair_blocks.GO_ON)(
        parting_listener(pairs.go_on, pair_blocks.alive_message, still="active")
    )
    app.action(pair_blocks.END)(parting_listener(pairs.end, pair_blocks.ended_message))
    finder_handlers.register(app)
    admin_handlers.register(app)


async def open_profile(
    ack: Any, body: Payload, actor: Actor, client: AsyncWebClient, sessions: Sessions, clock: Clock
) -> None:
    """Show somebody their profile, or a form filled in from the directory."""
    async with sessions.begin() as session:
        standing = await profiles.standing(session, actor, clock())
    await client.views_open(trigger_id=body["trigger_id"], view=forms.profile_view(standing))
    await ack()


async def save_profile(
    ack: Any, view: Payload, actor: Actor, sessions: Sessions, clock: Clock
) -> None:
    """Store a profile; the person is in the pool from then on."""
    now = clock()
    async with sessions.begin() as session:
        profile = forms.profile_in(view, await profiles.today_of(session, actor, now))
        standing = await profiles.save(session, actor, profile, now)
    await ack(response_action="update", view=forms.saved_view(standing))


async def leave(
    ack: Any,
    body: Payload,
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    followups: Followups,
) -> None:
    """Leave mentoring by the form's button."""
    async with sessions.begin() as session:
        await profiles.leave(session, actor)
    await ack()
    followups.start(client.views_update(view_id=body["view"]["id"], view=forms.left_view()))


async def leave_at_once(ack: Any, actor: Actor, sessions: Sessions) -> None:
    """Leave mentoring by one line, and say how to come back."""
    async with sessions.begin() as session:
        was_in = await profiles.leave(session, actor)
    await ack(text=forms.LEFT if was_in else forms.NOT_IN, response_type="ephemeral")


def proposal_listener(use_case: Answering) -> Handler:
    """Return the listener for a button that answers a proposal or its confirmation."""

    async def listener(
        ack: Any,
        action: Payload,
        actor: Actor,
        sessions: Sessions,
        clock: Clock,
        followups: Followups,
        pressed: Pressed,
    ) -> None:
        match_id, _ = press_in(action)
        async with sessions.begin() as session:
            answered = await use_case(session, actor, match_id, clock())
        await ack()
        followups.start(_show_answer(pressed, answered))

    return listener


async def decline(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
    pressed: Pressed,
) -> None:
    """Store "not now" at once, then ask why; who closes the form, or has none, has answered too."""
    match_id, _ = press_in(action)
    async with sessions.begin() as session:
        answered = await proposals.decline(session, actor, match_id, clock())
    if isinstance(answered, Proposal) and answered.says_no:
        await _ask_why(client, body["trigger_id"], match_id)
    await ack()
    followups.start(_show_answer(pressed, answered))


async def say_why(ack: Any, view: Payload, actor: Actor, sessions: Sessions) -> None:
    """Keep why a mentor said "not now"."""
    chosen = FormState(view).one(blocks.WHY_FIELD)
    if chosen:
        async with sessions.begin() as session:
            await proposals.say_why(session, actor, view["private_metadata"], WhyNot(chosen))
    await ack()


async def say_whether_met(
    ack: Any,
    action: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
    pressed: Pressed,
) -> None:
    """Keep whether a pair met, and show both what comes next."""
    match_id, number = press_in(action)
    met = _read(Met, action["action_id"].removeprefix(f"{pair_blocks.MET}:"))
    async with sessions.begin() as session:
        pair = _own(await pairs.answer_meeting(session, actor, match_id, number, met, clock()))
    await ack()
    message = pair_blocks.met_message(pair) if pair.outcome else pair_blocks.over_message()
    followups.start(pressed.replace(message))


async def rate(
    ack: Any,
    action: Payload,
    actor: Actor,
    sessions: Sessions,
    followups: Followups,
    pressed: Pressed,
) -> None:
    """Keep a private rating; the pair's own message stays, for the other to rate, too."""
    match_id, number = press_in(action)
    pressed_id = action["action_id"].removeprefix(f"{pair_blocks.RATE}:")
    about_text, _, rating_text = pressed_id.partition(":")
    about = _read(About, about_text)
    if rating_text not in ("1", "2", "3", "4"):
        raise OutdatedError
    rating = int(rating_text)
    async with sessions.begin() as session:
        pair = _own(await pairs.rate(session, actor, match_id, about, number, rating))
    await ack()
    message = pair_blocks.rated_message(pair, about, actor.user_id)
    if about is About.MEETING:
        followups.start(pressed.whisper(message.text))
    else:
        followups.start(pressed.show(message))


async def stay(ack: Any, followups: Followups, pressed: Pressed) -> None:
    """Leave a pair as it is; there is nothing to store."""
    await ack()
    followups.start(pressed.show(pair_blocks.stayed_message()))


def parting_listener(
    use_case: Parting, shown: Callable[[PairView, str], Message], still: str = "ended"
) -> Handler:
    """Return the listener for a button that ends a pair, or lets it go on.

    `still` is the status in which the pair must be afterwards for `shown` to be true.
    """

    async def listener(
        ack: Any,
        action: Payload,
        actor: Actor,
        sessions: Sessions,
        clock: Clock,
        followups: Followups,
        pressed: Pressed,
    ) -> None:
        match_id, _ = press_in(action)
        async with sessions.begin() as session:
            pair = _own(await use_case(session, actor, match_id, clock()))
        await ack()
        is_so = pair.status == still
        message = shown(pair, actor.user_id) if is_so else pair_blocks.over_message()
        followups.start(pressed.show(message))

    return listener


async def _ask_why(client: AsyncWebClient, trigger_id: str, match_id: str) -> None:
    """Open the form; without one nothing is lost."""
    try:
        await client.views_open(trigger_id=trigger_id, view=blocks.why_view(match_id))
    except SlackApiError:
        return


async def _show_answer(pressed: Pressed, answered: Proposal | Refusal) -> None:
    """Put what was chosen in the place of the buttons; a refusal is whispered beneath them.

    A match that is over takes its buttons along.
    """
    if isinstance(answered, Proposal):
        await pressed.show(blocks.answered_message(answered))
    elif answered is Refusal.OVER:
        await pressed.show(Message(blocks.refusal_text(answered), []))
    else:
        await pressed.whisper(blocks.refusal_text(answered))


def _own(pair: PairView | None) -> PairView:
    if pair is None:
        raise UserError(NOT_YOUR_PAIR)
    return pair


def _read(kind: Any, text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise OutdatedError from None
