"""Two presses at once, and what is done twice after a crash."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from bot.errors import UserError
from bot.knowledge import cards, passing_on, service
from bot.knowledge.helpers import MOST_A_WEEK
from models import Delivery, Employee, KnowledgeCard, KnowledgeQuestion, KnowledgeRequest
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.knowledge.asking import TOPIC, actor, offer

ASKER, FIRST, SECOND = "UDESI000", "UDESI001", "UDESI002"


async def asked(sessions: Sessions) -> str:
    async with sessions.begin() as session:
        await company(session, {"Design": 9})
        await offer(session, FIRST, SECOND)
        assert set(await service.ask(session, actor(ASKER), TOPIC, "How?", NOW)) == {FIRST, SECOND}
        (question,) = await service.open_questions(session, actor(ASKER))
        return question.id


async def answered_by(sessions: Sessions, person: str, question: str) -> bool:
    try:
        async with sessions.begin() as session:
            await service.answer(session, actor(person), question, f"{person}.", True, NOW)
    except UserError:
        return False
    return True


async def test_of_two_helpers_at_once_one_answers(sessions: Sessions) -> None:
    question = await asked(sessions)
    both = await asyncio.gather(
        *(answered_by(sessions, each, question) for each in (FIRST, SECOND))
    )

    assert sorted(both) == [False, True]
    async with sessions.begin() as session:
        row = await session.get_one(KnowledgeQuestion, (WORKSPACE, question))
        assert row.answer == f"{row.author_id}."
        results = select(func.count()).where(Delivery.kind == service.ASK_RESULT)
        assert await session.scalar(results) == 1


async def test_questions_at_once_never_give_a_helper_more_than_a_weeks_most(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        people = [each.id for each in await company(session, {"Design": 9})]
        await offer(session, people[8])

    async def ask(person: str) -> int:
        async with sessions.begin() as session:
            return len(await service.ask(session, actor(person), TOPIC, "How?", NOW))

    got = await asyncio.gather(*(ask(person) for person in people[:8]))

    assert sorted(got) == [0] * (8 - MOST_A_WEEK) + [1] * MOST_A_WEEK


async def test_keeping_twice_at_once_makes_one_card(sessions: Sessions) -> None:
    question = await asked(sessions)
    assert await answered_by(sessions, FIRST, question)
    async with sessions.begin() as session:
        await cards.helped(session, actor(ASKER), question, NOW)

    async def keep() -> bool:
        try:
            async with sessions.begin() as session:
                await cards.keep(session, actor(ASKER), question, NOW)
        except UserError:
            return False
        return True

    assert sorted(await asyncio.gather(keep(), keep())) == [False, True]
    async with sessions.begin() as session:
        assert await session.scalar(select(func.count()).select_from(KnowledgeCard)) == 1


async def test_a_job_that_runs_twice_does_its_work_once(sessions: Sessions) -> None:
    question = await asked(sessions)
    assert await answered_by(sessions, FIRST, question)
    async with sessions.begin() as session:
        await cards.helped(session, actor(ASKER), question, NOW)
        card = await cards.keep(session, actor(ASKER), question, NOW)
    later = NOW + cards.REVIEWED_AFTER

    async def review() -> int:
        async with sessions.begin() as session:
            return await cards.ask_author(session, WORKSPACE, str(card.id), later)

    assert sorted(await asyncio.gather(review(), review())) == [0, 1]
    async with sessions.begin() as session:
        reviews = select(func.count()).where(Delivery.kind == cards.ASK_REVIEW)
        assert await session.scalar(reviews) == 1


async def test_nobody_waits_for_who_went_away(sessions: Sessions) -> None:
    question = await asked(sessions)
    async with sessions.begin() as session:
        await offer(session, "UDESI003")
        (await session.get_one(Employee, (WORKSPACE, FIRST))).active = False
        away = await session.get_one(Employee, (WORKSPACE, SECOND))
        away.away_until = NOW + timedelta(days=30)
    later = NOW + service.LOOK_EVERY

    async def look() -> int:
        async with sessions.begin() as session:
            return await passing_on.look_after(session, WORKSPACE, question, later)

    assert sorted(await asyncio.gather(look(), look())) == [0, 1]
    async with sessions.begin() as session:
        rows = await session.execute(select(KnowledgeRequest.helper_id, KnowledgeRequest.status))
        assert dict(iter(rows)) == {FIRST: "gone", SECOND: "gone", "UDESI003": "asked"}


async def test_a_question_without_anybody_left_is_closed_and_its_asker_told(
    sessions: Sessions,
) -> None:
    question = await asked(sessions)
    for person in (FIRST, SECOND):
        async with sessions.begin() as session:
            await service.decline(session, actor(person), question, NOW)
    async with sessions.begin() as session:
        assert await passing_on.look_after(session, WORKSPACE, question, NOW)
        row = await session.get_one(KnowledgeQuestion, (WORKSPACE, question))
        assert row.status == "closed"
        (told,) = await session.scalars(select(Delivery).where(Delivery.kind == service.ASK_RESULT))
        assert told.recipient == ASKER
