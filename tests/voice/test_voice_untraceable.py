"""Nothing that is kept ties an anonymous author to what they wrote: the database is attacked.

What is in rows, what PostgreSQL and SQLite keep beside them, the files, and what a whole visit of
an author changes.
"""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import audit
from bot.replays import SeenRequests
from bot.voice import collecting, forms, inbox, news, service
from bot.voice.inbox import Decision
from bot.voice.service import Status, Way
from models import Base, Employee, VoiceMessage, VoiceThread
from models.database import Sessions, overwrite_deleted
from sandbox.demo.company import people
from tests.attacks.files import left_bytes
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.journeys.stage import Stage, buttons_of
from tests.logs import LogBook
from tests.pulse.test_untraceable import Rows, everything, rows_of, transactions
from tests.pulse.waves import actor
from tests.voice.acting import (
    AUTHOR,
    HR,
    WORDS,
    answer,
    next_day,
    open_first,
    store,
    write,
    write_again,
)

ANA, BEN = "UDESI001", "UDESI004"
DRAWN: Final = {
    "voice_threads": "id",
    "voice_messages": "thread_id",
    "audit_entries": "id",
    "deliveries": "id",
}
"""By table: random ids, which are not compared."""


async def a_conversation(session: AsyncSession, author: str, way: Way) -> list[Rows]:
    """Let somebody write, HR answer and everybody hear of it; return the database on the way."""
    async with session.begin_nested() as undone:
        value = await store(session, author, way, WORDS, NOW)
        dumps = [await everything(session, DRAWN)]
        await collecting.collect(session, WORKSPACE, NOW + timedelta(days=1))
        dumps.append(await everything(session, DRAWN))
        if value:
            later = NOW + timedelta(days=1, hours=2)
            listed = await inbox.look(session, actor(ADMIN), Status.NEW, 0, later)
            decision = Decision("Thank you.", "idea")
            await inbox.decide(session, actor(ADMIN), listed.entries[0].id, decision, later)
            await service.own_conversation(session, actor(author), value, later)
            reviewed = await service.review(session, actor(author), way, "And more.")
            await service.write_again(session, actor(author), value, reviewed, later)
            week = NOW + timedelta(weeks=1)
            due = await news.due_news(session, WORKSPACE, week)
            assert (due is None) == (way is Way.NAMED)
            if due:
                await news.enqueue_news(session, due, "", week)
                await news.mark_told(session, due)
            await collecting.collect(session, WORKSPACE, week)
            dumps.append(await everything(session, DRAWN))
        await undone.rollback()
    session.expire_all()
    return dumps


@pytest.mark.parametrize("way", [Way.REPLY, Way.ANONYMOUS])
async def test_who_wrote_makes_no_difference_to_the_database(
    session: AsyncSession, way: Way
) -> None:
    """Two worlds that differ only in who wrote leave the same rows, at each moment."""
    await company(session, {"Design": 6})
    one = await a_conversation(session, ANA, way)
    other = await a_conversation(session, BEN, way)
    assert one == other
    assert all(one[0][table] for table in ("voice_threads", "voice_messages"))


async def test_by_name_it_does_make_a_difference(session: AsyncSession) -> None:
    """Otherwise the comparison above would prove nothing."""
    await company(session, {"Design": 6})
    one = await a_conversation(session, ANA, Way.NAMED)
    assert one != await a_conversation(session, BEN, Way.NAMED)


async def letters(sessions: Sessions, authors: list[str], now: datetime) -> list[str]:
    """Let people write one after the other, HR acting in between; return the texts in order."""
    for number, author in enumerate(authors):
        moment = now + timedelta(minutes=number)
        async with sessions.begin() as session:
            await SeenRequests(sessions).mark(f"v0={moment}", int(now.timestamp())).store(session)
            words = TEXTS[number]
            await store(session, author, Way.REPLY, words, moment)
        async with sessions.begin() as session:
            audit.record(session, actor(ADMIN), "figures.viewed", now=moment)
    return list(TEXTS)


