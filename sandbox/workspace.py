"""Reads the description of a workspace (YAML or JSON) into a world."""

import json
from dataclasses import fields
from pathlib import Path

import yaml

from sandbox.clock import Clock
from sandbox.ids import stable_id
from sandbox.state import App, ChannelKind, Json, Team, User, UserGroup
from sandbox.world import SLACKBOT, World

SMALL = Path(__file__).parent / "workspaces" / "small.yaml"
"""The workspace that comes with the sandbox."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one where libyaml is there; both build plain values only."""

KINDS: dict[str, ChannelKind] = {"public": "public_channel", "private": "private_channel"}
SETS = ("scopes", "events", "commands", "lacks", "refuses_blocks")
USER_FIELDS = {field.name for field in fields(User)}


class WorkspaceError(ValueError):
    """The description can't be used; the text says which part and why."""


def load_workspace(
    path: Path | str = SMALL,
    clock: Clock | None = None,
    app_url: str | None = None,
    manifest: Path | str | None = None,
) -> World:
    """Read a workspace file. Raises WorkspaceError or OSError.

    ``app_url`` is where the app answers (``/slack/events`` is added when it has no path);
    ``manifest`` is a Slack app manifest whose scopes, events and commands the app then has.
    """
    try:
        described = yaml.load(Path(path).read_text("utf-8"), Loader=LOADER)  # noqa: S506 - safe
    except yaml.YAMLError as error:
        raise WorkspaceError(f"{path} is not valid YAML or JSON: {error}") from error
    if manifest is not None:
        described.setdefault("app", {})
        described["app"] = manifest_settings(Path(manifest)) | described["app"]
    return build_world(described, clock, app_url)


def build_world(
    described: Json | None = None, clock: Clock | None = None, app_url: str | None = None
) -> World:
    """Make a world from a description with the keys team, users, channels, usergroups, app."""
    described = described or {}
    team = {"id": "T0SANDBOX1", "name": "Sandbox", "domain": "sandbox"} | described.get("team", {})
    world = World(Team(**team), clock)
    world.add_user(slackbot(world))
    for entry in described.get("users", []):
        world.add_user(build_user(world, entry))
    add_app(world, described.get("app") or {}, app_url)
    general = [{"name": "general", "is_general": True, "members": "all"}]
    for entry in described.get("channels", general):
        add_channel(world, entry)
    for entry in described.get("usergroups", []):
        add_usergroup(world, entry)
    return world


def slackbot(world: World) -> User:
    """Return the bot that every workspace has; Slack does not flag it as one."""
    return User(SLACKBOT, "slackbot", world.team.id, "Slackbot", "Slackbot", tz="America/New_York")


def build_user(world: World, entry: Json) -> User:
    """Make a person of a description that has at least a ``name``."""
    entry = dict(entry)
    if not entry.get("name"):
        raise WorkspaceError("every user needs a name")
    unknown = set(entry) - USER_FIELDS
    if unknown:
        raise WorkspaceError(f"user {entry['name']}: unknown {', '.join(sorted(unknown))}")
    name = entry["name"]
    entry.setdefault("id", stable_id("U", name))
    entry.setdefault("team_id", world.team.id)
    entry.setdefault("real_name", name.replace(".", " ").title())
    entry.setdefault("display_name", name)
    if not entry.get("is_bot"):
        entry.setdefault("email", f"{name}@{world.team.email_domain or 'example.com'}")
    user = User(**entry)
    if user.is_bot and user.bot_id is None:
        user.bot_id = stable_id("B", name)
    return user


