"""The message that a press came from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PressedMessage:
    """The message whose button was pressed, and who can see it."""

    channel: str
    ts: str
    is_private: bool
    """True if nobody else sees it. Others may read along in a copy that somebody sent on."""
    is_ours: bool
    """True if Attune sent it to this person alone, and may change it without a response_url."""
    part: str = ""
    """Which part of a bundle was pressed; empty for a message of its own."""
