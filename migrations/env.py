"""Alembic's entry: migrates the database that DATABASE_URL names."""

import asyncio
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from models import Base
from models.database import DatabaseSettings, UtcDateTime, make_engine


def _render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our types as SQLAlchemy's own: a migration never imports models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=_render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_migrate() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or DatabaseSettings().database_url
    engine = make_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_connect_and_migrate())
