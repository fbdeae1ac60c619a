"""Dates move, people leave early and come back: what the bot asks them in Slack, and when."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from bot.journeys import blocks, forms
from models import Delivery, Employee
from sandbox.demo.company import people
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_milestones import pressed, submitted

MAYA, MOVED, LEAVER, AGAIN = (people()[number].id for number in (0, 9, 10, 11))
FIRST = date(2026, 11, 4)
ASKED = re.compile(r"^Hi, .* from .* about \*(.+)\*:$", re.MULTILINE)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def on(stage: Stage, year: int, month: int, day: int) -> None:
    """Live through a day; the first run catches up with those that were left out."""
    for minute in (0, 5):
        await stage.at(datetime(year, month, day, 10, minute, tzinfo=UTC))


async def dates(stage: Stage, person: str, hired: date, leaves: date | None = None) -> None:
    """Let HR change a person's dates in the form."""
    opened = await stage.sandbox.command("maya", "/journey", "")
    form = await pressed(stage, opened.view, blocks.PERSON, selected=person)
    given = {forms.HIRED: hired.isoformat(), forms.LEAVES: leaves and leaves.isoformat()}
    await submitted(stage, form, **given)


def asked(stage: Stage, person: str) -> list[str]:
    """Return which questions somebody got, in order."""
    return [
        name
        for message in stage.sandbox.messages("dm", person)
        for name in ASKED.findall(text_of({"blocks": message.get("blocks", [])}))
    ]


async def test_moved_left_on_day_20_and_hired_again(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        for each in await session.scalars(select(Employee)):
            each.hired_on = date(2020, 1, 1)
    opened = await stage.sandbox.command("maya", "/journey", "")
    await pressed(stage, opened.view, blocks.START)
    await dates(stage, MOVED, FIRST)
    await dates(stage, LEAVER, FIRST, date(2026, 11, 24))
    await dates(stage, AGAIN, FIRST)
    await on(stage, 2026, 11, 4)
    await on(stage, 2026, 11, 6)  # a mentor is offered
    await on(stage, 2026, 11, 10)
    week = "New here: the first week"
    assert [asked(stage, each) for each in (MOVED, LEAVER, AGAIN)] == [[week]] * 3

    await dates(stage, MOVED, date(2026, 11, 13))
    await stage.sandbox.deactivate(AGAIN)
    await on(stage, 2026, 11, 17)
    await on(stage, 2026, 11, 19)
    assert asked(stage, MOVED) == [week], "the new day 7 asks nothing twice"
    assert asked(stage, LEAVER) == [week, "Before leaving"]
    await stage.sandbox.deactivate(LEAVER)
    await on(stage, 2026, 12, 3)
    assert len(asked(stage, MOVED)) == 1, "day 30 counts from the new date"
    await on(stage, 2026, 12, 14)
    assert asked(stage, MOVED) == [week, "New here: day 30"]
    async with stage.runtime.sessions.begin() as session:
        of_leaver = Delivery.recipient == LEAVER, Delivery.kind == "question"
        assert await session.scalar(select(func.count()).where(*of_leaver)) == 2, "no day 30"

    assert (await stage.sandbox.change_user(AGAIN, deleted=False)).ok
    await stage.settled()
    await dates(stage, AGAIN, date(2027, 3, 1))
    await on(stage, 2027, 3, 1)
    await on(stage, 2027, 3, 3)  # a mentor is offered
    await on(stage, 2027, 3, 8)
    assert asked(stage, AGAIN) == [week, week], "a new job begins anew"
