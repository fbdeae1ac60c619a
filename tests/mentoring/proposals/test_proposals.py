"""A mentor answers or does not, a mentee confirms or does not."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.mentoring.pairs import service as pairs
from bot.mentoring.programme.service import plan_round
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals import service as proposals
from bot.mentoring.proposals.service import LEFT_MENTORING, NO_SUCH_MATCH, NOT_YOURS, WhyNot
from bot.mentoring.refusals import MatchOverError, MatchPressRefusedError
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.messages import compose_waiting
from bot.mentoring.rounds.pure.matching import Pair
from bot.outbox.kinds import Composing
from models import Delivery, Employee, MentoringMatch, MentoringProfile
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.mentoring.programmes import (
    actor,
    letters,
    mentee,
    mentor,
    open_match,
    person,
    post_all,
    programme,
    proposed,
    run_jobs,
    runtime_on,
)

MENTOR, SECOND, MENTEE, STRANGER = (person(number) for number in range(4))
COMPOSING = Composing(NOW, privacy_page=None)


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
        assert accepted.status == "accepted"
    assert await kinds(session, MENTEE) == ["mentor_confirm"]
    for _ in range(2):
        confirmed = await proposals.confirm(session, actor(MENTEE), match.id, NOW)
        assert confirmed.status == "active"
    profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
    assert profile.looking_since is None
    assert match.first_meeting_at
    assert match.first_meeting_at >= NOW + pairs.FIRST_NOTICE


@pytest.mark.parametrize("presser", [MENTEE, SECOND, STRANGER])
async def test_only_the_addressed_mentor_can_answer(session: AsyncSession, presser: str) -> None:
    match = await asked(session)
    for use in (proposals.accept, proposals.decline, proposals.pause_me):
        with pytest.raises(MatchPressRefusedError, match=NOT_YOURS):
            await use(session, actor(presser), match.id, NOW)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    if presser != MENTEE:
        with pytest.raises(MatchPressRefusedError, match=NOT_YOURS):
            await proposals.confirm(session, actor(presser), match.id, NOW)
    assert match.status == "accepted"


async def test_an_unknown_match_and_one_of_another_workspace(session: AsyncSession) -> None:
    match = await asked(session)
    with pytest.raises(MatchPressRefusedError, match=NO_SUCH_MATCH):
        await proposals.accept(session, actor(MENTOR), "0" * 32, NOW)
    other = Actor("T0OTHER", MENTOR)
    with pytest.raises(MatchPressRefusedError, match=NO_SUCH_MATCH):
        await proposals.accept(session, other, match.id, NOW)


async def test_a_mentor_who_left_cannot_accept(session: AsyncSession) -> None:
    match = await asked(session)
    (await session.get_one(Employee, (WORKSPACE, MENTOR))).active = False
    with pytest.raises(MatchPressRefusedError, match=LEFT_MENTORING):
        await proposals.accept(session, actor(MENTOR), match.id, NOW)


async def test_after_a_no_the_next_best_is_asked_and_nobody_is_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        match = await asked(session)
        await proposals.decline(session, actor(MENTOR), match.id, NOW)
        await proposals.say_why(session, actor(MENTOR), match.id, WhyNot.TOPICS)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
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
    async with runtime_on(sessions) as runtime:
        for hours in (9, 8, 7, 1):
            await run_jobs(runtime, match.answer_by - timedelta(hours=hours))
        async with sessions.begin() as session:
            assert await kinds(session, MENTOR) == ["mentor_proposal", "mentor_reminder"]
            assert (await open_match(session, MENTEE)).status == "proposed"
        await run_jobs(runtime, match.answer_by)
    async with sessions.begin() as session:
        with pytest.raises(MatchOverError):
            await proposals.accept(session, actor(MENTOR), match.id, match.answer_by)
        assert await kinds(session, MENTEE) == ["mentor_waiting"], "nobody else is there"
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
        assert answered.paused_until == date(2026, 12, 1)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
    async with sessions.begin() as session:
        open_matches = await session.scalars(
            select(MentoringMatch).where(MentoringMatch.status == "proposed")
        )
        assert [match.mentor_id for match in open_matches] == [SECOND]


async def test_a_mentee_who_waits_for_another_keeps_their_place(session: AsyncSession) -> None:
    match = await asked(session)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    passed = await proposals.pass_on(session, actor(MENTEE), match.id, NOW + timedelta(hours=1))
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
        for _ in range(2):
            taken = await proposals.take_back(session, actor(MENTOR), match.id, NOW)
            assert taken.taken_back
        with pytest.raises(MatchOverError):
            await proposals.confirm(session, actor(MENTEE), match.id, NOW)
        again = await proposals.decline(session, actor(MENTOR), match.id, NOW)
        assert not again.says_no, "why is asked of those of whom nobody is told"
        with pytest.raises(MatchOverError):
            await proposals.say_why(session, actor(MENTOR), match.id, WhyNot.TOPICS)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
    async with sessions.begin() as session:
        assert (await open_match(session, MENTEE)).mentor_id == SECOND
        profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
        assert profile.first_in_line


@pytest.mark.parametrize("use", [proposals.decline, proposals.pause_me])
async def test_not_now_after_a_yes_that_was_passed_on_changes_nothing(
    session: AsyncSession, use: Any
) -> None:
    match = await asked(session)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    stands = await use(session, actor(MENTOR), match.id, NOW)
    assert stands.yes_stands
    assert match.status == "accepted"
    assert await kinds(session, MENTEE) == ["mentor_confirm"]
    shown = str(blocks.answered_message(stands).blocks)
    assert blocks.TAKE_BACK in shown
    begun = await proposals.confirm(session, actor(MENTEE), match.id, NOW)
    assert begun.status == "active"
    with pytest.raises(MatchOverError):
        await proposals.take_back(session, actor(MENTOR), match.id, NOW)


async def test_only_the_mentor_takes_their_yes_back(session: AsyncSession) -> None:
    match = await asked(session)
    with pytest.raises(MatchOverError):
        await proposals.take_back(session, actor(MENTOR), match.id, NOW)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    for presser in (MENTEE, SECOND, STRANGER):
        with pytest.raises(MatchPressRefusedError, match=NOT_YOURS):
            await proposals.take_back(session, actor(presser), match.id, NOW)
    assert match.status == "accepted"


async def test_who_has_no_next_mentor_is_told_why_once_and_not_who_declined(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        wants = ["Kubernetes", "Rust"]
        others = [mentee(person(number), wants=["Rust"]) for number in (4, 5)]
        await programme(session, mentor(MENTOR), mentee(MENTEE, wants=wants), *others)
        match = await proposed(session, MENTOR, MENTEE)
        answered = await proposals.decline(session, actor(MENTOR), match.id, NOW)
        assert answered.says_no
    async with runtime_on(sessions) as runtime:
        for day in range(60):
            await run_jobs(runtime, NOW + timedelta(days=day))
    async with sessions.begin() as session:
        (kind, told), *more = await letters(session, MENTEE)
        assert (kind, more) == ("mentor_waiting", [])
        assert told == {"why": "nobody_free", "missing": [["Rust", 3]]}
        letter = (await session.scalars(select(Delivery).where(Delivery.kind == kind))).one()
        message = await compose_waiting(session, letter, COMPOSING)
        assert message
        assert MENTOR not in str(message)
        assert "declin" not in str(message)


async def test_a_round_that_leaves_somebody_out_does_not_tell_them_twice(
    sessions: Sessions,
) -> None:
    """The round proposed a mentor who declines; the message is that of the round."""
    async with sessions.begin() as session:
        await programme(session, mentor(MENTOR), mentee(MENTEE), mentee(person(4)))
        assert await plan_round(session, actor(ADMIN), NOW)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
        async with sessions.begin() as session:
            match = (await session.scalars(select(MentoringMatch))).one()
            left_out = ({MENTEE, person(4)} - {match.mentee_id}).pop()
            await proposals.decline(session, actor(MENTOR), match.id, NOW, reason="topics")
        await run_jobs(runtime, NOW)
    async with sessions.begin() as session:
        assert await kinds(session, left_out) == ["mentor_waiting"]
        assert await kinds(session, match.mentee_id) == ["mentor_waiting"]


async def test_nobody_is_told_that_there_is_nobody_while_somebody_is_asked(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await programme(session, mentor(MENTOR), mentee(MENTEE))
        match = await proposed(session, MENTOR, MENTEE)
        await proposals.decline(session, actor(MENTOR), match.id, NOW)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
    async with sessions.begin() as session:
        session.add(mentor(SECOND))
        await session.flush()
        await proposed(session, SECOND, MENTEE)
        letter = await session.scalars(select(Delivery).where(Delivery.kind == "mentor_waiting"))
        assert await compose_waiting(session, letter.one(), COMPOSING) is None


async def test_a_mentor_taken_meanwhile_leaves_the_search_due(session: AsyncSession) -> None:
    other = person(4)
    await programme(session, mentor(MENTOR), mentor(SECOND), mentee(MENTEE), mentee(other))
    match = await proposed(session, MENTOR, MENTEE)
    await proposals.decline(session, actor(MENTOR), match.id, NOW)
    await proposed(session, SECOND, other)
    late = Pair(MENTEE, SECOND, 0.5, ())
    assert not await proposals.store_next(session, WORKSPACE, match.id, late, NOW)
    assert match.due_at == NOW


async def test_a_mentee_who_does_not_confirm_lets_it_lapse_and_stays_on_the_list(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        match = await asked(session)
        await proposals.accept(session, actor(MENTOR), match.id, NOW)
        await post_all(session)
    assert match.answer_by
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, match.answer_by - timedelta(hours=8))
        await run_jobs(runtime, match.answer_by)
    async with sessions.begin() as session:
        assert await kinds(session, MENTEE) == ["mentor_confirm", "mentor_reminder", "mentor_news"]
        assert (await kinds(session, MENTOR))[-1] == "mentor_news"
        profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
        assert profile.looking_since == NOW


async def test_when_a_mentor_leaves_before_answering_nobody_is_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await asked(session)
        (await session.get_one(Employee, (WORKSPACE, MENTOR))).active = False
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
    async with sessions.begin() as session:
        assert await kinds(session, MENTEE) == []
        assert await kinds(session, SECOND) == ["mentor_proposal"]
