"""HR sees how mentees answer, compared with colleagues of the same teams, and never who."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights import service
from bot.insights.blocks import results_message
from bot.insights.positions import ResultsPart
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.programme.engagement import Difference, Engagement, latest_engagement
from bot.mentoring.programme.overview import Overview, overview
from bot.mentoring.programme.service import Programme
from bot.pulse.sealing import seal
from bot.pulse.service import answer
from models import AuditEntry, Employee, Figure, MentoringMatch, Survey, Wave
from sandbox.blockkit import validate_view
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, match, question, survey
from tests.insights.waves import publish
from tests.journeys.stage import Stage, open_stage, text_of
from tests.pulse.waves import OpenWave, open_for

HR = Actor(WORKSPACE, ADMIN)
NOTHING = Overview(
    programme=Programme(),
    looking=0,
    mentors=0,
    free_places=0,
    missing=(),
    outcomes={},
    k=5,
    last_round_at=None,
)


def test_slack_would_show_the_longest_comparison() -> None:
    weird = "<!channel> *bold* & `y` مرحبا 🎉 " * 12
    longest = tuple(
        Difference(weird, -0.5, -1.0, 0.1, is_enps=number % 2 > 0, mentees=5, others=1234)
        for number in range(25)
    )
    engagement = Engagement("0" * 32, weird, NOW.date(), longest)
    view = admin_blocks.admin_view(replace(NOTHING, engagement=engagement))
    assert validate_view(view) == []
    assert "<!channel>" not in text_of(view)


async def played(
    session: AsyncSession, made: Survey, replies: Mapping[str, Mapping[int, int]]
) -> OpenWave:
    """Open a survey's wave, let people answer, close and publish it."""
    session.add(made)
    await session.flush()
    wave = await open_for(session, made)
    for person, each in replies.items():
        for position, value in each.items():
            await answer(session, Actor(WORKSPACE, person), wave.press(person, position, value))
    closed = NOW + timedelta(days=4)
    await seal(session, WORKSPACE, wave.id, closed)
    await publish(session, WORKSPACE, wave.id, closed)
    await session.flush()
    return wave


async def with_mentees(session: AsyncSession, mentees: int = 7) -> list[str]:
    """Store a company whose design team of 16 has so many mentees; return all its people."""
    staff = await company(session, {"Design": 16, "Legal": 20})
    session.add_all(match(person.id) for person in staff[:mentees])
    await session.flush()
    return [*(person.id for person in staff), ADMIN]


def answers(staff: Sequence[str]) -> dict[str, dict[int, int]]:
    """Let the first seven, the mentees, be content, and the others less so."""
    return {
        person: {0: 4 + number % 2, 1: 8 + number % 3}
        if number < 7
        else {0: 1 + number % 3, 1: number % 10}
        for number, person in enumerate(staff)
    }


def with_enps(**changes: Any) -> Survey:
    enps = question(1, text="Would you recommend us?", scale="enps", driver="commitment")
    return survey(question(0), enps, **changes)


async def test_from_the_press_to_the_comparison(session: AsyncSession) -> None:
    staff = await with_mentees(session)
    wave = await played(session, with_enps(), answers(staff))

    found = await overview(session, HR, NOW)
    assert found.engagement
    workload, enps = found.engagement.differences
    assert (workload.label, workload.mentees, workload.others) == ("Workload", 5, 5)
    assert workload.is_detectable
    assert 0 < workload.low < workload.points < workload.high
    assert (enps.label, enps.is_enps) == ("eNPS", True)

    looks = await session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "figures.viewed")
    )
    assert set(looks) == {"mentoring", wave.id}, "the look is written down under its survey, too"


async def test_results_of_surveys_do_not_tell_of_mentoring(session: AsyncSession) -> None:
    staff = await with_mentees(session)
    wave = await played(session, with_enps(), answers(staff))
    rows = await session.scalars(select(Figure).where(Figure.segment == "mentoring"))
    assert Counter(row.measure for row in rows) == {"driver": 2, "enps": 2, "difference": 2}

    found = await service.results(session, WORKSPACE, wave.id)
    assert found.wave
    assert {group.dimension for group in found.wave.groups} == {"team"}
    for part in ResultsPart:
        shown = text_of({"blocks": results_message(found, part).blocks})
        assert "mentor" not in shown
        assert "mentee" not in shown


