"""Welcoming newcomers, finding their buddy, thanking leavers, and who helps."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.blockkit.pressed_message import PressedMessage
from bot.journeys.blocks import welcome_message
from bot.journeys.pure.milestones import Choice
from bot.journeys.welcome import blocks, leaving_blocks, offer_blocks
from bot.journeys.welcome.buddies import BuddySearch, News, Search
from bot.journeys.welcome.helping import Helpers, helpers_blocks, helpers_view
from bot.journeys.welcome.leaving import Leaving, OpenPair
from bot.journeys.wellbeing.service import Help
from bot.pulse import blocks as pulse
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import DoneStep, WaveInfo
from tests.golden.shown import Cases

OPEN = BuddySearch("a" * 32, "U0SAM", date(2026, 11, 9), Search.OPEN, None, 0)
ASKED = replace(
    OPEN,
    status=Search.ASKED,
    buddy_id="U0BEA",
    asks=1,
    answer_by=datetime(2026, 11, 11, 16, tzinfo=UTC),
)
FOUND = replace(ASKED, status=Search.ACCEPTED, introduce_at=datetime(2026, 11, 9, 10, tzinfo=UTC))
OTHERS = [
    replace(OPEN, welcome_id=f"{number:032x}", newcomer_id=f"U0NEW{number}") for number in range(21)
]
PAIRS = (OpenPair("b" * 32, "U0ANA", is_mentor=True), OpenPair("c" * 32, "U0LEE", is_mentor=False))
LEAVING = Leaving(date(2026, 11, 30), PAIRS, "U0MAYA")
ORIGIN = leaving_blocks.Origin("b" * 32, None, PressedMessage("D1", "1.000001", True, True))
WEEK = WaveInfo(
    survey_name="New here: the first week",
    asked_by="U0MAYA",
    anonymous=True,
    min_group_size=5,
    closes_at=datetime(2026, 11, 30, 9, tzinfo=UTC),
    question_count=3,
    invited=1,
    is_milestone=True,
)
THANKS = DoneStep(WEEK, Press("0" * 32, -1, "a" * 16), answered=True, commented=False)
HERE = Help("https://help.example/eap?a=1&b=2", "U0MAYA")

CASES: Cases = {
    "ahead": lambda: blocks.ahead_message([OPEN], to_hr=False),
    "ahead-asked": lambda: blocks.ahead_message([ASKED, OTHERS[1]], to_hr=False),
    "ahead-hr": lambda: blocks.ahead_message([OPEN], to_hr=True),
    "ahead-many": lambda: blocks.ahead_message(OTHERS, to_hr=True),
    "picked": lambda: blocks.picked_message(ASKED),
    "picked-modal": lambda: blocks.picked_view(ASKED),
    "ask": lambda: blocks.ask_message(ASKED, "U0MAYA"),
    "ask-nobody-knows-who": lambda: blocks.ask_message(ASKED, None),
    "yes": lambda: blocks.yes_message(FOUND),
    "no": blocks.no_message,
    **{
        f"again-{news}": lambda news=news: blocks.again_message(OPEN, news)  # type: ignore[misc]
        for news in News
    },
    "found": lambda: blocks.found_message(FOUND),
    "introduction": lambda: blocks.introduction_message("U0SAM", "U0BEA"),
    "hello": lambda: welcome_message(
        "U0SAM", {"joined_7": Choice()}, 5, None, blocks.buddy_line("U0BEA")
    ),
    "missing": lambda: blocks.missing_blocks([OPEN, ASKED]),
    "helpers-setting": helpers_blocks,
    "offer-mentor": offer_blocks.mentor_offer_message,
    "offer-coffee": offer_blocks.coffee_offer_message,
    "coffee-joined": offer_blocks.coffee_joined_message,
    "leaving": lambda: leaving_blocks.thanks_message(LEAVING),
    "leaving-alone": lambda: leaving_blocks.thanks_message(replace(LEAVING, pairs=())),
    "hand-over": lambda: leaving_blocks.hand_over_view(ORIGIN),
    "handed-over": lambda: leaving_blocks.handed_over_view("U0ANA"),
    "milestone-thanks": lambda: pulse.done_message(THANKS),
    "milestone-skipped": lambda: pulse.done_message(replace(THANKS, answered=False)),
    "helpers": lambda: helpers_view(Helpers("U0BEA", "U0LEE", HERE)),
    "helpers-nobody": lambda: helpers_view(Helpers(None, None, Help())),
}
