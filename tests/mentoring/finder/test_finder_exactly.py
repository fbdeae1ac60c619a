"""The quick way to find experts: exactly one topic, no spellings."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.finder.service import MOST_EXPERTS, find_exactly
from models import Employee
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import actor, mentor, person, programme


async def test_only_who_agreed_is_there_and_offers_just_that(session: AsyncSession) -> None:
    await programme(
        session,
        mentor(person(0), findable=True),
        mentor(person(1), findable=True, offers=["Kubernetes on call", "Go"]),
        mentor(person(2), findable=False),
        mentor(person(3), findable=True, paused_until=date(2027, 1, 1)),
        mentor(person(4), findable=True),
        mentor(person(5), findable=True),
    )
    (await session.get_one(Employee, (WORKSPACE, person(4)))).away_until = NOW + timedelta(days=1)
    await session.flush()

    found = await find_exactly(session, actor(person(0)), "k8s", NOW)

    assert [each.id for each in found] == [person(5)]


async def test_every_day_others_come_first(session: AsyncSession) -> None:
    await programme(session, *(mentor(person(n), findable=True) for n in range(1, 8)))
    days = [
        [each.id for each in await find_exactly(session, actor(person(0)), "Kubernetes", now)]
        for now in (NOW + timedelta(days=n) for n in range(8))
    ]

    assert all(len(set(found)) == MOST_EXPERTS for found in days)
    assert len({found[0] for found in days}) > 1
