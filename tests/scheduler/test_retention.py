"""What was kept long enough goes, and nothing before its time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import event, func, select

from bot.people import audit
from bot.pulse.personal_data import own_invitations
from bot.rights import retention
from bot.rights.retention import months_before
from bot.runtime import Runtime
from bot.surveys.audience_history import COMPARED
from models import (
    Answer,
    AuditEntry,
    Base,
    Delivery,
    Employee,
    Invitation,
    NamedResponse,
    OpenAnswer,
    PublishedComment,
    Survey,
    Wave,
    Workspace,
)
from scheduler.rights import apply_retention, erase_uninstalled
from tests.conftest import NOW
from tests.factories import WORKSPACE, employee, survey
from tests.insights.waves import CLOSED, everyone, publish, sealed_wave
from tests.scheduler.conftest import PEOPLE, Mail


async def count(runtime: Runtime, table: type[Base]) -> int:
    async with runtime.sessions.begin() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ("2026-11-03", 12, "2025-11-03"),
        ("2026-01-31", 2, "2025-11-30"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2026-12-15", 1, "2026-11-15"),
    ],
)
def test_months_are_counted_back(moment: str, months: int, before: str) -> None:
    then = months_before(datetime.fromisoformat(moment).replace(tzinfo=UTC), months)
    assert then == datetime.fromisoformat(before).replace(tzinfo=UTC)


async def test_comments_go_after_a_year_and_answers_stay(runtime: Runtime) -> None:
    async with runtime.sessions.begin() as session:
        made = survey()
        session.add(made)
        await session.flush()
        comments = [("Design", 0, "Too loud.")]
        wave = await sealed_wave(session, made, {"Design": everyone(1, 2, 3, 4, 5)}, comments)
        session.add(
            PublishedComment(
                workspace_id=WORKSPACE, wave_id=wave.id, month="2026-11", text="Too loud."
            )
        )

    assert await apply_retention(runtime, CLOSED.replace(year=2027)) == 0
    assert await apply_retention(runtime, CLOSED.replace(year=2027) + timedelta(seconds=1)) == 1
    assert await apply_retention(runtime, CLOSED.replace(year=2027) + timedelta(seconds=1)) == 0
    assert await count(runtime, PublishedComment) == 0
    assert await count(runtime, OpenAnswer) == 5


async def test_leavers_go_after_thirty_days_and_of_the_forgotten_the_mark_stays(
    runtime: Runtime,
) -> None:
    async with runtime.sessions.begin() as session:
        made = survey(anonymous=False)
        session.add(made)
        await session.flush()
        wave = await sealed_wave(session, made, {"Design": everyone(1, 2, 3, 4, 5)})
        leavers = await session.scalars(select(Employee).order_by(Employee.id).limit(2))
        for person, forgotten in zip(leavers.all(), (False, True), strict=True):
            person.active, person.left_at = False, NOW - timedelta(days=30)
            person.do_not_contact = forgotten
        leaver = await session.scalar(select(func.min(Employee.id)))

    # Invitations are counted when a wave is published: until then nobody's goes.
    assert await apply_retention(runtime, NOW) == 0
    async with runtime.sessions.begin() as session:
        await publish(session, WORKSPACE, wave.id, NOW)
    assert await apply_retention(runtime, NOW - timedelta(seconds=1)) == 1
    for table, left in ((Employee, 5), (Invitation, 4), (NamedResponse, 4)):
        assert await count(runtime, table) == left
    assert await apply_retention(runtime, NOW) == 1
    assert await apply_retention(runtime, NOW) == 0
    for table, left in ((Employee, 4), (Invitation, 3), (NamedResponse, 3)):
        assert await count(runtime, table) == left
    assert await count(runtime, Answer) == 5
    async with runtime.sessions.begin() as session:
        assert await session.get(Employee, (WORKSPACE, str(leaver))) is None
        entry = (await session.scalars(select(AuditEntry))).one()
        assert (entry.action, entry.detail) == ("leavers.erased", {"people": 1})


async def test_old_messages_and_drafts_go(runtime: Runtime, mail: Mail) -> None:
    await mail.put(PEOPLE[0], status="sent", due_at=NOW - timedelta(days=90))
    await mail.put(PEOPLE[1], status="sent", due_at=NOW - timedelta(days=89))
    await mail.put(PEOPLE[2], status="due", due_at=NOW - timedelta(days=200))
    async with runtime.sessions.begin() as session:
        session.add(survey(name="Old", status="draft", created_at=NOW - timedelta(days=8)))
        session.add(survey(name="New", status="draft", created_at=NOW - timedelta(days=6)))

    assert await apply_retention(runtime, NOW) == 2
    assert await apply_retention(runtime, NOW) == 0
    async with runtime.sessions.begin() as session:
        assert list(await session.scalars(select(Survey.name))) == ["New"]
        kept = await session.scalars(select(Delivery.recipient).order_by(Delivery.recipient))
        assert list(kept) == [*PEOPLE[1:3]]


async def test_uninstalling_takes_the_token_at_once_and_the_data_after_a_month(
    runtime: Runtime,
) -> None:
    installation = Installation(
        user_id="U0BOSS",
        team_id="T0OTHER",
        team_name="Other",
        bot_token="xoxb-other",
        bot_id="B0",
        bot_user_id="U0BOT",
    )
    store = runtime.installations
    await store.async_save(installation)
    async with runtime.sessions.begin() as session:
        session.add(employee("U0SOMEBODY", workspace_id="T0OTHER"))
        audit.record(session, audit.Attune("T0OTHER"), "people.imported", now=NOW)
    await store.remove("T0OTHER", NOW)
    async with runtime.sessions.begin() as session:
        gone = await session.get_one(Workspace, "T0OTHER")
        assert (gone.bot_token, gone.uninstalled_at) == (None, NOW)
    assert await store.find("T0OTHER") is None

    month = timedelta(days=30)
    assert await erase_uninstalled(runtime, NOW + month - timedelta(seconds=1)) == 0
    await store.async_save(installation)
    assert await erase_uninstalled(runtime, NOW + month) == 0
    assert await store.find("T0OTHER") is not None

    await store.remove("T0OTHER", NOW)
    assert await erase_uninstalled(runtime, NOW + month) == 1
    assert await count(runtime, Workspace) == 1
    assert await count(runtime, Employee) == await count(runtime, AuditEntry) == 0


@dataclass
class Transactions:
    """How many rows each transaction deleted, by table."""

    deleted: list[Counter[str]] = field(default_factory=list)

    def most(self, table: str) -> int:
        return max(each[table] for each in self.deleted)


@contextmanager
def watched(runtime: Runtime) -> Iterator[Transactions]:
    engine: Any = runtime.sessions.kw["bind"].sync_engine
    seen = Transactions()

    def begin(_connection: Any) -> None:
        seen.deleted.append(Counter())

    def execute(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE FROM "):
            seen.deleted[-1][statement.split()[2]] += cursor.rowcount

    event.listen(engine, "begin", begin)
    event.listen(engine, "after_cursor_execute", execute)
    yield seen
    event.remove(engine, "begin", begin)
    event.remove(engine, "after_cursor_execute", execute)


async def test_each_leaver_goes_in_a_transaction_of_their_own(runtime: Runtime) -> None:
    async with runtime.sessions.begin() as session:
        long_ago = NOW - timedelta(days=30)
        for number in range(3):
            session.add(employee(f"U0LEFT{number}", active=False, left_at=long_ago))
    with watched(runtime) as seen:
        assert await apply_retention(runtime, NOW) == 3
    assert await count(runtime, Employee) == 0
    assert seen.most("employees") == 1
    async with runtime.sessions.begin() as session:
        entries = (await session.scalars(select(AuditEntry))).all()
        assert [entry.detail for entry in entries] == [{"people": 1}] * 3


async def test_many_old_messages_go_some_at_a_time(
    runtime: Runtime, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 2)
    await mail.put(*PEOPLE[:5], status="sent", due_at=NOW - timedelta(days=90))
    with watched(runtime) as seen:
        assert await apply_retention(runtime, NOW) == 5
    assert await count(runtime, Delivery) == 0
    assert seen.most("deliveries") == 2


async def test_invitations_go_ninety_days_after_their_survey_closed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 2)
    async with runtime.sessions.begin() as session:
        made = survey(anonymous=False)
        session.add(made)
        await session.flush()
        old = await sealed_wave(session, made, {"Design": everyone(1, 2, 3, 4, 5)})
        person = await session.scalar(select(func.min(Employee.id)))
        assert person
    later = CLOSED + timedelta(days=90)

    assert await apply_retention(runtime, later) == 0, "its figures count them"
    async with runtime.sessions.begin() as session:
        await publish(session, WORKSPACE, old.id, later)
    assert await apply_retention(runtime, later - timedelta(seconds=1)) == 0
    async with runtime.reading() as session:
        assert len(await own_invitations(session, WORKSPACE, person)) == 1
    with watched(runtime) as seen:
        assert await apply_retention(runtime, later) == 5
    assert seen.most("invitations") == 2
    async with runtime.reading() as session:
        assert await own_invitations(session, WORKSPACE, person) == []
        assert (await session.get_one(Wave, (WORKSPACE, old.id))).invited == 5
    assert await count(runtime, NamedResponse) == 5


def test_invitations_are_there_as_long_as_new_audiences_are_compared_with_them() -> None:
    assert retention.INVITATIONS_KEPT >= COMPARED
