"""What attackers learn from the company pulse: in its files and rows, and from all its figures.

The attacker knows the directory, who was asked what and when, every figure and its week, the rules,
and k − 1 people who tell their answers; not the workspace's secret.
"""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select, text

from bot.insights.pure.resolution import MEAN_RESOLUTION
from bot.pulse.pure.tokens import respondent_token
from bot.runtime import Runtime, open_runtime
from bot.settings import load_settings
from models import Figure, Invitation, OpenAnswer, Pool, PoolEntry, QuestionAsked, Wave, Workspace
from models.database import backend
from scheduler.pulse import close_waves
from tests.attacks.files import left_bytes
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.pulse.standing import Standing, always, standing

K: Final = 5
TEAM: Final = [f"UDESI{number:03}" for number in range(6)]
COLLUDERS, VICTIM, OTHER = TEAM[: K - 1], TEAM[4], TEAM[5]
THRESHOLDS: Final = [(number + 0.5) / 200 for number in range(200)]


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    """A scheduler's Runtime that has no need of Slack."""
    settings = load_settings(
        _env_file=None,
        slack_bot_token="xoxb-none",
        slack_signing_secret="0" * 32,
        database_url=database_url,
    )
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        yield opened


async def pool_secrets(runtime: Runtime) -> dict[str, list[bytes]]:
    """Return the key of each waiting pool with the tokens in it, by pool."""
    async with runtime.sessions.begin() as session:
        pools = (await session.scalars(select(Pool))).all()
        entries = (await session.scalars(select(PoolEntry))).all()
    return {
        pool.id: [pool.key, *(each.token.encode() for each in entries if each.pool_id == pool.id)]
        for pool in pools
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_file_holds_a_pool_that_came_out(runtime: Runtime, tmp_path: Path) -> None:
    database = tmp_path / "attune.sqlite3"
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    wave = await pulse.open(0)
    assert wave
    assert wave.key
    await pulse.answer(wave, lambda person, _: 4 if person < TEAM[3] else None)
    await pulse.close(0)
    (held,) = (await pool_secrets(runtime)).values()
    assert left_bytes(database, held) == len(held), "otherwise the search is broken"
    tokens = [respondent_token(wave.key, person).encode() for person in await pulse.asked(wave)]
    assert left_bytes(database, [wave.key, *tokens]) == 0
    await pulse.week(3, always(4))
    assert list(await pulse.figures()) == [3]
    assert left_bytes(database, held) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_file_holds_the_key_of_a_pool_before_its_figures_are_out(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealing destroys the key; publishing waits until no file holds it."""
    database = tmp_path / "attune.sqlite3"
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    await pulse.week(0, lambda person, _: 4 if person < TEAM[3] else None)
    (held,) = (await pool_secrets(runtime)).values()
    found: list[int] = []

    def looked(source: object) -> None:
        found.append(left_bytes(database, held))
        raise OSError("stop here")

    monkeypatch.setattr("scheduler.insights.compute_publication", looked)
    wave = await pulse.open(3)
    assert wave
    await pulse.answer(wave, always(4))
    with pytest.raises(OSError, match="stop"):
        await pulse.close(3)
    assert found == [0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_rows_that_come_out_tell_neither_people_nor_weeks(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    await pulse.week(0, lambda person, _: 2 if person < TEAM[3] else None)
    keys = [key for key, *_ in (await pool_secrets(runtime)).values()]
    wave = await pulse.open(3)
    assert wave
    await pulse.answer(wave, always(5))
    await close_waves(runtime, pulse.opens(3) + timedelta(days=6, hours=12))
    async with runtime.sessions.begin() as session:
        out = (await session.scalars(select(OpenAnswer))).all()
        assert len(out) >= K
        known = {
            respondent_token(key, person)
            for key in [*keys, wave.key or b""]
            for person in await pulse.asked(wave)
        }
        assert not known & {each.token for each in out}
        assert {each.comment for each in out} == {None}
        written = await session.execute(text("SELECT DISTINCT xmin::text FROM open_answers"))
        assert len(written.all()) == 1
        closed = await session.execute(
            text("SELECT DISTINCT xmin::text FROM invitations WHERE wave_id = :wave"),
            {"wave": wave.id},
        )
        assert len(closed.all()) == 1
        invitations = (await session.scalars(select(Invitation))).all()
        assert {each.status for each in invitations} == {"closed"}
        assert {each.positions is None for each in invitations} == {True}


async def test_what_waits_is_written_anew_each_week(runtime: Runtime) -> None:
    """Entries of all weeks stand in the order of tokens, so places tell no week."""
    pulse = await standing(runtime, {"Design": 12}, ("workload",))
    for week, people in ((0, TEAM[:2]), (3, TEAM[2:4])):
        await pulse.week(week, lambda person, _, own=tuple(people): 4 if person in own else None)  # type: ignore[misc]
    by_place = {
        "sqlite": "SELECT token FROM pool_entries ORDER BY rowid",
        "postgresql": "SELECT token FROM pool_entries ORDER BY ctid",
    }
    async with runtime.sessions.begin() as session:
        stored = list(await session.scalars(text(by_place[backend(session)])))
    assert len(stored) > 2
    assert stored == sorted(stored)


async def story(
    pulse: Standing, weeks: int, answers: Mapping[str, int]
) -> list[tuple[Figure, set[str]]]:
    """Hold weeks; return each figure of the small team, with the people who were asked for it."""
    seen: list[tuple[Figure, set[str]]] = []
    since: set[str] = set()
    for week in range(weeks):
        wave = await pulse.open(week)
        asked = await pulse.asked(wave) if wave else {}
        if wave:
            await pulse.answer(wave, lambda person, _: answers.get(person))
            await pulse.close(week)
        since |= {person for person in asked if person in TEAM}
        figure = (await pulse.figures()).get(week, {}).get(("workload", "Design"))
        if figure:
            seen.append((figure, since))
            since = set()
    return seen


def possible(figure: float, n: int, answered: Sequence[int]) -> bool:
    """Return True if some hidden threshold gives a figure to these answers, from 1 to 5."""
    mean = sum(2.5 * (each - 1) for each in answered) / len(answered)
    return any(MEAN_RESOLUTION.rounded(mean, n, each) == figure for each in THRESHOLDS)


@pytest.mark.parametrize("seed", range(4))
async def test_four_of_six_who_tell_their_answers_learn_nobodys(
    runtime: Runtime, seed: int
) -> None:
    """A team of six: no answer of the two others is determined in any of these stories.

    `tests/pulse/test_pools.py` counts over all answers how rarely one would be.
    """
    rng = random.Random(seed)
    ends = [[1, 1, 1, 1], [5, 5, 5, 5], [1, 1, 5, 5], *([rng.choices(range(1, 6), k=4)] * 3)][seed]
    answers = dict(zip(COLLUDERS, ends, strict=True))
    answers |= {VICTIM: rng.randint(1, 5), OTHER: rng.randint(1, 5)}
    pulse = await standing(runtime, {"Design": 6, "Sales": 20}, ("workload",))
    async with runtime.sessions.begin() as session:
        workspace = await session.get_one(Workspace, WORKSPACE)
        workspace.figure_secret = f"secret {seed}"
    figures = await story(pulse, 8, answers)
    assert figures
    for figure, asked in figures:
        assert figure.mean is not None
        own = [answers[person] for person in COLLUDERS if person in asked]
        left: defaultdict[str, set[int | None]] = defaultdict(set)
        for victim, other in product((None, 1, 2, 3, 4, 5), repeat=2):
            given = [*own, *(value for value in (victim, other) if value)]
            if len(given) >= K and possible(figure.mean, figure.n, given):
                left["victim"].add(victim)
                left["other"].add(other)
        assert answers[VICTIM] in left["victim"], "otherwise the attack is broken"
        for who in ("victim", "other"):
            assert len(left[who] - {None}) >= 2, "their answer is not determined"


async def test_every_answer_is_in_one_figure_at_most(runtime: Runtime) -> None:
    """So no two figures of a cell can be subtracted, and no whole shows what still waits."""
    pulse = await standing(runtime, {"Design": 7, "Sales": 9}, ("workload", "growth"))
    rng = random.Random(1)
    given = 0
    for week in range(10):
        wave = await pulse.open(week)
        if not wave:
            continue
        answering = {person: rng.random() < 0.5 for person in await pulse.asked(wave)}
        await pulse.answer(wave, lambda person, _, own=answering: 4 if own[person] else None)  # type: ignore[misc]
        async with runtime.sessions.begin() as session:
            given += len((await session.scalars(select(OpenAnswer.value))).all())
        await pulse.close(week)
    published = [f for cells in (await pulse.figures()).values() for f in cells.values()]
    assert published
    async with runtime.sessions.begin() as session:
        rows = await session.scalars(select(PoolEntry).where(PoolEntry.value.is_not(None)))
        waits = len(rows.all())
        asked = len((await session.scalars(select(QuestionAsked))).all())
        assert not (await session.scalars(select(Wave).where(Wave.key.is_not(None)))).all()
    assert sum(figure.n for figure in published) + waits <= given <= asked
