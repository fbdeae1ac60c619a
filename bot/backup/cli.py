"""`python -m bot backup FILE` and `python -m bot restore [--check] FILE`."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.backup import restoring
from bot.backup.archive import About, BackupError
from bot.backup.backing_up import back_up, note_backup, unpublished_waves, wait_until_sealed
from bot.backup.restoring import Restored
from bot.blockkit.text import plural
from bot.clock import Clock, utc_now
from bot.settings import Settings, load_settings
from models.database import make_engine, make_sessions

if TYPE_CHECKING:
    from argparse import _SubParsersAction

BACKUP: Final = "backup"
RESTORE: Final = "restore"
CONSOLE_COMMANDS: Final = (BACKUP, RESTORE)

LEFT_OUT: Final = (
    "It holds no key and no answer of {}: after a restore, people can answer again until it "
    "closes. --when-sealed waits until no survey is open."
)
NO_ANSWERS: Final = "It holds no key and no answer of an open survey, and no answer that waits."
IN_CLEAR: Final = (
    "ATTUNE_SECRET_KEY is not set, so the file holds bot tokens and comments in clear text: keep "
    "it as safe as a password."
)
KEEP_THE_KEY: Final = "Keep ATTUNE_SECRET_KEY apart from the file: a restore needs both."
SURVEYS_PASSED_OVER: Final = (
    "Due since the backup, so perhaps asked already, and not asked again before their next date: "
    "{}. Tell HR; answers that came since the backup are lost."
)
DIGESTS_PASSED_OVER: Final = "{} may have been posted since, and will come at the next time."
SPENT_TOKENS: Final = (
    "Slack tokens that expire: {}. If one was renewed since the backup, the restored one is spent, "
    "and Attune must be installed there again. Start one copy of Attune only: a second one would "
    "spend the tokens of the first."
)
WHAT_NEXT: Final = "Now start Attune."


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `backup` and `restore` to the program's commands."""
    backing_up = subparsers.add_parser(
        BACKUP, help="write the database to a file that cannot tell whose answer is whose"
    )
    backing_up.add_argument("file", type=Path, help="the file to make, such as attune.zip")
    backing_up.add_argument(
        "--when-sealed",
        action="store_true",
        help="first wait until no survey is open, so that no answer is left out but those of the "
        "company pulse and at milestones, where some survey is always open",
    )
    backing_up.add_argument(
        "--hours", type=float, default=24.0, help="how long --when-sealed waits (24)"
    )
    restoring_ = subparsers.add_parser(
        RESTORE, help="read a backup into the empty database that DATABASE_URL names"
    )
    restoring_.add_argument("file", type=Path, help="a file that `backup` made")
    restoring_.add_argument(
        "--check",
        action="store_true",
        help="only try the backup out, in a file that is deleted again; needs no settings",
    )


def run(args: Namespace, clock: Clock = utc_now) -> int:
    """Run the command, print what it did, and return the exit status.

    Raises SettingsError. Starts event loops, so it is called outside of any.
    """
    try:
        said = _run(args, clock)
    except BackupError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    sys.stdout.write(said)
    return 0


def _run(args: Namespace, clock: Clock) -> str:
    if args.command == BACKUP:
        return asyncio.run(_back_up(args, load_settings(), clock))
    if args.check:
        return _checked(args.file, restoring.check(args.file, clock()))
    database_url = load_settings().database_url
    return _restored(args.file, restoring.restore(database_url, args.file, clock()))


async def _back_up(args: Namespace, settings: Settings, clock: Clock) -> str:
    engine = make_engine(settings.database_url, hide_parameters=True)
    try:
        sessions = make_sessions(engine)
        if args.when_sealed:
            await wait_until_sealed(sessions, args.hours * 3600, clock)
        about = await back_up(engine, args.file, clock())
        await note_backup(sessions, about.made_at)
        left_out = await unpublished_waves(sessions)
    finally:
        await engine.dispose()
    lines = [f"{args.file}: {_content(about)}."]
    if left_out:
        lines.append(LEFT_OUT.format(plural(left_out, "open survey")))
    lines.append(KEEP_THE_KEY if settings.secret_keys else IN_CLEAR)
    return _lines(lines)


def _checked(path: Path, restored: Restored) -> str:
    about = restored.about
    can_be = (
        f"{path} can be restored: {_content(about)}, made {about.made_at:%Y-%m-%d %H:%M} UTC by "
        f"Attune {about.attune} (migration {about.migration}) on {about.database}."
    )
    return _lines([can_be, NO_ANSWERS, *_consequences(restored)])


def _restored(path: Path, restored: Restored) -> str:
    lines = [f"Restored {path}: {_content(restored.about)}.", *_consequences(restored), WHAT_NEXT]
    return _lines(lines)


def _consequences(restored: Restored) -> list[str]:
    lines = []
    if restored.open_waves:
        lines.append(
            f"{plural(restored.open_waves, 'open survey')} went on when the backup was made: "
            "people can answer again until it closes."
        )
    if restored.looked_up:
        lines.append(
            f"{plural(restored.looked_up, 'message')} may have gone out since: each is looked up "
            "in Slack before it is sent."
        )
    if restored.spent_tokens:
        lines.append(SPENT_TOKENS.format(plural(restored.spent_tokens, "installation")))
    if names := restored.passed_over.surveys:
        lines.append(SURVEYS_PASSED_OVER.format(", ".join(f"“{name}”" for name in names)))
    if digests := restored.passed_over.digests:
        lines.append(DIGESTS_PASSED_OVER.format(plural(digests, "digest")))
    return lines


def _content(about: About) -> str:
    rows = sum(page.rows for page in about.tables.values())
    return f"{plural(rows, 'row')} of {plural(len(about.tables), 'table')}"


def _lines(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
