import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import NotAllowedError, UserError
from bot.surveys import drafts, service
from bot.surveys.audience import invited_people
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.service import SurveyChange
from bot.surveys.survey_rows import GONE
from models import Delivery, Employee, Wave
from models.database import new_key
from tests import factories
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.surveys.making import ANA, MAYA, RIGHT_AWAY, audited, composed, create, row

pytestmark = pytest.mark.usefixtures("people")

Change = Callable[[AsyncSession, Actor, str, datetime], Awaitable[SurveyChange]]


@pytest.mark.parametrize("change", [service.pause, service.resume, service.end])
async def test_nobody_else_runs_surveys(session: AsyncSession, change: Change) -> None:
    summary = await create(session)
    for refused in (
        service.list_surveys(session, ANA, NOW),
        drafts.form_options(session, ANA, NOW),
        drafts.confirm_draft(session, ANA, summary.id, NOW),
        service.create_survey(session, ANA, composed(), None, NOW),
        service.find_survey(session, ANA, "weekly", action="surveys.pause"),
        change(session, ANA, summary.id, NOW),
    ):
        with pytest.raises(NotAllowedError):
            await refused


@pytest.mark.parametrize("change", [service.pause, service.resume, service.end])
async def test_a_survey_of_another_workspace_does_not_exist(
    session: AsyncSession, change: Change
) -> None:
    session.add(factories.workspace(id="T0OTHER"))
    await session.flush()
    other = factories.survey(workspace_id="T0OTHER", id=new_key())
    session.add(other)
    await session.flush()
    with pytest.raises(UserError, match=re.escape(GONE)):
        await change(session, MAYA, other.id, NOW)
    assert await service.list_surveys(session, MAYA, NOW) == []


async def test_a_paused_survey_is_not_due_and_goes_on_with_the_next_date(
    session: AsyncSession,
) -> None:
    summary = await create(session)
    for unchanged in (False, True):
        paused = await service.pause(session, MAYA, summary.id, NOW)
        assert (paused.survey.status, paused.unchanged) == ("paused", unchanged)
    later = NOW + timedelta(days=20)
    assert await service.due_surveys(session, later) == []
    for unchanged in (False, True):
        resumed = await service.resume(session, MAYA, summary.id, later)
        assert (resumed.survey.status, resumed.unchanged) == ("active", unchanged)
    assert resumed.survey.next_open_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert await audited(session) == ["surveys.created", "surveys.paused", "surveys.resumed"]


async def test_resuming_in_time_changes_no_date(session: AsyncSession) -> None:
    summary = await create(session)
    await service.pause(session, MAYA, summary.id, NOW)
    resumed = await service.resume(session, MAYA, summary.id, NOW + timedelta(days=1))
    assert resumed == SurveyChange(summary, unchanged=False)


async def test_a_survey_asked_once_that_missed_its_moment_takes_the_next_day(
    session: AsyncSession,
) -> None:
    when = Plan(Cadence.ONCE, date(2026, 11, 4), time(10, 0))
    summary = await create(session, when=when)
    await service.pause(session, MAYA, summary.id, NOW)
    resumed = await service.resume(
        session, MAYA, summary.id, datetime(2026, 11, 9, 9, 30, tzinfo=UTC)
    )
    assert resumed.survey.next_open_at == datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


async def test_an_ended_survey_stays_ended(session: AsyncSession) -> None:
    summary = await create(session)
    for unchanged in (False, True):
        ended = await service.end(session, MAYA, summary.id, NOW)
        assert (ended.survey.status, ended.unchanged) == ("ended", unchanged)
    for change in (service.pause, service.resume):
        with pytest.raises(UserError, match=re.escape(service.HAS_ENDED)):
            await change(session, MAYA, summary.id, NOW)
    assert await audited(session) == ["surveys.created", "surveys.ended"]


async def test_advancing_moves_a_repeating_survey_on(session: AsyncSession) -> None:
    summary = await create(session)
    survey = await row(session, summary.id)
    assert summary.next_open_at is not None
    assert [due.survey_id for due in await service.due_surveys(session, summary.next_open_at)]
    await service.advance(session, survey, summary.next_open_at)
    assert (survey.next_on, survey.status) == (date(2026, 11, 17), "active")
    assert await service.due_surveys(session, summary.next_open_at) == []


async def test_advancing_ends_a_survey_that_is_asked_once(session: AsyncSession) -> None:
    survey = await row(session, (await create(session, when=RIGHT_AWAY)).id)
    await service.advance(session, survey, NOW)
    assert (survey.status, survey.next_on, survey.next_open_at) == ("ended", None, None)


async def test_the_list_has_running_surveys_first(session: AsyncSession) -> None:
    ended = await create(session, name="Alpha")
    await service.end(session, MAYA, ended.id, NOW)
    await create(session, name="beta")
    await create(session, name="Gamma")
    names = [survey.name for survey in await service.list_surveys(session, MAYA, NOW)]
    assert names == ["beta", "Gamma", "Alpha"]


async def opened(session: AsyncSession, survey_id: str, status: str = "open") -> Wave:
    """Give a survey a wave with one message that went out and one that is due."""
    wave = Wave(
        workspace_id=WORKSPACE,
        id=new_key(),
        survey_id=survey_id,
        held_on=date(2026, 11, 3),
        status=status,
        key=b"0" * 32 if status == "open" else None,
        anonymous=True,
        min_group_size=5,
        invited=9,
        opened_at=NOW,
        closes_at=NOW + timedelta(days=3),
    )
    session.add(wave)
    for number, sent in enumerate(("sent", "due")):
        session.add(
            Delivery(
                workspace_id=WORKSPACE,
                key=f"question:{wave.id}:{number}",
                kind="question",
                recipient="U1",
                wave_id=wave.id,
                due_at=NOW,
                status=sent,
            )
        )
    await session.flush()
    return wave


