"""Roles of HR, read from the table on every request."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, NotAllowedError
from bot.languages import _, marked
from bot.people import audit
from models import AuditEntry, Employee, RoleGrant, Workspace
from models.database import KEY_SHARE, insert_into


class Role(StrEnum):
    """An analyst sees figures. An admin also reads comments and runs surveys."""

    ADMIN = "admin"
    ANALYST = "analyst"


ALLOWS = {Role.ADMIN: {Role.ADMIN}, Role.ANALYST: {Role.ADMIN, Role.ANALYST}}
"""By required role: the roles that suffice."""

REFUSALS = {
    Role.ADMIN: marked(
        "Only HR admins can do this. `/pulse admins` shows who they are; ask one of them."
    ),
    Role.ANALYST: marked("Only HR can see figures. `/pulse admins` shows who to ask."),
}

NOT_APPOINTING: Final = marked(
    "Only HR admins and the workspace's owner can choose who is HR. `/pulse admins` shows who they "
    "are; ask one of them."
)

GRANTED: Final = "roles.granted"
ADMINS_FIELD: Final = "people:admins"
ANALYSTS_FIELD: Final = "people:analysts"
FIELDS: Final = {Role.ADMIN: ADMINS_FIELD, Role.ANALYST: ANALYSTS_FIELD}
"""The form's fields; errors are shown at them."""

LAST_ADMIN: Final = marked("Somebody has to be an HR admin. Please choose at least one person.")
NOT_EMPLOYEES: Final = marked(
    "Only active members of this workspace can be chosen: no guests, apps or people from "
    "elsewhere. Please take the others out."
)

_SAME_PERSON = and_(
    Employee.workspace_id == RoleGrant.workspace_id, Employee.id == RoleGrant.employee_id
)


@dataclass(frozen=True)
class HrTeam:
    """Present employees by role, in the order of their ids."""

    admins: tuple[str, ...]
    analysts: tuple[str, ...]
    owner: str | None = None
    """The workspace's primary owner in Slack, if the directory has been read."""
    managers_see_team: bool = False
    """True if managers may see the published figures of their own team."""


async def holds(session: AsyncSession, actor: Actor, role: Role) -> bool:
    """Return True if somebody holds `role` or one that includes it.

    Former employees, such as an admin who became a guest, hold no role.
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
    """Return True if somebody is an employee of the workspace."""
    person = await session.get(Employee, (actor.workspace_id, actor.user_id))
    return person is not None and person.active


async def require(
    session: AsyncSession, actor: Actor, role: Role, *, action: str, refusal: str | None = None
) -> None:
    """Raise NotAllowedError with `refusal` unless the actor may do `action`.

    The error handler writes the refusal to the audit table, in a transaction of its own.
    """
    if not await holds(session, actor, role):
        raise NotAllowedError(refusal or _(REFUSALS[role]), action=action)


async def may_appoint(session: AsyncSession, actor: Actor) -> bool:
    """Return True for people who may appoint HR: HR admins and the workspace's owner.

    The owner gets no other right from this, and sees no figures without a role.
    """
    if await holds(session, actor, Role.ADMIN):
        return True
    workspace = await session.get_one(Workspace, actor.workspace_id)
    return workspace.owner_id == actor.user_id


async def require_appointing(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError unless the actor may appoint HR."""
    if not await may_appoint(session, actor):
        raise NotAllowedError(_(NOT_APPOINTING), action="roles.change")


async def hr_team(session: AsyncSession, workspace_id: str) -> HrTeam:
    """Return the members of a workspace's HR."""
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
    """Make exactly these people HR admins and analysts, and record each change.

    `managers_see_team` turns the managers' view on or off; None leaves it. Only HR admins may
    change it. Raises NotAllowedError for everybody but HR admins and the owner, and FieldErrors if
    no admin would be left or a chosen person is not an employee.
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
    """Give somebody a role and record it; do nothing if they hold it already."""
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
    """Take a role from somebody and record it."""
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
    """Return True if anybody in the directory, present or former, is an HR admin."""
    grants = (
        select(RoleGrant.employee_id)
        .join(Employee, _SAME_PERSON)
        .where(RoleGrant.workspace_id == workspace_id, RoleGrant.role == Role.ADMIN.value)
    )
    return await session.scalar(grants.limit(1)) is not None


async def had_admin(session: AsyncSession, workspace_id: str) -> bool:
    """Return True if anybody in the directory was ever made an HR admin, by the audit table."""
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
        raise FieldErrors({ADMINS_FIELD: _(LAST_ADMIN)})
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
    wrong = {
        FIELDS[role]: _(NOT_EMPLOYEES) for role, people in chosen.items() if people - employees
    }
    if wrong:
        raise FieldErrors(wrong)
