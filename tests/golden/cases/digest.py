"""The weekly digest and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from bot.blockkit.blocks import Message
from bot.digest import blocks
from bot.digest.pure.posting_time import ALL, Choices, Rhythm
from bot.digest.service import Digest, NextSurvey, Subscription
from bot.insights.news import Headline, SurveyNews
from bot.insights.wave_results import RunningWave, WaveResults
from tests.golden.cases import _stories
from tests.golden.cases._companies import Round, digest_of
from tests.golden.cases._texts import LONG
from tests.golden.cases._waves import (
    FALLEN_IN_DESIGN,
    FEW_NAMED,
    HUGE,
    JUST_BEGUN,
    NAMED,
    RISEN,
    RUNNING,
    STILL_ASKED,
    TOO_FEW,
    WAVE,
    WRITTEN_ABOUT,
)
from tests.golden.shown import Cases, Sentences

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
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
DIGEST = Digest(wave_ids=("w1",), news=(NEWS,), running=(RUNNING, JUST_BEGUN), coming=None)


def of_wave(wave: WaveResults) -> SurveyNews:
    """Return what is new in a wave of which nothing is quoted."""
    told = tuple(Headline(found, None, wave.held_on) for found in wave.stands_out)
    return SurveyNews(wave, told, (), has_changes=bool(told), shares=(0.7,))


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
        "month-quiet": lambda: _shown(_stories.quiet, is_monthly=True),
    }


CASES: Cases = {
    "digest": lambda: blocks.digest_message(DIGEST),
    "digest-without-teams": lambda: blocks.digest_message(replace(DIGEST, names_groups=False)),
    "digest-several": lambda: blocks.digest_message(
        replace(
            DIGEST,
            news=(NEWS, *map(of_wave, (NAMED, FEW_NAMED, TOO_FEW, TOO_FEW, NAMED))),
        )
    ),
    "digest-two": lambda: blocks.digest_message(replace(DIGEST, news=(of_wave(NAMED), NEWS))),
    "digest-too-few": lambda: blocks.digest_message(replace(DIGEST, news=(of_wave(TOO_FEW),))),
    "digest-quiet": lambda: blocks.digest_message(QUIET),
    "digest-quiet-running": lambda: blocks.digest_message(replace(QUIET, running=(STILL_ASKED,))),
    "digest-quiet-coming": lambda: blocks.digest_message(replace(QUIET, coming=COMING)),
    "digest-quiet-coming-any-time": lambda: blocks.digest_message(replace(QUIET, coming=LATER)),
    "digest-hostile": lambda: blocks.digest_message(
        replace(DIGEST, news=(of_wave(HUGE),) * 16, running=LONG_RUNNING)
    ),
    **{f"story-{name}": show for name, show in stories().items()},
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
        }
    ),
}
