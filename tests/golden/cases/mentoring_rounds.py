"""What people without a mentor are told after a round."""

from functools import partial

from bot.mentoring.rounds import blocks
from bot.mentoring.rounds.pure.matching import Why
from tests.golden.cases._mentoring import TOPICS
from tests.golden.shown import Cases

CASES: Cases = {
    **{f"waiting-{why.replace('_', '-')}": partial(blocks.waiting_message, why, []) for why in Why},
    "waiting-missing": lambda: blocks.waiting_message(
        Why.NOBODY_OFFERS, [("Go", 1), ("Kubernetes", 1_200)]
    ),
    "waiting-hostile": lambda: blocks.waiting_message(
        Why.NOBODY_OFFERS, [(topic, 3) for topic in TOPICS]
    ),
}
