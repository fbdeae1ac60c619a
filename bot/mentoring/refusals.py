"""Errors for presses that change nothing."""

from bot.blockkit.blocks import Message, section
from bot.errors import UserError


class MatchPressRefusedError(UserError):
    """A press that changes nothing; the text tells the person why."""


class MatchOverError(MatchPressRefusedError):
    """A press on a match that is over, so its buttons can go."""

    @property
    def message(self) -> Message:
        """The sentence as a message without buttons, to replace the pressed one."""
        return Message(str(self), [section(str(self))])
