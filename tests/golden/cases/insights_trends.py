"""Trends of a driver over a survey's rounds, as HR sees them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.blockkit.blocks import actions
from bot.insights.pure.change import CellChange
from bot.insights.trends import blocks
from bot.insights.wave_results import PublishedNumber, WaveResults
from tests.golden.cases._over_time import FALL, FIRST, NOTHING_NEW, trend, weekly
from tests.golden.cases._texts import LONG
from tests.golden.cases._waves import ENPS, WAVE, WORKLOAD
from tests.golden.shown import Cases

TWELVE = weekly(12)
COMPANY = [6.4, 6.4, 6.3, 6.5, 6.4, 6.3, 6.4, 6.2, 6.0, 5.9, 5.8, 5.9]
SUPPORT = [6.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 4.0, 3.0, 2.0, 2.0, 2.0]
PAUSED = [*weekly(5), *(FIRST + timedelta(weeks=14 + number) for number in range(4))]
MONTHLY = [date(2025 + number // 12, 1 + number % 12, 3) for number in range(14)]


def only(**changes: Any) -> WaveResults:
    return replace(WAVE, drivers=(WORKLOAD,), enps=(), **changes)


FALL_OF_ENPS = CellChange(-30.0, 20.0, 3)
ENPS_ONLY = replace(WAVE, drivers=(), enps=(replace(ENPS, score=PublishedNumber(-20)),))

CASES: Cases = {
    "trend": lambda: blocks.trend_message(
        trend(
            {"": COMPANY, "Support": SUPPORT, "Sales": [7.0] * 12},
            TWELVE,
            (NOTHING_NEW, FALL, None),
        )
    ),
    "trend-company-alone": lambda: blocks.trend_message(trend({"": COMPANY}, TWELVE)),
    "trend-withheld": lambda: blocks.trend_message(
        trend(
            {
                "": [6.4, None, 6.3, 6.5, None, 6.3],
                "Support": [5.0, None, None, 5.0, None, 4.0],
            },
            weekly(6),
            (NOTHING_NEW, None),
        )
    ),
    "trend-renamed": lambda: blocks.trend_message(
        trend({"": COMPANY[:6], "Client Care": [None, None, None, None, 5.0, 5.0]}, weekly(6))
    ),
    "trend-paused": lambda: blocks.trend_message(
        trend({"": COMPANY[:9], "Support": SUPPORT[:9]}, PAUSED, (NOTHING_NEW, FALL))
    ),
    "trend-half-a-year": lambda: blocks.trend_message(
        trend({"": [*COMPANY, *COMPANY, 5.8, 5.7]}, weekly(26), (FALL,))
    ),
    "trend-over-a-year": lambda: blocks.trend_message(
        trend({"": [*COMPANY, 5.8, 5.7]}, MONTHLY, other_questions=True)
    ),
    "trend-of-enps": lambda: blocks.trend_message(
        trend(
            {"": [10.0, 0.0, -10.0, -20.0], "Support": [0.0, -20.0, -40.0, -80.0]},
            weekly(4),
            (FALL_OF_ENPS, None),
            wave=ENPS_ONLY,
            measure="enps",
            ref="1",
        )
    ),
    "trend-two-rounds": lambda: blocks.trend_message(trend({"": [6.0, 6.5]}, weekly(2))),
    "trend-one-round": lambda: blocks.trend_message(
        trend({"": [6.0], "Support": [4.0]}, weekly(1))
    ),
    "trend-one-round-of-a-new-survey": lambda: blocks.trend_message(
        trend({"": [None, 6.0]}, weekly(2), other_questions=True)
    ),
    "trend-all-alike": lambda: blocks.trend_message(
        trend({"": [8.0] * 5, "Support": [8.0] * 5}, weekly(5), (NOTHING_NEW, NOTHING_NEW))
    ),
    "trend-hostile": lambda: blocks.trend_message(
        trend(
            {"": COMPANY, f"{LONG} 1": SUPPORT, f"{LONG} 2": SUPPORT, "`code` & <b>": SUPPORT},
            TWELVE,
            wave=only(survey_name=LONG[:120]),
        )
    ),
    "menu-of-an-enps": lambda: [actions([blocks.trend_menu(ENPS_ONLY)])],
}
