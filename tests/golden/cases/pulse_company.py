"""What HR is shown when it starts the company pulse."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.pulse.company import blocks, forms
from bot.pulse.company.service import CompanyPreview
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, SurveyPreview
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.survey_rows import SurveySummary
from tests.golden.cases._texts import LONG
from tests.golden.shown import Cases, Sentences

FIRST = datetime(2026, 11, 9, 20, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
SURVEY = SurveySummary(
    id="5" * 32,
    name="Company pulse",
    status="draft",
    anonymous=True,
    audience=Audience(AudienceKind.EVERYONE),
    plan=Plan(Cadence.STANDING, date(2026, 11, 10), time(10, 0)),
    open_hours=120,
    next_open_at=FIRST,
    next_on=date(2026, 11, 10),
    questions_a_week=2,
)
QUESTIONS = tuple(
    NewQuestion.from_bank(question)
    for driver in ("workload", "growth")
    for question in load_bank().by_driver(driver)
)
PREVIEW = CompanyPreview(
    SurveyPreview(SURVEY, QUESTIONS, 49, 5, FIRST, LAST),
    drivers=2,
    questions_a_week=2,
    most_in_a_quarter=10,
    teams=3,
    in_small_teams=8,
    left_out=0,
)
HARMFUL = replace(
    PREVIEW,
    preview=replace(PREVIEW.preview, survey=replace(SURVEY, name=LONG[:120]), people=100_000),
    questions_a_week=1,
    teams=1,
    in_small_teams=0,
    left_out=1,
)

CASES: Cases = {
    "form": lambda: forms.compose_view("5" * 32),
    "preview": lambda: blocks.preview_view(PREVIEW, "U0MAYA", None),
    "preview-hostile": lambda: blocks.preview_view(HARMFUL, "U0MAYA", None),
    "sentences": lambda: Sentences([forms.NO_NAME, forms.NO_DRIVER, forms.NO_TIME]),
}
