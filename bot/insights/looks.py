"""Looking at published figures: HR may, and each look is written down."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.people import audit, roles
from bot.people.roles import Role

VIEW_FIGURES: Final = "figures.view"


async def look_at_figures(session: AsyncSession, actor: Actor, wave_id: str, now: datetime) -> None:
    """Record a look at a wave's figures; raise NotAllowedError unless the actor is of HR."""
    await require_hr(session, actor)
    audit.record(session, actor, "figures.viewed", subject=wave_id, now=now)


async def require_hr(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError unless the actor may see figures."""
    await roles.require(session, actor, Role.ANALYST, action=VIEW_FIGURES)
