"""Items from figures of calendar months: what stands out of blockers, and of time to learn."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.months import Month
from bot.insights.pure.segments import TOTAL
from bot.insights.tallies import MonthResults, Problem, Subject, month_results
from bot.insights.wave_results import PublishedNumber
from bot.languages import _, best_language, speaking, within_sentence
from bot.people.audit import Attune
from bot.products.board.service import ensure_products, product_of_driver
from bot.products.decisions.pure.clock import decide_by
from bot.products.items.pure.states import State
from bot.products.items.service import keeps_quiet, record_step
from models import Employee, ProductItem, Workspace


class MonthEvidence(NamedTuple):
    """The evidence of an item, as it was published for a month."""

    month: date
    label: str
    share: PublishedNumber
    people: int
    """At least so many had anything in the month."""


def month_evidence(stored: Mapping[str, Any]) -> MonthEvidence | None:
    """Return stored evidence of a month; None for an item that began otherwise."""
    if "month" not in stored:
        return None
    return MonthEvidence(
        date.fromisoformat(stored["month"]),
        stored["label"],
        PublishedNumber(**stored["share"]),
        stored["people"],
    )


async def propose_of_month(
    session: AsyncSession, workspace_id: str, subject: Subject, month: Month, now: datetime
) -> int:
    """Propose an item for whatever stands out in a month, for everybody and in each team.

    Nothing is proposed about what an item of the same group waits for, works on, or answered
    lately, nor about merged teams. Returns how many were proposed.
    """
    if not subject.problems:
        return 0
    proposed = 0
    teams = {None, *await _teams(session, workspace_id)}
    for found in await month_results(session, workspace_id, subject.name):
        problem = subject.problems.get(found.stands_out() or "")
        if problem and found.month == month.first_day and (found.team or None) in teams:
            proposed += await _propose(session, workspace_id, subject, problem, found, now)
    return proposed


async def _propose(
    session: AsyncSession,
    workspace_id: str,
    subject: Subject,
    problem: Problem,
    found: MonthResults,
    now: datetime,
) -> int:
    same = await session.scalars(
        select(ProductItem).where(
            ProductItem.workspace_id == workspace_id,
            ProductItem.segment == ("team" if found.team else TOTAL),
            ProductItem.segment_ref == found.team,
        )
    )
    about = {"subject": subject.name, "label": problem.label}
    if any(about.items() <= each.evidence.items() and keeps_quiet(each, now) for each in same):
        return 0
    await ensure_products(session, workspace_id, now)
    workspace = await session.get_one(Workspace, workspace_id)
    product = await product_of_driver(session, workspace_id, problem.driver)
    category = found.stands_out() or ""
    # Everybody may read it, so it has the language that HR chose for all.
    with speaking(best_language(workspace.language)):
        said = _(subject.problem).format(within_sentence(_(problem.label)))
    item = ProductItem(
        workspace_id=workspace_id,
        product_id=product.id if product else None,
        problem=f"{found.team}: {said}" if found.team else said,
        owner_id=product.owner_id if product else None,
        origin="people",
        state=State.PROPOSED,
        segment="team" if found.team else TOTAL,
        segment_ref=found.team,
        segment_values=[found.team] if found.team else [],
        for_everybody=not found.team,
        evidence={
            **about,
            "month": found.month.isoformat(),
            "share": asdict(found.shares[category]),
            "people": found.people,
            "k": workspace.min_group_size,
        },
        waiting_since=now,
        decide_by=decide_by(now, workspace.decision_days, workspace.tz),
        created_at=now,
    )
    session.add(item)
    await session.flush()
    record_step(session, item, Attune(workspace_id), now)
    return 1


async def _teams(session: AsyncSession, workspace_id: str) -> list[str]:
    found = await session.scalars(
        select(Employee.team)
        .where(Employee.workspace_id == workspace_id, Employee.team.is_not(None))
        .distinct()
    )
    return [each for each in found if each]
