"""The survey about wellbeing beside the company pulse, and without comments."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError
from bot.pulse import service
from bot.pulse.company.choosing import read_week
from models import Invitation, SurveyQuestion
from tests.conftest import NOW
from tests.factories import company, question, survey
from tests.pulse.waves import actor, open_for, store_survey, stored

FIRST = date(2026, 11, 3)
WEEK = timedelta(weeks=1)


def seven() -> list[SurveyQuestion]:
    return [question(position, driver=f"driver{position}") for position in range(7)]


@pytest.mark.parametrize(("allowed", "weekly"), [(1, [0, 1, 1]), (2, [0, 1, 1]), (3, [1, 2, 2])])
async def test_the_company_pulse_asks_that_much_less(
    session: AsyncSession, allowed: int, weekly: list[int]
) -> None:
    await company(session, {"Design": 6})
    standing = survey(
        name="Company pulse", cadence="standing", questions_a_week=allowed, half_width=0.8
    )
    beside = survey(*seven(), starts_on=FIRST, prepared="wellbeing")
    session.add_all([standing, beside])
    await session.flush()

    async def budget(day: date) -> int:
        return (await read_week(session, standing, day, {}, [], 5, NOW)).budget

    assert await budget(FIRST - timedelta(days=2)) == allowed, "the week before it starts"
    # Its waves are on Tuesdays; those of the company pulse may be on any day of the same week.
    days = [FIRST + number * WEEK + timedelta(days=number) for number in range(3)]
    assert [await budget(day) for day in days] == weekly
    beside.status = "paused"
    await session.flush()
    assert await budget(FIRST) == allowed


async def test_everybody_gets_the_questions_of_the_week_without_comments(
    session: AsyncSession,
) -> None:
    await company(session, {"Design": 6, "Legal": 7})
    made = await store_survey(
        session, questions=seven(), starts_on=FIRST, ask_at=time(10), prepared="wellbeing"
    )
    wave = await open_for(session, made)
    asked = list(await session.scalars(select(Invitation.positions)))
    assert asked == [[0, 1]] * len(wave.people)

    person = wave.people[0]
    press = wave.press(person, 1)
    await service.answer(session, actor(person), wave.press(person, 1, 4))
    with pytest.raises(OutdatedError):
        await service.comment(session, actor(person), press, "I am ill.", after_thanks=False)
    assert await stored(session) == [(1, 4, None)]
