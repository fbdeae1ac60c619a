"""A wave closes: from here on nobody can tie an answer to a person, or tell who answered.

What this cannot reach is said in docs/privacy.md: backups, write-ahead logs and rows that the
database has not yet overwritten.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from secrets import SystemRandom
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.bulk import insert_all
from bot.pulse.tokens import respondent_token
from bot.slack.deliveries import drop_due_of_wave
from bot.surveys.asking import asking_of
from bot.surveys.closing import Asking, earliest_close
from models import (
    Answer,
    Cohort,
    Comment,
    Invitation,
    NamedResponse,
    OpenAnswer,
    Wave,
)
from models.database import new_key

Row = dict[str, Any]

_random = SystemRandom()


class _Reply(NamedTuple):
    """An open answer, as it is read for sealing."""

    token: str
    position: int
    cohort_id: int
    value: int | None
    comment: str | None


async def waves_to_close(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, wave id) of open waves whose time is over.

    Where messages went out late, a wave first gets the rest of the last person's day.
    """
    due = await session.execute(
        select(Wave.workspace_id, Wave.id)
        .where(Wave.status == "open", Wave.closes_at <= now)
        .order_by(Wave.closes_at, Wave.id)
    )
    ready = []
    for workspace_id, wave_id in due.all():
        asking = (await asking_of(session, workspace_id, [wave_id], now))[wave_id]
        # People who have no question by now are not asked any more.
        earliest = earliest_close(Asking(asking.last_asked), now)
        if earliest <= now:
            ready.append((workspace_id, wave_id))
            continue
        await session.execute(
            update(Wave)
            .where(Wave.workspace_id == workspace_id, Wave.id == wave_id, Wave.status == "open")
            .values(closes_at=earliest)
            .execution_options(synchronize_session=False)
        )
    return ready


async def seal(session: AsyncSession, workspace_id: str, wave_id: str, now: datetime) -> bool:
    """Close a wave for good; return False when it is closed already or unknown.

    The lock on the wave waits for answers under way and keeps later ones out. Answers and comments
    move to their final tables in random order under random ids; the tokens go with the open rows,
    and the key that could make them again is destroyed. What remains of who answered is a number
    per cohort: an invitation that told it would give away those of a cohort in which few answered.
    """
    wave = await session.get(
        Wave, (workspace_id, wave_id), with_for_update=True, populate_existing=True
    )
    if wave is None or wave.key is None:
        return False
    replies = await _open_replies(session, wave)
    response_ids = {token: new_key() for token in {reply.token for reply in replies}}

    await insert_all(session, Answer, _shuffled(_answers(wave, replies, response_ids)))
    await insert_all(session, Comment, _shuffled(_comments(wave, replies)))
    if not wave.anonymous:
        # Not of who only wrote: with a name to an empty response, the comment would have one, too.
        chose = {reply.token for reply in replies if reply.value is not None}
        named = {token: key for token, key in response_ids.items() if token in chose}
        await _name_responses(session, wave, wave.key, named)
    await _delete_open_answers(session, wave)
    await _count_answered(session, wave, replies)
    await _close_invitations(session, wave)
    # A claimed message is the sender's, which composes nothing for a wave without its key.
    await drop_due_of_wave(session, workspace_id, wave_id)

    wave.responded = len(response_ids)
    wave.key = None
    wave.status = "sealed"
    wave.sealed_at = now
    await session.flush()
    return True


async def _open_replies(session: AsyncSession, wave: Wave) -> list[_Reply]:
    found = await session.execute(
        select(
            OpenAnswer.token,
            OpenAnswer.position,
            OpenAnswer.cohort_id,
            OpenAnswer.value,
            OpenAnswer.comment,
        ).where(OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id)
    )
    return [_Reply(*row) for row in found]


def _answers(
    wave: Wave, replies: Sequence[_Reply], response_ids: Mapping[str, str]
) -> Iterator[Row]:
    for reply in replies:
        if reply.value is not None:
            yield {
                "workspace_id": wave.workspace_id,
                "id": new_key(),
                "wave_id": wave.id,
                "response_id": response_ids[reply.token],
                "cohort_id": reply.cohort_id,
                "position": reply.position,
                "value": reply.value,
            }


def _comments(wave: Wave, replies: Sequence[_Reply]) -> Iterator[Row]:
    for reply in replies:
        if reply.comment:
            yield {
                "workspace_id": wave.workspace_id,
                "id": new_key(),
                "wave_id": wave.id,
                "cohort_id": reply.cohort_id,
                "position": reply.position,
                "text": reply.comment,
            }


def _shuffled(rows: Iterator[Row]) -> list[Row]:
    """Forget the order: tables keep the one in which rows come in."""
    shuffled = list(rows)
    _random.shuffle(shuffled)
    return shuffled


async def _name_responses(
    session: AsyncSession, wave: Wave, key: bytes, response_ids: Mapping[str, str]
) -> None:
    """Write down whose each response is: a named survey says so with every question."""
    invited = await session.scalars(
        select(Invitation.employee_id).where(
            Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id
        )
    )
    owners = {respondent_token(key, employee_id): employee_id for employee_id in invited}
    await insert_all(
        session,
        NamedResponse,
        (
            {
                "workspace_id": wave.workspace_id,
                "response_id": response_id,
                "wave_id": wave.id,
                "employee_id": owners[token],
            }
            for token, response_id in response_ids.items()
            if token in owners
        ),
    )


async def _delete_open_answers(session: AsyncSession, wave: Wave) -> None:
    await session.execute(
        delete(OpenAnswer)
        .where(OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id)
        .execution_options(synchronize_session=False)
    )


async def _count_answered(session: AsyncSession, wave: Wave, replies: Sequence[_Reply]) -> None:
    """Keep how many people of each cohort answered."""
    answered = Counter(
        cohort_id for _, cohort_id in {(each.token, each.cohort_id) for each in replies}
    )
    cohorts = await session.scalars(
        select(Cohort).where(Cohort.workspace_id == wave.workspace_id, Cohort.wave_id == wave.id)
    )
    for cohort in cohorts:
        cohort.answered = answered[cohort.id]


async def _close_invitations(session: AsyncSession, wave: Wave) -> None:
    """Make all invitations alike.

    They are written anew in the order of people's ids: PostgreSQL keeps with a row which
    transaction wrote it, and tables keep the order of changes.
    """
    of_wave = Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id
    invited = (await session.scalars(select(Invitation.employee_id).where(*of_wave))).all()
    await session.execute(
        delete(Invitation).where(*of_wave).execution_options(synchronize_session=False)
    )
    await insert_all(
        session,
        Invitation,
        (
            {
                "workspace_id": wave.workspace_id,
                "wave_id": wave.id,
                "employee_id": employee_id,
                "cohort_id": None,
                "status": "closed",
            }
            for employee_id in sorted(invited)
        ),
    )
