"""The payloads of interactions and slash commands.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from sandbox.engine import Engine
from sandbox.render import message_json, view_json
from sandbox.state import Channel, Json, Message, User, View

CHANNEL_NAMES = {"im": "directmessage", "mpim": "mpdm", "private_channel": "privategroup"}


def interaction(engine: Engine, user: User, kind: str, *, with_trigger: bool = True) -> Json:
    """Return the fields that every interaction carries."""
    app, team = engine.world.app(), engine.world.team
    payload: Json = {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
        "api_app_id": app.id,
        "token": app.verification_token,
        "team": None if app.is_org_wide else {"id": team.id, "domain": team.domain},
        "enterprise": team.enterprise,
        "is_enterprise_install": app.is_org_wide,
    }
    if with_trigger:
        payload["trigger_id"] = engine.triggers.issue(user.id)
    return payload


def channel_name(channel: Channel) -> str:
    """Return how payloads name a conversation: only public channels by their name."""
    return CHANNEL_NAMES.get(channel.kind, channel.name)


def response_url(
    engine: Engine, kind: str, user: User, channel: Channel, ts: str | None = None
) -> str:
    """Return a fresh response URL."""
    path = engine.response_urls.issue(kind, user.id, channel.id, ts)
    return engine.base_url + path


def message_action(
    engine: Engine, user: User, channel: Channel, message: Message, action: Json
) -> Json:
    """Return block_actions for an element in a message."""
    values = engine.world.message_values.get((user.id, channel.id, message.ts), {})
    payload = interaction(engine, user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.is_ephemeral,
        },
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": values},
        "response_url": response_url(engine, "actions", user, channel, message.ts),
        "actions": [action],
    }
    if not message.is_ephemeral:
        payload["message"] = message_json(engine.world, message)
    return payload


def view_action(engine: Engine, user: User, view: View, action: Json) -> Json:
    """Return block_actions for an element in a modal or Home tab."""
    return interaction(engine, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(engine.world, view),
        "actions": [action],
    }


def view_submission(engine: Engine, user: User, view: View) -> Json:
    """Return view_submission."""
    return interaction(engine, user, "view_submission") | {
        "view": view_json(engine.world, view),
        "response_urls": [],
    }


def view_closed(engine: Engine, user: User, view: View, *, is_cleared: bool) -> Json:
    """Return view_closed."""
    return interaction(engine, user, "view_closed", with_trigger=False) | {
        "view": view_json(engine.world, view),
        "is_cleared": is_cleared,
    }


def enterprise_fields(engine: Engine) -> Json:
    """Return what commands say of the organisation, on Enterprise Grid only."""
    team = engine.world.team
    if not team.enterprise_id:
        return {}
    return {"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name}


def slash_command(engine: Engine, user: User, channel: Channel, command: str, text: str) -> Json:
    """Return the form of a slash command; ``text`` is already escaped."""
    app, team = engine.world.app(), engine.world.team
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        **enterprise_fields(engine),
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": str(app.is_org_wide).lower(),
        "response_url": response_url(engine, "commands", user, channel),
        "trigger_id": engine.triggers.issue(user.id),
    }


def block_suggestion(engine: Engine, user: User, view: View, typed: Json) -> Json:
    """Return block_suggestion: what somebody typed into a select with outside options."""
    return interaction(engine, user, "block_suggestion", with_trigger=False) | {
        **typed,
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(engine.world, view),
    }
