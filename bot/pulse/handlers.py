"""Slack requests of the pulse slice: each stores what was pressed, then shows what comes next."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.errors import FieldErrors
from bot.outbox.deliveries import where_sent
from bot.pulse import blocks, comment_blocks, comment_review, service
from bot.pulse.opening import delivery_key
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import CommentForm, Refusal, Step
from bot.replays import Mark
from bot.settings import Settings
from bot.slack.client import Followups, open_form
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.responding import Pressed, answer, update
from models.database import Sessions, be_quick

Payload = dict[str, Any]
Handler = Callable[..., Awaitable[None]]
UseCase = Callable[[AsyncSession, Actor, Press, Mark | None], Awaitable[Step]]

DEAD: Final = frozenset({Refusal.CLOSED, Refusal.UNKNOWN})
"""Refusals of every press in a message from now on: it loses its buttons."""

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse privacy", "shows how your answers are kept, and who sees what"),
)

ANSWERS: Final = re.compile(rf"^{blocks.ANSWER}:\d+$")
USE_CASES: Final[dict[str, UseCase]] = {
    blocks.SKIP: service.skip,
    blocks.CHANGE: service.change,
    blocks.WITHDRAW: service.withdraw,
}


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.action(ANSWERS)(step_listener(service.answer))
    for action_id, use_case in USE_CASES.items():
        app.action(action_id)(step_listener(use_case))
    app.action(blocks.WRITE)(comment_pressed)
    app.action(re.compile(f"^({blocks.COMMENT}|{blocks.COMMENT_AFTER_THANKS})$"))(comment_pressed)
    app.view(comment_blocks.COMMENT_FORM)(comment_submitted)
    app.command(PULSE, matchers=[subcommand("privacy")])(privacy_asked)


def stores_mark(content: Payload) -> bool:
    """Tell whether a request is for a listener that remembers it with what it stores."""
    actions = content.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    action_id = first.get("action_id") if isinstance(first, dict) else None
    if content.get("type") != "block_actions" or not isinstance(action_id, str):
        return False
    return action_id in USE_CASES or ANSWERS.search(action_id) is not None


def step_listener(use_case: UseCase) -> Handler:
    """Return the listener for a button that does `use_case` and shows the step it leads to.

    The request is remembered in the same transaction, so that a copy of it finds both or neither.
    """

    async def listener(
        ack: Any,
        action: Payload,
        actor: Actor,
        mark: Mark | None,
        sessions: Sessions,
        settings: Settings,
        followups: Followups,
        pressed: Pressed,
    ) -> None:
        async with sessions.begin() as session:
            await be_quick(session)
            step = await use_case(session, actor, blocks.pressed(action), mark)
        await ack()
        message = _message(step, settings.attune_privacy_url)
        followups.start(_show(step, message, pressed))
        if blocks.is_reminder(action):
            followups.start(_settle_earlier(sessions, actor, action, step, pressed))

    return listener


async def comment_pressed(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    actor: Actor,
    sessions: Sessions,
    followups: Followups,
    pressed: Pressed,
) -> None:
    """Open the form for a comment, or for the answer to a free-text question."""
    async with sessions.begin() as session:
        form = await service.comment_form(session, actor, blocks.pressed(action))
    if blocks.is_reminder(action):
        followups.start(_settle_earlier(sessions, actor, action, form, pressed))
    if isinstance(form, Refusal):
        await ack()
        followups.start(_show(form, _message(form), pressed))
        return
    origin = comment_blocks.CommentOrigin(
        press=form.press,
        response_url=body.get("response_url"),
        after_thanks=action["action_id"] == blocks.COMMENT_AFTER_THANKS,
        original=pressed.original,
    )
    view = comment_blocks.comment_view(form, origin)
    await open_form(client, body["trigger_id"], view, comment_blocks.no_form(form))
    await ack()


async def comment_submitted(
    ack: Any,
    view: Payload,
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    settings: Settings,
    followups: Followups,
) -> None:
    """Store a comment and show the message that it belongs to as it is now.

    The author first sees how HR will read it, in the same form: only what they have been shown is
    saved. The form of a survey with names has said that HR reads it word for word.
    """
    text = comment_blocks.written(view)
    if len(text) > service.COMMENT_LENGTH:
        raise FieldErrors({comment_blocks.COMMENT_FIELD: comment_blocks.TOO_LONG})
    origin = comment_blocks.CommentOrigin.decode(view["private_metadata"])
    async with sessions.begin() as session:
        reading = (
            None
            if origin.has_shown(text)
            else await comment_review.review_comment(session, actor, origin.press, text)
        )
        if reading is None:
            step = await service.comment(
                session, actor, origin.press, text, after_thanks=origin.after_thanks
            )
    if reading is not None:
        view = comment_blocks.check_view(reading, origin.showing(text))
        await ack(response_action="update", view=view)
        return
    if origin.original and not (isinstance(step, Refusal) and step not in DEAD):
        message = _message(step, settings.attune_privacy_url)
        respond = AsyncRespond(response_url=origin.response_url)
        followups.start(_show(step, message, Pressed(origin.original, respond, client)))
    if isinstance(step, Refusal):
        raise FieldErrors({comment_blocks.COMMENT_FIELD: blocks.REFUSALS[step]})
    await ack()


async def privacy_asked(
    ack: Any, respond: AsyncRespond, actor: Actor, sessions: Sessions, settings: Settings
) -> None:
    """Tell how answers are kept, to whoever asks."""
    async with sessions.begin() as session:
        k = await service.min_group_size(session, actor.workspace_id)
    await answer(ack, respond, blocks.privacy_message(k, settings.attune_privacy_url))


def _message(step: Step, page: str | None = None) -> Message:
    if isinstance(step, Refusal):
        return blocks.refusal_message(step)
    return blocks.step_message(step, page)


async def _show(step: Step, message: Message, pressed: Pressed) -> None:
    """Put a step's message in the place of the one that was pressed.

    Where others see that one, only whoever pressed is shown the step, beneath it. So is a refusal
    anywhere; but what tells that a wave is over takes the place of buttons that no longer work.
    """
    stays = isinstance(step, Refusal) and step not in DEAD
    if pressed.original.is_private and not stays:
        await pressed.replace(message)
    else:
        await pressed.whisper(message.text if isinstance(step, Refusal) else message)


async def _settle_earlier(
    sessions: Sessions, actor: Actor, action: Payload, led_to: Step | CommentForm, pressed: Pressed
) -> None:
    """Take the buttons from the question that a pressed reminder repeated.

    One call for each person who uses the reminder: to change all the questions when reminders go
    out would take hours of the fifty changes that Slack allows a minute. Nothing of it is written
    down, because a row would tell who has answered.
    """
    refusal = led_to if isinstance(led_to, Refusal) else None
    if not pressed.original.is_ours or (refusal and refusal not in DEAD):
        return
    key = delivery_key("question", blocks.pressed(action).wave_id, actor.user_id)
    async with sessions.begin() as session:
        earlier = await where_sent(session, actor.workspace_id, key)
    if earlier:
        message = blocks.refusal_message(refusal) if refusal else blocks.moved_message()
        await update(pressed.client, earlier.channel, earlier.ts, message)
