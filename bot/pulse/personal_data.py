"""What waves hold about a person: shown to them alone, and erased at their request.

A person's answers can only be found while the wave is open or the pool waits: their token is
computed from a key, which sealing, or the release of the pool, destroys.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.languages import _
from bot.pulse.pools import erase_own_entries, own_entries
from bot.pulse.pure.cohorts import ATTRIBUTE_NAMES
from bot.pulse.pure.tokens import respondent_token
from bot.pulse.steps import ANYTHING_TO_ADD
from bot.surveys.pure.bank import driver_label
from bot.surveys.pure.scales import AGREE_LABELS, Scale, in_words
from bot.surveys.translations import in_readers_language, translations_of
from models import (
    Cohort,
    Employee,
    Invitation,
    OpenAnswer,
    QuestionAsked,
    Survey,
    SurveyQuestion,
    Wave,
)


@dataclass(frozen=True)
class OwnInvitation:
    """An invitation to a wave."""

    survey_name: str
    held_on: date
    wave_status: str
    anonymous: bool
    status: str
    """`closed` for a closed wave; who answered is no longer known then."""
    group: dict[str, str | None]
    """Values stored with their answers, each shared with many people."""


@dataclass(frozen=True)
class WaitingAnswer:
    """An answer to the company pulse that waits for others of the team."""

    survey_name: str
    driver: str
    in_words: str
    """How favourable it is; a question that asked the opposite was answered with the opposite."""


@dataclass(frozen=True)
class OwnAnswer:
    """An answer that its author can still change."""

    survey_name: str
    question: str
    value: int | None
    in_words: str | None
    """The answer as the button showed it; empty for a free text."""
    comment: str | None
    closes_at: datetime


async def own_invitations(
    session: AsyncSession, workspace_id: str, employee_id: str
) -> list[OwnInvitation]:
    """Return a person's waves, the latest first."""
    # Without the wave's counts of all teams, which would be read for each of a hundred waves.
    rows = await session.execute(
        select(
            Survey.name,
            Wave.held_on,
            Wave.status,
            Wave.anonymous,
            Invitation.status,
            Cohort,
        )
        .join(
            Wave, (Wave.workspace_id == Invitation.workspace_id) & (Wave.id == Invitation.wave_id)
        )
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .outerjoin(
            Cohort,
            (Cohort.workspace_id == Invitation.workspace_id)
            & (Cohort.wave_id == Invitation.wave_id)
            & (Cohort.id == Invitation.cohort_id),
        )
        .where(Invitation.workspace_id == workspace_id, Invitation.employee_id == employee_id)
        .order_by(Wave.held_on.desc(), Wave.id)
    )
    return [
        OwnInvitation(name, held_on, wave_status, anonymous, status, _group(cohort))
        for name, held_on, wave_status, anonymous, status, cohort in rows
    ]


def _group(cohort: Cohort | None) -> dict[str, str | None]:
    return {name: getattr(cohort, name) for name in ATTRIBUTE_NAMES} if cohort else {}


async def own_open_answers(
    session: AsyncSession, workspace_id: str, employee_id: str
) -> list[OwnAnswer]:
    """Return a person's answers in open waves; for that person's eyes only."""
    found: list[OwnAnswer] = []
    for wave, token, _cohort in await _places(session, workspace_id, employee_id):
        survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
        questions = {question.position: question for question in survey.questions}
        replies = await session.scalars(
            select(OpenAnswer)
            .where(
                OpenAnswer.workspace_id == workspace_id,
                OpenAnswer.wave_id == wave.id,
                OpenAnswer.token == token,
            )
            .order_by(OpenAnswer.position)
        )
        found += [_own_answer(survey, wave, questions.get(each.position), each) for each in replies]
    return found


