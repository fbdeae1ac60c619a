"""Publishing a sealed wave: read its answers, compute figures, store them, delete the answers.

Only this module reads anonymous answers and comments. It reads and computes outside of the storing
transaction, so presses are not blocked meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from secrets import SystemRandom
from typing import Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.history import earlier_figures
from bot.insights.pure.cell_figures import CompanyWeek, cell_figures, without_company
from bot.insights.pure.change import find_changes, with_changes
from bot.insights.pure.comment_release import ReleasedComment, release_comments
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.figures import compute_figures, publishable_segments
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import in_steps
from bot.insights.pure.sealed_wave import (
    NO_ANSWER,
    Responses,
    SealedComment,
    SealedQuestion,
    SealedWave,
)
from bot.insights.pure.segments import DIMENSIONS, MERGED_NOTE
from bot.insights.pure.stands_out import Statement, find_statements
from bot.insights.pure.theme_figures import theme_figures
from bot.insights.ready import tell_results_ready
from bot.insights.service import figures_of_wave, wave_before
from bot.insights.theme_terms import terms_of
from bot.masking import Names, mask
from bot.people.names import known_names
from bot.pulse.bulk_insert import insert_all
from bot.pulse.sealing import RESPONSE_ID_LENGTH
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.bank import strain_question
from bot.surveys.pure.closing import least_answers, may_publish
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from models import (
    Answer,
    Cohort,
    Comment,
    Figure,
    OpenAnswer,
    PublishedComment,
    Survey,
    Wave,
    Workspace,
)
from models.database import new_key

ANSWER_TABLES = (
    "deliveries",
    "invitations",
    "open_answers",
    "pool_comments",
    "pool_entries",
    "questions_asked",
)
"""Tables in which sealing and publishing delete or overwrite rows."""
KEY_TABLES = ("pools", "waves")
"""The tables with the keys of open waves and pools: small, rewritten once a key is destroyed."""

_random = SystemRandom()


@dataclass(frozen=True)
class PublicationInput:
    """Everything that a wave's publication is computed from."""

    workspace_id: str
    wave_id: str
    wave: SealedWave
    names: Names
    may_publish: bool
    """True if enough people answered to show anything."""
    about: WaveFigures
    """The wave's day and rules; its figures are to be computed."""
    earlier: Sequence[WaveFigures]
    """What the survey's earlier waves published."""
    company_week: CompanyWeek | None = None
    """Of the company pulse only: its answers are those that came out of pools."""


@dataclass(frozen=True)
class Publication:
    """The published result of a wave."""

    workspace_id: str
    wave_id: str
    responded: int
    """Number of people who answered, in steps of k."""
    figures: list[PublishedFigure]
    comments: list[ReleasedComment]
    stands_out: tuple[Statement, ...] = ()


async def waves_to_publish(session: AsyncSession) -> list[tuple[str, str]]:
    """Return (workspace id, wave id) of each sealed wave that is not published yet."""
    rows = await session.execute(
        select(Wave.workspace_id, Wave.id)
        .where(Wave.status == "sealed")
        .order_by(Wave.workspace_id, Wave.id)
    )
    return [(workspace_id, wave_id) for workspace_id, wave_id in rows]


async def drop_asking_wave(session: AsyncSession, workspace_id: str, wave_id: str) -> bool:
    """Delete a sealed wave whose answers wait in a milestone's pools; False for any other wave.

    It has nothing to publish, and would show single people beside the batches.
    """
    wave = await session.get(Wave, (workspace_id, wave_id), populate_existing=True)
    if wave is None or wave.status != "sealed" or wave.batch:
        return False
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    if survey.audience != AudienceKind.MILESTONE:
        return False
    await session.delete(wave)
    return True


