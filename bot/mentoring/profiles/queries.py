"""Parts of queries about people and their profiles."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention import readers
from bot.attention.pure.zones import zone_of
from models import Employee, MentoringOffer, MentoringProfile


async def is_absent(session: AsyncSession, workspace_id: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a person is away, or paused by their own local date."""
    zones = await session.scalars(
        select(Employee.tz).where(Employee.workspace_id == workspace_id).distinct()
    )
    zones_at: dict[date, list[str]] = defaultdict(list)
    for zone in zones:
        zones_at[now.astimezone(zone_of(zone)).date()].append(zone)
    until = MentoringProfile.paused_until
    lasts = or_(*(and_(Employee.tz.in_(there), until > day) for day, there in zones_at.items()))
    is_paused = and_(until.is_not(None), lasts)
    return or_(readers.is_absent(now), is_paused)


def json_texts(session: AsyncSession, column: Any) -> Any:
    """Return a JSON list's texts as rows with a column `value`, on either database."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    expand = func.json_array_elements_text if is_postgresql else func.json_each
    return expand(column).table_valued("value")


def same_person() -> Any:
    """Return the condition that joins employees with their profiles."""
    return (Employee.workspace_id == MentoringProfile.workspace_id) & (
        Employee.id == MentoringProfile.employee_id
    )


async def are_kept_apart(session: AsyncSession, workspace_id: str, a: str, b: str) -> bool:
    """Return True if one of two people asked never to be paired with the other.

    That is confidential: a refusal because of it must read like any other refusal.
    """
    profiles = await session.scalars(
        select(MentoringProfile).where(
            MentoringProfile.workspace_id == workspace_id,
            MentoringProfile.employee_id.in_((a, b)),
        )
    )
    return any({a, b} & set(profile.never_with) for profile in profiles)


def same_offer() -> Any:
    """Return the condition that joins the topics by which people are found with their profiles."""
    return (MentoringOffer.workspace_id == MentoringProfile.workspace_id) & (
        MentoringOffer.employee_id == MentoringProfile.employee_id
    )
