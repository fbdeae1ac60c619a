"""What an import does or would do, in words, for the console and for HR's form."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.blockkit.text import escape, shorten
from bot.languages import _, _n, marked, plural, write_number
from bot.people.pure.import_file import Problem
from bot.people.pure.import_plan import ImportPlan

SHOWN: Final = 20
NAMES_SHOWN: Final = 10
NAME_SHOWN: Final = 40
MOVES: Final = marked(
    "In figures, a move counts from the next quarter on. It counts at once only if enough people "
    "make it together, and neither the old team nor the new one has just a few others."
)
LATER: Final = marked("Import the file again once they have joined.")
NOTHING_CHANGES: Final = marked(
    "Nothing changes for them. If they have left, deactivate them in Slack: Attune follows."
)
UNTIL_RIGHT: Final = marked("Nothing can be imported until the file is right:")


def problem_lines(problems: Sequence[Problem]) -> list[str]:
    """Return what is wrong with a file, one sentence a line; empty if nothing is."""
    if not problems:
        return []
    shown = [_("{problem}.").format(problem=problem) for problem in problems[:SHOWN]]
    return [_(UNTIL_RIGHT), *shown, *more_than(SHOWN, len(problems))]


def more_than(shown: int, count: int) -> list[str]:
    """Return the line that follows the shown ones of a list, if there are more."""
    more = count - shown
    return [_("And {more} more.").format(more=write_number(more))] if more > 0 else []


def plan_lines(plan: ImportPlan, name: Callable[[str], str] = str) -> list[str]:
    """Return what an import changes and what it passes over.

    `name` turns a person's id into what is shown. Lines are those of the file.
    """
    changes = [f"{line} ({', '.join(columns)})" for line, columns in plan.changed.items()]
    added, changed = len(plan.added), len(plan.changed)
    unknown, left, missing = len(plan.unknown), len(plan.left), len(plan.missing)
    others = few(list(map(name, plan.missing)))
    passed_over = _("Passed over, because nobody in Slack has the e-mail: {lines}.").format(
        lines=_lines(plan.unknown)
    )
    not_in_file = _("In Slack, but not in the file, {people}: {others}.").format(
        people=_people(missing), others=others
    )
    told = (
        (
            added,
            _("Described for the first time, {people}: {lines}.").format(
                people=_people(added), lines=_lines(plan.added)
            ),
        ),
        (
            changed,
            _("Changed, {people}: {lines}.").format(people=_people(changed), lines=_lines(changes)),
        ),
        (plan.unchanged, _("As before, {people}.").format(people=_people(plan.unchanged))),
        (
            plan.moved,
            " ".join(
                [_("Moved between teams, {people}.").format(people=_people(plan.moved)), _(MOVES)]
            ),
        ),
        (
            unknown,
            " ".join([passed_over, _(LATER)]),
        ),
        (left, _("About people who have left Slack: {lines}.").format(lines=_lines(plan.left))),
        (
            missing,
            " ".join([not_in_file, _(NOTHING_CHANGES)]),
        ),
    )
    return [line for count, line in told if count]


def look_alike_lines(groups: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each group of teams that are easily taken for each other, as mrkdwn."""
    shown = [
        _("These look alike: {teams}.").format(teams=few(list(map(team_name, teams)), NAMES_SHOWN))
        for teams in groups[:SHOWN]
    ]
    return [*shown, *more_than(SHOWN, len(groups))]


def team_name(team: str) -> str:
    """Return a team's name as mrkdwn, shortened."""
    return escape(shorten(team, NAME_SHOWN))


def _people(count: int) -> str:
    return plural(count, "person", "people")


def _lines(lines: Sequence[object]) -> str:
    """List the first lines, after their noun."""
    return _n("line {lines}", "lines {lines}", len(lines)).format(lines=few(lines))


def few(items: Sequence[object], most: int = SHOWN) -> str:
    """List the first items, and say how many more there are."""
    shown, more = ", ".join(map(str, items[:most])), len(items) - most
    if more <= 0:
        return shown
    return _("{first} and {more} more").format(first=shown, more=write_number(more))
