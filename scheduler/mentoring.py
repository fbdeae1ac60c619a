"""Mentoring moves on: rounds are held, answers lapse, pairs are introduced and looked after."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.coffee import service as coffee
from bot.mentoring.pairs import departures, introductions
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.pure.calendar_file import FILE_NAME, calendar_file
from bot.mentoring.programme import outcomes
from bot.mentoring.programme.service import plan_due_rounds
from bot.mentoring.proposals import service as proposals
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pool import NextBestSearch, read_task
from bot.mentoring.rounds.pure.matching import Pair
from bot.runtime import Runtime
from scheduler.groups import NotSharedError, open_group, share_file
from scheduler.paced import paced_client
from scheduler.units import SlackBusyError, run_each, run_each_workspace

FILE_TITLE: Final = "Your first meeting, for your calendar"

Unit = tuple[str, str]
"""A workspace, and a match or round of it."""
Step = Callable[[AsyncSession, str, str, datetime], Awaitable[bool]]
PeopleOf = Callable[[AsyncSession, str, str], Awaitable[tuple[str, ...]]]
Introduce = Callable[[AsyncSession, str, str, str | None, datetime], Awaitable[bool]]


async def hold_rounds(runtime: Runtime, now: datetime) -> int:
    """Plan the rounds that are scheduled, and hold those that are planned."""
    async with runtime.sessions.begin() as session:
        planned = await plan_due_rounds(session, now)
        units = await rounds.planned_rounds(session, "mentors")
    return planned + await run_each(runtime, "holding rounds", units, partial(_hold, runtime, now))


async def _hold(runtime: Runtime, now: datetime, unit: Unit) -> int:
    task = await rounds.planned_round_task(runtime.sessions.begin, *unit, now)
    if task is None:
        return 0
    result = await rounds.compute_round_in_background(task)
    await rounds.store_round(runtime.sessions.begin, *unit, result, now)
    return 1


async def hold_coffee_rounds(runtime: Runtime, now: datetime) -> int:
    """Put everybody who likes coffee into pairs and threes."""
    async with runtime.reading() as session:
        units = await rounds.planned_rounds(session, "coffee")
    return await run_each(
        runtime, "holding coffee rounds", units, partial(_hold_coffee, runtime, now)
    )


async def _hold_coffee(runtime: Runtime, now: datetime, unit: Unit) -> int:
    async with runtime.sessions.begin() as session:
        task = await coffee.planned_coffee_task(session, *unit, now)
    if task is None:
        return 0
    result = await asyncio.to_thread(coffee.pair_for_coffee, task)
    async with runtime.sessions.begin() as session:
        await coffee.store_coffee_round(session, *unit, result, now)
    return 1


async def settle_departures(runtime: Runtime, now: datetime) -> int:
    """Close open matches of people who left or paused, and look after the others."""
    async with runtime.reading() as session:
        units = await departures.departures(session, now)
    step = partial(_step, runtime, now, departures.settle_departure)
    return await run_each(runtime, "settling departures", units, step)


async def settle_answers(runtime: Runtime, now: datetime) -> int:
    """Remind those who have not answered, and let their matches lapse."""
    async with runtime.reading() as session:
        units = await proposals.due_answers(session, now)
    step = partial(_step, runtime, now, proposals.settle_due)
    return await run_each(runtime, "settling answers", units, step)


async def ask_next_mentors(runtime: Runtime, now: datetime) -> int:
    """Ask the next best mentor for mentees whose match came to nothing."""
    async with runtime.reading() as session:
        units = await proposals.due_next(session, now)
    by_workspace = groupby(sorted(units, key=itemgetter(0)), key=itemgetter(0))
    workspaces = [list(matches) for _, matches in by_workspace]
    step = partial(_ask_next_mentors, runtime, now)
    return await run_each(runtime, "asking the next mentors", workspaces, step)


async def _ask_next_mentors(runtime: Runtime, now: datetime, units: list[Unit]) -> int:
    """Read a workspace's pool once for all its mentees; each finds it as the last one left it."""
    search = NextBestSearch(await read_task(runtime.sessions.begin, units[0][0], now, seed=0))
    step = partial(_ask_next, runtime, now, search)
    return await run_each(runtime, "asking the next mentor", units, step)


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


async def look_after_pairs(runtime: Runtime, now: datetime) -> int:
    """Do what is due for pairs that meet: nudges, the fit check, the end."""
    async with runtime.reading() as session:
        units = await proposals.due_matches(session, ("active",), now)
    step = partial(_step, runtime, now, pairs.advance)
    return await run_each(runtime, "looking after pairs", units, step)


async def introduce_pairs(runtime: Runtime, now: datetime) -> int:
    """Open a group DM for each new pair."""
    async with runtime.reading() as session:
        units = await introductions.pairs_to_introduce(session)
    introduce = partial(
        _introduce, runtime, now, introductions.people_of_pair, introductions.introduce_pair
    )
    return await run_each_workspace(runtime, "introducing pairs", units, introduce)


async def introduce_coffees(runtime: Runtime, now: datetime) -> int:
    """Open a group DM for each two or three who are to have a coffee."""
    async with runtime.reading() as session:
        units = await coffee.coffees_to_introduce(session)
    introduce = partial(_introduce, runtime, now, coffee.people_of_coffee, coffee.introduce_coffee)
    return await run_each_workspace(runtime, "introducing coffees", units, introduce)


async def _introduce(
    runtime: Runtime, now: datetime, people_of: PeopleOf, introduce: Introduce, unit: Unit
) -> int:
    client = await paced_client(runtime, unit[0])
    if client is None:
        return 0
    async with runtime.sessions.begin() as session:
        people = await people_of(session, *unit)
    channel = await open_group(client, people)
    async with runtime.sessions.begin() as session:
        return int(await introduce(session, *unit, channel, now))


async def send_invitations(runtime: Runtime, now: datetime) -> int:
    """Upload the calendar invitation beneath each introduction, at most once."""
    async with runtime.reading() as session:
        units = await introductions.pairs_to_invite(session, now)
    return await run_each_workspace(
        runtime, "sending invitations", units, partial(_invite, runtime, now)
    )


async def _invite(runtime: Runtime, now: datetime, unit: Unit) -> int:
    """Mark, then upload: a file that a crash leaves unknown is not sent twice.

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
        await share_file(client, runtime.http, channel, FILE_NAME, FILE_TITLE, content)
    except (NotSharedError, SlackBusyError):
        async with runtime.sessions.begin() as session:
            await introductions.retry_invitation(session, *unit)
        raise
    return 1


async def publish_outcomes(runtime: Runtime, now: datetime) -> int:
    """Publish the figures of the programme that may be."""
    async with runtime.reading() as session:
        workspaces = await outcomes.workspaces_with_mentoring(session)
    return await run_each(
        runtime, "publishing outcomes", workspaces, partial(_publish, runtime, now)
    )


async def _publish(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    async with runtime.reading() as session:
        candidates = await outcomes.read_candidates(session, workspace_id)
    async with runtime.sessions.begin() as session:
        return await outcomes.publish_outcomes(session, workspace_id, candidates, now)


async def _step(runtime: Runtime, now: datetime, step: Step, unit: Unit) -> int:
    async with runtime.sessions.begin() as session:
        return int(await step(session, *unit, now))
