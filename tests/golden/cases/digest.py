"""The weekly digest and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from bot.blockers import wording as blocker_words
from bot.blockkit.blocks import Message
from bot.digest import alert_blocks, blocks
from bot.digest.alerts import Alert
from bot.digest.pure.posting_time import ALL, Choices, Rhythm
from bot.digest.service import Digest, NextSurvey, Subscription
from bot.insights.news import Headline
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.stands_out import NEXT_STEPS, Statement
from bot.insights.wave_results import PublishedNumber, RunningWave, StandsOut
from bot.knowledge import figures_blocks as question_words
from bot.learning import forms as learning_words
from tests.golden.cases import _stories
from tests.golden.cases._companies import Round, digest_of
from tests.golden.cases._texts import LONG
from tests.golden.cases._waves import (
    FALLEN_IN_DESIGN,
    FEW_NAMED,
    HUGE,
    JUST_BEGUN,
    NAMED,
    NEWS,
    RUNNING,
    STILL_ASKED,
    TOO_FEW,
    WAVE,
    news_of,
)
from tests.golden.cases.blockers import ENDED
from tests.golden.cases.knowledge import FIGURES
from tests.golden.cases.learning import GOT
from tests.golden.shown import Cases, Sentences

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
MONTHS = (
    blocker_words.digest_line(ENDED[0]) or "",
    learning_words.digest_line(GOT) or "",
    question_words.digest_line(FIGURES.questions[0]) or "",
)
DIGEST = Digest(wave_ids=("w1",), news=(NEWS,), running=(RUNNING, JUST_BEGUN), coming=None)


COMPANY_PULSE = news_of(
    replace(TOO_FEW, survey_name="Company pulse", is_company_pulse=True, drivers=WAVE.drivers)
)
QUIET = replace(DIGEST, news=(), running=())
COMING = NextSurvey("Onboarding <3", date(2026, 12, 1), time(10))
LATER = NextSurvey("Onboarding <3", date(2026, 12, 1), None)
SUBSCRIPTION = Subscription("C0PULSE", Rhythm(0, time(9)), ALL, "Europe/Berlin", MONDAY)
FRIDAY = replace(
    SUBSCRIPTION, rhythm=Rhythm(4, time(9)), next_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
)
MONTHLY = replace(
    SUBSCRIPTION,
    rhythm=Rhythm(0, time(9), "1st"),
    choices=Choices(teams=False),
    next_at=datetime(2026, 12, 7, 8, 0, tzinfo=UTC),
)
DISCREET = replace(SUBSCRIPTION, choices=Choices(teams=False, quotes=False))
FEWER_ANSWER = StandsOut(
    Statement(
        Finding.PARTICIPATION,
        Cell("participation", "", "team", "Sales"),
        (),
        15,
        0.4,
        -0.3,
        -0.45,
        -0.15,
        3,
        "very likely",
        NEXT_STEPS[Finding.PARTICIPATION],
    ),
    PublishedNumber(0.4),
    "",
    (),
)
LEAST = replace(
    FALLEN_IN_DESIGN,
    statement=replace(
        FALLEN_IN_DESIGN.statement,
        finding=Finding.FAR_BELOW,
        cell=Cell("question", "0", "team", "Operations"),
        weeks=0,
        next_step=NEXT_STEPS[Finding.FAR_BELOW],
    ),
    value=PublishedNumber(2.0, is_least=True),
    label="I was left alone too much.",
)
LONG_RUNNING = tuple(
    RunningWave("w", LONG[:120], MONDAY + timedelta(hours=n), 100_000, 5, 0) for n in range(12)
)


def subscribed(subscription: Subscription, before: Subscription | None, now: datetime) -> str:
    return blocks.subscribed(subscription, before, now)


def _shown(story: Callable[[], Sequence[Round]], *asked: Any, **rest: Any) -> Message:
    return blocks.digest_message(digest_of(story, *asked, **rest))


def stories() -> Cases:
    """Return the digests of companies whose waves are really published."""
    told = (
        *(_stories.good, _stories.bad, _stories.quiet, _stories.tiny, _stories.first_week),
        *(_stories.one_wave, _stories.renamed, _stories.merged, _stories.split, _stories.paused),
        *(_stories.all_equal, _stories.five_percent, _stories.nobody, _stories.five_languages),
        *(_stories.only_emoji, _stories.long_comments, _stories.hostile),
    )
    forty = tuple(f"driver {number}" for number in range(1, 41))
    return {
        **{each.__name__.replace("_", "-"): partial(_shown, each) for each in told},
        "forty-drivers": lambda: _shown(_stories.forty_drivers, forty),
        "month-good": lambda: _shown(_stories.good, is_monthly=True),
        "month-bad": lambda: _shown(_stories.bad, is_monthly=True),
        "month-recovered": lambda: _shown(_stories.recovered, is_monthly=True),
        "month-quiet": lambda: _shown(_stories.quiet, is_monthly=True),
    }


CASES: Cases = {
    "digest": lambda: blocks.digest_message(DIGEST),
    "digest-without-teams": lambda: blocks.digest_message(replace(DIGEST, names_groups=False)),
    "digest-of-a-new-month": lambda: blocks.digest_message(replace(DIGEST, months=MONTHS)),
    "digest-quiet-of-a-new-month": lambda: blocks.digest_message(replace(QUIET, months=MONTHS)),
    "digest-several": lambda: blocks.digest_message(
        replace(
            DIGEST,
            news=(NEWS, *map(news_of, (NAMED, FEW_NAMED, TOO_FEW, TOO_FEW, NAMED))),
        )
    ),
    "digest-two": lambda: blocks.digest_message(replace(DIGEST, news=(news_of(NAMED), NEWS))),
    "digest-company-pulse": lambda: blocks.digest_message(
        replace(DIGEST, news=(COMPANY_PULSE, COMPANY_PULSE), running=())
    ),
    "digest-too-few": lambda: blocks.digest_message(replace(DIGEST, news=(news_of(TOO_FEW),))),
    "digest-quiet": lambda: blocks.digest_message(QUIET),
    "digest-quiet-running": lambda: blocks.digest_message(replace(QUIET, running=(STILL_ASKED,))),
    "digest-quiet-coming": lambda: blocks.digest_message(replace(QUIET, coming=COMING)),
    "digest-quiet-coming-any-time": lambda: blocks.digest_message(replace(QUIET, coming=LATER)),
    "digest-hostile": lambda: blocks.digest_message(
        replace(DIGEST, news=(news_of(HUGE),) * 16, running=LONG_RUNNING)
    ),
    **{f"story-{name}": show for name, show in stories().items()},
    "alert": lambda: alert_blocks.alert_message(Alert(WAVE, NEWS.headlines)),
    "alert-one": lambda: alert_blocks.alert_message(Alert(WAVE, NEWS.headlines[:1])),
    "alert-hostile": lambda: alert_blocks.alert_message(Alert(HUGE, news_of(HUGE).headlines)),
    "alert-participation": lambda: alert_blocks.alert_message(
        Alert(WAVE, (Headline(FEWER_ANSWER, 0.7, WAVE.held_on), Headline(LEAST, 6.0, WAVE.held_on)))
    ),
    "alert-lost": lambda: alert_blocks.lost_alert("C0PULSE"),
    "alert-refused": lambda: alert_blocks.refused_alert("C0PULSE"),
    "preview": lambda: blocks.digest_preview(QUIET, MONDAY, may_post=True),
    "preview-to-analysts": lambda: blocks.digest_preview(QUIET, MONDAY, may_post=False),
    "lost": lambda: blocks.lost_digest("C0PULSE"),
    "refused": lambda: blocks.refused_digest("C0PULSE"),
    "sentences": lambda: Sentences(
        {
            "subscribed": subscribed(SUBSCRIPTION, None, MONDAY - timedelta(days=2)),
            "subscribed again": subscribed(SUBSCRIPTION, SUBSCRIPTION, MONDAY - timedelta(days=2)),
            "moved": subscribed(SUBSCRIPTION, FRIDAY, MONDAY - timedelta(days=2)),
            "moved after this week's": subscribed(
                FRIDAY, SUBSCRIPTION, MONDAY + timedelta(hours=4)
            ),
            "monthly, without teams": subscribed(MONTHLY, SUBSCRIPTION, MONDAY),
            "without teams and quotes": subscribed(DISCREET, None, MONDAY - timedelta(days=2)),
            "state": blocks.state(SUBSCRIPTION),
            "state with alerts": blocks.state(SUBSCRIPTION, has_alerts=True),
            "no digest here": blocks.state(None),
            "alerts set": alert_blocks.alerts_set(None),
            "alerts moved": alert_blocks.alerts_set("C0OTHER"),
            "where alerts go": alert_blocks.alerts_state("C0PULSE"),
            "no alerts": alert_blocks.alerts_state(None),
        }
    ),
}
