"""The weekly digest and what is said of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.digest import blocks
from bot.digest.service import Digest, NextSurvey, Subscription
from bot.insights.wave_results import RunningWave
from tests.golden.cases._texts import LONG
from tests.golden.cases._waves import (
    FEW_NAMED,
    HUGE,
    JUST_BEGUN,
    NAMED,
    RUNNING,
    STILL_ASKED,
    TOO_FEW,
    WAVE,
)
from tests.golden.shown import Cases, Sentences

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
DIGEST = Digest(wave_ids=("w1",), waves=(WAVE,), running=(RUNNING, JUST_BEGUN), coming=None)
QUIET = replace(DIGEST, waves=(), running=())
COMING = NextSurvey("Onboarding <3", date(2026, 12, 1), time(10))
LATER = NextSurvey("Onboarding <3", date(2026, 12, 1), None)
SUBSCRIPTION = Subscription("C0PULSE", 0, time(9, 0), "Europe/Berlin", MONDAY)
FRIDAY = replace(SUBSCRIPTION, weekday=4, next_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
LONG_RUNNING = tuple(
    RunningWave("w", LONG[:120], MONDAY + timedelta(hours=n), 100_000, 5, 0) for n in range(12)
)


def subscribed(subscription: Subscription, before: Subscription | None, now: datetime) -> str:
    return blocks.subscribed(subscription, before, now)


CASES: Cases = {
    "digest": lambda: blocks.digest_message(DIGEST),
    "digest-several": lambda: blocks.digest_message(
        replace(DIGEST, waves=(WAVE, NAMED, FEW_NAMED, TOO_FEW, TOO_FEW, NAMED))
    ),
    "digest-quiet": lambda: blocks.digest_message(QUIET),
    "digest-quiet-running": lambda: blocks.digest_message(replace(QUIET, running=(STILL_ASKED,))),
    "digest-quiet-coming": lambda: blocks.digest_message(replace(QUIET, coming=COMING)),
    "digest-quiet-coming-any-time": lambda: blocks.digest_message(replace(QUIET, coming=LATER)),
    "digest-hostile": lambda: blocks.digest_message(
        replace(DIGEST, waves=(HUGE,) * 16, running=LONG_RUNNING)
    ),
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
            "state": blocks.state(SUBSCRIPTION),
            "no digest here": blocks.state(None),
        }
    ),
}
