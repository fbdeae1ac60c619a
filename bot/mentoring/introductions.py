"""A new pair is brought together: a group DM with an introduction, and a calendar invitation."""

from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring import outbox
from bot.mentoring.invitation import Invitation
from bot.mentoring.pairs import MEETING, readers
from bot.mentoring.states import locked_match
from models import Delivery, Employee, MentoringMatch


async def to_introduce(session: AsyncSession) -> list[tuple[str, str]]:
    """Return workspace and id of pairs that have not been introduced."""
    rows = await session.execute(
        select(MentoringMatch.workspace_id, MentoringMatch.id)
        .where(MentoringMatch.status == "active", MentoringMatch.introduced.is_(False))
        .order_by(MentoringMatch.started_at, MentoringMatch.id)
    )
    return [(workspace_id, match_id) for workspace_id, match_id in rows]


async def people_of(session: AsyncSession, workspace_id: str, match_id: str) -> tuple[str, ...]:
    """Return the mentor's and the mentee's id."""
    match = await session.get_one(MentoringMatch, (workspace_id, match_id))
    return match.mentor_id, match.mentee_id


async def introduce(
    session: AsyncSession, workspace_id: str, match_id: str, channel: str | None, now: datetime
) -> bool:
    """Introduce a pair in its group DM or, where there can be none, each of the two in theirs."""
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.status != "active" or match.introduced:
        return False
    match.channel, match.introduced = channel, True
    for recipient in readers(match):
        await outbox.enqueue(
            session, workspace_id, outbox.INTRODUCTION, recipient, match.id, now, match=match.id
        )
    return True


async def to_invite(session: AsyncSession) -> list[tuple[str, str]]:
    """Return workspace and id of pairs whose introduction is posted and whose invitation is not."""
    introduction = literal(f"{outbox.INTRODUCTION}:") + MentoringMatch.id
    posted = (
        select(Delivery.id)
        .where(
            Delivery.workspace_id == MentoringMatch.workspace_id,
            Delivery.key == introduction + ":" + MentoringMatch.channel,
            Delivery.status == "sent",
        )
        .exists()
    )
    rows = await session.execute(
        select(MentoringMatch.workspace_id, MentoringMatch.id)
        .where(
            MentoringMatch.status == "active",
            MentoringMatch.invited_at.is_(None),
            MentoringMatch.first_meeting_at.is_not(None),
            posted,
        )
        .order_by(MentoringMatch.started_at, MentoringMatch.id)
    )
    return [(workspace_id, match_id) for workspace_id, match_id in rows]


async def invite(
    session: AsyncSession, workspace_id: str, match_id: str, now: datetime
) -> tuple[str, Invitation] | None:
    """Return the channel and the invitation to upload, once; None when it has been tried."""
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.invited_at is not None:
        return None
    match.invited_at = now
    if match.channel is None or match.first_meeting_at is None:
        return None
    mentor = await session.get_one(Employee, (workspace_id, match.mentor_id))
    mentee = await session.get_one(Employee, (workspace_id, match.mentee_id))
    return match.channel, Invitation(
        match.id, mentor.name, mentee.name, match.first_meeting_at, MEETING
    )
