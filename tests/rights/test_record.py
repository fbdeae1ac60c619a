"""Everybody can read who looked at figures, and what is stored about an answer."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import audit
from bot.people.group_size import set_min_group_size
from bot.pulse.stored import (
    HEADINGS,
    MEANINGS,
    NO_MEANING,
    StoredTable,
    stored_about_an_answer,
)
from bot.rights import blocks
from bot.rights.record import DAYS, ON_A_PAGE, Record, record_of
from bot.slack.actor import Actor
from models import Base
from models.database import Sessions
from sandbox.blockkit import validate_blocks, validate_view
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, survey
from tests.insights.waves import everyone, publish, sealed_wave
from tests.journeys.stage import open_stage, text_of

MAYA, OTHER = (person.id for person in people()[:2])
LONG_TABLE = StoredTable("H" * 80, (("column", "m" * 200),) * 10)


async def test_every_column_about_an_answer_has_its_plain_meaning(session: AsyncSession) -> None:
    for table, told in zip(HEADINGS, await stored_about_an_answer(session), strict=True):
        columns = {column.name for column in Base.metadata.tables[table].columns}
        assert {name for name, _ in told.columns} == columns
        assert columns == set(MEANINGS[table])
        assert NO_MEANING not in dict(told.columns).values()


async def test_a_column_that_only_the_database_knows_is_told(sessions: Sessions) -> None:
    async with sessions() as session:
        await session.execute(text("ALTER TABLE answers ADD COLUMN who VARCHAR(32)"))
        told = dict(zip(HEADINGS, await stored_about_an_answer(session), strict=True))

    assert told["answers"].columns[-1] == ("who", NO_MEANING)


def test_every_table_that_belongs_to_a_wave_is_told_or_holds_nothing_of_one_person() -> None:
    of_wave = {table.name for table in Base.metadata.sorted_tables if "wave_id" in table.columns}
    assert of_wave - set(HEADINGS) == {"figures", "deliveries"}
    assert not validate_blocks(blocks.stored_blocks([LONG_TABLE] * len(HEADINGS)), "message")


def shown(record: Record) -> str:
    told = blocks.record_blocks(record)
    assert not validate_blocks(told, "message")
    return text_of({"blocks": told}) + "\n"


async def test_looks_are_told_by_day_person_and_survey_for_ninety_days(
    session: AsyncSession,
) -> None:
    await company(session, {})
    pulse = survey()
    session.add(pulse)
    await session.flush()
    wave = await sealed_wave(session, pulse, {"Design": everyone(1, 2, 3, 4, 5)})
    ben = Actor(WORKSPACE, "U0BEN")
    late = NOW.replace(hour=23, minute=30)
    for actor, action, at, detail in (
        (Actor(WORKSPACE, ADMIN), "figures.viewed", NOW, {}),
        (Actor(WORKSPACE, ADMIN), "figures.viewed", NOW, {}),
        (ben, "figures.viewed", late, {"as": "manager"}),
        (ben, "answers.viewed", NOW - timedelta(days=DAYS, minutes=1), {}),
        (ben, "surveys.created", NOW, {}),
    ):
        audit.record(session, actor, action, subject=wave.id, detail=detail, now=at)
    audit.record(session, ben, "comments.viewed", subject=pulse.id, now=NOW - timedelta(days=1))
    for refused in ("figures.view", "answers.view", "roles.change"):
        audit.record(session, ben, "refused", subject=refused, now=NOW)
    await session.flush()

    record = await record_of(session, WORKSPACE, late)

    seen = [(look.day.day, look.person_id, look.as_manager, look.times) for look in record.looks]
    assert seen == [(4, "U0BEN", True, 1), (3, ADMIN, False, 2), (2, "U0BEN", False, 1)]
    assert record.looks[2].seen == "comments"
    assert {look.survey_name for look in record.looks} == {"Weekly pulse"}
    assert (record.refused, record.pages) == (2, 1)


async def test_what_the_operator_did_is_told_and_not_about_whom(session: AsyncSession) -> None:
    await company(session, {})
    operator = audit.Attune(WORKSPACE)
    assert "exported and erased nobody's data" in shown(await record_of(session, WORKSPACE, NOW))
    for subject in ("U0ANA", "U0BEN"):
        audit.record(session, operator, "person.exported", subject=subject, now=NOW)
    audit.record(session, operator, "person.forgotten", subject="U0ANA", now=NOW)
    audit.record(session, Actor(WORKSPACE, "U0CAT"), "person.exported", subject="U0CAT", now=NOW)
    audit.record(session, operator, "leavers.erased", detail={"people": 1}, now=NOW)
    await set_min_group_size(session, 10, NOW)
    await set_min_group_size(session, 10, NOW)
    await session.flush()

    said = shown(await record_of(session, WORKSPACE, NOW))

    assert "3 Nov: exported what is held about somebody (2 times)" in said
    assert "3 Nov: erased what is held about somebody\n" in said
    assert "from 5 to 10 people, in surveys asked after that\n" in said
    assert "U0" not in said
    later = await record_of(session, WORKSPACE, NOW + timedelta(days=DAYS, minutes=1))
    assert not later.by_operator


async def test_a_long_record_is_read_page_by_page(session: AsyncSession) -> None:
    await company(session, {})
    for number in range(ON_A_PAGE * 2 + 1):
        looked = Actor(WORKSPACE, f"U{number:04}")
        audit.record(session, looked, "figures.viewed", subject="gone", now=NOW)
    await session.flush()

    for asked, page, shown in ((0, 0, ON_A_PAGE), (1, 1, ON_A_PAGE), (99, 2, 1)):
        record = await record_of(session, WORKSPACE, NOW, asked)
        assert (record.page, len(record.looks)) == (page, shown)
        assert not validate_blocks(blocks.record_blocks(record), "message")
        assert not validate_view(blocks.note_view("Record", blocks.record_blocks(record)))


@pytest.mark.parametrize(
    "view",
    [
        blocks.forget_view(is_owner=False),
        blocks.forget_view(is_owner=True),
        blocks.forgotten_view(),
        blocks.return_view(),
        blocks.returned_view(),
    ],
)
def test_slack_would_show_the_forms(view: dict[str, object]) -> None:
    assert not validate_view(view)


async def test_anybody_reads_the_record_by_command_and_on_the_home_tab(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        async with stage.house.sessions.begin() as session:
            made = survey(workspace_id=TEAM_ID)
            session.add(made)
            await session.flush()
            wave = await sealed_wave(session, made, {"Design": everyone(1, 2, 3, 4, 5)})
            await publish(session, TEAM_ID, wave.id, NOW)
        await stage.pulse(OTHER, "results")
        await stage.pulse(MAYA, "results")

        read = await stage.pulse(OTHER, "record")
        assert read.message
        said = text_of(read.message)
        assert f"<@{MAYA}> looked at figures in *Weekly pulse*, held 3 Nov 2026" in said
        assert "1 attempt by people without the right to look was refused." in said
        await stage.press(OTHER, blocks.STORED)
        assert "`token` the code that stands in for your name" in text_of(stage.last(OTHER))

        await stage.sandbox.home(OTHER)
        await stage.settled()
        home = stage.sandbox.views(OTHER)["home"]
        opened = await stage.sandbox.press(OTHER, blocks.RECORD, view_id=home["id"])
        assert opened.view
        assert "looked at figures" in text_of(opened.view)
        stored = await stage.sandbox.press(OTHER, blocks.STORED, view_id=opened.view["id"])
        assert stored.view
        assert "Exactly what is stored" in text_of(stored.view)
