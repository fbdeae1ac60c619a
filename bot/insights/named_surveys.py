"""Answers by person, for named surveys only; anonymous waves are refused.

Comments are shown separately and without names. People who only wrote a comment are therefore not
listed: beside a single comment, their name would give away its author.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAllowedError, UserError
from bot.languages import _
from bot.pulse.steps import ANYTHING_TO_ADD, WHOLE_PULSE
from bot.surveys.pure.scales import Scale, in_words
from models import Answer, Comment, Employee, NamedResponse, Survey, SurveyQuestion, Wave

VIEW_ANSWERS: Final = "answers.view"
PEOPLE_ON_A_PAGE: Final = 8
NAMED_COMMENTS_ON_A_PAGE: Final = 20


@dataclass(frozen=True)
class NamedAnswers:
    """One person's answers in a wave."""

    employee_id: str
    name: str
    answers: tuple[tuple[str, str], ...]
    """Question and answer as the person saw them, in the survey's order."""


@dataclass(frozen=True)
class OwnNamedAnswers:
    """A person's own answers in one wave of a named survey, for themself to read."""

    survey_name: str
    held_on: date
    answers: tuple[tuple[str, str], ...]
    """Question and answer as the person saw them, in the survey's order."""


@dataclass(frozen=True)
class NamedComment:
    """A comment, stored without its author even in a named survey."""

    question: str
    text: str


@dataclass(frozen=True)
class NamedPage:
    """One page of a named wave: people first, then comments."""

    wave_id: str
    survey_name: str
    page: int
    """From 0."""
    pages: int
    people: tuple[NamedAnswers, ...]
    comments: tuple[NamedComment, ...]


async def named_answers(
    session: AsyncSession, workspace_id: str, wave_id: str, page: int = 0
) -> NamedPage:
    """Return a page of answers by person; a page beyond the last is the last.

    Raises NotAllowedError for an anonymous wave, UserError for one that is open or gone.
    """
    wave = await session.get(Wave, (workspace_id, wave_id))
    if wave is None:
        raise UserError(
            _("I can't find this survey any more. `/pulse results` lists the ones with results.")
        )
    if wave.anonymous:
        raise NotAllowedError(
            _("This survey is anonymous: nobody can see who answered what, not even Attune."),
            action=VIEW_ANSWERS,
        )
    if wave.status == "open":
        raise UserError(_("This survey is still open. The answers can be seen once it has closed."))
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    people_pages = _page_count(await count_named(session, wave), PEOPLE_ON_A_PAGE)
    comment_pages = _page_count(await _count(session, wave, Comment), NAMED_COMMENTS_ON_A_PAGE)
    pages = max(1, people_pages + comment_pages)
    page = min(max(page, 0), pages - 1)
    people: tuple[NamedAnswers, ...] = ()
    comments: tuple[NamedComment, ...] = ()
    if page < people_pages:
        people = await _people(session, wave, survey.questions, page)
    else:
        comments = await _comments(session, wave, survey.questions, page - people_pages)
    return NamedPage(wave.id, survey.name, page, pages, people, comments)


async def count_comments(session: AsyncSession, survey: Survey) -> int:
    """Count the comments on a named survey's closed waves."""
    written = (
        select(func.count())
        .select_from(Comment)
        .join(Wave, (Wave.workspace_id == Comment.workspace_id) & (Wave.id == Comment.wave_id))
        .where(Wave.workspace_id == survey.workspace_id, Wave.survey_id == survey.id)
    )
    return await session.scalar(written) or 0


