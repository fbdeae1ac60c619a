"""Ending a survey early shows no figures of a few."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.insights import service as insights
from bot.outbox.states import drop_due_of_wave
from bot.pulse import service as pulse
from bot.pulse.sealing import seal, waves_to_close
from bot.surveys import service
from bot.surveys.pure.closing import Asking, earliest_close, least_answers, may_publish
from bot.surveys.sending_progress import asking_of
from models import Delivery, Figure, Wave
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, employee
from tests.insights.waves import publish
from tests.pulse.opening import open_wave
from tests.pulse.waves import OpenWave, actor, open_for, opened_wave, store_survey
from tests.surveys.making import MAYA

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIRST_ZONE = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
"""Ten o'clock on 3 November in Kiritimati, thirteen hours before Berlin's."""


@pytest.mark.parametrize(
    ("asking", "expected"),
    [
        (Asking(), NOW),
        (Asking(NOW), NOW + DAY),
        (Asking(NOW - DAY), NOW),
        (Asking(NOW - 20 * HOUR), NOW + 4 * HOUR),
        (Asking(NOW - 3 * DAY, NOW + HOUR), NOW + HOUR + DAY),
        (Asking(NOW - 3 * DAY, NOW - HOUR), NOW + DAY),
    ],
)
def test_everybody_has_a_day_from_when_they_are_asked(asking: Asking, expected: datetime) -> None:
    assert earliest_close(asking, NOW) == expected


@given(st.integers(4, 20), st.integers(1, 100_000), st.integers(0, 100_000))
def test_an_early_end_needs_2k_answers_and_three_tenths_of_those_invited(
    k: int, invited: int, responded: int
) -> None:
    early = may_publish(responded=responded, invited=invited, k=k, ended_early=True)
    assert early == (responded >= 2 * k and 10 * responded >= 3 * invited)
    assert may_publish(responded=responded, invited=invited, k=k, ended_early=False)
    assert may_publish(responded=responded, invited=invited, k=k, ended_early=True, anonymous=False)
    assert least_answers(k, invited, ended_early=False) == k


async def set_sent(session: AsyncSession, wave_id: str, at: datetime | None = None) -> None:
    """Let each question of a wave that is due by `at` be posted when it is due."""
    found = await session.scalars(
        select(Delivery).where(Delivery.wave_id == wave_id, Delivery.kind == "question")
    )
    for delivery in found:
        if at is None or delivery.due_at <= at:
            delivery.status, delivery.ts = "sent", f"{delivery.due_at.timestamp():.6f}"
    await session.flush()


async def press(session: AsyncSession, wave: OpenWave, people: list[str], *values: int) -> None:
    for person, value in zip(people, values, strict=True):
        await pulse.answer(session, actor(person), wave.press(person, value=value))
    await session.flush()


async def opened_over_zones(session: AsyncSession) -> tuple[OpenWave, list[str]]:
    """Open a wave of 46 people, five of whom are asked thirteen hours before the others."""
    await company(session, {"Design": 40})
    early = [f"UEARLY{number}" for number in range(5)]
    session.add_all(employee(id_, tz="Pacific/Kiritimati") for id_ in early)
    await session.flush()
    made = await store_survey(session, next_open_at=FIRST_ZONE, ask_at=time(10), open_hours=72)
    opened = await open_wave(session, WORKSPACE, made.id, None, FIRST_ZONE)
    assert opened
    wave = await session.scalar(select(Wave))
    assert wave
    assert wave.key
    assert wave.press_key
    return OpenWave(wave.id, wave.key, wave.press_key, ()), early


async def test_four_accomplices_asked_first_do_not_learn_a_fifths_answer(
    session: AsyncSession,
) -> None:
    wave, early = await opened_over_zones(session)
    await set_sent(session, wave.id, FIRST_ZONE)
    await press(session, wave, early, 1, 1, 5, 5, 2)

    now = FIRST_ZONE + HOUR
    (running,) = await insights.running_waves(session, WORKSPACE)
    assert running.at_least is None
    survey_id = (await session.get_one(Wave, (WORKSPACE, wave.id))).survey_id
    changed = await service.end(session, MAYA, survey_id, now)
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    assert row.ended_early_at == now
    assert row.closes_at == NOW + DAY, "a day after the last zone is asked"
    ending = changed.survey.ending
    assert ending
    assert (ending.at_once, ending.needed, ending.invited) == (False, 14, 46)

    await set_sent(session, wave.id)
    assert await waves_to_close(session, NOW + DAY - HOUR) == []
    assert await waves_to_close(session, NOW + DAY) == [(WORKSPACE, wave.id)]
    await seal(session, WORKSPACE, wave.id, NOW + DAY)
    await publish(session, WORKSPACE, wave.id, NOW + DAY)
    await session.flush()
    assert not list(await session.scalars(select(Figure)))
    results = await insights.wave_results(session, WORKSPACE, wave.id)
    assert results
    assert (results.answered, results.ended_early, results.needed) == (None, True, 14)


@pytest.mark.parametrize(("answers", "shown"), [(13, False), (14, True)])
async def test_an_early_end_with_enough_answers_shows_figures(
    session: AsyncSession, answers: int, shown: bool
) -> None:
    wave = await opened_wave(session, {"Design": 45})
    await set_sent(session, wave.id)
    await press(
        session, wave, list(wave.people[-answers:]), *[1, 5] * 7 if shown else [1, 5] * 6 + [3]
    )
    survey_id = (await session.get_one(Wave, (WORKSPACE, wave.id))).survey_id
    later = NOW + 30 * HOUR
    changed = await service.end(session, MAYA, survey_id, later)
    assert changed.survey.ending
    assert changed.survey.ending.at_once
    assert await waves_to_close(session, later) == [(WORKSPACE, wave.id)]
    await seal(session, WORKSPACE, wave.id, later)
    await publish(session, WORKSPACE, wave.id, later)
    await session.flush()
    assert bool(list(await session.scalars(select(Figure)))) == shown


async def test_ending_a_named_survey_says_when_it_closes_now(session: AsyncSession) -> None:
    wave = await opened_wave(session, {"Design": 45})
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    row.anonymous = False
    await set_sent(session, wave.id)
    changed = await service.end(session, MAYA, row.survey_id, NOW + HOUR)
    assert row.ended_early_at
    assert changed.survey.ending
    assert (changed.survey.ending.at_once, changed.survey.ending.needed) == (False, None)


async def test_ending_does_not_shorten_a_wave_whose_people_had_no_day(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session, open_hours=24)
    await set_sent(session, wave.id)
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    changed = await service.end(session, MAYA, row.survey_id, NOW + HOUR)
    assert (row.ended_early_at, row.closes_at) == (None, NOW + DAY)
    assert changed.survey.ending
    assert not changed.survey.ending.is_early
    assert changed.survey.ending.needed is None


async def test_people_who_wait_for_their_question_still_get_it_and_a_day(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session)
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    # The sender is late: questions that were due yesterday have not gone out.
    await service.end(session, MAYA, row.survey_id, NOW + 30 * HOUR)
    assert row.closes_at == NOW + 54 * HOUR
    statuses = await session.scalars(select(Delivery.status).where(Delivery.kind == "question"))
    assert set(statuses) == {"waiting"}


async def test_a_wave_whose_messages_went_out_late_stays_open_for_a_day(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session, open_hours=24)
    await set_sent(session, wave.id)
    late = await session.scalar(select(Delivery).where(Delivery.kind == "question").limit(1))
    assert late
    late.ts = f"{(NOW + 20 * HOUR).timestamp():.6f}"
    await session.flush()
    asking = await asking_of(session, WORKSPACE, [wave.id], NOW + DAY)
    assert asking[wave.id] == Asking(NOW + 20 * HOUR)
    assert await waves_to_close(session, NOW + DAY) == []
    row = await session.get_one(Wave, (WORKSPACE, wave.id), populate_existing=True)
    assert (row.closes_at, row.ended_early_at) == (NOW + 44 * HOUR, None)
    assert await waves_to_close(session, NOW + 44 * HOUR) == [(WORKSPACE, wave.id)]


async def test_a_message_that_cannot_be_sent_holds_nothing_up(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    await set_sent(session, wave.id)
    failed = await session.scalar(select(Delivery).where(Delivery.kind == "question").limit(1))
    assert failed
    failed.status, failed.ts = "failed", None
    await session.flush()
    (running,) = await insights.running_waves(session, WORKSPACE)
    assert running.at_least == 0
    asking = await asking_of(session, WORKSPACE, [wave.id], NOW + DAY)
    assert earliest_close(asking[wave.id], NOW + DAY) == NOW + DAY


async def test_ending_twice_ends_once(session: AsyncSession) -> None:
    await company(session, {"Design": 9})
    made = await store_survey(session, next_on=date(2026, 11, 3))
    wave = await open_for(session, made)
    await set_sent(session, wave.id)
    for hours, unchanged in ((1, False), (2, True)):
        ended = await service.end(session, MAYA, made.id, NOW + hours * HOUR)
        assert ended.unchanged == unchanged
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    assert (row.ended_early_at, row.closes_at) == (NOW + HOUR, NOW + DAY)
    # Its wave is still open, but that is no reason to offer to end it.
    with pytest.raises(UserError, match=re.escape(service.HAS_ENDED)):
        await service.pause(session, MAYA, made.id, NOW + 3 * HOUR)


@pytest.mark.parametrize("is_early", [False, True])
async def test_who_was_away_or_at_their_limit_counts_as_not_asked(
    session: AsyncSession, *, is_early: bool
) -> None:
    wave = await opened_wave(session)
    await set_sent(session, wave.id)
    held = await session.scalars(
        select(Delivery).where(Delivery.kind == "question").order_by(Delivery.recipient).limit(3)
    )
    for delivery, reason in zip(held, ("away", "at limit", None), strict=True):
        delivery.status, delivery.ts, delivery.reason = "waiting", None, reason
    row = await session.get_one(Wave, (WORKSPACE, wave.id))
    await session.flush()
    if is_early:
        later = NOW + 60 * HOUR
        await drop_due_of_wave(session, WORKSPACE, wave.id)
    else:
        later = row.closes_at
    assert await seal(session, WORKSPACE, wave.id, later)
    assert row.asked == row.invited - 2
