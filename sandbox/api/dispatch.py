"""From an HTTP request to a method and back, with tokens, scopes, limits and faults."""

import base64
import binascii
import json
import time
import urllib.parse
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import sandbox.api  # noqa: F401 - registers the methods
from sandbox.api.errors import ApiError, RateLimitedError, invalid_arguments
from sandbox.api.registry import METHODS, Call, Method, missing_scope
from sandbox.connection import SlackJson, fault_instead, lose_connection, rate_limited
from sandbox.engine import Engine
from sandbox.neighbours import Neighbours
from sandbox.state import Json

NEEDS_TEAM = frozenset(
    {"users.list", "usergroups.list", "usergroups.users.list", "team.profile.get"}
)
"""Methods that ask an organisation's token for a workspace.

https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
"""


class WebApi:
    """The endpoint ``/api/{method}``."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours

    async def endpoint(self, request: Request) -> Response:
        """Answer one call and write it down."""
        name = request.path_params["method"]
        started = time.perf_counter()
        arguments: Json = {}
        engine = self._neighbours.engines[0]
        try:
            arguments = await read_arguments(request)
            token = bearer(request) or str(arguments.pop("token", "") or "")
            arguments.pop("token", None)
            engine = self._concerned(token, arguments)
            app = engine.world.app_with_token(token) if token else None
            call = Call(engine, arguments, app, basic_credentials(request))
            lost = await fault_instead(request, engine.faults, name)
            response = lost or self._answer(call, name, token)
        except ApiError as error:
            response = SlackJson(error.to_json())
        self._write_down(engine, name, arguments, response, started)
        if engine.faults.strike(name, "drop_answer"):
            return lose_connection(request)
        return response

    def _answer(self, call: Call, name: str, token: str) -> Response:
        method = METHODS.get(name)
        if method is None or name in call.world.app().lacks:
            raise ApiError("unknown_method", req_method=name)
        headers = authorize(call, method, token)
        if wait := self._wait(call.engine, method):
            return rate_limited(wait)
        try:
            answer = {"ok": True, **method.handle(call)}
        except RateLimitedError as error:
            return rate_limited(error.seconds)
        except ApiError as error:
            answer = error.to_json()
        return SlackJson(answer, headers=headers)

    def _concerned(self, token: str, arguments: Json) -> Engine:
        """Return the workspace that a call concerns."""
        if token:
            return self._neighbours.with_token(token, str(arguments.get("team_id") or ""))
        return self._neighbours.with_grant(
            str(arguments.get("code") or arguments.get("refresh_token"))
        )

    def _wait(self, engine: Engine, method: Method) -> int | None:
        rate = method.tier.value
        return engine.limiter.retry_after(rate, method.name) if rate else None

    def _write_down(
        self, engine: Engine, name: str, arguments: Json, response: Response, started: float
    ) -> None:
        answer = json.loads(bytes(response.body)) if response.body else None
        engine.log.add(
            "from_app",
            name,
            arguments,
            answer,
            status=response.status_code,
            ms=(time.perf_counter() - started) * 1000,
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
    check_installed(call, method, token)
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


def check_installed(call: Call, method: Method, token: str) -> None:
    """Check that a token is still valid, and valid in this workspace. Raises ApiError."""
    app = call.app
    if token in app.token_ends and app.token_ends[token] <= call.world.clock.monotonic():
        raise ApiError("token_expired")
    if app.is_org_wide and method.for_organisation:
        return
    if app.is_org_wide and method.name in NEEDS_TEAM and not call.text("team_id"):
        raise invalid_arguments("missing required field: team_id")
    if not app.installed:
        raise ApiError("team_access_not_granted" if app.is_org_wide else "account_inactive")


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


async def read_arguments(request: Request) -> Json:
    """Return the arguments of query and body.

    Raises ApiError with invalid_json, json_not_object or invalid_form_data.
    """
    arguments: Json = dict(request.query_params)
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if "json" in content_type:
        return arguments | json_object(body)
    try:
        form = urllib.parse.parse_qs(body.decode(), keep_blank_values=True)
    except UnicodeDecodeError as error:
        raise ApiError("invalid_form_data") from error
    return arguments | {name: values[-1] for name, values in form.items()}


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
