"""The console commands, as `python -m bot` calls them."""

import argparse
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.people import cli
from bot.people.import_wording import LATER, MOVES, NOTHING_CHANGES, UNTIL_RIGHT
from bot.people.importing import IMPORTED
from bot.people.pure.import_file import NOT_UTF8
from models import AuditEntry, Employee
from sandbox.demo.company import TEAM_ID
from tests import factories
from tests.journeys.stage import Stage, open_stage


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def run(stage: Stage, *arguments: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers(dest="command"))
    out = StringIO()
    status = await cli.run(parser.parse_args(["people", *arguments]), stage.runtime, out)
    return status, out.getvalue()


async def test_a_spreadsheets_file_is_imported(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(
        "\ufeffemail;team\r\nperson01@brightwater.example;Café\r\nx@y.example;\r\n".encode()
    )
    status, said = await run(stage, "import", str(file))
    assert status == 0
    assert said.startswith(
        "Changed, 1 person: line 2 (team).\n"
        f"Moved between teams, 1 person. {MOVES}\n"
        f"Passed over, because nobody in Slack has the e-mail: line 3. {LATER}\n"
        "In Slack, but not in the file, 45 people: U0DEMO0000, "
    )
    assert said.endswith(f" and 25 more. {NOTHING_CHANGES}\nImported.\n")
    async with stage.runtime.sessions.begin() as session:
        team = await session.scalar(
            select(Employee.team).where(Employee.email == "person01@brightwater.example")
        )
    assert team == "Café"


async def test_a_file_with_a_fault_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,salary\nperson01@brightwater.example,1\n")
    status, said = await run(stage, "import", str(file))
    assert status == 1
    assert said.startswith(f"{UNTIL_RIGHT}\nLine 1: I don't know column 2; there can be email,")
    assert said.endswith(f"\n{cli.NOTHING_DONE}\n")


async def test_a_dry_run_tells_all_and_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(
        b"email,team,manager_email\n"
        b"person01@brightwater.example,Moon,person02@brightwater.example\n"
        b"person02@brightwater.example,Moon,person01@brightwater.example\n"
        b"person03@brightwater.example,M\xfcnchen,\n"
        b"person01@brightwater.example,Sun,\n"
        b"person04@brightwater.example,Sun,boss@elsewhere.example\n"
    )

    status, said = await run(stage, "import", "--dry-run", str(file))

    assert status == 0
    assert said.startswith(
        f"{UNTIL_RIGHT}\n"
        "Line 2: managers go round in a circle of 2 people, with line 3.\n"
        f"Line 4: {NOT_UTF8}.\n"
        "Line 5: the same email is on line 2.\n"
        "Line 6: nobody in the Slack workspace has the address in manager_email.\n"
    )
    assert said.endswith(f"{cli.NOT_DONE}\n")
    async with stage.runtime.sessions.begin() as session:
        teams = set(await session.scalars(select(Employee.team)))
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.action == IMPORTED))
        assert not teams & {"Moon", "Sun"}
        assert len(list(entries)) == 1  # the stage's own


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_in_another_encoding_is_refused(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"email\n\xff")
    status, said = await run(stage, "import", str(file))
    assert status == 1
    assert "not in UTF-8" in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "the following arguments are required: {import,sync}"),
        (["import", "/nope.csv"], "argument FILE: /nope.csv can't be read: No such file"),
    ],
)
def test_a_mistyped_command_is_explained_before_anything_starts(
    capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    with pytest.raises(SystemExit):
        main(["people", *arguments])
    assert why in capsys.readouterr().err


async def test_syncing_tells_what_changed(stage: Stage) -> None:
    stage.sandbox.world.change_user(stage.sandbox.world.users["U0DEMO0007"], deleted=True)
    await stage.settled()
    status, said = await run(stage, "sync", "--workspace", TEAM_ID)
    assert (status, said) == (0, "45 employees: 0 joined, 0 left.\n")


async def test_of_several_workspaces_one_is_named(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        session.add(factories.workspace(id="T0OTHER"))
    status, said = await run(stage, "sync")
    assert (status, said) == (
        1,
        f"Which workspace? Add --workspace with one of {TEAM_ID}, T0OTHER.\n",
    )
    status, said = await run(stage, "sync", "--workspace", "T0NOWHERE")
    assert (status, said) == (1, "Attune is not installed in this workspace: check --workspace.\n")
