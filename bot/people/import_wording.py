"""What an import does or would do, in words, for the console and for HR's form."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

from bot.blockkit.text import plural
from bot.people.pure.import_file import Problem
from bot.people.pure.import_plan import ImportPlan

SHOWN: Final = 20
MOVES: Final = (
    "In figures, a move counts at once where enough people make the same one together, else from "
    "the next quarter on."
)
LATER: Final = "Import the file again once they have joined."
NOTHING_CHANGES: Final = (
    "Nothing changes for them. If they have left, deactivate them in Slack: Attune follows."
)
UNTIL_RIGHT: Final = "Nothing can be imported until the file is right:"


def problem_lines(problems: Sequence[Problem]) -> list[str]:
    """Return what is wrong with a file, one sentence a line; empty if nothing is."""
    if not problems:
        return []
    shown = [f"{problem}." for problem in problems[:SHOWN]]
    more = len(problems) - SHOWN
    return [UNTIL_RIGHT, *shown, *([f"And {more:,} more."] if more > 0 else [])]


def plan_lines(plan: ImportPlan, name: Callable[[str], str] = str) -> list[str]:
    """Return what an import changes and what it passes over.

    `name` turns a person's id into what is shown. Lines are those of the file.
    """
    changes = (f"{line} ({', '.join(columns)})" for line, columns in plan.changed.items())
    added, changed = len(plan.added), len(plan.changed)
    unknown, left, missing = len(plan.unknown), len(plan.left), len(plan.missing)
    others = _few("", map(name, plan.missing), missing)
    told = (
        (added, f"Described for the first time, {_people(added)}: {_lines(plan.added)}."),
        (changed, f"Changed, {_people(changed)}: {_few('line', changes, changed)}."),
        (plan.unchanged, f"As before, {_people(plan.unchanged)}."),
        (plan.moved, f"Moved between teams, {_people(plan.moved)}. {MOVES}"),
        (
            unknown,
            f"Passed over, because nobody in Slack has the e-mail: {_lines(plan.unknown)}. {LATER}",
        ),
        (left, f"About people who have left Slack: {_lines(plan.left)}."),
        (
            missing,
            f"In Slack, but not in the file, {_people(missing)}: {others}. {NOTHING_CHANGES}",
        ),
    )
    return [line for count, line in told if count]


def _people(count: int) -> str:
    return plural(count, "person", "people")


def _lines(lines: Sequence[int]) -> str:
    return _few("line", map(str, lines), len(lines))


def _few(noun: str, items: Iterable[str], count: int) -> str:
    """List the first items, after their noun."""
    shown = ", ".join(islice(items, SHOWN))
    more = f" and {count - SHOWN:,} more" if count > SHOWN else ""
    named = f"{noun if count == 1 else noun + 's'} " if noun else ""
    return f"{named}{shown}{more}"
