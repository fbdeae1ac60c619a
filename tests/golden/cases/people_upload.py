"""HR uploads its file of people."""

from dataclasses import replace

from bot.languages import _
from bot.people.pure.import_file import NOT_UTF8, Problem
from bot.people.pure.import_plan import ImportPlan
from bot.people.upload import blocks
from tests.golden.cases._texts import HOSTILE
from tests.golden.shown import Cases, Sentences

PLAN = ImportPlan(
    problems=(),
    added=(2, 3),
    changed={4: ("team", "manager_email"), 7: ("location",)},
    unchanged=1_203,
    unknown=(9,),
    left=(11, 12),
    missing=("U0ANA", "U0BEN"),
    moved=1,
    updates=({"id": "U0CY"},),
)
WRONG = replace(
    PLAN,
    problems=(
        Problem(None, "the first line must name the columns, email among email, team"),
        Problem(5, NOT_UTF8),
        Problem(8, f"the same email is on line 2 {HOSTILE}"),
    ),
)
LONG = replace(
    PLAN,
    problems=(Problem(5, NOT_UTF8),) * 3_000,
    unknown=tuple(range(100_000, 103_000)),
    missing=tuple(f"U{number:010}" for number in range(3_000)),
)
NOTHING = replace(PLAN, added=(), changed={}, moved=0, updates=())
ALIKE = [["Design", "design"], [HOSTILE, HOSTILE.upper()]]
SEEN = ("https://files.slack.com/people.csv", "0a1b2c")

CASES: Cases = {
    "form": blocks.upload_view,
    "changes": lambda: blocks.preview_view(PLAN, ALIKE, *SEEN),
    "nothing-new": lambda: blocks.preview_view(NOTHING, (), *SEEN),
    "wrong": lambda: blocks.preview_view(WRONG, (), *SEEN),
    "wrong-long": lambda: blocks.preview_view(LONG, [["x" * 120] * 30] * 30, *SEEN),
    "overtaken": blocks.overtaken_view,
    "done": lambda: blocks.done_view(PLAN),
    "note": lambda: blocks.note_view(_(blocks.READING)),
    "sentences": lambda: Sentences(
        {
            "while it is imported": blocks.IMPORTING,
            "not read": blocks.why_unreadable("timeout"),
            "not allowed to": blocks.why_unreadable("status 200"),
            "too large": blocks.why_unreadable("size"),
            "no file": blocks.NO_FILE,
        }
    ),
}
