"""What people write to HR becomes an item, if HR takes it up, or belongs to one.

Only the conversation knows its item; nothing in the item leads back. None of its text goes into the
item: HR writes the sentence that people read. What comes of the item is told in the conversation.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.languages import _, marked
from bot.products.access import GONE, require_admin
from bot.products.decisions.telling import words_for_author
from bot.products.items.pure.states import TOLD
from bot.products.items.service import Written, write
from bot.voice.inbox import tell_authors, thread_to_link
from models import ProductItem

MOST_OFFERED: Final = 99
TAKEN_UP_MEANWHILE: Final = marked(
    "Somebody took this conversation up while you had it open, so nothing of yours was stored. "
    "`/voice inbox` shows as what."
)


@dataclass(frozen=True)
class Links:
    """The items that a conversation can belong to."""

    thread_id: str
    item_id: str | None
    """The one that it belongs to now."""
    items: tuple[tuple[str, str], ...]
    """(id, problem) of items for everybody: those that wait first, then the latest."""


async def refuse_taken_up(session: AsyncSession, actor: Actor, thread_id: str) -> None:
    """Raise UserError if the conversation is gone, or led to an item already."""
    if (await thread_to_link(session, actor, thread_id)).item_id is not None:
        raise UserError(_(TAKEN_UP_MEANWHILE))


async def make_item(
    session: AsyncSession, actor: Actor, thread_id: str, written: Written, now: datetime
) -> str:
    """Make an item for everybody of a conversation, in HR's words; return its id.

    Raises UserError if somebody was quicker, FieldErrors for the form's fields.
    """
    await require_admin(session, actor)
    thread = await thread_to_link(session, actor, thread_id)
    if thread.item_id is not None:
        raise UserError(_(TAKEN_UP_MEANWHILE))
    thread.item_id = await write(session, actor, written, now, from_people=True)
    await session.flush()
    return thread.item_id


async def links_of(session: AsyncSession, actor: Actor, thread_id: str) -> Links:
    """Return what a conversation can belong to. A group's item is not for every author to read."""
    thread = await thread_to_link(session, actor, thread_id)
    rows = await session.execute(
        select(ProductItem.id, ProductItem.problem)
        .where(ProductItem.workspace_id == actor.workspace_id, ProductItem.for_everybody.is_(True))
        .order_by(ProductItem.decide_by.is_(None), ProductItem.waiting_since.desc(), ProductItem.id)
        .limit(MOST_OFFERED)
    )
    items = tuple((item_id, problem) for item_id, problem in rows)
    return Links(thread_id, thread.item_id, items)


async def link(
    session: AsyncSession, actor: Actor, thread_id: str, item_id: str | None, now: datetime
) -> None:
    """Let a conversation belong to an item for everybody, or to none.

    If the item is decided, its author reads that at once. Raises UserError if either is gone.
    """
    await require_admin(session, actor)
    thread = await thread_to_link(session, actor, thread_id)
    if thread.item_id == item_id:
        return
    item = await session.get(ProductItem, (actor.workspace_id, item_id)) if item_id else None
    if item_id and (item is None or not item.for_everybody):
        raise UserError(_(GONE))
    thread.item_id = item_id
    await session.flush()
    # What is not told yet is told to all of them by a job.
    if item and item.state in TOLD and item.told_at:
        text = await words_for_author(session, item)
        await tell_authors(session, actor.workspace_id, item.id, text, now, thread_id)
