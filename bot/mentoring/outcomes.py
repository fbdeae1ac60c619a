"""How the programme goes, as HR may know it: published figures, never of a person.

A figure is published once it is made of at least k people, and anew once k people more, or fewer,
are in it: from two figures that differ by less, one could compute what a single person did. A share
is published where those on either side are none or at least k, and not below 2k where all are on
one side: the rules of the disclosure gate, for figures without segments.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.pairs import About, Met
from bot.mentoring.states import NO_ANSWER, SAID_YES
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
"""From this rating on a person says that the two fit, or that it helped much."""


class Measure(StrEnum):
    """What is told of a programme."""

    MATCHED = "matched"
    """People who have found a mentor."""
    WAITING = "waiting"
    """People who wait for one."""
    DAYS = "days to match"
    """The median of days from looking to both having agreed."""
    ACCEPTANCE = "acceptance"
    """The share of mentors asked who said yes, at least once."""
    MEETINGS = "meetings"
    """Meetings held."""
    FIT = "fit"
    """The share of people who say that the two fit."""
    HELPED = "helped"
    """The share of people who say at the end that it helped them much or very much."""


@dataclass(frozen=True)
class Figure:
    """A published figure: made of `n` people, a count, days, or a share 0..1."""

    measure: Measure
    n: int
    value: float
    published_at: datetime


@dataclass(frozen=True)
class _Candidate:
    measure: Measure
    people: int
    value: float
    is_share: bool = False


async def published(session: AsyncSession, workspace_id: str) -> dict[Measure, Figure]:
    """Return the figures that there are."""
    rows = await session.scalars(
        select(MentoringOutcome)
        .where(MentoringOutcome.workspace_id == workspace_id)
        .execution_options(populate_existing=True)
    )
    return {
        Measure(row.measure): Figure(Measure(row.measure), row.n, row.value, row.published_at)
        for row in rows
    }


async def workspaces_with_mentoring(session: AsyncSession) -> list[str]:
    """Return the workspaces in which anybody was ever asked to mentor, or waits."""
    rows = await session.scalars(
        select(MentoringProfile.workspace_id)
        .union(select(MentoringMatch.workspace_id))
        .order_by("workspace_id")
    )
    return list(rows)


async def publish_outcomes(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Publish the figures that may be; return how many are new."""
    workspace = await session.get_one(Workspace, workspace_id, with_for_update=KEY_SHARE)
    before = await published(session, workspace_id)
    new = 0
    for candidate in await _candidates(session, workspace_id):
        known = before.get(candidate.measure)
        counted = known.n if known else None
        if may_publish(candidate.people, counted, workspace.min_group_size) and (
            not candidate.is_share or _hides_each(candidate, known, workspace.min_group_size)
        ):
            await _store(session, workspace_id, candidate, now)
            new += 1
        elif candidate.measure is Measure.WAITING and known and candidate.people < known.n:
            new += await _withdraw(session, workspace_id, candidate, workspace.min_group_size)
    return new


def may_publish(people: int, before: int | None, k: int) -> bool:
    """Tell whether a figure of so many people may be published after one of `before`.

    >>> may_publish(4, None, 5), may_publish(5, None, 5), may_publish(9, 5, 5)
    (False, True, False)
    """
    return people >= k and (before is None or abs(people - before) >= k)


def may_show_share(share: float, people: int, k: int) -> bool:
    """Tell whether a share among so many people hides each of them.

    >>> may_show_share(0.5, 10, 5), may_show_share(0.9, 10, 5), may_show_share(1.0, 9, 5)
    (True, False, False)
    """
    return _hides(round(share * people), people, k)


def may_follow(before: tuple[float, int], after: tuple[float, int], k: int) -> bool:
    """Tell whether a share after another hides each of those who were not in both.

    Each is a share and the number of people. Whoever supposes that the others stayed as they were
    reads the newcomers' share, or the leavers', off the two.

    >>> may_follow((0.5, 10), (2 / 3, 15), 5), may_follow((0.5, 20), (0.5, 30), 5)
    (False, True)
    """
    (old_share, old), (new_share, new) = sorted((before, after), key=lambda each: each[1])
    yes = round(new_share * new) - round(old_share * old)
    # Beyond its bounds some of the others have changed, so that nothing can be read off.
    return not 0 <= yes <= new - old or _hides(yes, new - old, k)


def _hides_each(candidate: _Candidate, known: Figure | None, k: int) -> bool:
    after = candidate.value, candidate.people
    return may_show_share(*after, k) and (
        known is None or may_follow((known.value, known.n), after, k)
    )


def _hides(yes: int, people: int, k: int) -> bool:
    """Tell whether so many who say yes among people hide each of them."""
    if yes in (0, people):
        return people >= 2 * k
    return yes >= k and people - yes >= k


