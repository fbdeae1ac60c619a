"""You said, we did: who is told what came of their answers, and what waits too long.

The people who were asked get each decision once, with their next message. A group is told only of
at least k people who were asked; smaller ones would name those who spoke.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights.pure.segments import TOTAL
from bot.languages import best_language, speaking
from bot.products.decisions.pure.clock import days_waited, is_for_everybody
from bot.products.items.pure.states import TOLD, State
from bot.products.supports.pure.counting import can_be_shown
from bot.products.wording import plain_words
from bot.pulse.bulk_insert import insert_all
from bot.voice.inbox import tell_authors
from bot.voice.service import locked_workspace
from models import Delivery, Employee, Invitation, ProductItem, Workspace

KIND: Final = "came_of_it"
SHOWN_FOR: Final = timedelta(days=60)
"""How long the Home tab shows a decision."""
PEOPLE_AT_ONCE: Final = 2_000
"""Messages per transaction: about 20 ms."""


@dataclass(frozen=True)
class Told:
    """A decision as people read it."""

    item_id: str
    problem: str
    state: State
    until: date | None
    reason: str
    decided_at: datetime
    from_people: bool
    """True if published figures showed it; otherwise HR or a manager wrote it."""


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a decision, as people read it."""

    item_id: str
    problem: str
    days: int
    """Since it was published, or is to be decided again."""
    from_people: bool
    is_unanswered: bool
    """True if people said it, and it has no answer after twice the promised time."""
    supporters: int
    """How many are said to feel the same, in steps of k; 0 for none."""
    may_support: bool
    """True if enough people read it, so that a count of supporters can be shown."""


@dataclass(frozen=True)
class CameOfIt:
    """What came of what people said, the latest first."""

    decisions: tuple[Told, ...]
    waiting: tuple[Waiting, ...]
    """The longest wait first."""


NOTHING_YET: Final = CameOfIt((), ())


async def came_of_it(
    session: AsyncSession,
    workspace_id: str,
    since: datetime,
    until: datetime,
    released: Collection[str] = (),
) -> CameOfIt:
    """Return what everybody may read: decisions after `since` up to `until`, and what waits then.

    Only what everybody was asked about, or what HR wrote for everybody; never a group. `released`
    are waves whose figures stand beside it, so that proposals from them may be read, too.
    """
    found = await session.scalars(
        select(ProductItem).where(
            ProductItem.workspace_id == workspace_id, ProductItem.for_everybody.is_(True)
        )
    )
    workspace = await session.get_one(Workspace, workspace_id)
    return await _of(session, found.all(), workspace, (since, until), released)


async def came_of_it_for(session: AsyncSession, actor: Actor, now: datetime) -> CameOfIt:
    """Return what one person may read on their Home tab.

    Beside what is for everybody: what is about a group that they were asked in, if it is large
    enough.
    """
    workspace = await session.get_one(Workspace, actor.workspace_id)
    since = now - SHOWN_FOR
    found = await session.scalars(
        select(ProductItem).where(
            ProductItem.workspace_id == actor.workspace_id,
            (ProductItem.decided_at > since) | ProductItem.decide_by.is_not(None),
        )
    )
    person = await session.get(Employee, (actor.workspace_id, actor.user_id))
    shown = [
        item
        for item in found.all()
        if item.for_everybody or (person and await may_read(session, item, person, workspace))
    ]
    return await _of(session, shown, workspace, (since, now))


