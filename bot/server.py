"""The web process: Slack's endpoint, installation and health."""

import logging
import time

from slack_bolt.adapter.starlette.async_handler import (
    AsyncSlackRequestHandler,
    to_starlette_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.app import FAILED
from bot.error_handler import describe
from bot.journeys.handlers import leaves_no_trace
from bot.languages import browsers_language, speaking
from bot.logs import logging_request
from bot.operations import health_routes
from bot.pulse.handlers import step_use_case
from bot.replays import RequestRefusedError, SeenRequests
from bot.runtime import Runtime
from bot.slack import install_pages
from bot.slack.authorising import name_workspace
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
            *health_routes(runtime),
        ]
    )


class _Web:
    def __init__(self, runtime: Runtime, app: AsyncApp) -> None:
        secret = runtime.settings.slack_signing_secret
        self._guard = RequestGuard(secret.get_secret_value()) if secret else None
        self._seen = SeenRequests(runtime.sessions)
        self._bodies = Bodies()
        self._runtime = runtime
        self._app = app
        self._oauth = AsyncSlackRequestHandler(app)

    async def slack(self, request: Request) -> Response:
        """Handle a request after checking that it is Slack's."""
        with logging_request():
            try:
                return await self._answer(request)
            except RequestRefusedError as refusal:
                logger.info("refused a request: %s", refusal)
                self._runtime.metrics.refused(refusal.status)
                # Nothing else that a stranger sends on this connection is read.
                return PlainTextResponse(str(refusal), refusal.status, CLOSING)

    async def _answer(self, request: Request) -> Response:
        started = time.perf_counter()
        body = await self._bodies.read(request)
        if is_ssl_check(body):
            return PlainTextResponse("")
        if self._guard is None:
            raise RequestRefusedError(401, "this process takes Socket Mode only")
        now = int(time.time())
        checked = self._guard.check(request.headers, body, now)
        try:
            name_workspace(checked.content)
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
        is_answer = step_use_case(checked.content) is not None
        is_private = leaves_no_trace(checked.content)
        if is_private:
            self._seen.mark(checked.signature, now)  # known to this process, and stored nowhere
        elif is_answer:
            asked.context["mark"] = self._seen.mark(checked.signature, now)
        elif not checked.may_repeat:
            try:
                await self._seen.check(checked.signature, now)
            except PoolTimeoutError as error:
                # The handler would wait as long again, and Slack would give up by then.
                asked.context[FAILED] = error
        with self._runtime.metrics.paused(when=is_private):
            try:
                response = to_starlette_response(await self._app.async_dispatch(asked))
            except Exception as error:
                # Answering the failure failed as well. The message may contain a person's words.
                logger.error("a request could not be answered: %s", describe(error))
                return PlainTextResponse("", 500)
            self._runtime.metrics.acknowledged(time.perf_counter() - started, is_answer=is_answer)
        return response

    async def install(self, request: Request) -> Response:
        """Start or finish an installation by OAuth, in the browser's language."""
        with speaking(browsers_language(request.headers.get("accept-language", ""))):
            try:
                return await self._oauth.handle(request)
            except Exception as error:
                logger.error("an installation failed: %s", describe(error))
                return HTMLResponse(install_pages.failed("unavailable"), 500)
