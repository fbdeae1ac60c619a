"""Writing and forwarding messages."""

from sandbox.acting.lookup import conversation, person, visible_message, writable
from sandbox.engine import Engine
from sandbox.ids import new_block_id
from sandbox.outcome import CannotError, Outcome
from sandbox.render import message_json
from sandbox.state import Channel, Message
from sandbox.texts import typed


async def message(engine: Engine, user: str, text: str, channel: str = "dm") -> Outcome:
    """Write in a conversation; the outcome's reply is the app's to the event, if it hears it."""
    acting = person(engine, user)
    where = conversation(engine, acting, channel)
    writable(engine, where)
    if where.is_archived:
        raise CannotError("is_archived", f"{where.name} is archived")
    stamp = engine.world.stamps.next()
    posted = Message(stamp, where.id, acting.id, typed(text, engine.world))
    posted.client_msg_id = f"{new_block_id()}-{new_block_id()}"
    return await post_and_hear(engine, where, posted)


async def forward(engine: Engine, user: str, channel: str, message_ts: str, to: str) -> Outcome:
    """Copy a message into another conversation, with buttons that can be pressed.

    ``to`` is a conversation, or a person for a DM with them.
    """
    acting = person(engine, user)
    source = conversation(engine, acting, channel)
    original = visible_message(engine, acting, source, message_ts)
    other = engine.world.find_user(to)
    if other is not None:
        target, _ = engine.world.direct_channel([acting.id, other.id])
    else:
        target = conversation(engine, acting, to)
    stamp = engine.world.stamps.next()
    copied = Message(stamp, target.id, acting.id, original.text, original.blocks)
    copied.app_id = original.app_id
    return await post_and_hear(engine, target, copied)


async def post_and_hear(engine: Engine, channel: Channel, posted: Message) -> Outcome:
    """Post a message and wait for the app to acknowledge its event."""
    with engine.events.collected() as deliveries:
        engine.world.post(channel, posted)
    outcome = await engine.events.acknowledged(deliveries, unheard="the app did not hear it")
    outcome.message = message_json(engine.world, posted) | {"channel": channel.id}
    return outcome
