"""Users, conversations, messages, views and files as Slack's API shows them.

Sources: https://docs.slack.dev/reference/objects/user-object and its neighbours.
"""

from zoneinfo import ZoneInfo

from sandbox.state import Channel, File, Json, Message, User, UserGroup, View
from sandbox.world import World


def profile_json(user: User, *, with_email: bool = True) -> Json:
    """Return somebody's profile; the e-mail only to those with users:read.email."""
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "display_name": user.display_name,
        "fields": None,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "first_name": first,
        "last_name": last,
        "team": user.team_id,
        **user.profile,
    }
    if user.is_bot:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id or "", "always_active": True}
    elif with_email and user.email:
        profile["email"] = user.email
    return profile


def user_json(world: World, user: User, *, with_email: bool = True) -> Json:
    """Return somebody as users.info does; a deactivated person shows fewer fields."""
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile_json(user, with_email=with_email),
        "is_bot": user.is_bot,
        "is_app_user": user.is_app_user,
        "updated": user.updated,
    }
    if user.is_workflow_bot:
        shown["is_workflow_bot"] = True
    if user.deleted:
        return shown | {"is_forgotten": False}
    shown |= {
        "real_name": user.real_name,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_primary_owner,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": not user.is_invited_user,
    }
    if user.tz:
        local = world.clock.now().astimezone(ZoneInfo(user.tz))
        offset = local.utcoffset()
        shown |= {
            "tz": user.tz,
            "tz_label": local.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
        }
    if user.is_invited_user:
        shown["is_invited_user"] = True
    if user.is_stranger:
        shown["is_stranger"] = True
    elif world.team.enterprise_id and not user.is_bot:
        shown["enterprise_user"] = {
            "id": user.id,
            "enterprise_id": world.team.enterprise_id,
            "enterprise_name": world.team.enterprise_name,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "teams": user.teams or [user.team_id],
        }
    return shown


def channel_json(world: World, channel: Channel, member: str) -> Json:
    """Return a conversation as conversations.info does, seen by ``member``."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
    }
    if channel.kind == "im":
        other = next((m for m in channel.members if m != member), member)
        user = world.users.get(other)
        return shown | {
            "user": other,
            "is_user_deleted": bool(user and user.deleted),
            "priority": 0,
        }
    return shown | {
        "name": channel.name,
        "is_channel": channel.kind == "public_channel",
        "is_group": channel.kind == "private_channel",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public_channel",
        "is_general": channel.is_general,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "creator": channel.creator,
        "is_member": member in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def bot_profile(world: World) -> Json:
    """Return the bot that a message names as its author."""
    app = world.app()
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {"image_48": "https://a.slack-edge.com/80588/img/plugins/app/bot_48.png"},
        "deleted": not app.installed,
        "updated": 0,
        "team_id": world.team.id,
    }


def message_json(world: World, message: Message, *, with_metadata: bool = False) -> Json:
    """Return a message as conversations.history does."""
    shown: Json = {"user": message.user, "type": "message", "ts": message.ts}
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": message.app_id}
        shown["bot_profile"] = bot_profile(world)
    shown |= {"text": message.text, "team": world.team.id}
    optional = {
        "client_msg_id": message.client_msg_id,
        "blocks": message.blocks,
        "edited": message.edited,
        "files": message.files,
        "metadata": message.metadata if with_metadata else None,
        "is_ephemeral": message.is_ephemeral,
    }
    return shown | {name: value for name, value in optional.items() if value}


def view_json(world: World, view: View) -> Json:
    """Return a view with every field that Slack sends."""
    content = view.content
    app = world.app()
    return {
        "id": view.id,
        "team_id": world.team.id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata") or "",
        "callback_id": content.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": plain_text(content.get("title")) if view.type == "modal" else None,
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "close": plain_text(content.get("close")),
        "submit": plain_text(content.get("submit")),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": app.id,
        "external_id": "",
        "app_installed_team_id": world.team.enterprise_id if app.is_org_wide else world.team.id,
        "bot_id": app.bot_id,
    }


def plain_text(text: Json | None) -> Json | None:
    """Return a plain text object with its default."""
    return None if text is None else {"emoji": True, **text}


def usergroup_json(world: World, group: UserGroup) -> Json:
    """Return a user group as usergroups.list does."""
    return {
        "id": group.id,
        "team_id": world.team.id,
        "is_usergroup": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "date_delete": int(group.disabled),
        "user_count": len(group.users),
    }


def file_json(world: World, file: File, base_url: str) -> Json:
    """Return a file as files.info does; ``base_url`` is where this server answers."""
    address = f"{base_url}/files-pri/{world.team.id}-{file.id}"
    name, _, kind = file.name.rpartition(".")
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or name or file.name,
        "mimetype": MIME_TYPES.get(kind.lower(), "application/octet-stream"),
        "filetype": kind.lower(),
        "user": file.user,
        "user_team": world.team.id,
        "size": file.length,
        "mode": "hosted",
        "is_public": False,
        "alt_txt": file.alt_text,
        "url_private": f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "permalink": f"https://{world.team.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "channels": [c for c in file.channels if c.startswith("C")],
        "groups": [c for c in file.channels if c.startswith("G")],
        "ims": [c for c in file.channels if c.startswith("D")],
        "file_access": "visible",
    }


MIME_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "txt": "text/plain",
    "md": "text/markdown",
    "json": "application/json",
    "pdf": "application/pdf",
}


def messages_seen(world: World, channel: Channel, user_id: str | None) -> list[Json]:
    """Return the messages of a conversation in order, with the ephemeral ones for ``user_id``."""
    ephemerals = [m for m in channel.ephemerals.values() if user_id and m.visible_to == user_id]
    everything = [*channel.messages.values(), *ephemerals]
    if ephemerals:
        everything.sort(key=lambda message: message.ts)
    return [message_json(world, message, with_metadata=True) for message in everything]


def views_of(world: World, user_id: str) -> Json:
    """Return what somebody has open: ``modals`` lowest first, ``view`` uppermost, ``home``."""
    modals = [view_json(world, view) for view in world.stack(user_id)]
    home = world.homes.get(user_id)
    return {
        "modals": modals,
        "view": modals[-1] if modals else None,
        "home": view_json(world, home) if home else None,
    }
