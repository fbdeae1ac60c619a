"""Two at once: HR's answers, an author and the night's collection, two nights' collections."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import UserError
from bot.people import roles
from bot.people.roles import Role
from bot.rights import service as rights
from bot.voice import collecting, inbox, service
from bot.voice.inbox import Decision
from bot.voice.personal_data import drop_conversations
from bot.voice.service import Way
from models import VoiceMessage, VoiceThread
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.pulse.waves import actor
from tests.voice.acting import store, store_again

ANA, KIM = "UDESI001", "UDESI002"
TOMORROW = NOW + timedelta(days=1)
ROUNDS = 5


async def a_thread(sessions: Sessions) -> str:
    """Let Ana write and the night collect it; return the value of her button."""
    async with sessions.begin() as session:
        await company(session, {"Design": 6})
        await roles.grant(session, actor(ADMIN), KIM, Role.ADMIN, NOW)
        value = await store(session, ANA, Way.REPLY, "The lifts", NOW)
    await collect(sessions, 1)
    assert value
    return value


async def collect(sessions: Sessions, days: int) -> None:
    async with sessions.begin() as session:
        await collecting.collect(session, WORKSPACE, NOW + timedelta(days=days))


async def texts(sessions: Sessions) -> list[str]:
    async with sessions.begin() as session:
        found = await session.scalars(select(VoiceMessage).order_by(VoiceMessage.number))
        rows = found.all()
    assert [row.number for row in rows] == [*range(1, len(rows) + 1)]
    return [row.text for row in rows]


async def test_two_answers_at_once_are_both_kept(sessions: Sessions) -> None:
    await a_thread(sessions)
    async with sessions.begin() as session:
        thread = (await session.scalars(select(VoiceThread.id))).one()

    async def decide(who: str, words: str) -> int:
        async with sessions.begin() as session:
            made = await inbox.decide(session, actor(who), thread, Decision(words), TOMORROW)
        return len(made.messages)

    for number in range(ROUNDS):
        seen = await asyncio.gather(decide(ADMIN, f"Maya {number}"), decide(KIM, f"Kim {number}"))
        assert sorted(seen) == [2 * number + 2, 2 * number + 3], "the second one sees the first"
    assert len(await texts(sessions)) == 1 + 2 * ROUNDS


async def test_nothing_is_lost_when_an_author_writes_while_it_is_collected(
    sessions: Sessions,
) -> None:
    value = await a_thread(sessions)

    async def write(words: str, days: int) -> None:
        async with sessions.begin() as session:
            moment = NOW + timedelta(days=days)
            await store_again(session, ANA, value, words, moment)

    for days in range(1, ROUNDS + 1):
        await write(f"before {days}", days)
        await asyncio.gather(collect(sessions, days + 1), write(f"during {days}", days + 1))
    await collect(sessions, ROUNDS + 3)
    kept = await texts(sessions)
    assert len(kept) == len(set(kept)) == 1 + 2 * ROUNDS


async def test_two_schedulers_collect_once(sessions: Sessions) -> None:
    value = await a_thread(sessions)
    async with sessions.begin() as session:
        await store_again(session, ANA, value, "Also the heat", TOMORROW)
    await asyncio.gather(collect(sessions, 2), collect(sessions, 2))
    assert await texts(sessions) == ["The lifts", "Also the heat"]


async def test_what_is_withdrawn_while_it_is_collected_does_not_come_back(
    sessions: Sessions,
) -> None:
    value = await a_thread(sessions)
    async with sessions.begin() as session:
        await store_again(session, ANA, value, "Also the heat", TOMORROW)

    async def withdraw() -> None:
        async with sessions.begin() as session:
            await service.withdraw(session, actor(ANA), value, TOMORROW)

    await asyncio.gather(collect(sessions, 2), withdraw())
    assert await texts(sessions) == []
    async with sessions.begin() as session:
        with pytest.raises(UserError) as gone:
            await service.own_conversation(session, actor(ANA), value, TOMORROW)
    assert str(gone.value) == service.GONE


async def test_who_is_forgotten_while_it_is_collected_stays_forgotten(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {"Design": 6})
        await store(session, ANA, Way.NAMED, "The lifts", NOW)
    collected = asyncio.Event()

    async def collect_slowly() -> None:
        async with sessions.begin() as session:
            await collecting.collect(session, WORKSPACE, TOMORROW)
            collected.set()
            await asyncio.sleep(0.2)

    async def forget() -> None:
        await collected.wait()
        async with sessions.begin() as session:
            await rights.forget(session, actor(ANA), ANA, TOMORROW)

    await asyncio.gather(collect_slowly(), forget())
    assert await texts(sessions) == []


async def test_what_is_written_while_old_conversations_are_deleted_is_kept(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await company(session, {"Design": 6})
        value = await store(session, ANA, Way.NAMED, "The lifts", NOW)
    assert value
    later = NOW + timedelta(weeks=60)
    written = asyncio.Event()

    async def write_slowly() -> None:
        async with sessions.begin() as session:
            reviewed = await service.review(session, actor(ANA), Way.NAMED, "Again")
            await service.write_again(session, actor(ANA), value, reviewed, later)
            written.set()
            await asyncio.sleep(0.2)

    async def drop() -> None:
        await written.wait()
        async with sessions.begin() as session:
            await drop_conversations(session, WORKSPACE, later.date() - timedelta(weeks=53))

    await asyncio.gather(write_slowly(), drop())
    assert await texts(sessions) == ["The lifts", "Again"]
