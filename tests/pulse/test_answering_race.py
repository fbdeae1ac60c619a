"""Many presses at once, and presses against the close."""

import asyncio
import random

from sqlalchemy import select

from bot.pulse import sealing, service
from bot.pulse.steps import DoneStep, Refusal, Step
from models import Invitation, OpenAnswer
from models.database import Sessions
from tests.conftest import HANGS, NOW
from tests.factories import WORKSPACE
from tests.pulse.waves import OpenWave, actor, count, has_answered, opened_wave, stored


async def prepared(sessions: Sessions, people: int = 12) -> OpenWave:
    async with sessions.begin() as session:
        return await opened_wave(session, {"Design": people})


async def pressed(sessions: Sessions, wave: OpenWave, person: str, value: int) -> Step:
    async with sessions.begin() as session:
        return await service.answer(session, actor(person), wave.press(person, 0, value))


async def written(sessions: Sessions, wave: OpenWave, person: str, text: str) -> Step:
    async with sessions.begin() as session:
        return await service.comment(
            session, actor(person), wave.press(person), text, after_thanks=True
        )


async def closed(sessions: Sessions, wave: OpenWave) -> bool:
    async with sessions.begin() as session:
        return await sealing.seal(session, WORKSPACE, wave.id, NOW)


async def test_the_same_answer_pressed_a_hundred_times_at_once_is_stored_once(
    sessions: Sessions,
) -> None:
    wave = await prepared(sessions)
    me = wave.people[0]
    steps = await asyncio.gather(*(pressed(sessions, wave, me, 4) for _ in range(100)))
    assert all(isinstance(step, DoneStep) for step in steps)
    async with sessions.begin() as session:
        assert await stored(session) == [(0, 4, None)]
        assert await has_answered(session, wave, me)


async def test_different_presses_of_one_person_at_once_leave_one_of_them(
    sessions: Sessions,
) -> None:
    wave = await prepared(sessions)
    me = wave.people[0]
    await asyncio.gather(
        *(pressed(sessions, wave, me, value) for value in (1, 2, 3, 4, 5) * 4),
        *(written(sessions, wave, me, text) for text in ("", "Yes", "No") * 4),
    )
    async with sessions.begin() as session:
        [(_, value, comment)] = await stored(session)
        assert value in range(1, 6)
        assert comment in (None, "Yes", "No")
        assert await has_answered(session, wave, me)


async def test_the_presses_of_one_person_wait_for_each_other(sessions: Sessions) -> None:
    wave = await prepared(sessions)
    me = wave.people[0]
    await written(sessions, wave, me, "Hello")
    async with sessions.begin() as session:
        await service.comment(session, actor(me), wave.press(me), "", after_thanks=True)
        answering = asyncio.create_task(pressed(sessions, wave, me, 4))
        await asyncio.sleep(0.2)
        assert not answering.done(), "it would bring back the comment that is being deleted"
    await answering
    async with sessions.begin() as session:
        assert await stored(session) == [(0, 4, None)]
        assert await has_answered(session, wave, me)


async def test_an_acknowledged_answer_is_sealed_and_a_late_one_is_refused(
    sessions: Sessions,
) -> None:
    wave = await prepared(sessions, people=40)

    async def after_a_while(person: str) -> Step:
        await asyncio.sleep(random.uniform(0, 0.2))
        return await pressed(sessions, wave, person, 3)

    async def seal_midway() -> bool:
        await asyncio.sleep(0.1)
        return await closed(sessions, wave)

    async def both() -> list[Step]:
        answering = [asyncio.create_task(after_a_while(person)) for person in wave.people]
        sealings = [asyncio.create_task(seal_midway()) for _ in range(2)]
        assert sorted(await asyncio.gather(*sealings)) == [False, True]
        return list(await asyncio.gather(*answering))

    steps = await asyncio.wait_for(both(), timeout=HANGS)
    acknowledged = sum(isinstance(step, DoneStep) for step in steps)
    assert acknowledged + steps.count(Refusal.CLOSED) == len(wave.people)
    async with sessions.begin() as session:
        assert await count(session, OpenAnswer) == acknowledged
        assert set(await session.scalars(select(Invitation.status))) == {"closed"}


async def test_a_comment_never_lands_behind_the_seal(sessions: Sessions) -> None:
    wave = await prepared(sessions)
    results = await asyncio.gather(
        *(written(sessions, wave, person, "Hello") for person in wave.people),
        closed(sessions, wave),
        *(written(sessions, wave, person, "Hello again") for person in wave.people),
    )
    heard = {
        person
        for person, step in zip([*wave.people, "", *wave.people], results, strict=True)
        if isinstance(step, DoneStep)
    }
    async with sessions.begin() as session:
        assert await count(session, OpenAnswer) == len(heard)
