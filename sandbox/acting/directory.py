"""Somebody writes, reacts, forwards, joins, changes or leaves."""

import asyncio
from typing import Any

from sandbox.acting.lookup import conversation, person, visible_message, writable
from sandbox.engine import Engine
from sandbox.ids import new_block_id
from sandbox.outbound.delivery import Reply
from sandbox.outcome import CannotError, Outcome, outcome_of
from sandbox.render import message_json
from sandbox.state import Channel, Message
from sandbox.texts import rich_text, typed
from sandbox.workspace import USER_FIELDS, WorkspaceError, build_user


async def message(
    engine: Engine, user: str, text: str, channel: str = "dm", thread_ts: str | None = None
) -> Outcome:
    """Write in a conversation; the outcome's reply is the app's to the event, if it hears it."""
    acting = person(engine, user)
    where = conversation(engine, acting, channel)
    writable(engine, where)
    if where.is_archived:
        raise CannotError("is_archived", f"{where.name} is archived")
    posted = Message(
        engine.world.stamps.next(),
        where.id,
        acting.id,
        typed(text, engine.world),
        blocks=[rich_text(text, new_block_id())],
        thread_ts=thread_ts,
        client_msg_id=f"{new_block_id()}-{new_block_id()}",
    )
    return await post_and_hear(engine, where, posted)


async def post_and_hear(engine: Engine, channel: Channel, posted: Message) -> Outcome:
    """Post a message and wait for the app to acknowledge its event."""
    with engine.events.collected() as deliveries:
        engine.world.post(channel, posted)
    outcome = Outcome(note="the app did not hear it")
    for reply in await asyncio.gather(*deliveries):
        outcome = outcome_of(reply)
    outcome.message = message_json(engine.world, posted) | {"channel": channel.id}
    return outcome


async def react(
    engine: Engine,
    user: str,
    channel: str,
    message_ts: str,
    name: str,
    *,
    take_back: bool = False,
) -> Outcome:
    """React to a message, or take one's reaction back."""
    acting = person(engine, user)
    where = conversation(engine, acting, channel)
    reacted = visible_message(engine, acting, where, message_ts)
    users = reacted.reactions.get(name, [])
    if (acting.id in users) is not take_back:
        return Outcome(note="nothing changed")
    if take_back:
        users.remove(acting.id)
    else:
        reacted.reactions.setdefault(name, []).append(acting.id)
    if not reacted.reactions[name]:
        del reacted.reactions[name]
    kind = "reaction_removed" if take_back else "reaction_added"
    engine.world.tell(kind, user_id=acting.id, channel=where, message=reacted, detail=name)
    return Outcome()


async def forward(engine: Engine, user: str, channel: str, message_ts: str, to: str) -> Outcome:
    """Make a copy of a message in another conversation, with buttons that can be pressed.

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
    copied = Message(
        engine.world.stamps.next(),
        target.id,
        acting.id,
        original.text,
        blocks=original.blocks,
        app_id=original.app_id,
    )
    return await post_and_hear(engine, target, copied)


async def join(engine: Engine, name: str, **fields: Any) -> Outcome:
    """Let a new person join the workspace; ``fields`` as in the description of a workspace."""
    try:
        user = build_user(engine.world, {"name": name, **fields})
    except WorkspaceError as error:
        raise CannotError("invalid_arguments", str(error)) from error
    if engine.world.find_user(name) or user.id in engine.world.users:
        raise CannotError("already_there", f"{name} is here already")
    with engine.events.collected() as deliveries:
        engine.world.join_team(user)
        for channel in engine.world.channels.values():
            if channel.is_general:
                channel.members[user.id] = None
    return await heard(deliveries, note=user.id)


async def heard(deliveries: list[asyncio.Task[Reply]], note: str | None = None) -> Outcome:
    """Wait for the app to acknowledge events."""
    outcome = Outcome()
    for reply in await asyncio.gather(*deliveries):
        outcome = outcome_of(reply)
    outcome.note = note
    return outcome


async def change_user(engine: Engine, user: str, **fields: Any) -> Outcome:
    """Change fields of somebody: user_change."""
    found = engine.world.find_user(user)
    if found is None:
        raise CannotError("user_not_found", f"there is no user {user}")
    unknown = set(fields) - USER_FIELDS | ({"id"} & set(fields))
    if unknown:
        raise CannotError("invalid_arguments", f"unknown: {', '.join(sorted(unknown))}")
    with engine.events.collected() as deliveries:
        engine.world.change_user(found, **fields)
    return await heard(deliveries, note=found.id)


async def deactivate(engine: Engine, user: str) -> Outcome:
    """Deactivate somebody: user_change with deleted."""
    return await change_user(engine, user, deleted=True)


async def invite(engine: Engine, user: str, channel: str, invited: str) -> Outcome:
    """Bring somebody, or the app by its bot's name, into a channel."""
    acting = person(engine, user)
    where = conversation(engine, acting, channel)
    guest = person(engine, invited)
    with engine.events.collected() as deliveries:
        joined = engine.world.join_channel(where, guest.id)
    if not joined:
        raise CannotError("already_in_channel", f"{invited} is in {channel} already")
    return await heard(deliveries)


async def join_channel(engine: Engine, user: str, channel: str) -> Outcome:
    """Join a public channel."""
    acting = person(engine, user)
    where = engine.world.find_channel(channel)
    if where is None or where.kind != "public_channel" or where.is_archived:
        raise CannotError("channel_not_found", f"{channel} can't be joined")
    with engine.events.collected() as deliveries:
        engine.world.join_channel(where, acting.id)
    return await heard(deliveries)


async def leave_channel(engine: Engine, user: str, channel: str) -> Outcome:
    """Leave a channel."""
    acting = person(engine, user)
    where = conversation(engine, acting, channel)
    with engine.events.collected() as deliveries:
        engine.world.leave_channel(where, acting.id)
    return await heard(deliveries)
