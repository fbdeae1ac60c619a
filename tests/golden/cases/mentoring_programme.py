"""What HR sees and sets of mentoring."""

from dataclasses import replace
from datetime import date, timedelta

from bot.mentoring.programme import blocks
from bot.mentoring.programme.engagement import Difference, Engagement
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.mentoring.programme.overview import MissingTopic, Overview, PreviewPair, RoundPreview
from bot.mentoring.programme.service import Programme
from bot.mentoring.rounds.pure.matching import Why
from tests.conftest import NOW
from tests.golden.cases._mentoring import TOPICS
from tests.golden.cases._texts import LONG
from tests.golden.shown import Cases, Sentences

OUTCOMES = {
    OutcomeMeasure.MATCHED: OutcomeFigure(OutcomeMeasure.MATCHED, 15, 15, NOW),
    OutcomeMeasure.DAYS: OutcomeFigure(OutcomeMeasure.DAYS, 15, 1, NOW),
    OutcomeMeasure.ACCEPTANCE: OutcomeFigure(OutcomeMeasure.ACCEPTANCE, 13, 0.52, NOW),
    OutcomeMeasure.MEETINGS: OutcomeFigure(OutcomeMeasure.MEETINGS, 15, 1_234, NOW),
    OutcomeMeasure.FIT: OutcomeFigure(OutcomeMeasure.FIT, 13, 0.97, NOW),
    OutcomeMeasure.HELPED: OutcomeFigure(OutcomeMeasure.HELPED, 13, 0.0, NOW),
}
ENGAGEMENT = Engagement(
    "w1",
    "Weekly pulse",
    date(2026, 11, 3),
    (
        Difference("Growth", 1.2, 0.4, 2.0, False, 10, 25),
        Difference("Workload", -0.04, -0.9, 0.8, False, 10, 25),
        Difference("eNPS", -12.0, -20.0, -4.0, True, 10, 25),
    ),
)
OVERVIEW = Overview(
    programme=Programme(length_weeks=10, every_weeks=3, coffee_weeks=1, next_round_at=NOW),
    looking=12,
    mentors=2,
    free_places=1,
    missing=(MissingTopic("Go", 2, 0), MissingTopic("Kubernetes", 1, 1)),
    outcomes=OUTCOMES,
    k=5,
    last_round_at=NOW - timedelta(days=9),
    engagement=ENGAGEMENT,
)
NEW = Overview(
    programme=Programme(),
    looking=1,
    mentors=0,
    free_places=0,
    missing=(),
    outcomes={},
    k=5,
    last_round_at=None,
)
HARMFUL = replace(
    OVERVIEW,
    missing=tuple(MissingTopic(topic, 2, number % 2) for number, topic in enumerate(TOPICS * 2)),
    engagement=replace(
        ENGAGEMENT,
        survey_name=LONG,
        differences=(Difference(LONG, 1.2, 0.4, 2.0, False, 10, 25),) * 12,
    ),
)
PREVIEW = RoundPreview(
    pairs=(PreviewPair("U0NOOR", "U0KOFI", 0.817), PreviewPair("U0KIM", "U0KOFI", 0.5)),
    left=dict(zip(Why, (5, 4, 3, 2, 1), strict=True)),
    missing=OVERVIEW.missing,
)
CROWD = replace(
    PREVIEW,
    pairs=tuple(PreviewPair(f"U{n:08}", f"W{n:08}", 0.817) for n in range(62)),
    missing=HARMFUL.missing,
)

CASES: Cases = {
    "admin": lambda: blocks.admin_view(OVERVIEW),
    "admin-new": lambda: blocks.admin_view(NEW),
    "admin-saved": lambda: blocks.saved_view(NEW),
    "admin-hostile": lambda: blocks.admin_view(HARMFUL),
    "computing": blocks.computing_view,
    "preview": lambda: blocks.preview_view(PREVIEW),
    "preview-empty": lambda: blocks.preview_view(RoundPreview((), {}, ())),
    "preview-hostile": lambda: blocks.preview_view(CROWD),
    "sentences": lambda: Sentences(
        {"all weights 0": blocks.ALL_ZERO, "no number": blocks.no_number()}
    ),
}
