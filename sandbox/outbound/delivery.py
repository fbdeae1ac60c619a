"""Delivers one payload to the app, over signed HTTP or Socket Mode, and notes what came back."""

import asyncio
import hashlib
import hmac
import json
import time
import urllib.parse
import uuid
from dataclasses import dataclass, replace
from typing import Any, Literal

import aiohttp

from sandbox.calls import CallLog
from sandbox.faults import Faults
from sandbox.outbound.sockets import SocketGoneError, Sockets
from sandbox.state import Json
from sandbox.world import World

Kind = Literal["events_api", "interactive", "slash_commands"]
TIMEOUT = "operation_timeout"
UNREACHABLE = "dispatch_failed"
BAD_ANSWER = "http_service_error"
RETRY_REASONS = {
    TIMEOUT: "http_timeout",
    UNREACHABLE: "connection_failed",
    BAD_ANSWER: "http_error",
}
"""How the retry headers of events name what went wrong."""

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Parcel:
    """One payload on its way. ``name`` is what faults and the log know it by."""

    kind: Kind
    name: str
    payload: Json
    retry_num: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Reply:
    """What the app answered; ``error`` is the code that Slack would show the person."""

    status: int | None
    body: Any
    ms: float = 0.0
    error: str | None = None
    no_retry: bool = False
    """Whether the app asked not to be sent this event again (``X-Slack-No-Retry: 1``)."""

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.error is None


class Delivery:
    """The way to the app."""

    def __init__(
        self, world: World, sockets: Sockets, faults: Faults, log: CallLog, timeout: float
    ) -> None:
        self.timeout = timeout
        self._world = world
        self._sockets = sockets
        self._faults = faults
        self._log = log
        self._session: aiohttp.ClientSession | None = None
        self._late: set[asyncio.Task[Reply]] = set()

    async def send(self, parcel: Parcel) -> Reply:
        """Send it, wait for the acknowledgement and write both down."""
        started = time.perf_counter()
        reply = await self._send_with_faults(parcel)
        ms = (time.perf_counter() - started) * 1000
        self._log.add(
            "to_app",
            parcel.name,
            parcel.payload,
            reply.body,
            status=reply.status,
            ms=ms,
            error=reply.error,
        )
        return replace(reply, ms=ms)

    async def interact(self, payload: Json) -> Reply:
        """Send an interaction."""
        return await self.send(Parcel("interactive", f"interaction:{payload['type']}", payload))

    def duplicates(self, name: str) -> bool:
        """Return True if this event is to come twice."""
        return self._faults.strike(name, "duplicate") is not None

    async def _send_with_faults(self, parcel: Parcel) -> Reply:
        if self._faults.strike(parcel.name, "drop"):
            return Reply(None, None, error=TIMEOUT)
        if delay := self._faults.strike(parcel.name, "delay"):
            reply = await self._send_late(parcel, delay.seconds)
        else:
            reply = await self._send_once(parcel)
        if self._faults.strike(parcel.name, "drop_answer"):
            return Reply(None, None, error=TIMEOUT)
        return reply

    async def _send_late(self, parcel: Parcel, seconds: float) -> Reply:
        """Let it arrive late: the app may well get it after Slack has given up waiting."""

        async def later() -> Reply:
            await asyncio.sleep(seconds)
            return await self._send_once(parcel)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(task), self.timeout)
        except TimeoutError:
            return Reply(None, None, error=TIMEOUT)

    async def _send_once(self, parcel: Parcel) -> Reply:
        try:
            if self._world.app().socket_mode:
                return await self._by_socket(parcel)
            return await self._by_http(parcel)
        except TimeoutError:
            return Reply(None, None, error=TIMEOUT)
        except (aiohttp.ClientError, OSError, SocketGoneError):
            return Reply(None, None, error=UNREACHABLE)

    async def _by_socket(self, parcel: Parcel) -> Reply:
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": accepts_response(parcel),
        }
        if parcel.kind == "events_api":
            envelope["retry_attempt"] = parcel.retry_num
            envelope["retry_reason"] = parcel.retry_reason.removeprefix("http_")
        body = await self._sockets.send(self._world.app().id, envelope, parcel.name, self.timeout)
        return Reply(200, body)

    async def _by_http(self, parcel: Parcel) -> Reply:
        app = self._world.app()
        if not app.events_url:
            raise OSError("the app has no request URL")
        body, headers = encode(parcel)
        # Real time, however far the workspace's clock was moved: the app knows no other, and
        # refuses what seems stale.
        headers |= signed_headers(app.signing_secret, str(int(time.time())), body)
        if self._session is None:
            # Shorter than a server's usual 5 s, so that no request meets a closing connection.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
            self._session = aiohttp.ClientSession(connector=connector)
        async with self._session.post(
            app.events_url,
            data=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=self.timeout),
        ) as response:
            answer = parse(response.content_type, await response.text())
            error = None if 200 <= response.status < 300 else BAD_ANSWER
            no_retry = response.headers.get("X-Slack-No-Retry") == "1"
            return Reply(response.status, answer, error=error, no_retry=no_retry)

    async def close(self) -> None:
        """Give up what is still on its way and close the connections."""
        for task in tuple(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


def signed_headers(secret: str, timestamp: str, body: bytes) -> dict[str, str]:
    """Return the two headers that let an app know a request for Slack's.

    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    base = b"v0:" + timestamp.encode() + b":" + body
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}


def encode(parcel: Parcel) -> tuple[bytes, dict[str, str]]:
    """Return body and headers: events as JSON, interactions and commands as forms."""
    headers = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
    if parcel.kind == "events_api":
        headers["Content-Type"] = "application/json"
        if parcel.retry_num:
            headers["X-Slack-Retry-Num"] = str(parcel.retry_num)
            headers["X-Slack-Retry-Reason"] = parcel.retry_reason
        return json.dumps(parcel.payload).encode(), headers
    headers["Content-Type"] = FORM
    form = parcel.payload
    if parcel.kind == "interactive":
        form = {"payload": json.dumps(parcel.payload)}
    return urllib.parse.urlencode(form).encode(), headers


def parse(content_type: str, text: str) -> Any:
    """Return the app's answer as JSON where it is, as text otherwise, None when empty."""
    if not text:
        return None
    if "json" in content_type:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def accepts_response(parcel: Parcel) -> bool:
    """Return True if the acknowledgement may carry a payload."""
    return parcel.kind == "slash_commands" or parcel.payload.get("type") in {
        "view_submission",
        "block_suggestion",
    }
