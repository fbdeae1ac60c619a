"""Finds the texts of the catalogues, for `pybabel extract`: in Python and in data files.

https://babel.pocoo.org/en/latest/messages.html#writing-extraction-methods
"""

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

Found = tuple[int, str, str | tuple[str, str], list[str]]
"""Line, gettext function, its texts, comments."""
FUNCTIONS: Final = ("_", "_p", "_n", "marked", "plural")


class NotExtractableError(ValueError):
    """A text is put together where it should be a literal; the message says where."""


def texts_in_python(
    file: IO[bytes],
    _keywords: Any,
    _comment_tags: Any,
    options: Any,  # noqa: ARG001 (Babel passes it by name)
) -> Iterator[Found]:
    """Yield the texts in calls of `_`, `_p`, `_n`, `marked` and `plural`.

    Raises NotExtractableError for an f-string or a sum as text. A variable is passed over, because
    what it holds is `marked` elsewhere.
    """
    for node in ast.walk(ast.parse(file.read())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id not in FUNCTIONS:
            continue
        try:
            found = _found(node.func.id, node.args)
        except NotExtractableError as error:
            raise NotExtractableError(f"{file.name}:{error}") from None
        if found:
            yield node.lineno, *found, []


def _found(name: str, args: list[ast.expr]) -> tuple[str, str | tuple[str, str]] | None:
    match name, [_literal(arg) for arg in args]:
        case (("_" | "marked"), [str(text)]):
            return "gettext", text
        case ("_p", [str(context), str(text)]) | ("marked", [str(text), str(context)]):
            return "pgettext", (context, text)
        case "_n", [str(singular), str(plural), _]:
            return "ngettext", (singular, plural)
        case ("plural", [_, str(noun)]):
            return "ngettext", (f"{{count}} {noun}", f"{{count}} {noun}s")
        case ("plural", [_, str(noun), str(nouns)]):
            return "ngettext", (f"{{count}} {noun}", f"{{count}} {nouns}")
    return None


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.JoinedStr | ast.BinOp) and any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node)
    ):
        raise NotExtractableError(f"{node.lineno}: write this as a literal: {ast.unparse(node)}")
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def texts_in_toml(
    file: IO[bytes], _keywords: Any, _comment_tags: Any, options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield the texts, and texts in lists, under the keys that the option `keys` names."""
    keys = set(options["keys"].split())
    for text in _texts_under(keys, tomllib.loads(file.read().decode())):
        yield 1, "gettext", text, []


def names_in_toml(
    file: IO[bytes],
    _keywords: Any,
    _comment_tags: Any,
    options: Any,  # noqa: ARG001 (Babel passes it by name)
) -> Iterator[Found]:
    """Yield the names of the tables, and of what stands in them."""
    for table, entries in tomllib.loads(file.read().decode()).items():
        for name in (table, *entries):
            yield 1, "gettext", name, []


def _texts_under(keys: Iterable[str], node: Any, *, is_shown: bool = False) -> Iterator[str]:
    if isinstance(node, str):
        if is_shown and node:
            yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _texts_under(keys, value, is_shown=key in keys)
    elif isinstance(node, list):
        for value in node:
            yield from _texts_under(keys, value, is_shown=is_shown)
