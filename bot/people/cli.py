"""`python -m bot people …`: the directory from a console, for operators."""

import asyncio
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from bot.blockkit.text import plural
from bot.people.audit import Attune
from bot.people.import_wording import plan_lines, problem_lines
from bot.people.importing import compared, read_directory, store_import
from bot.people.pure.import_file import COLUMNS, ImportFileError, read_file
from bot.people.pure.import_plan import columns_of
from bot.people.slack_directory import sync_directory
from bot.slack.client import make_client
from models.database import reading

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from bot.runtime import Runtime


NOT_DONE: Final = "Nothing was imported: this was a dry run."
NOTHING_DONE: Final = "Nothing was imported."


class ConsoleError(Exception):
    """A command failed; the text says why and what to do."""


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `people import FILE` and `people sync` to the program's commands."""
    people = subparsers.add_parser("people", help="fill and refresh the directory")
    commands = people.add_subparsers(dest="people_command", required=True, metavar="{import,sync}")
    importing = commands.add_parser(
        "import", help=f"read teams and more from a CSV file with the columns {', '.join(COLUMNS)}"
    )
    importing.add_argument(
        "content", type=_content, metavar="FILE", help="a CSV file in UTF-8 with a header line"
    )
    importing.add_argument(
        "--dry-run", action="store_true", help="only tell what would change and what is wrong"
    )
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
            said = await _import(args, workspace_id, runtime)
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


async def _import(args: Namespace, workspace_id: str, runtime: "Runtime") -> str:
    file = await asyncio.to_thread(read_file, args.content)
    async with reading(runtime.sessions) as session:
        directory = await read_directory(session, workspace_id, columns_of(file))
    now = runtime.clock()
    plan = await compared(file, directory, now.date())
    told = [*problem_lines(plan.problems), *plan_lines(plan)]
    if args.dry_run:
        return "\n".join([*told, NOT_DONE])
    if plan.problems:
        raise ConsoleError("\n".join([*problem_lines(plan.problems), NOTHING_DONE]))
    async with runtime.sessions.begin() as session:
        await store_import(session, Attune(workspace_id), plan, directory, now)
    return "\n".join([*told, "Imported."])


def _content(file: str) -> bytes:
    """Return what a file holds; read with the arguments, so that a typo is told before all else."""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ArgumentTypeError(f"{file} can't be read: {error.strerror}.") from None


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
