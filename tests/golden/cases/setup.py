"""The first steps, their forms, a question to try, and the announcement."""

from dataclasses import replace

from bot.languages import _
from bot.people.roles import HrTeam
from bot.setup import blocks, forms, trial
from bot.setup.service import DONE, SKIPPED, Standing, StepName
from bot.surveys.audience import Audience, AudienceKind
from tests import factories
from tests.conftest import NOW
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases

NEW = Standing("Acme", 5, HrTeam(("U0MAYA",), ()), None, None, None, {})
HALF = replace(
    NEW,
    team=HrTeam(("U0MAYA", "U0KIM"), ()),
    kept={StepName.HR: DONE, StepName.CHANNEL: SKIPPED},
    audience=Audience(AudienceKind.CHANNEL, "C0DESIGN"),
)
ALL = replace(
    HALF,
    channel_id="C0PEOPLE",
    survey=factories.survey(),
    kept={StepName.TRIAL: DONE},
    announced_in="C0GENERAL",
)
DECLINED = replace(NEW, kept=dict.fromkeys(StepName, SKIPPED))
MUCH = replace(
    ALL,
    workspace_name=LONG,
    team=HrTeam(tuple(f"U{n:010}" for n in range(500)), ()),
    survey=factories.survey(name=HOSTILE[:120]),
    audience=Audience(AudienceKind.TEAM, HOSTILE[:120]),
)
TEAMS = ("Design", "Sales")

CASES: Cases = {
    "steps-new": lambda: blocks.steps_message(NEW),
    "steps-half": lambda: blocks.steps_message(HALF),
    "steps-all": lambda: blocks.steps_message(ALL),
    "steps-declined": lambda: blocks.steps_message(DECLINED),
    "steps-hostile": lambda: blocks.steps_message(MUCH),
    "steps-modal": lambda: blocks.steps_view(NEW),
    "handed-over": lambda: blocks.handed_over_message(HALF),
    "hr-form": lambda: forms.hr_form(NEW.team),
    "channel-form": lambda: forms.channel_form("C0PEOPLE"),
    "audience-form": lambda: forms.audience_form(Audience(AudienceKind.TEAM, "Sales"), TEAMS),
    "audience-form-no-teams": lambda: forms.audience_form(None, ()),
    "announcement-form": lambda: forms.announcement_form("0" * 32, 5),
    "announcement": lambda: blocks.announcement_message(
        _(forms.ANNOUNCEMENT).format(k=5), "U0MAYA"
    ),
    "announcement-hostile": lambda: blocks.announcement_message(HOSTILE[:500], "U0MAYA"),
    "not-announced": lambda: blocks.not_announced("C0GENERAL"),
    "trial": lambda: trial.trial_message("U0MAYA", 5, NOW, None),
    "tried": trial.tried_message,
}
