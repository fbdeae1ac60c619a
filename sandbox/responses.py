"""JSON as Slack writes it."""

import json
from typing import Any

from starlette.responses import JSONResponse


class SlackJson(JSONResponse):
    """JSON in plain ASCII, so that even half a surrogate pair from a client can be answered."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")
