"""The value of a match's buttons: its id and, where a message is about one meeting, the number."""

import re
from typing import Any, Final

from bot.errors import OutdatedError

_VALUE: Final = re.compile(r"([0-9a-f]{32})(?:\.([0-9]{1,4}))?")


def value_of(match_id: str, number: int) -> str:
    """Return the value of a button that is about one meeting of a pair."""
    return f"{match_id}.{number}"


def press_in(action: dict[str, Any]) -> tuple[str, int]:
    """Return the match's id and the meeting's number, 0 for none; raise OutdatedError otherwise."""
    value = action.get("value")
    found = _VALUE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise OutdatedError
    return found[1], int(found[2] or 0)
