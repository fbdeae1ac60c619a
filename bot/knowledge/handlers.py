"""People ask, answer, and keep answers for others."""

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import storable, unescape
from bot.knowledge import blocks, cards, forms, monthly, service, unnamed
from bot.knowledge.figures_blocks import figures_message
from bot.knowledge.search import card_of, find_cards
from bot.languages import _, marked, speaking
from bot.mentoring.enqueue import key_of
from bot.outbox.deliveries import where_sent
from bot.people.languages import language_of
from bot.pulse.pure.telling_phrases import find_phrases
from bot.slack.client import post
from bot.slack.commands import ASK, Usage, subcommand, words
from bot.slack.interaction import Interaction
from bot.slack.reply import edit_part

COMMANDS: tuple[Usage, ...] = (
    Usage("/ask", marked("finds kept answers to your question, or asks colleagues who know")),
    Usage("/ask figures", marked("shows how questions were answered last month"), for_hr=True),
)
HELP, FIGURES = "help", "figures"


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(ASK, matchers=[is_question])(ask_opened)
    app.command(ASK, matchers=[subcommand(FIGURES)])(figures_asked)
    app.action(forms.OPEN)(ask_opened)
    app.view(forms.FORM)(asked)
    app.action(forms.SEND_BUTTON)(button_asked)
    app.action(forms.THIS_HELPS)(card_helped)
    app.action(forms.READ)(answer_opened)
    app.action(forms.HELPED)(answer_helped)
    app.action(forms.NOT_HELPED)(answer_did_not_help)
    app.view(forms.KEEP_FORM)(kept)
    app.action(blocks.ANSWER)(answer_asked)
    app.action(blocks.NOT_ME)(passed_on)
    app.view(blocks.ANSWER_FORM)(answered)
    app.action(blocks.STILL_TRUE)(confirmed)
    app.action(forms.EDIT)(edit_asked)
    app.view(blocks.EDIT_FORM)(edited)
    app.action(blocks.RETIRE)(retired)


async def is_question(command: dict[str, object]) -> bool:
    """Return True unless the command is one of the words for something else."""
    return " ".join(words(command)).lower() not in (HELP, FIGURES)


async def ask_opened(interaction: Interaction) -> None:
    """Open the form, with what was typed after the command."""
    typed = storable(unescape(" ".join(words(interaction.body))))[: service.QUESTION_LENGTH]
    async with interaction.reading() as session:
        await service.require_employee(session, interaction.actor)
        may_hide = await unnamed.may_hide(session, interaction.actor.workspace_id)
    await interaction.open_form(forms.ask_view(typed, may_hide=may_hide))
    await interaction.reply.acknowledge()


async def figures_asked(interaction: Interaction) -> None:
    """Show HR the latest month's figures."""
    async with interaction.begin() as session:
        found = await monthly.figures(session, interaction.actor, interaction.now)
    await interaction.reply.command(figures_message(found))


async def asked(interaction: Interaction) -> None:
    """Show kept answers first; ask colleagues once the asker has seen those and the wording."""
    actor, now = interaction.actor, interaction.now
    draft = forms.draft_in(interaction.view)
    if interaction.view.get("private_metadata") != draft.fingerprint():
        async with interaction.reading() as session:
            may_hide = await unnamed.may_hide(session, actor.workspace_id)
            found = await _look(session, actor, draft)
        view = forms.found_view(draft, found, actor.user_id, may_hide=may_hide)
        await interaction.reply.acknowledge(response_action="update", view=view)
        return
    if draft.is_unnamed:
        await _ask_unnamed(interaction, draft)
        return
    async with interaction.begin() as session:
        helpers = await service.ask(session, actor, draft.topic, draft.text, now)
    view = forms.asked_view(draft.topic, len(helpers))
    await interaction.reply.acknowledge(response_action="update", view=view)


async def _look(session: AsyncSession, actor: Actor, draft: forms.Draft) -> forms.Found:
    await service.require_employee(session, actor)
    found = await find_cards(session, actor.workspace_id, f"{draft.text} {draft.topic}")
    masked = await service.masked(session, actor.workspace_id, draft.text, service.QUESTION_LENGTH)
    return forms.Found(found, masked, find_phrases(draft.text) if draft.is_unnamed else ())


async def _ask_unnamed(interaction: Interaction, draft: forms.Draft) -> None:
    """Ask colleagues, then give the asker the button; it goes by no row of messages."""
    async with interaction.begin() as session:
        value = await unnamed.ask_unnamed(
            session, interaction.actor, draft.topic, draft.text, interaction.now
        )
    view = forms.asked_unnamed_view() if value else forms.asked_view(draft.topic, 0)
    await interaction.reply.acknowledge(response_action="update", view=view)
    if value:
        _send_button(interaction, value)


async def button_asked(interaction: Interaction) -> None:
    """Try again to send an asker their button."""
    await interaction.reply.acknowledge()
    _send_button(interaction, interaction.value)


def _send_button(interaction: Interaction, value: str) -> None:
    """Post an asker's button to them; if that fails, offer it in the window."""
    view_id = str(interaction.view["id"])
    interaction.later(
        post(interaction.client, interaction.actor.user_id, forms.button_message(value)),
        otherwise=lambda: interaction.update_form(forms.no_button_view(value), view_id),
    )


async def card_helped(interaction: Interaction) -> None:
    """Note that a kept answer was enough, unless the question was without a name."""
    topic, is_unnamed = forms.read_card_press(interaction.value)
    if not is_unnamed:
        async with interaction.begin() as session:
            await service.note_found(session, interaction.actor, topic, interaction.now)
    await interaction.update_form(forms.glad_view())
    await interaction.reply.acknowledge()