async def _candidates(session: AsyncSession, workspace_id: str) -> list[_Candidate]:
    matches = (
        await session.scalars(
            select(MentoringMatch).where(MentoringMatch.workspace_id == workspace_id)
        )
    ).all()
    waiting = await session.scalars(
        select(MentoringProfile.employee_id).where(
            MentoringProfile.workspace_id == workspace_id,
            MentoringProfile.looking_since.is_not(None),
        )
    )
    started = [match for match in matches if match.started_at is not None]
    mentees = len({match.mentee_id for match in started})
    return [
        _Candidate(Measure.MATCHED, mentees, mentees),
        _waiting(waiting.all()),
        _Candidate(Measure.DAYS, mentees, _median_days(started)),
        _acceptance(matches),
        await _meetings(session, workspace_id, started),
        await _share_of_ratings(session, workspace_id, Measure.FIT, About.FIT),
        await _share_of_ratings(session, workspace_id, Measure.HELPED, About.CLOSING),
    ]


def _waiting(people: Collection[str]) -> _Candidate:
    return _Candidate(Measure.WAITING, len(people), len(people))


def _median_days(started: Iterable[MentoringMatch]) -> float:
    """Count from when each mentee was on the list, and not what they had waited before a mentor."""
    waited = []
    free_since: dict[str, datetime] = {}
    for match in sorted(started, key=lambda match: (match.proposed_at, match.id)):
        if match.started_at is None:
            continue
        since = max(match.waiting_since, free_since.get(match.mentee_id, match.waiting_since))
        waited.append((match.started_at - since).total_seconds() / 86_400)
        free_since[match.mentee_id] = match.closed_at or match.started_at
    return float(round(median(waited))) if waited else 0.0


def _acceptance(matches: Iterable[MentoringMatch]) -> _Candidate:
    asked, said_yes = set(), set()
    for match in matches:
        accepted = (
            match.status in ("accepted", "active", "completed")
            or match.started_at is not None
            or match.close_reason in SAID_YES
        )
        if accepted:
            said_yes.add(match.mentor_id)
        if accepted or match.status == "declined" or match.close_reason == NO_ANSWER:
            asked.add(match.mentor_id)
    share = len(said_yes) / len(asked) if asked else 0.0
    return _Candidate(Measure.ACCEPTANCE, len(asked), share, is_share=True)


async def _meetings(
    session: AsyncSession, workspace_id: str, started: Iterable[MentoringMatch]
) -> _Candidate:
    held = (
        await session.scalars(
            select(MentoringMeeting.match_id).where(
                MentoringMeeting.workspace_id == workspace_id,
                MentoringMeeting.outcome == Met.YES.value,
            )
        )
    ).all()
    met = set(held)
    people = {
        person
        for match in started
        if match.id in met
        for person in (match.mentor_id, match.mentee_id)
    }
    return _Candidate(Measure.MEETINGS, len(people), len(held))


async def _share_of_ratings(
    session: AsyncSession, workspace_id: str, measure: Measure, about: About
) -> _Candidate:
    """Take each person's last word, so that one person counts once."""
    rows = await session.execute(
        select(MentoringFeedback.employee_id, MentoringFeedback.rating)
        .join(
            MentoringMatch,
            (MentoringMatch.workspace_id == MentoringFeedback.workspace_id)
            & (MentoringMatch.id == MentoringFeedback.match_id),
        )
        .where(
            MentoringFeedback.workspace_id == workspace_id,
            MentoringFeedback.about == about.value,
        )
        .order_by(MentoringMatch.started_at, MentoringMatch.id)
    )
    last = {row.employee_id: row.rating for row in rows}
    share = sum(rating >= FITS for rating in last.values()) / len(last) if last else 0.0
    return _Candidate(measure, len(last), share, is_share=True)


async def _store(
    session: AsyncSession, workspace_id: str, candidate: _Candidate, now: datetime
) -> None:
    key = {"workspace_id": workspace_id, "measure": candidate.measure.value}
    values = {"n": candidate.people, "value": candidate.value, "published_at": now}
    insert = insert_into(session, MentoringOutcome).values(**key, **values)
    await session.execute(insert.on_conflict_do_update(index_elements=[*key], set_=values))


async def _withdraw(session: AsyncSession, workspace_id: str, candidate: _Candidate, k: int) -> int:
    """Take back how many wait once fewer than k do: an old figure would mislead."""
    if candidate.people >= k:
        return 0
    await session.execute(
        delete(MentoringOutcome).where(
            MentoringOutcome.workspace_id == workspace_id,
            MentoringOutcome.measure == candidate.measure.value,
        )
    )
    return 1
