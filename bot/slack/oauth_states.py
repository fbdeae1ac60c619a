"""The OAuth state that ties an installation's return to its start; signed instead of stored.

Bolt keeps it in a cookie as well and compares the two, so a state is valid only in the browser that
began the installation. Slack accepts an authorization code once, so a state may be used again.
RFC 6749, 10.12; https://docs.slack.dev/authentication/installing-with-oauth
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from logging import Logger, getLogger
from typing import Final

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.clock import Clock

STATE_LIFE: Final = timedelta(minutes=10)
PURPOSE: Final = "attune.oauth-state"


class OAuthStates(AsyncOAuthStateStore):
    """Issues and checks states; all processes share the client secret that signs them."""

    def __init__(self, client_secret: str, clock: Clock) -> None:
        self._secret = client_secret.encode()
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Give Bolt a logger."""
        return getLogger(__name__)

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Return a fresh state that is valid for ten minutes."""
        expires = int((self._clock() + STATE_LIFE).timestamp())
        content = f"{secrets.token_urlsafe(16)}.{expires}"
        return f"{content}.{self._signature(content)}"

    async def async_consume(self, state: str) -> bool:
        """Return True if a state was issued here and is still valid."""
        content, _, signature = state.rpartition(".")
        if not hmac.compare_digest(self._signature(content).encode(), signature.encode()):
            return False
        return self._clock().timestamp() < int(content.rpartition(".")[2])

    def _signature(self, content: str) -> str:
        return hmac.new(self._secret, f"{PURPOSE}:{content}".encode(), sha256).hexdigest()
