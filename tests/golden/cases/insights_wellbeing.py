"""The survey about wellbeing as HR sees it: its preview, where it stands, its share of strain."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.digest.wording import notes, survey_lines
from bot.insights.blocks import results_message
from bot.insights.headlines import evidence, headline
from bot.insights.manager_blocks import team_message
from bot.insights.managers import TeamResults
from bot.insights.news import Headline, SurveyNews
from bot.insights.positions import ResultsPart
from bot.insights.pure.change import CellChange
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.stands_out import NEXT_STEPS, Statement
from bot.insights.trends.blocks import trend_message
from bot.insights.wave_results import (
    GroupResults,
    PublishedNumber,
    Results,
    Score,
    StandsOut,
    Strain,
)
from bot.insights.wellbeing import blocks
from bot.insights.wellbeing.handlers import NO_FORM
from bot.insights.wellbeing.service import NAME_TAKEN, Dated, Standing
from bot.insights.wording import stands_out_lines
from bot.languages import _
from bot.products.items.evidence import sentence
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, SurveyPreview
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.pure.wellbeing import question_keys
from bot.surveys.survey_rows import SurveySummary
from tests.golden.cases._over_time import trend, weekly
from tests.golden.cases._waves import WAVE
from tests.golden.shown import Cases, Sentences

FIRST = datetime(2026, 11, 9, 20, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
SURVEY = SurveySummary(
    id="5" * 32,
    name="Wellbeing",
    status="draft",
    anonymous=True,
    audience=Audience(AudienceKind.EVERYONE),
    plan=Plan(Cadence.WEEKLY, date(2026, 11, 10), time(10, 0)),
    open_hours=120,
    next_open_at=FIRST,
    next_on=date(2026, 11, 10),
    prepared="wellbeing",
)
BANK = load_bank()
PREVIEW = SurveyPreview(
    SURVEY,
    tuple(NewQuestion.from_bank(BANK.get(key)) for key in question_keys()),
    49,
    5,
    FIRST,
    LAST,
)
BURNED_OUT = Strain(
    "feel burned out",
    "steps 3 to 5 of 5",
    "Single-item measure of burnout. It shows a group's trend. Source: Dolan.",
    n=45,
    share=PublishedNumber(0.35),
    low=0.21,
    high=0.49,
    change=CellChange(0.12, 0.1, 4),
    ref="0",
)
WORKLOAD = Score("Workload", 40, PublishedNumber(4.4), 3.6, 5.2, None, None, ref="workload")
SUPPORT = GroupResults(
    "team",
    "Support",
    is_merged=False,
    answered=10,
    invited=12,
    members=12,
    scores=(replace(WORKLOAD, n=10, mean=PublishedNumber(2.5, is_least=True), low=0.0, high=4.1),),
    enps=None,
    strain=replace(BURNED_OUT, n=10, share=PublishedNumber(0.75, is_most=True), low=0.4, high=1.0),
)
ROUND = replace(
    WAVE,
    survey_name="Wellbeing",
    drivers=(WORKLOAD,),
    questions=(),
    enps=(),
    choices=(),
    mood=None,
    themes=(),
    stands_out=(),
    strains=(BURNED_OUT,),
    groups=(SUPPORT, replace(SUPPORT, name="Sales", strain=None)),
    group_counts={"team": 2},
)
STANDING = Standing(
    "Wellbeing",
    "active",
    date(2026, 12, 1),
    (Dated(BURNED_OUT, date(2026, 11, 10)),),
    (Dated(WORKLOAD, date(2026, 11, 10)),),
)
MORE = StandsOut(
    Statement(
        Finding.STRAIN,
        Cell("strain", "0", "team", "Support"),
        (),
        30,
        0.6,
        0.35,
        0.15,
        0.55,
        4,
        "almost certain",
        NEXT_STEPS[Finding.STRAIN],
    ),
    PublishedNumber(0.6),
    "feel burned out",
    (),
)
FAR = replace(
    MORE,
    statement=replace(
        MORE.statement,
        finding=Finding.FAR_STRAINED,
        weeks=0,
        next_step=NEXT_STEPS[Finding.FAR_STRAINED],
    ),
)
HEADLINES = (
    Headline(MORE, 0.25, WAVE.held_on),
    Headline(MORE, None, WAVE.held_on),
    Headline(FAR, 0.25, WAVE.held_on),
)
NEWS = SurveyNews(ROUND, HEADLINES[:1], (), has_changes=True, shares=(0.7, 0.72))

CASES: Cases = {
    "preview": lambda: blocks.preview_view(PREVIEW, "U0MAYA", None),
    "preview-undecided": lambda: blocks.preview_view(
        replace(PREVIEW, undecided=("Workload",)), "U0MAYA", None
    ),
    "standing": lambda: blocks.standing_message(STANDING),
    "standing-first": lambda: blocks.standing_message(
        replace(STANDING, status="paused", strains=(), causes=())
    ),
    "results": lambda: results_message(Results(ROUND, (), ())),
    "groups": lambda: results_message(Results(ROUND, (), ()), ResultsPart.GROUPS),
    "team": lambda: team_message(TeamResults(ROUND, (SUPPORT,))),
    "trend": lambda: trend_message(
        trend(
            {"": [0.2, 0.22, 0.3, 0.35], "Support": [0.25, 0.25, 0.5, 0.75]},
            weekly(4),
            (None, CellChange(0.35, 0.2, 4)),
            wave=ROUND,
            measure="strain",
            ref="0",
        )
    ),
    "told": lambda: Sentences(
        [
            *(f"{headline(each)}. {evidence(each)}" for each in HEADLINES),
            *stands_out_lines([MORE, FAR]),
            *(sentence(each) for each in (MORE, FAR)),
            *survey_lines(NEWS, "this week"),
            *notes(ROUND),
        ]
    ),
    "sentences": lambda: Sentences([_(NAME_TAKEN).format(survey=shown_name("Wellbeing")), NO_FORM]),
}
