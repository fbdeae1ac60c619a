"""How long conversations with HR are kept, and what people get of them."""

import json
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.rights.retention import drop_old
from bot.rights.service import CANNOT_BE_TIED, for_file, personal_data
from bot.voice import collecting, inbox
from bot.voice.inbox import Decision
from bot.voice.service import Status, Way
from models import VoiceMessage, VoiceThread
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.pulse.waves import actor
from tests.voice.acting import store

ANA = "UDESI001"
WORDS = "Nobody tells us why."


async def kept(session: AsyncSession) -> int:
    threads = await session.scalar(select(func.count()).select_from(VoiceThread)) or 0
    messages = await session.scalar(select(func.count()).select_from(VoiceMessage)) or 0
    return threads + messages


async def test_a_conversation_goes_a_year_after_the_last_week_of_it(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    await store(session, ANA, Way.REPLY, WORDS, NOW)
    await collecting.collect(session, WORKSPACE, NOW + timedelta(days=1))
    later = NOW + timedelta(weeks=20)
    listed = await inbox.look(session, actor(ADMIN), Status.NEW, 0, later)
    await inbox.decide(session, actor(ADMIN), listed.entries[0].id, Decision("Thanks."), later)

    answered = later.date() - timedelta(days=later.weekday())
    ends = date(answered.year + 1, answered.month, answered.day) + timedelta(days=6)
    for days, dropped in ((0, 0), (1, 1), (2, 0)):
        moment = later.replace(year=ends.year, month=ends.month, day=ends.day)
        assert await drop_old(session, WORKSPACE, 12, moment + timedelta(days=days)) == dropped
        session.expire_all()
        assert (await kept(session) > 0) is (days < 1)


async def test_people_get_what_they_wrote_by_name_and_are_told_why_nothing_else(
    session: AsyncSession,
) -> None:
    await company(session, {"Design": 6})
    for way, words in ((Way.NAMED, WORDS), (Way.REPLY, "I dare not say it."), (Way.ANONYMOUS, "!")):
        await store(session, ANA, way, words, NOW)
    data = await personal_data(session, WORKSPACE, ANA, NOW, for_themselves=True)
    (own,) = data["what_you_wrote_to_hr_by_name"]
    assert [each["text"] for each in own["messages"]] == [WORDS]
    assert len(data["conversations_with_hr_by_name"]) == 1
    in_file = json.dumps(for_file(data))
    assert WORDS not in in_file
    assert "dare not" not in in_file
    assert any("written to HR anonymously" in line for line in CANNOT_BE_TIED)
    assert data["cannot_be_tied_to_you"] == list(CANNOT_BE_TIED)
