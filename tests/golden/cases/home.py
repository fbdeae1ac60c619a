"""The Home tab, the answer to what people write, and the commands' help."""

from dataclasses import replace
from datetime import time, timedelta

from bot.app import help_text
from bot.attention.readers import Preference
from bot.home import blocks
from bot.home.service import Home, HrSection, WaitingSurvey
from bot.insights.wave_results import RunningWave
from bot.mentoring.profiles.service import Profile, Standing
from bot.preferences import service as preferences
from bot.slack.commands import DIGEST, IMPROVE, JOURNEY, MENTOR, PULSE, VOICE
from tests.conftest import NOW
from tests.golden.cases._texts import LONG
from tests.golden.cases._waves import HUGE, NEWS, RUNNING, TOO_FEW, news_of
from tests.golden.cases.products import LATE, MUCH
from tests.golden.shown import Cases, Sentences

PULSE_WAITS = WaitingSurvey("Fish & <chips>", NOW, anonymous=True)
NAMED_WAITS = WaitingSurvey("Lunch", NOW + timedelta(days=1), anonymous=False)
NEWCOMER = Standing(
    profile=Profile(),
    joined=False,
    looking_since=None,
    mentor_id=None,
    mentee_ids=(),
    paused=False,
    today=NOW.date(),
)
USUAL = preferences.Standing(
    chosen=Preference(),
    usual=preferences.Usual(2, time(9), time(17)),
    weekdays=frozenset(range(5)),
    today=NOW.date(),
    may_set_usual=False,
)
HR = HrSection((RUNNING,), replace(NEWS, quotes=()), is_admin=True, late=(LATE,))
LONG_WAITING = tuple(WaitingSurvey(LONG[:120], NOW, anonymous=False) for _ in range(12))
LONG_RUNNING = tuple(RunningWave("w", LONG[:120], NOW, 100_000, 5, 0) for _ in range(12))
HR_OF_MUCH = HrSection(LONG_RUNNING, news_of(HUGE), is_admin=True)

CASES: Cases = {
    "home": lambda: blocks.home_view(Home(5, (PULSE_WAITS,), NEWCOMER, USUAL, None)),
    "home-nothing-waits": lambda: blocks.home_view(Home(5, (), None, None, None)),
    "home-several-wait": lambda: blocks.home_view(
        Home(5, (PULSE_WAITS, NAMED_WAITS), NEWCOMER, USUAL, None)
    ),
    "home-hr-admin": lambda: blocks.home_view(Home(5, (PULSE_WAITS,), NEWCOMER, USUAL, HR)),
    "home-hr-analyst": lambda: blocks.home_view(
        Home(5, (), NEWCOMER, USUAL, HrSection((), news_of(TOO_FEW), is_admin=False))
    ),
    "home-hr-new": lambda: blocks.home_view(
        Home(5, (), NEWCOMER, USUAL, HrSection((), None, is_admin=True))
    ),
    "home-hostile": lambda: blocks.home_view(
        Home(
            5,
            LONG_WAITING,
            NEWCOMER,
            USUAL,
            HrSection(LONG_RUNNING, news_of(HUGE), is_admin=True),
            MUCH,
        )
    ),
    "hello": blocks.hello_message,
    "help": lambda: Sentences(
        {
            name: help_text(name, for_hr=False)
            for name in (PULSE, DIGEST, MENTOR, IMPROVE, VOICE, JOURNEY)
        }
    ),
    "help-hr": lambda: Sentences(
        {
            name: help_text(name, for_hr=True)
            for name in (PULSE, DIGEST, MENTOR, IMPROVE, VOICE, JOURNEY)
        }
    ),
}
