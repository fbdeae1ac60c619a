"""Somebody looks for a colleague who knows about a topic, and asks one."""

from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.actor import Actor
from bot.blockkit.form_state import FormState
from bot.blockkit.text import storable, unescape
from bot.clock import Clock
from bot.errors import FieldErrors, UserError
from bot.mentoring.finder import blocks as finder_blocks
from bot.mentoring.finder import service as finder
from bot.slack.commands import MENTOR, Usage, subcommand, words
from bot.slack.responding import answer
from models.database import Sessions, reading

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = (
    Usage("/mentor find kubernetes", "shows colleagues who know about it, to ask them"),
)


def register(app: AsyncApp) -> None:
    """Register the finder's listeners."""
    app.command(MENTOR, matchers=[subcommand("find")])(find)
    app.action(finder_blocks.ASK)(open_form)
    app.view(finder_blocks.ASK_FORM)(send)


async def find(
    ack: Any,
    command: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    respond: AsyncRespond,
) -> None:
    """List up to five experts, to whoever asks and nobody else."""
    topic = storable(unescape(" ".join(words(command)[1:])))[:200]
    if not topic:
        raise UserError(finder_blocks.WHICH)
    if topic.startswith(("@", "<@")):
        raise UserError(finder_blocks.NO_PERSON)
    found = await finder.find(partial(reading, sessions), actor, topic, clock())
    await answer(ack, respond, finder_blocks.found_message(found))


async def open_form(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    client: AsyncWebClient,
    sessions: Sessions,
    clock: Clock,
) -> None:
    """Open the form for a question, if the expert can still be asked."""
    expert_id, topic = finder_blocks.read_ask(action.get("value"))
    async with sessions.begin() as session:
        await finder.check_can_ask(session, actor, expert_id, topic, clock())
    view = finder_blocks.ask_view(expert_id, topic)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def send(ack: Any, view: Payload, actor: Actor, sessions: Sessions, clock: Clock) -> None:
    """Put the question into the outbox."""
    expert_id, topic = finder_blocks.read_ask(view["private_metadata"])
    text = storable(FormState(view).one(finder_blocks.ASK_FIELD))
    if not text:
        raise FieldErrors({finder_blocks.ASK_FIELD: finder_blocks.EMPTY})
    now = clock()
    async with sessions.begin() as session:
        due_at = await finder.ask(session, actor, expert_id, topic, text, now)
    await ack(response_action="update", view=finder_blocks.asked_view(expert_id, due_at, now))
