"""`python -m bot people …`: the directory from a console, for operators."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from bot.blockkit.text import plural
from bot.people import service
from bot.people.pure.import_file import COLUMNS, ImportFileError, read_csv
from bot.people.service import ImportResult
from bot.people.slack_directory import sync_directory
from bot.slack.client import make_client

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from bot.runtime import Runtime


LINES_SHOWN: Final = 20
MOVES: Final = (
    "In figures, a move counts at once where enough people make the same one together, else from "
    "the next quarter on."
)


class ConsoleError(Exception):
    """A command failed; the text says why and what to do."""


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `people import FILE` and `people sync` to the program's commands."""
    people = subparsers.add_parser("people", help="fill and refresh the directory")
    commands = people.add_subparsers(dest="people_command", required=True)
    importing = commands.add_parser(
        "import", help=f"read teams and more from a CSV file with the columns {', '.join(COLUMNS)}"
    )
    importing.add_argument("file", type=Path, help="a CSV file in UTF-8 with a header line")
    syncing = commands.add_parser("sync", help="read the whole directory from Slack again")
    for command in (importing, syncing):
        command.add_argument(
            "--workspace", help="the workspace's id (T…); needed only where there are several"
        )


async def run(args: Namespace, runtime: "Runtime", out: TextIO = sys.stdout) -> int:
    """Run the command, report on `out`, and return the exit status."""
    try:
        workspace_id = await chosen_workspace(args.workspace, runtime)
        if args.people_command == "import":
            said = await _import(args.file, workspace_id, runtime)
        else:
            said = await _sync(workspace_id, runtime)
    except (ConsoleError, ImportFileError) as error:
        out.write(f"{error}\n")
        return 1
    out.write(f"{said}\n")
    return 0


async def chosen_workspace(wanted: str | None, runtime: "Runtime") -> str:
    """Return the chosen workspace, or the only one; raise ConsoleError otherwise."""
    known = await runtime.installations.workspace_ids()
    if wanted:
        if wanted not in known:
            raise ConsoleError("Attune is not installed in this workspace: check --workspace.")
        return wanted
    if not known:
        raise ConsoleError("Attune is not installed in any workspace yet: start it once first.")
    if len(known) > 1:
        raise ConsoleError(f"Which workspace? Add --workspace with one of {', '.join(known)}.")
    return known[0]


async def _import(file: Path, workspace_id: str, runtime: "Runtime") -> str:
    rows = read_csv(_text(file))
    async with runtime.sessions.begin() as session:
        result = await service.import_people(session, workspace_id, rows, runtime.clock())
    return _told(result)


def _text(file: Path) -> str:
    """Read the file without the byte-order mark that spreadsheets write."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConsoleError(f"{file} is not in UTF-8: save it as “CSV UTF-8”.") from None
    except OSError as error:
        raise ConsoleError(f"{file} can't be read: {error.strerror}.") from None


def _told(result: ImportResult) -> str:
    said = f"Updated {plural(result.updated, 'person', 'people')}."
    if result.moved:
        said += f" {plural(result.moved, 'person', 'people')} moved between teams. {MOVES}"
    if not result.unknown_lines:
        return said
    shown = ", ".join(str(line) for line in result.unknown_lines[:LINES_SHOWN])
    more = ", …" if len(result.unknown_lines) > LINES_SHOWN else ""
    unknown = plural(len(result.unknown_lines), "line")
    return (
        f"{said} Passed over {unknown} whose email nobody in Slack has: {shown}{more}. "
        "Run this again once they have joined."
    )


async def _sync(workspace_id: str, runtime: "Runtime") -> str:
    installed = await runtime.installations.find(workspace_id)
    if installed is None:
        raise ConsoleError("Attune has no token for this workspace: install it again.")
    client = make_client(
        runtime.settings.slack_api_url, runtime.http, installed.token, workspace_id=workspace_id
    )
    result = await sync_directory(
        client, runtime.sessions, runtime.settings, workspace_id, runtime.clock
    )
    return f"{plural(result.employees, 'employee')}: {result.joined} joined, {result.left} left."
