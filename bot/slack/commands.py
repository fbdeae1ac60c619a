"""Slash commands with subcommands: `/pulse results`, `/digest here weekly monday 09:00`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.blockkit.text import tidy, unescape
from bot.languages import _

PULSE = "/pulse"
DIGEST = "/digest"
MENTOR = "/mentor"
IMPROVE = "/improve"
VOICE = "/voice"
JOURNEY = "/journey"
GOAL = "/goal"
LEARN = "/learn"
BLOCKER = "/blocker"
ASK = "/ask"
ATTUNE = "/attune"


@dataclass(frozen=True)
class Usage:
    """One line of a command's help."""

    command: str
    """Such as `/pulse results`."""
    says: str
    """Its effect, in a few words."""
    for_hr: bool = False
    """True if only HR can use it."""

    @property
    def line(self) -> str:
        """The line in mrkdwn."""
        return f"`{self.command}` {_(self.says)}"


def words(command: dict[str, Any]) -> list[str]:
    """Split the text after the command; the first word is the subcommand."""
    return str(command.get("text") or "").split()


def name_in(command: dict[str, Any]) -> str:
    """Return the name after the subcommand, as it was typed; empty if there is none."""
    return tidy(unescape(" ".join(words(command)[1:])))


def subcommand(*names: str) -> Callable[..., Awaitable[bool]]:
    """Return a Bolt matcher for a command whose first word is one of `names`, in any case.

    The empty name matches a command without words.
    """

    async def matches(command: dict[str, Any]) -> bool:
        typed = words(command)
        return (typed[0].lower() if typed else "") in names

    return matches
