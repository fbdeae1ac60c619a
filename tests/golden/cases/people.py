"""Who HR is, and the notice that Slack takes Attune's token again."""

from bot.people import blocks
from bot.people.messages import reconnected
from bot.people.roles import HrTeam
from tests.golden.shown import Cases

TEAM = HrTeam(("U0MAYA", "U0KIM"), ("U0LEE",), owner="U0OWNER", managers_see_team=True)
NOBODY = HrTeam((), ())
CROWD = HrTeam(tuple(f"U{n:010}" for n in range(500)), tuple(f"W{n:010}" for n in range(51)))

CASES: Cases = {
    "hr-team": lambda: blocks.hr_team_blocks(TEAM, can_change=True),
    "hr-team-nobody": lambda: blocks.hr_team_blocks(NOBODY, can_change=False),
    "hr-team-hostile": lambda: blocks.hr_team_blocks(CROWD, can_change=True),
    "hr-team-form": lambda: blocks.hr_team_form(TEAM, with_switch=True),
    "hr-team-form-owner": lambda: blocks.hr_team_form(NOBODY, with_switch=False),
    "hr-team-saved": lambda: blocks.hr_team_saved(TEAM),
    "reconnected": lambda: reconnected(
        {"since": "2026-11-03T09:00:00+00:00", "until": "2026-11-04T10:30:00+00:00"}
    ),
}
