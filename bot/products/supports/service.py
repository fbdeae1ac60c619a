"""Same for me: everybody can support what waits for a decision, and nobody learns who does.

A press is kept under a code, HMAC of the person's id under a key of the item, so that nobody counts
twice and everybody can take it back. The key and all codes go when HR decides. Only a count is ever
shown (`bot.products.supports.pure.counting`); HR sees no other.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.languages import _, marked
from bot.people.roles import is_employee
from bot.products.decisions.telling import may_read, readers
from bot.products.items.pure.states import UNDECIDED
from bot.products.supports.pure.counting import (
    can_be_shown,
    hidden_behind,
    is_to_be_counted,
    shown_count,
)
from bot.pulse.pure.tokens import respondent_token
from bot.voice.pure.weeks import week_of
from models import Employee, ProductItem, Support, SupportRound, Workspace
from models.database import insert_into

KEPT: Final = timedelta(weeks=26)
"""Who supports something without a decision is forgotten after this time; the count stays."""
KEY_LENGTH: Final = 32
NOT_HERE: Final = marked(
    "There is nothing to support here any more: it is decided, or it is not about you. Your Home "
    "tab shows what came of it."
)


@dataclass(frozen=True)
class Supported:
    """What a person supports, or no longer supports."""

    item_id: str
    problem: str
    k: int
    is_on: bool


async def support(session: AsyncSession, actor: Actor, item_id: str, now: datetime) -> Supported:
    """Store that somebody says "same for me"; a second time changes nothing.

    Raises UserError if the item is gone, decided, or nothing that the person may support.
    """
    item, k = await _to_support(session, actor, item_id, now)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    place = {"workspace_id": actor.workspace_id, "item_id": item_id}
    fresh, week = secrets.token_bytes(KEY_LENGTH), week_of(now, workspace.tz)
    begun = insert_into(session, SupportRound).values(**place, key=fresh, counted_in=week)
    await session.execute(begun.on_conflict_do_nothing())
    found = await session.get_one(
        SupportRound, (actor.workspace_id, item_id), populate_existing=True
    )
    token = respondent_token(found.key, actor.user_id)
    pressed = insert_into(session, Support).values(**place, token=token)
    await session.execute(pressed.on_conflict_do_nothing())
    return Supported(item_id, item.problem, k, is_on=True)


async def take_back(session: AsyncSession, actor: Actor, item_id: str, now: datetime) -> Supported:
    """Delete somebody's support, if there is any; errors as for `support`."""
    item, k = await _to_support(session, actor, item_id, now)
    await _delete(session, actor.workspace_id, actor.user_id, item_id)
    return Supported(item_id, item.problem, k, is_on=False)


async def rounds_to_count(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, item id) of items that may have to be counted this week."""
    # Where the company is, the next day may have begun.
    week = week_of(now + timedelta(days=1), "UTC")
    rows = await session.execute(
        select(SupportRound.workspace_id, SupportRound.item_id).where(
            SupportRound.counted_in < week
        )
    )
    return [(workspace_id, item_id) for workspace_id, item_id in rows]


async def count(session: AsyncSession, workspace_id: str, item_id: str, now: datetime) -> int:
    """Count an item's supporters, once a week; return 1 if it was time to.

    What has waited for KEPT is counted for the last time, and its codes are deleted.
    """
    item = await session.get(
        ProductItem, (workspace_id, item_id), with_for_update=True, populate_existing=True
    )
    found = await session.get(SupportRound, (workspace_id, item_id), populate_existing=True)
    workspace = await session.get_one(Workspace, workspace_id)
    if not item or not found or not is_to_be_counted(found.counted_in, now, workspace.tz):
        return 0
    pressed = await session.scalar(
        select(func.count()).where(Support.workspace_id == workspace_id, Support.item_id == item_id)
    )
    people, k = await readers(session, item, workspace)
    behind = hidden_behind(workspace.figure_secret.encode(), item_id, k)
    item.supporters = shown_count(pressed or 0, people, k, behind)
    found.counted_in = week_of(now, workspace.tz)
    if _is_too_old(item, now):
        await session.delete(found)
    await session.flush()
    return 1


async def erase_own(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Delete all that a person supports, as far as it is not decided."""
    for item_id in await _rounds_of(session, workspace_id):
        await _delete(session, workspace_id, person_id, item_id)


async def own_supports(session: AsyncSession, workspace_id: str, person_id: str) -> list[str]:
    """Return the problems that a person supports, as far as they are not decided."""
    rows = await session.execute(
        select(SupportRound.key, SupportRound.item_id, ProductItem.problem)
        .join(
            ProductItem,
            (ProductItem.workspace_id == SupportRound.workspace_id)
            & (ProductItem.id == SupportRound.item_id),
        )
        .where(SupportRound.workspace_id == workspace_id)
        .order_by(ProductItem.problem, SupportRound.item_id)
    )
    return [
        problem
        for key, item_id, problem in rows.all()
        if await session.get(Support, (workspace_id, item_id, respondent_token(key, person_id)))
    ]


async def _to_support(
    session: AsyncSession, actor: Actor, item_id: str, now: datetime
) -> tuple[ProductItem, int]:
    """Return an item that a person may support, and k; no decision can come in between.

    The same sentence refuses whatever is the reason: it tells nothing about a group's item.
    """
    if not await is_employee(session, actor):
        raise UserError(_(NOT_HERE))
    item = await session.get(
        ProductItem,
        (actor.workspace_id, item_id),
        with_for_update={"read": True},
        populate_existing=True,
    )
    workspace = await session.get_one(Workspace, actor.workspace_id)
    person = await session.get_one(Employee, (actor.workspace_id, actor.user_id))
    if item is None or item.state not in UNDECIDED or _is_too_old(item, now):
        raise UserError(_(NOT_HERE))
    if not await may_read(session, item, person, workspace):
        raise UserError(_(NOT_HERE))
    people, k = await readers(session, item, workspace)
    if not can_be_shown(people, k):
        raise UserError(_(NOT_HERE))
    return item, k


def _is_too_old(item: ProductItem, now: datetime) -> bool:
    return item.waiting_since <= now - KEPT


async def _rounds_of(session: AsyncSession, workspace_id: str) -> Sequence[str]:
    found = await session.scalars(
        select(SupportRound.item_id).where(SupportRound.workspace_id == workspace_id)
    )
    return found.all()


async def _delete(session: AsyncSession, workspace_id: str, person_id: str, item_id: str) -> None:
    of_item = SupportRound.workspace_id == workspace_id, SupportRound.item_id == item_id
    key = await session.scalar(select(SupportRound.key).where(*of_item))
    if key is not None:
        token = respondent_token(key, person_id)
        await session.execute(
            delete(Support).where(
                Support.workspace_id == workspace_id,
                Support.item_id == item_id,
                Support.token == token,
            )
        )
