"""Audiences by teams, places, managers and time since joining."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FieldErrors
from bot.surveys import draft_checks, form_fields
from bot.surveys.audience import (
    Audience,
    AudienceKind,
    Filters,
    audience_of,
    measure,
    months_before,
)
from bot.surveys.audience_fields import LONGEST_MONTHS, Chosen
from bot.surveys.form_validation import NO_FILTER, NO_SPAN, NOT_MONTHS, read_survey
from bot.surveys.forms import Form
from bot.surveys.pure.bank import load_bank
from models import Employee
from tests import factories
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.pulse.opening import open_wave
from tests.surveys.making import RIGHT_AWAY, composed, create, row

TODAY = NOW.date()
FORM = Form("5", name="Pulse", bank=(load_bank().questions[0].key,), audience="chosen", when="now")


async def asked(session: AsyncSession, **filters: object) -> set[str]:
    audience = Audience(AudienceKind.CHOSEN, filters=Filters(**filters))  # type: ignore[arg-type] # a table of keyword arguments
    return set((await measure(session, WORKSPACE, audience, None, TODAY)).ids)


@pytest.fixture
async def staff(session: AsyncSession) -> dict[str, Employee]:
    """Twelve designers and twelve lawyers, in two places each."""
    people = await factories.company(session, {"Design": 12, "Legal": 12})
    for number, person in enumerate(people):
        person.location = "Berlin" if number % 2 else "Kyoto"
        person.department = "Products" if person.team == "Design" else "Staff"
        person.manager_id = None
        person.hired_on = None
    await session.flush()
    return {person.id: person for person in people}


async def test_any_choice_of_a_kind_counts_and_all_kinds_must(
    session: AsyncSession, staff: dict[str, Employee]
) -> None:
    everybody_of = {
        team: {each.id for each in staff.values() if each.team == team}
        for team in ("Design", "Legal")
    }
    in_berlin = {each.id for each in staff.values() if each.location == "Berlin"}
    both = everybody_of["Design"] | everybody_of["Legal"]
    assert await asked(session, teams=("Design", "Legal")) == both
    assert await asked(session, departments=("Products",)) == everybody_of["Design"]
    found = await asked(session, teams=("Design", "Legal"), locations=("Berlin",))
    assert found == both & in_berlin
    assert await asked(session, teams=("Design",), departments=("Staff",)) == set()


async def test_a_managers_tree_has_an_end_in_a_circle_and_past_somebody_who_left(
    session: AsyncSession, staff: dict[str, Employee]
) -> None:
    top, middle, low, other, *_ = sorted(staff)
    staff[top].manager_id = low
    staff[middle].manager_id = top
    staff[low].manager_id = middle
    await session.flush()
    assert await asked(session, managers=(top,)) == {top, middle, low}
    staff[middle].active = False
    staff[other].manager_id = "U0GONE"
    await session.flush()
    assert await asked(session, managers=(top,)) == {top, low}
    assert await asked(session, managers=("U0GONE",)) == {other}
    staff[low].manager_id = low
    staff[top].manager_id = None
    await session.flush()
    assert await asked(session, managers=(low,)) == {low}


async def test_time_since_joining_leaves_out_those_of_unknown_date(
    session: AsyncSession, staff: dict[str, Employee]
) -> None:
    new, middle, old, ahead, seen, *_ = sorted(staff)
    staff[new].hired_on = months_before(TODAY, 3)
    staff[middle].hired_on = months_before(TODAY, 12)
    staff[old].hired_on = date(2001, 1, 1)
    staff[ahead].hired_on = date(2027, 1, 1)
    staff[seen].seen_on = TODAY
    await session.flush()
    assert await asked(session, joined_at_most=3) == {new, seen}
    assert await asked(session, joined_at_least=12) == {middle, old}
    assert await asked(session, joined_at_least=3, joined_at_most=12) == {new, middle}


async def test_nobody_is_asked_before_their_second_day(
    session: AsyncSession, staff: dict[str, Employee]
) -> None:
    ahead, first, second, known, long_here, *_ = sorted(staff)
    staff[ahead].hired_on = TODAY + timedelta(days=1)
    staff[first].hired_on = TODAY
    staff[second].hired_on = TODAY - timedelta(days=1)
    for new in (ahead, first, second):
        staff[new].seen_on = TODAY - timedelta(days=5)
    # HR can't leave out whom it likes by a first day ahead: their accounts are not new.
    staff[known].hired_on = staff[long_here].hired_on = TODAY + timedelta(days=200)
    staff[long_here].seen_on = TODAY - timedelta(days=31)
    await session.flush()
    asked_now = (
        await measure(session, WORKSPACE, Audience(AudienceKind.EVERYONE), None, TODAY)
    ).ids
    assert set(staff) - asked_now == {ahead, first}


def test_months_end_with_their_last_day() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


async def test_a_survey_keeps_what_was_chosen_and_its_people_pass_the_same_checks(
    session: AsyncSession, staff: dict[str, Employee]
) -> None:
    filters = Filters(teams=("Design",), managers=(ADMIN,), joined_at_least=0)
    audience = Audience(AudienceKind.CHOSEN, filters=filters)
    with pytest.raises(FieldErrors) as caught:
        await create(session, audience=audience)
    assert caught.value.fields == {form_fields.AUDIENCE: draft_checks.NOBODY}
    small = Audience(AudienceKind.CHOSEN, filters=Filters(("Design",), locations=("Berlin",)))
    with pytest.raises(FieldErrors) as caught:
        await create(session, audience=small)
    assert "needs at least 10" in caught.value.fields[form_fields.AUDIENCE]
    whole = Audience(AudienceKind.CHOSEN, filters=Filters(("Design", "Legal")))
    made = await create(session, audience=whole)
    assert audience_of(await row(session, made.id)) == whole


async def test_one_person_less_is_refused_after_a_wave(
    session: AsyncSession, staff: dict[str, Employee]
) -> None:
    design = [each.id for each in staff.values() if each.team == "Design"]
    team = Audience(AudienceKind.TEAM, "Design")
    made = await create(session, audience=team, when=RIGHT_AWAY)
    assert await open_wave(session, WORKSPACE, made.id, None, NOW)
    staff[min(design)].location = "Lima"
    await session.flush()
    fewer = Filters(("Design",), locations=("Berlin", "Kyoto"))
    new = composed(name="Fewer", audience=Audience(AudienceKind.CHOSEN, filters=fewer))
    with pytest.raises(FieldErrors) as caught:
        await create(session, name=new.name, audience=new.audience)
    assert "almost the same people" in caught.value.fields[form_fields.AUDIENCE]


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        (Chosen(), {form_fields.AUDIENCE: NO_FILTER}),
        (Chosen(joined_at_most="soon"), {form_fields.JOINED_AT_MOST: NOT_MONTHS}),
        (Chosen(joined_at_least="601"), {form_fields.JOINED_AT_LEAST: NOT_MONTHS}),
        (
            Chosen(joined_at_most="1", joined_at_least="2"),
            {form_fields.JOINED_AT_LEAST: NO_SPAN},
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(chosen: Chosen, wrong: dict[str, str]) -> None:
    with pytest.raises(FieldErrors) as caught:
        read_survey(replace(FORM, chosen=chosen), TODAY)
    assert caught.value.fields == {
        name: text.format(most=LONGEST_MONTHS) for name, text in wrong.items()
    }
