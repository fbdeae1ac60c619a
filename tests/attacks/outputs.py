"""All that leaves the product, as the roles that see most of it see it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.digest.blocks import digest_message
from bot.digest.service import digest_of
from bot.errors import UserError
from bot.home.blocks import home_view
from bot.home.service import home_of
from bot.insights import service
from bot.insights.blocks import results_message
from bot.insights.handlers import read_part
from bot.insights.heatmap.blocks import heat_map_message
from bot.insights.heatmap.service import heat_map
from bot.insights.manager_blocks import team_message
from bot.insights.managers import team_results
from bot.insights.missing.blocks import missing_view
from bot.insights.missing.service import wave_groups
from bot.insights.positions import PagePosition, ResultsPart
from bot.insights.trends.blocks import trend_message
from bot.insights.trends.service import find_trend, read_trend
from bot.insights.wave_results import WaveResults
from bot.mentoring.programme.blocks import admin_view
from bot.mentoring.programme.overview import overview
from bot.pulse.pure.cohorts import IN_MENTORING, NOT_IN_MENTORING
from bot.rights.service import personal_data
from models import Figure
from tests.factories import ADMIN, WORKSPACE
from tests.journeys.stage import text_of

HR = Actor(WORKSPACE, ADMIN)
PAGES = 3
TEAMS = 8


@dataclass(frozen=True)
class Seen:
    """A published figure. Who knows the directory knows which cohorts its label stands for."""

    measure: str
    ref: str
    dimension: str
    label: str
    cohorts: frozenset[int]
    n: int
    numbers: tuple[float | None, ...]
    against: frozenset[int] = frozenset()
    """Of a difference: the cohorts that these are compared with."""


@dataclass(frozen=True)
class Outputs:
    """What one wave gave away, and, to judge the attackers by, what was to be kept."""

    k: int
    cohort_of: Mapping[str, int]
    """Each invited person's cohort: it follows from the directory, which attackers know."""
    mentored: frozenset[str]
    """Who has a mentor: attackers know that, too."""
    replies: Mapping[str, Mapping[int, int]]
    """The truth: what each person answered. Attackers never read the values."""
    seen: tuple[Seen, ...]
    texts: tuple[str, ...]
    before: tuple[str, ...]
    """The same pages between the close and the publication."""
    watched: tuple[str, ...]
    """What `/pulse results` said of the open wave: at first, and after each person's answers."""
    exports: tuple[str, ...]
    """What `python -m bot export` gives about some people before the close and after it, and what
    `/pulse my-data` gives them after it."""


async def running_text(session: AsyncSession) -> str:
    """Return what HR reads of open waves."""
    return text_of(
        {"blocks": results_message(await service.results(session, WORKSPACE, None)).blocks}
    )


async def texts(session: AsyncSession, wave_id: str, now: datetime) -> tuple[str, ...]:
    """Return every page and view of the results, managers', digest, mentoring's form and Homes."""
    found = await service.results(session, WORKSPACE, wave_id)
    messages = (
        [
            results_message(
                await read_part(session, WORKSPACE, PagePosition(wave_id, part, page)), part, page
            )
            for part in ResultsPart
            for page in range(PAGES)
        ]
        if found.wave
        else [results_message(found)]
    )
    for team in range(TEAMS):
        with suppress(UserError):  # there is nothing to see of this team alone
            own = await team_results(session, WORKSPACE, [f"Team {team}"])
            messages.append(team_message(own, [find_trend(each) for each in own.trends]))
    missing = []
    if found.wave:
        messages += await closer_looks(session, found.wave)
        missing = [missing_view(await wave_groups(session, WORKSPACE, wave_id))]
    digest = await digest_of(session, WORKSPACE, "C0DIGEST", now + timedelta(minutes=1))
    messages.append(digest_message(digest))
    homes = [home_view(await home_of(session, actor, now)) for actor in (HR, _EMPLOYEE)]
    mentoring = admin_view(await overview(session, HR, now))
    shown = [{"blocks": [*each.blocks, *(each.plain or [])]} for each in messages]
    return tuple(text_of(each) for each in [*shown, *missing, *homes, mentoring])


async def closer_looks(session: AsyncSession, wave: WaveResults) -> list[Message]:
    """Return every trend and heat map of a wave, as charts and as text."""
    trends = [
        trend_message(
            find_trend(await read_trend(session, WORKSPACE, wave.wave_id, measure, each.ref))
        )
        for measure, scores in (("driver", wave.drivers), ("enps", wave.enps))
        for each in scores
    ]
    maps = [
        heat_map_message(await heat_map(session, WORKSPACE, wave.wave_id, dimension))
        for dimension in wave.group_counts
        if wave.drivers
    ]
    return [*trends, *maps]


_EMPLOYEE = Actor(WORKSPACE, "U00000")
_KEYS = re.compile(r"\b[0-9a-f]{32}\b")


async def exported(
    session: AsyncSession, people: Iterable[str], now: datetime, *, their_own: bool = False
) -> list[str]:
    """Return the lines of people's files, sorted and without the keys that are drawn anew each run.

    HR gets these files on request; `their_own` adds what only the person gets.
    """
    lines: list[str] = []
    for person in people:
        for for_themselves in (False, True)[: 1 + their_own]:
            file = await personal_data(
                session, WORKSPACE, person, now, for_themselves=for_themselves
            )
            written = json.dumps(file, indent=1).splitlines()
            lines += (f"{person} {_KEYS.sub('', line)}" for line in written)
    return sorted(lines)


async def seen_figures(session: AsyncSession, wave_id: str) -> tuple[Seen, ...]:
    """Return every published figure of a wave."""
    found = await session.scalars(
        select(Figure)
        .where(Figure.wave_id == wave_id)
        .order_by(Figure.measure, Figure.measure_ref, Figure.segment, Figure.segment_ref)
    )
    rows = found.all()
    return tuple(_seen(row, rows) for row in rows)


def _seen(row: Figure, rows: Sequence[Figure]) -> Seen:
    numbers = row.mean, row.error, row.favourable, row.unfavourable, row.score, row.low, row.high
    place = row.measure, row.measure_ref, row.segment, row.segment_ref
    if row.measure != "difference":
        return Seen(*place, frozenset(row.cohorts or ()), row.n, numbers)
    compared = "enps" if row.mean is None else "driver"
    sides = {
        each.segment_ref: frozenset(each.cohorts or ())
        for each in rows
        if (each.measure, each.measure_ref, each.segment) == (compared, *place[1:3])
    }
    return Seen(*place, sides[IN_MENTORING], row.n, numbers, sides[NOT_IN_MENTORING])