async def read_sealed_wave(
    session: AsyncSession, workspace_id: str, wave_id: str
) -> PublicationInput | None:
    """Read what a sealed wave's publication is computed from; return None for any other wave."""
    wave = await session.get(Wave, (workspace_id, wave_id), populate_existing=True)
    if wave is None or wave.status != "sealed":
        return None
    workspace = await session.get_one(Workspace, workspace_id)
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    cohorts = (
        await session.scalars(
            select(Cohort).filter_by(workspace_id=wave.workspace_id, wave_id=wave.id)
        )
    ).all()
    questions = [
        SealedQuestion(
            question.position,
            question.driver,
            Scale(question.scale),
            question.direction,
            tuple(question.options),
            steps.strain_from if (steps := strain_question(question.bank_key)) else 0,
        )
        for question in survey.questions
    ]
    is_company_pulse = survey.cadence == Cadence.STANDING
    if is_company_pulse:
        # Cohort 0 is everybody who was asked; answers that came out are of teams.
        cohorts = [each for each in cohorts if each.id]
    responses = await _read_responses(session, wave, [each.position for each in questions])
    sealed = SealedWave(
        k=wave.min_group_size,
        questions=questions,
        cohorts={each.id: {name: getattr(each, name) for name in DIMENSIONS} for each in cohorts},
        invited={each.id: each.invited for each in cohorts},
        asked={each.id: each.invited if each.asked is None else each.asked for each in cohorts},
        responses=responses,
        comments=await _read_comments(session, wave, questions),
        members=wave.members,
        merged_before=await _merged_before(session, wave),
        digests={each.id: each.digest for each in cohorts},
        secret=workspace.figure_secret.encode(),
        theme_terms=frozenset(await terms_of(session, workspace_id)),
    )
    allowed = may_publish(
        responded=sealed.people(sealed.answered, sealed.answered),
        invited=wave.invited,
        k=wave.min_group_size,
        ended_early=wave.ended_early_at is not None,
        anonymous=wave.anonymous,
    )
    earlier = await earlier_figures(session, wave)
    return PublicationInput(
        workspace_id,
        wave_id,
        sealed,
        await known_names(session, workspace_id),
        allowed,
        WaveFigures(
            wave.held_on, wave.min_group_size, (), ended_early=wave.ended_early_at is not None
        ),
        without_company(earlier) if is_company_pulse else earlier,
        _company_week(wave) if is_company_pulse else None,
    )


def _company_week(wave: Wave) -> CompanyWeek:
    responded = wave.responded or 0
    needed = least_answers(
        wave.min_group_size, wave.invited, ended_early=wave.ended_early_at is not None
    )
    return CompanyWeek(wave.held_on, wave.invited, responded, responded >= needed)


def compute_publication(source: PublicationInput) -> Publication:
    """Compute figures and mask comments. Call it in a thread: a large company takes seconds."""
    wave = source.wave
    if source.company_week:
        return _compute_company_week(source, source.company_week)
    responded = in_steps(wave.people(wave.answered, wave.answered), wave.k)
    ids = source.workspace_id, source.wave_id
    candidates = publishable_segments(wave) if source.may_publish else None
    if candidates is None:
        return Publication(*ids, responded, [], [])
    comments = [
        replace(each, text=mask(each.text, source.names).text)
        for each in release_comments(wave, candidates)
    ]
    figures = [*compute_figures(wave, candidates), *theme_figures(wave, candidates)]
    waves = [*source.earlier, replace(source.about, figures=figures)]
    changes = find_changes(waves)
    return Publication(
        *ids,
        responded,
        with_changes(figures, changes),
        comments,
        find_statements(waves, changes),
    )


def _compute_company_week(source: PublicationInput, week: CompanyWeek) -> Publication:
    """Compute the figures of a week of the company pulse, which has no comments."""
    figures = cell_figures(source.wave, week, source.earlier)
    (newest,) = without_company([replace(source.about, figures=figures)])
    waves = [*source.earlier, newest]
    changes = find_changes(waves)
    return Publication(
        source.workspace_id,
        source.wave_id,
        week.responded,
        with_changes(figures, changes),
        [],
        find_statements(waves, changes),
    )


