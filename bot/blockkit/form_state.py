"""The values of a modal whose fields use one id for block and element."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

_PLAIN: Final = (
    "value",
    "selected_date",
    "selected_time",
    "selected_conversation",
    "selected_user",
)


def fingerprint(text: str) -> str:
    """Return what tells a text from any other, for a form that has shown it: 32 characters."""
    return sha256(text.encode(errors="replace")).hexdigest()[:32]


class FormState:
    """A view's state, by field.

    https://docs.slack.dev/reference/views/modal-views
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]

    def one(self, field: str) -> str:
        """Return a field's value; empty if the field is empty or missing."""
        held = self._held(field)
        if chosen := held.get("selected_option"):
            return str(chosen["value"])
        return str(next((held[name] for name in _PLAIN if held.get(name)), ""))

    def many(self, field: str) -> tuple[str, ...]:
        """Return the values chosen in a field that takes several."""
        return tuple(str(each["value"]) for each in self._held(field).get("selected_options") or ())

    def user(self, field: str) -> str:
        """Return the id of the person chosen in a field; empty for nobody."""
        return str(self._held(field).get("selected_user") or "")

    def people(self, field: str) -> tuple[str, ...]:
        """Return the ids of the people chosen in a field that takes several."""
        return tuple(str(person) for person in self._held(field).get("selected_users") or ())

    def _held(self, field: str) -> Mapping[str, Any]:
        return self._values.get(field, {}).get(field) or {}
