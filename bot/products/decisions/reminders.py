"""What time does to items: late decisions, days on which to decide again, owners who left."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.attention.pure.zones import zone_of
from bot.outbox.deliveries import add_notice
from bot.people import audit, roles
from bot.people.audit import Attune
from bot.products.items.pure.states import DATED, State
from bot.products.items.service import move
from models import Employee, PeopleProduct, ProductItem, Workspace

ITEMS_LATE: Final = "items_late"
ITEM_OWNER: Final = "item_owner"


async def workspaces_to_look_after(session: AsyncSession, now: datetime) -> list[tuple[str]]:
    """Return the workspaces in which time has made something due."""
    # Where the company is, the next day may have begun.
    tomorrow = (now + timedelta(days=1)).date()
    due = select(ProductItem.workspace_id).where(
        or_(
            and_(ProductItem.decide_by <= now, ProductItem.hr_told.is_(False)),
            and_(ProductItem.state.in_(DATED), ProductItem.until <= tomorrow),
            _has_left(ProductItem.workspace_id, ProductItem.owner_id),
        )
    )
    left = select(PeopleProduct.workspace_id).where(
        _has_left(PeopleProduct.workspace_id, PeopleProduct.owner_id)
    )
    return [(workspace_id,) for workspace_id in await session.scalars(due.union(left))]


async def look_after(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Do what time has made due in a workspace; return how many rows changed."""
    woken = await _decide_again(session, workspace_id, now)
    left = await _replace_owners(session, workspace_id, now)
    return woken + left + await _remind(session, workspace_id, now)


async def items_of_owner(session: AsyncSession, workspace_id: str, person_id: str) -> list[str]:
    """Return the ids of the items that a person looks after."""
    found = await session.scalars(
        select(ProductItem.id)
        .where(ProductItem.workspace_id == workspace_id, ProductItem.owner_id == person_id)
        .order_by(ProductItem.id)
    )
    return list(found)


async def hand_over(
    session: AsyncSession, workspace_id: str, item_ids: Collection[str], now: datetime
) -> None:
    """Give items whose owner was erased to their product's owner, otherwise to HR's admins."""
    items = await session.scalars(
        select(ProductItem)
        .where(ProductItem.workspace_id == workspace_id, ProductItem.id.in_(item_ids))
        .order_by(ProductItem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for item in items.all():
        await _hand_over(session, item, now)


async def tell_admins(
    session: AsyncSession, workspace_id: str, key: str, detail: dict[str, Any], now: datetime
) -> None:
    """Send a notice to each HR admin, once for a key."""
    for admin in (await roles.hr_team(session, workspace_id)).admins:
        await add_notice(session, workspace_id, f"{key}:{admin}", admin, detail, now)


async def _decide_again(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Take up again what was put off until today, in the workspace's zone."""
    workspace = await session.get_one(Workspace, workspace_id)
    today = now.astimezone(zone_of(workspace.tz)).date()
    due = await session.scalars(
        select(ProductItem)
        .where(
            ProductItem.workspace_id == workspace_id,
            ProductItem.state.in_(DATED),
            ProductItem.until <= today,
        )
        .order_by(ProductItem.id)
        .with_for_update(skip_locked=True)
    )
    items = due.all()
    for item in items:
        await move(session, item, State.TAKEN_UP, Attune(workspace_id), now)
    return len(items)


async def _remind(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Tell HR's admins once that decisions are late; all that are late come in one message."""
    late = await session.scalars(
        select(ProductItem)
        .where(
            ProductItem.workspace_id == workspace_id,
            ProductItem.decide_by <= now,
            ProductItem.hr_told.is_(False),
        )
        .order_by(ProductItem.id)
        .with_for_update(skip_locked=True)
    )
    items = late.all()
    if items:
        key = f"{items[0].id}:{items[0].version}"
        await tell_admins(session, workspace_id, key, {"about": ITEMS_LATE}, now)
    for item in items:
        item.hr_told = True
    return len(items)


async def _replace_owners(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Give what people looked after who left to the product's owner, otherwise to HR's admins."""
    products = await session.scalars(
        select(PeopleProduct)
        .where(
            PeopleProduct.workspace_id == workspace_id,
            _has_left(PeopleProduct.workspace_id, PeopleProduct.owner_id),
        )
        .with_for_update(skip_locked=True)
    )
    changed = 0
    for product in products.all():
        product.owner_id = None
        audit.record(
            session, Attune(workspace_id), "products.owner_left", subject=product.id, now=now
        )
        changed += 1
    await session.flush()
    items = await session.scalars(
        select(ProductItem)
        .where(
            ProductItem.workspace_id == workspace_id,
            _has_left(ProductItem.workspace_id, ProductItem.owner_id),
        )
        .order_by(ProductItem.id)
        .with_for_update(skip_locked=True)
    )
    for item in items.all():
        await _hand_over(session, item, now)
        changed += 1
    return changed


def _has_left(
    workspace_id: InstrumentedAttribute[str], owner_id: InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """Return the condition that a row's owner does not work here any more."""
    here = select(Employee.id).where(
        Employee.workspace_id == workspace_id,
        Employee.id == owner_id,
        Employee.active.is_(True),
    )
    return and_(owner_id.is_not(None), ~here.exists())


async def _hand_over(session: AsyncSession, item: ProductItem, now: datetime) -> None:
    product = (
        await session.get(PeopleProduct, (item.workspace_id, item.product_id))
        if item.product_id
        else None
    )
    item.owner_id = product.owner_id if product else None
    by = Attune(item.workspace_id)
    audit.record(session, by, "items.owner_left", subject=item.id, now=now)
    if item.state in (State.WONT, State.SHIPPED):
        return
    key = f"{item.id}:{item.version}"
    detail = {"about": ITEM_OWNER, "item": item.id}
    if item.owner_id:
        await add_notice(session, item.workspace_id, key, item.owner_id, detail, now)
    else:
        await tell_admins(session, item.workspace_id, key, detail, now)
