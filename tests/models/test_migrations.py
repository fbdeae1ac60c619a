"""The migrations make exactly what the models say, and can be taken back."""

import asyncio
from datetime import time, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from models import Delivery, DigestSubscription, Figure, ToldWave, Wave
from models.database import Sessions
from tests.conftest import NOW, ROOT
from tests.factories import ADMIN, WORKSPACE, company, survey
from tests.insights.waves import store_wave


def config_of(url: str) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def test_models_and_migrations_do_not_drift(database_url: str) -> None:
    command.check(config_of(database_url))


def test_downgrade_and_upgrade_again(database_url: str) -> None:
    config = config_of(database_url)
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    command.check(config)


async def test_only_differences_are_lost_on_the_way_back_and_forth(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await company(session, {})
        session.add(made := survey())
        await session.flush()
        wave = await store_wave(session, made, {})
        for measure, segment in (("driver", "all"), ("driver", "mentoring"), ("difference", "")):
            session.add(_figure(wave, measure=measure, segment=segment))
    await _refuses_another_measure(sessions, wave)

    config = config_of(database_url)
    await engine.dispose()
    await asyncio.to_thread(command.downgrade, config, "0002")
    async with sessions.begin() as session:
        kept = await session.execute(text("SELECT measure, segment, n FROM figures"))
        assert [tuple(row) for row in kept] == [("driver", "all", 9)]
    await engine.dispose()
    await asyncio.to_thread(command.upgrade, config, "head")
    await _refuses_another_measure(sessions, wave)
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM waves"))
        assert not list(await session.scalars(select(Figure))), "they go with their wave"


async def _refuses_another_measure(sessions: Sessions, wave: Wave) -> None:
    with pytest.raises(IntegrityError, match="measure"):
        async with sessions.begin() as session:
            session.add(_figure(wave, measure="another"))


def _figure(wave: Wave, **changes: str) -> Figure:
    place = {"workspace_id": wave.workspace_id, "wave_id": wave.id}
    return Figure(**place, n=9, published_at=NOW, **changes)


@pytest.mark.parametrize("path", sorted((ROOT / "migrations/versions").glob("0*.py")))
def test_migrations_import_no_models(path: Path) -> None:
    assert "models" not in path.read_text()


async def test_who_asked_gets_a_column_of_its_own(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await company(session, {})
        place = {"workspace_id": WORKSPACE, "recipient": "C1", "due_at": NOW}
        for kind, detail in (
            ("mentor_question", {"asker": "U0ANA", "text": "How?"}),
            ("digest", {"asked_by": "U0BEN"}),
            ("question", {}),
        ):
            session.add(Delivery(**place, key=kind, kind=kind, detail=detail))
    config = config_of(database_url)
    await engine.dispose()
    await asyncio.to_thread(command.downgrade, config, "0013")
    await asyncio.to_thread(command.upgrade, config, "head")
    async with sessions.begin() as session:
        rows = await session.execute(select(Delivery.kind, Delivery.asked_by))
        who = {row.kind: row.asked_by for row in rows}
    assert who == {"mentor_question": "U0ANA", "digest": "U0BEN", "question": None}


async def test_a_digest_of_before_names_no_teams_and_quotes_nobody(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    """Its channel was told that only HR sees which groups stand out."""
    async with sessions.begin() as session:
        await company(session, {})
        when = {"weekday": 0, "post_at": time(9), "tz": "UTC", "next_at": NOW, "created_at": NOW}
        place = {"workspace_id": WORKSPACE, "channel_id": "C1", "created_by": ADMIN}
        session.add(DigestSubscription(**place, **when, with_teams=True, with_quotes=True))
    config = config_of(database_url)
    await engine.dispose()
    await asyncio.to_thread(command.downgrade, config, "0022")
    await asyncio.to_thread(command.upgrade, config, "head")
    async with sessions.begin() as session:
        (kept,) = (await session.scalars(select(DigestSubscription))).all()
    assert (kept.with_teams, kept.with_quotes, kept.ordinal) == (False, False, None)


async def test_what_digests_told_before_is_not_told_again(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    config = config_of(database_url)
    async with sessions.begin() as session:
        await company(session, {})
        session.add(made := survey())
        await session.flush()
        waves = [
            await store_wave(
                session,
                made,
                {},
                held_on=NOW.date() + timedelta(days=days),
                status="published",
                key=None,
                published_at=NOW + timedelta(days=days),
            )
            for days in (-1, 1)
        ]
        for number, status in enumerate(("sent", "failed")):
            session.add(
                Delivery(
                    workspace_id=WORKSPACE,
                    key=f"digest:{number}",
                    kind="digest",
                    recipient="C0PEOPLE",
                    due_at=NOW + timedelta(days=2 * number),
                    status=status,
                )
            )
    await engine.dispose()
    await asyncio.to_thread(command.downgrade, config, "0013")
    await asyncio.to_thread(command.upgrade, config, "head")

    async with sessions.begin() as session:
        told = await session.execute(select(ToldWave.channel_id, ToldWave.wave_id))
        assert [tuple(each) for each in told] == [("C0PEOPLE", waves[0].id)]
