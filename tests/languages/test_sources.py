"""Whoever adds a text can't forget to have it translated."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

from tests.languages.sources import bare_texts, files, known_names, parsed

NOT_WORDS = {
    "bot/attention/pure/away.py": "patterns of a person's status",
    "bot/attention/pure/planner.py": "a stored reason",
    "bot/blockers/monthly.py": "stored names of figures",
    "bot/blockers/states.py": "stored names of news",
    "bot/blockkit/blocks.py": "names of what is too long, in an error for programmers",
    "bot/goals/monthly.py": "stored names of figures",
    "bot/goals/pure/rounds.py": "stored answers",
    "bot/insights/disclosure/cells.py": "reasons that nobody reads",
    "bot/insights/export/pure/exported_figure.py": "what the files and their dictionary say",
    "bot/insights/export/pure/files.py": "what the files' dictionary says",
    "bot/insights/export/service.py": "what the files say",
    "bot/insights/pure/differences.py": "stored names of findings",
    "bot/insights/pure/figures.py": "stored notes, which `hidden_teams` says, and kinds of number",
    "bot/insights/pure/group_standing.py": "names of standings",
    "bot/insights/pure/monthly_figures.py": "kinds of number",
    "bot/insights/pure/segments.py": "a stored note",
    "bot/knowledge/monthly.py": "stored names of figures",
    "bot/learning/monthly.py": "stored names of figures",
    "bot/learning/months.py": "stored answers",
    "bot/mentoring/match_states.py": "stored reasons",
    "bot/mentoring/pairs/pure/news.py": "stored names of news",
    "bot/mentoring/pairs/service.py": "a stored answer",
    "bot/mentoring/programme/outcomes.py": "a stored name of a measure",
    "bot/mentoring/proposals/service.py": "stored reasons, and the place of a round's id",
    "bot/outbox/states.py": "stored reasons",
    "bot/people/pure/directory.py": "a stored name",
    "bot/products/items/pure/states.py": "stored states",
    "bot/products/supports/pure/counting.py": "the purpose of a hash",
    "bot/products/team_talks/pure/signs.py": "stored signs",
    "bot/pulse/pure/cohorts.py": "stored names of segments",
    "bot/pulse/steps.py": "stored names of notes",
    "bot/rights/council/pure/quotes.py": "headings of the documentation",
    "bot/slack/installations.py": "log lines",
    "bot/slack/pacing.py": "Slack's methods",
    "bot/surveys/pure/bank.py": "broken rules of the bank, for programmers",
}
"""Files with literals of two words that are compared, stored or logged, and why."""


LOOKUPS = {"_", "shown_name"}
"""Functions that look a marked text up."""
STORED = {
    "COMPANY_PULSE": "the name of a survey",
    "EVERYONE_ELSE": "the name of a group, which `group_in_words` says",
    "NEXT_STEPS": "next steps of statements",
    "_OTHERS": "the name of a group",
}
"""Marked texts that are stored in English, compared there, and looked up elsewhere."""


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


def test_marked_texts_are_looked_up_where_they_are_shown() -> None:
    found = [
        f"{file}:{node.lineno}: {ast.unparse(node)}"
        for file in files()
        for names in [known_names(file) - STORED.keys()]
        for function in ast.walk(parsed(file))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in loads_outside_of_lookups(function, names)
    ]
    assert found == [], "write _(NAME)"


def test_names_of_surveys_are_looked_up_where_they_are_shown() -> None:
    found = [
        f"{file}:{node.lineno}: {ast.unparse(node)}"
        for file in files()
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"escape", "shorten", "short_text"}
        and re.fullmatch(r".*(\.survey_name|\bsurvey\.name)", ast.unparse(node.args[0]))
    ]
    assert found == [], "write shown_name(…)"


def loads_outside_of_lookups(node: ast.AST, names: set[str]) -> Iterator[ast.expr]:
    """Yield where constants are used as they are, and neither looked up, compared nor gone over."""
    for child in ast.iter_child_nodes(node):
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Name)
            and child.func.id in LOOKUPS
        ):
            continue
        if isinstance(child, ast.Compare | ast.comprehension | ast.For | ast.Assign):
            continue
        if isinstance(child, ast.Name | ast.Attribute) and ast.unparse(child) in names:
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
