from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.home.blocks import ADMIN_HINTS, ANALYST_HINTS, home_view
from bot.home.service import Home, HrSection, WaitingSurvey, home_of
from bot.insights.headlines import headline
from bot.insights.wave_results import RunningWave
from bot.mentoring.profiles.forms import PROFILE
from bot.products.board.blocks import BOARD
from bot.surveys.blocks import LIST, NEW, RESULTS
from models import AuditEntry, Invitation, RoleGrant
from sandbox.blockkit import validate_view
from tests.factories import ADMIN, JOINED, WORKSPACE, company, employee, survey
from tests.golden.cases._waves import NEWS, news_of
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
    assert home.hr.latest.wave.wave_id == closed.id
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
    assert not validate_view(home_view(home))


def home(**changes: Any) -> Home:
    running = RunningWave("w1", "Weekly pulse", NOW, 41, 5, 15)
    fields: dict[str, Any] = {
        "k": 5,
        "waiting": (WaitingSurvey("Fish & <chips>", NOW, anonymous=True),),
        "mentoring": None,
        "preferences": None,
        "hr": HrSection((running,), news_of(wave()), is_admin=True),
    }
    return Home(**{**fields, **changes})


def test_only_hr_gets_what_is_for_hr_and_analysts_less_than_admins() -> None:
    everybody = str(home_view(home(hr=None)))
    analyst = str(home_view(home(hr=HrSection((), news_of(wave()), is_admin=False))))
    admin = str(home_view(home()))

    assert "Fish &amp; &lt;chips&gt;" in everybody
    analysts = (*ANALYST_HINTS, RESULTS, BOARD)
    admins = (*ADMIN_HINTS, NEW, LIST)
    assert not any(each in everybody for each in (*analysts, *admins))
    assert all(each in analyst for each in analysts)
    assert not any(each in analyst for each in admins)
    assert all(each in admin for each in (*analysts, *admins))
    assert "Workload *6.0*" in admin


def test_figures_begin_with_the_one_thing_to_know() -> None:
    blocks = home_view(home(hr=HrSection((), NEWS, is_admin=True)))["blocks"]
    (figures,) = [
        block["text"]["text"] for block in blocks if "Latest figures" in str(block.get("text"))
    ]

    assert figures.split("\n")[1] == f"*{headline(NEWS.headlines[0])}*"


async def test_the_home_tab_offers_mentoring(session: AsyncSession) -> None:
    await programme(session, mentee(person(0)))

    for who, has_joined in ((person(0), True), (person(1), False)):
        home = await home_of(session, actor(who), NOW)
        assert home.mentoring
        assert home.mentoring.joined is has_joined
        assert PROFILE in str(home_view(home))
    assert PROFILE not in str(home_view(await home_of(session, actor("USTRANGER"), NOW)))


@pytest.mark.parametrize("text", [NASTY, AMPERSANDS])
def test_any_number_of_anything_fits(text: str) -> None:
    running = tuple(
        RunningWave("w1", text[:120], NOW + timedelta(hours=n), 100_000, 5, 0) for n in range(50)
    )
    waiting = tuple(WaitingSurvey(text[:120], NOW, anonymous=False) for _ in range(50))

    view = home_view(
        home(waiting=waiting, hr=HrSection(running, news_of(huge(text)), is_admin=True))
    )

    assert not validate_view(view)
