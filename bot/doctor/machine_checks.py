"""Checks of the machine: time zones, room on the disk, and who may read the files."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.doctor.findings import Finding, Level, fine
from bot.settings import Settings
from models.database import normalise_url

LEAST_FREE: Final = 200 * 2**20
"""Bytes: below, a database of SQLite, its log and a backup soon have no room."""
FOR_OTHERS: Final = 0o077
"""The bits of a file's mode for everybody but its owner."""


def check_time_zones(zones: Iterable[str]) -> Iterator[Finding]:
    """Check that this machine knows the zones of the people and workspaces."""
    unknown = sorted(zone for zone in {*zones, "Europe/Berlin"} if not _is_known(zone))
    if not unknown:
        yield fine("time-zones", "All time zones are known.")
        return
    yield Finding(
        "time-zones",
        Level.ERROR,
        f"This machine does not know {len(unknown)} time zones that are in use: "
        f"{', '.join(unknown[:3])}.",
        "People there are asked at the wrong hour.",
        "Install the newest time-zone data: pip install --upgrade tzdata.",
    )


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Check that there is room beside the database, or here if it is on another machine."""
    file = _database_file(settings)
    folder = file.parent if file and file.parent.is_dir() else Path.cwd()
    free = shutil.disk_usage(folder).free
    if free >= LEAST_FREE:
        yield fine("disk", f"{free // 2**20:,} MiB are free.")
        return
    yield Finding(
        "disk",
        Level.ERROR if file else Level.WARNING,
        f"Only {free // 2**20} MiB are free in {folder}.",
        "Without room, answers cannot be stored.",
        "Free some room, or move the database.",
    )


def check_files(settings: Settings, env_file: Path = Path(".env")) -> Iterator[Finding]:
    """Check that only their owner can read the settings and the database."""
    files = [env_file, *([file] if (file := _database_file(settings)) else [])]
    readable = [each for each in files if each.exists() and each.stat().st_mode & FOR_OTHERS]
    if not readable:
        yield fine("files", "Nobody else on this machine can read the settings or the database.")
    for each in readable:
        yield Finding(
            "files",
            Level.WARNING,
            f"Other users of this machine may read {each}.",
            "It holds tokens, or what people answered.",
            f"chmod 600 {each}",
        )


def _database_file(settings: Settings) -> Path | None:
    url = normalise_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(str(url.database)).resolve() if is_file else None
