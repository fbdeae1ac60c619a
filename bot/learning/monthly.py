"""What a month's figures of learning time are computed from, and deleted once they are made."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.monthly_figures import Row
from bot.insights.pure.months import Month
from bot.insights.tallies import Problem, Subject
from bot.languages import marked
from bot.learning.months import Got, TakenBy
from models import LearningAnswer, MonthlyFigure

_GOT: Final = "learning time"
_TAKEN_BY: Final = "learning taken by"


async def read_got(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return how much of their time people got."""
    return [
        Row(each.employee_id, each.got) for each in await _answers(session, workspace_id, month)
    ]


async def read_taken_by(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return what took people's time."""
    answers = await _answers(session, workspace_id, month)
    return [Row(each.employee_id, each.taken_by) for each in answers if each.taken_by]


async def forget_answers(session: AsyncSession, workspace_id: str, month: Month) -> None:
    """Delete a month's answers once both kinds of figures are made of them."""
    made = await session.scalar(
        select(func.count(MonthlyFigure.subject.distinct())).where(
            MonthlyFigure.workspace_id == workspace_id,
            MonthlyFigure.month == month.first_day,
            MonthlyFigure.subject.in_((_GOT, _TAKEN_BY)),
        )
    )
    if made == len((_GOT, _TAKEN_BY)):
        await session.execute(
            delete(LearningAnswer).where(
                LearningAnswer.workspace_id == workspace_id,
                LearningAnswer.month <= month.first_day,
            )
        )


async def _answers(
    session: AsyncSession, workspace_id: str, month: Month
) -> Sequence[LearningAnswer]:
    found = await session.scalars(
        select(LearningAnswer).where(
            LearningAnswer.workspace_id == workspace_id, LearningAnswer.month == month.first_day
        )
    )
    return found.all()


_TABLES: Final = ("learning_answers",)
GOT_TIME: Final = Subject(_GOT, tuple(Got), read_got, forget_answers, _TABLES)
TIME_TAKEN: Final = Subject(
    _TAKEN_BY,
    tuple(TakenBy),
    read_taken_by,
    forget_answers,
    _TABLES,
    {
        TakenBy.URGENT: Problem(marked("Urgent work"), "workload"),
        TakenBy.MEETINGS: Problem(marked("Meetings"), "communication"),
        TakenBy.TOO_FEW: Problem(marked("Too few people for the work"), "workload"),
        TakenBy.NO_PLAN: Problem(marked("No plan for it"), "growth"),
        TakenBy.NOT_WELCOME: Problem(marked("Learning felt unwelcome"), "manager"),
    },
    marked("What takes time to learn: {}"),
)
