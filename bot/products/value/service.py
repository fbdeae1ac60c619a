"""What came of asking: how soon and how often HR decides, what was done, and what it changed.

Every number has its n. Nothing here is about one person, and figures are published ones only.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.insights.pure.change import CellChange
from bot.insights.pure.segments import TOTAL
from bot.mentoring.programme.engagement import Engagement, latest_engagement
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure, published
from bot.people import audit, roles
from bot.people.roles import Role
from bot.products.access import VIEW
from bot.products.decisions.pure.clock import decide_by
from bot.products.decisions.reminders import tell_admins
from bot.products.effects.service import EffectView, view_of
from bot.products.items.pure.states import DECISIONS, UNDECIDED, State
from models import Figure, ItemEffect, ItemStep, ProductItem, Survey, Wave, Workspace

PERIOD: Final = timedelta(days=365)
MONTHLY: Final = "improvements"


@dataclass(frozen=True)
class FoundEffect:
    """An effect that was looked at, with the problem of its item."""

    problem: str
    effect: EffectView


@dataclass(frozen=True)
class Participation:
    """The latest share of people who answered, and how it changed over the waves before."""

    survey_name: str
    held_on: date
    answered: int
    """In steps of k."""
    invited: int
    change: CellChange | None
    """As shares, 0 to 1; None while there is nothing to compare with."""


@dataclass(frozen=True)
class Value:
    """What came of asking in the last year."""

    since: date
    asked: int
    """What stood out in published figures and called for a decision."""
    decided: int
    """Of these, what was decided at least once; each decision has a reason."""
    in_time: int
    """Of these, what was decided before it was late, by the promise of today."""
    median_days: float | None
    """From publication to the first decision; None if nothing was decided."""
    taken_up: int
    """All items that somebody took up or decided about."""
    from_people: int
    """Of these, those that published figures showed, or that somebody wrote to HR about."""
    shipped: int
    effects: tuple[FoundEffect, ...]
    """The latest first."""
    mentoring: Engagement | None
    matched: OutcomeFigure | None
    participation: Participation | None

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to tell yet."""
        return not (self.asked or self.taken_up)


async def value_for(session: AsyncSession, actor: Actor, now: datetime) -> Value:
    """Return the report for HR, and record the look at figures; raise NotAllowedError."""
    await roles.require(session, actor, Role.ANALYST, action=VIEW)
    found = await value_of(session, actor.workspace_id, now)
    if found.mentoring:
        wave_id = found.mentoring.wave_id
        audit.record(session, actor, "figures.viewed", subject=wave_id, now=now)
    return found


async def value_of(session: AsyncSession, workspace_id: str, now: datetime) -> Value:
    """Return what came of asking in the year up to now."""
    workspace = await session.get_one(Workspace, workspace_id)
    since = now - PERIOD
    items = (
        await session.scalars(
            select(ProductItem).where(
                ProductItem.workspace_id == workspace_id, ProductItem.created_at > since
            )
        )
    ).all()
    first = await _first_decisions(session, workspace_id)
    asked = [item for item in items if item.origin == "people" and item.evidence]
    decided = [(item.created_at, first[item.id]) for item in asked if item.id in first]
    promise = workspace.decision_days, workspace.tz
    taken_up = [
        item for item in items if item.state not in UNDECIDED or item.state == State.TAKEN_UP
    ]
    outcomes = await published(session, workspace_id)
    return Value(
        since=since.astimezone(zone_of(workspace.tz)).date(),
        asked=len(asked),
        decided=len(decided),
        in_time=sum(at < decide_by(published_at, *promise) for published_at, at in decided),
        median_days=median((at - published_at) / timedelta(days=1) for published_at, at in decided)
        if decided
        else None,
        taken_up=len(taken_up),
        from_people=sum(item.origin == "people" for item in taken_up),
        shipped=sum(item.state == State.SHIPPED for item in items),
        effects=await _effects(session, workspace_id, since),
        mentoring=await latest_engagement(session, workspace_id),
        matched=outcomes.get(OutcomeMeasure.MATCHED),
        participation=await _participation(session, workspace_id),
    )


async def workspaces_to_tell(session: AsyncSession, now: datetime) -> list[tuple[str]]:
    """Return the workspaces in which a month may have begun since their last report."""
    month = (now + timedelta(days=1)).date().replace(day=1)
    told = Workspace.improvements_told_on
    found = select(Workspace.id).where(told.is_(None) | (told < month))
    return [(workspace_id,) for workspace_id in await session.scalars(found)]


async def tell_monthly(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Make the report due for HR's admins on the first day of a month, where the company is.

    The first month only begins to count.
    """
    workspace = await session.get(Workspace, workspace_id)
    if workspace is None:
        return 0
    month = now.astimezone(zone_of(workspace.tz)).date().replace(day=1)
    before = workspace.improvements_told_on
    if before is not None and before >= month:
        return 0
    workspace.improvements_told_on = month
    if before is None or (await value_of(session, workspace_id, now)).is_empty:
        return 1
    await tell_admins(session, workspace_id, month.isoformat(), {"about": MONTHLY}, now)
    return 1


async def _first_decisions(session: AsyncSession, workspace_id: str) -> dict[str, datetime]:
    """Return when each item was first decided."""
    steps = await session.execute(
        select(ItemStep.item_id, ItemStep.at)
        .where(ItemStep.workspace_id == workspace_id, ItemStep.state.in_(DECISIONS))
        .order_by(ItemStep.number.desc())
    )
    return dict(steps.all())


async def _effects(
    session: AsyncSession, workspace_id: str, since: datetime
) -> tuple[FoundEffect, ...]:
    rows = await session.execute(
        select(ProductItem.problem, ItemEffect)
        .join(
            ItemEffect,
            (ItemEffect.workspace_id == ProductItem.workspace_id)
            & (ItemEffect.item_id == ProductItem.id),
        )
        .where(ProductItem.workspace_id == workspace_id, ItemEffect.read_at > since)
        .order_by(ItemEffect.read_at.desc(), ProductItem.id)
    )
    return tuple(FoundEffect(problem, view_of(row)) for problem, row in rows)


async def _participation(session: AsyncSession, workspace_id: str) -> Participation | None:
    """Return the latest published participation of a survey of everyone."""
    rows = await session.execute(
        select(Figure, Survey.name, Wave.held_on)
        .join(Wave, (Wave.workspace_id == Figure.workspace_id) & (Wave.id == Figure.wave_id))
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            Figure.workspace_id == workspace_id,
            Figure.measure == "participation",
            Figure.segment == TOTAL,
            Survey.audience == "everyone",
        )
        .order_by(Wave.published_at.desc(), Wave.id)
        .limit(1)
    )
    row = rows.first()
    if row is None:
        return None
    figure, name, held_on = row
    change = (
        None
        if figure.change is None
        else CellChange(figure.change, figure.change_margin or 0.0, figure.change_weeks or 0)
    )
    return Participation(name, held_on, figure.n, figure.population or figure.n, change)
