"""Help for a manager's team talk: closed, opened, switched off."""

from dataclasses import replace

from bot.products.team_talks import blocks
from bot.products.team_talks.pure.signs import Sign
from bot.products.team_talks.service import NOT_YOURS, Talk
from bot.surveys.pure.team_talks import GENERAL
from bot.surveys.pure.wellbeing import CAUSES
from tests.golden.cases._texts import LONG
from tests.golden.shown import Cases, Sentences

TALK = Talk("1" * 32, "Support", Sign.STRAIN_UP, "demands")

CASES: Cases = {
    "closed": lambda: blocks.closed_message(TALK, is_last=False),
    "closed-last": lambda: blocks.closed_message(replace(TALK, sign=Sign.CAUSE_LOW), is_last=True),
    "closed-hostile": lambda: blocks.closed_message(
        replace(TALK, team=LONG[:300], sign=Sign.CAUSE_DOWN, cause="support"), is_last=True
    ),
    **{
        f"opened-{cause}": lambda cause=cause: blocks.opened_message(  # type: ignore[misc]
            replace(TALK, sign=Sign.STRAIN_HIGH, cause=cause)
        )
        for cause in (*CAUSES, GENERAL)
    },
    "stopped": blocks.stopped_message,
    "sentences": lambda: Sentences(
        [NOT_YOURS, *(blocks.problem_of(replace(TALK, sign=sign)) for sign in Sign)]
    ),
}
