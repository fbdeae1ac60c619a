""" "Who is missing?": why a group is not shown, as HR reads it."""

from dataclasses import replace

from bot.blockkit.blocks import actions
from bot.insights.missing import blocks
from bot.insights.missing.service import WaveGroups
from bot.insights.pure.group_standing import GroupStanding, Standing
from tests.golden.cases._texts import LONG
from tests.golden.shown import Cases, Sentences

LEGAL = GroupStanding("team", "Legal", 6, Standing.WITHHELD, None)
OPS = GroupStanding("team", "Ops", 7, Standing.TOGETHER, "Ops + Art")
ART = GroupStanding("team", "Art", 5, Standing.TOGETHER, "Ops + Art")
FOUNDERS = GroupStanding("team", "Founders", 2, Standing.TOO_FEW_INVITED, "Everyone else")
OSLO = GroupStanding("location", "Oslo", 1, Standing.TOO_FEW_INVITED, None)
DESIGN = GroupStanding("team", "Design", 12, Standing.ALONE, None)
GROUPS = WaveGroups("w1", "Weekly pulse", 5, True, (OPS, LEGAL, ART, FOUNDERS, DESIGN, OSLO))
COMPANY_PULSE = WaveGroups("w2", "Company pulse", 5, False, (), is_company_pulse=True)
HOSTILE = replace(
    GROUPS,
    survey_name=LONG[:120],
    groups=tuple(replace(OPS, name=f"{n} {LONG}", within=LONG) for n in range(70)),
)

CASES: Cases = {
    "list": lambda: blocks.missing_view(GROUPS),
    "list-nobody": lambda: blocks.missing_view(replace(GROUPS, groups=(DESIGN,))),
    "list-no-figures": lambda: blocks.missing_view(replace(GROUPS, has_figures=False)),
    "list-company-pulse": lambda: blocks.missing_view(COMPANY_PULSE),
    "list-hostile": lambda: blocks.missing_view(HOSTILE, 2),
    "why-withheld": lambda: blocks.why_message(GROUPS, [LEGAL], "legal"),
    "why-together": lambda: blocks.why_message(GROUPS, [OPS], "ops"),
    "why-too-few": lambda: blocks.why_message(GROUPS, [FOUNDERS], "founders"),
    "why-shown": lambda: blocks.why_message(GROUPS, [DESIGN], "design"),
    "why-unknown": lambda: blocks.why_message(GROUPS, [], "lunch & <!channel>"),
    "why-several": lambda: blocks.why_message(HOSTILE, HOSTILE.groups, "o"),
    "why-no-figures": lambda: blocks.why_message(
        replace(GROUPS, has_figures=False), [LEGAL], "legal"
    ),
    "why-company-pulse": lambda: blocks.why_message(COMPANY_PULSE, [], "legal"),
    "button": lambda: [actions([blocks.missing_button("w1")])],
    "sentences": lambda: Sentences(
        {"no results": blocks.NO_RESULTS, "no name": blocks.WHICH_GROUP}
    ),
}
