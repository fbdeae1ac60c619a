"""Retention: deletes old comments, messages, invitations, drafts, leavers and workspaces.

Each function does a bounded amount of work, short enough for one transaction.
"""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.readers import MEMORY
from bot.blockers import personal_data as blockers
from bot.insights.erase import drop_comments
from bot.journeys.welcome.preparing import drop_welcomes
from bot.knowledge import personal_data as knowledge
from bot.people import audit
from bot.people.audit import Attune
from bot.people.teams import kept_reading
from bot.pulse.company.choosing import HISTORY
from bot.pulse.personal_data import invited_to
from bot.pulse.pools import drop_pools
from bot.rights.service import erase_leaver
from bot.surveys.drafts import drop_old_drafts
from bot.voice.collecting import TABLES as LETTERS
from bot.voice.personal_data import KEPT_MONTHS, drop_conversations
from models import (
    Delivery,
    Employee,
    Interruption,
    Invitation,
    LearningSlot,
    QuestionAsked,
    Wave,
    Workspace,
)

REWRITTEN: Final = ("pools", "support_rounds", "supports", *LETTERS)
"""Small tables that are rewritten, so that neither a key stays that retention deleted, nor a letter
to HR that its author withdrew, nor when one was written, if a process died before it saw to it, nor
who supported what is decided."""
LEAVERS_KEPT: Final = timedelta(days=30)
MESSAGES_KEPT: Final = timedelta(days=90)
WORKSPACE_KEPT: Final = timedelta(days=30)
"""After Attune was uninstalled. Reinstalling within this time finds all data in place."""
INVITATIONS_KEPT: Final = timedelta(days=90)
"""After their wave was sealed. Until then, new audiences are compared with them."""
BLOCKERS_KEPT_MONTHS: Final = 12
"""After they were opened."""
LEARNING_KEPT: Final = timedelta(days=365)
"""After a booked slot was over, with what its person noted of it."""
PEOPLE_AT_ONCE: Final = 200
ROWS_AT_ONCE: Final = 2_000
"""Messages or invitations per transaction: about 20 ms."""


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment `months` months earlier, at the latest on that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


async def all_workspaces(session: AsyncSession) -> list[str]:
    """Return the ids of all workspaces, including uninstalled ones."""
    return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))


async def uninstalled_workspaces(session: AsyncSession, now: datetime) -> list[str]:
    """Return the ids of workspaces uninstalled longer than WORKSPACE_KEPT ago."""
    gone = select(Workspace.id).where(Workspace.uninstalled_at <= now - WORKSPACE_KEPT)
    return list(await session.scalars(gone.order_by(Workspace.id)))


async def erase_workspace(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete a workspace with all its data; return 0 if it was reinstalled meanwhile."""
    workspace = await session.get(
        Workspace, workspace_id, with_for_update=True, populate_existing=True
    )
    if workspace is None or workspace.uninstalled_at is None:
        return 0
    if workspace.uninstalled_at > now - WORKSPACE_KEPT:
        return 0
    await session.execute(delete(Workspace).where(Workspace.id == workspace_id))
    return 1


async def drop_old(
    session: AsyncSession, workspace_id: str, comment_months: int, now: datetime
) -> int:
    """Delete what is past its retention, table by table; return how many rows."""
    conversations_since = months_before(now, KEPT_MONTHS).date() - timedelta(days=6)
    return (
        await drop_comments(session, workspace_id, months_before(now, comment_months))
        + await drop_conversations(session, workspace_id, conversations_since)
        + await blockers.drop_old(session, workspace_id, months_before(now, BLOCKERS_KEPT_MONTHS))
        + await knowledge.drop_old(session, workspace_id, now)
        + await drop_old_drafts(session, workspace_id, now)
        + await drop_welcomes(session, workspace_id, now)
        + await drop_pools(session, workspace_id, now)
        + await kept_reading.drop_old(session, workspace_id, now)
    )


async def drop_messages(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete up to ROWS_AT_ONCE messages that are past their retention; return how many."""
    old = (
        select(Delivery.id)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.status.in_(("sent", "dropped", "settled", "failed")),
            Delivery.due_at <= now - MESSAGES_KEPT,
        )
        .limit(ROWS_AT_ONCE)
    )
    return await _delete(
        session, delete(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.id.in_(old))
    )


async def drop_interruptions(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete the days with a message that no budget counts any more; return how many."""
    old = delete(Interruption).where(
        Interruption.workspace_id == workspace_id, Interruption.day < (now - MEMORY).date()
    )
    return await _delete(session, old)


async def drop_learning(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete up to ROWS_AT_ONCE booked slots that are past their retention; return how many."""
    old = (
        select(LearningSlot.id)
        .where(
            LearningSlot.workspace_id == workspace_id, LearningSlot.ends_at <= now - LEARNING_KEPT
        )
        .limit(ROWS_AT_ONCE)
    )
    return await _delete(
        session,
        delete(LearningSlot).where(
            LearningSlot.workspace_id == workspace_id, LearningSlot.id.in_(old)
        ),
    )


async def drop_invitations(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete up to ROWS_AT_ONCE invitations that are past their retention; return how many.

    Those of a wave that is not published yet stay: its figures count them.
    """
    old = (
        select(Invitation.wave_id, Invitation.employee_id)
        .join(
            Wave, (Wave.workspace_id == Invitation.workspace_id) & (Wave.id == Invitation.wave_id)
        )
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            Wave.sealed_at <= now - INVITATIONS_KEPT,
        )
        .limit(ROWS_AT_ONCE)
    )
    key = tuple_(Invitation.wave_id, Invitation.employee_id)
    return await _delete(
        session,
        delete(Invitation).where(Invitation.workspace_id == workspace_id, key.in_(old)),
    )


async def drop_questions(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete what the company pulse asked too long ago to matter; return how many questions."""
    old = delete(QuestionAsked).where(
        QuestionAsked.workspace_id == workspace_id,
        QuestionAsked.held_on < (now - HISTORY).date(),
    )
    return await _delete(session, old)


async def _delete(session: AsyncSession, statement: Delete) -> int:
    result = await session.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))


async def left_over(session: AsyncSession, workspace_id: str) -> list[str]:
    """Return forgotten people who still have invitations.

    A wave was opening or closing while they were erased.
    """
    found = await session.scalars(
        select(Employee.id)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.do_not_contact.is_(True),
            invited_to("open", "published"),
        )
        .order_by(Employee.id)
        .limit(PEOPLE_AT_ONCE)
    )
    return list(found)


async def leavers(session: AsyncSession, workspace_id: str, now: datetime) -> list[str]:
    """Return up to PEOPLE_AT_ONCE people who left longer than LEAVERS_KEPT ago."""
    found = await session.scalars(
        select(Employee.id)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.active.is_(False),
            Employee.do_not_contact.is_(False),
            Employee.left_at <= now - LEAVERS_KEPT,
            ~invited_to("sealed"),
        )
        .order_by(Employee.id)
        .limit(PEOPLE_AT_ONCE)
    )
    return list(found)


async def erase_one_leaver(
    session: AsyncSession, workspace_id: str, person_id: str, now: datetime
) -> None:
    """Erase a person who left. The record says that it was done, not to whom."""
    await erase_leaver(session, workspace_id, person_id)
    audit.record(session, Attune(workspace_id), "leavers.erased", detail={"people": 1}, now=now)
