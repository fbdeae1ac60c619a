"""What people can do: each function acts as one person and returns an Outcome.

All take the engine first and name people by id, name or e-mail and conversations by id or name;
a DM with the app is ``dm``. ``Sandbox`` has them as methods, and ``/control/`` as endpoints.
"""

from sandbox.acting.commands import command, home
from sandbox.acting.directory import change_user, deactivate, invite, join
from sandbox.acting.forms import close, submit, suggest
from sandbox.acting.messages import forward, message
from sandbox.acting.pressing import press
from sandbox.acting.steps import run_step

__all__ = [
    "change_user",
    "close",
    "command",
    "deactivate",
    "forward",
    "home",
    "invite",
    "join",
    "message",
    "press",
    "run_step",
    "submit",
    "suggest",
]