def add_app(world: World, entry: Json, app_url: str | None) -> App:
    """Add an app with its bot; what the description leaves out gets a stable default."""
    entry = dict(entry)
    name, url = entry.get("name", "attune"), str(entry.pop("url", None) or app_url or "")
    if url and url.count("/") < 3:
        url = f"{url}/slack/events"
    bot_name = name.lower().replace(" ", "")
    defaults = {
        "id": stable_id("A", name),
        "bot_id": stable_id("B", name),
        "bot_user_id": stable_id("U", name),
        "bot_token": f"xoxb-sandbox-{bot_name}",
        "app_token": f"xapp-1-sandbox-{bot_name}",
        "signing_secret": f"signing-secret-{bot_name}",
        "client_id": "111.222",
        "client_secret": f"client-secret-{bot_name}",
        "verification_token": f"verification-{bot_name}",
        "scopes": ALL_SCOPES,
    }
    sets = {key: set(entry[key]) for key in SETS if entry.get(key) is not None}
    app = App(**{**defaults, **entry, **sets, "name": name, "events_url": url})
    app.scopes = set(app.scopes)
    bot = User(
        app.bot_user_id, bot_name, world.team.id, name, name, is_bot=True, tz="America/Los_Angeles"
    )
    bot.bot_id, bot.app_id = app.bot_id, app.id
    world.add_app(app, bot)
    return app


def add_channel(world: World, entry: Json) -> None:
    """Add a channel; ``members`` are names, ids or "all" (people, not bots)."""
    name = entry["name"]
    kind = KINDS.get(entry.get("kind", "public"))
    if kind is None:
        raise WorkspaceError(f"channel {name}: kind is public or private")
    people = [u for u in world.users.values() if not u.is_bot and u.id != SLACKBOT]
    named = entry.get("members", [])
    if named == "all":
        members = [u.id for u in people if not u.deleted and not u.is_stranger]
    else:
        members = [user_id(world, f"channel {name}", reference) for reference in named]
    creator = members[0] if members else SLACKBOT
    channel = world.add_channel(name, kind, creator, entry.get("id", stable_id("C", name)))
    channel.members = dict.fromkeys(members)
    channel.topic = entry.get("topic", "")
    channel.purpose = entry.get("purpose", "")
    channel.is_general = bool(entry.get("is_general", False))
    channel.is_archived = bool(entry.get("is_archived", False))
    channel.is_ext_shared = bool(entry.get("is_ext_shared", False))
    channel.is_pending_ext_shared = bool(entry.get("is_pending_ext_shared", False))


def add_usergroup(world: World, entry: Json) -> None:
    """Add a user group."""
    handle = str(entry["handle"])
    group = UserGroup(
        entry.get("id", stable_id("S", handle)),
        entry.get("name", handle),
        handle,
        entry.get("description", ""),
        [user_id(world, f"user group {handle}", reference) for reference in entry["users"]],
        bool(entry.get("disabled", False)),
    )
    world.usergroups[group.id] = group


def user_id(world: World, where: str, reference: str) -> str:
    """Return the id of somebody named in the description."""
    user = world.find_user(reference)
    if user is None:
        raise WorkspaceError(f"{where}: there is no user {reference}")
    return user.id


def manifest_settings(path: Path) -> Json:
    """Read what an app manifest says about scopes, events, commands and Socket Mode."""
    manifest = json.loads(path.read_text("utf-8"))
    settings = manifest.get("settings", {})
    features = manifest.get("features", {})
    commands = features.get("slash_commands", [])
    return {
        "name": manifest["display_information"]["name"],
        "scopes": manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []),
        "redirect_urls": manifest.get("oauth_config", {}).get("redirect_urls", []),
        "events": settings.get("event_subscriptions", {}).get("bot_events", []),
        "commands": [command["command"] for command in commands],
        "functions": manifest.get("functions", {}),
        "usage_hints": {c["command"]: c["usage_hint"] for c in commands if c.get("usage_hint")},
        "should_escape": any(command.get("should_escape") for command in commands),
        "messages_read_only": bool(
            features.get("app_home", {}).get("messages_tab_read_only_enabled")
        ),
        "socket_mode": settings.get("socket_mode_enabled", False),
    }


ALL_SCOPES = frozenset(
    f"{kind}:{right}"
    for kind in ("channels", "groups", "im", "mpim")
    for right in ("read", "history", "write")
) | {
    "chat:write",
    "chat:write.public",
    "commands",
    "dnd:read",
    "files:read",
    "files:write",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
}
"""What an app may do when its description names no scopes."""