TEXTS = ("The lifts", "The rota", "Our tools", "The heat", "The noise", "The food")
AUTHORS = [f"UDESI00{number}" for number in (4, 0, 5, 2, 1, 3)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_transactions_and_places_tell_no_author_and_no_order(sessions: Sessions) -> None:
    """PostgreSQL keeps with a row which transaction wrote or locked it, and where it wrote it."""
    async with sessions.begin() as session:
        for table in collecting.TABLES:
            # Space that is freed at an unknown moment would change where rows are written.
            await session.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
        await session.execute(text("TRUNCATE voice_threads CASCADE"))
        await company(session, {"Design": 6})
    order = await letters(sessions, AUTHORS, NOW)
    fresh = await rows_of(sessions, "voice_messages")
    written = transactions(fresh)
    assert [each["text"] for each in fresh] == order, "so this must not stay"
    for each in Base.metadata.sorted_tables:
        holds_people = {"employee_id", "actor_id", "recipient"} & {*each.columns.keys()}
        if each.name == "employees" or holds_people:
            assert not written & transactions(await rows_of(sessions, each.name)), each.name

    for day in (1, 2):
        async with sessions.begin() as session:
            # The rows are read as they lie, in the order of writing.
            for path in ("indexscan", "indexonlyscan", "bitmapscan"):
                await session.execute(text(f"SET LOCAL enable_{path} = off"))
            await collecting.collect(session, WORKSPACE, NOW + timedelta(days=day))
        for table in collecting.TABLES:
            rows = await rows_of(sessions, table)
            key = "id" if table == "voice_threads" else "thread_id"
            assert len({str(row["xmin"]) for row in rows}) == 1, "also of earlier days"
            assert [row[key] for row in rows] == sorted(row[key] for row in rows)
            assert not written & transactions(rows)
        if day == 1:
            await letters(sessions, AUTHORS[::-1], NOW + timedelta(days=1))
    assert await overwrite_deleted(sessions, (), rewritten=collecting.TABLES)
    async with sessions.begin() as session:
        places = await session.scalars(
            text("SELECT ctid::text AS place FROM voice_messages ORDER BY ctid")
        )
    assert [*places] == [f"(0,{number + 1})" for number in range(2 * len(AUTHORS))], "no old rows"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_nights_that_did_not_run_tell_no_order_within_a_week(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {"Design": 6})
    monday = NOW - timedelta(days=NOW.weekday())
    for author, written, collected in ((ANA, 0, 1), (BEN, 3, 15)):
        async with sessions.begin() as session:
            await store(session, author, Way.REPLY, WORDS, monday + timedelta(days=written))
        async with sessions.begin() as session:
            night = monday + timedelta(days=collected)
            assert await collecting.collect(session, WORKSPACE, night) == 1
    for table in collecting.TABLES:
        rows = await rows_of(sessions, table)
        assert len(rows) == 2
        assert len({str(row["xmin"]) for row in rows}) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_numbers_no_rows_and_its_files_hold_no_way_back(
    sessions: Sessions, tmp_path: Path
) -> None:
    database = tmp_path / "attune.sqlite3"
    async with sessions.begin() as session:
        await company(session, {"Design": 6})
    await letters(sessions, AUTHORS, NOW)
    async with sessions.begin() as session:
        raw = "My badge is 48151623, ask me."
        value = await store(session, ANA, Way.REPLY, raw, NOW)
        assert value
    for table in collecting.TABLES:
        with closing(sqlite3.connect(database)) as opened:
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                opened.execute(f"SELECT rowid FROM {table}")  # noqa: S608 (our names)
            rows = opened.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()  # noqa: S608 (our names)
        assert rows == sorted(rows), "they lie in the order of their random keys"

    token, _, proof = value.split(".")
    secrets = [each.encode() for each in (token, proof, "48151623")]
    assert left_bytes(database, [b"My badge is"]) == 1, "otherwise the search is broken"
    assert left_bytes(database, secrets) == 0
    async with sessions.begin() as session:
        await service.withdraw(session, actor(ANA), value, NOW)
    assert await overwrite_deleted(sessions, collecting.TABLES)
    assert left_bytes(database, [b"My badge is"]) == 0


async def dump(stage: Stage) -> dict[str, set[tuple[str, ...]]]:
    """Read the database as it is stored, with columns that only the database knows."""
    found = {}
    async with stage.runtime.sessions.begin() as session:
        for table in Base.metadata.sorted_tables:
            rows = await session.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608 (our names)
            found[table.name] = {tuple(str(value) for value in row) for row in rows}
    return found


async def test_a_whole_visit_changes_nothing_that_names_its_author(
    stage: Stage, log_book: LogBook
) -> None:
    author = next(person.id for person in people() if person.name.startswith("Amara"))
    await stage.at(stage.now)
    before, lines = await dump(stage), len(log_book.lines)

    await write(stage, AUTHOR, Way.REPLY)
    await write_again(stage, AUTHOR, "And one more thing.")
    after = await dump(stage)

    changed = {name: after[name] ^ before[name] for name in after if after[name] != before[name]}
    assert changed.keys() == {"voice_threads", "voice_messages", "seen_requests"}
    value = str(buttons_of(stage.last(AUTHOR))[0]["value"])
    token, _, proof = value.split(".")
    for needle in (author, token, proof):
        assert not [name for name, rows in changed.items() if needle in str(rows)]
        assert not [line for line in log_book.lines[lines:] if needle in line]
    assert not [line for line in log_book.lines[lines:] if WORDS in line]
    hours = {row[1][-15:] for row in changed["seen_requests"]}
    assert {hour.split(":")[1] for hour in hours} == {"00"}, "a finer time would date a press"

    # Reading changes nothing but what recognises the request.
    await next_day(stage)
    await answer(stage, await open_first(stage), "Thank you.")
    before = await dump(stage)
    await stage.press(AUTHOR, forms.OPEN)
    after = await dump(stage)
    changed = {name: after[name] ^ before[name] for name in after if after[name] != before[name]}
    assert changed.keys() == {"seen_requests"}
    seen_by_hr = str(stage.sandbox.views(HR)["view"])
    assert not [needle for needle in (author, token, proof) if needle in seen_by_hr]


async def test_no_row_says_when_it_was_written(session: AsyncSession) -> None:
    """The same words at any time of a week leave the same rows once they are collected."""
    await company(session, {"Design": 6})
    kept = []
    monday = NOW - timedelta(days=NOW.weekday())
    for hours in (0, 7, 31, 80):
        async with session.begin_nested() as undone:
            moment = monday + timedelta(hours=hours)
            await store(session, ANA, Way.REPLY, WORDS, moment)
            await collecting.collect(session, WORKSPACE, monday + timedelta(days=6))
            rows = await everything(session, DRAWN)
            kept.append((rows["voice_threads"], rows["voice_messages"]))
            await undone.rollback()
        session.expire_all()
    assert all(each == kept[0] for each in kept)


def test_no_column_could_hold_a_time_or_a_person() -> None:
    """What is new in these tables has to be thought about here."""
    assert {each.name for each in VoiceThread.__table__.columns} == {
        "workspace_id", "id", "way", "author_id", "topic", "status", "label", "item_id",
    }  # fmt: skip
    assert {each.name for each in VoiceMessage.__table__.columns} == {
        "workspace_id", "thread_id", "number", "from_hr", "text", "week", "collect_at", "told",
    }  # fmt: skip


@pytest.mark.parametrize("way", [Way.REPLY, Way.ANONYMOUS])
async def test_the_table_itself_refuses_an_anonymous_author(
    session: AsyncSession, way: Way
) -> None:
    await company(session, {"Design": 6})
    row: dict[str, Any] = {"workspace_id": WORKSPACE, "way": way.value, "topic": "tools"}
    assert await session.get(Employee, (WORKSPACE, ANA))
    session.add(VoiceThread(**row, author_id=ANA))
    with pytest.raises(Exception, match="author"):
        await session.flush()
    await session.rollback()


async def test_a_text_that_was_not_masked_can_not_be_added(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    value = await store(session, ANA, Way.REPLY, WORDS, NOW)
    assert value
    plain = await service.review(session, actor(ANA), Way.NAMED, "Kofi says so.")
    with pytest.raises(ValueError, match="another kind"):
        await service.write_again(session, actor(ANA), value, plain, NOW)
