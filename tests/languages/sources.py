"""Reads the code for texts that are shown without being translated."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOR_OPERATORS = (
    "bot/__main__.py",
    "bot/backup",
    "bot/doctor",
    "bot/http_limits.py",
    "bot/insights/export/cli.py",
    "bot/keys.py",
    "bot/languages",
    "bot/listening.py",
    "bot/logs.py",
    "bot/masking",
    "bot/metrics.py",
    "bot/operations.py",
    "bot/people/cli.py",
    "bot/readiness.py",
    "bot/rights/cli.py",
    "bot/rights/council/cli.py",
    "bot/runtime.py",
    "bot/server.py",
    "bot/settings.py",
    "bot/setup/cli.py",
    "bot/setup/status.py",
    "bot/slack/scopes.py",
    "bot/workflow_steps/cli.py",
    "bot/workflow_steps/definitions.py",
)
"""What speaks to operators in the terminal, in English, or to nobody."""
TRANSLATING = {"_", "_n", "_p", "marked", "plural"}
NOT_SHOWN = {
    "AssertionError",
    "BankError",
    "CheckConstraint",
    "Counter",
    "KeyError",
    "LookupError",
    "MalformedError",
    "RequestRefusedError",
    "RuntimeError",
    "SettingsError",
    "TypeError",
    "ValueError",
    "compile",
    "debug",
    "error",
    "exception",
    "info",
    "text",
    "warning",
}
"""Calls whose texts are for programmers, logs or databases."""
TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,.:]? [^\W\d_]{2,}")


def files() -> list[str]:
    """Return the files whose texts are to be in all languages."""
    found = (str(path.relative_to(ROOT)) for path in sorted((ROOT / "bot").rglob("*.py")))
    return [each for each in found if not each.startswith(FOR_OPERATORS)]


def bare_texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each literal of two words or more that nobody translates."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Call) and _called(node) in TRANSLATING | NOT_SHOWN:
            continue
        if isinstance(node, ast.expr) and TWO_WORDS.search(_said(node)):
            yield node.lineno, ast.unparse(node)
        else:
            yield from bare_texts(node)


@cache
def parsed(file: str) -> ast.Module:
    """Return the code of a file, named from the repository's root."""
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def known_names(file: str) -> set[str]:
    """Return what marked texts are called in a file: own, imported, or as `module.NAME`."""
    own = _constants(file)
    found = {name for name, value in own.items() if any(map(_is_marked, ast.walk(value)))}
    for node in parsed(file).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            module = node.module.replace(".", "/")
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name in _marked_texts(f"{module}.py"):
                    found.add(name)
                inner = _marked_texts(f"{module}/{alias.name}.py")
                found |= {f"{name}.{each}" for each in inner}
    return found


@cache
def _marked_texts(file: str) -> set[str]:
    """Return the constants of a file that are marked texts; none if there is no such file."""
    is_there = file.startswith("bot/") and (ROOT / file).is_file()
    constants = _constants(file) if is_there else {}
    return {name for name, value in constants.items() if _is_marked(value)}


def _constants(file: str) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in parsed(file).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _is_marked(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) == "marked"


def _called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _said(node: ast.expr) -> str:
    """Return what a literal says, without what is typed or followed: commands and addresses."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    fixed = [part.value for part in parts if isinstance(part, ast.Constant)]
    text = "…".join(part for part in fixed if isinstance(part, str))
    return re.sub(r"`[^`]*`|<[^>]*>|^/\w+ [\w :-]+$", "", text)
