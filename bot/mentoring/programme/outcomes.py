"""Publishes the programme's figures for HR, never a single person's.

A figure is published once at least k people are in it, and again once k more or k fewer are: two
figures that differ by fewer people would reveal what one person did. A share is published if each
side has at least k people, or if all of at least 2k people are on one side. These are the rules of
the disclosure gate, for figures without segments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Float, case, cast, delete, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.match_states import NO_ANSWER, SAID_YES
from bot.mentoring.pairs.service import About, Met
from models import (
    MentoringFeedback,
    MentoringMatch,
    MentoringMeeting,
    MentoringOutcome,
    MentoringProfile,
    Workspace,
)
from models.database import KEY_SHARE, insert_into

FITS = 3
"""Lowest rating that counts as fitting well, or as having helped much."""


class OutcomeMeasure(StrEnum):
    """What is measured of a programme."""

    MATCHED = "matched"
    """People who have found a mentor."""
    WAITING = "waiting"
    """People who wait for one."""
    DAYS = "days to match"
    """Median days from looking to both having agreed."""
    ACCEPTANCE = "acceptance"
    """Share of the asked mentors who said yes at least once."""
    MEETINGS = "meetings"
    """Meetings held."""
    FIT = "fit"
    """Share of people who say that the two fit."""
    HELPED = "helped"
    """Share of people who say at the end that it helped them much or very much."""


@dataclass(frozen=True)
class OutcomeFigure:
    """A published figure of `n` people: a count, days, or a share from 0 to 1."""

    measure: OutcomeMeasure
    n: int
    value: float
    published_at: datetime


@dataclass(frozen=True)
class Candidate:
    """A figure that will be published if the rules allow it."""

    measure: OutcomeMeasure
    people: int
    value: float
    is_share: bool = False


async def published(
    session: AsyncSession, workspace_id: str
) -> dict[OutcomeMeasure, OutcomeFigure]:
    """Return the published figures."""
    rows = await session.scalars(
        select(MentoringOutcome)
        .where(MentoringOutcome.workspace_id == workspace_id)
        .execution_options(populate_existing=True)
    )
    return {
        OutcomeMeasure(row.measure): OutcomeFigure(
            OutcomeMeasure(row.measure), row.n, row.value, row.published_at
        )
        for row in rows
    }


async def workspaces_with_mentoring(session: AsyncSession) -> list[str]:
    """Return the workspaces that have a profile or a match."""
    rows = await session.scalars(
        select(MentoringProfile.workspace_id)
        .union(select(MentoringMatch.workspace_id))
        .order_by("workspace_id")
    )
    return list(rows)


async def read_candidates(session: AsyncSession, workspace_id: str) -> list[Candidate]:
    """Return the figures that could be published; the database counts."""
    workspace = await session.get_one(Workspace, workspace_id)
    before = await published(session, workspace_id)
    matched = await _matched(session, workspace_id)
    found = [
        matched,
        await _waiting(session, workspace_id),
        await _acceptance(session, workspace_id),
        await _meetings(session, workspace_id),
        await _share_of_ratings(session, workspace_id, OutcomeMeasure.FIT, About.FIT),
        await _share_of_ratings(session, workspace_id, OutcomeMeasure.HELPED, About.CLOSING),
    ]
    known = before.get(OutcomeMeasure.DAYS)
    # The median takes longest to compute, and usually may not be published anyway.
    if may_publish_outcome(matched.people, known.n if known else None, workspace.min_group_size):
        days = await _median_days(session, workspace_id, matched.people)
        found.append(Candidate(OutcomeMeasure.DAYS, matched.people, days))
    return found


async def publish_outcomes(
    session: AsyncSession, workspace_id: str, candidates: Iterable[Candidate], now: datetime
) -> int:
    """Publish the figures that the rules allow; return how many are new."""
    workspace = await session.get_one(
        Workspace, workspace_id, with_for_update=KEY_SHARE, populate_existing=True
    )
    before = await published(session, workspace_id)
    new = 0
    for candidate in candidates:
        known = before.get(candidate.measure)
        counted = known.n if known else None
        if may_publish_outcome(candidate.people, counted, workspace.min_group_size) and (
            not candidate.is_share or _hides_each(candidate, known, workspace.min_group_size)
        ):
            await _store(session, workspace_id, candidate, now)
            new += 1
        elif candidate.measure is OutcomeMeasure.WAITING and known and candidate.people < known.n:
            new += await _withdraw(session, workspace_id, candidate, workspace.min_group_size)
    return new


def may_publish_outcome(people: int, before: int | None, k: int) -> bool:
    """Return True if a figure of `people` people may follow a published one of `before` people.

    >>> [may_publish_outcome(*each, 5) for each in ((4, None), (5, None), (9, 5))]
    [False, True, False]
    """
    return people >= k and (before is None or abs(people - before) >= k)


def may_show_share(share: float, people: int, k: int) -> bool:
    """Return True if a share among `people` people hides each of them.

    >>> may_show_share(0.5, 10, 5), may_show_share(0.9, 10, 5), may_show_share(1.0, 9, 5)
    (True, False, False)
    """
    return _hides(round(share * people), people, k)


def may_follow(before: tuple[float, int], after: tuple[float, int], k: int) -> bool:
    """Return True if two successive shares hide each person who joined or left between them.

    Each argument is a share and the number of people. A reader who assumes that the others did not
    change can compute the share of the people who joined or left.

    >>> may_follow((0.5, 10), (2 / 3, 15), 5), may_follow((0.5, 20), (0.5, 30), 5)
    (False, True)
    """
    (old_share, old), (new_share, new) = sorted((before, after), key=lambda each: each[1])
    yes = round(new_share * new) - round(old_share * old)
    # Out of bounds, some of the others must have changed, so the reader's assumption fails.
    return not 0 <= yes <= new - old or _hides(yes, new - old, k)


def _hides_each(candidate: Candidate, known: OutcomeFigure | None, k: int) -> bool:
    after = candidate.value, candidate.people
    return may_show_share(*after, k) and (
        known is None or may_follow((known.value, known.n), after, k)
    )


def _hides(yes: int, people: int, k: int) -> bool:
    """Return True if `yes` out of `people` people hides each of them."""
    if yes in (0, people):
        return people >= 2 * k
    return yes >= k and people - yes >= k


async def _matched(session: AsyncSession, workspace_id: str) -> Candidate:
    started = select(func.count(MentoringMatch.mentee_id.distinct())).where(
        MentoringMatch.workspace_id == workspace_id, MentoringMatch.started_at.is_not(None)
    )
    mentees = await session.scalar(started) or 0
    return Candidate(OutcomeMeasure.MATCHED, mentees, mentees)


async def _waiting(session: AsyncSession, workspace_id: str) -> Candidate:
    looking = select(func.count()).where(
        MentoringProfile.workspace_id == workspace_id, MentoringProfile.looking_since.is_not(None)
    )
    people = await session.scalar(looking) or 0
    return Candidate(OutcomeMeasure.WAITING, people, people)


async def _median_days(session: AsyncSession, workspace_id: str, mentees: int) -> float:
    """Count from when each mentee came on the list, without waiting before an earlier mentor."""
    match = MentoringMatch
    free_since = func.lag(func.coalesce(match.closed_at, match.started_at)).over(
        partition_by=match.mentee_id, order_by=(match.proposed_at, match.id)
    )
    started = (
        select(match.started_at, match.waiting_since, free_since.label("free_since"))
        .where(match.workspace_id == workspace_id, match.started_at.is_not(None))
        .subquery()
    )
    since = case(
        (started.c.free_since > started.c.waiting_since, started.c.free_since),
        else_=started.c.waiting_since,
    )
    days = _days(session, started.c.started_at) - _days(session, since)
    count = await session.scalar(select(func.count()).select_from(started)) or 0
    if not mentees or not count:
        return 0.0
    middle = select(days.label("days")).order_by("days").offset((count - 1) // 2).limit(2)
    # The one in the middle of an odd number, or the two of an even number.
    waited = (await session.scalars(middle)).all()[: 2 - count % 2]
    return float(round(sum(waited) / len(waited)))


def _days(session: AsyncSession, moment: ColumnElement[datetime]) -> ColumnElement[float]:
    """Return a moment as a number of days, on either database."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.extract("epoch", moment) / 86_400, Float)
    return func.julianday(moment, type_=Float)


