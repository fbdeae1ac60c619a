"""A round is read, computed and stored; what changed meanwhile is noticed."""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAllowedError
from bot.mentoring.profiles import service as profiles
from bot.mentoring.programme import overview
from bot.mentoring.programme.service import (
    plan_due_rounds,
    plan_round,
    programme_of,
    save_programme,
)
from bot.mentoring.proposals import service as proposals
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pure.matching import Pair, Round
from bot.mentoring.rounds.pure.scoring import Weights
from bot.mentoring.rounds.read_pool import RoundTask
from models import Employee, MentoringMatch, MentoringProfile, MentoringRound
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.mentoring.programmes import (
    TOPIC,
    actor,
    letters,
    mentee,
    mentor,
    person,
    programme,
    proposed,
    task_now,
    within,
)

MENTOR, MENTEE, OTHER = (person(number) for number in range(3))


async def held(session: AsyncSession, *changes: MentoringProfile) -> list[tuple[str, str]]:
    """Plan, compute and store a round; `changes` come in between."""
    assert await plan_round(session, actor(ADMIN), NOW)
    [(workspace_id, round_id)] = await rounds.planned_rounds(session, "mentors")
    task = await rounds.planned_round_task(within(session), workspace_id, round_id, NOW)
    assert task
    for change in changes:
        await session.merge(change)
    await session.flush()
    result = rounds.compute_round(task)
    await rounds.store_round(within(session), workspace_id, round_id, result, NOW)
    assert await rounds.planned_rounds(session, "mentors") == []
    matches = await session.scalars(select(MentoringMatch))
    return [(match.mentor_id, match.mentee_id) for match in matches]


async def test_the_mentor_is_asked_and_whoever_is_left_is_told_why(session: AsyncSession) -> None:
    rust = mentee(OTHER, wants=["Rust"])
    await programme(session, mentor(MENTOR), mentee(MENTEE), rust)
    assert await held(session) == [(MENTOR, MENTEE)]
    [(kind, detail)] = await letters(session, OTHER)
    assert (kind, detail["why"], detail["missing"]) == (
        "mentor_waiting",
        "nobody_offers",
        [["Rust", 1]],
    )
    assert [kind for kind, _ in await letters(session, MENTOR)] == ["mentor_proposal"]
    assert await letters(session, MENTEE) == []


@pytest.mark.parametrize(
    "change",
    [
        mentor(MENTOR, capacity=0),
        mentor(MENTOR, paused_until=NOW.date() + timedelta(days=2)),
        mentee(MENTEE, looking_since=None),
        mentee(MENTEE, paused_until=NOW.date() + timedelta(days=2)),
    ],
)
async def test_who_changed_their_mind_while_it_was_computed_is_not_matched(
    session: AsyncSession, change: MentoringProfile
) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE))
    columns = {column.name: getattr(change, column.name) for column in change.__table__.columns}
    known = {name: value for name, value in columns.items() if value is not None}
    fresh = MentoringProfile(**{**known, "looking_since": change.looking_since})
    assert await held(session, fresh) == []


async def test_a_round_is_stored_once(session: AsyncSession) -> None:
    await programme(session, mentor(MENTOR, capacity=2), mentee(MENTEE))
    await held(session)
    done = (await session.scalars(select(MentoringRound))).one()
    task = await task_now(session)
    result = rounds.compute_round(task)
    assert await rounds.store_round(within(session), WORKSPACE, done.id, result, NOW) == 0


async def test_a_round_that_breaks_off_is_held_again_for_those_who_are_left(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions.begin() as session:
        pairs = [mentor(person(number)) for number in range(4)]
        await programme(session, *pairs, *(mentee(person(number)) for number in range(4, 8)))
        assert await plan_round(session, actor(ADMIN), NOW)
        [(workspace_id, round_id)] = await rounds.planned_rounds(session, "mentors")
    opened = 0

    def breaking_off() -> Any:
        nonlocal opened
        opened += 1
        if opened == 2:
            raise OSError("the power went")
        return sessions.begin()

    monkeypatch.setattr(rounds, "_STORED_AT_ONCE", 2)
    task = await rounds.planned_round_task(sessions.begin, workspace_id, round_id, NOW)
    assert task
    result = rounds.compute_round(task)
    with pytest.raises(OSError, match="power"):
        await rounds.store_round(breaking_off, workspace_id, round_id, result, NOW)
    task = await rounds.planned_round_task(sessions.begin, workspace_id, round_id, NOW)
    assert task
    assert len(task.pool.mentees) == 2, "the others are being asked for already"
    rest = rounds.compute_round(task)
    assert await rounds.store_round(sessions.begin, workspace_id, round_id, rest, NOW) == 2
    async with sessions.begin() as session:
        asked = list(await session.scalars(select(MentoringMatch.mentor_id)))
        assert sorted(asked) == [person(number) for number in range(4)]
        assert await rounds.planned_rounds(session, "mentors") == []


async def test_own_manager_never_with_and_those_who_said_no_are_not_asked(
    session: AsyncSession,
) -> None:
    manager, avoided, declined = (person(number) for number in (3, 4, 5))
    await programme(
        session,
        mentor(manager),
        mentor(avoided),
        mentor(declined),
        mentee(MENTEE, never_with=[avoided]),
    )
    (await session.get_one(Employee, (WORKSPACE, MENTEE))).manager_id = manager
    match = await proposed(session, declined, MENTEE)
    await proposals.decline(session, actor(declined), match.id, NOW)
    task = await task_now(session)
    result = rounds.compute_round(task)
    assert result.pairs == ()
    assert not isinstance(proposals.best_for(MENTEE, task), Pair)
    assert [left.why.value for left in result.unmatched] == ["nobody_free"], "it tells nothing"


async def test_first_in_line_comes_before_a_better_score(session: AsyncSession) -> None:
    later = NOW - timedelta(days=1)
    long_waiting = mentee(OTHER, looking_since=NOW - timedelta(days=400))
    lost_theirs = mentee(MENTEE, looking_since=later, first_in_line=True)
    await programme(session, mentor(MENTOR), long_waiting, lost_theirs)
    task = await task_now(session)
    assert [pair.mentee_id for pair in rounds.compute_round(task).pairs] == [MENTEE]
    ordinary = replace(task, first_in_line=frozenset())
    assert [pair.mentee_id for pair in rounds.compute_round(ordinary).pairs] == [OTHER]


async def test_a_large_round_is_computed_in_a_process_of_its_own(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE), mentee(OTHER, wants=["Rust"]))
    task = await task_now(session)
    monkeypatch.setattr(rounds, "LARGE", 1)
    assert await rounds.compute_round_in_background(task) == rounds.compute_round(task)


