"""`python -m bot doctor [--json] [--url URL]`: what is wrong, why it matters, how to fix it."""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from bot.clock import Clock, utc_now
from bot.doctor.examination import examine
from bot.doctor.findings import Finding, Level, fine
from bot.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DOCTOR: Final = "doctor"
MARKS: Final = {Level.OK: "✓", Level.NOTE: "·", Level.WARNING: "!", Level.ERROR: "✗"}


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `doctor` to the program's commands."""
    doctor = subparsers.add_parser(
        DOCTOR, help="check settings, database, Slack and this machine; exits with 1 for an error"
    )
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.add_argument("--url", help="the request URL that Slack has, to be checked from here")


def run(args: Namespace, clock: Clock = utc_now) -> int:
    """Run all checks, print what they found, and return the exit status: 1 if one is an error."""
    try:
        settings = load_settings()
    except SettingsError as error:
        found = [
            Finding("settings", Level.ERROR, str(error), "Attune does not start.", "Do that first.")
        ]
    else:
        found = [
            fine("settings", "All settings can be used."),
            *asyncio.run(examine(settings, clock, args.url)),
        ]
    sys.stdout.write(_as_json(found) if args.json else _as_text(found))
    return int(any(each.level is Level.ERROR for each in found))


def _as_json(found: Sequence[Finding]) -> str:
    return json.dumps({"checks": [asdict(each) for each in found]}, indent=2) + "\n"


def _as_text(found: Sequence[Finding]) -> str:
    lines = [line for each in found for line in _lines(each)]
    counted = Counter(each.level for each in found)
    summary = ", ".join(f"{counted[level]} {level}" for level in Level if counted[level])
    return "\n".join([*lines, "", summary]) + "\n"


def _lines(finding: Finding) -> list[str]:
    lines = [f"{MARKS[finding.level]} {finding.id}: {finding.what}"]
    if finding.why:
        lines.append(f"    Why it matters: {finding.why}")
    if finding.fix:
        lines.append(f"    How to fix it: {finding.fix}")
    return lines