async def test_four_mentees_in_a_team_are_too_few(session: AsyncSession) -> None:
    staff = await with_mentees(session, 4)
    await played(session, with_enps(), answers(staff))
    assert await latest_engagement(session, WORKSPACE) is None


async def test_what_the_comparison_would_tell_of_few_is_not_compared(session: AsyncSession) -> None:
    staff = await with_mentees(session)
    # Six people are in no team's group: the admin and the first five of Legal. When two of them do
    # not answer, the other four are shown together with Design, of which the comparison gives the
    # sum.
    replies = answers(staff)
    for silent in (ADMIN, "ULEGA000"):
        del replies[silent]
    wave = await played(session, with_enps(), replies)
    teams = await session.scalars(
        select(Figure.segment_ref).where(
            Figure.wave_id == wave.id, Figure.measure == "driver", Figure.segment == "team"
        )
    )
    assert set(teams) == {"Design + Everyone else", "Legal"}
    assert await latest_engagement(session, WORKSPACE) is None


async def test_a_survey_with_names_compares_nobody(session: AsyncSession) -> None:
    staff = await with_mentees(session)
    await played(session, with_enps(anonymous=False), answers(staff))
    assert await latest_engagement(session, WORKSPACE) is None


async def test_the_latest_wave_that_compares_is_shown(session: AsyncSession) -> None:
    staff = await with_mentees(session)
    await played(session, with_enps(name="First"), answers(staff))
    second = await played(session, with_enps(name="Second"), answers(staff))
    await session.execute(
        update(Wave).where(Wave.id == second.id).values(published_at=NOW + timedelta(days=5))
    )
    await session.execute(update(MentoringMatch).values(status="ended"))
    await played(session, with_enps(name="Third"), answers(staff))

    engagement = await latest_engagement(session, WORKSPACE)
    assert engagement
    assert (engagement.survey_name, engagement.wave_id) == ("Second", second.id)


async def test_several_scores_are_told_apart_by_their_questions(session: AsyncSession) -> None:
    staff = await with_mentees(session)
    scores = [
        question(place, text=text, scale="enps", driver="commitment")
        for place, text in enumerate(["Recommend us?", "Recommend the team?"])
    ]
    replies = {person: {0: 3 * n % 11, 1: 7 * n % 11} for n, person in enumerate(staff)}
    await played(session, survey(*scores), replies)

    engagement = await latest_engagement(session, WORKSPACE)
    assert engagement
    assert [each.label for each in engagement.differences] == [
        "eNPS (Recommend the team?)",
        "eNPS (Recommend us?)",
    ]


STAFF = [person.id for person in people()]
MENTEES = 8


async def in_one_team(stage: Stage) -> None:
    """Put everybody into one team, in which eight have a mentor."""
    async with stage.runtime.sessions.begin() as session:
        await session.execute(update(Employee).values(team="Design", department="Product"))
        made = survey(workspace_id=TEAM_ID, next_open_at=NOW, next_on=NOW.date())
        session.add(made)
        session.add_all(
            match(mentee, workspace_id=TEAM_ID, mentor_id=STAFF[-1]) for mentee in STAFF[1:9]
        )


async def test_hr_reads_the_comparison_in_slack(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        before = await stage.sandbox.command("maya", "/mentor", "admin")
        assert before.view
        assert "Weekly pulse" not in text_of(before.view)

        await in_one_team(stage)
        await stage.at(NOW + timedelta(hours=6))
        for number, person in enumerate(STAFF[:40]):
            value = 4 + number % 2 if person in STAFF[1:9] else 1 + number % 4
            await stage.press(person, f"pulse:answer:{value}")
        await stage.at(NOW + timedelta(hours=100))
        async with stage.runtime.sessions.begin() as session:
            assert await session.scalar(select(Wave.responded)) == 35

        after = await stage.sandbox.command("maya", "/mentor", "admin")
        assert after.view
        shown = text_of(after.view)
        assert "Weekly pulse" in shown
        assert "Workload: *+" in shown
