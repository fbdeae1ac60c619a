"""What is in somebody's way: the forms, the question to a colleague, and what HR sees."""

from datetime import date, timedelta

from bot.blockers import blocks, forms, helpers, wording
from bot.blockers.handlers import ON_OR_OFF, WEEKLY_OFF, WEEKLY_ON
from bot.blockers.helpers import Because, Candidate
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import BlockerView, End, Standing
from bot.insights.pure.resolution import SHARE_RESOLUTION
from bot.insights.tallies import MedianTime, MonthResults
from bot.insights.wave_results import PublishedNumber
from tests.conftest import NOW
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences


def blocker(status: str = "asked", **changes: object) -> BlockerView:
    fields: dict[str, object] = {
        "id": "b" * 32,
        "asker_id": "U0NOOR",
        "kind": BlockerKind.ACCESS,
        "text": "The staging cluster refuses my login.",
        "topic": "Kubernetes",
        "status": status,
        "helper_id": None if status == "open" else "U0KOFI",
        "passed_on": False,
        "postponed": 0,
    }
    return BlockerView(**{**fields, **changes})  # type: ignore[arg-type] # fields by name


HARMFUL = blocker(text=f"{HOSTILE}\n{LONG}"[:300], topic=HOSTILE[:60])
CANDIDATES = (
    Candidate("U0KOFI", Because.TOPIC, "Platform"),
    Candidate("U0ARJUN", Because.TEAM, "Engineering"),
    Candidate("U0LENA", Because.MANAGER, "Engineering"),
)
STANDING = Standing(
    (blocker(), blocker("open"), blocker("helped")),
    (blocker(asker_id="U0ADAM"), blocker("helped", asker_id="U0ADAM")),
)
MOST = Standing((HARMFUL,) * 5, (HARMFUL,) * 5)
OCTOBER = date(2026, 10, 1)
SHARES: dict[str, PublishedNumber] = {
    kind: PublishedNumber.of(share, 40, SHARE_RESOLUTION)
    for kind, share in zip(BlockerKind, (0.4, 0.2, 0.1, 0.1, 0.1, 0.1), strict=True)
}
REPORTED = (
    MonthResults(OCTOBER, "", 40, SHARES),
    MonthResults(OCTOBER, "Design & <b>", 20, {**SHARES, "access": SHARES["waiting"]}),
    MonthResults(OCTOBER, "Sales", 5),
    MonthResults(OCTOBER, "Support", 20, SHARES),
)
ENDED = (
    MonthResults(
        OCTOBER,
        "",
        35,
        {End.SOLVED: PublishedNumber(0.8), End.DROPPED: PublishedNumber(0.2)},
        MedianTime(30, 43.0, 28.0, 62.0),
    ),
    MonthResults(OCTOBER, "Support", 10, {}, MedianTime(10, 5.7, 2.8, 11.3)),
)
HUGE = tuple(MonthResults(OCTOBER, LONG[:390], 5, SHARES) for _ in range(60))

CASES: Cases = {
    "report": lambda: forms.report_view(Standing((), ()), "b" * 32),
    "report-with-open": lambda: forms.report_view(STANDING, "b" * 32),
    "report-hostile": lambda: forms.report_view(MOST, "b" * 32),
    "counted": forms.counted_view,
    "choose": lambda: forms.choose_view(blocker("open"), CANDIDATES, blocker().text),
    "choose-nobody": lambda: forms.choose_view(blocker("open"), (), "Ask [name]?"),
    "choose-hostile": lambda: forms.choose_view(HARMFUL, CANDIDATES, HARMFUL.text),
    "asked": lambda: forms.asked_view(blocker(), NOW, NOW),
    "asked-later": lambda: forms.asked_view(blocker(), NOW + timedelta(hours=12), NOW),
    "pass": lambda: forms.pass_view(blocker()),
    "settings": lambda: forms.settings_view(2, weekly=True),
    "settings-off": lambda: forms.settings_view(0, weekly=False),
    "settings-saved": forms.settings_saved_view,
    "home": lambda: forms.home_blocks(STANDING),
    "home-waiting": lambda: forms.waiting_blocks(STANDING),
    "home-nothing": lambda: forms.home_blocks(Standing((), ())),
    "home-hostile": lambda: forms.home_blocks(MOST),
    "home-asked-hostile": lambda: forms.waiting_blocks(MOST),
    "request": lambda: blocks.request_message(blocker(), NOW, again=False),
    "request-again": lambda: blocks.request_message(blocker(), NOW, again=True),
    "request-passed-on": lambda: blocks.request_message(blocker(passed_on=True), NOW, again=False),
    "request-hostile": lambda: blocks.request_message(HARMFUL, NOW, again=False),
    "answered-yes": lambda: blocks.answered_message(blocker("helped")),
    "answered-passed-on": lambda: blocks.answered_message(blocker(helper_id="U0ARJUN")),
    "answered-no": lambda: blocks.answered_message(blocker("open")),
    "postponed": lambda: blocks.postponed_message(NOW),
    "together": lambda: blocks.together_message(blocker("helped")),
    "follow-up": lambda: blocks.follow_up_message(blocker("helped")),
    "not-yet": blocks.not_yet_message,
    "no-help": lambda: blocks.no_help_message(blocker("open")),
    "closed-solved": lambda: blocks.closed_message(blocker("solved")),
    "closed-alone": lambda: blocks.closed_message(blocker("solved", helper_id=None)),
    "closed-dropped": lambda: forms.done_view(blocks.closed_text(blocker("dropped"))),
    **{
        f"news-{news.replace(' ', '-')}": lambda news=news: blocks.news_message(  # type: ignore[misc] # mypy guesses no defaults
            news, blocker("asked")
        )
        for news in blocks.NEWS
    },
    "check": blocks.check_message,
    "check-no": blocks.nothing_message,
    "figures": lambda: wording.figures_view(REPORTED, ENDED),
    "figures-none": lambda: wording.figures_view((), ()),
    "figures-too-few": lambda: wording.figures_view((MonthResults(OCTOBER, "", 0),), ()),
    "figures-huge": lambda: wording.figures_view((REPORTED[0], *HUGE), ENDED),
    "sentences": lambda: Sentences(
        {
            "digest": wording.digest_line(ENDED[0]) or "",
            "no kind": forms.NO_KIND,
            "no text": forms.NO_TEXT,
            "no wish": forms.NO_WISH,
            "weekly on": WEEKLY_ON,
            "weekly off": WEEKLY_OFF,
            "weekly what": ON_OR_OFF,
            "not now": helpers.NOT_NOW,
        }
    ),
}
