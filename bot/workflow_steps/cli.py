"""`python -m bot manifest`: the app's manifest for Slack, with `--steps` those of workflows too."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.workflow_steps.definitions import with_steps

if TYPE_CHECKING:
    from argparse import _SubParsersAction

MANIFEST: Final = "manifest"
FILE: Final = Path(__file__).parents[2] / "manifest.json"


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `manifest` to the program's commands."""
    command = subparsers.add_parser(MANIFEST, help="print the app's manifest for Slack")
    command.add_argument("--steps", action="store_true", help="with the steps for Workflow Builder")


def run(asked: Namespace) -> int:
    """Write the manifest as JSON, and return the exit status."""
    manifest = json.loads(FILE.read_text("utf-8"))
    shown = with_steps(manifest) if asked.steps else manifest
    sys.stdout.write(json.dumps(shown, indent=2, ensure_ascii=False) + "\n")
    return 0
