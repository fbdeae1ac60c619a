"""Employees' own goals: the questions, the forms, and what a colleague sees of them."""

from dataclasses import replace
from datetime import date

from bot.goals import blocks, checkin_forms, forms, service, views
from bot.goals.monthly import HAS_GOAL
from bot.goals.pure.rounds import State
from bot.goals.views import Draft, GoalView, Standing
from bot.insights.pure.resolution import SHARE_RESOLUTION
from bot.insights.tallies import MonthResults
from bot.insights.wave_results import PublishedNumber
from bot.languages import _
from tests.conftest import NOW
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences

DAY = NOW.date()
GOAL = GoalView(
    id="a" * 32,
    owner_id="U0NOOR",
    draft=Draft("Give a talk about Kubernetes", "It was held", date(2027, 2, 1), "Happy customers"),
    state=State.ON_TRACK,
    weeks=6,
)
SHARED = replace(GOAL, id="b" * 32, shared_with="U0KOFI", state=None, weeks=0)
OVER = replace(GOAL, status="reached", state=State.REACHED, learned="Rehearse with a friend")
HARMFUL = replace(GOAL, draft=Draft(HOSTILE[:200], LONG[:200], DAY, LONG[:150]), learned=LONG[:300])
COMPANY = ("Happy customers", LONG[:150])
STANDING = Standing((GOAL, SHARED), (OVER,), (replace(GOAL, owner_id="U0KIM"),), COMPANY)
CROWD = Standing((HARMFUL,) * 3, (replace(HARMFUL, status="dropped"),) * 12, (HARMFUL,) * 25)


def _share(value: float) -> PublishedNumber:
    return PublishedNumber.of(value, 40, SHARE_RESOLUTION)


FIGURES = MonthResults(date(2026, 10, 1), "", 40, {HAS_GOAL: _share(0.375)})
STATES = MonthResults(
    date(2026, 10, 1),
    "",
    20,
    {"on track": _share(0.7), "at risk": _share(0.2), "stuck": _share(0.1)},
)
OF_TEAMS = [replace(STATES, team=f"{number} {LONG}"[:120]) for number in range(22)]

CASES: Cases = {
    "check": lambda: blocks.check_message(1, DAY),
    "check-several": lambda: blocks.check_message(3, DAY),
    "look-back-asked": lambda: blocks.look_back_message(1, DAY),
    "look-back-asked-several": lambda: blocks.look_back_message(2, DAY),
    "saved": blocks.saved_message,
    "shared": lambda: blocks.shared_message("U0NOOR"),
    "goals": lambda: forms.goals_view(STANDING, "Saved."),
    "goals-none": lambda: forms.goals_view(Standing()),
    "goals-admin": lambda: forms.goals_view(replace(STANDING, may_list=True)),
    "goals-hostile": lambda: forms.goals_view(CROWD),
    "shared-with-you": lambda: forms.shared_view("U0NOOR", [GOAL, SHARED]),
    "shared-no-longer": lambda: forms.shared_view("U0NOOR", []),
    "form": lambda: forms.goal_form(None, (), DAY),
    "form-filled": lambda: forms.goal_form(GOAL, COMPANY, DAY),
    "share": lambda: forms.share_form(GOAL),
    "which": lambda: checkin_forms.which_form([GOAL, replace(HARMFUL, id="c" * 32)], DAY),
    "look-back": lambda: checkin_forms.look_back_form([GOAL], DAY),
    "stuck": lambda: checkin_forms.stuck_view("T0ATTUNE", None),
    "stuck-with-mentor": lambda: checkin_forms.stuck_view("T0ATTUNE", "U0KOFI"),
    "saved-form": checkin_forms.saved_view,
    "company": lambda: forms.list_form(COMPANY),
    "company-saved": forms.listed_view,
    "figures": lambda: forms.figures_view([FIGURES], [STATES, replace(STATES, team="Sales")]),
    "figures-none": lambda: forms.figures_view([], [MonthResults(date(2026, 10, 1), "", 0)]),
    "figures-hostile": lambda: forms.figures_view([FIGURES], [STATES, *OF_TEAMS]),
    "home": lambda: forms.home_blocks(STANDING),
    "home-none": lambda: forms.home_blocks(Standing()),
    "sentences": lambda: Sentences(
        {
            "a fourth": _(service.ENOUGH).format(most=service.MOST_GOALS),
            "an empty field": service.EMPTY,
            "a day in the past": service.NOT_AFTER_TODAY,
            "over": views.NOT_OPEN,
            "not with this person": service.CANNOT_SHARE,
            "too many for the company": _(service.TOO_MANY_LISTED).format(most=20),
            "too long for the company": _(service.TOO_LONG_LISTED).format(most=150),
            "nothing chosen": checkin_forms.CHOOSE,
            "after looking back": checkin_forms.looked_back(),
            "stuck without a form": checkin_forms.NO_FORM_STUCK,
        }
    ),
}
