"""Items as they are shown: in lists, and one with all that is known about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.products.access import Access, access_of, item_to_see
from bot.products.decisions.pure.clock import days_waited
from bot.products.items.evidence import Evidence, thawed
from bot.products.items.months import MonthEvidence, month_evidence
from bot.products.items.pure.states import State
from bot.surveys.pure.bank import driver_label
from models import ItemStep, PeopleProduct, ProductItem, Workspace


@dataclass(frozen=True)
class ItemLine:
    """An item in a list."""

    id: str
    problem: str
    state: State
    group: str
    """The team or other group that it is about; empty for everybody."""
    origin: str
    """`people`, `hr` or `manager`."""
    days_waited: int
    """Days since its evidence was published, or since it is to be decided again."""
    is_late: bool
    until: date | None
    reason: str | None
    decided_at: datetime | None
    supporters: int = 0
    """How many are said to feel the same, in steps of k; 0 for none."""


@dataclass(frozen=True)
class Step:
    """One step of an item's history."""

    state: State
    at: datetime
    by_id: str | None
    reason: str | None
    until: date | None


@dataclass(frozen=True)
class ItemView:
    """One item, with its evidence and history."""

    line: ItemLine
    version: int
    product_id: str | None
    product_name: str | None
    owner_id: str | None
    driver: str | None
    driver_label: str | None
    evidence: Evidence | None
    """None for an item that was written by hand, or that began with a month's figures."""
    decide_by: datetime | None
    steps: tuple[Step, ...]
    """The first ones first."""
    may_act: bool
    wave_id: str | None = None
    """The wave whose figures are its evidence."""
    of_month: MonthEvidence | None = None
    """The month's figures that are its evidence."""
    link: str = ""
    """What HR's workflow said to read about it."""


async def items_of_product(
    session: AsyncSession, actor: Actor, product_id: str, now: datetime
) -> tuple[ItemLine, ...]:
    """Return a product's items: undecided ones first, then the latest."""
    return await _lines(
        session, actor.workspace_id, [ProductItem.product_id == product_id], None, now
    )


async def items_to_decide(
    session: AsyncSession, actor: Actor, access: Access, now: datetime
) -> tuple[ItemLine, ...]:
    """Return what waits for a decision that this person may make or see, the oldest first."""
    return await _lines(
        session, actor.workspace_id, [ProductItem.decide_by.is_not(None)], access, now
    )


async def items_of_manager(
    session: AsyncSession, actor: Actor, access: Access, now: datetime
) -> tuple[ItemLine, ...]:
    """Return the items about a manager's own teams."""
    return await _lines(session, actor.workspace_id, [ProductItem.segment == "team"], access, now)


async def late_items(
    session: AsyncSession, workspace_id: str, now: datetime
) -> tuple[ItemLine, ...]:
    """Return the items whose decision is late, the longest wait first."""
    return await _lines(session, workspace_id, [ProductItem.decide_by <= now], None, now)


async def read_item(session: AsyncSession, actor: Actor, item_id: str, now: datetime) -> ItemView:
    """Return one item; raise NotAllowedError, or UserError if it is gone."""
    item = await item_to_see(session, actor, item_id)
    access = await access_of(session, actor)
    product = (
        await session.get(PeopleProduct, (item.workspace_id, item.product_id))
        if item.product_id
        else None
    )
    steps = await session.scalars(
        select(ItemStep)
        .where(ItemStep.workspace_id == item.workspace_id, ItemStep.item_id == item.id)
        .order_by(ItemStep.number)
    )
    workspace = await session.get_one(Workspace, item.workspace_id)
    return ItemView(
        line=line_of(item, workspace, now),
        version=item.version,
        product_id=item.product_id,
        product_name=product.name if product else None,
        owner_id=item.owner_id or (product.owner_id if product else None),
        driver=item.driver,
        driver_label=driver_label(item.driver) if item.driver else None,
        evidence=thawed(item.evidence),
        decide_by=item.decide_by,
        steps=tuple(
            Step(State(each.state), each.at, each.by_id, each.reason, each.until) for each in steps
        ),
        may_act=access.may_act(item),
        wave_id=item.wave_id,
        of_month=month_evidence(item.evidence),
        link=item.evidence.get("link", ""),
    )


def line_of(item: ProductItem, workspace: Workspace, now: datetime) -> ItemLine:
    """Return an item as a list shows it."""
    return ItemLine(
        id=item.id,
        problem=item.problem,
        state=State(item.state),
        group=item.segment_ref,
        origin=item.origin,
        days_waited=days_waited(item.waiting_since, now, workspace.tz),
        is_late=item.decide_by is not None and item.decide_by <= now,
        until=item.until,
        reason=item.reason,
        decided_at=item.decided_at,
        supporters=item.supporters,
    )


async def _lines(
    session: AsyncSession,
    workspace_id: str,
    conditions: Sequence[ColumnElement[bool]],
    access: Access | None,
    now: datetime,
) -> tuple[ItemLine, ...]:
    workspace = await session.get_one(Workspace, workspace_id)
    found = await session.scalars(
        select(ProductItem).where(ProductItem.workspace_id == workspace_id, *conditions)
    )
    return tuple(
        line_of(item, workspace, now)
        for item in _in_order(found.all())
        if access is None or access.may_see(item)
    )


def _in_order(items: Iterable[ProductItem]) -> list[ProductItem]:
    """Put what waits for a decision first, then the latest decisions.

    Of what waits, what most people support comes first, then the oldest.
    """
    return sorted(
        items,
        key=lambda item: (
            item.decide_by is None,
            -item.supporters if item.decide_by else 0,
            item.waiting_since.timestamp() * (1 if item.decide_by else -1),
            item.id,
        ),
    )
