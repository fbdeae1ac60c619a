"""What a digest says of the month that ended: blockers, learning time, questions to colleagues."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers import monthly as blockers
from bot.blockers import wording as blocker_words
from bot.insights.tallies import MonthResults, Subject, month_results
from bot.knowledge import figures_blocks as question_words
from bot.knowledge import monthly as knowledge
from bot.learning import forms as learning_words
from bot.learning import monthly as learning

LINES: Final[tuple[tuple[Subject, Callable[[MonthResults], str | None]], ...]] = (
    (blockers.ENDED, blocker_words.digest_line),
    (learning.GOT_TIME, learning_words.digest_line),
    (knowledge.QUESTIONS, question_words.digest_line),
)


async def month_lines(
    session: AsyncSession, workspace_id: str, since: datetime, until: datetime
) -> tuple[str, ...]:
    """Return at most three lines, about everybody, of figures that were made in a period."""
    lines = [
        line(found)
        for subject, line in LINES
        for found in await month_results(session, workspace_id, subject.name)
        if not found.team and found.made_at and since < found.made_at <= until
    ]
    return tuple(filter(None, lines))
