"""People write to HR and read the answers; HR's admins read and answer.

A text appears only in modals. Nothing that an anonymous author does leaves a row with their id: the
message with their button is posted from here, and not by way of `deliveries`.
"""

import re
from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.languages import marked
from bot.slack.client import post
from bot.slack.commands import VOICE, Usage, subcommand
from bot.slack.interaction import Interaction
from bot.voice import forms, inbox, inbox_blocks, service
from bot.voice.service import Status

COMMANDS: tuple[Usage, ...] = (
    Usage("/voice", marked("lets you write to HR, with your name or anonymously")),
    Usage("/voice inbox", marked("shows what people wrote, to read and to answer"), for_hr=True),
)
FIRST_SHOWN: Final = Status.NEW


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(VOICE, matchers=[subcommand("")])(write_asked)
    app.action(forms.WRITE)(write_asked)
    app.view(forms.WRITE_FORM)(written)
    app.action(forms.SEND_BUTTON)(button_asked)
    app.action(forms.OPEN)(conversation_asked)
    app.view(forms.ANSWER_FORM)(written_again)
    app.action(forms.WITHDRAW)(withdrawn)
    app.command(VOICE, matchers=[subcommand("inbox")])(inbox_asked)
    app.action(re.compile(f"^{inbox_blocks.INBOX}:"))(inbox_turned)
    app.action(inbox_blocks.READ)(thread_asked)
    app.view(inbox_blocks.DECIDE_FORM)(decided)
    app.action(inbox_blocks.WRONGDOING)(wrongdoing_asked)
    app.view(inbox_blocks.WRONGDOING_FORM)(wrongdoing_given)


async def write_asked(interaction: Interaction) -> None:
    """Open the form to write to HR."""
    async with interaction.reading() as session:
        terms = await service.terms_of(session, interaction.actor)
    await interaction.show(forms.write_view(terms))


async def written(interaction: Interaction) -> None:
    """Show how HR will read a text; store it once its author has seen that.

    It is stored before Slack hears about it. Then the author gets the button.
    """
    actor, now = interaction.actor, interaction.now
    draft = forms.read_draft(interaction.view)
    async with interaction.reading() as session:
        terms = await service.terms_of(session, actor)
        review = await service.review(session, actor, draft.way, draft.text)
    if interaction.view.get("private_metadata") != draft.fingerprint():
        view = forms.check_view(terms, draft, review)
        await interaction.replace_form(view)
        return
    async with interaction.begin() as session:
        value = await service.write(session, actor, draft.topic, review, now)
    await interaction.replace_form(forms.sent_view(draft.way))
    if value:
        _send_button(interaction, value)


async def button_asked(interaction: Interaction) -> None:
    """Try again to send an author their button."""
    await interaction.reply.acknowledge()
    _send_button(interaction, interaction.value)


async def conversation_asked(interaction: Interaction) -> None:
    """Show an author their conversation."""
    async with interaction.reading() as session:
        conversation = await service.own_conversation(
            session, interaction.actor, interaction.value, interaction.now
        )
    await interaction.show(forms.conversation_view(conversation, interaction.value))


async def written_again(interaction: Interaction) -> None:
    """Show how HR will read what an author adds; store it once its author has seen that."""
    actor, now, view = interaction.actor, interaction.now, interaction.view
    value, is_shown = forms.read_answering(view)
    text = forms.read_text(view)
    async with interaction.reading() as session:
        conversation = await service.own_conversation(session, actor, value, now)
        review = await service.review(session, actor, conversation.way, text)
    if not is_shown:
        checked = forms.conversation_view(conversation, value, review)
        await interaction.replace_form(checked)
        return
    async with interaction.begin() as session:
        fresh = await service.write_again(session, actor, value, review, now)
    await interaction.replace_form(forms.written_again_view())
    if fresh:
        _send_button(interaction, fresh)


async def withdrawn(interaction: Interaction) -> None:
    """Erase an author's conversation."""
    async with interaction.begin() as session:
        await service.withdraw(session, interaction.actor, interaction.value, interaction.now)
    await interaction.show(forms.withdrawn_view())


async def inbox_asked(interaction: Interaction) -> None:
    """Open the list of conversations."""
    async with interaction.begin() as session:
        found = await inbox.look(session, interaction.actor, FIRST_SHOWN, 0, interaction.now)
    await interaction.show(inbox_blocks.inbox_view(found))


async def inbox_turned(interaction: Interaction) -> None:
    """Show another part of the list."""
    status, page = inbox_blocks.place_in(interaction.value)
    async with interaction.begin() as session:
        found = await inbox.look(session, interaction.actor, status, page, interaction.now)
    await interaction.show(inbox_blocks.inbox_view(found))


async def thread_asked(interaction: Interaction) -> None:
    """Show one conversation to HR."""
    async with interaction.begin() as session:
        conversation = await inbox.read(
            session, interaction.actor, interaction.value, interaction.now
        )
    await interaction.show(inbox_blocks.thread_view(conversation))


async def decided(interaction: Interaction) -> None:
    """Store what HR decided, and show the conversation as it is now.

    An answer that asks who wrote is not sent without a reason.
    """
    actor, now = interaction.actor, interaction.now
    made = inbox_blocks.read_decision(interaction.view)
    async with interaction.begin() as session:
        if made.asks_who:
            conversation = await inbox.read(session, actor, made.thread_id, now)
        else:
            conversation = await inbox.decide(session, actor, made.thread_id, made.decision, now)
    view = inbox_blocks.thread_view(conversation, made if made.asks_who else None)
    await interaction.replace_form(view)


async def wrongdoing_asked(interaction: Interaction) -> None:
    """Show HR the form for the address where people report wrongdoing."""
    async with interaction.begin() as session:
        url = await inbox.wrongdoing_url(session, interaction.actor)
    await interaction.show(inbox_blocks.wrongdoing_view(url))


async def wrongdoing_given(interaction: Interaction) -> None:
    """Store the address."""
    url = inbox_blocks.read_url(interaction.view)
    async with interaction.begin() as session:
        await inbox.set_wrongdoing_url(session, interaction.actor, url, interaction.now)
    await interaction.replace_form(inbox_blocks.wrongdoing_saved_view(url))


def _send_button(interaction: Interaction, value: str) -> None:
    """Post an author's button to them; if that fails, offer it in the window."""
    view_id = str(interaction.view["id"])
    interaction.later(
        post(interaction.client, interaction.actor.user_id, forms.confirmation_message(value)),
        otherwise=lambda: interaction.update_form(forms.no_button_view(value), view_id),
    )
