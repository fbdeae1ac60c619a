"""Introduces a new pair: a message in a group DM, and a calendar invitation."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import slot_at
from bot.attention.pure.good_moments import shared_good_moment
from bot.languages import _, speaking
from bot.mentoring.enqueue import calendars_of, enqueue
from bot.mentoring.match_states import locked_match
from bot.mentoring.pairs.pure.calendar_file import Appointment
from bot.mentoring.pairs.service import MEETING, PairView, people, readers, view_of
from bot.people.languages import languages_of
from models import Delivery, Employee, MentoringMatch

MENTOR_INTRO: Final = "mentor_intro"


async def pairs_to_introduce(session: AsyncSession) -> list[tuple[str, str]]:
    """Return workspace and id of pairs that have not been introduced."""
    rows = await session.execute(
        select(MentoringMatch.workspace_id, MentoringMatch.id)
        .where(MentoringMatch.status == "active", MentoringMatch.introduced.is_(False))
        .order_by(MentoringMatch.started_at, MentoringMatch.id)
    )
    return [(workspace_id, match_id) for workspace_id, match_id in rows]


async def people_of_pair(
    session: AsyncSession, workspace_id: str, match_id: str
) -> tuple[str, ...]:
    """Return the mentor's and the mentee's id."""
    return people(await session.get_one(MentoringMatch, (workspace_id, match_id)))


async def introduce_pair(
    session: AsyncSession, workspace_id: str, match_id: str, channel: str | None, now: datetime
) -> bool:
    """Introduce a pair in its group DM or, without one, each of the two in their own DM."""
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.status != "active" or match.introduced:
        return False
    match.channel, match.introduced = channel, True
    both = await calendars_of(session, workspace_id, people(match))
    due_at = shared_good_moment(both, now)
    for recipient in readers(match):
        await enqueue(
            session,
            workspace_id,
            MENTOR_INTRO,
            recipient,
            match.id,
            due_at,
            group=people(match),
            match=match.id,
        )
    return True


async def view_for_introduction(
    session: AsyncSession, match: MentoringMatch, now: datetime
) -> PairView:
    """Return what the introduction shows, with the meeting time checked against calendars."""
    view = view_of(match, 0)
    starts_at = match.first_meeting_at
    if starts_at is None or starts_at <= now:
        return view
    mentor, mentee = await calendars_of(session, match.workspace_id, people(match))
    return replace(view, first_meeting=slot_at(mentor, mentee, starts_at, starts_at + MEETING))


async def pairs_to_invite(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of pairs whose introduction is posted and whose invitation is not."""
    introduction = literal(f"{MENTOR_INTRO}:") + MentoringMatch.id
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
            MentoringMatch.first_meeting_at > now,
            posted,
        )
        .order_by(MentoringMatch.started_at, MentoringMatch.id)
    )
    return [(workspace_id, match_id) for workspace_id, match_id in rows]


async def invite(
    session: AsyncSession, workspace_id: str, match_id: str, now: datetime
) -> tuple[str, Appointment] | None:
    """Mark the invitation as tried, and return where to upload it; None if it was tried before.

    If it certainly failed and may succeed later, `retry_invitation` unmarks it.
    """
    match = await locked_match(session, workspace_id, match_id)
    if match is None or match.invited_at is not None:
        return None
    match.invited_at = now
    if match.channel is None or match.first_meeting_at is None:
        return None
    mentor = await session.get_one(Employee, (workspace_id, match.mentor_id))
    mentee = await session.get_one(Employee, (workspace_id, match.mentee_id))
    languages = await languages_of(session, workspace_id, [match.channel])
    with speaking(languages[match.channel]):
        return match.channel, Appointment(
            match.id,
            _("Mentoring: {mentor} and {mentee}").format(mentor=mentor.name, mentee=mentee.name),
            _("A first meeting. Move it as it suits you both."),
            match.first_meeting_at,
            MEETING,
        )


async def retry_invitation(session: AsyncSession, workspace_id: str, match_id: str) -> None:
    """Allow another attempt at an invitation that was certainly not shared."""
    match = await locked_match(session, workspace_id, match_id)
    if match is not None:
        match.invited_at = None
