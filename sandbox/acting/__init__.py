"""What people can do: each function acts as one person and returns an Outcome.

``ACTS`` names them as the control API does. All take the engine first and name people by id,
name or e-mail and conversations by id or name; a DM with the app is ``dm``.
"""

from collections.abc import Awaitable, Callable

from sandbox.acting.commands import command, home, shortcut
from sandbox.acting.directory import (
    change_user,
    deactivate,
    forward,
    invite,
    join,
    join_channel,
    leave_channel,
    message,
    react,
)
from sandbox.acting.forms import close, submit, suggest
from sandbox.acting.pressing import press
from sandbox.outcome import Outcome

ACTS: dict[str, Callable[..., Awaitable[Outcome]]] = {
    "change_user": change_user,
    "close": close,
    "command": command,
    "deactivate": deactivate,
    "forward": forward,
    "home": home,
    "invite": invite,
    "join": join,
    "join_channel": join_channel,
    "leave_channel": leave_channel,
    "message": message,
    "press": press,
    "react": react,
    "shortcut": shortcut,
    "submit": submit,
    "suggest": suggest,
}

__all__ = [
    "ACTS",
    "change_user",
    "close",
    "command",
    "deactivate",
    "forward",
    "home",
    "invite",
    "join",
    "join_channel",
    "leave_channel",
    "message",
    "press",
    "react",
    "shortcut",
    "submit",
    "suggest",
]
