"""Published figures as files: what is in them, what is not, and who learns of it."""

import argparse
import csv
import io
import zipfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.export import cli, wording
from bot.insights.export.pure import files
from bot.insights.export.pure.exported_figure import COLUMNS, MEANINGS, ExportedFigure
from bot.insights.export.service import (
    EXPORTED,
    NO_FIGURES,
    ONLY_ADMINS,
    exported,
    published_figures,
)
from bot.insights.heatmap.blocks import NO_SCOPE
from models import AuditEntry, Figure, RoleGrant, Survey, Wave
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, question, survey
from tests.insights.waves import everyone, publish, sealed_wave
from tests.journeys.stage import Stage, open_stage, text_of

MAYA, OTHER, ANALYST = (person.id for person in people()[:3])
HOSTILE = '=HYPERLINK("http://evil.example","Sales")'
TEAMS: dict[str | None, Any] = {
    "Design": [{0: 4, 1: 0}, {0: 5, 1: 1}] * 5,
    HOSTILE: [{0: 1, 1: 0}] * 10,
    "Sales": everyone(3, 4) * 5,
    "Support": everyone(2, 3) * 5,
    "Legal": [*everyone(1, 2), None, None, None, None],
}
FIELDS: dict[str, Any] = {
    **{column.name: None for column in COLUMNS},
    "survey": "Pulse",
    "survey_id": "s1",
    "held_on": date(2026, 11, 3),
    "anonymous": True,
    "smallest_group": 5,
    "measure": "driver",
    "topic": "Workload",
    "topic_key": "workload",
    "group_kind": "team",
    "group": "Design",
    "merged": False,
    "n": 10,
    "mean": 6.0,
    "low": 5.1,
    "high": 6.9,
    "change": -0.5,
    "change_margin": 0.9,
    "change_weeks": 1,
}
FIGURE = ExportedFigure(**FIELDS)


async def publish_one(session: AsyncSession, workspace_id: str, made: Survey) -> Wave:
    session.add(made)
    await session.flush()
    members = {"team": {name or "": len(each) for name, each in TEAMS.items()}}
    wave = await sealed_wave(session, made, TEAMS, members=members)
    await publish(session, workspace_id, wave.id, NOW)
    return wave


def asked_of(workspace_id: str) -> Survey:
    own = question(1, text="+1 for lunch?", driver="own", scale="choice", options=["-Soup", "No"])
    return survey(question(), own, name="@pulse", workspace_id=workspace_id)


async def test_what_is_exported_is_what_is_published_and_nothing_of_an_open_wave(
    session: AsyncSession,
) -> None:
    await company(session, {})
    made = asked_of(WORKSPACE)
    wave = await publish_one(session, WORKSPACE, made)
    await sealed_wave(session, made, TEAMS, held_on=date(2026, 11, 17))

    found = exported(await published_figures(session, WORKSPACE))

    stored = await session.scalars(select(Figure).where(Figure.wave_id == wave.id))
    assert {(each.measure, each.topic_key, each.group or "", each.n) for each in found} == {
        (each.measure, each.measure_ref, each.segment_ref, each.n) for each in stored
    }
    of_all = {each.measure: each for each in found if each.group_kind == "all"}
    assert (of_all["driver"].topic, of_all["driver"].held_on) == ("Workload", date(2026, 11, 3))
    (worst,) = [each for each in found if each.measure == "driver" and each.merged]
    assert (worst.group, worst.mean, worst.mean_limit) == (f"{HOSTILE} + Legal", 1.0, "or less")
    options = {each.option for each in found if each.measure == "choice"}
    assert options == {"-Soup", "No"}
    assert exported(await published_figures(session, "T0OTHER")) == []


def test_every_column_has_a_meaning_and_a_kind() -> None:
    assert [column.name for column in COLUMNS] == [each.name for each in fields(ExportedFigure)]
    assert set(MEANINGS) == {column.name for column in COLUMNS}
    rows = list(csv.DictReader(io.StringIO(files.dictionary_file().decode("utf-8-sig"))))
    assert [row["column"] for row in rows] == list(MEANINGS)
    assert {row["kind"] for row in rows} == set(files.KINDS.values())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Design & Research", "Design & Research"),
        ("A-team (@home)", "A-team (@home)"),
        ("=1+1", "'=1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("＝cmd|' /C calc'!A0", "'＝cmd|' /C calc'!A0"),
        ("fine;=1+1", "fine;'=1+1"),
        ('fine",-2+3', "fine\",'-2+3"),
        ("line\r\n+44", "line\r'\n'+44"),
    ],
)
def test_no_text_is_a_formula(written: str, told: str) -> None:
    assert files.harmless(written) == told


def test_a_negative_number_stays_a_number() -> None:
    row = files.csv_file([replace(FIGURE, survey="-1")]).decode("utf-8-sig").splitlines()[1]
    assert row.startswith('"\'-1","s1","2026-11-03","true",5,')
    assert row.endswith(",5.1,6.9,-0.5,0.9,1")


