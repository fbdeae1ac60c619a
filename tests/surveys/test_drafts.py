import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FieldErrors, UserError
from bot.surveys import drafts, form_fields, service
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, Repeating
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.survey_rows import GONE
from models import Employee, Survey, SurveyQuestion
from models.database import Sessions, new_key
from tests.conftest import NOW
from tests.factories import employee
from tests.surveys.making import MAYA, RIGHT_AWAY, audited, composed, create, row

pytestmark = pytest.mark.usefixtures("people")

TOO_FEW = " 2 "
"""How many would be asked; the rest is wording."""


async def test_a_survey_is_stored_with_its_questions_in_order(session: AsyncSession) -> None:
    summary = await create(session)
    first, second = (await row(session, summary.id)).questions
    bank_question = load_bank().questions[0]
    assert (first.position, first.text, first.driver, first.bank_key) == (
        0,
        bank_question.wording,
        bank_question.driver,
        bank_question.key,
    )
    assert (second.position, second.driver, second.options) == (1, "own", ["Yes", "No"])
    assert (summary.status, summary.anonymous) == ("active", True)
    assert summary.next_open_at == datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
    assert await audited(session) == ["surveys.created"]


async def test_a_preview_tells_what_will_happen_and_makes_nothing_due(
    session: AsyncSession, people: list[Employee]
) -> None:
    people[0].tz = "Pacific/Kiritimati"
    await session.flush()
    preview = await drafts.save_draft(session, MAYA, new_key(), composed(), None, NOW)
    assert (preview.people, preview.min_group_size) == (9, 5)
    assert preview.first_asked_at == datetime(2026, 11, 9, 20, 0, tzinfo=UTC)
    assert preview.last_asked_at == datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
    assert await service.list_surveys(session, MAYA, NOW) == []
    assert await service.due_surveys(session, NOW + timedelta(days=30)) == []
    assert await audited(session) == []


async def test_previewing_again_replaces_the_draft(session: AsyncSession) -> None:
    key = new_key()
    await drafts.save_draft(session, MAYA, key, composed(), None, NOW)
    again = composed(name="Second thoughts", questions=(NewQuestion("Why?", Scale.TEXT),))
    await drafts.save_draft(session, MAYA, key, again, None, NOW)
    assert await session.scalar(select(func.count()).select_from(Survey)) == 1
    assert list(await session.scalars(select(SurveyQuestion.text))) == ["Why?"]
    assert (await row(session, key)).name == "Second thoughts"


async def test_confirming_twice_creates_one_survey(session: AsyncSession) -> None:
    key = new_key()
    await drafts.save_draft(session, MAYA, key, composed(), None, NOW)
    first = await drafts.confirm_draft(session, MAYA, key, NOW)
    second = await drafts.confirm_draft(session, MAYA, key, NOW + timedelta(minutes=1))
    assert first == second
    assert len(await service.list_surveys(session, MAYA, NOW)) == 1
    assert await audited(session) == ["surveys.created"]


async def test_confirming_at_the_same_time_creates_one_survey(
    session: AsyncSession, sessions: Sessions
) -> None:
    key = new_key()
    await drafts.save_draft(session, MAYA, key, composed(), None, NOW)
    await session.commit()

    async def confirm() -> str:
        async with sessions.begin() as own:
            return (await drafts.confirm_draft(own, MAYA, key, NOW)).status

    assert set(await asyncio.gather(*(confirm() for _ in range(10)))) == {"active"}
    async with sessions.begin() as own:
        assert await audited(own) == ["surveys.created"]


async def test_a_form_sent_again_after_the_confirmation_changes_nothing(
    session: AsyncSession,
) -> None:
    key = new_key()
    await drafts.save_draft(session, MAYA, key, composed(), None, NOW)
    await drafts.confirm_draft(session, MAYA, key, NOW)
    with pytest.raises(UserError):
        await drafts.save_draft(session, MAYA, key, composed(name="Other"), None, NOW)
    assert (await row(session, key)).name == "Weekly pulse"


async def test_a_draft_confirmed_days_later_begins_at_the_next_date(session: AsyncSession) -> None:
    key = new_key()
    await drafts.save_draft(session, MAYA, key, composed(), None, NOW)
    late = NOW + timedelta(days=8)
    summary = await drafts.confirm_draft(session, MAYA, key, late)
    assert summary.next_open_at == datetime(2026, 11, 17, 9, 0, tzinfo=UTC)


async def test_right_away_means_when_it_is_confirmed(session: AsyncSession) -> None:
    key = new_key()
    await drafts.save_draft(session, MAYA, key, composed(when=RIGHT_AWAY), None, NOW)
    later = NOW + timedelta(days=1)
    summary = await drafts.confirm_draft(session, MAYA, key, later)
    assert summary.next_open_at == later
    assert (await row(session, key)).next_on == date(2026, 11, 4)
    assert [due.survey_id for due in await service.due_surveys(session, later)] == [key]


async def test_a_single_moment_that_passed_before_the_confirmation(session: AsyncSession) -> None:
    key = new_key()
    when = Plan(Cadence.ONCE, date(2026, 11, 3), time(11, 0))
    await drafts.save_draft(session, MAYA, key, composed(when=when), None, NOW)
    with pytest.raises(UserError, match=re.escape(drafts.PASSED)):
        await drafts.confirm_draft(session, MAYA, key, NOW + timedelta(hours=2))


