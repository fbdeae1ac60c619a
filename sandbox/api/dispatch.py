"""From an HTTP request to a method and back, with tokens, scopes, limits and faults."""

import asyncio
import base64
import binascii
import json
import time
import urllib.parse
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import sandbox.api  # noqa: F401 - registers the methods
from sandbox.api.errors import ApiError, RateLimitedError
from sandbox.api.registry import METHODS, Call, Method, missing_scope
from sandbox.connection import lose_connection
from sandbox.engine import Engine
from sandbox.limits import HISTORY_OF_NEW_APPS
from sandbox.responses import SlackJson
from sandbox.state import App, Json


class WebApi:
    """The endpoint ``/api/{method}``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def endpoint(self, request: Request) -> Response:
        """Answer one call and write it down."""
        name = request.path_params["method"]
        started = time.perf_counter()
        arguments: Json = {}
        app: App | None = None
        try:
            arguments, warnings = await read_arguments(request)
            token = bearer(request) or str(arguments.pop("token", "") or "")
            arguments.pop("token", None)
            app = self._engine.world.app_with_token(token) if token else None
            call = Call(self._engine, arguments, app, warnings, basic_credentials(request))
            lost = await self._fault_before(request, name)
            response = lost or self._answer(call, name, token)
        except ApiError as error:
            response = SlackJson(error.to_json())
        self._write_down(name, arguments, response, app, started)
        if self._engine.faults.strike(name, "drop_answer"):
            return lose_connection(request)
        return response

    async def _fault_before(self, request: Request, name: str) -> Response | None:
        """Let a fault happen instead of the call, if one does."""
        faults = self._engine.faults
        if delay := faults.strike(name, "delay"):
            await asyncio.sleep(delay.seconds)
        fault = faults.strike(name, "drop", "429", "5xx", "refuse")
        if fault is None:
            return None
        if fault.kind == "drop":
            return lose_connection(request)
        if fault.kind == "429":
            return rate_limited(max(1, round(fault.seconds)))
        if fault.kind == "refuse":
            return SlackJson({"ok": False, "error": fault.error})
        return SlackJson({"ok": False, "error": "internal_error"}, fault.status)

    def _answer(self, call: Call, name: str, token: str) -> Response:
        method = METHODS.get(name)
        if method is None or any(name in a.lacks for a in self._engine.world.apps.values()):
            raise ApiError("unknown_method", req_method=name)
        headers = authorize(call, method, token)
        if wait := self._wait(call, method):
            return rate_limited(wait)
        try:
            answer = {"ok": True, **method.handle(call)}
        except RateLimitedError as error:
            return rate_limited(error.seconds)
        except ApiError as error:
            answer = error.to_json()
        if call.warnings:
            answer["warning"] = ",".join(call.warnings)
            answer.setdefault("response_metadata", {})["warnings"] = call.warnings
        return SlackJson(answer, headers=headers)

    def _wait(self, call: Call, method: Method) -> int | None:
        app_id = call.caller.id if call.caller else "anyone"
        rate = method.tier.value
        if method.name in {"conversations.history", "conversations.replies"} and (
            call.caller and call.caller.restricted_history
        ):
            rate = HISTORY_OF_NEW_APPS
        if rate is None:
            return None
        team_id = self._engine.world.team.id
        return self._engine.limiter.retry_after(rate, app_id, team_id, method.name)

    def _write_down(
        self, name: str, arguments: Json, response: Response, app: App | None, started: float
    ) -> None:
        answer = json.loads(bytes(response.body)) if response.body else None
        self._engine.log.add(
            "from_app",
            name,
            arguments,
            answer,
            status=response.status_code,
            ms=(time.perf_counter() - started) * 1000,
            app_id=app.id if app else None,
            error=answer.get("error") if isinstance(answer, dict) else "connection_lost",
        )


def authorize(call: Call, method: Method, token: str) -> dict[str, str]:
    """Check token and scopes and return the headers that name them. Raises ApiError."""
    if method.caller == "none":
        return {}
    if not token:
        raise ApiError("not_authed")
    app = call.caller
    if app is None:
        raise ApiError("invalid_auth")
    if not app.installed:
        raise ApiError("account_inactive")
    is_app_token = token == app.app_token
    if is_app_token != (method.caller == "app"):
        raise ApiError("not_allowed_token_type")
    if is_app_token:
        return {"x-oauth-scopes": "connections:write"}
    if method.scopes and not app.scopes.intersection(method.scopes):
        raise missing_scope(app, ",".join(method.scopes))
    headers = {"x-oauth-scopes": ",".join(sorted(app.scopes))}
    if method.scopes:
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
    return headers


def rate_limited(seconds: int) -> Response:
    """Return Slack's 429."""
    return SlackJson(
        {"ok": False, "error": "ratelimited"}, 429, headers={"Retry-After": str(seconds)}
    )


def bearer(request: Request) -> str:
    """Return the token of the Authorization header, or nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """Return client id and secret of HTTP Basic authentication, if it was used."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return client_id, secret


async def read_arguments(request: Request) -> tuple[Json, list[str]]:
    """Return the arguments of query and body, and Slack's warnings about the charset.

    Raises ApiError with invalid_json, json_not_object or invalid_form_data.
    """
    arguments: Json = dict(request.query_params)
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if "json" in content_type:
        warnings = [] if "charset" in content_type else ["missing_charset"]
        return arguments | json_object(body), warnings
    try:
        form = urllib.parse.parse_qs(body.decode(), keep_blank_values=True)
    except UnicodeDecodeError as error:
        raise ApiError("invalid_form_data") from error
    superfluous = "charset" in content_type and "urlencoded" in content_type
    arguments |= {name: values[-1] for name, values in form.items()}
    return arguments, ["superfluous_charset"] if superfluous else []


def json_object(body: bytes) -> Json:
    """Return a JSON body, which must be an object. Raises ApiError."""
    if not body:
        return {}
    try:
        parsed: Any = json.loads(body)
    except ValueError as error:
        raise ApiError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise ApiError("json_not_object")
    return parsed
