"""Who is asked: found, fitting, there, and not asked too much; nobody who is never to be paired."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.helpers import MOST_A_WEEK, MOST_AT_ONCE, Wanted, choose_helpers
from bot.knowledge.pure.choosing import Candidate, best
from bot.knowledge.service import ask
from models import Employee, KnowledgeQuestion, KnowledgeRequest
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.knowledge.asking import TOPIC, actor, card, offer

ASKER = "UDESI000"
KNOWS = tuple(f"UDESI00{number}" for number in range(1, 6))


@pytest.fixture
async def design(session: AsyncSession) -> AsyncSession:
    await company(session, {"Design": 8})
    return session


async def chosen(session: AsyncSession, topic: str = TOPIC, count: int = 9) -> list[str]:
    return await choose_helpers(session, Wanted(WORKSPACE, topic, ASKER), count, NOW)


async def asked(session: AsyncSession, person: str, times: int, days_ago: float = 1) -> None:
    for _ in range(times):
        question = KnowledgeQuestion(
            workspace_id=WORKSPACE, topic=TOPIC, status="closed", asked_at=NOW
        )
        session.add(question)
        await session.flush()
        session.add(
            KnowledgeRequest(
                workspace_id=WORKSPACE,
                question_id=question.id,
                helper_id=person,
                asked_at=NOW - timedelta(days=days_ago),
            )
        )
    await session.flush()


async def test_only_who_offers_the_topic_and_agreed_is_asked(design: AsyncSession) -> None:
    await offer(design, KNOWS[0])
    await offer(design, KNOWS[1], findable=False)
    await offer(design, KNOWS[2], topics=["Baking"])
    await offer(design, ASKER)

    assert await chosen(design) == [KNOWS[0]]
    assert await chosen(design, "baking") == [KNOWS[2]]
    assert await chosen(design, "Weaving") == []


@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        {"away_until": NOW + timedelta(days=1)},
        {"absent_from": NOW.date()},
    ],
)
async def test_nobody_who_is_away_or_gone_is_asked(
    design: AsyncSession, change: dict[str, Any]
) -> None:
    await offer(design, KNOWS[0])
    person = await design.get_one(Employee, (WORKSPACE, KNOWS[0]))
    for name, value in change.items():
        setattr(person, name, value)
    await design.flush()

    assert await chosen(design) == []


async def test_a_pause_of_mentoring_counts(design: AsyncSession) -> None:
    await offer(design, KNOWS[0], paused_until=NOW.date() + timedelta(days=1))
    await offer(design, KNOWS[1], paused_until=NOW.date())

    assert await chosen(design) == [KNOWS[1]]


async def test_either_ones_wish_never_to_be_paired_counts(design: AsyncSession) -> None:
    await offer(design, KNOWS[0], never_with=[ASKER])
    await offer(design, *KNOWS[1:3])
    await offer(design, ASKER, topics=["Baking"], never_with=[KNOWS[1]])

    assert await chosen(design) == [KNOWS[2]]


async def test_two_questions_a_week_are_the_most(design: AsyncSession) -> None:
    await offer(design, *KNOWS[:3])
    await asked(design, KNOWS[0], MOST_A_WEEK)
    await asked(design, KNOWS[1], MOST_A_WEEK - 1)
    await asked(design, KNOWS[2], MOST_A_WEEK, days_ago=7)

    assert await chosen(design) == [KNOWS[2], KNOWS[1]]


async def test_whose_answers_are_kept_comes_first_also_among_many(design: AsyncSession) -> None:
    crowd = [f"UCROW{number:03}" for number in range(150)]
    design.add_all(
        Employee(workspace_id=WORKSPACE, id=each, name=each, active=True, tz="UTC", slack_updated=0)
        for each in crowd
    )
    await design.flush()
    await offer(design, *crowd)
    await offer(design, KNOWS[0])
    design.add(card("What is a pod?", author_id=KNOWS[0]))
    await design.flush()

    found = await chosen(design, count=MOST_AT_ONCE)
    assert found[0] == KNOWS[0]
    assert len(set(found)) == MOST_AT_ONCE
    others = {each for _ in range(30) for each in await chosen(design, count=MOST_AT_ONCE)}
    assert len(others) > MOST_AT_ONCE, "each time other people are compared"


async def test_the_other_number_of_an_own_topic_is_the_same(design: AsyncSession) -> None:
    await offer(design, KNOWS[0], topics=["Beehives"])

    assert await chosen(design, "beehive") == [KNOWS[0]]


def test_the_order_of_fit_and_load() -> None:
    people = [
        Candidate("new", 0),
        Candidate("busy", 9, load=1),
        Candidate("experienced", 9),
        Candidate("busy author", 0, kept=1, load=1),
        Candidate("author of two", 0, kept=2),
        Candidate("author", 9, kept=1),
    ]
    order = ["author of two", "author", "busy author", "experienced", "new", "busy"]
    assert best(people, 9) == order
    assert best(people, 2) == order[:2]


async def test_a_new_question_counts_for_the_next(design: AsyncSession) -> None:
    await offer(design, KNOWS[0])
    for number in range(MOST_A_WEEK):
        assert await ask(design, actor(ASKER), TOPIC, f"Question {number}?", NOW)
    assert await ask(design, actor(KNOWS[4]), TOPIC, "And I?", NOW) == ()
