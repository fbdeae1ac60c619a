"""The company pulse through its jobs, on both databases, over several weeks."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.pulse.company.choosing import week_of
from bot.runtime import Runtime, open_runtime
from bot.settings import load_settings
from models import OpenAnswer, QuestionAsked
from tests.conftest import NOW
from tests.pulse.standing import standing


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    """A scheduler's Runtime that has no need of Slack."""
    settings = load_settings(
        _env_file=None,
        slack_bot_token="xoxb-none",
        slack_signing_secret="0" * 32,
        database_url=database_url,
    )
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        yield opened


async def count(runtime: Runtime, table: type) -> int:
    async with runtime.sessions.begin() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_weeks_publish_figures_and_nobody_is_asked_too_much(runtime: Runtime) -> None:
    pulse = await standing(runtime)
    for week in range(5):
        await pulse.week(week, lambda person, _: None if person.endswith("1") else 4)

    async with runtime.sessions.begin() as session:
        asked = (await session.scalars(select(QuestionAsked))).all()
    a_week = Counter((each.employee_id, each.held_on) for each in asked)
    assert max(a_week.values()) <= 2
    weeks = defaultdict(list)
    for each in asked:
        driver = pulse.questions[each.position].driver
        weeks[each.employee_id, driver].append(week_of(each.held_on))
    for held in weeks.values():
        assert all(b - a >= 3 for a, b in zip(sorted(held), sorted(held)[1:], strict=False))
    figures = await pulse.figures()
    cells = {cell for of_week in figures.values() for cell in of_week}
    assert {team for _, team in cells} == {"Design", "Engineering", "Sales", "Everyone else"}
    for of_week in figures.values():
        for figure in of_week.values():
            assert figure.n % 5 == 0
            assert figure.n >= 5
            assert figure.mean is not None
            assert abs(figure.mean - 7.5) <= 1
    assert await count(runtime, OpenAnswer) == 0
