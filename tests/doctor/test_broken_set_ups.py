"""The doctor is sent to set-ups that are broken in one way each, with the real bot running."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from bot.__main__ import main
from bot.clock import utc_now
from bot.doctor import machine_checks
from bot.doctor.examination import examine, log_findings
from bot.doctor.findings import Finding, Level
from bot.last_times import BACKUP, SCHEDULER, note_time
from bot.server import EVENTS_PATH
from bot.settings import Settings
from bot.slack.scopes import OPTIONAL
from models import Delivery, Employee, Workspace
from models.encryption import Keyring, new_secret_key, use_keyring
from sandbox.demo.company import TEAM_ID
from tests.factories import workspace
from tests.journeys.stage import Stage, open_stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Wrong = dict[str, Level]


@pytest.fixture
async def stage(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """A set-up in which everything is right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "attune.sqlite3").chmod(0o600)
    async with open_stage(database_url) as stage:
        await note(stage, SCHEDULER, utc_now())
        await note(stage, BACKUP, utc_now())
        yield stage
    use_keyring(Keyring())


async def note(stage: Stage, name: str, at: datetime) -> None:
    async with stage.runtime.sessions.begin() as session:
        await note_time(session, name, at)


async def found(stage: Stage, *, url: str = "", late: float = 0, **changes: Any) -> list[Finding]:
    settings = stage.runtime.settings.model_copy(update=changes)
    address = url or stage.sandbox.app.events_url
    return await examine(settings, lambda: utc_now() + timedelta(seconds=late), address)


async def wrong(stage: Stage, **changes: Any) -> Wrong:
    """Return what is not fine; the missing key of encryption is a matter of its own."""
    findings = await found(stage, **changes)
    assert all(each.fix for each in findings if each.level in (Level.WARNING, Level.ERROR))
    bad = {each.id: each.level for each in findings if each.level is not Level.OK}
    return {id_: level for id_, level in bad.items() if id_ != "clear-text"}


def secret(stage: Stage, name: str, value: str) -> dict[str, Any]:
    kind = type(getattr(stage.runtime.settings, "slack_bot_token"))  # noqa: B009
    return {name: kind(value)}


async def test_settings_and_slack(stage: Stage, tmp_path: Path) -> None:
    assert await wrong(stage) == {}, "everything is right"
    bad_token = secret(stage, "slack_bot_token", "xoxb-other")
    assert await wrong(stage, **bad_token) == {"token": Level.ERROR}
    nowhere = {"slack_api_url": "http://127.0.0.1:1/api/"}
    assert await wrong(stage, **nowhere) == {"token": Level.ERROR}
    scopes = set(stage.sandbox.app.scopes)
    stage.sandbox.app.scopes = scopes - {"users:read"}
    assert await wrong(stage) == {"scopes": Level.ERROR}
    stage.sandbox.app.scopes = scopes - OPTIONAL.keys()
    notes = [each for each in await found(stage) if each.id == "optional-scopes"]
    assert {each.what.split()[0] for each in notes} == OPTIONAL.keys()
    assert {each.level for each in notes} == {Level.NOTE}
    stage.sandbox.app.scopes = scopes
    assert await wrong(stage, late=90) == {"clock": Level.WARNING}
    assert await wrong(stage, late=301) == {
        "clock": Level.ERROR,
        "request-url": Level.ERROR,
        "scheduler": Level.ERROR,
    }
    other = secret(stage, "slack_signing_secret", "other")
    assert await wrong(stage, **other) == {"request-url": Level.ERROR}
    for url in ("http://127.0.0.1:1/slack/events", stage.sandbox.url, f"{stage.url}/other"):
        assert await wrong(stage, url=url) == {"request-url": Level.ERROR}
    assert EVENTS_PATH in stage.sandbox.app.events_url
    app_token = secret(stage, "slack_app_token", "xapp-1-other")
    assert await wrong(stage, **app_token) == {"app-token": Level.ERROR}


async def test_the_database(stage: Stage, tmp_path: Path) -> None:
    missing = {"database_url": f"sqlite:///{tmp_path}/none/a.sqlite3"}
    assert (await wrong(stage, **missing))["database"] is Level.ERROR
    empty = {"database_url": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    assert (await wrong(stage, **empty))["migrations"] is Level.ERROR
    keys = secret(stage, "attune_secret_key", new_secret_key())
    clear = [each for each in await found(stage, **keys) if each.id == "clear-text"]
    assert "rotate-keys" in clear[0].fix, "the secret of figures is from before"
    async with stage.runtime.sessions.begin() as session:
        session.add(workspace(id="T2", bot_token="xoxb-2"))
    use_keyring(Keyring())
    assert await wrong(stage, **secret(stage, "attune_secret_key", new_secret_key())) == {
        "encryption-key": Level.ERROR
    }
    use_keyring(Keyring())
    async with stage.runtime.sessions.begin() as session:
        await session.execute(delete(Workspace).where(Workspace.id == "T2"))
    no_key = [each for each in await found(stage) if each.id == "clear-text"]
    assert (no_key[0].level, "new-key" in no_key[0].fix) == (Level.WARNING, True)


async def test_what_goes_on(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long_ago = utc_now() - timedelta(days=8)
    await note(stage, SCHEDULER, long_ago)
    assert await wrong(stage) == {"scheduler": Level.ERROR}
    await note(stage, SCHEDULER, utc_now())
    await note(stage, BACKUP, long_ago)
    assert await wrong(stage) == {"backups": Level.WARNING}
    await note(stage, BACKUP, utc_now())
    async with stage.runtime.sessions.begin() as session:
        own = {"workspace_id": TEAM_ID, "kind": "question", "recipient": "U1", "status": "due"}
        session.add(Delivery(**own, key="late", due_at=long_ago))
    assert await wrong(stage) == {"oldest-message": Level.ERROR}
    async with stage.runtime.sessions.begin() as session:
        await session.execute(update(Delivery).values(status="dropped"))
        await session.execute(update(Employee).values(tz="Mars/Olympus"))
    assert await wrong(stage) == {"time-zones": Level.ERROR}
    async with stage.runtime.sessions.begin() as session:
        await session.execute(update(Employee).values(tz="Europe/Berlin"))
    with monkeypatch.context() as patch:
        patch.setattr(machine_checks, "LEAST_FREE", 2**60)
        assert await wrong(stage) == {"disk": Level.ERROR}
    (tmp_path / ".env").write_text("X=1")
    (tmp_path / ".env").chmod(0o644)
    assert await wrong(stage) == {"files": Level.WARNING}


async def test_a_start_logs_what_is_wrong(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.sandbox.app.scopes -= {"users:read"}
    await log_findings(stage.runtime)
    assert "scopes: Scopes are missing: users:read." in caplog.text


def test_the_console(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "✗ settings: SLACK_BOT_TOKEN is missing" in said
    assert "How to fix it: " in said
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "secret-of-slack")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("PORT", "1")
    assert main(["doctor", "--json"]) == 1
    said = capsys.readouterr().out
    checks = {each["id"]: each for each in json.loads(said)["checks"]}
    assert checks["database"]["level"] == "ok"
    assert checks["request-url"]["level"] == "error"
    assert not [text for text in ("xoxb-1", "secret-of-slack", database_url) if text in said]
