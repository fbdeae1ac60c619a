from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.home.blocks import home_view
from bot.home.service import Home, HrSection, WaitingSurvey, home_of
from bot.insights.wave_results import RunningWave
from models import AuditEntry, Invitation, RoleGrant
from sandbox.blockkit import validate_view
from tests.factories import ADMIN, JOINED, WORKSPACE, company, employee, survey
from tests.insights.test_insights_blocks import AMPERSANDS, NASTY, huge, wave
from tests.insights.waves import everyone, publish, sealed_wave, store_wave
from tests.mentoring.programmes import actor, mentee, person, programme

NOW = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)


async def test_everybody_sees_their_open_questions_and_no_figures(session: AsyncSession) -> None:
    await company(session, {})
    pulse = survey()
    session.add(pulse)
    await session.flush()
    open_wave = await store_wave(session, pulse, {"Design": [None, None, {0: 3}, None, None]})
    closed = await sealed_wave(
        session, pulse, {"Design": everyone(1, 2, 3, 4, 5)}, held_on=NOW.date()
    )
    await publish(session, WORKSPACE, closed.id, NOW)
    invitations = list(
        await session.scalars(
            select(Invitation)
            .where(Invitation.wave_id == open_wave.id)
            .order_by(Invitation.employee_id)
        )
    )
    invitations[1].status = "pending"
    await session.flush()

    homes = [
        await home_of(session, Actor(WORKSPACE, each.employee_id), NOW) for each in invitations[:3]
    ]

    waiting = WaitingSurvey("Weekly pulse", open_wave.closes_at, anonymous=True)
    assert [home.waiting for home in homes] == [(waiting,), (), ()]
    assert all(home.hr is None for home in homes)
    assert list(await session.scalars(select(AuditEntry.action))) == []


@pytest.mark.parametrize(("role", "is_admin"), [("admin", True), ("analyst", False)])
async def test_hr_sees_figures_and_the_look_is_recorded(
    session: AsyncSession, role: str, is_admin: bool
) -> None:
    await company(session, {})
    pulse = survey()
    grant = RoleGrant(workspace_id=WORKSPACE, employee_id="U0HR", role=role, granted_at=JOINED)
    session.add_all([pulse, employee("U0HR"), grant])
    await session.flush()
    running = await store_wave(session, pulse, {"Design": everyone(*[3] * 7)})
    closed = await sealed_wave(
        session, pulse, {"Design": everyone(1, 2, 3, 4, 5)}, held_on=NOW.date()
    )
    await publish(session, WORKSPACE, closed.id, NOW)

    home = await home_of(session, Actor(WORKSPACE, "U0HR"), NOW)

    assert home.hr is not None
    assert home.hr.is_admin is is_admin
    assert [each.at_least for each in home.hr.running] == [5]
    assert home.hr.latest is not None
    assert home.hr.latest.wave_id == closed.id
    looks = await session.execute(
        select(AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject).order_by(
            AuditEntry.action
        )
    )
    assert [tuple(each) for each in looks] == [
        ("U0HR", "figures.viewed", closed.id),
        ("U0HR", "participation.viewed", running.id),
    ]


async def test_a_new_workspace_has_a_home_too(session: AsyncSession) -> None:
    await company(session, {})

    home = await home_of(session, Actor(WORKSPACE, ADMIN), NOW)

    assert (home.k, home.waiting, home.hr) == (5, (), HrSection((), None, is_admin=True))
    assert home.mentoring
    assert not home.mentoring.joined
    text = str(home_view(home))
    assert not validate_view(home_view(home))
    assert "Nothing just now." in text
    assert "No survey is open." in text
    assert "There are none yet" in text


def home(**changes: Any) -> Home:
    running = RunningWave("w1", "Weekly pulse", NOW, 41, 5, 15)
    fields: dict[str, Any] = {
        "k": 5,
        "waiting": (WaitingSurvey("Fish & <chips>", NOW, anonymous=True),),
        "mentoring": None,
        "hr": HrSection((running,), wave(), is_admin=True),
    }
    return Home(**{**fields, **changes})


def test_the_home_tab_says_where_the_question_is_and_how_answers_are_kept() -> None:
    text = str(home_view(home(hr=None)))

    assert "Fish &amp; &lt;chips&gt;" in text
    assert "The question is in our messages" in text
    assert "groups of 5 people or more" in text
    assert "For HR" not in text
    assert "/pulse results" not in text


def test_a_named_survey_says_so() -> None:
    named = WaitingSurvey("Lunch", NOW, anonymous=False)

    assert "not anonymous: HR sees your name" in str(home_view(home(waiting=(named,))))


def test_hr_gets_a_headline_and_what_they_can_do() -> None:
    analyst = HrSection((), wave(), is_admin=False)

    text = str(home_view(home()))

    assert "At least 15 of 41 people have answered so far." in text
    assert "*Workload* 6.0 (5.1–6.5)" in text
    assert "`/pulse new` starts a survey" in text
    assert "`/pulse new`" not in str(home_view(home(hr=analyst)))


async def test_the_home_tab_offers_mentoring(session: AsyncSession) -> None:
    await programme(session, mentee(person(0)))

    async def shown(employee_id: str) -> str:
        return str(home_view(await home_of(session, actor(employee_id), NOW)))

    assert "You have been looking for a mentor since" in await shown(person(0))
    assert "Change what I look for or offer" in await shown(person(0))
    assert "Find a mentor, or be one" in await shown(person(1))
    assert "Mentoring" not in await shown("USTRANGER")


@pytest.mark.parametrize("text", [NASTY, AMPERSANDS])
def test_any_number_of_anything_fits(text: str) -> None:
    running = tuple(
        RunningWave("w1", text[:120], NOW + timedelta(hours=n), 100_000, 5, 0) for n in range(50)
    )
    waiting = tuple(WaitingSurvey(text[:120], NOW, anonymous=False) for _ in range(50))

    view = home_view(home(waiting=waiting, hr=HrSection(running, huge(text), is_admin=True)))

    assert not validate_view(view)
