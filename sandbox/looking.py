"""What can be seen of the workspace: by a person, or from above."""

from sandbox.engine import Engine
from sandbox.render import channel_json, message_json, user_json, usergroup_json, view_json
from sandbox.state import Channel, Json
from sandbox.world import World


def messages_seen(world: World, channel: Channel, user_id: str | None) -> list[Json]:
    """Return the messages of a conversation in order, with the ephemeral ones for ``user_id``."""
    ephemerals = [m for m in channel.ephemerals.values() if user_id and m.visible_to == user_id]
    everything = [*channel.messages.values(), *ephemerals]
    if ephemerals:
        everything.sort(key=lambda message: message.ts)
    return [message_json(world, message, with_metadata=True) for message in everything]


def views_of(engine: Engine, user_id: str) -> Json:
    """Return what somebody has open: ``modals`` lowest first, ``view`` uppermost, ``home``."""
    world = engine.world
    modals = [
        view_json(world, view)
        for (owner, _), stack in world.modals.items()
        if owner == user_id
        for view in stack
    ]
    homes = [view_json(world, v) for (owner, _), v in world.homes.items() if owner == user_id]
    return {
        "modals": modals,
        "view": modals[-1] if modals else None,
        "home": homes[0] if homes else None,
    }


def world_json(engine: Engine) -> Json:
    """Return the whole workspace in short: no messages, no tokens."""
    world = engine.world
    first = next(iter(world.apps.values()))
    return {
        "now": world.clock.now().isoformat(),
        "team": {"id": world.team.id, "name": world.team.name, "domain": world.team.domain},
        "users": [user_json(world, user) for user in world.users.values()],
        "channels": [
            channel_json(world, channel, first.bot_user_id)
            | {"members": list(channel.members), "message_count": len(channel.messages)}
            for channel in world.channels.values()
        ],
        "usergroups": [
            usergroup_json(world, group, with_users=True) for group in world.usergroups.values()
        ],
        "apps": [
            {
                "id": app.id,
                "name": app.name,
                "bot_id": app.bot_id,
                "bot_user_id": app.bot_user_id,
                "installed": app.installed,
                "socket_mode": app.socket_mode,
                "connections": len(engine.sockets.connections(app.id)),
                "scopes": sorted(app.scopes),
            }
            for app in world.apps.values()
        ],
    }
