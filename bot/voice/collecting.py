"""Collects at night what was written to HR during the day, as a letter box is emptied.

Otherwise HR could see when somebody wrote, by looking again and again, and so could whoever holds
the database: PostgreSQL keeps with each row which transaction wrote it, beside others of known
times, and where. So a night that collects anything deletes all conversations since the week before
the first of it, and writes them again in one transaction, in the order of their random ids.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import enqueue
from bot.people.roles import hr_team
from bot.pulse.bulk_insert import insert_all
from bot.voice.service import Status, locked_workspace
from models import Delivery, VoiceMessage, VoiceThread, Workspace
from models.database import table_of

VOICE_INBOX: Final = "voice_inbox"
TABLES: Final = (VoiceThread.__tablename__, VoiceMessage.__tablename__)
UNSENT: Final = ("waiting", "due")


async def workspaces_to_collect(session: AsyncSession, now: datetime) -> list[str]:
    """Return workspaces in which something waits to be collected."""
    due = select(VoiceMessage.workspace_id).where(VoiceMessage.collect_at <= now)
    return list(await session.scalars(select(Workspace.id).where(Workspace.id.in_(due))))


async def collect(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Let HR read what was written until last midnight; return how many messages.

    HR's admins are told, unless they have not read the last such message yet.
    """
    await locked_workspace(session, workspace_id)
    first = await _first_week(session, workspace_id, now)
    if first is None:
        return 0
    written = select(VoiceMessage.thread_id).where(
        VoiceMessage.workspace_id == workspace_id, VoiceMessage.week >= first - timedelta(weeks=1)
    )
    of_written = VoiceThread.workspace_id == workspace_id, VoiceThread.id.in_(written)
    threads = await _rows(session, VoiceThread, *of_written)
    messages = await _rows(
        session,
        VoiceMessage,
        VoiceMessage.workspace_id == workspace_id,
        VoiceMessage.thread_id.in_(written),
    )
    due = [each["thread_id"] for each in messages if _is_due(each, now)]
    # The messages go with their threads.
    await session.execute(
        delete(VoiceThread).where(*of_written).execution_options(synchronize_session=False)
    )
    await insert_all(session, VoiceThread, _opened(threads, frozenset(due)))
    await insert_all(session, VoiceMessage, _in_new_order(messages, now))
    session.expire_all()
    await _tell_hr(session, workspace_id, now)
    return len(due)


async def _first_week(session: AsyncSession, workspace_id: str, now: datetime) -> date | None:
    """Return the earliest week of what is due, if anything is; no night may have run for weeks."""
    first: date | None = await session.scalar(
        select(func.min(VoiceMessage.week)).where(
            VoiceMessage.workspace_id == workspace_id, VoiceMessage.collect_at <= now
        )
    )
    return first


async def _rows(
    session: AsyncSession, model: type[VoiceThread | VoiceMessage], *conditions: Any
) -> list[dict[str, Any]]:
    found = await session.execute(select(*table_of(model).columns).where(*conditions))
    return [dict(row) for row in found.mappings()]


def _is_due(message: dict[str, Any], now: datetime) -> bool:
    return message["collect_at"] is not None and message["collect_at"] <= now


def _opened(threads: Iterable[dict[str, Any]], due: Collection[str]) -> list[dict[str, Any]]:
    """Return threads by id, those that are `due` as they stand once HR can read them."""
    opened = []
    for thread in sorted(threads, key=itemgetter("id")):
        is_new = thread["status"] in (Status.UNCOLLECTED, Status.NEW)
        status = (Status.NEW if is_new else Status.WAITING).value
        opened.append({**thread, "status": status} if thread["id"] in due else thread)
    return opened


def _in_new_order(messages: Iterable[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Return all messages of the threads, numbered anew: what is collected now comes last."""

    def place(message: dict[str, Any]) -> tuple[str, bool, int]:
        return message["thread_id"], message["collect_at"] is not None, message["number"]

    numbered = []
    ordered = sorted(messages, key=place)
    for _, of_thread in groupby(ordered, key=itemgetter("thread_id")):
        for number, message in enumerate(of_thread, start=1):
            collect_at = None if _is_due(message, now) else message["collect_at"]
            numbered.append({**message, "number": number, "collect_at": collect_at})
    return numbered


async def _tell_hr(session: AsyncSession, workspace_id: str, now: datetime) -> None:
    team = await hr_team(session, workspace_id)
    for admin in team.admins:
        waits = exists().where(
            Delivery.workspace_id == workspace_id,
            Delivery.recipient == admin,
            Delivery.kind == VOICE_INBOX,
            Delivery.status.in_(UNSENT),
        )
        if not await session.scalar(select(waits)):
            key = f"{VOICE_INBOX}:{now.date().isoformat()}:{admin}"
            await enqueue(session, workspace_id, key, VOICE_INBOX, admin, now)
