"""Slack requests of the pulse slice: each stores what was pressed, then shows what comes next."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.errors import FieldErrors
from bot.languages import marked
from bot.outbox.deliveries import where_sent
from bot.pulse import blocks, comment_blocks, service
from bot.pulse.asking import QUESTION, delivery_key
from bot.pulse.comment_review import CommentReview, review_comment
from bot.pulse.company import handlers as company
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import PressRefusedError, Step, with_privacy_page
from bot.replays import Mark
from bot.slack.commands import PULSE, Usage, subcommand
from bot.slack.interaction import Interaction
from bot.slack.reply import edit_part
from models.database import Transaction

UseCase = Callable[[Transaction, Actor, Press, Mark | None], Awaitable[Step]]

COMMANDS: tuple[Usage, ...] = (
    Usage("/pulse privacy", marked("shows how your answers are kept, and who sees what")),
    *company.COMMANDS,
)

ANSWERS: Final = re.compile(rf"^{blocks.ANSWER}:\d+$")
USE_CASES: Final[dict[str, UseCase]] = {
    blocks.SKIP: service.skip,
    blocks.CHANGE: service.change,
    blocks.WITHDRAW: service.withdraw,
}


def register(app: AsyncApp) -> None:
    """Register this slice's listeners; `bot.app` calls `step_pressed` itself."""
    app.action(blocks.WRITE)(comment_pressed)
    app.action(re.compile(f"^({blocks.COMMENT}|{blocks.COMMENT_AFTER_THANKS})$"))(comment_pressed)
    app.view(comment_blocks.COMMENT_FORM)(comment_submitted)
    app.command(PULSE, matchers=[subcommand("privacy")])(privacy_asked)
    company.register(app)


def step_use_case(content: dict[str, Any]) -> UseCase | None:
    """Return what a pressed button does if it leads to a step; None for all other requests."""
    actions = content.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    action_id = first.get("action_id") if isinstance(first, dict) else None
    if content.get("type") != "block_actions" or not isinstance(action_id, str):
        return None
    return service.answer if ANSWERS.search(action_id) else USE_CASES.get(action_id)


async def step_pressed(interaction: Interaction, use_case: UseCase) -> None:
    """Run the use case of a pressed button, and show the step that it leads to.

    The request is remembered in the same transaction, so that a copy of it finds both or neither.
    A refused press stores neither, and its copy is refused again.
    """
    press = blocks.press_in(interaction.action)
    try:
        async with interaction.quick() as connection:
            step = await use_case(connection, interaction.actor, press, interaction.mark)
    except PressRefusedError as refused:
        await _show_refusal(interaction, refused)
        return
    await interaction.reply.acknowledge()
    interaction.later(_show(step, interaction))
    _replace_repeated(interaction, blocks.moved_message())


async def comment_pressed(interaction: Interaction) -> None:
    """Open the form for a comment, or for the answer to a free-text question."""
    press = blocks.press_in(interaction.action)
    try:
        async with interaction.begin() as session:
            form = await service.comment_form(session, interaction.actor, press)
    except PressRefusedError as refused:
        await _show_refusal(interaction, refused)
        return
    _replace_repeated(interaction, blocks.moved_message())
    origin = comment_blocks.CommentOrigin(
        press=form.press,
        response_url=interaction.body.get("response_url"),
        after_thanks=interaction.action["action_id"] == blocks.COMMENT_AFTER_THANKS,
        original=interaction.reply.pressed,
    )
    view = comment_blocks.comment_view(form, origin)
    await interaction.open_form(view, comment_blocks.no_form(form))
    await interaction.reply.acknowledge()


async def comment_submitted(interaction: Interaction) -> None:
    """Store a comment and update the message that it belongs to.

    The author first sees in the same form how HR will read the comment, and saves only what they
    have seen. The form of a survey with names says that HR reads it word for word.
    """
    text = comment_blocks.written(interaction.view)
    if len(text) > service.COMMENT_LENGTH:
        raise FieldErrors({comment_blocks.COMMENT_FIELD: comment_blocks.too_long()})
    origin = comment_blocks.CommentOrigin.decode(interaction.view["private_metadata"])
    try:
        async with interaction.begin() as session:
            result = await _review_or_store(session, interaction.actor, origin, text)
    except PressRefusedError as refused:
        if refused.reason.is_final:
            _show_at(interaction, origin, blocks.refusal_message(refused.reason))
        raise
    if isinstance(result, CommentReview):
        view = comment_blocks.check_view(result, origin.showing(text))
        await interaction.reply.acknowledge(response_action="update", view=view)
        return
    _show_at(interaction, origin, _message_of(result, interaction))
    await interaction.reply.acknowledge()


async def _review_or_store(
    session: AsyncSession, actor: Actor, origin: comment_blocks.CommentOrigin, text: str
) -> CommentReview | Step:
    """Return the review that the author has to see first, or store the comment."""
    if not origin.has_shown(text):
        review = await review_comment(session, actor, origin.press, text)
        if review is not None:
            return review
    return await service.comment(
        session, actor, origin.press, text, after_thanks=origin.after_thanks
    )


async def privacy_asked(interaction: Interaction) -> None:
    """Say how answers are kept, to everybody who asks."""
    async with interaction.reading() as session:
        k = await service.min_group_size(session, interaction.actor.workspace_id)
    page = interaction.settings.attune_privacy_url
    await interaction.reply.command(blocks.privacy_message(k, page))


async def _show(step: Step, interaction: Interaction) -> None:
    """Build and show a step's message, after the press has been acknowledged."""
    await interaction.reply.show(_message_of(step, interaction))


def _message_of(step: Step, interaction: Interaction) -> Message:
    page = interaction.settings.attune_privacy_url
    return blocks.step_message(with_privacy_page(step, page))


async def _show_refusal(interaction: Interaction, refused: PressRefusedError) -> None:
    """If the buttons can never work again, replace the message; otherwise raise the refusal.

    The error handler then says it privately, and the message keeps its buttons.
    """
    if not (refused.reason.is_final and interaction.reply.pressed.is_private):
        raise refused
    message = blocks.refusal_message(refused.reason)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(message))
    _replace_repeated(interaction, message)


def _show_at(
    interaction: Interaction, origin: comment_blocks.CommentOrigin, message: Message
) -> None:
    """Show a message where the comment form was opened."""
    if origin.original:
        reply = interaction.reply.at(origin.original, origin.response_url)
        interaction.later(reply.show(message))


def _replace_repeated(interaction: Interaction, message: Message) -> None:
    """If a reminder was pressed, replace the question that it repeated."""
    if blocks.is_reminder(interaction.action) and interaction.reply.pressed.is_ours:
        interaction.later(_replace_earlier(interaction, message))


async def _replace_earlier(interaction: Interaction, message: Message) -> None:
    """Find and replace the question that a pressed reminder repeated.

    This is one call for each person who uses the reminder. Changing all questions when reminders
    go out would take hours, because Slack allows fifty changes a minute. Nothing is stored, because
    a row would tell who has answered.
    """
    actor = interaction.actor
    wave_id = blocks.press_in(interaction.action).wave_id
    key = delivery_key(QUESTION, wave_id, actor.user_id)
    async with interaction.reading() as session:
        earlier = await where_sent(session, actor.workspace_id, key)
    if earlier:
        place = earlier.channel, earlier.ts, earlier.part
        await edit_part(interaction.client, *place, message)
