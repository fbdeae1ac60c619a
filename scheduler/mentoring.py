"""Mentoring moves on: rounds are held, answers lapse, pairs are introduced and looked after."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.house import House
from bot.mentoring import coffee, departures, introductions, outcomes, pairs, proposals, rounds
from bot.mentoring.invitation import FILE_NAME, calendar_file
from bot.mentoring.matching import Pair
from bot.mentoring.pool import Search, read_task
from bot.mentoring.programme import plan_due_rounds
from scheduler.groups import NotSharedError, open_group, share_file
from scheduler.paced import paced_client
from scheduler.units import SlackBusyError, each, each_workspace

FILE_TITLE: Final = "Your first meeting, for your calendar"

Unit = tuple[str, str]
"""A workspace, and a match or round of it."""
Step = Callable[[AsyncSession, str, str, datetime], Awaitable[bool]]
PeopleOf = Callable[[AsyncSession, str, str], Awaitable[tuple[str, ...]]]
Introduce = Callable[[AsyncSession, str, str, str | None, datetime], Awaitable[bool]]


async def hold_rounds(house: House, now: datetime) -> int:
    """Plan the rounds that are scheduled, and hold those that are planned."""
    async with house.sessions.begin() as session:
        planned = await plan_due_rounds(session, now)
        units = await rounds.planned_rounds(session, "mentors")
    return planned + await each(house, "holding rounds", units, partial(_hold, house, now))


async def _hold(house: House, now: datetime, unit: Unit) -> int:
    task = await rounds.planned_task(house.sessions.begin, *unit, now)
    if task is None:
        return 0
    result = await rounds.computed(task)
    await rounds.store_round(house.sessions.begin, *unit, result, now)
    return 1


async def hold_coffee_rounds(house: House, now: datetime) -> int:
    """Put everybody who likes coffee into pairs and threes."""
    async with house.reading() as session:
        units = await rounds.planned_rounds(session, "coffee")
    return await each(house, "holding coffee rounds", units, partial(_hold_coffee, house, now))


async def _hold_coffee(house: House, now: datetime, unit: Unit) -> int:
    async with house.sessions.begin() as session:
        task = await coffee.planned_task(session, *unit, now)
    if task is None:
        return 0
    result = await asyncio.to_thread(coffee.compute, task)
    async with house.sessions.begin() as session:
        await coffee.store_round(session, *unit, result, now)
    return 1


async def settle_departures(house: House, now: datetime) -> int:
    """Close open matches of people who left or paused, and look after the others."""
    async with house.reading() as session:
        units = await departures.departures(session, now)
    step = partial(_step, house, now, departures.settle_departure)
    return await each(house, "settling departures", units, step)


async def settle_answers(house: House, now: datetime) -> int:
    """Remind those who have not answered, and let their matches lapse."""
    async with house.reading() as session:
        units = await proposals.due_answers(session, now)
    step = partial(_step, house, now, proposals.settle_due)
    return await each(house, "settling answers", units, step)


async def ask_next_mentors(house: House, now: datetime) -> int:
    """Ask the next best mentor for mentees whose match came to nothing."""
    async with house.reading() as session:
        units = await proposals.due_next(session, now)
    by_workspace = groupby(sorted(units, key=itemgetter(0)), key=itemgetter(0))
    workspaces = [list(matches) for _, matches in by_workspace]
    step = partial(_ask_next_mentors, house, now)
    return await each(house, "asking the next mentors", workspaces, step)


async def _ask_next_mentors(house: House, now: datetime, units: list[Unit]) -> int:
    """Read a workspace's pool once for all its mentees; each finds it as the last one left it."""
    search = Search(await read_task(house.sessions.begin, units[0][0], now, seed=0))
    step = partial(_ask_next, house, now, search)
    return await each(house, "asking the next mentor", units, step)


async def _ask_next(house: House, now: datetime, search: Search, unit: Unit) -> int:
    async with house.reading() as session:
        mentee = await proposals.next_mentee(session, *unit)
    if mentee is None:
        return 0
    best = await asyncio.to_thread(proposals.best_for, mentee, search.task)
    async with house.sessions.begin() as session:
        stored = await proposals.store_next(session, *unit, best, now)
    if stored and isinstance(best, Pair):
        search.note(best)
    return int(stored)


async def look_after_pairs(house: House, now: datetime) -> int:
    """Do what is due for pairs that meet: nudges, the fit check, the end."""
    async with house.reading() as session:
        units = await proposals.due_matches(session, ("active",), now)
    step = partial(_step, house, now, pairs.advance)
    return await each(house, "looking after pairs", units, step)


async def introduce_pairs(house: House, now: datetime) -> int:
    """Open a group DM for each new pair."""
    async with house.reading() as session:
        units = await introductions.to_introduce(session)
    introduce = partial(_introduce, house, now, introductions.people_of, introductions.introduce)
    return await each_workspace(house, "introducing pairs", units, introduce)


async def introduce_coffees(house: House, now: datetime) -> int:
    """Open a group DM for each two or three who are to have a coffee."""
    async with house.reading() as session:
        units = await coffee.to_introduce(session)
    introduce = partial(_introduce, house, now, coffee.people_of, coffee.introduce)
    return await each_workspace(house, "introducing coffees", units, introduce)


async def _introduce(
    house: House, now: datetime, people_of: PeopleOf, introduce: Introduce, unit: Unit
) -> int:
    client = await paced_client(house, unit[0])
    if client is None:
        return 0
    async with house.sessions.begin() as session:
        people = await people_of(session, *unit)
    channel = await open_group(client, people)
    async with house.sessions.begin() as session:
        return int(await introduce(session, *unit, channel, now))


async def send_invitations(house: House, now: datetime) -> int:
    """Upload the calendar invitation beneath each introduction, at most once."""
    async with house.reading() as session:
        units = await introductions.to_invite(session, now)
    return await each_workspace(house, "sending invitations", units, partial(_invite, house, now))


async def _invite(house: House, now: datetime, unit: Unit) -> int:
    """Mark, then upload: a file that a crash leaves unknown is not sent twice.

    The introduction names the time, so a lost file is no great loss.
    """
    client = await paced_client(house, unit[0])
    if client is None:
        return 0
    async with house.sessions.begin() as session:
        invited = await introductions.invite(session, *unit, now)
    if invited is None:
        return 1
    channel, invitation = invited
    content = calendar_file(invitation, now)
    try:
        await share_file(client, house.http, channel, FILE_NAME, FILE_TITLE, content)
    except (NotSharedError, SlackBusyError):
        async with house.sessions.begin() as session:
            await introductions.try_again(session, *unit)
        raise
    return 1


async def publish_outcomes(house: House, now: datetime) -> int:
    """Publish the figures of the programme that may be."""
    async with house.reading() as session:
        workspaces = await outcomes.workspaces_with_mentoring(session)
    return await each(house, "publishing outcomes", workspaces, partial(_publish, house, now))


async def _publish(house: House, now: datetime, workspace_id: str) -> int:
    async with house.reading() as session:
        candidates = await outcomes.read_candidates(session, workspace_id)
    async with house.sessions.begin() as session:
        return await outcomes.publish_outcomes(session, workspace_id, candidates, now)


async def _step(house: House, now: datetime, step: Step, unit: Unit) -> int:
    async with house.sessions.begin() as session:
        return int(await step(session, *unit, now))