async def store_publication(session: AsyncSession, publication: Publication, now: datetime) -> bool:
    """Store a wave's publication and delete its answers; return False if it is not sealed.

    Answers of a named survey move to the tables that HR reads.
    """
    ids = publication.workspace_id, publication.wave_id
    wave = await session.get(Wave, ids, with_for_update=True, populate_existing=True)
    if wave is None or wave.status != "sealed":
        return False
    of_wave = {"workspace_id": wave.workspace_id, "wave_id": wave.id}
    await insert_all(
        session,
        Figure,
        ({**of_wave, "published_at": now, **asdict(each)} for each in publication.figures),
    )
    month = f"{now:%Y-%m}"
    await insert_all(
        session,
        PublishedComment,
        ({**of_wave, "month": month, **asdict(each)} for each in publication.comments),
    )
    if not wave.anonymous:
        await _keep_named(session, wave)
    await session.execute(
        delete(OpenAnswer)
        .where(OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id)
        .execution_options(synchronize_session=False)
    )
    wave.responded = publication.responded
    wave.stands_out = [asdict(each) for each in publication.stands_out]
    wave.status = "published"
    wave.published_at = now
    await tell_results_ready(session, wave, now)
    return True


async def _read_responses(session: AsyncSession, wave: Wave, positions: list[int]) -> Responses:
    """Return a wave's answers in columns; the database puts each person's answers in one row."""
    answers = [
        func.coalesce(func.max(case((OpenAnswer.position == each, OpenAnswer.value))), NO_ANSWER)
        for each in positions
    ]
    query = select(func.max(OpenAnswer.cohort_id), *answers).where(
        OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id
    )
    if wave.batch:
        # Its comments have authors of their own (`bot.pulse.milestones`), who gave no answer.
        query = query.where(OpenAnswer.value.is_not(None))
    rows = await session.execute(query.group_by(OpenAnswer.token))
    return Responses.of(positions, rows.all())


async def _read_comments(
    session: AsyncSession, wave: Wave, questions: Sequence[SealedQuestion]
) -> list[SealedComment]:
    """Return a wave's comments, each with how favourable the answer beside it is."""
    written = await session.execute(
        select(
            OpenAnswer.token,
            OpenAnswer.cohort_id,
            OpenAnswer.position,
            OpenAnswer.comment,
            OpenAnswer.value,
        ).where(
            OpenAnswer.workspace_id == wave.workspace_id,
            OpenAnswer.wave_id == wave.id,
            OpenAnswer.comment.is_not(None),
        )
    )
    asked = {question.position: question for question in questions}
    return [
        SealedComment(
            token,
            cohort,
            position,
            text,
            asked[position].favour(value) if position in asked else None,
        )
        for token, cohort, position, text, value in written
        if text
    ]


async def _keep_named(session: AsyncSession, wave: Wave) -> None:
    """Keep a named survey's answers by response, and its comments separately, in random order."""
    rows = await session.execute(
        select(OpenAnswer.token, OpenAnswer.position, OpenAnswer.value, OpenAnswer.comment).where(
            OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id
        )
    )
    of_wave = {"workspace_id": wave.workspace_id, "wave_id": wave.id}
    answers: list[dict[str, Any]] = []
    comments: list[dict[str, Any]] = []
    for token, position, value, text in rows:
        columns = {**of_wave, "id": new_key(), "position": position}
        if value is not None:
            answers.append({**columns, "response_id": token[:RESPONSE_ID_LENGTH], "value": value})
        if text:
            comments.append({**columns, "text": text})
    await insert_all(session, Answer, _shuffled(answers))
    await insert_all(session, Comment, _shuffled(comments))


def _shuffled(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows in random order: tables keep the order of insertion."""
    return iter(_random.sample(rows, len(rows)))


async def _merged_before(session: AsyncSession, wave: Wave) -> dict[str, list[list[str]]]:
    before = await wave_before(session, wave)
    merged: dict[str, list[list[str]]] = {}
    for figure in await figures_of_wave(session, before) if before else []:
        if figure.measure == "participation" and figure.note == MERGED_NOTE:
            merged.setdefault(figure.segment, []).append(figure.segment_values or [])
    return merged
