"""Switch off each rule that protects people, and see that a test notices.

`python -m tests.attacks.mutations` runs the named tests once as they are and once for each rule
without it, and prints which test failed. It takes minutes, so it is no part of the suite.

In the runs without a rule this module is a plugin of pytest (`-p`), told by MUTATION which one.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

import pytest
from sqlalchemy import delete, false

from bot.insights import publishing, service
from bot.insights.disclosure import Decision, decide, gate, siblings, withholding
from bot.insights.disclosure.cells import CellGroup, HidingReason, Respondents
from bot.insights.pure import comment_release, figures, sealed_wave, segments
from bot.insights.pure.resolution import Resolution, in_steps
from bot.masking import Masked
from bot.outbox import states
from bot.people import roles
from bot.products.access import Access
from bot.products.decisions import service as decisions
from bot.products.decisions import telling
from bot.products.items import service as items
from bot.products.supports import service as supports
from bot.products.supports.pure import counting
from bot.pulse import opening, pools, sealing
from bot.pulse.pure.pools import Pool
from bot.pulse.pure.tokens import Press
from bot.surveys import drafts
from scheduler import insights as scheduled

VARIABLE: Final = "MUTATION"

GATE: Final = ("tests/insights/test_disclosure.py",)
ATTACKS: Final = ("tests/attacks/test_attacks.py",)
EVERYBODY: Final = ("tests/attacks/test_everybody.py",)
STORAGE: Final = ("tests/attacks/test_storage.py",)
UNTRACEABLE: Final = ("tests/pulse/test_untraceable.py",)
FIGURES: Final = ("tests/insights/test_insights_figures.py",)
SUPPORTS: Final = ("tests/attacks/test_same_for_me.py", "tests/products/test_supports.py")
PRODUCTS: Final = ("tests/products/test_items.py",)
JOURNEY: Final = ("tests/journeys/test_products.py",)
COMPANY: Final = ("tests/attacks/test_company_pulse.py",)
COMMENTS: Final = ("tests/insights/test_comments.py", "tests/insights/test_comment_release.py")


@dataclass(frozen=True)
class Mutation:
    """A rule, what is patched to switch it off, and where that must be noticed."""

    rule: str
    target: Any
    attribute: str
    replacement: Any
    tests: tuple[str, ...]


_objection = Respondents.objection


def _without_primary(who: Respondents, cohorts: frozenset[Any]) -> HidingReason | None:
    reason = _objection(who, cohorts)
    return None if reason is HidingReason.TOO_FEW else reason


def _without_remainder(groups: list[CellGroup], *_: Any) -> list[CellGroup]:
    return [group for group in groups if group.cells]


def _finds_nothing(*_: Any) -> list[Any]:
    return []


def _everybody(answered: dict[Any, int], _asked: Any) -> dict[Any, int]:
    return dict(answered)


def _is_false(*_: Any) -> bool:
    return False


def _is_true(*_: Any) -> bool:
    return True


def _same(value: Any, *_: Any) -> Any:
    return value


def _always_half(*_: Any) -> float:
    return 0.5


def _each_dimension_alone(*arguments: Any, **rest: Any) -> Decision:
    return decide(*arguments, **{**rest, "already_shown": ()})


def _unrounded(_: Resolution, value: float, *__: Any) -> float:
    return value


def _a_share_of_any_group(_: Any, __: str, segment: Any, tally: Any) -> float:
    n, total = tally.over(segment.cohorts)
    return float(total / n)


def _deletes_nothing(table: Any) -> Any:
    return delete(table).where(false())


async def _has_forgotten(*_: Any) -> bool:
    return True


_count_writers = figures.count_writers


def _twice_the_writers(*arguments: Any) -> dict[int, int]:
    return {cohort: 2 * count for cohort, count in _count_writers(*arguments).items()}


def _unmasked(text: str, *_: Any) -> Masked:
    return Masked(text, ())


def _out_at_once(pool: Pool, _k: int) -> tuple[tuple[int, ...], Pool]:
    return tuple(sorted(pool.answers.values())), Pool()


def _all_of_them(asked: int, _looked: int, _k: int) -> int:
    return asked


async def _does_nothing(*_: Any, **__: Any) -> None:
    return None


async def _asks_again(*_: Any) -> dict[str, str]:
    return {}


MUTATIONS: Final = (
    Mutation("primary: n ≥ k", Respondents, "objection", _without_primary, GATE),
    Mutation("primary, attacked", Respondents, "objection", _without_primary, ATTACKS),
    Mutation("never everybody", gate, "counted", _everybody, EVERYBODY),
    Mutation("never everybody in counts", sealed_wave, "counted", _everybody, EVERYBODY),
    Mutation("never everybody in an open wave", service, "counted", _everybody, EVERYBODY),
    Mutation("never everybody in comments", comment_release, "counted", _everybody, EVERYBODY),
    Mutation("remainder", siblings, "_merge", _without_remainder, GATE),
    Mutation("overlap", withholding, "overlaps", _finds_nothing, GATE),
    Mutation("linear audit", withholding, "audit", _finds_nothing, GATE),
    Mutation("overlap of dimensions", segments, "decide", _each_dimension_alone, FIGURES),
    Mutation("shares of small groups", figures, "_share", _a_share_of_any_group, FIGURES),
    Mutation("steps, attacked", Resolution, "rounded", _unrounded, ATTACKS),
    Mutation("hidden thresholds", figures, "threshold", _always_half, ATTACKS),
    Mutation(
        "comments of 2k people", comment_release, "count_writers", _twice_the_writers, COMMENTS
    ),
    Mutation("masking of comments", publishing, "mask", _unmasked, COMMENTS),
    Mutation(
        "cohorts of k people",
        opening,
        "assign_cohorts",
        _same,
        ("tests/pulse/test_opening.py",),
    ),
    Mutation("answers end with publishing", publishing, "delete", _deletes_nothing, STORAGE),
    Mutation("the disk forgets", scheduled, "overwrite_deleted", _has_forgotten, STORAGE),
    Mutation(
        "sealing: invitations alike", sealing, "_close_invitations", _does_nothing, UNTRACEABLE
    ),
    Mutation("reminders settled alike", states, "_ending", _same, UNTRACEABLE),
    Mutation(
        "participation in steps of k",
        service,
        "in_steps",
        _same,
        ("tests/insights/test_insights_service.py",),
    ),
    Mutation("participation, attacked", service, "in_steps", _same, ATTACKS),
    Mutation(
        "role checked at results",
        roles,
        "require",
        _does_nothing,
        ("tests/insights/test_insights_handlers.py",),
    ),
    Mutation(
        "pools wait for k people",
        pools,
        "released",
        _out_at_once,
        ("tests/pulse/test_company_pulse.py",),
    ),
    Mutation(
        "comments leave room for others",
        pools,
        "most_shown",
        _all_of_them,
        ("tests/milestones/test_comments.py",),
    ),
    Mutation("steps, attacked in pools", Resolution, "rounded", _unrounded, COMPANY),
    Mutation("the disk forgets pools", scheduled, "overwrite_deleted", _has_forgotten, COMPANY),
    Mutation(
        "a button is for one person",
        Press,
        "is_for",
        _is_true,
        ("tests/pulse/test_pulse_handlers.py",),
    ),
    Mutation("told only of large groups", telling, "_is_large_enough", _has_forgotten, PRODUCTS),
    Mutation("masking of reasons", decisions, "mask", _unmasked, PRODUCTS),
    Mutation("managers act for their own team", Access, "_manages", _is_true, PRODUCTS),
    Mutation("same for me: some are left out", counting, "shown_most", in_steps, SUPPORTS),
    Mutation("same for me: counted once a week", supports, "is_to_be_counted", _is_true, SUPPORTS),
    Mutation("same for me: of whom it is about", supports, "may_read", _has_forgotten, SUPPORTS),
    Mutation(
        "same for me: a decision forgets", items, "_forget_supporters", _does_nothing, SUPPORTS
    ),
    Mutation("an answer before the next question", drafts, "reason_to_ask", _asks_again, JOURNEY),
)


def pytest_configure(config: pytest.Config) -> None:
    """Switch off the rule that the environment names, for this run of pytest."""
    named = {mutation.rule: mutation for mutation in MUTATIONS}
    if rule := os.environ.get(VARIABLE):
        mutation = named[rule]
        patcher = patch.object(mutation.target, mutation.attribute, mutation.replacement)
        patcher.start()
        config.add_cleanup(patcher.stop)


def main() -> int:
    """Print a table of rules and the tests that miss them; return 1 if no test misses one."""
    files = sorted({path for mutation in MUTATIONS for path in mutation.tests})
    if failed := _failing(None, files):
        sys.stdout.write(f"Not even the code as it is passes: {failed}\n")
        return 1
    sys.stdout.write("| Without this rule | this test fails |\n|---|---|\n")
    survivors = 0
    for mutation in MUTATIONS:
        failed = _failing(mutation.rule, mutation.tests)
        survivors += failed is None
        noticed = f"`{failed}`" if failed else "NONE"
        sys.stdout.write(f"| {mutation.rule} | {noticed} |\n")
        sys.stdout.flush()
    return 1 if survivors else 0


def _failing(rule: str | None, files: Iterable[str]) -> str | None:
    """Run tests without a rule; return the first that fails."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.attacks.mutations"),
        *("-p", "no:cacheprovider", "-k", "not postgresql", "--no-header", *files),
    ]
    environment = os.environ | ({VARIABLE: rule} if rule else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (?:\S*/)?(\S+?)( - |$)", done.stdout, re.MULTILINE)
    return found.group(1) if found else "the run itself"


if __name__ == "__main__":
    sys.exit(main())
