"""The payloads of interactions and slash commands.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from sandbox.engine import Engine
from sandbox.render import message_json, view_json
from sandbox.state import App, Channel, Json, Message, User, View

CHANNEL_NAMES = {"im": "directmessage", "mpim": "mpdm", "private_channel": "privategroup"}


def interaction(
    engine: Engine, app: App, user: User, kind: str, *, with_trigger: bool = True
) -> Json:
    """Return the fields that every interaction carries."""
    team = engine.world.team
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
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": team.enterprise,
        "is_enterprise_install": False,
    }
    if with_trigger:
        payload["trigger_id"] = engine.triggers.issue(app.id, user.id)
    return payload


def channel_name(channel: Channel) -> str:
    """Return how payloads name a conversation: only public channels by their name."""
    return CHANNEL_NAMES.get(channel.kind, channel.name)


def response_url(
    engine: Engine, kind: str, app: App, user: User, channel: Channel, ts: str | None = None
) -> str:
    """Return a fresh response URL."""
    path = engine.response_urls.issue(kind, app.id, user.id, channel.id, ts)
    return engine.base_url + path


def message_action(
    engine: Engine, app: App, user: User, channel: Channel, message: Message, action: Json
) -> Json:
    """Return block_actions for an element in a message."""
    values = engine.world.message_values.get((user.id, channel.id, message.ts), {})
    payload = interaction(engine, app, user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.is_ephemeral,
        },
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": values},
        "response_url": response_url(engine, "actions", app, user, channel, message.ts),
        "actions": [action],
    }
    if message.thread_ts:
        payload["container"]["thread_ts"] = message.thread_ts
    if not message.is_ephemeral:
        payload["message"] = message_json(engine.world, message)
    return payload


def view_action(engine: Engine, app: App, user: User, view: View, action: Json) -> Json:
    """Return block_actions for an element in a modal or Home tab."""
    return interaction(engine, app, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(engine.world, view),
        "actions": [action],
    }


def view_submission(engine: Engine, app: App, user: User, view: View) -> Json:
    """Return view_submission, with a response URL for each conversation chosen for one."""
    urls = []
    for block in view.blocks:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        state = view.values[block["block_id"]][element["action_id"]]
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        if chosen in engine.world.channels:
            channel = engine.world.channels[chosen]
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": chosen,
                    "response_url": response_url(engine, "app", app, user, channel),
                }
            )
    return interaction(engine, app, user, "view_submission") | {
        "view": view_json(engine.world, view),
        "response_urls": urls,
    }


def view_closed(engine: Engine, app: App, user: User, view: View, *, is_cleared: bool) -> Json:
    """Return view_closed."""
    return interaction(engine, app, user, "view_closed", with_trigger=False) | {
        "view": view_json(engine.world, view),
        "is_cleared": is_cleared,
    }


def global_shortcut(engine: Engine, app: App, user: User, callback_id: str) -> Json:
    """Return shortcut."""
    return interaction(engine, app, user, "shortcut") | {
        "callback_id": callback_id,
        "action_ts": engine.world.stamps.next(),
    }


def message_shortcut(
    engine: Engine, app: App, user: User, callback_id: str, channel: Channel, message: Message
) -> Json:
    """Return message_action, the payload of a shortcut on a message."""
    return interaction(engine, app, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": engine.world.stamps.next(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_json(engine.world, message),
        "response_url": response_url(engine, "app", app, user, channel, message.ts),
    }


def enterprise_fields(engine: Engine) -> Json:
    """Return what commands say of the organisation, on Enterprise Grid only."""
    team = engine.world.team
    if not team.enterprise_id:
        return {}
    return {"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name}


def slash_command(
    engine: Engine, app: App, user: User, channel: Channel, command: str, text: str
) -> Json:
    """Return the form of a slash command; ``text`` is already escaped."""
    team = engine.world.team
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
        "is_enterprise_install": "false",
        "response_url": response_url(engine, "commands", app, user, channel),
        "trigger_id": engine.triggers.issue(app.id, user.id),
    }


def block_suggestion(engine: Engine, app: App, user: User, view: View, typed: Json) -> Json:
    """Return block_suggestion: what somebody typed into a select with outside options."""
    return interaction(engine, app, user, "block_suggestion", with_trigger=False) | {
        **typed,
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(engine.world, view),
    }
