"""Published comments, for HR admins to read. They were masked before they were stored.

They can be filtered by question, theme and month, and searched for words. Not by wave: that would
tell the week in which somebody wrote. Not by mood: it is a guess, and no verdict on one comment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError
from bot.insights.named_surveys import count_comments
from bot.insights.pure.words.themes import Term, themes_of
from bot.insights.service import latest_wave
from bot.insights.theme_terms import terms_of
from bot.languages import _
from bot.pulse.steps import ANYTHING_TO_ADD, WHOLE_PULSE
from models import PublishedComment, Survey, Wave

COMMENTS_ON_A_PAGE: Final = 10
SEARCHED: Final = 10_000
"""Comments that a search reads, the newest ones: each is decrypted."""
_AT_ONCE: Final = 200
"""Comments that are decrypted before others get their turn."""


@dataclass(frozen=True)
class CommentFilter:
    """Which comments to show; what is empty does not matter."""

    position: int | None = None
    """The question's, or `WHOLE_PULSE`."""
    theme: str = ""
    """Its key."""
    month: str = ""
    """Such as `2026-10`."""
    words: str = ""
    """All of them occur in the comment, in any case and order."""

    @property
    def reads_texts(self) -> bool:
        """Return True if comments must be read to find those that match."""
        return bool(self.theme or self.words.strip())

    def matches(self, text: str, added: Iterable[Term] = ()) -> bool:
        """Return True if a comment's text has the words and the theme."""
        found = _folded(text)
        has_words = all(word in found for word in _folded(self.words).split())
        return has_words and (not self.theme or self.theme in themes_of(text, added))


EVERYTHING: Final = CommentFilter()


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
    """Comments that match."""
    page: int
    """From 0."""
    pages: int
    comments: tuple[ReadableComment, ...]
    by_person: int | None
    """Number of comments shown with answers by person; None for an anonymous survey."""
    chosen: CommentFilter = EVERYTHING
    questions: tuple[tuple[int, str], ...] = ()
    """Position and text of the questions that have comments beneath them."""
    months: tuple[str, ...] = ()
    """The months that have comments, the latest first."""
    has_more: bool = False
    """True if a search left older comments out."""


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
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    page: int = 0,
    chosen: CommentFilter = EVERYTHING,
) -> CommentsPage:
    """Return a page of a survey's comments that match; a page beyond the last is the last.

    Raises OutdatedError if the survey is gone.
    """
    survey = await session.get(Survey, (workspace_id, survey_id))
    if survey is None:
        raise OutdatedError
    k = await session.scalar(
        select(Wave.min_group_size)
        .where(Wave.workspace_id == workspace_id, Wave.survey_id == survey_id)
        .order_by(Wave.held_on.desc())
        .limit(1)
    )
    positions, months = await _headings(session, survey)
    matching = _of_survey(survey)
    if chosen.position is not None:
        matching = matching.where(PublishedComment.position == chosen.position)
    if chosen.month:
        matching = matching.where(PublishedComment.month == chosen.month)
    if chosen.reads_texts:
        found = await _search(session, workspace_id, matching, chosen)
        count, has_more = len(found), await _count(session, matching) > SEARCHED
        page = _last(page, count)
        shown = found[page * COMMENTS_ON_A_PAGE : (page + 1) * COMMENTS_ON_A_PAGE]
    else:
        count, has_more = await _count(session, matching), False
        page = _last(page, count)
        on_page = matching.limit(COMMENTS_ON_A_PAGE).offset(page * COMMENTS_ON_A_PAGE)
        shown = list(await session.scalars(on_page))
    questions = {WHOLE_PULSE: _(ANYTHING_TO_ADD)}
    questions |= {question.position: question.text for question in survey.questions}
    return CommentsPage(
        survey_id=survey.id,
        survey_name=survey.name,
        enough=2 * (k or 0),
        count=count,
        page=page,
        pages=_pages(count),
        comments=tuple(
            ReadableComment(
                each.text,
                each.month,
                None if each.position is None else questions.get(each.position),
                each.team,
            )
            for each in shown
        ),
        by_person=None if survey.anonymous else await count_comments(session, survey),
        chosen=chosen,
        questions=tuple((each, questions[each]) for each in positions if each in questions),
        months=months,
        has_more=has_more,
    )


def _of_survey(survey: Survey) -> Select[PublishedComment]:
    """Select a survey's comments in the order in which they are read."""
    return (
        select(PublishedComment)
        .join(
            Wave,
            (Wave.workspace_id == PublishedComment.workspace_id)
            & (Wave.id == PublishedComment.wave_id),
        )
        .where(PublishedComment.workspace_id == survey.workspace_id, Wave.survey_id == survey.id)
        .order_by(
            PublishedComment.month.desc(),
            func.coalesce(PublishedComment.position, WHOLE_PULSE - 1),
            func.coalesce(PublishedComment.team, ""),
            PublishedComment.id,
        )
    )


async def _headings(session: AsyncSession, survey: Survey) -> tuple[list[int], tuple[str, ...]]:
    """Return the positions and the months that comments stand under."""
    rows = await session.execute(
        _of_survey(survey)
        .order_by(None)
        .with_only_columns(PublishedComment.position, PublishedComment.month)
        .distinct()
    )
    found = rows.all()
    positions = {position for position, _month in found if position is not None}
    in_order = sorted(positions, key=lambda each: (each == WHOLE_PULSE, each))
    return in_order, tuple(sorted({month for _position, month in found}, reverse=True))


async def _count(session: AsyncSession, matching: Select[PublishedComment]) -> int:
    counted = matching.order_by(None).with_only_columns(func.count())
    return await session.scalar(counted) or 0


async def _search(
    session: AsyncSession,
    workspace_id: str,
    matching: Select[PublishedComment],
    chosen: CommentFilter,
) -> list[PublishedComment]:
    """Read the newest comments a few at a time, and return those that match.

    Their texts are encrypted, so the database cannot search them.
    """
    added = await terms_of(session, workspace_id)
    rows = await session.stream_scalars(
        matching.limit(SEARCHED).execution_options(yield_per=_AT_ONCE)
    )
    return [each async for each in rows if chosen.matches(each.text, added)]


def _pages(count: int) -> int:
    return max(1, -(-count // COMMENTS_ON_A_PAGE))


def _last(page: int, count: int) -> int:
    """Return the page, or the last one if there are fewer."""
    return min(max(page, 0), _pages(count) - 1)


def _folded(text: str) -> str:
    """Return a text in which case and ways to write the same letter do not matter."""
    return normalize("NFKC", text).casefold()


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
