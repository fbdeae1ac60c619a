"""What a pair is told from its introduction to its end."""

from dataclasses import replace
from functools import partial

from bot.attention.pure.calendars import Slot
from bot.blockkit.blocks import Message
from bot.mentoring.pairs import blocks
from bot.mentoring.pairs.pure.stages import Stage
from bot.mentoring.pairs.service import About, Met, PairView
from tests.conftest import NOW
from tests.golden.cases._mentoring import HARMFUL_REASONS, MATCH, MENTEE, MENTOR, REASONS
from tests.golden.shown import Cases, Sentences

PAIR = PairView(
    match_id=MATCH,
    status="active",
    mentor_id=MENTOR,
    mentee_id=MENTEE,
    number=2,
    stage=Stage.GOALS,
    ends_at=NOW,
    reasons=REASONS,
    first_meeting=Slot(NOW, NOW),
)
BARE = replace(PAIR, reasons=(), first_meeting=None, ends_at=None)


def news(name: str, *, to_mentee: bool = False) -> Message:
    message = blocks.news_message(name, "U0OTHER", to_mentee=to_mentee)
    assert message
    return message


CASES: Cases = {
    "introduction": lambda: blocks.introduction_message(PAIR),
    "introduction-bare": lambda: blocks.introduction_message(BARE),
    "introduction-out-of-hours": lambda: blocks.introduction_message(
        replace(BARE, first_meeting=Slot(NOW, NOW, in_working_hours=False))
    ),
    "introduction-on-another-day": lambda: blocks.introduction_message(
        replace(BARE, first_meeting=Slot(NOW, NOW, on_preferred_days=False))
    ),
    "introduction-hostile": lambda: blocks.introduction_message(
        replace(PAIR, reasons=HARMFUL_REASONS)
    ),
    **{
        f"nudge-{stage}": partial(blocks.nudge_message, replace(PAIR, stage=stage))
        for stage in Stage
    },
    **{
        f"met-{met.replace(' ', '-')}": partial(blocks.met_message, replace(PAIR, outcome=met))
        for met in Met
    },
    "nudge-shared-goals": lambda: blocks.nudge_message(replace(PAIR, shares_goals=True)),
    "fit": lambda: blocks.fit_message(PAIR, MENTOR),
    "rated-fit": lambda: blocks.rated_message(PAIR, About.FIT, MENTEE),
    "rated-meeting": lambda: blocks.rated_message(PAIR, About.MEETING, MENTEE),
    "closing-to-mentee": lambda: blocks.closing_message(PAIR, MENTEE),
    "closing-to-mentor": lambda: blocks.closing_message(PAIR, MENTOR),
    "silence": lambda: blocks.silence_message(PAIR, MENTEE),
    "ended-to-mentee": lambda: blocks.ended_message(PAIR, MENTEE),
    "news": lambda: Sentences({name: news(name).text for name in blocks.NEWS}),
    "news-ended-to-mentee": lambda: news("ended", to_mentee=True),
    "sentences": lambda: Sentences(
        {
            "a mentee asked for a change": blocks.rematched_message(PAIR, MENTEE).text,
            "a mentor asked for a change": blocks.rematched_message(PAIR, MENTOR).text,
            "stayed": blocks.stayed_message().text,
            "still meeting": blocks.alive_message(PAIR, MENTOR).text,
            "ended": blocks.ended_message(PAIR, MENTOR).text,
        }
    ),
}
