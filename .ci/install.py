"""Installs what a lock file pins into this Python's environment, and says how far it is.

`pip --quiet` says nothing for minutes, and without it pip writes several hundred lines.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from threading import Thread

PINNED = re.compile(r"^[A-Za-z0-9][\w.-]*==", re.MULTILINE)
HANDLED = re.compile(r"(?:Collecting|Ignoring|Requirement already satisfied:) ([\w.-]+)")
FETCHED = re.compile(r"\s+(?:Downloading|Using cached) (\S+?)-(\d\S*?)-\S+ \((.*)\)")
UNPACKING = "Installing collected packages: "
MB = 1_000_000
POLL_SECONDS = 0.5
PACKAGES = Path(sysconfig.get_path("purelib"))


class Pip:
    """A run of pip on a lock file, and how far it is."""

    def __init__(self, lock: Path, temporary: Path) -> None:
        self.everything = len(PINNED.findall(lock.read_text("utf-8")))
        self.temporary = temporary
        self.handled: set[str] = set()
        self.file = ""
        self.unpacked_before = self.unpacked()
        self.to_unpack = 0
        # A lock names all that is needed: pip need not look for more. Python compiles what it
        # imports; to compile all of it here only costs time and space.
        options = ["--require-hashes", "--no-deps", "--no-compile", "--disable-pip-version-check"]
        self.process = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-m", "pip", "install", *options, "-r", lock],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        )
        Thread(target=self.read).start()

    def read(self) -> None:
        """Note what pip says until it ends."""
        for line in self.process.stdout or ():
            if found := HANDLED.match(line):
                self.handled.add(found[1])
            elif found := FETCHED.match(line):
                self.file = f"{found[1]} {found[2]}, {found[3]}"
            elif line.startswith(UNPACKING):
                self.to_unpack = line.count(",") + 1

    def state(self, *, with_bytes: bool) -> str:
        """Return how far pip is, in words."""
        if self.to_unpack:
            done = self.unpacked() - self.unpacked_before
            finishing = ", finishing" if done == self.to_unpack else ""
            return f"unpacked {done} of {self.to_unpack}{finishing}"
        fetched = f", {self.bytes_here() / MB:.1f} MB are here" if with_bytes else ""
        count = f"{len(self.handled)} of {self.everything}"
        return f"downloading {count}: {self.file}{fetched}" if self.file else ""

    def bytes_here(self) -> int:
        """Return how much of the file that is being downloaded has arrived."""
        files = [each.stat() for each in self.temporary.glob("pip-unpack-*/*")]
        return max(files, key=lambda each: each.st_mtime).st_size if files else 0

    @staticmethod
    def unpacked() -> int:
        """Return how many packages are in place."""
        return len(list(PACKAGES.glob("*.dist-info")))


def main(lock: Path) -> int:
    """Run pip on the lock file; return its exit status."""
    with tempfile.TemporaryDirectory() as temporary:
        pip = Pip(lock, Path(temporary))
        say(f"Installing {pip.everything} packages that {lock.name} pins")
        said = ""
        while pip.process.poll() is None:
            state = pip.state(with_bytes=sys.stdout.isatty())
            if state and state != said:
                said = state
                progress(state)
            time.sleep(POLL_SECONDS)
    if pip.process.returncode:
        say("Not installed: pip says why above")
        return pip.process.returncode
    progress("removing what is not needed")
    remove_unused()
    say("Installed")
    return 0


def remove_unused() -> None:
    """Delete what nothing here runs: the packages' own tests, and what a new environment brings."""
    for tests in PACKAGES.glob("*/**/tests"):
        shutil.rmtree(tests, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools"]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)  # noqa: S603 (our own command)


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
