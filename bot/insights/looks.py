"""Looking at published figures: HR may, and each look is written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights.tallies import MonthResults, Subject, month_results
from bot.people import audit, roles
from bot.people.roles import Role

VIEW_FIGURES: Final = "figures.view"


async def look_at_figures(session: AsyncSession, actor: Actor, subject: str, now: datetime) -> None:
    """Record a look, such as at a wave's figures; raise NotAllowedError for all but HR."""
    await require_hr(session, actor)
    audit.record(session, actor, "figures.viewed", subject=subject, now=now)


async def look_at_month(
    session: AsyncSession, actor: Actor, subjects: Sequence[Subject], now: datetime
) -> list[list[MonthResults]]:
    """Return the latest month of each subject, as `month_results` does, and record one look.

    Raises NotAllowedError unless the actor is of HR.
    """
    await look_at_figures(session, actor, subjects[0].name, now)
    return [await month_results(session, actor.workspace_id, each.name) for each in subjects]


async def require_hr(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError unless the actor may see figures."""
    await roles.require(session, actor, Role.ANALYST, action=VIEW_FIGURES)
