"""Moves the answers of a week of the company pulse into pools, and takes out what may come out.

It runs when the week's wave is sealed, while its key still tells whose answers they are.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import SystemRandom
from typing import Final

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.bulk_insert import batches, insert_all
from bot.pulse.pools import COMPANY, PoolCell, PoolGroup, Release, gather
from bot.pulse.pure.cells import SMALL_TEAMS
from bot.pulse.pure.tokens import respondent_token
from bot.surveys.pure.closing import may_publish
from models import Cohort, Invitation, OpenAnswer, QuestionAsked, Survey, SurveyQuestion, Wave

MOST_STEPS: Final = 4
"""The most favourable answer on the scale of five, in steps from 0."""
TOKEN_BYTES: Final = 32
_random = SystemRandom()

Replies = Mapping[tuple[str, int], int]
"""Each answer of an open wave, by token and position."""


async def move_to_pools(session: AsyncSession, wave: Wave, survey: Survey, now: datetime) -> None:
    """Replace a wave's open answers by those that come out of the pools now.

    What comes out has random tokens, another one for each answer, and the number of the team's
    cohort. It is published with the wave. `wave.responded` is set, because nothing else tells how
    many people answered once their answers have moved.
    """
    if wave.key is None:
        raise ValueError("the wave is sealed already")
    replies = await open_replies(session, wave)
    questions = {each.position: each for each in survey.questions}
    asked: defaultdict[PoolCell, dict[str, int | None]] = defaultdict(dict)
    for each in await _asked(session, wave, replies):
        question = questions[each.position]
        value = replies.get((respondent_token(wave.key, each.employee_id), each.position))
        steps = None if value is None else _in_steps(question, value)
        asked[PoolCell(question.driver, each.label)][each.employee_id] = steps
    people, k = len({token for token, _ in replies}), wave.min_group_size
    wave.responded = people - people % k
    allowed = may_publish(
        responded=people,
        invited=wave.invited,
        k=k,
        ended_early=wave.ended_early_at is not None,
        anonymous=wave.anonymous,
    )
    cohorts = await _cohorts_by_label(session, wave) if allowed else {}
    group = PoolGroup(wave.workspace_id, COMPANY, wave.survey_id)
    out = await gather(session, group, asked, k, now, releasing=cohorts.keys())
    await session.execute(
        delete(OpenAnswer)
        .where(OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id)
        .execution_options(synchronize_session=False)
    )
    await _insert_released(session, wave, survey.questions, out, cohorts)


async def _insert_released(
    session: AsyncSession,
    wave: Wave,
    questions: Sequence[SurveyQuestion],
    out: Mapping[PoolCell, Release],
    cohorts: Mapping[str, int],
) -> None:
    """Insert what came out, in random order, as answers to the first question of each driver."""
    first: dict[str, SurveyQuestion] = {}
    for question in questions:
        first.setdefault(question.driver, question)
    rows = [
        {
            "workspace_id": wave.workspace_id,
            "wave_id": wave.id,
            "token": secrets.token_hex(TOKEN_BYTES),
            "position": first[cell.topic].position,
            "cohort_id": cohorts[cell.label],
            "value": _value(first[cell.topic], steps),
            "comment": None,
        }
        for cell, release in out.items()
        for steps in release.answers
    ]
    await insert_all(session, OpenAnswer, _random.sample(rows, len(rows)))


async def open_replies(session: AsyncSession, wave: Wave) -> Replies:
    """Return the choices of an open wave."""
    rows = await session.execute(
        select(OpenAnswer.token, OpenAnswer.position, OpenAnswer.value).where(
            OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id
        )
    )
    return {(token, position): value for token, position, value in rows if value is not None}


async def _asked(session: AsyncSession, wave: Wave, replies: Replies) -> list[QuestionAsked]:
    """Return the questions that reached people; forget those that did not.

    Those of people who were away are asked another time. Whoever answered was asked, even if a
    crash hid it.
    """
    rows = await session.execute(
        select(QuestionAsked, Invitation.status)
        .join(
            Invitation,
            (Invitation.workspace_id == QuestionAsked.workspace_id)
            & (Invitation.employee_id == QuestionAsked.employee_id),
        )
        .where(
            QuestionAsked.workspace_id == wave.workspace_id,
            QuestionAsked.survey_id == wave.survey_id,
            QuestionAsked.held_on == wave.held_on,
            Invitation.wave_id == wave.id,
        )
        .order_by(QuestionAsked.employee_id, QuestionAsked.position)
    )
    answered = {token for token, _ in replies}
    reached: list[QuestionAsked] = []
    missed: list[QuestionAsked] = []
    for question, status in rows:
        token = respondent_token(wave.key or b"", question.employee_id)
        is_asked = status != "pending" or token in answered
        (reached if is_asked else missed).append(question)
    for some in batches(missed):
        await session.execute(
            delete(QuestionAsked)
            .where(
                QuestionAsked.workspace_id == wave.workspace_id,
                QuestionAsked.survey_id == wave.survey_id,
                QuestionAsked.held_on == wave.held_on,
                tuple_(QuestionAsked.employee_id, QuestionAsked.position).in_(
                    [(each.employee_id, each.position) for each in some]
                ),
            )
            .execution_options(synchronize_session=False)
        )
    return reached


async def _cohorts_by_label(session: AsyncSession, wave: Wave) -> dict[str, int]:
    """Return the number of each team's cohort; cohort 0 is everybody who was asked."""
    rows = await session.execute(
        select(Cohort.team, Cohort.id).where(
            Cohort.workspace_id == wave.workspace_id, Cohort.wave_id == wave.id, Cohort.id > 0
        )
    )
    return {team or SMALL_TEAMS: number for team, number in rows}


def _in_steps(question: SurveyQuestion, value: int) -> int:
    """Return how favourable an answer from 1 to 5 is, in steps from 0."""
    return value - 1 if question.direction > 0 else MOST_STEPS + 1 - value


def _value(question: SurveyQuestion, steps: int) -> int:
    """Return the answer to a question that is so favourable; the inverse of `_in_steps`."""
    return steps + 1 if question.direction > 0 else MOST_STEPS + 1 - steps