async def _acceptance(session: AsyncSession, workspace_id: str) -> Candidate:
    match = MentoringMatch
    accepted = or_(
        match.status.in_(("accepted", "active", "completed")),
        match.started_at.is_not(None),
        match.close_reason.in_(SAID_YES),
    )
    refused = or_(match.status == "declined", match.close_reason == NO_ANSWER)
    row = (
        await session.execute(
            select(
                func.count(case((accepted, match.mentor_id)).distinct()),
                func.count(case((or_(accepted, refused), match.mentor_id)).distinct()),
            ).where(match.workspace_id == workspace_id)
        )
    ).one()
    said_yes, asked = row
    share = said_yes / asked if asked else 0.0
    return Candidate(OutcomeMeasure.ACCEPTANCE, asked, share, is_share=True)


async def _meetings(session: AsyncSession, workspace_id: str) -> Candidate:
    meeting, match = MentoringMeeting, MentoringMatch
    met = meeting.workspace_id == workspace_id, meeting.outcome == Met.YES.value
    of_started = (
        match.workspace_id == workspace_id,
        match.started_at.is_not(None),
        match.id.in_(select(meeting.match_id).where(*met)),
    )
    people = union(
        select(match.mentor_id).where(*of_started), select(match.mentee_id).where(*of_started)
    ).subquery()
    held = await session.scalar(select(func.count()).where(*met)) or 0
    who = await session.scalar(select(func.count()).select_from(people)) or 0
    return Candidate(OutcomeMeasure.MEETINGS, who, held)


