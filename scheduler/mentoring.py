"""Holds mentoring rounds, lets proposals lapse, introduces pairs and asks how they do."""

import asyncio
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.coffee import service as coffee
from bot.mentoring.pairs import departures, introductions
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.pure.calendar_file import FILE_NAME, calendar_file
from bot.mentoring.programme import outcomes
from bot.mentoring.programme.service import plan_due_rounds
from bot.mentoring.proposals import service as proposals
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pure.matching import Pair
from bot.mentoring.rounds.read_pool import NextBestSearch, read_task
from bot.runtime import Runtime
from models import MentoringProgramme
from scheduler.group_dms import NotSharedError, introduce_in_group, share_file
from scheduler.paced_client import SlackBusyError, paced_client
from scheduler.sweeps import Sweep, in_one_transaction, run_each

Unit = tuple[str, str]
"""A workspace, and a match, round or coffee group of it."""


async def hold_rounds(runtime: Runtime, now: datetime) -> int:
    """Plan the rounds that are scheduled, and hold those that are planned."""
    async with runtime.reading() as session:
        is_due = await _is_any_round_due(session, now)
    planned = 0
    if is_due:
        async with runtime.sessions.begin() as session:
            planned = await plan_due_rounds(session, now)
    return planned + await _hold_planned_rounds(runtime, now)


async def _is_any_round_due(session: AsyncSession, now: datetime) -> bool:
    """Look without the lock of writers, which nothing to do must not take."""
    programme = MentoringProgramme
    due = select(programme.workspace_id).where(
        (programme.next_round_at <= now) | (programme.next_coffee_at <= now)
    )
    return await session.scalar(due.limit(1)) is not None


async def _hold(runtime: Runtime, now: datetime, unit: Unit) -> int:
    task = await rounds.planned_round_task(runtime.sessions.begin, *unit, now)
    if task is None:
        return 0
    result = await rounds.compute_round_in_background(task)
    await rounds.store_round(runtime.sessions.begin, *unit, result, now)
    return 1


async def _hold_coffee(runtime: Runtime, now: datetime, unit: Unit) -> int:
    async with runtime.sessions.begin() as session:
        task = await coffee.planned_coffee_task(session, *unit, now)
    if task is None:
        return 0
    result = await asyncio.to_thread(coffee.pair_for_coffee, task)
    async with runtime.sessions.begin() as session:
        await coffee.store_coffee_round(session, *unit, result, now)
    return 1


async def _due_mentees(session: AsyncSession, now: datetime) -> list[tuple[str, list[Unit]]]:
    """Return each workspace with its mentees whose next mentor is to be asked."""
    units = sorted(await proposals.due_next(session, now), key=itemgetter(0))
    return [(workspace, list(own)) for workspace, own in groupby(units, key=itemgetter(0))]


async def _ask_next_mentors(
    runtime: Runtime, now: datetime, mentees: tuple[str, list[Unit]]
) -> int:
    """Read a workspace's pool once for all its mentees; each choice counts for the next ones."""
    workspace_id, units = mentees
    search = NextBestSearch(await read_task(runtime.sessions.begin, workspace_id, now, seed=0))
    ask_next = partial(_ask_next, runtime, now, search)
    return await run_each(runtime, "ask_next_mentors", units, ask_next)


async def _ask_next(runtime: Runtime, now: datetime, search: NextBestSearch, unit: Unit) -> int:
    async with runtime.reading() as session:
        mentee = await proposals.next_mentee(session, *unit)
    if mentee is None:
        return 0
    best = await asyncio.to_thread(proposals.best_for, mentee, search.task)
    async with runtime.sessions.begin() as session:
        stored = await proposals.store_next(session, *unit, best, now)
    if stored and isinstance(best, Pair):
        search.note(best)
    return int(stored)


async def _invite(runtime: Runtime, now: datetime, unit: Unit) -> int:
    """Record, then upload a calendar file: after a crash in between, it is not sent again.

    The introduction names the time, so a lost file is no great loss.
    """
    client = await paced_client(runtime, unit[0])
    if client is None:
        return 0
    async with runtime.sessions.begin() as session:
        invited = await introductions.invite(session, *unit, now)
    if invited is None:
        return 1
    channel, invitation = invited
    content = calendar_file(invitation, now)
    try:
        await share_file(client, runtime.http, channel, FILE_NAME, invitation.summary, content)
    except (NotSharedError, SlackBusyError):
        async with runtime.sessions.begin() as session:
            await introductions.retry_invitation(session, *unit)
        raise
    return 1


async def _publish(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    async with runtime.reading() as session:
        candidates = await outcomes.read_candidates(session, workspace_id)
    async with runtime.sessions.begin() as session:
        return await outcomes.publish_outcomes(session, workspace_id, candidates, now)


_hold_planned_rounds = Sweep(
    "hold_rounds", lambda session, _now: rounds.planned_rounds(session, "mentors"), _hold
)
hold_coffee_rounds = Sweep(
    "hold_coffee_rounds",
    lambda session, _now: rounds.planned_rounds(session, "coffee"),
    _hold_coffee,
)
settle_departures = Sweep(
    "settle_departures",
    departures.departures,
    in_one_transaction(departures.settle_departure),
)
settle_answers = Sweep(
    "settle_answers", proposals.due_answers, in_one_transaction(proposals.settle_due)
)
ask_next_mentors = Sweep("ask_next_mentors", _due_mentees, _ask_next_mentors)
look_after_pairs = Sweep(
    "look_after_pairs",
    lambda session, now: proposals.due_matches(session, ("active",), now),
    in_one_transaction(pairs.advance),
)
introduce_pairs = Sweep(
    "introduce_pairs",
    lambda session, _now: introductions.pairs_to_introduce(session),
    partial(introduce_in_group, introductions.people_of_pair, introductions.introduce_pair),
    calls_slack=True,
)
introduce_coffees = Sweep(
    "introduce_coffees",
    lambda session, _now: coffee.coffees_to_introduce(session),
    partial(introduce_in_group, coffee.people_of_coffee, coffee.introduce_coffee),
    calls_slack=True,
)
send_invitations = Sweep(
    "send_invitations", introductions.pairs_to_invite, _invite, calls_slack=True
)
publish_outcomes = Sweep(
    "publish_outcomes",
    lambda session, _now: outcomes.workspaces_with_mentoring(session),
    _publish,
)
