"""What answers besides the Web API: response URLs, uploads and the installation page."""

import json
import time
import urllib.parse
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from sandbox.answers import AnswerRefused, answer_by_url
from sandbox.connection import SlackJson, fault_instead, lose_connection
from sandbox.engine import Engine
from sandbox.ids import new_secret
from sandbox.neighbours import Neighbours


class Endpoints:
    """The endpoints of the workspaces of one server."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours

    async def response_url(self, request: Request) -> Response:
        """Take an answer through a response URL."""
        started = time.perf_counter()
        body = await request.body()
        engine = self._neighbours.of_team(request.path_params["team"])
        if lost := await fault_instead(request, engine.faults, "response_url"):
            return lost
        answer, status = use_response_url(engine, request.path_params["secret"], body)
        engine.log.add(
            "from_app",
            "response_url",
            parsed(body),
            answer or "ok",
            status=status,
            ms=(time.perf_counter() - started) * 1000,
            error=answer["error"] if answer else None,
        )
        if engine.faults.strike("response_url", "drop_answer"):
            return lose_connection(request)
        return SlackJson(answer, status) if answer else PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """Take the content of a file that was announced."""
        engine = self._neighbours.with_upload(request.path_params["key"])
        file = engine.world.file_named(request.path_params["key"])
        if file is None or file.content is not None:
            return PlainTextResponse("not found", 404)
        if lost := await fault_instead(request, engine.faults, "upload"):
            return lost
        content = await request.body()
        file.content, file.length = content, len(content)
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """Give the app a file's content; without its token or `files:read`, the sign-in page."""
        file_id = request.path_params["key"].rpartition("-")[2]
        world = self._neighbours.with_file(file_id).world
        app, file = world.app(), world.files.get(file_id)
        sent = request.headers.get("authorization", "")
        if sent != f"Bearer {app.bot_token}" or "files:read" not in app.scopes:
            return RedirectResponse("/", 302)
        if file is None or file.content is None:
            return PlainTextResponse("not found", 404)
        return Response(file.content, media_type="application/octet-stream")

    async def authorize(self, request: Request) -> Response:
        """Let the workspace's owner allow an installation: redirects back with a code.

        The workspace is ``team``, or the first one; ``for_organisation`` installs for all of it.
        """
        query = request.query_params
        engine = self._neighbours.of_team(query.get("team"))
        world = engine.world
        app = world.app()
        if app.client_id != query.get("client_id"):
            return PlainTextResponse("invalid_client_id", 400)
        redirect_uri = query.get("redirect_uri") or next(iter(app.redirect_urls), "")
        allowed = not app.redirect_urls or any(
            redirect_uri.startswith(url) for url in app.redirect_urls
        )
        if not redirect_uri or not allowed:
            return PlainTextResponse("bad_redirect_uri", 400)
        if query.get("deny"):
            return redirect(redirect_uri, error="access_denied", state=query.get("state", ""))
        installer = world.find_user(query.get("user", "")) or next(
            (u for u in world.users.values() if u.is_owner), world.users[app.bot_user_id]
        )
        code = new_secret()
        engine.oauth_codes[code] = {
            "for_organisation": bool(query.get("for_organisation")),
            "user_id": installer.id,
            "redirect_uri": query.get("redirect_uri", ""),
            "scopes": [s for s in query.get("scope", "").split(",") if s],
            "issued": world.clock.monotonic(),
            "used": False,
        }
        return redirect(redirect_uri, code=code, state=query.get("state", ""))


def use_response_url(engine: Engine, secret: str, body: bytes) -> tuple[dict[str, Any] | None, int]:
    """Return the error (None if all went well) and the HTTP status."""
    url, error = engine.response_urls.find(secret)
    if url is None:
        return {"ok": False, "error": error}, 404
    content = parsed(body)
    if not isinstance(content, dict):
        return {"ok": False, "error": "invalid_payload"}, 400
    channel = engine.world.channels[url.channel_id]
    try:
        posted = answer_by_url(engine.world, url.user_id, channel, url.message_ts, content)
    except AnswerRefused as refused:
        return {"ok": False, "error": str(refused)}, 400
    url.used += 1
    if posted is not None:
        url.posted_ts = posted.ts
    return None, 200


def redirect(uri: str, **query: str) -> Response:
    """Return a redirection with more query arguments."""
    separator = "&" if "?" in uri else "?"
    return RedirectResponse(f"{uri}{separator}{urllib.parse.urlencode(query)}", 302)


def parsed(body: bytes) -> Any:
    """Return a JSON body, or None."""
    try:
        return json.loads(body)
    except ValueError:
        return None
