"""Installs what a lock file pins into this Python's environment, and says how far it is.

`pip --quiet` says nothing for minutes, and without it pip writes several hundred lines.
"""

import re
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

PINNED = re.compile(r"^[A-Za-z0-9][\w.-]*==", re.MULTILINE)
HANDLED = re.compile(r"(?:Collecting|Ignoring|Requirement already satisfied:) ([\w.-]+)")
FETCHED = re.compile(r"\s+(?:Downloading|Using cached) (\S+?)-(\d\S*?)-\S+ (\(.*\))")
UNPACKING = "Installing collected packages: "
INSTALLED = "*.dist-info"
POLL_SECONDS = 0.5


def main(lock: Path) -> int:
    """Run pip on the lock file; return its exit status."""
    everything = len(PINNED.findall(lock.read_text("utf-8")))
    say(f"Installing {everything} packages that {lock.name} pins")
    # Python compiles what it imports; to compile all of it here only costs time and space.
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-compile", "-r"]
    with subprocess.Popen([*command, lock], stdout=subprocess.PIPE, text=True) as pip:  # noqa: S603 (our own command)
        handled: set[str] = set()
        for line in pip.stdout or ():
            if found := HANDLED.match(line):
                handled.add(found[1])
            elif found := FETCHED.match(line):
                progress(f"{len(handled)} of {everything}: {found[1]} {found[2]} {found[3]}")
            elif line.startswith(UNPACKING):
                show_unpacking(pip, line.count(",") + 1)
    say("Installed" if pip.returncode == 0 else "Not installed: pip says why above")
    return pip.returncode


def show_unpacking(pip: "subprocess.Popen[str]", count: int) -> None:
    """Say how many of the fetched packages are in place, until pip ends."""
    folder = Path(sysconfig.get_path("purelib"))
    before = len(list(folder.glob(INSTALLED)))
    shown = 0
    while pip.poll() is None:
        done = len(list(folder.glob(INSTALLED))) - before
        if done > shown:
            shown = done
            progress(f"{done} of {count} unpacked")
        time.sleep(POLL_SECONDS)


def progress(text: str) -> None:
    """Write over the last line on a terminal, and a line of its own elsewhere."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K  {text}")
        sys.stdout.flush()
    else:
        say(text)


def say(text: str) -> None:
    """Write a line that stays."""
    start = "\r\033[K" if sys.stdout.isatty() else ""
    sys.stdout.write(f"{start}  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
