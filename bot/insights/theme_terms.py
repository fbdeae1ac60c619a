"""Words and phrases that HR adds to themes; they count from the next published wave on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.insights.pure.words.themes import Term
from bot.languages import _, marked
from bot.people import audit
from models import ThemeTerm

MOST_TERMS: Final = 300
TOO_MANY: Final = marked("There are already {most} words of your own. Please remove one first.")


async def terms_of(session: AsyncSession, workspace_id: str) -> Sequence[Term]:
    """Return the workspace's own terms, by theme."""
    rows = await session.execute(
        select(ThemeTerm.theme, ThemeTerm.text)
        .where(ThemeTerm.workspace_id == workspace_id)
        .order_by(ThemeTerm.theme, ThemeTerm.text)
    )
    return [Term(theme, text) for theme, text in rows]


async def add_term(session: AsyncSession, actor: Actor, term: Term, now: datetime) -> None:
    """Add a term, or move it to another theme; raise UserError if there are too many."""
    of_workspace = ThemeTerm.workspace_id == actor.workspace_id
    count = await session.scalar(select(func.count()).select_from(ThemeTerm).where(of_workspace))
    if (count or 0) >= MOST_TERMS:
        raise UserError(_(TOO_MANY).format(most=MOST_TERMS))
    await session.merge(
        ThemeTerm(workspace_id=actor.workspace_id, text=term.text, theme=term.theme)
    )
    audit.record(session, actor, "theme_term.added", subject=term.theme, now=now)


async def remove_term(session: AsyncSession, actor: Actor, text: str, now: datetime) -> None:
    """Remove a term, if there is one with this text."""
    await session.execute(
        delete(ThemeTerm).where(
            ThemeTerm.workspace_id == actor.workspace_id, ThemeTerm.text == text
        )
    )
    audit.record(session, actor, "theme_term.removed", now=now)
