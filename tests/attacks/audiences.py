"""Audiences: what HR learns by choosing whom surveys ask, when they end, and who is in which team.

Everything goes through the services that HR's buttons and the operator's files reach. A refusal
ends an attack without success. The answers of one person, the target, are looked for.
"""

import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.people.importing import import_people
from bot.people.pure.import_file import ImportRow
from bot.pulse.opening import OpenedWave
from bot.pulse.pure.tokens import Press, press_nonce
from bot.pulse.sealing import seal
from bot.pulse.service import answer
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, NewSurvey
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.service import create_survey, end
from models import Employee, Figure, Invitation, Survey, Wave
from models.database import Sessions, make_engine, make_sessions
from tests.attacks.companies import USUAL
from tests.attacks.published import EDGE, POINT, Known, Rules, Window
from tests.factories import ADMIN, WORKSPACE, company
from tests.insights.waves import publish
from tests.pulse.opening import open_wave

HR: Final = Actor(WORKSPACE, ADMIN)
START: Final = datetime.fromisoformat("2026-11-03T09:00:00+00:00")
QUESTION: Final = NewQuestion("My workload is manageable.", Scale.AGREE, "workload")
EVERYONE: Final = Audience(AudienceKind.EVERYONE)
GROUP: Final = Audience(AudienceKind.USERGROUP, "S0GROUP")
ACCOMPLICES: Final = (1, 1, 5, 5)


@dataclass(frozen=True)
class Attempt:
    """What came of an attack on one person's answer."""

    published: bool
    """Whether HR got the figures that it was after, however coarse they are."""
    possible: frozenset[int]
    """The answers that these figures leave to the target."""
    by_usual_rule: frozenset[int]
    """The answers that would be left if each group were published by itself, with one decimal."""
    truth: int


@asynccontextmanager
async def world(template: Path, folder: Path, teams: Mapping[str, int]) -> AsyncIterator[Sessions]:
    """Open a database of one company."""
    copy = folder / "audiences.sqlite3"
    shutil.copy(template, copy)
    engine = make_engine(f"sqlite:///{copy}", hide_parameters=True)
    sessions = make_sessions(engine)
    try:
        async with sessions.begin() as session:
            await company(session, dict(teams))
            # The admin is in a team, too, or would be put with some of another one.
            await session.execute(
                update(Employee).where(Employee.id == ADMIN).values(team=list(teams)[-1])
            )
        yield sessions
    finally:
        await engine.dispose()
        copy.unlink()


async def early_end(template: Path, folder: Path, seed: int, rules: Rules) -> Attempt:
    """End a survey of everybody when four accomplices and the target have answered it.

    The five are asked before the others, as their time zone is ahead. The four's answers are known.
    """
    rng = Random(seed)
    truth = rng.choices(range(1, 6), USUAL)[0]
    async with world(template, folder, {"Design": 25, "Sales": 20}) as sessions:
        five = [f"UDESI{number:03}" for number in range(5)]
        async with sessions.begin() as session:
            await _move_ahead(session, five)
            survey = await _create(session, "All", EVERYONE, None, START)
        assert survey
        async with sessions.begin() as session:
            opened = await _open(session, survey, None)
            assert opened
        answers = dict(zip(five, (*ACCOMPLICES, truth), strict=True))
        async with sessions.begin() as session:
            await _answer(session, opened, answers)
            await end(session, HR, survey, START + timedelta(hours=3))
        figures = await _close(sessions, opened)
    found = [each for each in figures if each.segment == "all"]
    possible = list(range(1, 6))
    for each in found:
        assert each.mean is not None
        known = _known(each, 5)
        possible = [value for value in possible if _fits(known, each.mean, value, rules)]
    mean = _plain([*ACCOMPLICES, truth])
    known = Known("driver", "workload", frozenset(), 5, 5, None)
    plain = [value for value in range(1, 6) if _fits(known, mean, value, Rules())]
    return Attempt(bool(found), frozenset(possible), frozenset(plain), truth)


async def overlapping(template: Path, folder: Path, seed: int, size: int, rules: Rules) -> Attempt:
    """Ask a group, and the same group without the target; everybody answers alike both times."""
    rng = Random(seed)
    async with world(template, folder, {"Design": size, "Sales": 20}) as sessions:
        members = [f"UDESI{number:03}" for number in range(size)]
        answers = {each: rng.choices(range(1, 6), USUAL)[0] for each in members}
        both = []
        for number, asked in enumerate((members, members[1:])):
            when = START + timedelta(days=7 * number)
            figures = await _survey(sessions, f"Group {number}", GROUP, asked, answers, when)
            both.append([each for each in figures if each.segment == "all"])
    return _difference(both[0], both[1], [answers[each] for each in members], rules)


