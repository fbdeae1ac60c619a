"""Waves with results, for the slices that show figures."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.insights.news import Headline, SurveyNews
from bot.insights.pure.change import CellChange
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.stands_out import NEXT_STEPS, Statement
from bot.insights.wave_results import (
    ChoiceResult,
    Enps,
    GroupResults,
    Mood,
    PublishedNumber,
    RunningWave,
    Score,
    StandsOut,
    ThemeResult,
    WaveResults,
)
from tests.golden.cases._texts import LONG

CLOSED = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
NOTHING_NEW = CellChange(0.2, 1.2, 1)
RISE = CellChange(1.5, 0.8, 3)
WORKLOAD = Score(
    "Workload",
    30,
    PublishedNumber(6.0),
    5.1,
    6.5,
    PublishedNumber(0.4),
    NOTHING_NEW,
    ref="workload",
)
GROWTH = replace(
    WORKLOAD,
    label="Growth",
    mean=PublishedNumber(7.0),
    low=6.2,
    high=7.8,
    favourable=PublishedNumber(0.7),
    change=RISE,
    ref="growth",
)
TRUST = replace(
    WORKLOAD,
    label="Trust",
    mean=PublishedNumber(8.5, is_most=True),
    low=7.9,
    high=9.4,
    favourable=None,
    change=None,
    ref="trust",
)
ALONE = replace(
    WORKLOAD,
    label="I was left alone too much.",
    favourable=PublishedNumber(0.2, is_least=True),
    reversed=True,
    ref="4",
)
ENPS = Enps(
    "How likely are you to recommend us?", 30, PublishedNumber(10.0), -18.2, 40.0, None, "1"
)
FALLEN = replace(
    ENPS,
    ref="2",
    label="And our products?",
    change=CellChange(-20.0, 15.0, 2),
)
LUNCH = ChoiceResult(
    "Where shall we eat?",
    30,
    (("The lake", PublishedNumber(0.6)), ("The hills", PublishedNumber(0.4))),
)
TOO_BUSY = ThemeResult(
    "Workload", 15, PublishedNumber(0.1), PublishedNumber(0.7), CellChange(0.2, 0.1, 8)
)
MEETINGS = ThemeResult("Meetings", 10, None, None, None)
DESIGN = GroupResults("team", "Design", False, 5, 12, 14, (WORKLOAD, GROWTH), ENPS)
SMALL = GroupResults("team", "Legal + Ops", True, 10, 10, 10, (), None)
OFFICE = GroupResults("location", "Oslo", False, 10, 20, 20, (WORKLOAD,), None)

FALLEN_IN_DESIGN = StandsOut(
    Statement(
        Finding.FALL,
        Cell("driver", "workload", "team", "Design"),
        (Cell("enps", "2", "team", "Design"),),
        20,
        5.1,
        -1.8,
        -2.5,
        -1.1,
        3,
        "almost certain",
        NEXT_STEPS[Finding.FALL],
    ),
    PublishedNumber(5.1),
    "Workload",
    ("eNPS",),
)
RISEN = StandsOut(
    Statement(
        Finding.RISE,
        Cell("driver", "growth", "all", ""),
        (),
        30,
        7.0,
        1.5,
        0.7,
        2.3,
        3,
        "very likely",
        NEXT_STEPS[Finding.RISE],
    ),
    PublishedNumber(7.0),
    "Growth",
    (),
)
WRITTEN_ABOUT = StandsOut(
    Statement(
        Finding.THEME,
        Cell("theme", "workload", "all", ""),
        (Cell("theme", "meetings", "all", ""),),
        15,
        0.6,
        0.2,
        0.1,
        0.3,
        8,
        "almost certain",
        NEXT_STEPS[Finding.THEME],
    ),
    PublishedNumber(0.6),
    "Workload",
    ("Meetings",),
)

WAVE = WaveResults(
    wave_id="w1",
    survey_id="s1",
    survey_name="Weekly pulse",
    held_on=date(2026, 11, 3),
    closed_at=CLOSED,
    anonymous=True,
    k=5,
    invited=41,
    answered=30,
    drivers=(WORKLOAD, GROWTH, TRUST),
    questions=(ALONE,),
    enps=(ENPS, FALLEN),
    choices=(LUNCH,),
    mood=Mood(15, PublishedNumber(0.6), PublishedNumber(0.1, is_least=True), not_scored=5),
    themes=(TOO_BUSY, MEETINGS),
    groups=(DESIGN, SMALL, OFFICE),
    hidden="3 teams are too small to show alone: they are in the total",
    group_counts={"team": 2, "location": 1},
    stands_out=(FALLEN_IN_DESIGN, RISEN, WRITTEN_ABOUT),
)
TOO_FEW = replace(
    WAVE,
    answered=None,
    drivers=(),
    questions=(),
    enps=(),
    choices=(),
    mood=None,
    themes=(),
    groups=(),
    group_counts={},
    stands_out=(),
    hidden=None,
)
ENDED_EARLY = replace(TOO_FEW, ended_early=True)
NAMED = replace(WAVE, survey_name="Summer party", anonymous=False, named=35)
FEW_NAMED = replace(TOO_FEW, survey_name="Summer party", anonymous=False, named=3, invited=6)
NOBODY_NAMED = replace(FEW_NAMED, named=0, invited=1)
RUNNING = RunningWave("w2", "Weekly pulse", CLOSED, 41, 5, 15)
JUST_BEGUN = replace(RUNNING, survey_name="R&D", at_least=0, invited=1)
STILL_ASKED = replace(RUNNING, survey_name="Night shift", at_least=None)


def _huge() -> WaveResults:
    many = tuple(
        replace(WORKLOAD, label=f"{number} {LONG}", ref=f"d{number}") for number in range(30)
    )
    groups = tuple(
        GroupResults(dimension, f"{number} {LONG}", True, 5, 9, 11, many[:3], None)
        for dimension in ("department", "location", "team")
        for number in range(10)
    )
    return replace(
        WAVE,
        survey_name=LONG[:120],
        drivers=many,
        questions=many,
        enps=tuple(replace(FALLEN, label=LONG, ref=f"{number}") for number in range(11)),
        choices=(ChoiceResult(LONG, 10, ((LONG, PublishedNumber(0.4)),) * 10),) * 6,
        groups=groups,
        stands_out=(replace(FALLEN_IN_DESIGN, label=LONG, also=(LONG,) * 5),) * 3,
        group_counts=Counter({group.dimension: 200 for group in groups}),
    )


HUGE = _huge()


def news_of(wave: WaveResults) -> SurveyNews:
    """Return what is new in a wave of which nothing is quoted."""
    told = tuple(Headline(found, None, wave.held_on) for found in wave.stands_out)
    return SurveyNews(wave, told, (), has_changes=bool(told), shares=(0.7,))


NEWS = SurveyNews(
    WAVE,
    (
        Headline(FALLEN_IN_DESIGN, 6.9, WAVE.held_on),
        Headline(RISEN, 5.5, WAVE.held_on),
        Headline(WRITTEN_ABOUT, None, WAVE.held_on),
    ),
    ("Too much work for too few people.", "The weekly meeting could be an email."),
    has_changes=True,
    shares=(0.73,),
)