def test_parquet_opens_with_its_meanings() -> None:
    io_of_arro3 = pytest.importorskip("arro3.io", reason="the extra `parquet` is not installed")
    empty = replace(FIGURE, group=None, mean=None, n=0)
    table = io_of_arro3.read_parquet(
        io.BytesIO(files.parquet_file([replace(FIGURE, survey=HOSTILE), empty]))
    ).read_all()
    assert table.column("survey").to_pylist() == [HOSTILE, "Pulse"]
    assert table.column("held_on").to_pylist() == [date(2026, 11, 3)] * 2
    assert table.column("mean").to_pylist() == [6.0, None]
    assert table.schema.field("mean").metadata_str["meaning"] == MEANINGS["mean"]


def test_pandas_reads_both_files_alike() -> None:
    exported = [FIGURE, replace(FIGURE, group=None, mean=None, score=-20.0)]
    of_csv = pandas.read_csv(
        io.BytesIO(files.csv_file(exported)), parse_dates=["held_on"], dtype={"option": object}
    )
    of_parquet = pandas.read_parquet(io.BytesIO(files.parquet_file(exported)))
    for name in ("survey", "n", "mean", "score", "change", "anonymous"):
        assert of_csv[name].equals(of_parquet[name].astype(of_csv[name].dtype)), name
    assert of_csv["held_on"].dt.date.tolist() == of_parquet["held_on"].tolist()


async def test_hr_gets_the_file_and_everybody_can_read_that_it_did(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        assert text_of((await stage.pulse(MAYA, "export")).message or {}) == NO_FIGURES
        async with stage.runtime.sessions.begin() as session:
            await publish_one(session, TEAM_ID, asked_of(TEAM_ID))
            session.add(
                RoleGrant(workspace_id=TEAM_ID, employee_id=ANALYST, role="analyst", granted_at=NOW)
            )
        for person in (OTHER, ANALYST):
            refused = await stage.pulse(person, "export")
            assert text_of(refused.message or {}) == ONLY_ADMINS

        answered = await stage.pulse(MAYA, "export")
        await stage.settled()

        assert text_of(answered.message or {}) == wording.ON_ITS_WAY
        packed = zipfile.ZipFile(io.BytesIO(sent_to(stage, MAYA)))
        expected = {files.FIGURES_CSV, files.DICTIONARY}
        assert set(packed.namelist()) == expected | (
            {files.FIGURES_PARQUET} if files.has_parquet() else set()
        )
        table = packed.read(files.FIGURES_CSV).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table)))
        assert {row["survey"] for row in rows} == {"'@pulse"}
        assert f"'{HOSTILE} + Legal" in {row["group"] for row in rows}
        record = await stage.pulse(OTHER, "record")
        shown = text_of(record.message or {})
        assert f"<@{MAYA}> looked at all published figures, in a file\n" in shown
        assert "2 attempts by people without the right to look were refused" in shown


def sent_to(stage: Stage, person: str) -> bytes:
    (sent,) = [each for each in stage.sandbox.messages("dm", person) if each.get("files")]
    content = stage.sandbox.world.files[sent["files"][0]["id"]].content
    assert content
    return content


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_the_right_to_send_files_hr_is_told_what_to_do(database_url: str) -> None:
    scopes = ["chat:write", "commands", "users:read", "im:write", "im:history"]
    async with open_stage(database_url, scopes=scopes) as stage:
        async with stage.runtime.sessions.begin() as session:
            await publish_one(session, TEAM_ID, asked_of(TEAM_ID))
        await stage.pulse(MAYA, "export")
        await stage.settled()
        said = {text_of(each) for each in stage.sandbox.messages("dm", MAYA)}
        assert f"{NO_SCOPE} {wording.OF_OPERATOR}" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_operator_writes_the_files(database_url: str, tmp_path: Path) -> None:
    async with open_stage(database_url) as stage:
        assert await figures(stage, tmp_path) == (1, f"{NO_FIGURES}\n")
        async with stage.runtime.sessions.begin() as session:
            await publish_one(session, TEAM_ID, asked_of(TEAM_ID))

        status, said = await figures(stage, tmp_path / "new")

        written = {each.name for each in (tmp_path / "new").iterdir()}
        assert status == 0
        assert written >= {files.FIGURES_CSV, files.DICTIONARY}
        assert said.startswith("Wrote ")
        (tmp_path / "file").touch()
        status, said = await figures(stage, tmp_path / "file")
        assert (status, "can't be written to" in said) == (1, True)
        async with stage.runtime.sessions.begin() as session:
            entries = list(
                await session.scalars(select(AuditEntry).where(AuditEntry.action == EXPORTED))
            )
        assert [entry.actor_id for entry in entries] == [None, None]
        record = await stage.pulse(OTHER, "record")
        assert "exported all published figures (2 times)" in text_of(record.message or {})


async def figures(stage: Stage, folder: Path) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers(dest="command"))
    out = io.StringIO()
    status = await cli.run(parser.parse_args(["figures", str(folder)]), stage.runtime, out)
    return status, out.getvalue()
