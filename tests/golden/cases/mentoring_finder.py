"""Finding colleagues who know about a topic, and asking them."""

from datetime import timedelta

from bot.mentoring.finder import blocks
from bot.mentoring.finder.service import Expert, Found
from tests.conftest import NOW
from tests.golden.cases._mentoring import TOPICS
from tests.golden.cases._texts import HOSTILE
from tests.golden.shown import Cases, Sentences

EXPERTS = (Expert("U0KOFI", "Platform", 8), Expert("U0KIM", None, 1), Expert("U0LEE", None, None))
CROWD = tuple(Expert(f"U{number}", HOSTILE * 3, 3) for number in range(5))

CASES: Cases = {
    "found": lambda: blocks.found_message(Found("Go", EXPERTS)),
    "found-nobody": lambda: blocks.found_message(Found("Go", ())),
    "found-nearby": lambda: blocks.found_message(Found("Go", (), ("Rust", "C"))),
    "found-hostile": lambda: blocks.found_message(Found(HOSTILE * 3, CROWD)),
    "ask": lambda: blocks.ask_view("U0KOFI", "Go"),
    "ask-hostile": lambda: blocks.ask_view("U0KOFI", TOPICS[0]),
    "asked": lambda: blocks.asked_view("U0KOFI", NOW, NOW),
    "asked-later": lambda: blocks.asked_view("U0KOFI", NOW + timedelta(hours=12), NOW),
    "question": lambda: blocks.finder_question_message(
        "U0NOOR", "Go", "How do I begin?\nAnd where?"
    ),
    "question-hostile": lambda: blocks.finder_question_message(
        "U0NOOR", TOPICS[0], f"{HOSTILE}\n{'&' * 500}"[:500]
    ),
    "sentences": lambda: Sentences(
        {
            "no topic": blocks.WHICH,
            "a person": blocks.NO_PERSON,
            "no question": blocks.EMPTY,
        }
    ),
}
