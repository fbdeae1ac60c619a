"""What Attune keeps no longer: old comments, messages and drafts, leavers, whole workspaces."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.erasing import drop_comments
from bot.people import audit
from bot.people.audit import Attune
from bot.pulse.own import invited_to
from bot.rights.service import erase_again, erase_leaver
from bot.surveys.drafts import drop_old_drafts
from models import Delivery, Employee, Workspace

LEAVERS_KEPT: Final = timedelta(days=30)
MESSAGES_KEPT: Final = timedelta(days=90)
WORKSPACE_KEPT: Final = timedelta(days=30)
"""After Attune was uninstalled; coming back in that time finds everything as it was."""
LEAVERS_AT_ONCE: Final = 200


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment so many months earlier; the last of a month that has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


async def all_workspaces(session: AsyncSession) -> list[str]:
    """Return the ids of all workspaces, uninstalled ones among them."""
    return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))


async def uninstalled_workspaces(session: AsyncSession, now: datetime) -> list[str]:
    """Return the workspaces that were uninstalled so long ago that their data goes."""
    gone = select(Workspace.id).where(Workspace.uninstalled_at <= now - WORKSPACE_KEPT)
    return list(await session.scalars(gone.order_by(Workspace.id)))


async def erase_workspace(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete a workspace with all that it has; 0 when it came back meanwhile."""
    workspace = await session.get(
        Workspace, workspace_id, with_for_update=True, populate_existing=True
    )
    if workspace is None or workspace.uninstalled_at is None:
        return 0
    if workspace.uninstalled_at > now - WORKSPACE_KEPT:
        return 0
    await session.execute(delete(Workspace).where(Workspace.id == workspace_id))
    return 1


async def keep_no_longer(
    session: AsyncSession, workspace_id: str, comment_months: int, now: datetime
) -> int:
    """Erase what has been kept long enough in a workspace; return how much it was."""
    comments = await drop_comments(session, workspace_id, months_before(now, comment_months))
    messages = await _drop_messages(session, workspace_id, now)
    drafts = await drop_old_drafts(session, workspace_id, now)
    people = await _erase_leavers(session, workspace_id, now)
    return comments + messages + drafts + people + await _erase_again(session, workspace_id)


async def _drop_messages(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    result = await session.execute(
        delete(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.status.in_(("sent", "dropped", "settled", "failed")),
            Delivery.due_at <= now - MESSAGES_KEPT,
        )
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


async def _erase_again(session: AsyncSession, workspace_id: str) -> int:
    """Erase what could not go when somebody was forgotten: a wave was opening or closing then."""
    found = await session.scalars(
        select(Employee.id).where(
            Employee.workspace_id == workspace_id,
            Employee.do_not_contact.is_(True),
            invited_to("open", "published"),
        )
    )
    forgotten = found.all()
    for person_id in forgotten:
        await erase_again(session, workspace_id, person_id)
    return len(forgotten)


async def _erase_leavers(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    leavers = await session.scalars(
        select(Employee.id)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.active.is_(False),
            Employee.do_not_contact.is_(False),
            Employee.left_at <= now - LEAVERS_KEPT,
            ~invited_to("sealed"),
        )
        .order_by(Employee.id)
        .limit(LEAVERS_AT_ONCE)
    )
    erased = leavers.all()
    for person_id in erased:
        await erase_leaver(session, workspace_id, person_id)
    if erased:
        detail = {"people": len(erased)}
        audit.record(session, Attune(workspace_id), "leavers.erased", detail=detail, now=now)
    return len(erased)
