"""Moves the answers at a milestone into pools, and makes a batch of what comes out.

A milestone's survey asks a few people each day. When their window closes, while the wave's key
still tells whose answers they are, each answer goes to the pool of its question under a new random
name. From then on nobody can find it again, its author neither. `bot.pulse.pure.pools` has the rule
of release, and what an attacker could learn.

What comes out becomes a wave of its own, a batch, which is published like any other. Comments wait
in a pool of their own, and come out beside a batch (`bot.pulse.milestone_comments`). The wave that
asked has nothing to publish, and is deleted (`bot.insights.publishing`).
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from secrets import SystemRandom
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.pulse.bulk_insert import insert_all
from bot.pulse.company.sealing import TOKEN_BYTES, Replies, open_replies
from bot.pulse.milestone_comments import Comments, gather_comments
from bot.pulse.pools import MILESTONE, PoolCell, PoolGroup, Release, gather
from bot.pulse.pure.cohorts import members_digest
from bot.pulse.pure.tokens import respondent_token
from bot.pulse.steps import WHOLE_PULSE
from models import Cohort, Invitation, JourneyStep, OpenAnswer, Survey, Wave, Workspace
from models.database import new_key

EVERYBODY: Final = ""
"""The label of a milestone's pools: a batch is too small for groups."""
TOPIC_LENGTH: Final = 40
ANSWERERS: Final = 0
AUTHORS: Final = 1
"""The cohorts of a batch: its comments have authors of their own, whom no answer leads to."""
_random = SystemRandom()


async def move_answers(session: AsyncSession, wave: Wave, survey: Survey, now: datetime) -> None:
    """Move a wave's answers into the pools of its milestone, and store a batch if one comes out.

    A question has the same pool after HR has changed the others.
    """
    if wave.key is None or survey.audience_ref is None:
        raise ValueError("the wave is sealed already, or asks at no milestone")
    replies = await open_replies(session, wave)
    people = await _reached(session, wave, survey.audience_ref, replies)
    asked: defaultdict[PoolCell, dict[str, int | None]] = defaultdict(dict)
    cells = {_cell(question.text): question.position for question in survey.questions}
    for person in people:
        token = respondent_token(wave.key, person)
        for cell, position in cells.items():
            asked[cell][new_key()] = replies.get((token, position))
    group = PoolGroup(wave.workspace_id, MILESTONE, survey.audience_ref)
    out = await gather(session, group, asked, wave.min_group_size, now, releasing={EVERYBODY})
    comments = None
    if people:
        comments = await gather_comments(
            session,
            wave,
            survey.audience_ref,
            people,
            {WHOLE_PULSE: "", **{position: cell.topic for cell, position in cells.items()}},
            max((each.k for each in out.values()), default=wave.min_group_size),
            now,
            with_batch=bool(out),
        )
    await session.execute(
        delete(OpenAnswer)
        .where(OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id)
        .execution_options(synchronize_session=False)
    )
    if out:
        released = {cells[cell]: release for cell, release in out.items()}
        batch = await _store_batch(session, survey, released, now)
        if comments:
            positions = {cell.topic: position for cell, position in cells.items()}
            await _store_comments(session, batch, comments, {**positions, "": WHOLE_PULSE})


async def _store_batch(
    session: AsyncSession, survey: Survey, out: Mapping[int, Release], now: datetime
) -> Wave:
    """Store what came out, by question, as a sealed wave, which is published next.

    Each question's answers are given to made-up respondents in random order, so that no row tells
    which answers one person gave.
    """
    workspace = await session.get_one(Workspace, survey.workspace_id)
    before = await session.scalar(
        select(func.max(Wave.batch)).where(
            Wave.workspace_id == survey.workspace_id, Wave.survey_id == survey.id
        )
    )
    asked = max(each.asked for each in out.values())
    batch = Wave(
        workspace_id=survey.workspace_id,
        id=new_key(),
        survey_id=survey.id,
        held_on=now.astimezone(zone_of(workspace.tz)).date(),
        batch=(before or 0) + 1,
        opened_at=now,
        closes_at=now,
        status="sealed",
        anonymous=True,
        min_group_size=max(each.k for each in out.values()),
        key=None,
        invited=asked,
        asked=asked,
        sealed_at=now,
    )
    session.add(batch)
    await session.flush()
    of_batch = {"workspace_id": batch.workspace_id, "wave_id": batch.id}
    # A batch shares nobody with another one, so its own id stands for its people.
    digest = members_digest(workspace.figure_secret.encode(), [batch.id])
    session.add(Cohort(**of_batch, id=ANSWERERS, invited=asked, digest=digest))
    await session.flush()
    tokens = [
        secrets.token_hex(TOKEN_BYTES)
        for _ in range(max(len(each.answers) for each in out.values()))
    ]
    rows = [
        {
            **of_batch,
            "token": token,
            "position": position,
            "cohort_id": ANSWERERS,
            "value": value,
            "comment": None,
        }
        for position, release in out.items()
        for token, value in zip(
            _random.sample(tokens, len(release.answers)), release.answers, strict=True
        )
    ]
    await insert_all(session, OpenAnswer, _random.sample(rows, len(rows)))
    return batch


async def _store_comments(
    session: AsyncSession, batch: Wave, comments: Comments, positions: Mapping[str, int]
) -> None:
    """Store comments that come out beside a batch, under made-up authors, in random order.

    `positions` has the position of each topic. A question that HR took out has none: what was
    written about it stands under no question.
    """
    of_batch = {"workspace_id": batch.workspace_id, "wave_id": batch.id}
    # Nobody of them was asked for the batch's answers, which `invited` counts.
    session.add(Cohort(**of_batch, id=AUTHORS, invited=0, asked=comments.asked))
    await session.flush()
    removed = sorted({each.topic for each in comments.written} - positions.keys())
    first = max(positions.values()) + 1
    at = {**positions, **{topic: first + number for number, topic in enumerate(removed)}}
    tokens = {each.author: secrets.token_hex(TOKEN_BYTES) for each in comments.written}
    rows = [
        {
            **of_batch,
            "token": tokens[each.author],
            "position": at[each.topic],
            "cohort_id": AUTHORS,
            "value": None,
            "comment": each.comment,
        }
        for each in comments.written
    ]
    await insert_all(session, OpenAnswer, _random.sample(rows, len(rows)))


async def _reached(
    session: AsyncSession, wave: Wave, milestone: str, replies: Replies
) -> list[str]:
    """Return the people whom the question reached; the others can be asked another day.

    Whoever answered was asked, even if a crash hid it.
    """
    rows = await session.execute(
        select(Invitation.employee_id, Invitation.status)
        .where(Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id)
        .order_by(Invitation.employee_id)
    )
    answered = {token for token, _ in replies}
    reached: list[str] = []
    missed: list[str] = []
    for person, status in rows:
        is_asked = status != "pending" or respondent_token(wave.key or b"", person) in answered
        (reached if is_asked else missed).append(person)
    if missed:
        await session.execute(
            delete(JourneyStep)
            .where(
                JourneyStep.workspace_id == wave.workspace_id,
                JourneyStep.milestone == milestone,
                JourneyStep.passed_on == wave.held_on,
                JourneyStep.employee_id.in_(missed),
            )
            .execution_options(synchronize_session=False)
        )
    return reached


def _cell(question: str) -> PoolCell:
    return PoolCell(sha256(question.encode()).hexdigest()[:TOPIC_LENGTH], EVERYBODY)