async def re_teaming(
    template: Path, folder: Path, seed: int, size: int, rules: Rules, *, renames: bool = False
) -> Attempt:
    """Move the target out of their team by import between two waves of one survey.

    Or rename the team, and leave the target behind.
    """
    rng = Random(seed)
    async with world(template, folder, {"Design": size, "Sales": 20}) as sessions:
        everybody = [f"UDESI{number:03}" for number in range(size)]
        everybody += [f"USALE{number:03}" for number in range(20)]
        answers = {each: rng.choices(range(1, 6), USUAL)[0] for each in everybody}
        async with sessions.begin() as session:
            survey = await _create(session, "Weekly", EVERYONE, None, START, Cadence.WEEKLY)
        assert survey
        both = []
        for number in range(2):
            if number:
                team, movers = (
                    ("Product", everybody[1:size]) if renames else ("Sales", everybody[:1])
                )
                rows = [
                    ImportRow(line, f"{person.lower()}@example.com", {"team": team})
                    for line, person in enumerate(movers, start=2)
                ]
                async with sessions.begin() as session:
                    await import_people(session, WORKSPACE, rows, START + timedelta(days=5))
            async with sessions.begin() as session:
                opened = await _open(session, survey, None)
                assert opened
                place = Invitation.wave_id == opened, Invitation.employee_id == everybody[0]
                cohort = await session.scalar(select(Invitation.cohort_id).where(*place))
                await _answer(session, opened, answers)
            figures = await _close(sessions, opened)
            # A move may count later than it is imported: then the second figure is the first again.
            both.append(
                [
                    each
                    for each in figures
                    if each.segment_ref in ("Design", "Product")
                    and (cohort in (each.cohorts or ())) != bool(number)
                ]
            )
    return _difference(both[0], both[1], [answers[each] for each in everybody[:size]], rules)


async def _survey(
    sessions: Sessions,
    name: str,
    audience: Audience,
    members: Sequence[str],
    answers: Mapping[str, int],
    when: datetime,
) -> list[Figure]:
    """Create a survey, let its members answer, and return what it published; nothing if refused."""
    async with sessions.begin() as session:
        survey = await _create(session, name, audience, members, when)
    if not survey:
        return []
    async with sessions.begin() as session:
        opened = await _open(session, survey, members)
        if not opened:
            return []
        await _answer(session, opened, {each: answers[each] for each in members})
    return await _close(sessions, opened)


async def _create(
    session: AsyncSession,
    name: str,
    audience: Audience,
    members: Sequence[str] | None,
    when: datetime,
    cadence: Cadence = Cadence.ONCE,
) -> str | None:
    ask_at = None if cadence is Cadence.ONCE else when.time().replace(hour=10)
    new = NewSurvey(name, (QUESTION,), audience, Plan(cadence, when.date(), ask_at), 72)
    try:
        made = await create_survey(session, HR, new, set(members) if members else None, when)
    except UserError:
        return None
    return made.id


async def _open(session: AsyncSession, survey_id: str, members: Sequence[str] | None) -> str | None:
    survey = await session.get_one(Survey, (WORKSPACE, survey_id), populate_existing=True)
    assert survey.next_open_at
    opened = await open_wave(session, WORKSPACE, survey_id, members, survey.next_open_at)
    return opened.wave_id if isinstance(opened, OpenedWave) else None


async def _answer(session: AsyncSession, wave_id: str, answers: Mapping[str, int]) -> None:
    wave = await session.get_one(Wave, (WORKSPACE, wave_id))
    assert wave.press_key
    invited = set(
        await session.scalars(select(Invitation.employee_id).where(Invitation.wave_id == wave_id))
    )
    for person, value in answers.items():
        if person in invited:
            press = Press(wave_id, 0, press_nonce(wave.press_key, person), value)
            await answer(session, Actor(WORKSPACE, person), press)


async def _close(sessions: Sessions, wave_id: str) -> list[Figure]:
    async with sessions.begin() as session:
        wave = await session.get_one(Wave, (WORKSPACE, wave_id))
        assert await seal(session, WORKSPACE, wave_id, wave.closes_at)
    async with sessions.begin() as session:
        wave = await session.get_one(Wave, (WORKSPACE, wave_id))
        await publish(session, WORKSPACE, wave_id, wave.closes_at)
    async with sessions.begin() as session:
        found = select(Figure).where(Figure.wave_id == wave_id, Figure.measure == "driver")
        return list(await session.scalars(found))


async def _move_ahead(session: AsyncSession, five: Sequence[str]) -> None:
    await session.execute(
        update(Employee).where(Employee.id.in_(five)).values(tz="Pacific/Auckland")
    )


def _known(figure: Figure, n: int) -> Known:
    return Known(figure.measure, figure.measure_ref, frozenset(), n, figure.n, None)


def _fits(known: Known, mean: float, value: int, rules: Rules) -> bool:
    """Return True if the target and the accomplices have a mean that is written so."""
    low, high = rules.mean(known, mean)
    return low - EDGE <= _mean([*ACCOMPLICES, value]) <= high + EDGE


def _mean(answers: Sequence[int]) -> float:
    return sum(POINT * (each - 1) for each in answers) / len(answers)


def _plain(answers: Sequence[int]) -> float:
    return round(_mean(answers), 1)


def _difference(
    whole: Sequence[Figure], part: Sequence[Figure], answers: Sequence[int], rules: Rules
) -> Attempt:
    """Set a group's mean against that of all but the first of it."""
    n, truth = len(answers), answers[0]
    possible = frozenset(range(1, 6))
    for one in whole[:1]:
        for other in part[:1]:
            assert one.mean is not None
            assert other.mean is not None
            bounds = rules.mean(_known(one, n), one.mean)
            possible = _left(bounds, rules.mean(_known(other, n - 1), other.mean), n)
    known = Known("driver", "workload", frozenset(), n, n, None)
    usual = Rules()
    of_all, of_others = (_plain(each) for each in (answers, answers[1:]))
    plain = _left(usual.mean(known, of_all), usual.mean(known, of_others), n)
    return Attempt(bool(whole and part), possible, plain, truth)


def _left(of_all: Window, of_others: Window, n: int) -> frozenset[int]:
    """Return the answers that one person can have given, from the means with and without."""
    low = of_all[0] * n - of_others[1] * (n - 1)
    high = of_all[1] * n - of_others[0] * (n - 1)
    return frozenset(
        value for value in range(1, 6) if low - EDGE <= POINT * (value - 1) <= high + EDGE
    )
