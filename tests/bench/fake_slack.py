"""A Slack in a process of its own that takes messages up to a limit and counts them.

The limit stands in the address: `/50/api/` takes 50 messages a second, `/0/api/` any number. What
goes beyond it gets a 429 with Retry-After (https://docs.slack.dev/apis/web-api/rate-limits).
`python -m tests.bench.fake_slack PORT` serves it.
"""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web


@dataclass
class Bucket:
    """A token bucket that holds a second's messages; 0 a second is no limit."""

    a_second: float
    tokens: float = field(init=False)
    counted: float = field(default_factory=time.monotonic)
    taken: list[float] = field(default_factory=list)
    """When, in monotonic seconds."""
    refused: int = 0

    def __post_init__(self) -> None:
        """Start full."""
        self.tokens = self.a_second

    def takes(self) -> bool:
        """Count a message; False if it is one too many."""
        now = time.monotonic()
        self.tokens = min(self.a_second, self.tokens + (now - self.counted) * self.a_second)
        self.counted = now
        if self.a_second and self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        self.taken.append(now)
        return True


def make_server() -> web.Application:
    """Create the server."""
    buckets: dict[str, Bucket] = {}

    def bucket_of(request: web.Request) -> Bucket:
        limit = request.match_info["limit"]
        return buckets.setdefault(limit, Bucket(float(limit)))

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        if request.match_info["method"] != "chat.postMessage" or bucket_of(request).takes():
            return web.json_response({"ok": True, "channel": "D1", "ts": "1.000001"})
        refusal = {"ok": False, "error": "ratelimited"}
        return web.json_response(refusal, status=429, headers={"Retry-After": "1"})

    async def count(request: web.Request) -> web.Response:
        bucket = buckets.pop(request.match_info["limit"], Bucket(0))
        return web.json_response({"taken": bucket.taken, "refused": bucket.refused})

    app = web.Application()
    app.router.add_post("/{limit}/api/{method}", answer)
    app.router.add_get("/{limit}/count", count)
    return app


@dataclass(frozen=True)
class FakeSlack:
    """The process, as a benchmark sees it."""

    port: int

    def api_url(self, a_second: float = 0) -> str:
        """Return the address of the Web API under a limit."""
        return f"http://127.0.0.1:{self.port}/{a_second:g}/api/"

    async def count(self, a_second: float = 0) -> dict[str, Any]:
        """Return what came since the last count: `taken`, monotonic seconds; `refused`, number."""
        url = f"http://127.0.0.1:{self.port}/{a_second:g}/count"
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            counted: dict[str, Any] = await answer.json()
        return counted


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """Run the process."""
    port = free_port()
    program = [sys.executable, "-m", "tests.bench.fake_slack", str(port)]
    process = subprocess.Popen(program)  # noqa: ASYNC220 (at once)
    try:
        await until_listening(port)
        yield FakeSlack(port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


async def until_listening(port: int) -> None:
    """Wait until a server takes connections."""
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("a server did not start")


if __name__ == "__main__":
    web.run_app(make_server(), host="127.0.0.1", port=int(sys.argv[1]), print=None)
