"""Counts in the database how many people look for a mentor, and where mentors are missing.

HR's form shows it, and Slack allows three seconds to open a form, however many people there are.
The counts match what `pool.read_task` reads.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.match_states import OPEN
from bot.mentoring.profiles.pure.topics import merge_spellings
from bot.mentoring.profiles.queries import is_absent, json_texts, same_person
from models import Employee, MentoringMatch, MentoringProfile


@dataclass(frozen=True)
class MentorSupply:
    """What a round would find."""

    looking: int
    mentors: int
    free_places: int
    missing: tuple[tuple[str, int, int], ...]
    """Topics that no mentor with a free place offers: topic, number of people who look for it,
    number who offer it. The most wanted topic comes first."""


async def count_supply(session: AsyncSession, workspace_id: str, now: datetime) -> MentorSupply:
    """Count people who look for a mentor, mentors, and topics without enough mentors."""
    looking, mentors = _looking(workspace_id), _mentors(workspace_id)
    free = await _free_places(session, workspace_id, now)
    seeking = await session.scalar(looking.with_only_columns(func.count()))
    offering = await session.execute(mentors.with_only_columns(func.count(), func.sum(free)))
    number, places = offering.one()
    return MentorSupply(
        seeking or 0, number, places or 0, await _missing(session, looking, mentors, free)
    )


async def _missing(
    session: AsyncSession, looking: Select[Any], mentors: Select[Any], free: ColumnElement[int]
) -> tuple[tuple[str, int, int], ...]:
    wants = json_texts(session, MentoringProfile.wants)
    offers = json_texts(session, MentoringProfile.offers)
    wanted_texts = await session.execute(
        looking.join(wants, true())
        .with_only_columns(wants.c.value, func.count())
        .group_by(wants.c.value)
    )
    offered_texts = await session.execute(
        mentors.join(offers, true())
        .with_only_columns(offers.c.value, func.count(), func.sum(free))
        .group_by(offers.c.value)
    )
    wanted, offered = wanted_texts.all(), offered_texts.all()
    written = Counter[str]()
    for text, count, *_ in (*wanted, *offered):
        written[text] += count
    # There may be thousands of topics, and comparing their spellings takes a while.
    name = await asyncio.to_thread(merge_spellings, written)
    waiting, offering, places = Counter[str](), Counter[str](), Counter[str]()
    for text, count in wanted:
        waiting[name[text]] += count
    for text, count, free_places in offered:
        offering[name[text]] += count
        places[name[text]] += free_places
    return tuple(
        (topic, count, offering[topic])
        for topic, count in sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
        if not places[topic]
    )


def _looking(workspace_id: str) -> Select[Any]:
    provided = (
        select(MentoringMatch.id)
        .where(
            MentoringMatch.workspace_id == workspace_id,
            MentoringMatch.mentee_id == Employee.id,
            MentoringMatch.status.in_(OPEN),
        )
        .correlate(Employee)
        .exists()
    )
    return _profiles(workspace_id).where(MentoringProfile.looking_since.is_not(None), ~provided)


def _mentors(workspace_id: str) -> Select[Any]:
    offers = func.json_array_length(MentoringProfile.offers) > 0
    return _profiles(workspace_id).where(offers, MentoringProfile.capacity > 0)


def _profiles(workspace_id: str) -> Select[Any]:
    return (
        select(Employee.id)
        .join(MentoringProfile, same_person())
        .where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
    )


async def _free_places(
    session: AsyncSession, workspace_id: str, now: datetime
) -> ColumnElement[int]:
    """Return a mentor's free places, 0 while the mentor is paused or away."""
    taken = (
        select(func.count())
        .where(
            MentoringMatch.workspace_id == workspace_id,
            MentoringMatch.mentor_id == Employee.id,
            MentoringMatch.status.in_(OPEN),
        )
        .correlate(Employee)
        .scalar_subquery()
    )
    absent = await is_absent(session, workspace_id, now)
    left = MentoringProfile.capacity - taken
    return case((or_(absent, left < 0), 0), else_=left)
