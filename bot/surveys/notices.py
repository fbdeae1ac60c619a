"""Notices to the author of a survey when a wave could not open."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import add_notice
from bot.surveys.audience_history import TooAlike
from bot.surveys.service import DueSurvey
from models import Survey

TOO_FEW: Final = "too_few"
TOO_ALIKE: Final = "too_alike"
AUDIENCE_UNREADABLE: Final = "audience_unreadable"


async def tell_too_few(
    session: AsyncSession, due: DueSurvey, invited: int, needed: int, now: datetime
) -> None:
    """Report a wave that was skipped because too few people would be asked."""
    await _tell(session, due, now, about=TOO_FEW, invited=invited, needed=needed)


async def tell_too_alike(
    session: AsyncSession, due: DueSurvey, alike: TooAlike, now: datetime
) -> None:
    """Report a wave that was skipped because almost the same people were asked the same."""
    detail = {"other": alike.survey_name, "until": alike.until.date().isoformat()}
    await _tell(session, due, now, about=TOO_ALIKE, together=alike.together, **detail)


async def tell_audience_unreadable(session: AsyncSession, due: DueSurvey, now: datetime) -> None:
    """Report that Slack doesn't return the audience's members; the wave is retried."""
    await _tell(session, due, now, about=AUDIENCE_UNREADABLE)


async def _tell(session: AsyncSession, due: DueSurvey, now: datetime, **detail: Any) -> None:
    survey = await session.get(Survey, (due.workspace_id, due.survey_id))
    if survey is None:
        return
    # At most once a day: the scheduler tries every few seconds.
    key = f"{survey.id}:{now.date()}"
    detail["survey"] = survey.id
    await add_notice(session, due.workspace_id, key, survey.created_by, detail, now)
