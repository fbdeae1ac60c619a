"""A backup of one database is restored on the other, row by row."""

import asyncio
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from bot.__main__ import main
from bot.backup import cli, restoring
from bot.backup.archive import BackupError
from bot.backup.backing_up import back_up
from bot.backup.tables import EMPTIED, LEFT_OUT, reflected, to_plain
from models import Base
from models.database import make_engine
from tests.conftest import NOW, migrate
from tests.rows import fill

LATER = NOW + timedelta(hours=1)
Rows = dict[str, list[dict[str, Any]]]


def on(url: str, work: Callable[[Connection], Any]) -> Any:
    async def run() -> Any:
        engine = make_engine(url)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())


def rows_in(connection: Connection) -> Rows:
    return {
        table.name: [
            {name: to_plain(value) for name, value in row._mapping.items()}
            for row in connection.execute(select(table))
        ]
        for table in reflected(connection)
    }


def taken(url: str, path: Path) -> Path:
    async def run() -> None:
        engine = make_engine(url)
        try:
            await back_up(engine, path, NOW)
        finally:
            await engine.dispose()

    asyncio.run(run())
    return path


@pytest.fixture
def full_url(database_url: str) -> str:
    def fill_and_collect(connection: Connection) -> None:
        fill(connection)
        connection.execute(text("UPDATE voice_threads SET status = 'new'"))
        connection.execute(text("UPDATE voice_messages SET collect_at = NULL"))

    on(database_url, fill_and_collect)
    return database_url


def test_each_row_of_each_table_is_the_same_on_the_other_database(
    full_url: str, other_url: str, tmp_path: Path
) -> None:
    before: Rows = on(full_url, rows_in)
    path = taken(full_url, tmp_path / "backup.zip")
    assert path.stat().st_mode & 0o077 == 0, "only its owner can read it"
    restoring.restore(other_url, path, LATER)
    after: Rows = on(other_url, rows_in)
    assert before.keys() == after.keys() == Base.metadata.tables.keys() | {"alembic_version"}
    # What is looked up, moved on, or has a fresh key.
    changed = {
        "deliveries": {"status", "claimed_until", "bundle"},
        "waves": {"key"},
        "digest_subscriptions": {"next_at"},
    }
    for table in before.keys() - LEFT_OUT.keys():
        for own, restored in zip(before[table], after[table], strict=True):
            differing = {name for name in own if own[name] != restored[name]}
            assert differing <= changed.get(table, set()), table
    assert all(len(before[table]) == 1 for table in before)
    assert not [table for table in LEFT_OUT if after[table] and table in ("pools", "open_answers")]
    assert after["waves"][0]["key"] not in (None, before["waves"][0]["key"])


def test_no_key_and_no_token_is_kept() -> None:
    """A new one has to be thought about: it may tell who is behind a row."""
    kept = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("key", "token") or column.type.python_type is bytes
        if table.name not in LEFT_OUT
    }
    # A delivery's key names a message, a milestone's key the milestone, and the key of presses only
    # proves that a button was sent to somebody.
    harmless = {("deliveries", "key"), ("milestones", "key"), ("waves", "press_key")}
    assert kept - harmless == EMPTIED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestRefusals:
    def test_a_database_with_data_is_left_alone(self, full_url: str, tmp_path: Path) -> None:
        path = taken(full_url, tmp_path / "backup.zip")
        before = on(full_url, rows_in)
        with pytest.raises(BackupError, match="data of Attune already"):
            restoring.restore(full_url, path, LATER)
        assert on(full_url, rows_in) == before

    def test_a_file_is_never_replaced(self, full_url: str, tmp_path: Path) -> None:
        path = tmp_path / "backup.zip"
        path.write_text("mine")
        with pytest.raises(BackupError, match="exists"):
            taken(full_url, path)
        assert path.read_text() == "mine"
        assert [each.name for each in tmp_path.glob(".backup*")] == []

    @pytest.mark.parametrize("damage", ["cut", "row", "no zip"])
    def test_a_damaged_file_is_told(self, full_url: str, tmp_path: Path, damage: str) -> None:
        path = taken(full_url, tmp_path / "backup.zip")
        if damage == "cut":
            path.write_bytes(path.read_bytes()[:-200])
        elif damage == "no zip":
            path.write_text("nothing")
        else:
            rewritten(path, {"rows/employees.jsonl": lambda said: said.replace(b'"x"', b'"y"')})
        with pytest.raises(BackupError, match="damaged"):
            restoring.check(path, LATER)

    def test_a_backup_that_can_unseal_is_refused(self, full_url: str, tmp_path: Path) -> None:
        path = taken(full_url, tmp_path / "backup.zip")
        rewritten(path, {"about.json": lambda said: said.replace(b'"employees"', b'"pools"')})
        with pytest.raises(BackupError, match="whose answer is whose"):
            restoring.check(path, LATER)

    def test_a_newer_backup_is_refused(self, full_url: str, tmp_path: Path) -> None:
        path = taken(full_url, tmp_path / "backup.zip")
        newer = {"about.json": lambda said: said.replace(b'"migration": "', b'"migration": "9')}
        rewritten(path, newer)
        with pytest.raises(BackupError, match="newer Attune"):
            restoring.check(path, LATER)

    def test_what_is_no_database_of_attune_has_no_backup(
        self, database_url: str, tmp_path: Path
    ) -> None:
        with pytest.raises(BackupError, match="no tables of Attune"):
            taken(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path / "backup.zip")


def rewritten(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, said in content.items():
            changed = changes.get(name, bytes)(said)
            assert name not in changes or changed != said
            archive.writestr(name, changed)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_an_older_schema_is_migrated(tmp_path: Path, database_url: str) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    migrate(url, "0025")
    on(url, fill)
    restored = restoring.check(taken(url, tmp_path / "backup.zip"), LATER)
    assert restored.about.migration == "0025"
    assert (restored.open_waves, restored.looked_up) == (1, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_console_says_what_it_did(
    full_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": full_url,
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "1",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["backup", "attune.zip"]) == 0
    said = capsys.readouterr().out
    assert "no key and no answer of 1 open survey" in said
    assert cli.IN_CLEAR in said
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert main(["restore", "--check", "attune.zip"]) == 0
    said = capsys.readouterr().out
    assert "attune.zip can be restored: " in said
    assert "1 message may have gone out since" in said
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    assert main(["restore", "attune.zip"]) == 1
    assert "data of Attune already" in capsys.readouterr().out
    assert main(["backup", "soon.zip", "--when-sealed", "--hours", "0"]) == 1
    assert not Path("soon.zip").exists()
