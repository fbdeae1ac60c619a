"""Only insights reads answers, so figures are the only way from answers to people."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = {"Answer", "Comment"}
READERS = {"bot/insights/publishing.py", "bot/insights/named_surveys.py"}
ERASERS = {"bot/insights/erase.py"}


def names_used(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_nothing_but_insights_reads_answers_of_closed_surveys() -> None:
    files = [path for folder in ("bot", "scheduler") for path in (ROOT / folder).rglob("*.py")]

    using = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if ANSWERS & set(names_used(path.read_text("utf-8")))
    }

    assert using == READERS | ERASERS


def test_only_publishing_reads_anonymous_answers() -> None:
    # named_surveys refuses an anonymous wave before it reads its answers.
    named = (ROOT / "bot/insights/named_surveys.py").read_text("utf-8")

    assert named.index("if wave.anonymous:") < named.index("select(Answer)")


def test_erasing_reads_nothing() -> None:
    (erasing,) = ((ROOT / path).read_text("utf-8") for path in ERASERS)

    assert not {"select", "scalars", "scalar", "get", "returning"} & set(
        re.findall(r"\w+", erasing)
    )
