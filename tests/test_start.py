"""A start that cannot work ends with one sentence, and one that can makes no noise."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.util import CommandError
from asyncpg import InvalidPasswordError

from bot.app import create_app
from bot.runtime import NO_DATABASE, Runtime, check_app_token, make_runtime, start_failure
from bot.settings import SettingsError, load_settings
from bot.slack.client import open_http
from models.database import Sessions
from sandbox.demo.company import workspace
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world
from tests.conftest import HANGS, ROOT, migrate


def runtime_for(sandbox: Sandbox, app_token: str, sessions: Sessions, http: object) -> Runtime:
    settings = load_settings(
        _env_file=None,
        slack_bot_token=sandbox.app.bot_token,
        slack_app_token=app_token,
        slack_api_url=sandbox.api_url,
    )
    return make_runtime(settings, sessions, http)  # type: ignore[arg-type] # the fixture's session


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_wrong_app_token_is_named_at_the_start(sessions: Sessions) -> None:
    world = build_world({**workspace(), "app": {"socket_mode": True}})
    async with Sandbox(world, Options(rate_limits=None)) as sandbox, open_http() as http:
        await check_app_token(runtime_for(sandbox, sandbox.app.app_token, sessions, http))
        with pytest.raises(SettingsError) as failure:
            await check_app_token(runtime_for(sandbox, "xapp-1-wrong", sessions, http))
        assert str(failure.value).startswith("Slack refused SLACK_APP_TOKEN (invalid_auth)")
        assert "xapp-1-wrong" not in str(failure.value)
        sandbox.engine.faults.add(kind="429", method="apps.connections.open", probability=1)
        await check_app_token(runtime_for(sandbox, sandbox.app.app_token, sessions, http))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_bolt_does_not_warn_of_the_token_in_the_environment(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    settings = load_settings(_env_file=None, slack_bot_token="xoxb-1", slack_app_token="xapp-1")
    async with open_http() as http:
        with caplog.at_level(logging.INFO):
            create_app(make_runtime(settings, sessions, http))
    assert "token" not in caplog.text


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://x", "DATABASE_URL names no PostgreSQL or SQLite database"),
        ("nonsense", "DATABASE_URL names no PostgreSQL or SQLite database"),
        ("sqlite:////no/such/folder/a.sqlite3", "The folder of the SQLite file"),
        ("postgresql://u:hidden@127.0.0.1:1/x", "cannot be opened (ConnectionRefusedError)"),
    ],
)
def test_migrating_what_is_no_database_is_told_in_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(CommandError) as failure:
        migrate(url)
    assert sentence in str(failure.value)
    assert "hidden" not in str(failure.value)


def test_the_release_step_prints_that_sentence_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("DATABASE_URL=sqlite:///Zoë.sqlite3".encode("latin-1"))
    ended = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), "upgrade", "head"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert ended.returncode
    assert "The file .env is not UTF-8 text" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_that_lets_nobody_in_is_one_that_does_not_answer() -> None:
    assert start_failure(InvalidPasswordError("no")) == NO_DATABASE
    assert start_failure(KeyError("a bug")) is None
