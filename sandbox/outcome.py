"""The outcome of an act of a person."""

from dataclasses import dataclass, field

from sandbox.outbound.delivery import Reply
from sandbox.state import Json


class CannotError(Exception):
    """The person can't do that here; ``code`` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code


@dataclass
class Outcome:
    """What the app replied and what the person now sees.

    ``error`` is a code (``operation_timeout``, ``dispatch_failed``, ``http_service_error``,
    ``bad_response``, ``missing_input``, …); ``shown`` is what the person reads.
    """

    reply: Reply | None = None
    error: str | None = None
    shown: str | None = None
    view: Json | None = None
    message: Json | None = None
    errors: dict[str, str] = field(default_factory=dict)
    note: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it went through."""
        return self.error is None


TROUBLE = "We had some trouble connecting. Try again?"


def outcome_of(reply: Reply, shown: str = TROUBLE) -> Outcome:
    """Return the outcome of a reply that needs nothing more."""
    if reply.ok:
        return Outcome(reply)
    return Outcome(reply, reply.error, shown)
