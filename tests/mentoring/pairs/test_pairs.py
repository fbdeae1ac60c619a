"""A pair meets, falls silent, does not fit, or loses one of its two."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.pure.stages import Stage, stage_of
from bot.mentoring.pairs.service import About, Met
from bot.mentoring.profiles import service as profiles
from bot.mentoring.proposals import service as proposals
from bot.mentoring.refusals import MatchOverError, MatchPressRefusedError
from bot.runtime import Runtime
from models import (
    Delivery,
    Employee,
    MentoringFeedback,
    MentoringMatch,
    MentoringProfile,
    MentoringProgramme,
)
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import (
    actor,
    letters,
    mentee,
    mentor,
    open_match,
    person,
    planned,
    post_all,
    programme,
    proposed,
    run_jobs,
    runtime_on,
)

MENTOR, SECOND, MENTEE, STRANGER = (person(number) for number in range(4))
BEFORE = timedelta(days=10)
"""How long the mentee had waited."""


async def paired(sessions: Sessions, length_weeks: int | None = None) -> MentoringMatch:
    async with sessions.begin() as session:
        waiting = mentee(MENTEE, looking_since=NOW - BEFORE)
        await programme(session, mentor(MENTOR), mentor(SECOND), waiting)
        if length_weeks:
            session.add(MentoringProgramme(workspace_id=WORKSPACE, length_weeks=length_weeks))
        match = await proposed(session, MENTOR, MENTEE)
        await proposals.accept(session, actor(MENTOR), match.id, NOW)
        await proposals.confirm(session, actor(MENTEE), match.id, NOW)
        await post_all(session)
        return match


async def kinds(sessions: Sessions, recipient: str) -> list[str]:
    async with sessions.begin() as session:
        return [kind for kind, _ in await letters(session, recipient)]


async def news(sessions: Sessions, recipient: str) -> list[str]:
    async with sessions.begin() as session:
        return [
            detail["news"] for _, detail in await letters(session, recipient) if "news" in detail
        ]


async def reread(sessions: Sessions, match: MentoringMatch) -> MentoringMatch:
    async with sessions.begin() as session:
        return await session.get_one(MentoringMatch, (WORKSPACE, match.id))


async def weeks_on(runtime: Runtime, *weeks: float) -> datetime:
    moment = NOW
    for number in weeks:
        moment = NOW + timedelta(weeks=number)
        await run_jobs(runtime, moment)
    return moment


async def test_three_silences_ask_both_and_a_fourth_ends_it(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        await weeks_on(runtime, 0, 2, 3.5, 4, 6)
        for someone in (MENTOR, MENTEE):
            assert "mentor_silence" not in await kinds(sessions, someone)
        await weeks_on(runtime, 8)
        for someone in (MENTOR, MENTEE):
            written = await kinds(sessions, someone)
            assert written.count("mentor_nudge") == 3
            assert written.count("mentor_silence") == 1
        await weeks_on(runtime, 10)
    ended = await reread(sessions, match)
    assert (ended.status, ended.close_reason) == ("ended", "silence")
    assert await news(sessions, MENTOR) == await news(sessions, MENTEE) == ["silence"]


async def test_one_answer_shows_that_a_silent_pair_is_alive(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2, 4, 6, 8)
        async with sessions.begin() as session:
            await pairs.go_on(session, actor(MENTEE), match.id, now)
        await weeks_on(runtime, 10)
        alive = await reread(sessions, match)
        assert alive.status == "active"
        assert alive.silences == 0, "the nudge before the answer counts no more"
        assert (await kinds(sessions, MENTEE)).count("mentor_nudge") == 4


async def test_a_pair_that_is_alive_is_asked_again_after_three_more_silences(
    sessions: Sessions,
) -> None:
    match = await paired(sessions, length_weeks=26)
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2, 3.5, 4, 6, 8)
        async with sessions.begin() as session:
            await pairs.go_on(session, actor(MENTEE), match.id, now)
        await weeks_on(runtime, 10, 12, 14)
        assert (await kinds(sessions, MENTEE)).count("mentor_silence") == 1
        await weeks_on(runtime, 16)
        assert (await kinds(sessions, MENTEE)).count("mentor_silence") == 2
        assert (await reread(sessions, match)).status == "active"


async def test_whoever_says_how_it_fits_is_not_told_that_nothing_was_heard(
    sessions: Sessions,
) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        await weeks_on(runtime, 0, 2, 3.5, 4)
        async with sessions.begin() as session:
            await pairs.rate(session, actor(MENTOR), match.id, About.FIT, 0, 4)
        await weeks_on(runtime, 6, 8)
    assert (await reread(sessions, match)).silences == 1
    assert "mentor_silence" not in await kinds(sessions, MENTEE)


async def test_while_one_is_paused_a_pair_is_asked_nothing(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        await weeks_on(runtime, 0, 2)
        async with sessions.begin() as session:
            await pause(session, MENTOR, NOW + timedelta(weeks=7))
        await weeks_on(runtime, 3.5, 4, 5, 6, 6.9)
        for someone in (MENTOR, MENTEE):
            assert await kinds(sessions, someone) == asked_by(someone, "mentor_nudge")
        await weeks_on(runtime, 7)
        for someone in (MENTOR, MENTEE):
            written = asked_by(someone, "mentor_nudge", "mentor_fit")
            assert await kinds(sessions, someone) == written
        await weeks_on(runtime, 8)
        assert (await kinds(sessions, MENTEE)).count("mentor_nudge") == 2
    assert (await reread(sessions, match)).silences == 0, "a pause is no silence"


async def test_a_pair_that_ends_in_a_pause_asks_how_it_was_after_it(sessions: Sessions) -> None:
    match = await paired(sessions)
    assert match.ends_at
    back = match.ends_at + timedelta(days=7)
    async with sessions.begin() as session:
        await pause(session, MENTEE, back)
    async with runtime_on(sessions) as runtime:
        await weeks_on(runtime, 0, 2, 4, 12)
    assert (await reread(sessions, match)).status == "completed"
    async with sessions.begin() as session:
        due = {
            letter.recipient: letter.due_at
            for letter in await session.scalars(
                select(Delivery).where(Delivery.kind == "mentor_closing")
            )
        }
    assert due[MENTOR] == match.ends_at
    assert due[MENTEE] == back.replace(hour=8), "9:00 in Berlin"


def asked_by(someone: str, *of_the_pair: str) -> list[str]:
    """Return what a mentor or mentee is written in all, up to what both are."""
    first = "mentor_proposal" if someone == MENTOR else "mentor_confirm"
    return [first, "mentor_intro", *of_the_pair]


async def pause(session: AsyncSession, who: str, until: datetime) -> None:
    await profiles.pause(session, WORKSPACE, who, until.date())


async def test_either_of_a_silent_pair_ends_it_and_the_other_is_told(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with sessions.begin() as session:
        for _ in range(2):
            seen = await pairs.end(session, actor(MENTOR), match.id, NOW)
            assert seen.status == "ended"
    assert await news(sessions, MENTEE) == ["ended"]
    assert await news(sessions, MENTOR) == []


@pytest.mark.parametrize("wishes", [MENTOR, MENTEE])
async def test_a_pair_that_does_not_fit_parts_through_nobodys_fault(
    sessions: Sessions, wishes: str
) -> None:
    match = await paired(sessions)
    other = MENTEE if wishes == MENTOR else MENTOR
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2, 3.5)
        assert "mentor_fit" in await kinds(sessions, wishes)
        async with sessions.begin() as session:
            await pairs.rate(session, actor(wishes), match.id, About.FIT, 0, 1)
            await pairs.rematch(session, actor(wishes), match.id, now)
        await run_jobs(runtime, now)
    assert await news(sessions, other) == ["refit"]
    assert await news(sessions, wishes) == []
    async with sessions.begin() as session:
        found = await open_match(session, MENTEE)
        assert found.mentor_id == SECOND
        profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
        assert profile.first_in_line
        assert profile.looking_since == now - BEFORE, "weeks with a mentor are no waiting"
        told = await profiles.standing(session, actor(MENTEE), now)
        assert told.looking_since == now
        assert told.new_on_list


async def test_strangers_can_do_nothing_to_a_pair(session: AsyncSession) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE))
    match = await proposed(session, MENTOR, MENTEE)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    await proposals.confirm(session, actor(MENTEE), match.id, NOW)
    me = actor(STRANGER)
    with pytest.raises(MatchPressRefusedError, match=pairs.NOT_YOUR_PAIR):
        await pairs.rate(session, me, match.id, About.FIT, 0, 1)
    with pytest.raises(MatchPressRefusedError, match=pairs.NOT_YOUR_PAIR):
        await pairs.answer_meeting(session, me, match.id, 1, Met.YES, NOW)
    for use in (pairs.rematch, pairs.go_on, pairs.end):
        with pytest.raises(MatchPressRefusedError, match=pairs.NOT_YOUR_PAIR):
            await use(session, me, match.id, NOW)
    assert match.status == "active"


async def test_nothing_can_be_pressed_in_a_pair_that_is_completed(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2, 4, 12)
    async with sessions.begin() as session:
        for use in (pairs.rematch, pairs.go_on, pairs.end):
            with pytest.raises(MatchOverError, match=pairs.PAIR_OVER):
                await use(session, actor(MENTEE), match.id, now)
        with pytest.raises(MatchOverError, match=pairs.PAIR_OVER):
            await pairs.answer_meeting(session, actor(MENTEE), match.id, 1, Met.YES, now)


async def test_a_rating_is_replaced_by_a_later_one(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with sessions.begin() as session:
        for rating in (1, 4):
            await pairs.rate(session, actor(MENTEE), match.id, About.FIT, 0, rating)
        stored = (await session.scalars(select(MentoringFeedback))).one()
        assert stored.rating == 4
        with pytest.raises(ValueError, match="1 to 4"):
            await pairs.rate(session, actor(MENTEE), match.id, About.FIT, 0, 5)


async def test_an_answer_to_a_meeting_can_be_changed(sessions: Sessions) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2)
    async with sessions.begin() as session:
        for someone, met in ((MENTEE, Met.NOT_YET), (MENTOR, Met.YES)):
            seen = await pairs.answer_meeting(session, actor(someone), match.id, 1, met, now)
            assert seen.outcome is met
        with pytest.raises(MatchPressRefusedError, match=pairs.NOT_YOUR_PAIR):
            await pairs.answer_meeting(session, actor(MENTEE), match.id, 7, Met.YES, now)


async def test_an_answer_of_a_pair_that_has_ended_stays_and_is_not_changed(
    sessions: Sessions,
) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2)
    async with sessions.begin() as session:
        await pairs.answer_meeting(session, actor(MENTOR), match.id, 1, Met.NOT_YET, now)
        await pairs.end(session, actor(MENTOR), match.id, now)
        again = await pairs.answer_meeting(session, actor(MENTEE), match.id, 1, Met.NOT_YET, now)
        assert again.outcome is Met.NOT_YET
        with pytest.raises(MatchOverError, match=pairs.PAIR_OVER):
            await pairs.answer_meeting(session, actor(MENTEE), match.id, 1, Met.YES, now)


async def leaves_company(session: AsyncSession, who: str) -> None:
    gone = update(Employee).where(Employee.id == who).values(active=False)
    await session.execute(gone)


async def is_erased(session: AsyncSession, who: str) -> None:
    await session.delete(await session.get_one(MentoringProfile, (WORKSPACE, who)))
    await session.flush()
    await session.delete(await session.get_one(Employee, (WORKSPACE, who)))


async def leaves_programme(session: AsyncSession, who: str) -> None:
    assert await profiles.leave(session, actor(who))


@pytest.mark.parametrize("leaves", [leaves_company, leaves_programme, is_erased])
async def test_when_a_mentor_leaves_the_mentee_is_told_and_first_in_line(
    sessions: Sessions, leaves: Any
) -> None:
    match = await paired(sessions)
    async with sessions.begin() as session:
        await leaves(session, MENTOR)
    later = NOW + timedelta(weeks=1)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, later)
    assert (await reread(sessions, match)).status == "ended"
    assert await news(sessions, MENTEE) == ["mentor left"]
    async with sessions.begin() as session:
        assert (await open_match(session, MENTEE)).mentor_id == SECOND
        profile = await session.get_one(MentoringProfile, (WORKSPACE, MENTEE))
        assert profile.first_in_line
        assert profile.looking_since == later - BEFORE


async def test_when_a_mentee_leaves_the_mentor_is_told_and_free(sessions: Sessions) -> None:
    await paired(sessions)
    other = person(5)
    async with sessions.begin() as session:
        await leaves_company(session, MENTEE)
        await leaves_programme(session, SECOND)
        session.add(mentee(other))
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
    assert await news(sessions, MENTOR) == ["other left"]
    async with sessions.begin() as session:
        assert (await proposed(session, MENTOR, other)).mentor_id == MENTOR


async def test_a_mentee_who_stops_looking_takes_the_question_from_the_mentor(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await programme(session, mentor(MENTOR), mentor(SECOND), mentee(MENTEE))
        match = await proposed(session, MENTOR, MENTEE)
        await profiles.save(session, actor(MENTEE), profiles.Profile(offers=("Go",)), NOW)
    async with runtime_on(sessions) as runtime:
        await run_jobs(runtime, NOW)
    assert (await reread(sessions, match)).status == "ended"
    assert await news(sessions, MENTOR) == ["no longer looking"]
    assert await kinds(sessions, SECOND) == []


def test_the_agenda_fits_the_stage() -> None:
    stages = [stage_of(number, 3).value for number in range(1, 4)]
    assert stages == ["goals", "feedback", "close"]
    assert stage_of(1, 1) is Stage.CLOSE


@pytest.mark.parametrize("ends", ["agreed", "completed"])
async def test_when_a_pair_is_over_saving_puts_the_mentee_on_the_list_again(
    sessions: Sessions, ends: str
) -> None:
    match = await paired(sessions)
    async with runtime_on(sessions) as runtime:
        now = await weeks_on(runtime, 0, 2)
        if ends == "agreed":
            async with sessions.begin() as session:
                await pairs.end(session, actor(MENTOR), match.id, now)
        else:
            now = await weeks_on(runtime, 4, 12)
    async with sessions.begin() as session:
        over = await profiles.standing(session, actor(MENTEE), now)
        assert (over.looking_since, over.past_mentor_id) == (None, MENTOR)
        later = now + timedelta(days=3)
        again = await profiles.save(session, actor(MENTEE), over.profile, later)
        assert (again.looking_since, again.past_mentor_id) == (later, None)


async def test_nudges_in_a_group_keep_to_days_and_hours_of_both(sessions: Sessions) -> None:
    match = await paired(sessions)
    christmas = datetime(2026, 12, 25, 22, 40, tzinfo=UTC)
    async with sessions.begin() as session:
        row = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
        row.channel, row.introduced, row.due_at = "G0PAIR", True, christmas
        row.fit_asked = True
        await session.flush()
        assert await pairs.advance(session, WORKSPACE, match.id, christmas)
        nudge = (
            await session.scalars(select(Delivery).where(Delivery.kind == "mentor_nudge"))
        ).one()
        assert nudge.recipient == "G0PAIR"
        assert await planned(session, christmas) == {
            nudge.id: datetime(2026, 12, 28, 8, tzinfo=UTC)
        }
