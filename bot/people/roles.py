"""Roles beyond being an employee, read from the table on every request."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, NotAllowedError
from bot.people import audit
from models import AuditEntry, Employee, RoleGrant, Workspace
from models.database import KEY_SHARE, insert_into


class Role(StrEnum):
    """What somebody may do: an analyst sees figures; an admin reads comments, too, and runs it."""

    ADMIN = "admin"
    ANALYST = "analyst"


ALLOWS = {Role.ADMIN: {Role.ADMIN}, Role.ANALYST: {Role.ADMIN, Role.ANALYST}}
"""Which roles suffice where a role is asked for."""

REFUSALS = {
    Role.ADMIN: "Only HR admins can do this. `/pulse admins` shows who they are; ask one of them.",
    Role.ANALYST: "Only HR can see figures. `/pulse admins` shows who to ask.",
}

NOT_APPOINTING: Final = (
    "Only HR admins and the workspace's owner can choose who is HR. `/pulse admins` shows who they "
    "are; ask one of them."
)

GRANTED: Final = "roles.granted"
ADMINS_FIELD: Final = "people:admins"
ANALYSTS_FIELD: Final = "people:analysts"
FIELDS: Final = {Role.ADMIN: ADMINS_FIELD, Role.ANALYST: ANALYSTS_FIELD}
"""The form's fields, at which an error is shown."""

LAST_ADMIN: Final = "Somebody has to be an HR admin. Please choose at least one person."
NOT_EMPLOYEES: Final = (
    "Only active members of this workspace can be chosen: no guests, apps or people from "
    "elsewhere. Please take the others out."
)

_SAME_PERSON = and_(
    Employee.workspace_id == RoleGrant.workspace_id, Employee.id == RoleGrant.employee_id
)


@dataclass(frozen=True)
class HrTeam:
    """Who holds which role; only people who are employees now, in the order of their ids."""

    admins: tuple[str, ...]
    analysts: tuple[str, ...]
    owner: str | None = None
    """The workspace's primary owner in Slack, as far as the directory was read."""
    managers_see_team: bool = False
    """Whether managers may see the published figures of their own team."""


async def holds(session: AsyncSession, actor: Actor, role: Role) -> bool:
    """Tell whether somebody holds `role` or one that includes it.

    Somebody who is no employee any more, such as an admin who became a guest, holds none.
    """
    granted = await session.scalars(
        select(RoleGrant.role)
        .join(Employee, _SAME_PERSON)
        .where(
            RoleGrant.workspace_id == actor.workspace_id,
            RoleGrant.employee_id == actor.user_id,
            Employee.active.is_(True),
        )
    )
    return bool(ALLOWS[role] & {Role(name) for name in granted})


async def is_employee(session: AsyncSession, actor: Actor) -> bool:
    """Tell whether the directory has somebody as an employee of the workspace."""
    person = await session.get(Employee, (actor.workspace_id, actor.user_id))
    return person is not None and person.active


async def require(
    session: AsyncSession, actor: Actor, role: Role, *, action: str, refusal: str | None = None
) -> None:
    """Return when the actor may do `action`; raise NotAllowedError otherwise, with `refusal`.

    The error handler writes the refusal to the audit table, in a transaction of its own.
    """
    if not await holds(session, actor, role):
        raise NotAllowedError(refusal or REFUSALS[role], action=action)


async def may_appoint(session: AsyncSession, actor: Actor) -> bool:
    """Tell whether somebody may choose who is HR: HR admins, and always the workspace's owner.

    The owner holds no other right by that, and sees no figures before they are made HR.
    """
    if await holds(session, actor, Role.ADMIN):
        return True
    workspace = await session.get_one(Workspace, actor.workspace_id)
    return workspace.owner_id == actor.user_id


async def require_appointing(session: AsyncSession, actor: Actor) -> None:
    """Return when the actor may choose who is HR; raise NotAllowedError otherwise."""
    if not await may_appoint(session, actor):
        raise NotAllowedError(NOT_APPOINTING, action="roles.change")


async def hr_team(session: AsyncSession, workspace_id: str) -> HrTeam:
    """Return who HR is in a workspace."""
    grants = await session.execute(
        select(RoleGrant.role, RoleGrant.employee_id)
        .join(Employee, _SAME_PERSON)
        .where(RoleGrant.workspace_id == workspace_id, Employee.active.is_(True))
        .order_by(RoleGrant.employee_id)
    )
    held = grants.all()
    workspace = await session.get_one(Workspace, workspace_id)
    return HrTeam(
        tuple(person for role, person in held if role == Role.ADMIN),
        tuple(person for role, person in held if role == Role.ANALYST),
        workspace.owner_id,
        workspace.managers_see_team,
    )


