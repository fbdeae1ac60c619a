"""HR changes a survey from its next wave on, and copies it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FieldErrors, NotAllowedError, UserError
from bot.surveys import drafts, edits, form_fields, service
from bot.surveys.audience import Audience, AudienceKind, Filters
from bot.surveys.drafts import NewQuestion, NewSurvey, Repeating
from bot.surveys.filled_forms import form_of_survey
from bot.surveys.form_validation import read_survey
from bot.surveys.forms import compose_view, form_in
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.survey_rows import SurveySummary
from models import Employee, Survey, Wave
from models.database import new_key
from tests import factories
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.pulse.opening import open_wave
from tests.surveys.making import ANA, MAYA, RIGHT_AWAY, TUESDAYS, composed, create, row
from tests.surveys.test_form_validation import typed_into

TODAY = NOW.date()
OTHER = (NewQuestion.from_bank(load_bank().questions[5]),)
LATER = NOW + timedelta(days=14)


@pytest.fixture(autouse=True)
async def people(session: AsyncSession) -> list[str]:
    return [each.id for each in await factories.company(session, {"Design": 24})]


async def edited(session: AsyncSession, survey_id: str, now: datetime = NOW, **changes: Any) -> Any:
    """Save a change; return the survey, or the preview of the one that goes on."""
    new = composed(**changes)
    if not await edits.needs_preview(session, MAYA, survey_id, new, now):
        return await edits.save_edit(session, MAYA, survey_id, new, now)
    return await preview_of(session, survey_id, new, now)


async def preview_of(session: AsyncSession, survey_id: str, new: NewSurvey, now: datetime) -> Any:
    going_on = replace(new, replaces=survey_id)
    return await drafts.save_draft(session, MAYA, new_key(), going_on, None, now)


async def went_on(session: AsyncSession, survey_id: str, now: datetime, **changes: Any) -> Survey:
    preview = await edited(session, survey_id, now, **changes)
    made = await drafts.confirm_draft(session, MAYA, preview.survey.id, now)
    return await row(session, made.id)


async def asked_and_closed(session: AsyncSession, survey_id: str, now: datetime) -> None:
    assert await open_wave(session, WORKSPACE, survey_id, None, now)
    await session.execute(update(Wave).values(status="sealed", key=None))


async def test_a_name_and_a_rhythm_change_in_place(session: AsyncSession) -> None:
    made = await create(session)
    fridays = Repeating(Cadence.MONTHLY, 4, "2nd", time(9), date(2027, 6, 1), working_days=True)
    saved = await edited(session, made.id, name="Monthly pulse", when=fridays, open_hours=120)
    assert isinstance(saved, SurveySummary)
    assert (saved.id, saved.name, saved.open_hours) == (made.id, "Monthly pulse", 120)
    assert saved.next_on == date(2026, 11, 13)
    stored = await row(session, made.id)
    assert (stored.cadence, stored.ends_on, stored.working_in) == (
        "monthly",
        date(2027, 6, 1),
        "DE",
    )
    assert len(stored.questions) == 2


async def test_what_is_not_changed_leaves_the_next_wave_alone(session: AsyncSession) -> None:
    made = await create(session)
    later = NOW + timedelta(days=6)
    saved = await edited(session, made.id, later, name="New name")
    assert (saved.next_on, saved.next_open_at) == (made.next_on, made.next_open_at)


async def test_a_new_rhythm_waits_for_the_open_wave_and_never_asks_twice_on_a_day(
    session: AsyncSession,
) -> None:
    made = await create(session)
    opened = made.next_open_at
    assert opened
    assert await open_wave(session, WORKSPACE, made.id, None, opened)
    wave = (await session.scalars(select(Wave))).one()
    wednesdays = replace(TUESDAYS, weekday=2)
    saved = await edited(session, made.id, opened, when=wednesdays)
    assert saved.next_open_at > wave.closes_at
    for when, field in (
        (RIGHT_AWAY, form_fields.WHEN),
        (Plan(Cadence.ONCE, wave.held_on + timedelta(days=1), time(10)), form_fields.DATE),
    ):
        with pytest.raises(FieldErrors) as caught:
            await edited(session, made.id, opened, when=when)
        assert caught.value.fields == {field: edits.OPENS_TOO_SOON}
    await session.execute(update(Wave).values(status="sealed", key=None))
    again = Plan(Cadence.ONCE, wave.held_on, time(23))
    with pytest.raises(FieldErrors) as caught:
        await edited(session, made.id, opened, when=again)
    assert caught.value.fields == {form_fields.DATE: edits.ASKED_THEN}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"questions": OTHER}, form_fields.BANK),
        ({"audience": Audience(AudienceKind.TEAM, "Design")}, form_fields.TEAM),
        ({"anonymous": False}, form_fields.ANONYMITY),
    ],
)
async def test_what_people_were_asked_cannot_change_while_a_wave_is_open(
    session: AsyncSession, changes: dict[str, Any], field: str
) -> None:
    made = await create(session, when=replace(TUESDAYS, weekday=2))
    assert made.next_open_at
    assert await open_wave(session, WORKSPACE, made.id, None, made.next_open_at)
    with pytest.raises(FieldErrors) as caught:
        await edited(session, made.id, made.next_open_at, **changes)
    assert caught.value.fields == {field: edits.WAVE_IS_OPEN}


async def test_other_questions_go_on_in_a_survey_of_their_own(session: AsyncSession) -> None:
    made = await create(session)
    await service.pause(session, MAYA, made.id, NOW)
    newer = await went_on(session, made.id, NOW, questions=OTHER)
    assert (newer.status, newer.name, newer.replaces) == ("paused", made.name, made.id)
    assert (await row(session, made.id)).status == "ended"
    assert [each.id for each in await service.list_surveys(session, MAYA, NOW)] == [newer.id]
    again = await drafts.confirm_draft(session, MAYA, newer.id, NOW)
    assert again.id == newer.id


async def test_a_wave_that_opened_meanwhile_keeps_its_survey(session: AsyncSession) -> None:
    made = await create(session)
    preview = await edited(session, made.id, questions=OTHER)
    assert made.next_open_at
    assert await open_wave(session, WORKSPACE, made.id, None, made.next_open_at)
    with pytest.raises(UserError, match="opened meanwhile"):
        await drafts.confirm_draft(session, MAYA, preview.survey.id, made.next_open_at)


async def test_the_same_people_are_asked_on_and_one_less_is_refused(
    session: AsyncSession, people: Sequence[str]
) -> None:
    team = Audience(AudienceKind.TEAM, "Design")
    made = await create(session, audience=team)
    assert made.next_open_at
    await asked_and_closed(session, made.id, made.next_open_at)
    session.add(factories.employee("U0JOINER", team="Design"))
    in_design = [each for each in people if each.startswith("UDESI")]
    await session.flush()
    after = made.next_open_at + timedelta(days=4)
    preview = await edited(
        session, made.id, after, audience=team, questions=composed().questions[:1]
    )
    assert preview.people == len(in_design), "the joiner waits for the next quarter"
    fewer = Audience(AudienceKind.CHOSEN, filters=Filters(("Design",), joined_at_least=0))
    moved = await session.get_one(Employee, (WORKSPACE, in_design[0]))
    for each in await session.scalars(select(Employee)):
        each.hired_on = date(2020, 1, 1)
    moved.hired_on = None
    await session.flush()
    with pytest.raises(FieldErrors) as caught:
        await edited(session, made.id, after, audience=fewer)
    assert "almost the same people" in caught.value.fields[form_fields.AUDIENCE]


async def test_only_hr_changes_and_only_what_its_form_can_hold(session: AsyncSession) -> None:
    made = await create(session)
    with pytest.raises(NotAllowedError):
        await edits.editable_survey(session, ANA, made.id, NOW)
    await service.end(session, MAYA, made.id, NOW)
    with pytest.raises(UserError, match="has ended"):
        await edits.editable_survey(session, MAYA, made.id, NOW)
    assert await edits.editable_survey(session, MAYA, made.id, NOW, is_copy=True)
    standing = factories.survey(cadence="standing", questions_a_week=1)
    session.add(standing)
    await session.flush()
    with pytest.raises(UserError, match="form of its own"):
        await edits.editable_survey(session, MAYA, standing.id, NOW, is_copy=True)


async def test_a_taken_name_is_told_and_ones_own_is_not_taken(session: AsyncSession) -> None:
    made = await create(session)
    await create(session, name="Lunch")
    with pytest.raises(FieldErrors) as caught:
        await edited(session, made.id, name="LUNCH")
    assert caught.value.fields == {form_fields.NAME: drafts.NAME_TAKEN}


async def test_a_form_filled_in_with_a_survey_changes_nothing_when_sent(
    session: AsyncSession,
) -> None:
    new = composed(
        questions=(
            *(NewQuestion.from_bank(each) for each in load_bank().questions[:2]),
            NewQuestion("Lunch?", Scale.CHOICE, options=("Yes", "No")),
        ),
        audience=Audience(AudienceKind.CHOSEN, filters=Filters(("Design",), joined_at_least=None)),
        when=Repeating(
            Cadence.QUARTERLY, 2, "3rd", time(9, 30), date(2027, 12, 1), working_days=True
        ),
        open_hours=120,
    )
    made = await service.create_survey(session, MAYA, new, None, NOW)
    form = form_of_survey(await row(session, made.id), TODAY, is_copy=False)
    drawn = form_in(typed_into(compose_view(form)))
    sent = read_survey(replace(form, bank=drawn.bank), TODAY)
    assert not await edits.needs_preview(session, MAYA, made.id, sent, NOW)
    saved = await edits.save_edit(session, MAYA, made.id, sent, NOW)
    assert (saved.plan, saved.next_on, saved.name) == (made.plan, made.next_on, made.name)
    copy = form_of_survey(await row(session, made.id), TODAY, is_copy=True)
    assert (copy.name, copy.edits) == ("Copy of Weekly pulse", "")
    assert copy.survey_id != made.id
