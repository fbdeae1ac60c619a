"""Checks, before Bolt reads a request, that it is Slack's, fresh and well-formed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier

from bot.replays import FRESH_SECONDS, RequestRefusedError

LARGEST_BODY = 2 * 1024 * 1024
COMMON_ESCAPES = {"%22": '"', "%3A": ":", "%2C": ",", "%7B": "{", "%7D": "}"}
"""Frequent escapes in JSON. Python decodes a form's escapes one by one, three times as slowly.

None of these characters separates fields, or could begin or end another escape.
"""
PRESS = "block_actions"
EVENT = "event_callback"
"""https://docs.slack.dev/apis/events-api#event-type-structure"""


@dataclass(frozen=True)
class Checked:
    """A verified request."""

    signature: str
    content: dict[str, Any]
    """The event, the interaction's payload or the command's fields, as Bolt expects them."""

    @property
    def may_repeat(self) -> bool:
        """True if Slack may send such a request again, perhaps with its first signature.

        The signed body decides, because headers are not signed. Slack retries events, and handling
        one twice changes nothing; it never retries commands and interactions.
        """
        return self.content.get("type") == EVENT


class RequestGuard:
    """Checks the signature, age and form of requests that claim to come from Slack."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)

    def check(self, headers: Mapping[str, str], body: bytes, now: int) -> Checked:
        """Return the verified request, or raise RefusedError. `now` is in Unix seconds."""
        if len(body) > LARGEST_BODY:
            raise RequestRefusedError(400, "body too large")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise RequestRefusedError(400, "body is not UTF-8") from None
        signature = headers.get("x-slack-signature", "")
        self._check_signature(headers.get("x-slack-request-timestamp", ""), signature, text, now)
        return Checked(signature, _content(headers.get("content-type", ""), text))

    def _check_signature(self, timestamp: str, signature: str, text: str, now: int) -> None:
        # slack_sdk raises ValueError for a timestamp that isn't an integer.
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise RequestRefusedError(401, "no usable timestamp")
        if abs(now - int(timestamp)) > FRESH_SECONDS:
            raise RequestRefusedError(401, "stale")
        expected = self._verifier.generate_signature(timestamp=timestamp, body=text)
        if expected is None or not signature.isascii() or not compare_digest(expected, signature):
            raise RequestRefusedError(401, "bad signature")


def is_ssl_check(body: bytes) -> bool:
    """Return True if Slack only tests the address's certificate; that request has no signature.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    return len(body) < 1024 and b"ssl_check=1" in body.split(b"&")


def _content(content_type: str, text: str) -> dict[str, Any]:
    """Parse a body as Bolt would; raise RefusedError if it is malformed."""
    try:
        if content_type.startswith("application/json"):
            parsed = json.loads(text)
        elif content_type.startswith("application/x-www-form-urlencoded"):
            for escape, character in COMMON_ESCAPES.items():
                text = text.replace(escape, character)
            fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
            parsed = json.loads(fields["payload"]) if "payload" in fields else fields or None
        else:
            raise RequestRefusedError(400, "unknown content type")
    except (ValueError, RecursionError):
        raise RequestRefusedError(400, "malformed body") from None
    if not isinstance(parsed, dict):
        raise RequestRefusedError(400, "malformed body")
    is_formed = {EVENT: _is_event, PRESS: _is_press}
    kind = parsed.get("type")
    if isinstance(kind, str) and kind in is_formed and not is_formed[kind](parsed):
        raise RequestRefusedError(400, "malformed body")
    return parsed


def _is_event(content: dict[str, Any]) -> bool:
    """Return True if an event names its workspace and its type."""
    event = content.get("event")
    named = isinstance(event, dict) and isinstance(event.get("type"), str)
    return named and isinstance(content.get("team_id"), str | None)


def _is_press(content: dict[str, Any]) -> bool:
    """Return True if a press names what was pressed; Bolt reads the first of its actions."""
    actions = content.get("actions")
    return isinstance(actions, list) and bool(actions) and isinstance(actions[0], dict)