async def own_named_answers(
    session: AsyncSession, workspace_id: str, employee_id: str
) -> list[OwnNamedAnswers]:
    """Return one person's answers in closed waves of named surveys, latest first."""
    rows = await session.execute(
        select(NamedResponse.response_id, Wave)
        .join(
            Wave,
            (Wave.workspace_id == NamedResponse.workspace_id) & (Wave.id == NamedResponse.wave_id),
        )
        .where(
            NamedResponse.workspace_id == workspace_id,
            NamedResponse.employee_id == employee_id,
            Wave.anonymous.is_(False),
        )
        .order_by(Wave.held_on.desc(), Wave.id)
    )
    found = []
    for response_id, wave in rows.all():
        survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
        values = (await _values(session, wave, [response_id]))[response_id]
        if values:
            answers = _in_words(survey.questions, values)
            found.append(OwnNamedAnswers(survey.name, wave.held_on, answers))
    return found


async def count_named(session: AsyncSession, wave: Wave) -> int:
    """Count the people whose answers can be read by person: all who did more than comment."""
    return await _count(session, wave, NamedResponse, _has_answers)


def _page_count(count: int, size: int) -> int:
    return -(-count // size)


_has_answers: Final = exists().where(
    Answer.workspace_id == NamedResponse.workspace_id,
    Answer.wave_id == NamedResponse.wave_id,
    Answer.response_id == NamedResponse.response_id,
)
"""Condition that a response has an answer, not only a comment."""


async def _count(
    session: AsyncSession,
    wave: Wave,
    table: type[NamedResponse] | type[Comment],
    *conditions: ColumnElement[bool],
) -> int:
    count = await session.scalar(
        select(func.count())
        .select_from(table)
        .where(table.workspace_id == wave.workspace_id, table.wave_id == wave.id, *conditions)
    )
    return count or 0


async def _people(
    session: AsyncSession, wave: Wave, questions: Sequence[SurveyQuestion], page: int
) -> tuple[NamedAnswers, ...]:
    rows = await session.execute(
        select(NamedResponse.response_id, NamedResponse.employee_id, Employee.name)
        .outerjoin(
            Employee,
            (Employee.workspace_id == NamedResponse.workspace_id)
            & (Employee.id == NamedResponse.employee_id),
        )
        .where(
            NamedResponse.workspace_id == wave.workspace_id,
            NamedResponse.wave_id == wave.id,
            _has_answers,
        )
        .order_by(func.lower(Employee.name), NamedResponse.employee_id)
        .limit(PEOPLE_ON_A_PAGE)
        .offset(page * PEOPLE_ON_A_PAGE)
    )
    somebody = _("Somebody who left")
    people = [(response, employee, name or somebody) for response, employee, name in rows]
    values = await _values(session, wave, [response for response, _employee, _name in people])
    return tuple(
        NamedAnswers(employee, name, _in_words(questions, values[response]))
        for response, employee, name in people
    )


async def _values(
    session: AsyncSession, wave: Wave, response_ids: Collection[str]
) -> defaultdict[str, dict[int, int]]:
    """Return the values of each response by position."""
    found = await session.scalars(
        select(Answer).where(
            Answer.workspace_id == wave.workspace_id,
            Answer.wave_id == wave.id,
            Answer.response_id.in_(response_ids),
        )
    )
    values: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for each in found:
        values[each.response_id][each.position] = each.value
    return values


async def _comments(
    session: AsyncSession, wave: Wave, questions: Sequence[SurveyQuestion], page: int
) -> tuple[NamedComment, ...]:
    text_of = {WHOLE_PULSE: _(ANYTHING_TO_ADD)}
    text_of |= {question.position: question.text for question in questions}
    found = await session.scalars(
        select(Comment)
        .where(Comment.workspace_id == wave.workspace_id, Comment.wave_id == wave.id)
        .order_by(Comment.position, Comment.id)
        .limit(NAMED_COMMENTS_ON_A_PAGE)
        .offset(page * NAMED_COMMENTS_ON_A_PAGE)
    )
    return tuple(NamedComment(text_of.get(each.position, ""), each.text) for each in found)


def _in_words(
    questions: Sequence[SurveyQuestion], values: dict[int, int]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            question.text,
            in_words(Scale(question.scale), question.options, values[question.position]),
        )
        for question in questions
        if question.position in values
    )
