"""`python -m bot status`: what is still missing, and whom Attune is going to write to."""

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final, TextIO

from bot.setup.status import status_lines

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from bot.runtime import Runtime

STATUS: Final = "status"


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `status` to the program's commands."""
    subparsers.add_parser(STATUS, help="say what is missing, and whom Attune will write to")


async def run(_asked: Namespace, runtime: "Runtime", out: TextIO = sys.stdout) -> int:
    """Write the status of all workspaces, and return the exit status."""
    async with runtime.reading() as session:
        lines = await status_lines(session, runtime.clock())
    out.write("\n".join(lines) + "\n")
    return 0
