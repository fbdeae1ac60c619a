"""What must not happen twice after a backup was restored.

Between the backup and its restoration, Attune went on: messages went out, waves opened, digests
were posted. The restored rows know nothing of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.digest.service import due_digests, skip_digest
from bot.journeys.people import mark_passed, who_is_due
from bot.outbox.deliveries import CLAIM_LEASE
from bot.surveys.audience import AudienceKind
from bot.surveys.service import advance, due_surveys
from models import Survey

SAME_DAY: Final = timedelta(days=1)
"""What is due later in a day may have gone out with what was due before."""


@dataclass(frozen=True)
class PassedOver:
    """What was due since the backup, and is left to its next time."""

    surveys: tuple[str, ...]
    """Names of surveys whose wave may have been asked."""
    digests: int


def to_look_up(row: dict[str, Any], made_at: datetime, now: datetime) -> dict[str, Any]:
    """Return the changes to a delivery's row that have it looked up before it is sent.

    `row` has the values of a backup. Empty for a message that is over, or can't have been due.
    It looks like one that a process claimed when the backup was made, and then died: the sender
    looks such messages up in Slack (`scheduler/lost_posts.py`).
    """
    if row["status"] not in ("waiting", "due", "claimed"):
        return {}
    if datetime.fromisoformat(row["due_at"]) > now + SAME_DAY:
        return {}
    if row["status"] == "claimed":
        return {"status": "claimed"}
    claimed_until = (made_at + CLAIM_LEASE).isoformat()
    changes = {"status": "claimed", "claimed_until": claimed_until}
    # A bundle of its own: if it was not sent, it waits again for the planner.
    return changes | {"bundle": row["id"]} if row["status"] == "waiting" else changes


async def _pass_milestone(session: AsyncSession, survey: Survey, now: datetime) -> None:
    """Count everybody who reached a milestone since the backup as asked."""
    day, place = survey.next_on or survey.starts_on, survey.workspace_id
    while day <= now.date():
        steps = await who_is_due(session, place, survey.audience_ref or "", day)
        await mark_passed(session, place, steps, day)
        day += timedelta(days=1)


async def pass_over_what_was_due(session: AsyncSession, now: datetime) -> PassedOver:
    """Move on what was due since the backup: it may have happened, and is not done again."""
    names = []
    for due in await due_surveys(session, now):
        survey = await session.get_one(Survey, (due.workspace_id, due.survey_id))
        if survey.audience == AudienceKind.MILESTONE:
            await _pass_milestone(session, survey, now)
        await advance(session, survey, now)
        names.append(survey.name)
    digests = await due_digests(session, now)
    for workspace_id, channel_id in digests:
        await skip_digest(session, workspace_id, channel_id, now)
    return PassedOver(tuple(names), len(digests))
