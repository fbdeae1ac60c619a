"""The web process: Slack's endpoint, installation, health and metrics."""

import logging
import time
from collections import Counter
from contextlib import suppress

from slack_bolt.adapter.starlette.async_handler import (
    AsyncSlackRequestHandler,
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.app.async_app import AsyncApp
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.app import FAILED
from bot.house import House
from bot.slack.replays import SeenRequests
from bot.slack.requests import LARGEST_BODY, RefusedError, RequestGuard, is_ssl_check

logger = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What Bolt raises for a payload whose parts are missing, or of other kinds than Slack's."""


def create_server(house: House, app: AsyncApp) -> Starlette:
    """Create the ASGI application around Bolt."""
    web = _Web(house, app)
    return Starlette(
        routes=[
            Route(EVENTS_PATH, web.slack, methods=["POST"]),
            Route("/slack/install", web.install),
            Route("/slack/oauth_redirect", web.install),
            Route("/health", web.health),
            Route("/metrics", web.metrics),
        ]
    )


class _Web:
    def __init__(self, house: House, app: AsyncApp) -> None:
        secret = house.settings.slack_signing_secret
        self._guard = RequestGuard(secret.get_secret_value()) if secret else None
        self._seen = SeenRequests(house.sessions)
        self._house = house
        self._app = app
        self._oauth = AsyncSlackRequestHandler(app)
        self._answered: Counter[int] = Counter()
        self._seconds = 0.0

    async def slack(self, request: Request) -> Response:
        """Take what Slack sends, after checking that it is Slack's."""
        started = time.perf_counter()
        try:
            response = await self._answer(request)
        except RefusedError as refusal:
            logger.info("refused a request: %s", refusal)
            response = PlainTextResponse(str(refusal), status_code=refusal.status)
        self._answered[response.status_code] += 1
        self._seconds += time.perf_counter() - started
        return response

    async def _answer(self, request: Request) -> Response:
        body = await _body_of(request)
        if is_ssl_check(body):
            return PlainTextResponse("")
        if self._guard is None:
            raise RefusedError(401, "this process takes Socket Mode only")
        now = int(time.time())
        checked = self._guard.check(request.headers, body, now)
        try:
            asked = to_async_bolt_request(request, body)
        except UNREADABLE as error:
            # Signed and well-formed, yet not a payload that Slack documents.
            raise RefusedError(400, f"unreadable payload ({type(error).__name__})") from None
        if not checked.may_repeat:
            try:
                await self._seen.check(checked.signature, now)
            except PoolTimeoutError as error:
                # The handler would wait as long again, and Slack would have given up by then.
                asked.context[FAILED] = error
        return to_starlette_response(await self._app.async_dispatch(asked))

    async def install(self, request: Request) -> Response:
        """Start or finish an installation by OAuth."""
        return await self._oauth.handle(request)

    async def health(self, _request: Request) -> Response:
        """Answer 200 when the database answers, 503 otherwise."""
        with suppress(SQLAlchemyError, OSError):
            async with self._house.sessions.begin() as session:
                await session.execute(text("SELECT 1"))
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "database unavailable"}, status_code=503)

    async def metrics(self, _request: Request) -> Response:
        """Count requests in the Prometheus text format; no label names a person."""
        lines = ["# TYPE attune_requests_total counter"]
        lines += [
            f'attune_requests_total{{status="{status}"}} {count}'
            for status, count in sorted(self._answered.items())
        ]
        lines += ["# TYPE attune_request_seconds_total counter"]
        lines += [f"attune_request_seconds_total {self._seconds:.3f}"]
        return PlainTextResponse("\n".join(lines) + "\n")


async def _body_of(request: Request) -> bytes:
    """Read a body, and no more of it than Slack could send: a stranger's has no length to trust."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_BODY:
                raise RefusedError(400, "body too large")
    except ClientDisconnect:
        raise RefusedError(400, "the body never came whole") from None
    return bytes(body)
