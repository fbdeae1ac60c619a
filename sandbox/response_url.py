"""Response URLs: five uses within half an hour.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from dataclasses import dataclass

from sandbox.ids import new_secret
from sandbox.world import World

USES = 5
LIFETIME_SECONDS = 30 * 60
KEPT = 50_000
"""How many are remembered: enough to tell an expired URL from an invented one."""


@dataclass
class ResponseUrl:
    """A way to answer in a conversation; ``message_ts`` is the message that was pressed."""

    app_id: str
    user_id: str
    channel_id: str
    message_ts: str | None
    issued: float
    used: int = 0
    posted_ts: str | None = None
    """The latest message that was posted through it."""


class ResponseUrls:
    """All response URLs given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._urls: dict[str, ResponseUrl] = {}
        self._issued = 0

    def issue(
        self, kind: str, app_id: str, user_id: str, channel_id: str, message_ts: str | None = None
    ) -> str:
        """Return the path of a fresh response URL; ``kind`` is actions, commands or app."""
        secret = new_secret()
        self._urls[secret] = ResponseUrl(
            app_id, user_id, channel_id, message_ts, self._world.clock.monotonic()
        )
        self._issued += 1
        if len(self._urls) > KEPT:
            del self._urls[next(iter(self._urls))]
        return f"/{kind}/{self._world.team.id}/{self._issued}/{secret}"

    def find(self, secret: str) -> tuple[ResponseUrl | None, str | None]:
        """Return the response URL, or None and Slack's code for why it can't be used."""
        url = self._urls.get(secret)
        if url is None:
            return None, "invalid_url"
        if self._world.clock.monotonic() - url.issued > LIFETIME_SECONDS:
            return None, "expired_url"
        if url.used >= USES:
            return None, "used_url"
        return url, None