async def answer_opened(interaction: Interaction) -> None:
    """Show an asker what became of their question."""
    value = interaction.value
    async with interaction.reading() as session:
        question = await cards.read(session, interaction.actor, value, interaction.now)
    await interaction.open_form(forms.answer_view(question, value))
    await interaction.reply.acknowledge()


async def answer_helped(interaction: Interaction) -> None:
    """Thank the author, and offer to keep the answer if they agreed."""
    actor, value = interaction.actor, interaction.value
    async with interaction.begin() as session:
        question = await cards.helped(session, actor, value, interaction.now)
        preview = await cards.preview(session, actor.workspace_id, question)
    await interaction.update_form(forms.helped_view(question, value, preview))
    await interaction.reply.acknowledge()


async def answer_did_not_help(interaction: Interaction) -> None:
    """Close the question."""
    async with interaction.begin() as session:
        question = await cards.did_not_help(
            session, interaction.actor, interaction.value, interaction.now
        )
    await interaction.update_form(forms.not_helped_view(question))
    await interaction.reply.acknowledge()


async def kept(interaction: Interaction) -> None:
    """Make a card of the answer."""
    value = str(interaction.view["private_metadata"])
    async with interaction.begin() as session:
        await cards.keep(session, interaction.actor, value, interaction.now)
    await interaction.reply.acknowledge(response_action="update", view=forms.kept_view())


async def answer_asked(interaction: Interaction) -> None:
    """Open the form for an answer while the question is open."""
    async with interaction.reading() as session:
        question = await service.question_for(session, interaction.actor, interaction.value)
    await interaction.open_form(blocks.answer_form(service.question_of(question)))
    await interaction.reply.acknowledge()


async def answered(interaction: Interaction) -> None:
    """Store the first answer; show it first as others would read it if it may be kept."""
    actor, now = interaction.actor, interaction.now
    text, may_keep = blocks.answer_in(interaction.view)
    question_id, is_shown = blocks.read_answering(interaction.view, text)
    if may_keep and not is_shown:
        async with interaction.reading() as session:
            question = await service.question_for(session, actor, question_id)
            masked = await service.masked(session, actor.workspace_id, text, service.ANSWER_LENGTH)
        form = blocks.answer_form(service.question_of(question), text, masked)
        await interaction.reply.acknowledge(response_action="update", view=form)
        return
    async with interaction.begin() as session:
        stored = await service.answer(session, actor, question_id, text, may_keep, now)
    view = blocks.answered_view(stored.question)
    await interaction.reply.acknowledge(response_action="update", view=view)
    interaction.later(_take_back(interaction, stored, question_id))


async def _take_back(interaction: Interaction, stored: service.Stored, question_id: str) -> None:
    """Tell all who were asked, in the messages that they have, that there is nothing left to do.

    If the process dies before that, they learn it when they press.
    """
    told = {interaction.actor.user_id: blocks.THANKS} | dict.fromkeys(stored.others, blocks.FASTER)
    for person, text in told.items():
        key = key_of(service.ASK_QUESTION, question_id, person)
        reader = Actor(interaction.actor.workspace_id, person)
        async with interaction.reading() as session:
            sent = await where_sent(session, reader.workspace_id, key)
            language = await language_of(session, reader)
        if sent:
            with speaking(language):
                message = blocks.note_message(_(text))
            await edit_part(interaction.client, sent.channel, sent.ts, sent.part, message)


async def passed_on(interaction: Interaction) -> None:
    """Pass a question on to somebody else."""
    async with interaction.begin() as session:
        await service.decline(session, interaction.actor, interaction.value, interaction.now)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(blocks.note_message(_(blocks.PASSED_ON))))


async def confirmed(interaction: Interaction) -> None:
    """Note that a kept answer is still true."""
    card_id = cards.card_id_in(interaction.value)
    async with interaction.begin() as session:
        await cards.still_true(session, interaction.actor, card_id, interaction.now)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(blocks.note_message(_(blocks.CONFIRMED))))


async def edit_asked(interaction: Interaction) -> None:
    """Open the form in which an author changes a kept answer."""
    card_id = cards.card_id_in(interaction.value)
    async with interaction.reading() as session:
        card = await cards.own_card(session, interaction.actor, card_id)
    await interaction.open_form(blocks.edit_form(card_of(card)))
    await interaction.reply.acknowledge()


async def edited(interaction: Interaction) -> None:
    """Store the new answer; if something is to be hidden in it, show it first as others read it."""
    text, _ = blocks.answer_in(interaction.view)
    about, is_shown = blocks.read_answering(interaction.view, text)
    card_id = cards.card_id_in(about)
    if not is_shown:
        async with interaction.reading() as session:
            card = card_of(await cards.own_card(session, interaction.actor, card_id))
            masked = await service.masked(
                session, interaction.actor.workspace_id, text, service.ANSWER_LENGTH
            )
        if masked != text:
            form = blocks.edit_form(card, text, masked)
            await interaction.reply.acknowledge(response_action="update", view=form)
            return
    async with interaction.begin() as session:
        await cards.edit(session, interaction.actor, card_id, text, interaction.now)
    await interaction.reply.acknowledge(response_action="update", view=blocks.changed_view())


async def retired(interaction: Interaction) -> None:
    """Delete a kept answer, and say so where the button was."""
    card_id = cards.card_id_in(interaction.value)
    async with interaction.begin() as session:
        await cards.retire(session, interaction.actor, card_id)
    if "view" in interaction.body:
        await interaction.update_form(blocks.retired_view())
        await interaction.reply.acknowledge()
        return
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.show(blocks.note_message(_(blocks.RETIRED))))
