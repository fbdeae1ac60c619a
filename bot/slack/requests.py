"""Is a request really Slack's, fresh, unseen and well-formed? Decided before Bolt reads it."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

FRESH_SECONDS = 300
"""https://docs.slack.dev/authentication/verifying-requests-from-slack"""
LARGEST_BODY = 2 * 1024 * 1024


class RefusedError(Exception):
    """A request that is not answered; `status` is 400 or 401."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class RequestGuard:
    """Checks signature, age, repetition and form of what claims to come from Slack."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._seen: OrderedDict[str, int] = OrderedDict()

    def check(self, headers: Mapping[str, str], body: bytes, now: int) -> None:
        """Return for a good request; raise RefusedError otherwise. `now` is in Unix seconds."""
        if len(body) > LARGEST_BODY:
            raise RefusedError(400, "body too large")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise RefusedError(400, "body is not UTF-8") from None
        signature = headers.get("x-slack-signature", "")
        self._check_signature(headers.get("x-slack-request-timestamp", ""), signature, text, now)
        if "x-slack-retry-num" not in headers:
            # Slack may send a retried event with its first signature; events are idempotent.
            self._check_unseen(signature, now)
        _check_form(headers.get("content-type", ""), text)

    def _check_signature(self, timestamp: str, signature: str, text: str, now: int) -> None:
        # slack_sdk raises ValueError for a timestamp that is no integer.
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise RefusedError(401, "no usable timestamp")
        if abs(now - int(timestamp)) > FRESH_SECONDS:
            raise RefusedError(401, "stale")
        expected = self._verifier.generate_signature(timestamp=timestamp, body=text)
        if expected is None or not signature.isascii() or not compare_digest(expected, signature):
            raise RefusedError(401, "bad signature")

    def _check_unseen(self, signature: str, now: int) -> None:
        # Two presses of one person differ in trigger_id: an equal signature is a copy.
        while self._seen and next(iter(self._seen.values())) < now - 2 * FRESH_SECONDS:
            self._seen.popitem(last=False)
        if signature in self._seen:
            raise RefusedError(401, "replayed")
        self._seen[signature] = now


def is_ssl_check(body: bytes) -> bool:
    """Tell whether Slack only tests the address's certificate; such a request has no signature.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    return len(body) < 1024 and b"ssl_check=1" in body.split(b"&")


def _check_form(content_type: str, text: str) -> None:
    """Refuse what Bolt could not parse."""
    try:
        if content_type.startswith("application/json"):
            parsed = json.loads(text)
        elif content_type.startswith("application/x-www-form-urlencoded"):
            fields = parse_qs(text, strict_parsing=True)
            parsed = json.loads(fields["payload"][0]) if "payload" in fields else fields or None
        else:
            raise RefusedError(400, "unknown content type")
    except ValueError:
        raise RefusedError(400, "malformed body") from None
    if not isinstance(parsed, dict):
        raise RefusedError(400, "malformed body")
