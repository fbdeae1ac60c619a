"""Chooses whom to ask: people who agreed to be found, fit the topic, and have not had too much."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.attention.readers import is_absent
from bot.knowledge.pure.choosing import Candidate, best
from bot.mentoring.profiles.offers import PLACES, offer_key
from bot.mentoring.profiles.queries import same_offer, same_person
from bot.mentoring.profiles.service import is_paused
from models import (
    Employee,
    KnowledgeCard,
    KnowledgeRequest,
    MentoringOffer,
    MentoringProfile,
)

MOST_AT_ONCE: Final = 3
"""Colleagues who have a question at a time."""
MOST_A_WEEK: Final = 2
"""Questions that one person gets in seven days."""
WEEK: Final = timedelta(days=7)
_PAGE: Final = 50
"""Of many people who know a topic, so many are compared, each time others."""


@dataclass(frozen=True)
class Wanted:
    """Whom to look for."""

    workspace_id: str
    topic: str
    asker_id: str
    but_not: frozenset[str] = frozenset()
    """People who were asked already."""


async def choose_helpers(
    session: AsyncSession, wanted: Wanted, count: int, now: datetime
) -> list[str]:
    """Return up to `count` people, the best first.

    It leaves out people if they or the asker asked never to be paired with the other. Call it in a
    transaction that holds `service.lock`: otherwise two questions at once could give somebody more
    than their week's most.
    """
    topic = await _offered_as(session, wanted)
    if topic is None:
        return []
    known = _there(wanted, topic, await _avoided(session, wanted), now)
    kept = await _kept_answers(session, wanted)
    start = secrets.randbelow(PLACES)
    found: dict[str, Candidate] = {}
    for part in (
        known.where(MentoringOffer.employee_id.in_(kept)),
        known.where(MentoringOffer.place >= start),
        known.where(MentoringOffer.place < start),
    ):
        if len(found) < _PAGE:
            rows = await session.execute(part.order_by(MentoringOffer.place).limit(_PAGE))
            willing = (each for each in rows if _is_willing(each, wanted.asker_id, now))
            found |= {
                each.id: Candidate(
                    each.id, each.experience_years or 0, kept.get(each.id, 0), each.load
                )
                for each in willing
            }
    return best(found.values(), count)


async def _offered_as(session: AsyncSession, wanted: Wanted) -> str | None:
    """Return how somebody offers the topic: as it is written, or in the other number."""
    key = offer_key(wanted.topic)
    for spelling in dict.fromkeys((key, key.removesuffix("s"), f"{key}s")):
        found = await session.scalar(
            select(MentoringOffer.topic)
            .where(
                MentoringOffer.workspace_id == wanted.workspace_id,
                MentoringOffer.topic == spelling,
            )
            .limit(1)
        )
        if found:
            return spelling
    return None


async def _avoided(session: AsyncSession, wanted: Wanted) -> frozenset[str]:
    """Return the asker, those whom they asked never to be paired with, and who was asked."""
    profile = await session.get(MentoringProfile, (wanted.workspace_id, wanted.asker_id))
    return wanted.but_not | {wanted.asker_id, *(profile.never_with if profile else ())}


def _there(
    wanted: Wanted, topic: str, avoided: Collection[str], now: datetime
) -> Select[*tuple[Any, ...]]:
    """Select people who offer the topic, are not away, and had less than their week's most."""
    load = (
        select(func.count())
        .where(*_asked_lately(wanted.workspace_id, now), KnowledgeRequest.helper_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
    )
    return (
        select(
            Employee.id,
            Employee.tz,
            MentoringProfile.never_with,
            MentoringProfile.paused_until,
            MentoringProfile.experience_years,
            load.label("load"),
        )
        .select_from(MentoringOffer)
        .join(MentoringProfile, same_offer())
        .join(Employee, same_person())
        .where(
            MentoringOffer.workspace_id == wanted.workspace_id,
            MentoringOffer.topic == topic,
            Employee.active.is_(True),
            Employee.id.not_in(avoided),
            ~is_absent(now),
            load < MOST_A_WEEK,
        )
    )


def _is_willing(row: Any, asker_id: str, now: datetime) -> bool:
    """Return False for who has paused mentoring, or asked never to be paired with the asker."""
    today = now.astimezone(zone_of(row.tz)).date()
    return asker_id not in row.never_with and not is_paused(row.paused_until, today)


async def _kept_answers(session: AsyncSession, wanted: Wanted) -> dict[str, int]:
    """Return how many answers on the topic are kept, of those who wrote most of them."""
    count = func.count()
    kept = await session.execute(
        select(KnowledgeCard.author_id, count)
        .where(
            KnowledgeCard.workspace_id == wanted.workspace_id,
            KnowledgeCard.topic == wanted.topic,
        )
        .group_by(KnowledgeCard.author_id)
        .order_by(count.desc())
        .limit(_PAGE)
    )
    return dict(iter(kept))


def _asked_lately(workspace_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        KnowledgeRequest.workspace_id == workspace_id,
        KnowledgeRequest.asked_at > now - WEEK,
    )
