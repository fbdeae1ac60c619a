"""No row of a person tells whether they answered: neither what is in it, nor how it is kept."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention import planning
from bot.outbox import outcomes, states
from bot.outbox.deliveries import Posted
from bot.outbox.kinds import Composing, kind_of
from bot.pulse import sealing, service
from bot.pulse.messages import KINDS
from bot.replays import SeenRequests
from models import Base, Delivery, Invitation, OpenAnswer
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.insights.waves import publish
from tests.pulse.waves import OpenWave, actor, open_for, opened_wave, store_survey

REMINDED = NOW + timedelta(days=2)
LATER = NOW + timedelta(days=4)

Rows = dict[str, Counter[tuple[str, ...]]]
DRAWN: Final = {"deliveries": "id", "figures": "id", "interruptions": "message_id"}
"""By table: ids that publishing draws."""


async def test_who_answered_makes_no_difference_to_a_closed_survey(session: AsyncSession) -> None:
    """Two worlds that differ in who of a cohort answered, or skipped, leave the same database."""
    await company(session, {"Design": 6, "Legal": 7})
    made = await store_survey(session, open_hours=96)
    wave = await open_for(session, made)
    groups = await by_cohort(session)
    assert len(groups) > 1
    skipping = [groups[0][0], groups[0][-1]]
    first = {each: 1 + number for group in groups.values() for number, each in enumerate(group[:5])}
    last = {each: 1 + number for group in groups.values() for number, each in enumerate(group[-5:])}
    one = await after(session, wave, first, skipping[1])
    other = await after(session, wave, last, skipping[0])
    nobody = await after(session, wave, {}, skipping[1])

    assert one == other
    assert one != nobody, "what was answered is there"


async def by_cohort(session: AsyncSession) -> dict[int, list[str]]:
    """Return the people of each cohort, in order."""
    groups: dict[int, list[str]] = {}
    for each in await session.scalars(select(Invitation).order_by(Invitation.employee_id)):
        groups.setdefault(each.cohort_id or 0, []).append(each.employee_id)
    return groups


async def after(session: AsyncSession, wave: OpenWave, answers: dict[str, int], skips: str) -> Rows:
    """Let people answer and one skip, remind the others, publish, read all tables; undo it all."""
    async with session.begin_nested() as undone:
        await send(session, "question", NOW)
        for person, value in answers.items():
            await service.answer(session, actor(person), wave.press(person, 0, value))
        await service.skip(session, actor(skips), wave.press(skips, 0))
        await send(session, "reminder", REMINDED)
        assert await sealing.seal(session, WORKSPACE, wave.id, LATER)
        assert await publish(session, WORKSPACE, wave.id, LATER)
        left = await everything(session)
        await undone.rollback()
    session.expire_all()
    return left


async def send(session: AsyncSession, kind: str, now: datetime) -> None:
    """Send a kind of message to all whom there is something to say to, as the sender does."""
    for (delivery,) in await planned(session, now):
        assert delivery.kind == kind
        message = await KINDS[kind].compose(session, delivery, Composing(now, None))
        posted = Posted("D1", "1.000001") if message else None
        await outcomes.record_ended(session, KINDS[kind], [(delivery, posted)], now)


async def planned(session: AsyncSession, now: datetime) -> list[list[Delivery]]:
    """Have the planner make messages due, and claim them."""
    page = await planning.read_page(session, WORKSPACE, partial(kind_of, KINDS), now)
    await planning.store(session, WORKSPACE, planning.decide(page, now), now)
    return await states.claim(session, WORKSPACE, 100, now, now)


async def everything(session: AsyncSession, drawn: Mapping[str, str] = DRAWN) -> Rows:
    """Read every row of every table; ids that are drawn are left out."""
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.name != drawn.get(table.name)]
        rows = await session.execute(select(*columns))
        found[table.name] = Counter(tuple(str(value) for value in row) for row in rows)
    return found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_transactions_tie_no_answer_to_a_person(sessions: Sessions) -> None:
    """PostgreSQL keeps with a row which transaction wrote or locked it, and where it wrote it."""
    async with sessions.begin() as session:
        # Space that is freed at an unknown moment would change where rows are written: a new file
        # has none that tests before this one left.
        await session.execute(text("TRUNCATE invitations CASCADE"))
        await session.execute(text("ALTER TABLE invitations SET (autovacuum_enabled = false)"))
        wave = await opened_wave(session, {"Design": 12})
    for number in (7, 2, 9, 4):
        person = wave.people[number]
        async with sessions.begin() as session:
            await SeenRequests(sessions).mark(f"v0={number}", int(NOW.timestamp())).store(session)
            await service.answer(session, actor(person), wave.press(person, 0, 1 + number % 5))

    answered = transactions(await rows_of(sessions, OpenAnswer.__tablename__))
    assert len(answered) == 4
    for table in ("invitations", "employees", "deliveries"):
        assert not answered & transactions(await rows_of(sessions, table)), table

    async with sessions.begin() as session:
        assert await sealing.seal(session, WORKSPACE, wave.id, LATER)
    rows = await rows_of(sessions, "invitations")
    assert len(transactions(rows) - {"0"}) == 1
    assert [row["employee_id"] for row in rows] == sorted(wave.people)


async def rows_of(sessions: Sessions, table: str) -> list[Any]:
    """Read a table with what PostgreSQL keeps beside it, in the order of the file."""
    async with sessions.begin() as session:
        found = await session.execute(text(f"SELECT *, xmin, xmax FROM {table} ORDER BY ctid"))  # noqa: S608 (our own name)
        return list(found.mappings())


def transactions(rows: Collection[Any]) -> set[str]:
    return {str(row[name]) for row in rows for name in ("xmin", "xmax")} - {"0"}


async def test_a_reminder_is_settled_whether_it_was_sent_or_not(session: AsyncSession) -> None:
    wave = await opened_wave(session, {"Design": 6}, open_hours=96)
    await send(session, "question", NOW)
    me = wave.people[0]
    await service.answer(session, actor(me), wave.press(me, 0, 4))
    await send(session, "reminder", REMINDED)
    reminders = select(Delivery).where(Delivery.kind == "reminder")
    rows = await session.scalars(reminders.execution_options(populate_existing=True))
    assert {(row.status, row.channel, row.ts, row.reason, row.attempts) for row in rows} == {
        ("settled", None, None, None, 1)
    }
