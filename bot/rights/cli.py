"""`python -m bot export` and `erase`: the operator exports or erases one person's data."""

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final, TextIO

from bot.errors import UserError
from bot.people import audit
from bot.people.cli import ConsoleError, chosen_workspace
from bot.rights import service
from models.database import overwrite_deleted

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from bot.runtime import Runtime


CONSOLE_COMMANDS: Final = ("export", "erase")
WHAT_ERASING_DOES: Final = (
    "Nothing was erased yet. With --yes, this erases what is held about {person}: directory entry, "
    "invitations, answers to open surveys, the name on answers to named surveys, messages, "
    "questions to colleagues, roles, mentoring profile and ratings, and the id on others' rows. "
    "Their id stays, marked “do not contact”, in the record of acts, on surveys, digests, alerts "
    "and mentoring matches, and as the workspace's owner's. Answers to closed surveys stay, "
    "without a name: nobody can tell which are theirs."
)
ERASURE_DONE: Final = (
    "Erased. Only the id of {person} stays, where it was said and marked “do not contact”; the "
    "person can come back with /pulse forget-me."
)
LAST_ADMIN_HINT: Final = (
    "{person} is the only HR admin. Choose another one first, with /pulse admins in Slack."
)


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `export --person U…` and `erase --person U…` to the program's commands."""
    exporting = subparsers.add_parser(
        "export", help="print everything that is held about a person, as JSON"
    )
    erasing = subparsers.add_parser("erase", help="erase what is held about a person")
    for command in (exporting, erasing):
        command.add_argument("--person", required=True, help="the person's Slack member id (U…)")
        command.add_argument(
            "--workspace", help="the workspace's id (T…); needed only where there are several"
        )
    erasing.add_argument(
        "--yes", action="store_true", help="do it; without this, only tell what it would do"
    )


async def run(args: Namespace, runtime: "Runtime", out: TextIO = sys.stdout) -> int:
    """Run the command in `args`, write the outcome to `out`, and return the exit status."""
    try:
        workspace_id = await chosen_workspace(args.workspace, runtime)
        if args.command == "export":
            output = await _export(args.person, workspace_id, runtime)
        elif not args.yes:
            raise ConsoleError(WHAT_ERASING_DOES.format(person=args.person))
        else:
            output = await _erase(args.person, workspace_id, runtime)
    except ConsoleError as error:
        out.write(f"{error}\n")
        return 1
    out.write(f"{output}\n")
    return 0


async def _export(person: str, workspace_id: str, runtime: "Runtime") -> str:
    now = runtime.clock()
    async with runtime.sessions.begin() as session:
        data = await service.personal_data(session, workspace_id, person, now, for_themselves=False)
        operator = audit.Attune(workspace_id)
        audit.record(session, operator, "person.exported", subject=person, now=now)
    return json.dumps(data, indent=2, ensure_ascii=False)


async def _erase(person: str, workspace_id: str, runtime: "Runtime") -> str:
    async with runtime.sessions.begin() as session:
        if not await service.is_in_directory(session, workspace_id, person):
            raise ConsoleError(f"Nobody with the id {person} is in the directory: check --person.")
        try:
            await service.forget(session, audit.Attune(workspace_id), person, runtime.clock())
        except UserError:
            raise ConsoleError(LAST_ADMIN_HINT.format(person=person)) from None
    await overwrite_deleted(runtime.sessions, service.ERASED_FROM)
    return ERASURE_DONE.format(person=person)
