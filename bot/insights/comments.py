"""Published comments, for HR admins to read. They were masked before they were stored."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError
from bot.insights.named_surveys import count_comments
from bot.insights.service import latest_wave
from bot.pulse.steps import ANYTHING_TO_ADD, WHOLE_PULSE
from models import PublishedComment, Survey, Wave

COMMENTS_ON_A_PAGE: Final = 10


@dataclass(frozen=True)
class ReadableComment:
    """A comment, with its heading if enough people wrote under it."""

    text: str
    month: str
    """Such as `2026-10`."""
    question: str | None
    team: str | None


@dataclass(frozen=True)
class CommentsPage:
    """One page of a survey's comments, latest month first."""

    survey_id: str
    survey_name: str
    enough: int
    """Number of people who must write in a wave before its comments are published."""
    count: int
    page: int
    """From 0."""
    pages: int
    comments: tuple[ReadableComment, ...]
    by_person: int | None
    """Number of comments shown with answers by person; None for an anonymous survey."""


async def latest_comments(
    session: AsyncSession, workspace_id: str, survey_name: str | None = None
) -> CommentsPage | None:
    """Return the first page of one survey's comments, or of the survey that last had some.

    Returns None if no wave was ever published. Raises UserError if no survey with results has that
    name.
    """
    wave_id = None
    if not survey_name:
        wave_id = await _latest_with_comments(session, workspace_id)
    wave_id = wave_id or await latest_wave(session, workspace_id, survey_name)
    if wave_id is None:
        return None
    wave = await session.get_one(Wave, (workspace_id, wave_id))
    return await comments_page(session, workspace_id, wave.survey_id)


async def comments_page(
    session: AsyncSession, workspace_id: str, survey_id: str, page: int = 0
) -> CommentsPage:
    """Return a page of a survey's comments; a page beyond the last is the last.

    Raises OutdatedError if the survey is gone.
    """
    survey = await session.get(Survey, (workspace_id, survey_id))
    if survey is None:
        raise OutdatedError
    of_survey = (
        Wave.workspace_id == workspace_id,
        Wave.survey_id == survey_id,
        PublishedComment.workspace_id == Wave.workspace_id,
        PublishedComment.wave_id == Wave.id,
    )
    count = await session.scalar(
        select(func.count()).select_from(PublishedComment, Wave).where(*of_survey)
    )
    k = await session.scalar(
        select(Wave.min_group_size)
        .where(Wave.workspace_id == workspace_id, Wave.survey_id == survey_id)
        .order_by(Wave.held_on.desc())
        .limit(1)
    )
    pages = max(1, -(-(count or 0) // COMMENTS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    found = await session.scalars(
        select(PublishedComment)
        .where(*of_survey)
        .order_by(
            PublishedComment.month.desc(),
            func.coalesce(PublishedComment.position, WHOLE_PULSE - 1),
            func.coalesce(PublishedComment.team, ""),
            PublishedComment.id,
        )
        .limit(COMMENTS_ON_A_PAGE)
        .offset(page * COMMENTS_ON_A_PAGE)
    )
    questions = {WHOLE_PULSE: ANYTHING_TO_ADD}
    questions |= {question.position: question.text for question in survey.questions}
    return CommentsPage(
        survey_id=survey.id,
        survey_name=survey.name,
        enough=2 * (k or 0),
        count=count or 0,
        page=page,
        pages=pages,
        comments=tuple(
            ReadableComment(
                each.text,
                each.month,
                None if each.position is None else questions.get(each.position),
                each.team,
            )
            for each in found
        ),
        by_person=None if survey.anonymous else await count_comments(session, survey),
    )


async def _latest_with_comments(session: AsyncSession, workspace_id: str) -> str | None:
    wave_id: str | None = await session.scalar(
        select(Wave.id)
        .join(
            PublishedComment,
            (PublishedComment.workspace_id == Wave.workspace_id)
            & (PublishedComment.wave_id == Wave.id),
        )
        .where(Wave.workspace_id == workspace_id)
        .order_by(Wave.published_at.desc(), Wave.id)
        .limit(1)
    )
    return wave_id
