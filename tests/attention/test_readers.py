"""What the planner is told of people's absences."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.readers import calendars_by_person, is_absent
from models import Employee
from tests.conftest import NOW
from tests.factories import WORKSPACE, company

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("absent_from", "absent_until", "is_away"),
    [
        (None, None, False),
        (TODAY, TODAY, True),
        (TODAY - DAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY - DAY, False),
    ],
)
async def test_an_absence_of_the_import_counts_alike_for_messages_and_for_matching(
    session: AsyncSession, absent_from: date | None, absent_until: date | None, is_away: bool
) -> None:
    person = (await company(session, {"Design": 2}))[0]
    person.absent_from, person.absent_until = absent_from, absent_until
    await session.flush()
    calendar, _ = (await calendars_by_person(session, WORKSPACE, [person.id]))[person.id]
    assert (calendar.away_until(NOW) is not None) is is_away
    found = await session.scalar(select(is_absent(NOW)).where(Employee.id == person.id))
    assert bool(found) is is_away
