"""What people are told when something fails or is refused.

Most of these sentences stand where they are raised, deep in services, so they are read from the
source: each string that looks like a sentence, outside the modules whose builders have cases.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import bot
from bot import error_handler
from tests.golden.shown import Cases, Sentences

HAVE_CASES = re.compile(r"blocks|forms|wording|messages|undelivered|column_meanings|error_handler")
"""Modules whose texts are shown by other cases."""
NOT_IN_SLACK = re.compile(r"cli|settings|runtime|server|__main__|masking|installations|import_file")
VALUE = "{…}"
"""What stands for a value in a sentence: the names of variables are no wording."""
SENTENCE = re.compile(r"[A-Z{“`*].* .* .*[.?!]", re.DOTALL)


def sentences() -> set[str]:
    """Return what looks like a sentence in the source."""
    root = Path(bot.__file__).parent
    return {
        text
        for path in root.rglob("*.py")
        if not HAVE_CASES.search(path.stem)
        if not NOT_IN_SLACK.search(str(path.relative_to(root)))
        for text in _texts(ast.parse(path.read_text(encoding="utf-8")))
        if SENTENCE.fullmatch(text)
    }


def _texts(node: ast.AST) -> Iterator[str]:
    """Return the strings below a node, but for docstrings and what only programmers read."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(value.value) if isinstance(value, ast.Constant) else VALUE for value in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not _is_for_programmers(node):
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)


def _is_for_programmers(node: ast.AST) -> bool:
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_bug = isinstance(node, ast.Call) and ast.unparse(node.func) == "ValueError"
    return is_docstring or is_bug


CASES: Cases = {
    "sentences": lambda: Sentences(sorted(sentences())),
    "failures": lambda: Sentences(
        {
            "records out of reach, a press": error_handler.NOT_SAVED,
            "records out of reach, a command": error_handler.NOT_REACHED.format(
                command="`/pulse new`"
            ),
            "Slack out of reach": error_handler.SLACK_SILENT,
            "Slack busy": error_handler.SLACK_BUSY_TO.format(command="`/pulse new`"),
            "disconnected": error_handler.DISCONNECTED,
            "unexpected": error_handler.UNEXPECTED.format(reference="0a1b2c3d"),
        }
    ),
}
