"""What a month's figures of goals are computed from: who has one, and how they go."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.goals.pure.rounds import HOW_IT_GOES
from bot.insights.pure.monthly_figures import Row
from bot.insights.pure.months import Month
from bot.insights.tallies import Subject
from models import Employee, Goal, GoalCheckin

HAS_GOAL: Final = "has a goal"
HAS_NONE: Final = "has none"


async def read_goals(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return for each employee whether they had a goal in a month; deleted ones don't count."""
    people = await session.scalars(
        select(Employee.id).where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
    )
    owners = set(
        await session.scalars(
            select(Goal.employee_id).where(
                Goal.workspace_id == workspace_id,
                Goal.created_at < month.ends,
                or_(Goal.ended_at.is_(None), Goal.ended_at >= month.begins),
            )
        )
    )
    return [Row(person, HAS_GOAL if person in owners else HAS_NONE) for person in people]


async def read_checkins(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return what people said of how their goals go, in rounds that began in a month."""
    said = await session.execute(
        select(GoalCheckin.employee_id, GoalCheckin.state).where(
            GoalCheckin.workspace_id == workspace_id,
            GoalCheckin.asked_on >= month.first_day,
            GoalCheckin.asked_on <= month.last_day,
            GoalCheckin.state.in_(HOW_IT_GOES),
        )
    )
    return [Row(person, state) for person, state in said]


WITH_GOALS: Final = Subject("goals", (HAS_GOAL, HAS_NONE), read_goals)
CHECKINS: Final = Subject("goal check-ins", tuple(HOW_IT_GOES), read_checkins)
