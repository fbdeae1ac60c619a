"""The Web API: one module per family of methods; importing this package registers them all."""

from sandbox.api import (
    auth,
    blocks,
    chat,
    conversations,
    dnd,
    files,
    oauth,
    reactions,
    team,
    usergroups,
    users,
    views,
)

__all__ = [
    "auth",
    "blocks",
    "chat",
    "conversations",
    "dnd",
    "files",
    "oauth",
    "reactions",
    "team",
    "usergroups",
    "users",
    "views",
]
