"""A mentor answers or does not, a mentee confirms or does not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring import pairs, proposals, rounds
from bot.mentoring.matching import Pair
from bot.mentoring.proposals import Proposal, Refusal, WhyNot
from bot.slack.actor import Actor
from models import Employee, MentoringMatch, MentoringProfile
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import (
    actor,
    house_on,
    letters,
    mentee,
    mentor,
    open_match,
    person,
    post_all,
    programme,
    proposed,
    run_jobs,
)

MENTOR, SECOND, MENTEE, STRANGER = (person(number) for number in range(4))


async def asked(session: AsyncSession) -> MentoringMatch:
    await programme(session, mentor(MENTOR), mentor(SECOND), mentee(MENTEE))
    return await proposed(session, MENTOR, MENTEE)


async def kinds(session: AsyncSession, recipient: str) -> list[str]:
    return [kind for kind, _ in await letters(session, recipient)]


async def test_a_mentor_has_until_the_end_of_the_third_working_day(session: AsyncSession) -> None:
    match = await asked(session)
    assert match.answer_by
    assert match.answer_by.isoformat() == "2026-11-06T16:00:00+00:00", "17:00 in Berlin"


async def test_a_yes_asks_the_mentee_and_the_second_yes_starts_the_pair(
    session: AsyncSession,
) -> None:
    match = await asked(session)
    for _ in range(2):
        accepted = await proposals.accept(session, actor(MENTOR), match.id, NOW)
        assert isinstance(accepted, Proposal)
        assert accepted.status == "accepted"
    assert await kinds(session, MENTEE) == ["mentor_confirm"]
    for _ in range(2):
        confirmed = await proposals.confirm(session, actor(MENTEE), match.id, NOW)
        assert isinstance(confirmed, Proposal)
        assert confirmed.status == "active"
    profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
    assert profile.looking_since is None
    assert match.first_meeting_at
    assert match.first_meeting_at >= NOW + pairs.FIRST_NOTICE


@pytest.mark.parametrize("presser", [MENTEE, SECOND, STRANGER])
async def test_only_the_addressed_mentor_can_answer(session: AsyncSession, presser: str) -> None:
    match = await asked(session)
    for use in (proposals.accept, proposals.decline, proposals.pause_me):
        assert await use(session, actor(presser), match.id, NOW) is Refusal.NOT_YOURS
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    if presser != MENTEE:
        refused = await proposals.confirm(session, actor(presser), match.id, NOW)
        assert refused is Refusal.NOT_YOURS
    assert match.status == "accepted"


async def test_an_unknown_match_and_one_of_another_workspace(session: AsyncSession) -> None:
    match = await asked(session)
    assert await proposals.accept(session, actor(MENTOR), "0" * 32, NOW) is Refusal.UNKNOWN
    other = Actor("T0OTHER", MENTOR)
    assert await proposals.accept(session, other, match.id, NOW) is Refusal.UNKNOWN


async def test_a_mentor_who_left_cannot_accept(session: AsyncSession) -> None:
    match = await asked(session)
    (await session.get_one(Employee, (WORKSPACE, MENTOR))).active = False
    assert await proposals.accept(session, actor(MENTOR), match.id, NOW) is Refusal.GONE


async def test_after_a_no_the_next_best_is_asked_and_nobody_is_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        match = await asked(session)
        await proposals.decline(session, actor(MENTOR), match.id, NOW)
        await proposals.say_why(session, actor(MENTOR), match.id, WhyNot.TOPICS)
    async with house_on(sessions) as house:
        await run_jobs(house, NOW)
    async with sessions.begin() as session:
        assert (await open_match(session, MENTEE)).mentor_id == SECOND
        assert await letters(session, MENTEE) == []
        first = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
        assert (first.status, first.close_reason, first.due_at) == ("declined", "topics", None)


async def test_silence_brings_one_reminder_and_then_the_next_best(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        match = await asked(session)
        await session.delete(await session.get_one(MentoringProfile, (WORKSPACE, SECOND)))
    assert match.answer_by
    async with house_on(sessions) as house:
        for hours in (9, 8, 7, 1):
            await run_jobs(house, match.answer_by - timedelta(hours=hours))
        async with sessions.begin() as session:
            assert await kinds(session, MENTOR) == ["mentor_proposal", "mentor_reminder"]
            assert (await open_match(session, MENTEE)).status == "proposed"
        await run_jobs(house, match.answer_by)
    async with sessions.begin() as session:
        late = await proposals.accept(session, actor(MENTOR), match.id, match.answer_by)
        assert late is Refusal.OVER
        assert await letters(session, MENTEE) == []
        lapsed = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
        assert (lapsed.status, lapsed.due_at) == ("lapsed", None)


async def test_a_mentor_loses_no_days_while_slack_is_out_of_order(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await programme(session, mentor(MENTOR), mentee(MENTEE))
        pair = Pair(MENTEE, MENTOR, 0.8, ())
        assert await rounds.propose(session, WORKSPACE, pair, NOW)
        match = await open_match(session, MENTEE)
        assert match.answer_by
        assert await proposals.settle_due(session, WORKSPACE, match.id, match.answer_by)
        assert match.status == "proposed"
        assert match.answer_by > NOW + timedelta(days=5)


async def test_a_pause_takes_other_proposals_back_and_asks_others(sessions: Sessions) -> None:
    other = person(4)
    async with sessions.begin() as session:
        await programme(
            session, mentor(MENTOR, capacity=2), mentor(SECOND), mentee(MENTEE), mentee(other)
        )
        match = await proposed(session, MENTOR, MENTEE)
        await proposed(session, MENTOR, other)
        answered = await proposals.pause_me(session, actor(MENTOR), match.id, NOW)
        assert isinstance(answered, Proposal)
        assert answered.paused_until == date(2026, 12, 1)
    async with house_on(sessions) as house:
        await run_jobs(house, NOW)
    async with sessions.begin() as session:
        open_matches = await session.scalars(
            select(MentoringMatch).where(MentoringMatch.status == "proposed")
        )
        assert [match.mentor_id for match in open_matches] == [SECOND]


async def test_a_mentee_who_waits_for_another_keeps_their_place(session: AsyncSession) -> None:
    match = await asked(session)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    passed = await proposals.pass_on(session, actor(MENTEE), match.id, NOW + timedelta(hours=1))
    assert isinstance(passed, Proposal)
    assert passed.status == "ended"
    profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
    assert profile.looking_since == NOW
    news = [detail["news"] for kind, detail in await letters(session, MENTOR) if "news" in detail]
    assert news == ["not confirmed"]


async def test_a_mentor_who_takes_a_yes_back_puts_the_mentee_first_in_line(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        match = await asked(session)
        await proposals.accept(session, actor(MENTOR), match.id, NOW)
        await post_all(session)
        await proposals.decline(session, actor(MENTOR), match.id, NOW)
        assert await proposals.confirm(session, actor(MENTEE), match.id, NOW) is Refusal.OVER
    async with house_on(sessions) as house:
        await run_jobs(house, NOW)
    async with sessions.begin() as session:
        assert (await open_match(session, MENTEE)).mentor_id == SECOND
        profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
        assert profile.first_in_line


async def test_a_mentee_who_does_not_confirm_lets_it_lapse_and_stays_on_the_list(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        match = await asked(session)
        await proposals.accept(session, actor(MENTOR), match.id, NOW)
        await post_all(session)
    assert match.answer_by
    async with house_on(sessions) as house:
        await run_jobs(house, match.answer_by - timedelta(hours=8))
        await run_jobs(house, match.answer_by)
    async with sessions.begin() as session:
        assert await kinds(session, MENTEE) == ["mentor_confirm", "mentor_reminder", "mentor_news"]
        assert (await kinds(session, MENTOR))[-1] == "mentor_news"
        profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
        assert profile.looking_since == NOW
