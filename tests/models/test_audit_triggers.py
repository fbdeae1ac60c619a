"""The database itself keeps the audit table: nobody's code can change or thin it out."""

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.actor import Actor
from bot.people import audit
from models import AuditEntry, Workspace
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company

TAMPERING = (
    "UPDATE audit_entries SET actor_id = 'U0OTHER'",
    "DELETE FROM audit_entries",
    (
        "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE true "
        "ON CONFLICT (workspace_id, id) DO UPDATE SET action = 'nothing'"
    ),
)


async def test_entries_are_only_added_and_go_with_their_workspace(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        is_postgresql = session.get_bind().dialect.name == "postgresql"
        await company(session, {})
        audit.record(session, Actor(WORKSPACE, ADMIN), "figures.viewed", subject="w", now=NOW)

    for statement in (*TAMPERING, *(["TRUNCATE audit_entries"] if is_postgresql else [])):
        with pytest.raises(DBAPIError, match="only ever added"):
            async with sessions.begin() as session:
                await session.execute(text(statement))

    async with sessions.begin() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
        assert (entry.actor_id, entry.action) == (ADMIN, "figures.viewed")
        await session.execute(delete(Workspace).where(Workspace.id == WORKSPACE))
        assert await session.scalar(select(func.count()).select_from(AuditEntry)) == 0
