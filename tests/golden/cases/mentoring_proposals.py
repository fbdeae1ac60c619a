"""What mentors and mentees are asked before they meet, and what they are told."""

from dataclasses import replace

from bot.mentoring.profiles.forms import HOPES_LENGTH
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals.service import Proposal
from tests.conftest import NOW
from tests.golden.cases._mentoring import (
    HARMFUL_REASONS,
    MATCH,
    MENTEE,
    MENTOR,
    REASONS,
    TOPICS,
)
from tests.golden.cases._texts import HOSTILE
from tests.golden.shown import Cases, Sentences

PROPOSAL = Proposal(
    match_id=MATCH,
    status="proposed",
    mentor_id=MENTOR,
    mentee_id=MENTEE,
    reasons=REASONS,
    wants=("Go", "Kubernetes"),
    hopes="I want to run my first service.\nAnd to sleep at night.",
    mentee_team="Design",
    mentee_years=1,
    mentor_team="Platform",
    mentor_years=8,
    answer_by=NOW,
    length_weeks=12,
)
BARE = replace(
    PROPOSAL,
    reasons=(),
    wants=(),
    hopes="",
    mentee_team=None,
    mentee_years=None,
    mentor_team=None,
    mentor_years=None,
    answer_by=None,
    length_weeks=1,
)
HARMFUL = replace(
    PROPOSAL,
    reasons=HARMFUL_REASONS,
    wants=TOPICS,
    hopes=f"{HOSTILE}\n{'&' * HOPES_LENGTH}"[:HOPES_LENGTH],
    mentee_team=HOSTILE * 3,
    mentor_team=HOSTILE * 3,
)
YES_STANDS = replace(PROPOSAL, status="accepted", yes_stands=True, paused_until=NOW.date())


ANSWERS = {
    "mentor says yes": replace(PROPOSAL, status="accepted"),
    "mentee says yes": replace(PROPOSAL, status="active"),
    "mentor declines": replace(PROPOSAL, status="declined"),
    "mentor pauses": replace(PROPOSAL, status="declined", paused_until=NOW.date()),
    "mentor takes the yes back": replace(PROPOSAL, status="declined", taken_back=True),
    "mentee declines": replace(PROPOSAL, status="ended"),
}


def answer(proposal: Proposal) -> str:
    return str(blocks.answered_message(proposal).blocks[0]["text"]["text"])


CASES: Cases = {
    "proposal": lambda: blocks.proposal_message(PROPOSAL),
    "proposal-bare": lambda: blocks.proposal_message(BARE),
    "proposal-hostile": lambda: blocks.proposal_message(HARMFUL),
    "proposal-reminder": lambda: blocks.proposal_reminder(PROPOSAL),
    "confirmation": lambda: blocks.confirm_message(PROPOSAL),
    "confirmation-bare": lambda: blocks.confirm_message(BARE),
    "confirmation-hostile": lambda: blocks.confirm_message(HARMFUL),
    "confirmation-reminder": lambda: blocks.confirm_reminder(PROPOSAL),
    "answered": lambda: Sentences({name: answer(each) for name, each in ANSWERS.items()}),
    "yes-stands": lambda: blocks.answered_message(YES_STANDS),
    "why-not": lambda: blocks.why_view(MATCH),
}
