"""Whoever adds a text can't forget to have it translated."""

import ast
from collections.abc import Iterator
from functools import cache
from string import Formatter

from tests.languages.sources import NOT_YET, ROOT, bare_texts, files, marked_names

NOT_WORDS = {
    "bot/attention/pure/away.py": "patterns of a person's status",
    "bot/attention/pure/planner.py": "a stored reason",
    "bot/blockkit/blocks.py": "names of what is too long, in an error for programmers",
    "bot/outbox/states.py": "stored reasons",
    "bot/pulse/pure/cohorts.py": "stored names of segments",
    "bot/pulse/steps.py": "stored names of notes",
    "bot/slack/installations.py": "log lines",
    "bot/slack/pacing.py": "Slack's methods",
    "bot/surveys/pure/bank.py": "broken rules of the bank, for programmers",
}
"""Files with literals of two words that are compared, stored or logged, and why."""


@cache
def parsed(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def test_no_text_is_shown_in_english_alone() -> None:
    found = [
        f"{file}:{line}: {text}"
        for file in files()
        if file not in NOT_WORDS
        for line, text in bare_texts(parsed(file))
    ]
    assert found == [], "write _(…), or marked(…) for a constant"


def test_exceptions_are_needed() -> None:
    assert [file for file in NOT_WORDS if not list(bare_texts(parsed(file)))] == []


def test_the_list_of_what_is_not_translated_gets_shorter() -> None:
    assert [each for each in NOT_YET if not (ROOT / each).exists()] == []


def test_marked_texts_are_looked_up_where_they_are_shown() -> None:
    found = [
        f"{file}:{node.lineno}: {node.id}"
        for file in files()
        for function in ast.walk(parsed(file))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in loads_outside_of_lookups(function, marked_names(parsed(file)))
    ]
    assert found == [], "write _(NAME)"


def loads_outside_of_lookups(node: ast.AST, names: set[str]) -> Iterator[ast.Name]:
    """Yield where constants are used as they are, and neither looked up, compared nor gone over."""
    for child in ast.iter_child_nodes(node):
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Name)
            and child.func.id == "_"
        ):
            continue
        if isinstance(child, ast.Compare | ast.comprehension | ast.For | ast.Assign):
            continue
        if isinstance(child, ast.Name) and child.id in names:
            yield child
        yield from loads_outside_of_lookups(child, names)


def test_arguments_are_those_of_the_text() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file in files()
        for node in ast.walk(parsed(file))
        if (text := filled_in(node)) is not None
        and isinstance(node, ast.Call)
        and {each.arg for each in node.keywords} != names_in(text)
    ]
    assert found == []


def filled_in(node: ast.AST) -> str | None:
    """Return the text of `_("…").format(…)`; None for anything else."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                attr="format",
                value=ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]),
            )
        ):
            return text
    return None


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
