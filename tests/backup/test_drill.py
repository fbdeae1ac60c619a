"""A company is restored in the middle of a survey, on the other database, and goes on."""

import asyncio
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import create_app
from bot.backup import restoring
from bot.backup.backing_up import back_up
from bot.backup.restoring import Restored
from bot.clock import utc_now
from bot.runtime import Runtime, check_and_register, open_runtime
from bot.server import EVENTS_PATH, create_server
from models import (
    Delivery,
    Employee,
    OpenAnswer,
    Pool,
    PoolEntry,
    Survey,
    VoiceMessage,
    VoiceThread,
    Wave,
)
from sandbox.demo.company import TEAM_ID
from scheduler.schedule import run_due
from tests.conftest import NOW
from tests.factories import question, survey
from tests.journeys.stage import Stage, open_stage, serving
from tests.unpaced import Unpaced

TEAM: Final = "Engineering"
ZONES: Final = ("Europe/Berlin", "America/New_York", "Pacific/Honolulu")
ASKED_IN_NEW_YORK: Final = NOW + timedelta(hours=6)
ASKED_IN_HONOLULU: Final = NOW + timedelta(hours=11)
LETTER: Final = "The coffee machine is broken again."


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def people_of(stage: Stage) -> list[str]:
    """Spread the team's people over three zones; return their ids."""
    async with stage.runtime.sessions.begin() as session:
        team = select(Employee.id).where(Employee.workspace_id == TEAM_ID, Employee.team == TEAM)
        ids = list(await session.scalars(team.order_by(Employee.id)))
        for number, id_ in enumerate(ids):
            zone = ZONES[number % len(ZONES)]
            await session.execute(update(Employee).where(Employee.id == id_).values(tz=zone))
    return ids


async def order_surveys(stage: Stage) -> None:
    """Order one survey that is asked now, and one that is asked before the restoration."""
    own = {"workspace_id": TEAM_ID, "audience": "team", "audience_ref": TEAM}
    soon = NOW + timedelta(hours=5)
    async with stage.runtime.sessions.begin() as session:
        session.add(survey(**own))
        other = question(text="I grow.", driver="growth")
        session.add(survey(other, **own, name="Growth", next_open_at=soon))


async def hide_secrets(stage: Stage) -> list[bytes]:
    """Add answers that wait and a letter of today; return all that must not be in a backup."""
    own = {"workspace_id": TEAM_ID}
    async with stage.runtime.sessions.begin() as session:
        pool = Pool(
            **own, id="p" * 32, kind="company", source="s", topic="growth", label=TEAM,
            key=b"\xc5" * 32, min_group_size=5, opened_on=date(2026, 11, 3),
        )  # fmt: skip
        thread = VoiceThread(**own, id="t" * 32, way="anonymous", topic="other")
        session.add_all([pool, thread])
        await session.flush()
        session.add(PoolEntry(**own, pool_id=pool.id, token="e" * 64, value=3))
        session.add(
            VoiceMessage(
                **own, thread_id=thread.id, number=1, from_hr=False, text=LETTER,
                week=date(2026, 11, 2), collect_at=NOW + timedelta(hours=14),
            )
        )  # fmt: skip
        keys = [key for key in await session.scalars(select(Wave.key)) if key]
        tokens = list(await session.scalars(select(OpenAnswer.token)))
    assert keys
    assert tokens
    found = [*keys, pool.key, *(key.hex().encode() for key in [*keys, pool.key])]
    return [*found, *(token.encode() for token in [*tokens, "e" * 64]), LETTER.encode()]


async def taken(stage: Stage, path: Path) -> None:
    engine: AsyncEngine = stage.runtime.sessions.kw["bind"]
    # Slack's clock is the real one here, and so is the one by which lost messages are looked up.
    await back_up(engine, path, utc_now())


def content_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@asynccontextmanager
async def restored_company(stage: Stage, url: str) -> AsyncIterator[Runtime]:
    """Run Attune on the restored database, minutes later, in place of the one on stage."""
    settings = stage.runtime.settings.model_copy(update={"database_url": url})
    async with open_runtime(settings, clock=lambda: stage.now) as opened:
        later = timedelta(minutes=3)
        runtime = replace(opened, pacing=Unpaced(), wall_clock=lambda: utc_now() + later)
        await check_and_register(runtime)
        async with serving(create_server(runtime, create_app(runtime))) as address:
            stage.sandbox.connect(address + EVENTS_PATH)
            yield runtime


def questions(stage: Stage, person: str) -> int:
    texts = [message["text"] for message in stage.sandbox.messages("dm", person)]
    return Counter("workload" in text.lower() or "saved" in text for text in texts)[True]


async def count(runtime: Runtime, table: type) -> int:
    async with runtime.sessions.begin() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_restored_company_asks_nobody_twice_and_takes_answers_again(
    stage: Stage, other_url: str, tmp_path: Path
) -> None:
    people = await people_of(stage)
    berlin, new_york, honolulu = (people[start::3] for start in range(3))
    await order_surveys(stage)
    await stage.at(NOW)
    assert [questions(stage, each) for each in people] == [1, 0, 0] * (len(people) // 3)
    for person in berlin[:2]:
        await stage.press(person, "pulse:answer:4")
    secrets = await hide_secrets(stage)
    path = tmp_path / "backup.zip"
    await taken(stage, path)
    content = content_of(path)
    assert not [each for each in secrets if each in content]
    assert TEAM.encode() in content, "it is searched where something can be found"

    await stage.at(ASKED_IN_NEW_YORK)
    assert [questions(stage, each) for each in people] == [1, 1, 0] * (len(people) // 3)
    result: Restored = await asyncio.to_thread(
        restoring.restore, other_url, path, ASKED_IN_NEW_YORK
    )
    assert result.open_waves == 1
    assert result.looked_up >= len(new_york) + len(honolulu)
    assert result.passed_over.surveys == ("Growth",)

    async with restored_company(stage, other_url) as runtime:
        await run_due(runtime, ASKED_IN_NEW_YORK)
        assert [questions(stage, each) for each in people] == [1, 1, 0] * (len(people) // 3)
        assert stage.sandbox.engine.log.find("conversations.history"), "they were looked up"
        assert await count(runtime, OpenAnswer) == await count(runtime, Pool) == 0
        assert await count(runtime, VoiceThread) == 0

        stage.hands["now"] = ASKED_IN_HONOLULU
        await run_due(runtime, ASKED_IN_HONOLULU)
        assert [questions(stage, each) for each in people] == [1, 1, 1] * (len(people) // 3)

        # Buttons work, also those of questions that were sent before the backup.
        pressing = [*berlin[2:], *honolulu]
        for person in pressing:
            await stage.press(person, "pulse:answer:4")
        assert await count(runtime, OpenAnswer) == len(pressing)

        async with runtime.sessions.begin() as session:
            wave = (await session.scalars(select(Wave))).one()
            sent = Delivery.status.in_(("sent", "settled"))
            asked = select(func.count()).where(Delivery.kind == "question", sent)
            assert await session.scalar(asked) == len(people)
            growth = select(Survey).where(Survey.name == "Growth")
            assert (await session.scalars(growth)).one().next_on == date(2026, 11, 10)
        stage.hands["now"] = wave.closes_at
        await run_due(runtime, wave.closes_at)
        async with runtime.sessions.begin() as session:
            assert (await session.scalars(select(Wave.status))).all() == ["published"]
