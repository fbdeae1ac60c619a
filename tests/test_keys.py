"""Keys on the console and at the start, with what is really stored."""

import logging
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import Text, select, type_coerce

from bot import keys
from bot.__main__ import main
from bot.runtime import UNENCRYPTED, WRONG_KEY, Runtime, check_and_register, open_runtime
from bot.settings import Settings, SettingsError, load_settings
from models import Comment, OpenAnswer, PublishedComment, Workspace
from models.encryption import CIPHERTEXT, Keyring, new_secret_key, use_keyring
from tests.factories import WORKSPACE
from tests.pulse.waves import OpenWave, opened_wave

OLD, NEW, OTHER = (new_secret_key() for _ in range(3))


@pytest.fixture(autouse=True)
async def no_key_afterwards() -> AsyncIterator[None]:
    yield
    use_keyring(Keyring())


def configured(database_url: str, secret_key: str | None) -> Settings:
    return load_settings(
        _env_file=None,
        slack_client_id="1.1",
        slack_client_secret="s3cret",
        slack_signing_secret="s3cret",
        database_url=database_url,
        attune_secret_key=secret_key,
    )


async def store_texts(runtime: Runtime) -> None:
    async with runtime.sessions.begin() as session:
        wave: OpenWave = await opened_wave(session)
        workspace = await session.get_one(Workspace, WORKSPACE)
        workspace.bot_token = "xoxb-secret"
        row: dict[str, Any] = {"workspace_id": WORKSPACE, "wave_id": wave.id}
        session.add_all(
            OpenAnswer(**row, token=f"{number:04}", position=0, cohort_id=0, comment=f"c {number}")
            for number in range(keys.BATCH + 1)
        )
        session.add(Comment(**row, position=0, text="sealed"))
        session.add(PublishedComment(**row, month="2026-11", text="published"))


async def stored(runtime: Runtime) -> list[str]:
    found: list[str] = []
    async with runtime.sessions.begin() as session:
        for column in keys.encrypted_columns():
            found += (await session.scalars(select(type_coerce(column, Text)))).all()
    return [text for text in found if text]


async def test_rotation_encrypts_everything_with_the_new_key(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "attune")
    async with open_runtime(configured(database_url, None)) as runtime:
        await check_and_register(runtime)
        await store_texts(runtime)
        assert UNENCRYPTED in caplog.messages
        assert "xoxb-secret" in await stored(runtime)
        assert await keys.run_rotation(runtime.sessions, runtime.settings, out := StringIO()) == 1
        assert out.getvalue().startswith("ATTUNE_SECRET_KEY is empty")
    caplog.clear()
    for secret_key in (OLD, f"{NEW}, {OLD}"):
        async with open_runtime(configured(database_url, secret_key)) as runtime:
            await check_and_register(runtime)
            out = StringIO()
            assert await keys.run_rotation(runtime.sessions, runtime.settings, out) == 0
            assert out.getvalue() == f"Encrypted {keys.BATCH + 5} texts with the first key.\n"
    async with open_runtime(configured(database_url, NEW)) as runtime:
        await check_and_register(runtime)
        assert all(text.startswith(CIPHERTEXT) for text in await stored(runtime))
        async with runtime.sessions.begin() as session:
            comments = set(await session.scalars(select(OpenAnswer.comment)))
            assert len(comments) == keys.BATCH + 1
            assert "c 0" in comments
            assert (await session.get_one(Workspace, WORKSPACE)).bot_token == "xoxb-secret"
    assert not caplog.messages


@pytest.mark.parametrize("secret_key", [OTHER, None], ids=["wrong", "missing"])
async def test_a_wrong_or_missing_key_stops_the_start(
    database_url: str, secret_key: str | None
) -> None:
    async with open_runtime(configured(database_url, OLD)) as runtime:
        await store_texts(runtime)
    async with open_runtime(configured(database_url, secret_key)) as runtime:
        with pytest.raises(SettingsError) as failure:
            await check_and_register(runtime)
    assert str(failure.value) == WRONG_KEY


def test_a_new_key_needs_no_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([keys.NEW_KEY]) == 0
    assert Keyring([capsys.readouterr().out.strip()]).seal("x").startswith("enc:")
