"""What people get about themselves, and what is gone after they are forgotten."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.people import audit, roles
from bot.people.roles import Role
from bot.pulse import sealing
from bot.pulse import service as pulse
from bot.pulse.personal_data import own_open_answers
from bot.rights import service
from bot.rights.personal_tables import PERSONAL_TABLES
from bot.rights.service import forget, personal_data
from models import (
    Answer,
    AuditEntry,
    Base,
    CoffeeGroup,
    Delivery,
    Employee,
    Invitation,
    MentoringProfile,
    NamedResponse,
    OpenAnswer,
    RoleGrant,
    Survey,
    Wave,
)
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, match
from tests.insights.waves import publish
from tests.pulse.waves import OpenWave, actor, open_for, opened_wave, store_survey

LATER = NOW + timedelta(days=4)


async def answered(session: AsyncSession, wave: OpenWave, person: str, value: int) -> None:
    await pulse.answer(session, actor(person), wave.press(person, 0, value))


async def of_themselves(session: AsyncSession, person: str) -> dict[str, Any]:
    return await personal_data(session, WORKSPACE, person, NOW, for_themselves=True)


async def lives_of(session: AsyncSession) -> tuple[OpenWave, str, str]:
    """A closed named wave and an open anonymous one, answered by two people."""
    named = await opened_wave(session, name="Lunch", anonymous=False)
    ana, ben = named.people[1:3]
    await answered(session, named, ana, 5)
    await answered(session, named, ben, 1)
    await sealing.seal(session, WORKSPACE, named.id, LATER)
    await publish(session, WORKSPACE, named.id, LATER)
    wave = await open_for(session, await store_survey(session))
    await answered(session, wave, ana, 4)
    await answered(session, wave, ben, 2)
    profile = MentoringProfile(workspace_id=WORKSPACE, employee_id=ana, joined_at=NOW)
    coffee = CoffeeGroup(
        workspace_id=WORKSPACE, round_id="r", people=[ana, ben], made_at=NOW, introduced_at=NOW
    )
    session.add_all([profile, coffee])
    await roles.grant(session, Actor(WORKSPACE, ADMIN), ana, Role.ANALYST, NOW)
    await session.flush()
    return wave, ana, ben


async def test_a_person_gets_everything_held_about_them_and_nothing_about_others(
    session: AsyncSession,
) -> None:
    _, ana, ben = await lives_of(session)

    data = await of_themselves(session, ana)

    assert data["directory"][0]["email"] == f"{ana.lower()}@example.com"
    assert data["roles"] == [
        {"employee_id": ana, "role": "analyst", "granted_by": ADMIN, "granted_at": NOW.isoformat()}
    ]
    assert sorted(each["status"] for each in data["survey_invitations"]) == ["closed", "pending"]
    assert [each["value"] for each in data["answers_to_open_surveys"]] == [4]
    assert data["answers_to_named_surveys"][0]["answers"] == (
        ("My workload is manageable.", "Strongly agree"),
    )
    assert data["mentoring_profile"][0]["capacity"] == 1
    assert data["record_of_acts"][0]["action"] == "roles.granted"
    assert len(data["messages"]) == 2
    assert list(data["cannot_be_tied_to_you"]) == list(service.CANNOT_BE_TIED)
    data.pop("coffee_groups")
    assert ben not in json.dumps(data)


@pytest.mark.parametrize("for_themselves", [True, False])
async def test_a_mentee_learns_of_no_mentor_who_has_not_said_yes(
    session: AsyncSession, *, for_themselves: bool
) -> None:
    ana = (await company(session, {"Design": 12}))[0].id
    closed = {"started_at": None, "closed_at": NOW}
    told = {
        "U0ACTIVE": match(ana),
        "U0ENDED": match(ana, status="ended", close_reason="refit", closed_at=NOW),
        "U0PASSED": match(ana, status="ended", close_reason="mentee passed", **closed),
        "U0LAPSED": match(ana, status="lapsed", close_reason="not confirmed", **closed),
    }
    not_told = {
        "U0NOTNOW": match(ana, status="declined", close_reason="level", **closed),
        "U0SILENT": match(ana, status="lapsed", close_reason="no answer", **closed),
        "U0TOOKBACK": match(ana, status="declined", close_reason="taken back", **closed),
        "U0LEFT": match(ana, status="ended", close_reason="mentor gone", **closed),
    }
    for mentor, pair in {**told, **not_told}.items():
        pair.mentor_id = mentor
        session.add(pair)
    await session.flush()
    data = await personal_data(session, WORKSPACE, ana, NOW, for_themselves=for_themselves)
    assert {row["mentor_id"] for row in data["mentoring_matches"]} == told.keys()
    assert not any(mentor in json.dumps(data) for mentor in not_told)
    mentor_file = await personal_data(
        session, WORKSPACE, "U0NOTNOW", NOW, for_themselves=for_themselves
    )
    assert [row["mentee_id"] for row in mentor_file["mentoring_matches"]] == [ana]


async def test_a_mentee_does_not_learn_who_is_being_asked(session: AsyncSession) -> None:
    ana = (await company(session, {"Design": 12}))[0].id
    session.add(match(ana, status="proposed", started_at=None))
    await session.flush()
    assert (await of_themselves(session, ana))["mentoring_matches"] == []


async def test_an_operators_export_has_no_answers_to_open_surveys(
    session: AsyncSession,
) -> None:
    _, ana, _ = await lives_of(session)

    data = await personal_data(session, WORKSPACE, ana, NOW, for_themselves=False)

    assert not {"answers_to_open_surveys", "mentoring_profile", "mentoring_feedback"} & set(data)
    assert data["left_out"] == service.ONLY_TO_THEMSELVES


async def test_a_forgotten_person_leaves_only_an_id(
    session: AsyncSession,
) -> None:
    wave, ana, ben = await lives_of(session)

    await forget(session, actor(ana), ana, NOW)
    await forget(session, actor(ana), ana, NOW)
    session.expire_all()

    kept = await session.get_one(Employee, (WORKSPACE, ana))
    told = {
        column.name: getattr(kept, column.name)
        for column in Employee.__table__.columns
        if getattr(kept, column.name)
    }
    assert told == {"workspace_id": WORKSPACE, "id": ana, "tz": "UTC", "do_not_contact": True}
    for table, column in (
        (Invitation, Invitation.employee_id),
        (NamedResponse, NamedResponse.employee_id),
        (Delivery, Delivery.recipient),
        (RoleGrant, RoleGrant.employee_id),
        (MentoringProfile, MentoringProfile.employee_id),
    ):
        about = select(func.count()).select_from(table).where(column == ana)
        assert await session.scalar(about) == 0
    assert [each.value for each in await session.scalars(select(OpenAnswer))] == [2]
    assert await own_open_answers(session, WORKSPACE, ben)
    assert sorted(await session.scalars(select(Answer.value))) == [1, 5]
    assert (await session.scalars(select(CoffeeGroup))).one().people == [ben]
    acts = sorted(await session.scalars(select(AuditEntry.action)))
    assert acts == ["person.forgotten", "roles.granted"]
    assert await session.scalar(select(Wave.status).where(Wave.id == wave.id)) == "open"
    assert await pulse.first_step(session, WORKSPACE, wave.id, ana) is None


async def test_after_forgetting_sealing_works_and_coming_back_starts_fresh(
    session: AsyncSession,
) -> None:
    wave, ana, _ = await lives_of(session)
    await forget(session, actor(ana), ana, NOW)

    assert await sealing.seal(session, WORKSPACE, wave.id, LATER)
    await service.come_back(session, actor(ana), LATER)
    await service.come_back(session, actor(ana), LATER)

    session.expire_all()
    assert await session.get(Employee, (WORKSPACE, ana)) is None
    answered = await session.scalar(select(func.count(OpenAnswer.token.distinct())))
    assert answered == 1


async def test_an_unknown_person_can_be_forgotten_before_a_sync_brings_them(
    session: AsyncSession,
) -> None:
    await opened_wave(session)

    await forget(session, audit.Attune(WORKSPACE), "U0NEW", NOW)

    assert await service.is_forgotten(session, WORKSPACE, "U0NEW")


async def test_the_only_admin_stays_until_there_is_another(session: AsyncSession) -> None:
    await opened_wave(session)

    with pytest.raises(UserError, match=re.escape(service.LAST_ADMIN_STAYS)):
        await forget(session, actor(ADMIN), ADMIN, NOW)

    assert not await service.is_forgotten(session, WORKSPACE, ADMIN)


async def test_drafts_go_and_surveys_stay(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    author = wave.people[1]
    for status in ("draft", "active"):
        await store_survey(session, name=status, created_by=author, status=status)

    await forget(session, actor(author), author, NOW)

    left = await session.scalars(select(Survey.name).where(Survey.created_by == author))
    assert list(left) == ["active"]


def test_every_column_that_could_hold_a_persons_id_is_covered() -> None:
    nobody = {
        "workspace_id", "id", "wave_id", "survey_id", "response_id", "match_id", "round_id",
        "blocker_id",
        "channel", "channel_id", "ts", "bot_user_id", "close_reason", "bundle", "message_id",
        "product_id", "item_id", "pool_id", "source", "thread_id", "goal_id", "question_id",
        "replaces", "organisation_id", "reading",
    }  # fmt: skip
    elsewhere = {
        "cohorts.manager": "told with the invitation",
        "invitations.employee_id": "bot.pulse.personal_data",
        "named_responses.employee_id": "bot.insights",
    }
    looked_at = {
        f"{source.table}.{column}"
        for source in PERSONAL_TABLES
        for column in (*source.id_columns, *source.json_columns)
    }

    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_id = isinstance(column.type, String) and column.type.length == 32
            if is_id and column.name not in nobody:
                assert f"{table.name}.{column.name}" in looked_at | set(elsewhere)
