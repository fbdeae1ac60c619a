"""`python -m bot council FILE`: the dossier for the works council."""

import asyncio
import sys
import tomllib
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from bot.languages import LANGUAGES, SOURCE, speaking
from bot.people.cli import ConsoleError, chosen_workspace
from bot.rights.council.facts import facts_of
from bot.rights.council.page import Installation, council_page
from bot.rights.council.pure.quotes import PRIVACY
from models.database import reading

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from bot.runtime import Runtime
    from bot.settings import Settings

COUNCIL: Final = "council"
ROOT: Final = Path(__file__).resolve().parents[3]
PROJECT: Final = ROOT / "pyproject.toml"
NOT_A_CHECKOUT: Final = (
    "The dossier quotes docs/privacy.md of this version, which is not here. Run this where the "
    "whole project lies, as it was downloaded."
)


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `council FILE` to the program's commands."""
    making = subparsers.add_parser(
        COUNCIL, help="write a printable dossier for the works council, without answers"
    )
    making.add_argument(
        "file", type=_new_file, metavar="FILE", help="the HTML file to write, such as council.html"
    )
    making.add_argument(
        "--language",
        choices=LANGUAGES,
        default=SOURCE,
        help="the dossier's language; %(default)s if none is given",
    )
    making.add_argument(
        "--workspace", help="the workspace's id (T…); needed only where there are several"
    )


async def run(args: Namespace, runtime: "Runtime", out: TextIO = sys.stdout) -> int:
    """Write the dossier, report on `out`, and return the exit status."""
    try:
        workspace_id = await chosen_workspace(args.workspace, runtime)
        installation = await asyncio.to_thread(_installation, runtime.settings)
        with speaking(args.language):
            async with reading(runtime.sessions) as session:
                facts = await facts_of(session, workspace_id, runtime.clock())
            page = council_page(facts, installation)
        await asyncio.to_thread(_write, args.file, page)
    except ConsoleError as error:
        out.write(f"{error}\n")
        return 1
    out.write(f"Wrote {args.file}. Open it in a browser; print it there to get a PDF.\n")
    return 0


def _installation(settings: "Settings") -> Installation:
    try:
        privacy = PRIVACY.read_text("utf-8")
        project = tomllib.loads(PROJECT.read_text("utf-8"))
    except OSError:
        raise ConsoleError(NOT_A_CHECKOUT) from None
    return Installation(
        version=str(project["project"]["version"]),
        privacy=privacy,
        database="SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL",
        is_encrypted=bool(settings.secret_keys),
        comment_months=settings.attune_retention_months,
        guests=settings.attune_allow_guests,
    )


def _new_file(path: str) -> Path:
    """Return the path of a file in a folder that exists; a typo is told before all else."""
    file = Path(path)
    if file.is_dir() or not file.parent.is_dir():
        raise ArgumentTypeError(f"{file} can't be written: name a file in a folder that exists.")
    return file


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise ConsoleError(f"{file} can't be written: {error.strerror}.") from None
