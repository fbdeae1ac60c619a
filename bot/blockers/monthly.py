"""What a month's figures are computed from: what came into people's way, and how it ended."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers.counting import counted_by_person, destroy_pools
from bot.blockers.pure.kinds import NOUNS, BlockerKind
from bot.blockers.service import End
from bot.insights.pure.monthly_figures import Row
from bot.insights.pure.months import Month
from bot.insights.tallies import Problem, Subject
from bot.languages import marked
from models import Blocker

_DRIVERS: Final = {
    BlockerKind.WAITING: "autonomy",
    BlockerKind.ACCESS: "tools",
    BlockerKind.DECISION: "leadership",
    BlockerKind.GOAL: "role",
    BlockerKind.LOAD: "workload",
}
"""The driver that a kind belongs to; "something else" says too little to act on."""
_HOUR: Final = timedelta(hours=1)


async def read_reported(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return what people reported in a month, with a name or only counted."""
    reported = await session.execute(
        select(Blocker.asker_id, Blocker.kind).where(
            Blocker.workspace_id == workspace_id,
            Blocker.opened_at >= month.begins,
            Blocker.opened_at < month.ends,
        )
    )
    counted = await counted_by_person(session, workspace_id, month.first_day)
    return [Row(person, kind) for person, kind in (*reported, *counted)]


async def forget_counted(session: AsyncSession, workspace_id: str, month: Month) -> None:
    """Delete the month's key and what was only counted."""
    await destroy_pools(session, workspace_id, month.first_day)


async def read_ended(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return how blockers ended that their askers closed in a month, with the time if solved."""
    rows = await session.scalars(
        select(Blocker).where(
            Blocker.workspace_id == workspace_id,
            Blocker.status.in_((End.SOLVED, End.DROPPED)),
            Blocker.closed_at >= month.begins,
            Blocker.closed_at < month.ends,
        )
    )
    return [
        Row(
            each.asker_id,
            each.status,
            (each.closed_at - each.opened_at) / _HOUR
            if each.status == End.SOLVED and each.closed_at
            else None,
        )
        for each in rows
    ]


REPORTED: Final = Subject(
    "blockers",
    tuple(BlockerKind),
    read_reported,
    forget_counted,
    ("blocker_pools", "counted_blockers"),
    {kind: Problem(NOUNS[kind], driver) for kind, driver in _DRIVERS.items()},
    marked("Most often in people's way: {}"),
)
ENDED: Final = Subject("blockers ended", (End.SOLVED, End.DROPPED), read_ended)
