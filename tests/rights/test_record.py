"""The public record, and what is stored about an answer: everybody can read both."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights.service import record_participation_viewed, running_waves
from bot.mentoring.programme.overview import MENTORING
from bot.people import audit
from bot.people.group_size import CHANGED, set_min_group_size
from bot.people.importing import IMPORTED, import_people
from bot.people.pure.import_file import ImportRow
from bot.pulse import service as pulse
from bot.pulse.column_meanings import (
    HEADINGS,
    MEANINGS,
    NO_MEANING,
    StoredTable,
    stored_about_an_answer,
)
from bot.pulse.sealing import seal
from bot.rights import blocks, record_blocks
from bot.rights.look_pages import LOOKS_ON_A_PAGE
from bot.rights.public_record import (
    PERSON_EXPORTED,
    PERSON_FORGOTTEN,
    RECORD_DAYS,
    EarlyEnd,
    PublicRecord,
    SurveyMade,
    record_of,
)
from bot.surveys import service as surveys
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion
from bot.surveys.pure.scales import Scale
from models import Base, Delivery, Survey, Wave
from models.database import Sessions
from sandbox.blockkit import validate_blocks, validate_view
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, survey
from tests.insights.waves import everyone, publish, sealed_wave, store_wave
from tests.journeys.stage import open_stage, text_of
from tests.pulse.waves import open_for, opened_wave
from tests.surveys.making import RIGHT_AWAY, composed

MAYA, OTHER = (person.id for person in people()[:2])
LONG_TABLE = StoredTable("H" * 80, (("column", "m" * 200),) * 10)


async def test_every_column_about_an_answer_has_its_plain_meaning(session: AsyncSession) -> None:
    for table, told in zip(HEADINGS, await stored_about_an_answer(session), strict=True):
        columns = {column.name for column in Base.metadata.tables[table].columns}
        assert {name for name, _ in told.columns} == columns
        assert columns == set(MEANINGS[table])
        assert NO_MEANING not in dict(told.columns).values()


async def test_a_column_that_only_the_database_knows_is_listed(sessions: Sessions) -> None:
    async with sessions() as session:
        await session.execute(text("ALTER TABLE answers ADD COLUMN who VARCHAR(32)"))
        told = dict(zip(HEADINGS, await stored_about_an_answer(session), strict=True))

    assert told["answers"].columns[-1] == ("who", NO_MEANING)


def test_every_table_of_a_wave_is_listed_or_holds_nothing_about_one_person() -> None:
    of_wave = {table.name for table in Base.metadata.sorted_tables if "wave_id" in table.columns}
    others = ("figures", "deliveries", "product_items", "told_waves", "told_alerts")
    assert of_wave - set(HEADINGS) == {*others}
    assert not validate_blocks(record_blocks.stored_blocks([LONG_TABLE] * len(HEADINGS)), "message")


def shown(record: PublicRecord) -> str:
    told = record_blocks.record_blocks(record)
    assert not validate_blocks(told, "message")
    return text_of({"blocks": told}) + "\n"


async def test_looks_are_listed_by_day_person_and_survey_for_ninety_days(
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
        (ben, "answers.viewed", NOW - timedelta(days=RECORD_DAYS, minutes=1), {}),
        (ben, "surveys.created", NOW, {}),
    ):
        audit.record(session, actor, action, subject=wave.id, detail=detail, now=at)
    audit.record(session, ben, "comments.viewed", subject=pulse.id, now=NOW - timedelta(days=1))
    for refused in ("figures.view", "answers.view", "roles.change"):
        audit.record(session, ben, "refused", subject=refused, now=NOW)
    await session.flush()

    record = await record_of(session, WORKSPACE, late)

    seen = [
        (look.day.day, look.person_id, look.as_manager, look.times) for look in record.page.looks
    ]
    assert seen == [(4, "U0BEN", True, 1), (3, ADMIN, False, 2), (2, "U0BEN", False, 1)]
    assert record.page.looks[2].seen == "comments"
    assert {look.survey_name for look in record.page.looks} == {"Weekly pulse"}
    assert record.refused == 2
    assert record.page.newer is record.page.older is None


async def test_the_record_shows_the_operators_acts_without_people(session: AsyncSession) -> None:
    await company(session, {})
    operator = audit.Attune(WORKSPACE)
    assert not (await record_of(session, WORKSPACE, NOW)).by_operator
    for subject in ("U0ANA", "U0BEN"):
        audit.record(session, operator, "person.exported", subject=subject, now=NOW)
    audit.record(session, operator, "person.forgotten", subject="U0ANA", now=NOW)
    audit.record(session, Actor(WORKSPACE, "U0CAT"), "person.exported", subject="U0CAT", now=NOW)
    audit.record(session, operator, "leavers.erased", detail={"people": 1}, now=NOW)
    await set_min_group_size(session, 10, NOW)
    await set_min_group_size(session, 10, NOW)
    await session.flush()

    record = await record_of(session, WORKSPACE, NOW)

    assert {(act.action, act.before, act.after, act.times) for act in record.by_operator} == {
        (PERSON_EXPORTED, None, None, 2),
        (PERSON_FORGOTTEN, None, None, 1),
        (CHANGED, 5, 10, 1),
    }
    assert {act.day for act in record.by_operator} == {NOW.date()}
    assert "U0" not in shown(record)
    later = await record_of(session, WORKSPACE, NOW + timedelta(days=RECORD_DAYS, minutes=1))
    assert not later.by_operator


async def test_a_long_record_is_read_page_by_page(session: AsyncSession) -> None:
    """The record spans three days; the second is a day of Berlin, not of UTC."""
    await company(session, {})
    for at, count in (
        (NOW, LOOKS_ON_A_PAGE * 2 + 1),
        (NOW.replace(day=2, hour=22, minute=59), 3),
        (NOW.replace(day=1, hour=23, minute=1), 30),
        (NOW.replace(day=1, hour=22, minute=59), 1),
    ):
        for number in range(count):
            looked = Actor(WORKSPACE, f"U{number:04}")
            audit.record(session, looked, "figures.viewed", subject="gone", now=at)
    await session.flush()
    first = await record_of(session, WORKSPACE, NOW)
    assert first.page.newer is None

    pages = [first.page]
    while older := pages[-1].older:
        record = await record_of(session, WORKSPACE, NOW, older)
        assert not validate_blocks(record_blocks.record_blocks(record), "message")
        assert not validate_view(blocks.note_view("Record", record_blocks.record_blocks(record)))
        pages.append(record.page)
    looks = [look for page in pages for look in page.looks]
    assert len(set(looks)) == len(looks) == LOOKS_ON_A_PAGE * 2 + 1 + 30 + 1
    assert [look.times for look in looks if look.day.day == 2] == [2] * 3 + [1] * 27
    assert [look.day for look in looks] == sorted((look.day for look in looks), reverse=True)
    assert [len(page.looks) for page in pages] == [LOOKS_ON_A_PAGE] * 3 + [7]

    back = pages[-1]
    for page in reversed(pages[:-1]):
        assert back.newer
        back = (await record_of(session, WORKSPACE, NOW, back.newer)).page
        assert back.looks == page.looks
    assert back.newer is None


async def test_the_pages_of_the_record_are_turned_by_buttons(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        async with stage.runtime.sessions.begin() as session:
            for number in range(LOOKS_ON_A_PAGE + 1):
                looked = Actor(TEAM_ID, f"U{number:04}")
                audit.record(session, looked, "figures.viewed", subject="gone", now=NOW)
        await stage.pulse(OTHER, "record")
        for turn, shown in (("older", 1), ("newer", LOOKS_ON_A_PAGE)):
            await stage.press(OTHER, f"{record_blocks.RECORD_PAGE}:{turn}")
            assert text_of(stage.last(OTHER)).count("<@U") == shown


async def test_anybody_reads_the_record_by_command_and_on_the_home_tab(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        async with stage.runtime.sessions.begin() as session:
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
        async with stage.runtime.sessions.begin() as session:
            record = await record_of(session, TEAM_ID, NOW)
        (look,) = record.page.looks
        assert (look.person_id, look.seen, look.survey_name) == (MAYA, "figures", "Weekly pulse")
        assert record.refused == 1
        assert text_of({"blocks": record_blocks.record_blocks(record)}) in said
        await stage.press(OTHER, record_blocks.STORED)
        assert f"`token` {MEANINGS['open_answers']['token']}" in text_of(stage.last(OTHER))

        await stage.sandbox.home(OTHER)
        await stage.settled()
        home = stage.sandbox.views(OTHER)["home"]
        opened = await stage.sandbox.press(OTHER, record_blocks.RECORD, view_id=home["id"])
        assert opened.view
        assert f"<@{MAYA}>" in text_of(opened.view)
        stored = await stage.sandbox.press(OTHER, record_blocks.STORED, view_id=opened.view["id"])
        assert stored.view
        assert "`token`" in text_of(stored.view)


async def test_a_look_at_mentoring_figures_names_mentoring(session: AsyncSession) -> None:
    await company(session, {"Design": 5})
    hr = Actor(WORKSPACE, ADMIN)
    audit.record(session, hr, "figures.viewed", subject=MENTORING, now=NOW)
    await session.flush()

    (look,) = (await record_of(session, WORKSPACE, NOW)).page.looks
    assert (look.person_id, look.seen, look.of) == (ADMIN, "figures", "mentoring")


async def test_everybody_reads_which_surveys_hr_created_and_ended_early(
    session: AsyncSession,
) -> None:
    await company(session, {"Design": 45})
    hr = Actor(WORKSPACE, ADMIN)
    new = composed(when=RIGHT_AWAY)
    made = await surveys.create_survey(session, hr, new, None, NOW)
    channel = Audience(AudienceKind.CHANNEL, "C1")
    questions = (NewQuestion("Supper?", Scale.TEXT),)
    other = composed(name="Upstairs", audience=channel, questions=questions)
    ids = {f"UDESI{number:03}" for number in range(12)}
    await surveys.create_survey(session, hr, other, ids, NOW)
    wave = await open_for(session, await session.get_one(Survey, (WORKSPACE, made.id)))
    await session.execute(update(Delivery).values(status="sent"))
    await surveys.end(session, hr, made.id, NOW + timedelta(hours=1))
    await session.flush()

    day, pulse_name = NOW.date(), "Weekly pulse"
    ended = EarlyEnd(day, ADMIN, pulse_name, invited=46, k=5, at_least=None)
    assert set((await record_of(session, WORKSPACE, NOW)).surveys) == {
        SurveyMade(day, ADMIN, pulse_name, Audience(AudienceKind.EVERYONE), 46),
        SurveyMade(day, ADMIN, "Upstairs", channel, 12),
        ended,
    }

    for person in wave.people[:12]:
        await pulse.answer(session, Actor(WORKSPACE, person), wave.press(person, value=3))
    await seal(session, WORKSPACE, wave.id, NOW + timedelta(days=1))
    await publish(session, WORKSPACE, wave.id, NOW + timedelta(days=1))
    assert replace(ended, at_least=10) in (await record_of(session, WORKSPACE, NOW)).surveys
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    row.responded = 4
    await session.flush()
    assert replace(ended, at_least=0) in (await record_of(session, WORKSPACE, NOW)).surveys


async def test_a_survey_that_ends_between_waves_or_as_planned_did_not_end_early(
    session: AsyncSession,
) -> None:
    await company(session, {"Design": 9})
    hr = Actor(WORKSPACE, ADMIN)
    made = await surveys.create_survey(session, hr, composed(), None, NOW)
    await surveys.end(session, hr, made.id, NOW)
    await session.flush()
    everyone_asked = Audience(AudienceKind.EVERYONE)
    (act,) = (await record_of(session, WORKSPACE, NOW)).surveys
    assert act == SurveyMade(NOW.date(), ADMIN, "Weekly pulse", everyone_asked, 10)


async def test_everybody_reads_how_many_an_import_moved(session: AsyncSession) -> None:
    people = await company(session, {"Design": 9})
    rows = [ImportRow(2, f"{people[0].id.lower()}@example.com", {"team": "Legal"})]
    await import_people(session, WORKSPACE, rows, NOW)
    await import_people(session, WORKSPACE, rows, NOW)
    await session.flush()
    (act,) = (await record_of(session, WORKSPACE, NOW)).by_operator
    assert (act.action, act.moved, act.times) == (IMPORTED, 1, 1), "the second moved nobody"


async def test_looks_at_participation_of_an_open_survey_are_recorded(
    database_url: str,
) -> None:
    async with open_stage(database_url) as stage:
        async with stage.runtime.sessions.begin() as session:
            made = survey(workspace_id=TEAM_ID)
            session.add(made)
            await session.flush()
            await store_wave(session, made, {"Design": everyone(1, 2, 3, 4, 5)})
        await stage.pulse(MAYA, "results")
        await stage.sandbox.home(MAYA)
        await stage.settled()
        await stage.sandbox.command(MAYA, "/digest", "now", "dm")
        async with stage.runtime.sessions.begin() as session:
            (look,) = (await record_of(session, TEAM_ID, NOW)).page.looks
        assert (look.person_id, look.seen, look.times) == (MAYA, "participation", 3)


async def test_while_people_are_being_asked_there_is_no_participation_to_look_at(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session)
    running = await running_waves(session, WORKSPACE)
    record_participation_viewed(session, Actor(WORKSPACE, ADMIN), running, NOW)
    assert not (await record_of(session, WORKSPACE, NOW)).page.looks
    await session.execute(update(Delivery).values(status="sent"))
    running = await running_waves(session, WORKSPACE)
    assert [(each.wave_id, each.at_least) for each in running] == [(wave.id, 0)]
    record_participation_viewed(session, Actor(WORKSPACE, ADMIN), running, NOW)
    (look,) = (await record_of(session, WORKSPACE, NOW)).page.looks
    assert look.seen == "participation"
