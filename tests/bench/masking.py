"""How well comments are masked: `python -m tests.bench.masking FILE.csv [--directory NAMES.csv]`.

FILE.csv has the columns `text` and `identifying`: the strings that give somebody away, separated by
`|`, none for a harmless comment. NAMES.csv has one full name a line; without it the names are those
of the demo's company. `--show` prints each string that is left and each harmless comment changed.
"""

import argparse
import csv
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.masking import Names, mask
from sandbox.demo.company import people

Comment = tuple[str, tuple[str, ...]]
"""A text, and what identifies somebody in it."""

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass
class Outcome:
    """What masking did to a file of comments."""

    hostile: int = 0
    fully_masked: int = 0
    strings: int = 0
    strings_masked: int = 0
    harmless: int = 0
    milliseconds: float = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    """What is left, and the masked text."""
    changed: list[tuple[str, str]] = field(default_factory=list)
    """Harmless comments, and what became of them."""

    def lines(self) -> list[str]:
        """Say it in words."""
        comments = max(self.hostile + self.harmless, 1)
        return [
            f"hostile comments fully masked: {_share(self.fully_masked, self.hostile)}",
            f"identifying strings masked: {_share(self.strings_masked, self.strings)}",
            f"harmless comments changed: {_share(len(self.changed), self.harmless)}",
            f"{self.milliseconds / comments:.3f} ms a comment",
        ]


def measure(comments: Sequence[Comment], names: Names) -> Outcome:
    """Mask each comment and count what is left of what identifies, and what is changed besides."""
    outcome = Outcome()
    start = time.process_time()
    masked = [mask(text, names).text for text, _ in comments]
    outcome.milliseconds = (time.process_time() - start) * 1000
    for (text, identifying), after in zip(comments, masked, strict=True):
        if not identifying:
            outcome.harmless += 1
            outcome.changed += [(text, after)] if text != after else []
            continue
        left = [each for each in identifying if is_left(each, after)]
        outcome.hostile += 1
        outcome.fully_masked += not left
        outcome.strings += len(identifying)
        outcome.strings_masked += len(identifying) - len(left)
        outcome.missed += [(each, after) for each in left]
    return outcome


def is_left(identifying: str, masked: str) -> bool:
    """Return True if a string still stands in a text as a whole, in any case."""
    if _UNSPACED.search(identifying):
        return identifying in masked
    return bool(re.search(rf"(?<!\w){re.escape(identifying)}(?!\w)", masked, re.IGNORECASE))


def read_comments(path: Path) -> list[Comment]:
    """Read a file of comments."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["text"], tuple(filter(None, (row["identifying"] or "").split("|"))))
            for row in csv.DictReader(file)
        ]


def read_names(path: Path | None) -> list[str]:
    """Read a file of full names, or those of the demo's company."""
    if path is None:
        return [person.name for person in people()]
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    return [line for number, line in enumerate(lines) if line and (number, line) != (0, "name")]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.1%})" if whole else "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of one file."""
    parser = argparse.ArgumentParser(description="Measure how well comments are masked.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args(arguments)
    names = Names.of(read_names(asked.directory))
    mask("Warm up.", names)
    outcome = measure(read_comments(asked.file), names)
    lines = outcome.lines()
    if asked.show:
        lines += [f"left: {each!r} in: {after}" for each, after in outcome.missed]
        lines += [f"changed: {before}\n     to: {after}" for before, after in outcome.changed]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
