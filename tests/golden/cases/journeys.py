"""Journeys: the welcome, a person's own path, and HR's page with its forms."""

from dataclasses import replace
from datetime import date, time

from bot.attention.pure.calendars import Calendar
from bot.journeys import blocks, forms, handlers, milestones, service
from bot.journeys.milestones import MilestoneLine
from bot.journeys.pure.milestones import MILESTONES, Choice, Journey, Passed, Step, path
from bot.journeys.service import Arrival, Dates, Overview, PersonView, Walk
from bot.languages import _
from bot.surveys.drafts import NewQuestion
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from tests.golden.cases._texts import LONG
from tests.golden.shown import Cases, Sentences

TODAY = date(2026, 11, 10)
FIRST = date(2026, 11, 2)
CHOICES = {each.key: Choice() for each in MILESTONES}
LINES = tuple(
    MilestoneLine(
        each,
        Choice(),
        tuple(NewQuestion.from_bank(load_bank().get(key)) for key in each.questions),
    )
    for each in MILESTONES
)
OWN = NewQuestion("I was told <where> to ask & whom.", Scale.AGREE, OWN_DRIVER)
CHANGED = MilestoneLine(MILESTONES[1], Choice(weekday=2, ask_at=time(15, 30)), (OWN,))
OFF = replace(LINES[2], choice=Choice(is_on=False))
PASSED = (Passed("joined_1", FIRST, FIRST), Passed("joined_7", FIRST, date(2026, 11, 9)))


def steps(passed: tuple[Passed, ...] = PASSED) -> tuple[Step, ...]:
    return path({Journey.JOINED: FIRST}, CHOICES, Calendar("Europe/Berlin"), passed)


WALK = Walk("U0NIA", False, steps(), TODAY)
PAUSED = replace(WALK, employee_id="U0ANA", is_paused=True)
SOON = Walk("U0BEN", False, steps(PASSED[:1]), TODAY)
OVERVIEW = Overview(
    TODAY,
    (*LINES[:1], CHANGED, OFF, *LINES[3:]),
    (SOON, WALK, PAUSED),
    (Arrival("U0NEW", date(2026, 11, 5)),),
    5,
)
MANY = replace(
    OVERVIEW,
    walks=tuple(replace(SOON, employee_id=f"U0MANY{number:03}") for number in range(400)),
    arrivals=tuple(Arrival(f"U0NEW{number:03}", TODAY) for number in range(40)),
)
PERSON = PersonView("U0NIA", Dates(FIRST, None, None), WALK)
LEAVER = PersonView(
    "U0ANA",
    Dates(FIRST, date(2027, 1, 15), date(2026, 12, 1)),
    Walk("U0ANA", True, (), TODAY),
)

CASES: Cases = {
    "welcome": lambda: blocks.welcome_message("U0NIA", CHOICES, 5, None),
    "welcome-page": lambda: blocks.welcome_message(
        "U0NIA", CHOICES, 5, "https://example.com/privacy?a=1&b=2"
    ),
    "welcome-no-questions": lambda: blocks.welcome_message(
        "U0NIA", {"joined_1": Choice()}, 5, None
    ),
    "home": lambda: blocks.path_home_blocks(WALK),
    "start": lambda: blocks.overview_view(Overview(TODAY, (), (), (), 5)),
    "overview": lambda: blocks.overview_view(OVERVIEW),
    "overview-saved": lambda: blocks.overview_view(
        replace(OVERVIEW, walks=(), arrivals=()), handlers.SAVED
    ),
    "overview-many": lambda: blocks.overview_view(MANY),
    "milestone": lambda: forms.milestone_form(LINES[2]),
    "milestone-changed": lambda: forms.milestone_form(CHANGED),
    "milestone-welcome": lambda: forms.milestone_form(LINES[0]),
    "milestone-hostile": lambda: forms.milestone_form(
        replace(CHANGED, questions=(replace(OWN, text=LONG[:119]),))
    ),
    "person": lambda: forms.person_form(PERSON),
    "person-leaving": lambda: forms.person_form(LEAVER),
    "preview": lambda: blocks.preview_view(
        LINES[0], blocks.welcome_message("U0NIA", CHOICES, 5, None).blocks
    ),
    "sentences": lambda: Sentences(
        [
            forms.NO_QUESTION,
            _(forms.TOO_MANY).format(most=forms.MOST_QUESTIONS),
            forms.LEAVES_BEFORE,
            forms.NO_TIME,
            handlers.STARTED,
            milestones.NOT_STARTED,
            service.NO_PERSON,
        ]
    ),
}
