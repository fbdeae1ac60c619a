"""Writes to a pair, or to one of the two, when the message is sent.

Returns no message if it has become pointless, such as a question that was answered elsewhere.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.mentoring.enqueue import key_of
from bot.mentoring.match_states import match_for
from bot.mentoring.pairs import blocks
from bot.mentoring.pairs.introductions import MENTOR_INTRO, view_for_introduction
from bot.mentoring.pairs.pure.news import News
from bot.mentoring.pairs.service import (
    MENTOR_CLOSING,
    MENTOR_FIT,
    MENTOR_NEWS,
    MENTOR_NUDGE,
    MENTOR_SILENCE,
    MOST_SILENCES,
    people,
    view_of,
)
from bot.mentoring.profiles.service import is_anybody_paused
from bot.mentoring.rounds.service import MENTOR_PROPOSAL
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.roles import is_employee
from models import Delivery, Goal, MentoringMatch, MentoringMeeting


async def compose_introduction(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Introduce the two to each other."""
    match = await match_for(session, delivery, "active")
    if match is None:
        return None
    return blocks.introduction_message(await view_for_introduction(session, match, composing.now))


async def compose_nudge(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Ask whether the two met.

    Returns None if they have said so, if a later nudge exists, or if one of them has paused.
    """
    match = await match_for(session, delivery, "active")
    number = int(delivery.detail["number"])
    if match is None or match.nudges != number:
        return None
    if await is_anybody_paused(session, match.workspace_id, people(match), composing.now):
        return None
    key = (delivery.workspace_id, match.id, number)
    meeting = await session.get(MentoringMeeting, key, populate_existing=True)
    if meeting is None or meeting.outcome is not None:
        return None
    shares_goals = await _shares_goals(session, match)
    return blocks.nudge_message(replace(view_of(match, number), shares_goals=shares_goals))


async def _shares_goals(session: AsyncSession, match: MentoringMatch) -> bool:
    """Return True if the mentee shares a goal with the mentor."""
    shared = select(Goal.id).where(
        Goal.workspace_id == match.workspace_id,
        Goal.employee_id == match.mentee_id,
        Goal.shared_with == match.mentor_id,
        Goal.status == "open",
    )
    return await session.scalar(shared.limit(1)) is not None


async def compose_fit(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Ask one of the two how well they fit, unless this person has paused in the meantime."""
    match = await match_for(session, delivery, "active")
    reader = delivery.recipient
    if match is None or await is_anybody_paused(
        session, match.workspace_id, [reader], composing.now
    ):
        return None
    return blocks.fit_message(view_of(match, 0), reader)


async def compose_silence(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Ask one of a silent pair whether to end, unless the other has answered."""
    match = await match_for(session, delivery, "active")
    if match is None or match.silences < MOST_SILENCES:
        return None
    return blocks.silence_message(view_of(match), delivery.recipient)


async def compose_closing(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Thank one of the two at the end."""
    match = await match_for(session, delivery, "completed")
    return blocks.closing_message(view_of(match, 0), delivery.recipient) if match else None


async def compose_news(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Tell one of the two what became of their match.

    A mentor who was never asked does not hear that there is nothing left to answer.
    """
    match = await match_for(session, delivery)
    reader = Actor(delivery.workspace_id, delivery.recipient)
    if match is None or not await is_employee(session, reader):
        return None
    news = str(delivery.detail["news"])
    if news == News.NO_LONGER_LOOKING and not await _was_asked(session, match):
        return None
    is_mentor = delivery.recipient == match.mentor_id
    other = match.mentee_id if is_mentor else match.mentor_id
    if news == News.REFIT:
        news = News.REFIT_MENTOR if is_mentor else News.REFIT_MENTEE
    return blocks.news_message(news, other, to_mentee=not is_mentor)


async def _was_asked(session: AsyncSession, match: MentoringMatch) -> bool:
    """Return True if the proposal has reached the mentor."""
    status = await session.scalar(
        select(Delivery.status).where(
            Delivery.workspace_id == match.workspace_id,
            Delivery.key == key_of(MENTOR_PROPOSAL, match.id, match.mentor_id),
        )
    )
    return status == "sent"


KINDS: Final[Mapping[str, Kind]] = {
    # Both have agreed to it.
    MENTOR_INTRO: Kind(compose_introduction, Class.PROMISED),
    # The next one comes after two weeks.
    MENTOR_NUDGE: Kind(compose_nudge, Class.ASKED, rank=3, lapses_after=timedelta(days=13)),
    MENTOR_FIT: Kind(compose_fit, Class.ASKED, rank=4),
    MENTOR_SILENCE: Kind(compose_silence, Class.ASKED, rank=3),
    MENTOR_CLOSING: Kind(compose_closing, Class.ASKED, rank=4),
    MENTOR_NEWS: Kind(compose_news, Class.NEWS, rank=3, patience=timedelta(days=1)),
}