async def test_old_drafts_are_dropped(session: AsyncSession) -> None:
    old, fresh = new_key(), new_key()
    await drafts.save_draft(session, MAYA, old, composed(), None, NOW)
    later = NOW + timedelta(days=8)
    await drafts.save_draft(session, MAYA, fresh, composed(), None, later)
    assert list(await session.scalars(select(Survey.id))) == [fresh]
    with pytest.raises(UserError, match=re.escape(GONE)):
        await drafts.confirm_draft(session, MAYA, old, later)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"audience": Audience(AudienceKind.TEAM, "Legal")},
            form_fields.TEAM,
            TOO_FEW,
        ),
        ({"audience": Audience(AudienceKind.TEAM, "Sales")}, form_fields.TEAM, drafts.NOBODY),
        (
            {"when": Plan(Cadence.ONCE, date(2026, 11, 3), time(9, 59))},
            form_fields.TIME,
            drafts.PASSED,
        ),
        (
            {"when": Plan(Cadence.ONCE, date(2026, 11, 2), time(12, 0))},
            form_fields.DATE,
            drafts.PASSED,
        ),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(
    session: AsyncSession, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(FieldErrors) as caught:
        await create(session, **changes)
    assert list(caught.value.fields) == [field]
    assert sentence in caught.value.fields[field]


async def test_a_named_survey_may_ask_few(session: AsyncSession) -> None:
    legal = Audience(AudienceKind.TEAM, "Legal")
    summary = await create(session, audience=legal, anonymous=False)
    assert not summary.anonymous


@pytest.mark.parametrize(
    ("kind", "field"),
    [(AudienceKind.CHANNEL, form_fields.CHANNEL), (AudienceKind.USERGROUP, form_fields.USERGROUP)],
)
async def test_members_who_are_no_employees_do_not_count(
    session: AsyncSession, people: list[Employee], kind: AudienceKind, field: str
) -> None:
    new = composed(audience=Audience(kind, "X1"))
    more = [employee(f"UMORE{number}") for number in range(2)]
    session.add_all(more)
    await session.flush()
    people = [*people, *more]
    nine = {person.id for person in people[:9]} | {"UBOT", "UGUEST"}
    with pytest.raises(FieldErrors) as caught:
        await drafts.save_draft(session, MAYA, new_key(), new, nine, NOW)
    assert list(caught.value.fields) == [field]
    ten = nine | {people[9].id}
    preview = await drafts.save_draft(session, MAYA, new_key(), new, ten, NOW)
    assert preview.people == 10


async def test_a_name_is_used_by_one_running_survey(session: AsyncSession) -> None:
    first = await create(session)
    with pytest.raises(FieldErrors) as caught:
        await create(session, name="WEEKLY PULSE")
    assert caught.value.fields == {form_fields.NAME: drafts.NAME_TAKEN}
    await service.end(session, MAYA, first.id, NOW)
    assert (await create(session, name="WEEKLY PULSE")).status == "active"


async def test_two_drafts_of_one_name_make_one_survey(session: AsyncSession) -> None:
    keys = [new_key(), new_key()]
    for key in keys:
        await drafts.save_draft(session, MAYA, key, composed(), None, NOW)
    await drafts.confirm_draft(session, MAYA, keys[0], NOW)
    with pytest.raises(UserError, match=re.escape(drafts.NAME_TAKEN)):
        await drafts.confirm_draft(session, MAYA, keys[1], NOW)


async def test_the_desk_knows_todays_date_in_the_workspaces_zone(session: AsyncSession) -> None:
    late = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    options = await drafts.form_options(session, MAYA, late)
    assert options.today == date(2026, 11, 4)
    assert options.teams == ("Design", "Legal", "People")


@pytest.mark.parametrize(
    ("cadence", "zone", "open_hours", "days"),
    [
        (Cadence.WEEKLY, "Europe/Berlin", 168, None),
        (Cadence.WEEKLY, "Europe/Berlin", 336, 7),
        (Cadence.WEEKLY, "Asia/Tokyo", 168, 6),
        (Cadence.WEEKLY, "Asia/Tokyo", 120, None),
        (Cadence.BIWEEKLY, "Asia/Tokyo", 336, 13),
        (Cadence.BIWEEKLY, "Europe/Berlin", 336, None),
        (Cadence.MONTHLY, "Asia/Tokyo", 336, None),
    ],
)
async def test_no_wave_may_still_be_open_when_the_next_one_opens(
    session: AsyncSession,
    people: list[Employee],
    cadence: Cadence,
    zone: str,
    open_hours: int,
    days: int | None,
) -> None:
    for person in people:
        person.tz = "Europe/Berlin"
    people[0].tz = zone
    await session.flush()
    new = composed(when=Repeating(cadence, 1, "2nd", time(10, 0)), open_hours=open_hours)
    draft = drafts.save_draft(session, MAYA, new_key(), new, None, NOW)
    if days is None:
        assert await draft
        return
    with pytest.raises(FieldErrors) as refused:
        await draft
    sentence = refused.value.fields[form_fields.OPEN_HOURS]
    assert f" {days} " in sentence
