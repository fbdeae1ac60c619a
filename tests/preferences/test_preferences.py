"""What a form could hold if somebody forged it, and where it leads."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.good_moments import good_moment
from bot.attention.readers import calendar_for, preference_of
from bot.errors import UserError
from bot.preferences import forms, service
from models import AttentionPreference, Employee, Workspace
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company

ME = Actor(WORKSPACE, "UDESI000")


def view(**changes: Any) -> dict[str, Any]:
    def option(value: str) -> dict[str, Any]:
        return {"selected_option": {"value": value}}

    values: dict[str, Any] = {
        forms.OFTEN: option("days:2"),
        forms.DAYS: {"selected_options": [{"value": "0"}]},
        forms.STARTS: {"selected_time": "09:00"},
        forms.ENDS: {"selected_time": "17:00"},
        forms.PAUSE: {"selected_date": None},
        forms.LANGUAGE: option("slack"),
        forms.REMINDERS: {"selected_options": []},
        **changes,
    }
    return {"state": {"values": {name: {name: value} for name, value in values.items()}}}


def chosen(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"value": value} for value in values]}


FORGED: dict[str, dict[str, Any]] = {
    "weekday nine": {forms.DAYS: chosen("9")},
    "weekday minus one": {forms.DAYS: chosen("-1")},
    "no weekday's number": {forms.DAYS: chosen("Monday")},
    "no times": {forms.STARTS: {}, forms.ENDS: {}},
    "no days a week": {forms.OFTEN: {"selected_option": {"value": "days:0"}}},
    "minus days a week": {forms.OFTEN: {"selected_option": {"value": "days:-3"}}},
    "many days a week": {forms.OFTEN: {"selected_option": {"value": "days:900"}}},
    "every three weeks": {forms.OFTEN: {"selected_option": {"value": "weeks:3"}}},
    "nothing often": {forms.OFTEN: {}},
    "long language": {forms.LANGUAGE: {"selected_option": {"value": "x" * 40}}},
    "unknown language": {forms.LANGUAGE: {"selected_option": {"value": "tlh"}}},
    "end before start": {
        forms.STARTS: {"selected_time": "17:00"},
        forms.ENDS: {"selected_time": "09:00"},
    },
    "past midnight": {
        forms.STARTS: {"selected_time": "22:00"},
        forms.ENDS: {"selected_time": "06:00"},
    },
    "no date": {forms.PAUSE: {"selected_date": "2026-02-30"}},
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_form_is_refused_kindly_or_harmless(
    session: AsyncSession, name: str
) -> None:
    await company(session, {"Design": 2})
    standing = await service.standing_of(session, ME, NOW)
    try:
        preference = forms.preference_in(view(**FORGED[name]), standing)
        await service.save(session, ME, preference, NOW)
    except UserError:
        return
    row = await session.get_one(AttentionPreference, (WORKSPACE, ME.user_id))
    workspace = await session.get_one(Workspace, WORKSPACE)
    employee = await session.get_one(Employee, (WORKSPACE, ME.user_id))
    calendar = calendar_for(employee, preference_of(workspace, row))
    night = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
    moment = good_moment(calendar, night)
    assert calendar.is_at_work(moment, moment), moment
    assert forms.sentence(await service.standing_of(session, ME, NOW))


async def test_hr_fields_of_an_employee_change_nothing(session: AsyncSession) -> None:
    await company(session, {"Design": 2})
    forged = view(
        **{
            forms.USUAL_OFTEN: {"selected_option": {"value": "5"}},
            forms.USUAL_STARTS: {"selected_time": "00:00"},
            forms.USUAL_ENDS: {"selected_time": "23:00"},
        }
    )
    usual = forms.usual_in(forged)
    assert usual
    with pytest.raises(UserError):
        await service.save_usual(session, ME, usual, NOW)
    assert (await session.get_one(Workspace, WORKSPACE)).days_a_week == 2


async def test_who_chose_two_keeps_two_when_hr_allows_five(session: AsyncSession) -> None:
    """The person read "at most twice a week" and saved it."""
    await company(session, {"Design": 2})
    standing = await service.standing_of(session, ME, NOW)
    await service.save(session, ME, forms.preference_in(view(), standing), NOW)
    await service.save_usual(
        session, Actor(WORKSPACE, ADMIN), service.Usual(5, time(9), time(17)), NOW
    )
    assert (await service.standing_of(session, ME, NOW)).chosen.days_a_week == 2
