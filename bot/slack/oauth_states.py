"""The value that ties an installation's return to its start: signed, so that nothing is stored.

Bolt keeps it in a cookie as well and compares the two, so that it counts in the browser that began
the installation only. Slack takes an authorization code once, so a state need not be used up.
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
        """Give Bolt a place to log to."""
        return getLogger(__name__)

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Make a fresh state that counts for ten minutes."""
        expires = int((self._clock() + STATE_LIFE).timestamp())
        said = f"{secrets.token_urlsafe(16)}.{expires}"
        return f"{said}.{self._signature(said)}"

    async def async_consume(self, state: str) -> bool:
        """Tell whether a state was issued here and is not too old."""
        said, _, signature = state.rpartition(".")
        if not hmac.compare_digest(self._signature(said).encode(), signature.encode()):
            return False
        return self._clock().timestamp() < int(said.rpartition(".")[2])

    def _signature(self, said: str) -> str:
        return hmac.new(self._secret, f"{PURPOSE}:{said}".encode(), sha256).hexdigest()
