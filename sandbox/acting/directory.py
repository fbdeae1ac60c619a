"""People join, change and leave; people and the app come into channels."""

from typing import Any

from sandbox.acting.lookup import conversation, person
from sandbox.engine import Engine
from sandbox.outcome import CannotError, Outcome
from sandbox.workspace import USER_FIELDS, WorkspaceError, build_user


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
    return await engine.events.acknowledged(deliveries)


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
    return await engine.events.acknowledged(deliveries)


async def deactivate(engine: Engine, user: str) -> Outcome:
    """Deactivate somebody: user_change with deleted."""
    return await change_user(engine, user, deleted=True)


async def invite(engine: Engine, user: str, channel: str, invited: str) -> Outcome:
    """Bring somebody, or the app by its bot's name, into a channel of ``user``."""
    where = conversation(engine, person(engine, user), channel)
    with engine.events.collected() as deliveries:
        joined = engine.world.join_channel(where, person(engine, invited).id)
    if not joined:
        raise CannotError("already_in_channel", f"{invited} is in {channel} already")
    return await engine.events.acknowledged(deliveries)