async def test_the_event_loop_neither_computes_nor_waits_for_the_process(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited_in: list[int] = []

    class Watched(ProcessPoolExecutor):
        def shutdown(self, *args: Any, **kwargs: Any) -> None:
            waited_in.append(threading.get_ident())
            super().shutdown(*args, **kwargs)

        def submit(self, _work: Any, *parcels: Any) -> Any:  # type: ignore[override] # for one call
            waited_in.append(threading.get_ident())
            return super().submit(who_computes_parcels, *parcels)

    await programme(session, mentor(MENTOR), mentee(MENTEE))
    task = await task_now(session)
    monkeypatch.setattr(rounds, "LARGE", 1)
    monkeypatch.setattr(rounds, "ProcessPoolExecutor", Watched)
    assert (await rounds.compute_round_in_background(task)).seed not in (0, os.getpid())
    assert len(waited_in) == 2
    assert threading.get_ident() not in waited_in


def who_computes_parcels(
    task: RoundTask, mentees: list[bytes], mentors: list[bytes]
) -> tuple[Round, list[bytes], list[bytes]]:
    """Do what the other process does, with its number for the seed."""
    result, pairs, unmatched = rounds._compute_parcels(task, mentees, mentors)
    return replace(result, seed=os.getpid()), pairs, unmatched


async def test_scheduled_rounds_begin_on_tuesdays_at_nine(session: AsyncSession) -> None:
    await programme(session)
    saved = await save_programme(session, actor(ADMIN), Weights(topics=7), 8, 4, None, NOW)
    assert saved.next_round_at
    assert saved.next_round_at.isoformat() == "2026-11-10T08:00:00+00:00", "9:00 in Berlin"
    assert (saved.weights.topics, saved.length_weeks) == (7, 8)
    assert await plan_due_rounds(session, NOW) == 0
    months_later = NOW + timedelta(weeks=30)
    assert await plan_due_rounds(session, months_later) == 1
    assert await plan_due_rounds(session, months_later) == 0
    following = (await programme_of(session, WORKSPACE)).next_round_at
    assert following
    assert following > months_later
    assert following.isoformat().endswith("T07:00:00+00:00"), "9:00 in summer time"


async def test_only_hr_admins_manage(session: AsyncSession) -> None:
    await programme(session)
    stranger = actor(MENTOR)
    with pytest.raises(NotAllowedError):
        await plan_round(session, stranger, NOW)
    with pytest.raises(NotAllowedError):
        await save_programme(session, stranger, Weights(), 8, None, None, NOW)
    with pytest.raises(NotAllowedError):
        await overview.overview(session, stranger, NOW)
    with pytest.raises(NotAllowedError):
        await overview.look_ahead(session, stranger, NOW)


async def test_joining_keeps_the_place_in_line_and_leaving_gives_it_up(
    session: AsyncSession,
) -> None:
    await programme(session)
    wishes = profiles.Profile(wants=(TOPIC,), never_with=(MENTEE, OTHER))
    first = await profiles.save(session, actor(MENTEE), wishes, NOW)
    assert first.profile.never_with == (OTHER,)
    again = await profiles.save(session, actor(MENTEE), wishes, NOW + timedelta(days=9))
    assert again.looking_since == NOW
    assert await profiles.leave(session, actor(MENTEE))
    assert not await profiles.leave(session, actor(MENTEE))
    later = NOW + timedelta(days=10)
    assert (await profiles.save(session, actor(MENTEE), wishes, later)).looking_since == later


async def test_the_form_is_filled_in_from_the_directory(session: AsyncSession) -> None:
    await programme(session)
    employee = await session.get_one(Employee, (WORKSPACE, MENTEE))
    employee.hired_on, employee.locale = NOW.date() - timedelta(days=800), "de-DE"
    standing = await profiles.standing(session, actor(MENTEE), NOW)
    assert not standing.joined
    assert (standing.profile.experience_years, standing.profile.languages) == (2, ("de",))
