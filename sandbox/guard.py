"""Keeps web sites out: what is open in a browser elsewhere has no business on this machine.

The sandbox listens on this machine alone, but any web site can let the visitor's own browser send
requests here: by having its name lead to 127.0.0.1, or by a form or script that posts.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OWN_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Other names for this machine are refused: a web site could have its own name lead here."""


class Guard:
    """Refuses, in front of a whole application, what does not come from this machine's own pages.

    Slack's clients send no Origin; a browser sends one with whatever a web site lets it post.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or connection."""
        refused = refusal(scope) if scope["type"] in {"http", "websocket"} else None
        if refused is None:
            await self._app(scope, receive, send)
            return
        status, said = refused
        await PlainTextResponse(said, status)(scope, receive, send)


def refusal(scope: Scope) -> tuple[int, str] | None:
    """Return status and words for what is refused, or None."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    host = headers.get(b"host", "")
    if re.sub(r":\d+$", "", host) not in OWN_HOSTS:
        return 403, "Open this page as http://127.0.0.1"
    if b"origin" in headers and netloc(headers[b"origin"]) != host:
        return 403, "Other pages may not use the sandbox"
    return None


def netloc(origin: str) -> str:
    """Return host and port of an origin; empty for one that is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