async def own_waiting_answers(
    session: AsyncSession, workspace_id: str, employee_id: str
) -> list[WaitingAnswer]:
    """Return a person's answers that wait in pools; for that person's eyes only."""
    found = []
    for entry in await own_entries(session, workspace_id, employee_id):
        survey = await session.get(Survey, (workspace_id, entry.source))
        if survey and entry.value is not None:
            words = _(AGREE_LABELS[entry.value + 1])
            found.append(WaitingAnswer(survey.name, _(driver_label(entry.topic)), words))
    return found


def _own_answer(
    survey: Survey, wave: Wave, question: SurveyQuestion | None, reply: OpenAnswer
) -> OwnAnswer:
    chosen, text = None, _(ANYTHING_TO_ADD)
    if question:
        text, options = in_readers_language(
            question.text, question.options, translations_of(question.translations)
        )
        if reply.value is not None:
            chosen = in_words(Scale(question.scale), options, reply.value)
    return OwnAnswer(
        survey.name,
        _(text),
        reply.value,
        chosen,
        reply.comment,
        wave.closes_at,
    )


async def unanswered_waves(
    session: AsyncSession, workspace_id: str, employee_id: str
) -> list[Wave]:
    """Return the open waves that somebody was asked in and has not answered.

    The first to close comes first.
    """
    places = await _places(session, workspace_id, employee_id)
    tokens = await session.scalars(
        select(OpenAnswer.token).where(
            OpenAnswer.workspace_id == workspace_id,
            OpenAnswer.token.in_([token for _wave, token, _cohort in places]),
        )
    )
    answered = set(tokens)
    waves = [wave for wave, token, status in places if status == "asked" and token not in answered]
    return sorted(waves, key=lambda wave: (wave.closes_at, wave.id))


async def erase_own(session: AsyncSession, workspace_id: str, employee_id: str) -> None:
    """Delete somebody's answers in open waves and in pools, their invitations, and their questions.

    Locks the open waves' rows as an answer does, so that sealing waits or comes first. A sealed
    wave keeps the invitation until it is published: its figures would differ by this person.
    """
    for wave, token, _cohort in await _places(session, workspace_id, employee_id, lock=True):
        await session.execute(
            delete(OpenAnswer).where(
                OpenAnswer.workspace_id == workspace_id,
                OpenAnswer.wave_id == wave.id,
                OpenAnswer.token == token,
            )
        )
    await erase_own_entries(session, workspace_id, employee_id)
    await session.execute(
        delete(QuestionAsked).where(
            QuestionAsked.workspace_id == workspace_id, QuestionAsked.employee_id == employee_id
        )
    )
    await session.execute(
        delete(Invitation).where(
            Invitation.workspace_id == workspace_id,
            Invitation.employee_id == employee_id,
            exists().where(
                Wave.workspace_id == Invitation.workspace_id,
                Wave.id == Invitation.wave_id,
                Wave.status != "sealed",
            ),
        )
    )


def invited_to(*statuses: str) -> ColumnElement[bool]:
    """Return the condition that an employee is invited to a wave with this status."""
    return exists().where(
        Invitation.workspace_id == Employee.workspace_id,
        Invitation.employee_id == Employee.id,
        Wave.workspace_id == Invitation.workspace_id,
        Wave.id == Invitation.wave_id,
        Wave.status.in_(statuses),
    )


async def _places(
    session: AsyncSession, workspace_id: str, employee_id: str, *, lock: bool = False
) -> list[tuple[Wave, str, str]]:
    """Return somebody's open waves: wave, their token, the invitation's status."""
    query = (
        select(Wave, Invitation.status)
        .join(
            Invitation,
            (Invitation.workspace_id == Wave.workspace_id) & (Invitation.wave_id == Wave.id),
        )
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "open",
            Invitation.employee_id == employee_id,
        )
        .order_by(Wave.id)
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(read=True, of=Wave)
    found = await session.execute(query)
    return [
        (wave, respondent_token(wave.key, employee_id), status)
        for wave, status in found
        if wave.key
    ]
