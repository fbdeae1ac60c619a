"""Companies whose waves are really published, and what their digest then holds."""

import asyncio
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from bot.actor import Actor
from bot.digest import service
from bot.digest.pure.posting_time import ALL, Choices, Rhythm
from bot.digest.service import Digest
from models import Base, Employee, Workspace
from models.database import make_engine, make_sessions
from tests.factories import ADMIN, WORKSPACE, company, question, survey
from tests.insights.waves import CLOSED, Response, publish, sealed_wave

CHANNEL = "C0PEOPLE"
NEWEST = date(2026, 11, 3)
DRIVERS = ("workload", "growth", "recognition")
Levels = Mapping[str, Mapping[str, float]]
"""How a team answers, from 1 to 5, by driver; what is not named is at 3.6."""


@dataclass(frozen=True)
class Round:
    """One wave: who was asked in which team, and how they feel."""

    teams: Mapping[str, int]
    levels: Levels = field(default_factory=dict)
    answering: float = 0.8
    spread: float = 0.8
    comments: Sequence[str] = ()
    weeks_ago: int = 0


def rounds(count: int, make: Callable[[int], Round]) -> list[Round]:
    """Return weekly rounds, oldest first; `make` gets how many weeks ago one was."""
    return [make(count - 1 - number) for number in range(count)]


@cache
def digest_of(
    make: Callable[[], Sequence[Round]],
    drivers: tuple[str, ...] = DRIVERS,
    choices: Choices = ALL,
    *,
    is_monthly: bool = False,
) -> Digest:
    """Publish all rounds, and return what a digest then reports."""
    return asyncio.run(_digest_of(make(), drivers, choices, is_monthly=is_monthly))


async def _digest_of(
    waves: Sequence[Round], drivers: Sequence[str], choices: Choices, *, is_monthly: bool
) -> Digest:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'attune.sqlite3'}")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with make_sessions(engine).begin() as session:
            await company(session, {})
            (await session.get_one(Workspace, WORKSPACE)).figure_secret = "always the same"
            asked = [
                question(number, driver=driver, text=f"How is your {driver}?")
                for number, driver in enumerate(drivers)
            ]
            pulse = survey(*asked, status="ended", next_open_at=None, next_on=None)
            session.add(pulse)
            await session.flush()
            subscribed_at = _published_at(waves[-1]) - timedelta(days=1)
            rhythm = Rhythm(0, time(9), "1st" if is_monthly else None)
            maya = Actor(WORKSPACE, ADMIN)
            await service.subscribe(session, maya, CHANNEL, rhythm, subscribed_at, choices)
            for each in waves:
                wave = await sealed_wave(
                    session,
                    pulse,
                    {
                        team: _answers(team, size, each, drivers)
                        for team, size in each.teams.items()
                    },
                    _comments(each),
                    held_on=NEWEST - timedelta(weeks=each.weeks_ago),
                )
                await publish(session, WORKSPACE, wave.id, _published_at(each))
                # While somebody holds them, the session need not read each of them again.
                _held = (await session.scalars(select(Employee))).all()
            found = await service.digest_of(
                session, WORKSPACE, CHANNEL, _published_at(waves[-1]) + timedelta(days=3)
            )
        await engine.dispose()
    return found


def _published_at(wave: Round) -> datetime:
    return CLOSED - timedelta(weeks=wave.weeks_ago)


def _answers(team: str, size: int, wave: Round, drivers: Sequence[str]) -> list[Response]:
    """Return what a team's people answer; each leans the same way in every wave."""
    given: list[Response] = []
    for number in range(size):
        lean = random.Random(f"{team} {number}").gauss(0, wave.spread * 0.6)
        now = random.Random(f"{team} {number} {wave.weeks_ago}")
        if now.random() >= wave.answering:
            given.append(None)
            continue
        level = wave.levels.get(team, wave.levels.get("", {}))
        given.append(
            {
                position: _nearest(level.get(driver, 3.6) + lean + now.gauss(0, wave.spread * 0.6))
                for position, driver in enumerate(drivers)
            }
        )
    return given


def _nearest(feeling: float) -> int:
    return min(5, max(1, round(feeling)))


def _comments(wave: Round) -> list[tuple[str, int, str]]:
    """Return comments by (team, position, text), dealt out to the teams in turn."""
    teams = list(wave.teams)
    return [(teams[n % len(teams)], 0, text) for n, text in enumerate(wave.comments)]
