"""`python -m bot figures`: the operator writes all published figures into files."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from bot.blockkit.text import plural
from bot.errors import UserError
from bot.insights.export import service
from bot.insights.export.pure.files import export_files, has_parquet
from bot.people.audit import Attune
from bot.people.cli import ConsoleError, chosen_workspace
from models.database import reading

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from bot.runtime import Runtime

FIGURES: Final = "figures"
NO_PARQUET: Final = "For Parquet, too, install Attune's extra: pip install '.[parquet]'"


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `figures FOLDER` to the program's commands."""
    exporting = subparsers.add_parser(
        FIGURES, help="write all published figures as CSV and Parquet, with a data dictionary"
    )
    exporting.add_argument("folder", type=Path, help="the folder for the files, made if missing")
    exporting.add_argument(
        "--workspace", help="the workspace's id (T…); needed only where there are several"
    )


async def run(args: Namespace, runtime: "Runtime", out: TextIO = sys.stdout) -> int:
    """Write the files, report on `out`, and return the exit status."""
    try:
        workspace_id = await chosen_workspace(args.workspace, runtime)
        said = await _export(args.folder, workspace_id, runtime)
    except (ConsoleError, UserError) as error:
        out.write(f"{error}\n")
        return 1
    out.write(f"{said}\n")
    return 0


async def _export(folder: Path, workspace_id: str, runtime: "Runtime") -> str:
    async with runtime.sessions.begin() as session:
        await service.allow_export(session, Attune(workspace_id), runtime.clock())
    async with reading(runtime.sessions) as session:
        published = await service.published_figures(session, workspace_id)
    figures = await asyncio.to_thread(service.exported, published)
    files = await asyncio.to_thread(export_files, figures)
    try:
        await asyncio.to_thread(_write, folder, files)
    except OSError as error:
        raise ConsoleError(f"{folder} can't be written to: {error.strerror}.") from None
    said = f"Wrote {plural(len(figures), 'figure')} to {folder}: {', '.join(sorted(files))}."
    return said if has_parquet() else f"{said}\n{NO_PARQUET}"


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