async def test_the_list_tells_which_waves_are_open(session: AsyncSession) -> None:
    wave = await opened(session, (await create(session)).id)
    await opened(session, (await create(session, name="Zen pulse")).id, "sealed")
    listed = await service.list_surveys(session, MAYA, NOW)
    assert [survey.open_until for survey in listed] == [wave.closes_at, None]


async def test_a_survey_asked_once_is_over_only_when_its_wave_is(session: AsyncSession) -> None:
    once = await create(session, name="Zen pulse", when=RIGHT_AWAY)
    await service.advance(session, await row(session, once.id), NOW)
    wave = await opened(session, once.id)
    over = await create(session, name="Alpha")
    await service.end(session, MAYA, over.id, NOW)
    listed = await service.list_surveys(session, MAYA, NOW)
    assert [(survey.name, survey.is_over) for survey in listed] == [
        ("Zen pulse", False),
        ("Alpha", True),
    ]
    for change in (service.pause, service.resume):
        with pytest.raises(UserError, match=re.escape(service.ASKED_ONCE)):
            await change(session, MAYA, once.id, NOW)
    found = await service.find_survey(session, MAYA, "zen", action="surveys.end")
    assert found.id == once.id

    await session.execute(update(Delivery).values(kind="reminder").where(Delivery.status == "due"))
    later = NOW + timedelta(hours=25)
    ended = await service.end(session, MAYA, once.id, later)
    assert ended.survey.ending
    assert ended == SurveyChange(
        replace(listed[0], open_until=later, is_closing=True, ending=ended.survey.ending),
        unchanged=False,
    )
    await session.refresh(wave)
    assert (wave.status, wave.closes_at, wave.ended_early_at) == ("open", later, later)
    statuses = await session.execute(
        select(Delivery.status, Delivery.reason).order_by(Delivery.key)
    )
    assert [tuple(row) for row in statuses] == [("sent", None), ("dropped", "closed")]
    again = await service.end(session, MAYA, once.id, later + timedelta(hours=1))
    assert again.unchanged
    assert (await audited(session)).count("surveys.ended") == 2


async def test_ending_a_repeating_survey_closes_its_open_wave_and_no_other(
    session: AsyncSession,
) -> None:
    weekly = await create(session)
    wave = await opened(session, weekly.id)
    other = await opened(session, (await create(session, name="Other")).id)
    ended = await service.end(session, MAYA, weekly.id, NOW)
    assert (ended.survey.status, ended.survey.is_closing) == ("ended", False)
    for each in (wave, other):
        await session.refresh(each)
    assert wave.closes_at == NOW + timedelta(days=1)
    assert other.closes_at == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    "typed", ["weekly pulse", "  WEEKLY   PULSE ", "week", "“Weekly pulse”", "„ Weekly  pulse“"]
)
async def test_a_survey_is_found_by_its_name_or_how_it_begins(
    session: AsyncSession, typed: str
) -> None:
    summary = await create(session)
    await create(session, name="Monthly pulse")
    found = await service.find_survey(session, MAYA, typed, action="surveys.pause")
    assert found.id == summary.id


async def test_the_whole_name_wins_over_how_another_begins(session: AsyncSession) -> None:
    whole = await create(session, name="Pulse")
    await create(session, name="Pulse for managers")
    found = await service.find_survey(session, MAYA, "pulse", action="surveys.pause")
    assert found.id == whole.id


@pytest.mark.parametrize(
    ("typed", "whole", "named"),
    [
        ("", False, ()),
        ("pulse", False, ("“Pulse A &amp; B”", "“Pulse C”")),
        ("<!channel>", False, ("“&lt;!channel&gt;”",)),
        ("pulse c", True, None),
        ("pulse a", True, ("“Pulse A &amp; B”",)),
    ],
)
async def test_an_unclear_name_gets_a_helpful_sentence(
    session: AsyncSession, typed: str, whole: bool, named: tuple[str, ...] | None
) -> None:
    await create(session, name="Pulse A & B")
    await create(session, name="Pulse C")
    search = service.find_survey(session, MAYA, typed, action="surveys.end", whole=whole)
    if named is None:
        assert (await search).name == "Pulse C"
        return
    with pytest.raises(UserError) as caught:
        await search
    assert str(caught.value).count("“") == len(named)
    assert all(name in str(caught.value) for name in named)


async def test_a_draft_is_found_by_nobody(session: AsyncSession) -> None:
    await drafts.save_draft(session, MAYA, new_key(), composed(), None, NOW)
    with pytest.raises(UserError):
        await service.find_survey(session, MAYA, "Weekly pulse", action="surveys.end")


async def test_who_is_invited(session: AsyncSession, people: list[Employee]) -> None:
    people[0].active = False
    await session.flush()
    everyone = factories.survey()
    assert len(await invited_people(session, everyone, None)) == 8
    design = factories.survey(audience="team", audience_ref="Design")
    assert [p.id for p in await invited_people(session, design, None)] == [
        p.id for p in people[1:6]
    ]
    channel = factories.survey(audience="channel", audience_ref="C1")
    members = {people[0].id, people[1].id, "UBOT"}
    assert [p.id for p in await invited_people(session, channel, members)] == [people[1].id]
    with pytest.raises(ValueError, match="not fetched"):
        await invited_people(session, channel, None)
