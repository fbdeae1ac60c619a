"""Errors of the Web API."""

from typing import Any


class ApiError(Exception):
    """A call that answers ``ok: false``. ``more`` joins the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def to_json(self) -> dict[str, Any]:
        """Return the answer."""
        return {"ok": False, "error": self.error, **self.more}


class RateLimitedError(ApiError):
    """One call too many: HTTP 429 with ``seconds`` as Retry-After."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


def invalid_arguments(*messages: str) -> ApiError:
    """Return the error for arguments that make no sense, with Slack's kind of messages."""
    shown = [f"[ERROR] {message}" for message in messages]
    return ApiError("invalid_arguments", response_metadata={"messages": shown})