async def change_hr_team(
    session: AsyncSession,
    actor: Actor,
    admins: Collection[str],
    analysts: Collection[str],
    now: datetime,
    *,
    managers_see_team: bool | None = None,
) -> HrTeam:
    """Make exactly these people HR admins and analysts; each change is written down.

    `managers_see_team` turns the managers' view on or off, None leaves it as it is. Raises
    NotAllowedError for all but HR admins and the owner, who cannot turn that switch; FieldErrors
    when no admin would be left, or somebody chosen is no employee.
    """
    await require_appointing(session, actor)
    if managers_see_team is not None:
        await _let_managers_see(session, actor, managers_see_team, now)
    chosen = {Role.ADMIN: set(admins), Role.ANALYST: set(analysts)}
    await _check_chosen(session, actor.workspace_id, chosen)
    grants = await session.scalars(
        select(RoleGrant).where(RoleGrant.workspace_id == actor.workspace_id).with_for_update()
    )
    for held in grants:
        if held.employee_id not in chosen[Role(held.role)]:
            await revoke(session, actor, held.employee_id, Role(held.role), now)
    for role, people in chosen.items():
        for person in sorted(people):
            await grant(session, actor, person, role, now)
    return await hr_team(session, actor.workspace_id)


async def _let_managers_see(
    session: AsyncSession, actor: Actor, allowed: bool, now: datetime
) -> None:
    workspace = await session.get_one(Workspace, actor.workspace_id, with_for_update=KEY_SHARE)
    if workspace.managers_see_team == allowed:
        return
    await require(session, actor, Role.ADMIN, action="managers.allow")
    workspace.managers_see_team = allowed
    action = "managers.allowed" if allowed else "managers.disallowed"
    audit.record(session, actor, action, now=now)


async def grant(
    session: AsyncSession, by: Actor | audit.Attune, employee_id: str, role: Role, now: datetime
) -> None:
    """Give somebody a role and write it down; nothing happens when they hold it already."""
    added = await session.scalar(
        insert_into(session, RoleGrant)
        .values(
            workspace_id=by.workspace_id,
            employee_id=employee_id,
            role=role.value,
            granted_by=by.user_id if isinstance(by, Actor) else None,
            granted_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RoleGrant.employee_id)
    )
    if added:
        detail = {"role": role.value}
        audit.record(session, by, GRANTED, subject=employee_id, detail=detail, now=now)


async def revoke(
    session: AsyncSession, by: Actor, employee_id: str, role: Role, now: datetime
) -> None:
    """Take a role from somebody and write it down."""
    await session.execute(
        delete(RoleGrant).where(
            RoleGrant.workspace_id == by.workspace_id,
            RoleGrant.employee_id == employee_id,
            RoleGrant.role == role.value,
        )
    )
    detail = {"role": role.value}
    audit.record(session, by, "roles.revoked", subject=employee_id, detail=detail, now=now)


async def has_admin(session: AsyncSession, workspace_id: str) -> bool:
    """Tell whether somebody of the directory, still here or not, holds the role of HR admin."""
    grants = (
        select(RoleGrant.employee_id)
        .join(Employee, _SAME_PERSON)
        .where(RoleGrant.workspace_id == workspace_id, RoleGrant.role == Role.ADMIN.value)
    )
    return await session.scalar(grants.limit(1)) is not None


async def had_admin(session: AsyncSession, workspace_id: str) -> bool:
    """Tell whether anybody of the directory was ever made an HR admin; the audit table knows."""
    granted = (
        select(AuditEntry.id)
        .join(
            Employee,
            and_(
                Employee.workspace_id == AuditEntry.workspace_id,
                Employee.id == AuditEntry.subject,
            ),
        )
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.action == GRANTED,
            AuditEntry.detail["role"].as_string() == Role.ADMIN.value,
        )
    )
    return await session.scalar(granted.limit(1)) is not None


async def _check_chosen(
    session: AsyncSession, workspace_id: str, chosen: dict[Role, set[str]]
) -> None:
    if not chosen[Role.ADMIN]:
        raise FieldErrors({ADMINS_FIELD: LAST_ADMIN})
    everybody = chosen[Role.ADMIN] | chosen[Role.ANALYST]
    employees = set(
        await session.scalars(
            select(Employee.id).where(
                Employee.workspace_id == workspace_id,
                Employee.active.is_(True),
                Employee.id.in_(everybody),
            )
        )
    )
    wrong = {FIELDS[role]: NOT_EMPLOYEES for role, people in chosen.items() if people - employees}
    if wrong:
        raise FieldErrors(wrong)
