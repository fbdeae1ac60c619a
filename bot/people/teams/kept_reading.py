"""Teams that were read from Slack, kept between HR's preview and its import.

What HR confirms is what it saw: nothing is read again, whichever process answers. A reading is gone
once any import is stored, Slack is read again, or a day has passed.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import TeamReading, Workspace
from models.database import KEY_SHARE, new_key, table_of

KEPT: Final = timedelta(days=1)
ROWS_AT_ONCE: Final = 1_000
_readings = table_of(TeamReading)


async def keep(
    session: AsyncSession, workspace_id: str, teams: Mapping[str, str], now: datetime
) -> str:
    """Keep the team of each person, by id, instead of the last reading; return the reading's id."""
    # Of two readings at the same time, the later one waits here and then replaces the other.
    await session.get_one(Workspace, workspace_id, with_for_update=KEY_SHARE)
    await forget(session, workspace_id)
    reading = new_key()
    rows = [
        {
            "workspace_id": workspace_id,
            "employee_id": person,
            "reading": reading,
            "team": team,
            "read_at": now,
        }
        for person, team in teams.items()
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        await session.execute(insert(_readings), rows[start : start + ROWS_AT_ONCE])
        await asyncio.sleep(0)  # other requests go on between the parts
    return reading


async def find(session: AsyncSession, workspace_id: str, reading: str) -> dict[str, str]:
    """Return the team of each person, by id; empty if the reading is gone."""
    rows = await session.execute(
        select(TeamReading.employee_id, TeamReading.team).where(
            TeamReading.workspace_id == workspace_id, TeamReading.reading == reading
        )
    )
    return {row.employee_id: row.team for row in rows}


async def forget(session: AsyncSession, workspace_id: str) -> None:
    """Delete what was read of a workspace."""
    await session.execute(delete(TeamReading).where(TeamReading.workspace_id == workspace_id))


async def drop_old(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete a reading that nobody imported within a day; return how many people it had."""
    old = delete(TeamReading).where(
        TeamReading.workspace_id == workspace_id, TeamReading.read_at <= now - KEPT
    )
    return len((await session.execute(old.returning(TeamReading.employee_id))).all())