async def _share_of_ratings(
    session: AsyncSession, workspace_id: str, measure: OutcomeMeasure, about: About
) -> Candidate:
    """Count each person's latest rating, so that everybody counts once."""
    turn = func.row_number().over(
        partition_by=MentoringFeedback.employee_id,
        order_by=(MentoringMatch.started_at.desc(), MentoringMatch.id.desc()),
    )
    said = (
        select(MentoringFeedback.rating, turn.label("turn"))
        .join(
            MentoringMatch,
            (MentoringMatch.workspace_id == MentoringFeedback.workspace_id)
            & (MentoringMatch.id == MentoringFeedback.match_id),
        )
        .where(
            MentoringFeedback.workspace_id == workspace_id,
            MentoringFeedback.about == about.value,
        )
        .subquery()
    )
    fits = func.count(case((said.c.rating >= FITS, 1)))
    row = (await session.execute(select(func.count(), fits).where(said.c.turn == 1))).one()
    people, content = row
    return Candidate(measure, people, content / people if people else 0.0, is_share=True)


async def _store(
    session: AsyncSession, workspace_id: str, candidate: Candidate, now: datetime
) -> None:
    key = {"workspace_id": workspace_id, "measure": candidate.measure.value}
    values = {"n": candidate.people, "value": candidate.value, "published_at": now}
    insert = insert_into(session, MentoringOutcome).values(**key, **values)
    await session.execute(insert.on_conflict_do_update(index_elements=[*key], set_=values))


async def _withdraw(session: AsyncSession, workspace_id: str, candidate: Candidate, k: int) -> int:
    """Withdraw the number of waiting people once it falls below k: an old figure would mislead."""
    if candidate.people >= k:
        return 0
    await session.execute(
        delete(MentoringOutcome).where(
            MentoringOutcome.workspace_id == workspace_id,
            MentoringOutcome.measure == candidate.measure.value,
        )
    )
    return 1
