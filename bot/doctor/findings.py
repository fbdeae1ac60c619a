"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; only an error makes `doctor` fail."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """The result of one check. No text holds a token, a key, a name or an answer."""

    id: str
    """Names the check, such as `migrations`; several findings may share it."""
    level: Level
    what: str
    why: str = ""
    """Why it matters; empty for what is fine."""
    fix: str = ""
    """What to do."""


def fine(check: str, what: str) -> Finding:
    """Return that a check found nothing to mend."""
    return Finding(check, Level.OK, what)
