"""What the database keeps of a closed survey, beneath its tables and in them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.pulse import service
from bot.pulse.pure.tokens import respondent_token
from bot.runtime import Runtime, open_runtime
from bot.settings import load_settings
from models import Answer, Comment, Wave
from scheduler.insights import publish_waves
from scheduler.pulse import close_waves
from tests.attacks.files import left_bytes, opened_again
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.pulse.waves import OpenWave, actor, opened_wave

LATER = NOW + timedelta(days=4)


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


async def answered_wave(runtime: Runtime) -> tuple[OpenWave, list[bytes]]:
    """Let people answer and comment; return the wave with all that must be gone after its close."""
    async with runtime.sessions.begin() as session:
        wave = await opened_wave(session, {"Design": 12, "Legal": 12})
    for number, person in enumerate(wave.people):
        async with runtime.sessions.begin() as session:
            press = wave.press(person, 0, 1 + number % 5)
            await service.answer(session, actor(person), press)
            text = f"Too many mails to {_address(number)}."
            await service.comment(session, actor(person), press, text, after_thanks=False)
    # What is published of a comment is masked, so an address is in the raw one only.
    addresses = [_address(number) for number in range(len(wave.people))]
    tokens = [respondent_token(wave.key, person) for person in wave.people]
    return wave, [wave.key, *(each.encode() for each in (*addresses, *tokens))]


def _address(number: int) -> str:
    return f"somebody{number:02}@example.org"


async def close(runtime: Runtime, wave: OpenWave) -> None:
    """Close and publish as the scheduler does."""
    await close_waves(runtime, LATER)
    await publish_waves(runtime, LATER)
    async with runtime.sessions.begin() as session:
        assert (await session.get_one(Wave, (WORKSPACE, wave.id))).status == "published"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_file_of_the_database_holds_a_closed_survey(
    runtime: Runtime, tmp_path: Path
) -> None:
    database = tmp_path / "attune.sqlite3"
    wave, secrets = await answered_wave(runtime)
    assert left_bytes(database, secrets) == len(secrets), "otherwise the search is broken"
    assert opened_again(database, tmp_path / "open"), "otherwise the cut is broken"
    await close(runtime, wave)
    assert left_bytes(database, secrets) == 0
    assert opened_again(database, tmp_path / "closed") == 0


async def test_no_answer_and_no_raw_comment_outlives_its_publication(runtime: Runtime) -> None:
    wave, _ = await answered_wave(runtime)
    await close(runtime, wave)
    async with runtime.sessions.begin() as session:
        for table in (Answer, Comment):
            kept = select(func.count()).select_from(table).where(table.wave_id == wave.id)
            assert await session.scalar(kept) == 0, table.__tablename__