async def items_to_tell(session: AsyncSession, _now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, item id) of decisions that are to be told to those who were asked."""
    rows = await session.execute(
        select(ProductItem.workspace_id, ProductItem.id).where(
            ProductItem.told_at.is_(None), ProductItem.decided_at.is_not(None)
        )
    )
    return [(workspace_id, item_id) for workspace_id, item_id in rows]


async def tell(session: AsyncSession, workspace_id: str, item_id: str, now: datetime) -> int:
    """Put a decision into the outbox for up to PEOPLE_AT_ONCE people; return how much was done.

    Once all are told, it is written into the conversations with HR that led to it.
    """
    # Others lock it before they change rows.
    await locked_workspace(session, workspace_id)
    item = await session.get(
        ProductItem, (workspace_id, item_id), with_for_update=True, populate_existing=True
    )
    if item is None or item.told_at is not None or item.state not in TOLD:
        return 0
    prefix = f"{KIND}:{item.id}:{item.version}:"
    people = await _next_people(session, item, prefix)
    await insert_all(
        session,
        Delivery,
        (
            {
                "workspace_id": workspace_id,
                "key": f"{prefix}{person}",
                "kind": KIND,
                "recipient": person,
                "detail": {"item": item.id, "version": item.version},
                "due_at": now,
                "look_at": now,
                "status": "waiting",
            }
            for person in people
        ),
    )
    if len(people) < PEOPLE_AT_ONCE:
        item.told_at = now
        words = await words_for_author(session, item)
        await tell_authors(session, workspace_id, item.id, words, now)
    await session.flush()
    return 1


async def told_item(
    session: AsyncSession, workspace_id: str, item_id: str, version: int
) -> Told | None:
    """Return a decision for its message; None if something newer was decided since."""
    item = await session.get(ProductItem, (workspace_id, item_id), populate_existing=True)
    return _told(item) if item and item.version == version and item.state in TOLD else None


async def words_for_author(session: AsyncSession, item: ProductItem) -> str:
    """Write what comes of an item, for the conversation that led to it.

    It is kept there, and an anonymous author's language is unknown: so it is in the one that HR
    chose for all.
    """
    workspace = await session.get_one(Workspace, item.workspace_id)
    with speaking(best_language(workspace.language)):
        return plain_words(item.problem, State(item.state), item.until, item.reason or "")


async def _next_people(session: AsyncSession, item: ProductItem, prefix: str) -> Sequence[str]:
    """Return the next people to tell; nobody if too few were asked, or nobody was."""
    workspace = await session.get_one(Workspace, item.workspace_id)
    if item.wave_id is None or not await _is_large_enough(session, item, workspace):
        return ()
    key = literal(prefix) + Employee.id
    has_it = select(Delivery.id).where(
        Delivery.workspace_id == item.workspace_id, Delivery.key == key
    )
    people = await session.scalars(
        select(Employee.id)
        .where(*_audience(item), ~has_it.exists())
        .order_by(Employee.id)
        .limit(PEOPLE_AT_ONCE)
    )
    return people.all()


def _audience(item: ProductItem) -> list[ColumnElement[bool]]:
    """Return the conditions for present employees who were asked, in the group it is about.

    Of an item that nobody was asked about, everybody in the group.
    """
    conditions = [Employee.workspace_id == item.workspace_id, Employee.active.is_(True)]
    if item.segment != TOTAL:
        conditions.append(getattr(Employee, item.segment).in_(item.segment_values))
    if item.wave_id is not None:
        asked = select(Invitation.employee_id).where(
            Invitation.workspace_id == item.workspace_id,
            Invitation.wave_id == item.wave_id,
            Invitation.employee_id == Employee.id,
        )
        conditions.append(asked.exists())
    return conditions


async def readers(
    session: AsyncSession, item: ProductItem, workspace: Workspace
) -> tuple[int, int]:
    """Return how many people may read an item once it is taken up, and k for it."""
    everybody = [Employee.workspace_id == item.workspace_id, Employee.active.is_(True)]
    conditions = everybody if item.for_everybody else _audience(item)
    count = await session.scalar(select(func.count()).select_from(Employee).where(*conditions))
    return count or 0, _k(item, workspace)


async def may_read(
    session: AsyncSession, item: ProductItem, person: Employee, workspace: Workspace
) -> bool:
    """Return True if a person is among them: of a group, only if it is large enough."""
    if item.for_everybody:
        return True
    if item.segment != TOTAL and getattr(person, item.segment) not in item.segment_values:
        return False
    found = select(Employee.id).where(*_audience(item), Employee.id == person.id)
    return await session.scalar(found) is not None and await _is_large_enough(
        session, item, workspace
    )


async def _is_large_enough(session: AsyncSession, item: ProductItem, workspace: Workspace) -> bool:
    count = select(func.count()).select_from(Employee).where(*_audience(item))
    return (await session.scalar(count) or 0) >= _k(item, workspace)


def _k(item: ProductItem, workspace: Workspace) -> int:
    return max(workspace.min_group_size, int(item.evidence.get("k", 0)))


async def _of(
    session: AsyncSession,
    items: Sequence[ProductItem],
    workspace: Workspace,
    period: tuple[datetime, datetime],
    released: Collection[str] = (),
) -> CameOfIt:
    since, until = period
    decisions = [
        _told(item)
        for item in items
        if item.decided_at and since < item.decided_at <= until and item.state in TOLD
    ]
    waiting = [
        await _waiting(session, item, workspace, until)
        for item in items
        if item.decide_by
        and (
            item.state == State.TAKEN_UP
            or item.wave_id in released
            or _is_unanswered(item, workspace, until)
        )
    ]
    return CameOfIt(
        tuple(sorted(decisions, key=lambda each: (each.decided_at, each.item_id), reverse=True)),
        tuple(sorted(waiting, key=lambda each: (-each.days, each.item_id))),
    )


async def _waiting(
    session: AsyncSession, item: ProductItem, workspace: Workspace, now: datetime
) -> Waiting:
    people, k = await readers(session, item, workspace)
    return Waiting(
        item.id,
        item.problem,
        days_waited(item.waiting_since, now, workspace.tz),
        item.origin == "people",
        _is_unanswered(item, workspace, now),
        item.supporters,
        can_be_shown(people, k),
    )


def _is_unanswered(item: ProductItem, workspace: Workspace, now: datetime) -> bool:
    days = workspace.decision_days
    return item.origin == "people" and is_for_everybody(item.waiting_since, now, days, workspace.tz)


def _told(item: ProductItem) -> Told:
    if item.decided_at is None:
        raise ValueError("only a decision is told")
    return Told(
        item.id,
        item.problem,
        State(item.state),
        item.until,
        item.reason or "",
        item.decided_at,
        item.origin == "people",
    )
