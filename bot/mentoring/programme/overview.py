"""Reads what HR sees of the programme before and between rounds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.mentoring.programme.engagement import Engagement, latest_engagement
from bot.mentoring.programme.mentor_shortage import count_supply
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure, published
from bot.mentoring.programme.service import MANAGE, Programme, programme_of
from bot.mentoring.rounds.pure.matching import Round, Why
from bot.people import audit, roles
from bot.people.roles import Role
from models import MentoringRound, Workspace

MENTORING: Final = "mentoring"
"""Subject of audit entries about the programme's figures, which belong to no wave."""


@dataclass(frozen=True)
class MissingTopic:
    """A topic that people wait for and no mentor with a free place offers."""

    topic: str
    waiting: int
    offered_by: int


@dataclass(frozen=True)
class Overview:
    """What the admin's form shows."""

    programme: Programme
    looking: int
    mentors: int
    free_places: int
    missing: tuple[MissingTopic, ...]
    outcomes: Mapping[OutcomeMeasure, OutcomeFigure]
    k: int
    last_round_at: datetime | None
    engagement: Engagement | None = None


@dataclass(frozen=True)
class PreviewPair:
    """A proposed match and its score in [0, 1]."""

    mentee_id: str
    mentor_id: str
    score: float


@dataclass(frozen=True)
class RoundPreview:
    """What a round would do now; nothing of it is stored or sent."""

    pairs: tuple[PreviewPair, ...]
    left: Mapping[Why, int]
    missing: tuple[MissingTopic, ...]


async def overview(session: AsyncSession, actor: Actor, now: datetime) -> Overview:
    """Return how the programme stands, and record the look. Only for HR admins."""
    await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    found = await count_supply(session, actor.workspace_id, now)
    last = await session.scalar(
        select(MentoringRound.done_at)
        .where(MentoringRound.workspace_id == actor.workspace_id, MentoringRound.status == "done")
        .order_by(MentoringRound.done_at.desc())
        .limit(1)
    )
    audit.record(session, actor, "figures.viewed", subject=MENTORING, now=now)
    engagement = await latest_engagement(session, actor.workspace_id)
    if engagement:
        audit.record(session, actor, "figures.viewed", subject=engagement.wave_id, now=now)
    return Overview(
        programme=await programme_of(session, actor.workspace_id),
        looking=found.looking,
        mentors=found.mentors,
        free_places=found.free_places,
        missing=tuple(MissingTopic(*each) for each in found.missing),
        outcomes=await published(session, actor.workspace_id),
        k=workspace.min_group_size,
        last_round_at=last,
        engagement=engagement,
    )


async def look_ahead(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Record that HR previews a round. Only for HR admins."""
    await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    audit.record(session, actor, "mentoring.previewed", now=now)


def preview_of(result: Round) -> RoundPreview:
    """Return what HR is shown of a round."""
    return RoundPreview(
        pairs=tuple(
            PreviewPair(pair.mentee_id, pair.mentor_id, pair.score)
            for pair in sorted(result.pairs, key=lambda pair: (-pair.score, pair.mentee_id))
        ),
        left=Counter(one.why for one in result.unmatched),
        missing=tuple(
            MissingTopic(gap.topic, gap.waiting, gap.offered_by)
            for gap in result.gaps
            if not gap.free_places
        ),
    )
