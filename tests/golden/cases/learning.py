"""Learning time: slots, lines about them, and whether people got their time."""

from dataclasses import replace
from datetime import date, timedelta

from bot.insights.tallies import MonthResults
from bot.insights.wave_results import PublishedNumber
from bot.languages import _
from bot.learning import blocks, forms, handlers, months, notes, slots
from bot.learning.notes import Note, SharedNote
from bot.learning.slots import SlotView, Standing
from tests.conftest import NOW
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences

HOUR = timedelta(hours=1)
SLOT = SlotView("a" * 32, NOW, NOW + HOUR, (NOW + 5 * HOUR, NOW + 24 * HOUR))
NOTED = replace(SLOT, note="I read about Rust")
STANDING = Standing(
    "Europe/Berlin",
    HOUR * 1.5,
    (SLOT,),
    (
        NOTED,
        replace(NOTED, shown_to="topic", topic="Rust"),
        replace(NOTED, shown_to="channel", channel="C0RUST"),
    ),
    4,
    "€500 a year, at people@acme.example",
)
CROWD = Standing(
    "Asia/Tokyo",
    HOUR,
    tuple(
        replace(SLOT, id=str(slot), free=tuple(NOW + number * HOUR for number in range(8)))
        for slot in range(8)
    ),
    (replace(NOTED, note=LONG[:300], shown_to="topic", topic=HOSTILE[:60]),) * 8,
    40,
    LONG[:300],
    may_state=True,
)
NOTE = Note(HOSTILE[:300], "topic", topic=HOSTILE[:60])
MONTH = date(2026, 11, 1)
GOT = MonthResults(
    MONTH,
    "",
    25,
    {"all": PublishedNumber(0.4), "some": PublishedNumber(0.4), "none": PublishedNumber(0.2)},
)
TAKEN = MonthResults(MONTH, "", 15, {"meetings": PublishedNumber(0.6)})

CASES: Cases = {
    "over": lambda: blocks.over_message(SLOT),
    "moved": lambda: blocks.moved_message(SLOT),
    "month": lambda: blocks.month_message(4, MONTH),
    "answered": blocks.answered_message,
    "note-posted": lambda: blocks.note_message("U0NOOR", "I read about Rust"),
    "note-posted-hostile": lambda: blocks.note_message("U0NOOR", f"{HOSTILE}\n{LONG}"[:300]),
    "note-taken-back": blocks.taken_back_message,
    "slots": lambda: forms.learning_view(STANDING, "Booked."),
    "slots-none": lambda: forms.learning_view(Standing("Europe/Berlin", timedelta())),
    "slots-hostile": lambda: forms.learning_view(CROWD),
    "note": lambda: forms.note_form("a" * 32),
    "note-preview": lambda: forms.note_form("a" * 32, NOTE, "I read with [name]"),
    "note-preview-nothing-hidden": lambda: forms.note_form(
        "a" * 32, Note("Rust", "channel", channel="C0RUST"), "Rust"
    ),
    "noted": forms.noted_view,
    "taken": lambda: forms.taken_view(MONTH),
    "thanks": forms.thanks_view,
    "policy": lambda: forms.policy_form(STANDING),
    "policy-none": lambda: forms.policy_form(Standing("UTC", timedelta())),
    "figures": lambda: forms.figures_view([GOT], [TAKEN]),
    "figures-none": lambda: forms.figures_view([], [MonthResults(MONTH, "", 0)]),
    "home": lambda: forms.home_blocks(STANDING, [SharedNote("U0KIM", HOSTILE, "Rust")]),
    "home-many": lambda: forms.home_blocks(CROWD, []),
    "home-none": lambda: forms.home_blocks(Standing("UTC", timedelta()), []),
    "sentences": lambda: Sentences(
        {
            "too many": _(slots.ENOUGH).format(most=slots.MOST_AHEAD),
            "nothing free": slots.NOTHING_FREE,
            "not free": slots.NOT_FREE,
            "gone": slots.GONE,
            "no line": notes.EMPTY,
            "no topic": notes.NO_TOPIC,
            "no channel": notes.NO_CHANNEL,
            "posted already": notes.POSTED,
            "no hours": _(months.NO_HOURS).format(most=months.MOST_HOURS),
            **{str(obstacle): text for obstacle, text in handlers.OBSTACLES.items()},
        }
    ),
}
