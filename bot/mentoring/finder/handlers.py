"""A person looks for colleagues who know about a topic, and asks one of them."""

from slack_bolt.app.async_app import AsyncApp

from bot.blockkit.form_state import FormState
from bot.blockkit.text import storable, unescape
from bot.errors import FieldErrors, UserError
from bot.languages import _, marked
from bot.mentoring.finder import blocks
from bot.mentoring.finder import service as finder
from bot.mentoring.profiles.pure.topics import in_english
from bot.slack.commands import MENTOR, Usage, subcommand, words
from bot.slack.interaction import Interaction

COMMANDS: tuple[Usage, ...] = (
    Usage("/mentor find kubernetes", marked("shows colleagues who know about it, to ask them")),
)
TYPED_LENGTH = 200
"""Characters of a topic that are compared."""


def register(app: AsyncApp) -> None:
    """Register the finder's listeners."""
    app.command(MENTOR, matchers=[subcommand("find")])(find)
    app.action(blocks.ASK)(open_question)
    app.view(blocks.ASK_FORM)(send_question)


async def find(interaction: Interaction) -> None:
    """List up to five experts, to nobody but the person who asks."""
    typed = unescape(" ".join(words(interaction.body)[1:]))
    topic = in_english(storable(typed)[:TYPED_LENGTH])
    if not topic:
        raise UserError(_(blocks.WHICH))
    if topic.startswith(("@", "<@")):
        raise UserError(_(blocks.NO_PERSON))
    found = await finder.find(interaction.reading, interaction.actor, topic, interaction.now)
    await interaction.reply.command(blocks.found_message(found))


async def open_question(interaction: Interaction) -> None:
    """Open the form for a question, if the expert can still be asked."""
    expert_id, topic = blocks.read_ask(interaction.value)
    async with interaction.begin() as session:
        await finder.check_can_ask(session, interaction.actor, expert_id, topic, interaction.now)
    await interaction.open_form(blocks.ask_view(expert_id, topic))
    await interaction.reply.acknowledge()


async def send_question(interaction: Interaction) -> None:
    """Put the question into the outbox."""
    expert_id, topic = blocks.read_ask(interaction.view["private_metadata"])
    text = storable(FormState(interaction.view).one(blocks.ASK_FIELD))
    if not text:
        raise FieldErrors({blocks.ASK_FIELD: _(blocks.EMPTY)})
    actor, now = interaction.actor, interaction.now
    async with interaction.begin() as session:
        due_at = await finder.ask(session, actor, expert_id, topic, text, now)
    await interaction.reply.acknowledge(
        response_action="update", view=blocks.asked_view(expert_id, due_at, now)
    )
