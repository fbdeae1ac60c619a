"""Who reads what somebody explored: nobody, a topic's people, or everybody in a public channel."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.learning import notes, slots
from bot.learning.notes import Note
from bot.rights import retention
from models import Employee, MentoringProfile
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.mentoring.programmes import actor, person

ANN, BOB, CAT = (person(number) for number in range(3))


async def note(session: AsyncSession, written: Note) -> str:
    await company(session, {"Design": 3})
    for who, topics in ((BOB, ["Rust"]), (CAT, ["Go"])):
        session.add(
            MentoringProfile(
                workspace_id=WORKSPACE, employee_id=who, wants=topics, offers=[], joined_at=NOW
            )
        )
    slot = await slots.book(session, actor(ANN), 60, NOW)
    await notes.save_note(session, actor(ANN), slot.id, written, NOW)
    await session.flush()
    return slot.id


async def readers(session: AsyncSession) -> list[str]:
    return [
        who
        for who in (ANN, BOB, CAT)
        if await notes.explored_by_colleagues(session, actor(who), NOW)
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (Note("I read a book"), []),
        (Note("I read a book", "topic", topic=" rust "), [BOB]),
        (Note("I read a book", "channel", channel="C0GENERAL"), [BOB, CAT]),
    ],
)
async def test_who_reads_a_line(session: AsyncSession, written: Note, expected: list[str]) -> None:
    slot_id = await note(session, written)
    assert await readers(session) == expected
    await notes.take_back(session, actor(ANN), slot_id)
    assert await readers(session) == []


async def test_a_shared_line_hides_names_and_a_private_one_stays_as_written(
    session: AsyncSession,
) -> None:
    slot_id = await note(session, Note("x"))
    bob = await session.get_one(Employee, (WORKSPACE, BOB))
    bob.name = "Bobby Zeppelin"
    text = "Read with Bobby Zeppelin, bob@example.com"
    await notes.save_note(session, actor(ANN), slot_id, Note(text), NOW)
    kept = await slots.own_slot(session, actor(ANN), slot_id)
    assert kept.note == text
    await notes.save_note(session, actor(ANN), slot_id, Note(text, "topic", topic="Rust"), NOW)
    (shown,) = await notes.explored_by_colleagues(session, actor(BOB), NOW)
    assert "Zeppelin" not in shown.text
    assert "@example.com" not in shown.text


async def test_colleagues_read_this_month_only_and_nobody_who_left(session: AsyncSession) -> None:
    await note(session, Note("I read a book", "topic", topic="Rust"))
    later = NOW + timedelta(days=31)
    assert await notes.explored_by_colleagues(session, actor(BOB), later) == ()
    (await session.get_one(Employee, (WORKSPACE, ANN))).active = False
    await session.flush()
    assert await readers(session) == []


async def test_a_posted_line_is_taken_back_before_it_changes(session: AsyncSession) -> None:
    slot_id = await note(session, Note("I read a book", "channel", channel="C0GENERAL"))
    with pytest.raises(UserError, match="takes it back"):
        await notes.save_note(session, actor(ANN), slot_id, Note("Nothing"), NOW)
    await notes.take_back(session, actor(ANN), slot_id)
    await notes.save_note(session, actor(ANN), slot_id, Note("Nothing"), NOW)
    assert (await slots.own_slot(session, actor(ANN), slot_id)).note == "Nothing"


async def test_slots_go_a_year_after_they_were_over(session: AsyncSession) -> None:
    slot_id = await note(session, Note("I read a book"))
    over = (await slots.own_slot(session, actor(ANN), slot_id)).ends_at
    for later, gone in ((timedelta(days=364), 0), (timedelta(days=365), 1)):
        assert await retention.drop_learning(session, WORKSPACE, over + later) == gone
