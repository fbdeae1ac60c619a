"""When Attune writes to a person: the form, what it says, and two messages that come as one."""

from dataclasses import replace
from datetime import date, time

from bot.attention.readers import Preference
from bot.blockkit import bundles
from bot.mentoring.coffee.blocks import coffee_message
from bot.preferences import forms
from bot.preferences.service import Standing, Usual
from bot.pulse import blocks
from tests.conftest import NOW
from tests.golden.cases.pulse import QUESTION
from tests.golden.shown import Cases, Sentences

USUAL = Standing(
    chosen=Preference(),
    usual=Usual(2, time(9), time(17)),
    weekdays=frozenset(range(5)),
    today=NOW.date(),
    may_set_usual=False,
)
CHOSEN = replace(
    USUAL,
    chosen=Preference(
        (1, 3, 5), time(7, 30), time(12), every_weeks=2, locale="de", reminders=False
    ),
    weekdays=frozenset({1, 3, 5}),
)
PAUSED = replace(USUAL, chosen=Preference(paused_until=date(2026, 12, 1)))

CASES: Cases = {
    "form": lambda: forms.preferences_view(USUAL),
    "form-chosen": lambda: forms.preferences_view(CHOSEN),
    "form-manager": lambda: forms.preferences_view(replace(USUAL, leads=True)),
    "form-hr": lambda: forms.preferences_view(replace(USUAL, may_set_usual=True)),
    "saved": lambda: forms.saved_view(CHOSEN),
    "saved-paused": lambda: forms.saved_view(PAUSED),
    "home": lambda: forms.home_blocks(USUAL),
    "sentences": lambda: Sentences(
        [forms.TOO_SHORT, forms.NO_DAY, forms.PAUSE_PAST, forms.PAUSE_TOO_LONG]
    ),
    "two-as-one": lambda: bundles.join(
        [
            ("1" * 32, blocks.question_message(QUESTION)),
            ("2" * 32, coffee_message(["U0ANA", "U0BEN"])),
        ]
    ),
}
