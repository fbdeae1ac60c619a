"""Finding somebody who knows about a topic: any spelling, everybody in turn, few rows read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from bot.mentoring.finder import service as finder
from bot.mentoring.finder.service import MOST_EXPERTS, Found
from models import Employee, MentoringProfile
from models.database import Sessions, reading
from tests.conftest import NOW
from tests.factories import ADMIN
from tests.mentoring.programmes import actor, person, profile, programme

EXPERTS = 12


async def store(sessions: Sessions, *profiles: MentoringProfile) -> None:
    async with sessions.begin() as session:
        await programme(session, *profiles, size=EXPERTS + 2)


def expert(number: int, *offers: str) -> MentoringProfile:
    return profile(person(number), offers=list(offers), findable=True)


async def found(sessions: Sessions, text: str, days: int = 0) -> Found:
    now = NOW + timedelta(days=days)
    return await finder.find(partial(reading, sessions), actor(ADMIN), text, now)


async def test_all_spellings_of_a_topic_are_found_and_everybody_is_first_in_turn(
    sessions: Sessions,
) -> None:
    spellings = ("Beekeeping", "beekeeping", "Bee keeping", "Beekepeing")
    offering = [expert(number, spellings[number % 4]) for number in range(EXPERTS)]
    away, other = expert(EXPERTS, "Beekeeping"), expert(EXPERTS + 1, "Knitting")
    await store(sessions, *offering, away, other)
    async with sessions.begin() as session:
        absent = await session.get_one(Employee, ("T0ATTUNE", away.employee_id))
        absent.away_until = NOW + timedelta(days=999)

    shown = [await found(sessions, "beekeeping", days) for days in range(80)]

    assert all(len({each.id for each in one.experts}) == MOST_EXPERTS for one in shown)
    everybody = {each.employee_id for each in offering}
    assert {each.id for one in shown for each in one.experts} == everybody
    assert {one.experts[0].id for one in shown} == everybody


async def test_where_nobody_offers_a_topic_what_is_nearby_is_named(sessions: Sessions) -> None:
    await store(sessions, expert(0, "Kubernetes"), expert(1, "Knitting"))
    nobody = await found(sessions, "kubernetes operators")
    assert (nobody.experts, nobody.nearby) == ((), ("Kubernetes",))


async def test_a_rare_topic_is_found_though_few_are_compared(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "MOST_COMPARED", 2)
    common = [expert(number, "Aikido", "Knitting") for number in range(5)]
    await store(sessions, *common, expert(5, "Yodel"))
    assert [each.id for each in (await found(sessions, "Yodel")).experts] == [person(5)]


@contextmanager
def loaded() -> Iterator[list[MentoringProfile]]:
    """Note which profiles are read as objects."""
    seen: list[MentoringProfile] = []

    def note(target: MentoringProfile, _context: object) -> None:
        seen.append(target)

    event.listen(MentoringProfile, "load", note)
    yield seen
    event.remove(MentoringProfile, "load", note)


async def test_profiles_stay_in_the_database(sessions: Sessions) -> None:
    await store(sessions, *(expert(number, "Kubernetes") for number in range(EXPERTS)))
    with loaded() as seen:
        assert len((await found(sessions, "k8s")).experts) == MOST_EXPERTS
    assert seen == []


async def test_no_connection_is_held_while_spellings_are_compared(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the one connection is everybody's."""
    await store(sessions, expert(0, "Kubernetes"))
    compare, held = finder.meant_by, []

    def watched(wanted: finder.Wanted) -> finder.Meant:
        held.append(sessions.kw["bind"].pool.checkedout())
        return compare(wanted)

    monkeypatch.setattr(finder, "meant_by", watched)
    await found(sessions, "k8s")
    assert held == [0]
