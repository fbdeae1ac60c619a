"""Tells everybody once a week how many answers of HR wait for anonymous authors.

Nobody is told singly: a message to an author would say who wrote. Everybody gets the same one, and
only where at least k people do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import enqueue_all
from bot.voice.pure.weeks import week_of
from bot.voice.service import hides_people
from models import Employee, VoiceMessage, Workspace

VOICE_NEWS: Final = "voice_news"
PEOPLE_AT_ONCE: Final = 500
"""How many people's messages one transaction queues: SQLite's writers wait for it."""


@dataclass(frozen=True)
class News:
    """Answers of earlier weeks that no news has counted yet."""

    workspace_id: str
    week: date
    """The Monday of the week in which the news goes out."""
    replies: int


async def workspaces_with_answers(session: AsyncSession) -> list[str]:
    """Return workspaces with answers that no news has counted yet."""
    untold = select(VoiceMessage.workspace_id).where(VoiceMessage.told.is_(False))
    return list(await session.scalars(select(Workspace.id).where(Workspace.id.in_(untold))))


async def due_news(session: AsyncSession, workspace_id: str, now: datetime) -> News | None:
    """Return what there is to tell; None before the week of the last answers is over.

    So there is at most one news a week, and it tells no day of an answer.
    """
    workspace = await session.get_one(Workspace, workspace_id)
    week = week_of(now, workspace.tz)
    replies = await session.scalar(select(func.count()).where(*_untold(workspace_id, week)))
    return News(workspace_id, week, replies) if replies else None


async def enqueue_news(session: AsyncSession, news: News, after: str, now: datetime) -> str | None:
    """Queue the news for the next employees, in the order of their ids.

    Returns the last of them, to continue from, or None if everybody's is queued. Repeating it adds
    nothing. Where fewer than k people work, it tells nobody.
    """
    workspace = await session.get_one(Workspace, news.workspace_id)
    if not await hides_people(session, workspace):
        return None
    people: Sequence[str] = (
        await session.scalars(
            select(Employee.id)
            .where(
                Employee.workspace_id == news.workspace_id,
                Employee.active.is_(True),
                Employee.id > after,
            )
            .order_by(Employee.id)
            .limit(PEOPLE_AT_ONCE)
        )
    ).all()
    about, detail = news.week.isoformat(), {"replies": news.replies}
    await enqueue_all(session, news.workspace_id, VOICE_NEWS, people, about, now, detail)
    return people[-1] if len(people) == PEOPLE_AT_ONCE else None


async def mark_told(session: AsyncSession, news: News) -> None:
    """Note that the answers of earlier weeks are told."""
    await session.execute(
        update(VoiceMessage)
        .where(*_untold(news.workspace_id, news.week))
        .values(told=True)
        .execution_options(synchronize_session=False)
    )


def _untold(workspace_id: str, week: date) -> tuple[ColumnElement[bool], ...]:
    return (
        VoiceMessage.workspace_id == workspace_id,
        VoiceMessage.told.is_(False),
        VoiceMessage.week < week,
    )
