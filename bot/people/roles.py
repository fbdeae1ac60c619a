"""Roles beyond being an employee, read from the table on every request."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAllowedError
from bot.slack.actor import Actor
from models import RoleGrant


class Role(StrEnum):
    """What somebody may do: an admin runs surveys and roles, an analyst sees figures."""

    ADMIN = "admin"
    ANALYST = "analyst"


ALLOWS = {Role.ADMIN: {Role.ADMIN}, Role.ANALYST: {Role.ADMIN, Role.ANALYST}}
"""Which roles suffice where a role is asked for."""

REFUSALS = {
    Role.ADMIN: "Only HR admins can do this. `/pulse admins` shows who they are; ask one of them.",
    Role.ANALYST: "Only HR can see figures. `/pulse admins` shows who to ask.",
}


async def holds(session: AsyncSession, actor: Actor, role: Role) -> bool:
    """Tell whether somebody holds `role` or one that includes it."""
    granted = await session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.workspace_id == actor.workspace_id, RoleGrant.employee_id == actor.user_id
        )
    )
    return bool(ALLOWS[role] & {Role(name) for name in granted})


async def require(session: AsyncSession, actor: Actor, role: Role, *, action: str) -> None:
    """Return when the actor may do `action`; raise NotAllowedError otherwise.

    The error handler writes the refusal to the audit table, in a transaction of its own.
    """
    if not await holds(session, actor, role):
        raise NotAllowedError(REFUSALS[role], action=action)
