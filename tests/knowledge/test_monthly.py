"""HR sees figures of ended months alone, and only where enough people asked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAllowedError
from bot.insights.pure.months import Month
from bot.knowledge import monthly, service
from bot.knowledge.monthly import BY_COLLEAGUE, FROM_CARD, NOT_ANSWERED, OTHER_TOPICS
from bot.knowledge.service import LASTS
from models import AuditEntry
from models.database import Sessions
from scheduler.tallies import tally_months
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.knowledge.asking import TOPIC, actor, offer
from tests.mentoring.programmes import runtime_on

DECEMBER = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
NOVEMBER = Month.of(NOW.date(), "Europe/Berlin")


async def busy_month(session: AsyncSession) -> None:
    """Let twelve people find a card, one be answered, one wait in vain, and two find nobody."""
    people = [each.id for each in await company(session, {"Design": 20})]
    await offer(session, people[19])
    for person in people[:12]:
        await service.note_found(session, actor(person), TOPIC, NOW)
    await service.ask(session, actor(people[12]), TOPIC, "Answered?", NOW)
    (question,) = await service.open_questions(session, actor(people[12]))
    later = NOW + timedelta(hours=6)
    await service.answer(session, actor(people[19]), question.id, "Yes.", False, later)
    await service.ask(session, actor(people[13]), TOPIC, "In vain?", NOW)
    await service.ask(session, actor(people[14]), "Weaving", "Nobody?", NOW)
    await service.ask(session, actor(people[15]), "Rust", "Nobody either?", NOW)


async def test_a_question_counts_in_the_month_in_which_its_week_ends(session: AsyncSession) -> None:
    await busy_month(session)

    rows = await monthly.read_questions(session, WORKSPACE, NOVEMBER)

    assert sorted((row.category, row.hours) for row in rows if row.category != FROM_CARD) == [
        (BY_COLLEAGUE, 6.0),
        (NOT_ANSWERED, None),
        (NOT_ANSWERED, None),
        (NOT_ANSWERED, None),
    ]
    assert sum(row.category == FROM_CARD for row in rows) == 12
    october = Month.of(NOW.date() - timedelta(days=10), "Europe/Berlin")
    assert october.ends < NOW + LASTS
    assert await monthly.read_questions(session, WORKSPACE, october) == []
    unknown = await monthly.read_unknown(session, WORKSPACE, NOVEMBER)
    assert sorted(row.category for row in unknown) == ["Engineering", OTHER_TOPICS]


async def test_hr_sees_the_stored_month_and_the_look_is_recorded(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await busy_month(session)
    async with sessions.begin() as session:
        before = await monthly.figures(session, actor(ADMIN), NOW)
        assert before.questions == ()
    async with runtime_on(sessions) as runtime:
        assert await tally_months(runtime, DECEMBER)
    async with sessions.begin() as session:
        found = await monthly.figures(session, actor(ADMIN), DECEMBER)
        (total, *_) = found.questions
        assert total.people == 15
        assert total.shares[FROM_CARD].value > 0.5
        assert total.time is None, "one answer is too few for a median"
        assert found.unknown[0].people == 0
        looks = await session.scalars(select(AuditEntry.action))
        assert list(looks) == ["figures.viewed"] * 2
    with pytest.raises(NotAllowedError):
        async with sessions.begin() as session:
            await monthly.figures(session, actor("UDESI000"), DECEMBER)
