"""The web process: Slack's endpoint, installation, health and metrics."""

import logging
import time
from collections import Counter

from slack_bolt.adapter.starlette.async_handler import (
    AsyncSlackRequestHandler,
    to_starlette_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.app import FAILED
from bot.error_handler import describe
from bot.pulse.handlers import step_use_case
from bot.readiness import Readiness
from bot.replays import RequestRefusedError, SeenRequests
from bot.runtime import Runtime
from bot.slack.request_body import Bodies
from bot.slack.requests import RequestGuard, is_ssl_check

logger = logging.getLogger(__name__)

CLOSING = {"connection": "close"}
EVENTS_PATH = "/slack/events"
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""Errors that Bolt raises for a payload with missing parts or wrong types."""


def create_server(runtime: Runtime, app: AsyncApp) -> Starlette:
    """Create the ASGI application around Bolt."""
    web = _Web(runtime, app)
    return Starlette(
        routes=[
            Route(EVENTS_PATH, web.slack, methods=["POST"]),
            Route("/slack/install", web.install),
            Route("/slack/oauth_redirect", web.install),
            Route("/health", web.health),
            Route("/ready", web.ready),
            Route("/metrics", web.metrics),
        ]
    )


class _Web:
    def __init__(self, runtime: Runtime, app: AsyncApp) -> None:
        secret = runtime.settings.slack_signing_secret
        self._guard = RequestGuard(secret.get_secret_value()) if secret else None
        self._seen = SeenRequests(runtime.sessions)
        self._bodies = Bodies()
        self._readiness = Readiness(runtime.sessions)
        self._runtime = runtime
        self._app = app
        self._oauth = AsyncSlackRequestHandler(app)
        self._answered: Counter[int] = Counter()
        self._seconds = 0.0

    async def slack(self, request: Request) -> Response:
        """Handle a request after checking that it is Slack's."""
        started = time.perf_counter()
        try:
            response = await self._answer(request)
        except RequestRefusedError as refusal:
            logger.info("refused a request: %s", refusal)
            # Nothing else that a stranger sends on this connection is read.
            response = PlainTextResponse(str(refusal), refusal.status, CLOSING)
        self._answered[response.status_code] += 1
        self._seconds += time.perf_counter() - started
        return response

    async def _answer(self, request: Request) -> Response:
        body = await self._bodies.read(request)
        if is_ssl_check(body):
            return PlainTextResponse("")
        if self._guard is None:
            raise RequestRefusedError(401, "this process takes Socket Mode only")
        now = int(time.time())
        checked = self._guard.check(request.headers, body, now)
        try:
            # In this mode Bolt uses the parsed content instead of reading the body again.
            asked = AsyncBoltRequest(
                body=checked.content,
                query=dict(request.query_params),
                headers=dict(request.headers),
                mode="socket_mode",
            )
        except UNREADABLE as error:
            # Signed and well-formed, but not a payload that Slack documents.
            raise RequestRefusedError(400, f"unreadable payload ({type(error).__name__})") from None
        if step_use_case(checked.content):
            asked.context["mark"] = self._seen.mark(checked.signature, now)
        elif not checked.may_repeat:
            try:
                await self._seen.check(checked.signature, now)
            except PoolTimeoutError as error:
                # The handler would wait as long again, and Slack would give up by then.
                asked.context[FAILED] = error
        try:
            return to_starlette_response(await self._app.async_dispatch(asked))
        except Exception as error:
            # Answering the failure failed as well. The message may contain a person's words.
            logger.error("a request could not be answered: %s", describe(error))
            return PlainTextResponse("", 500)

    async def install(self, request: Request) -> Response:
        """Start or finish an installation by OAuth."""
        return await self._oauth.handle(request)

    async def health(self, _request: Request) -> Response:
        """Answer 200 if the database can be read, otherwise 503."""
        return _status(await self._readiness.can_read(), "database unavailable")

    async def ready(self, _request: Request) -> Response:
        """Answer 200 if the database accepts a write, otherwise 503: its disk may be full."""
        return _status(await self._readiness.can_write(), "database takes no writes")

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


def _status(is_well: bool, otherwise: str) -> Response:
    if is_well:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": otherwise}, status_code=503)
