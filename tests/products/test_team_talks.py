"""Help for managers: how often, from which figures, and what opening means."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import OutdatedError, UserError
from bot.products.team_talks.pure.frequency import BETWEEN, TalksSent
from bot.products.team_talks.pure.signs import Measured, Sign, find_signs
from bot.products.team_talks.service import (
    KIND,
    Talk,
    mark_sent,
    no_more,
    offer,
    open_talk,
    talks_sent,
)
from bot.surveys.pure.team_talks import GENERAL, source, talk_about
from bot.surveys.pure.wellbeing import CAUSES
from models import AuditEntry, Delivery, Employee, Survey, Workspace
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, employee
from tests.insights.waves import Response, publish, sealed_wave
from tests.products.stories import wellbeing

LEAD, OTHER_LEAD = "U0LEAD", "U0OTHER"
MANAGER = Actor(WORKSPACE, LEAD)
WEEK = timedelta(weeks=1)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DOES = st.sampled_from(["send", "send", "open", "stop"])


@settings(max_examples=50)
@given(st.lists(st.tuples(DOES, st.integers(0, 20)), max_size=40))
def test_at_most_one_in_two_weeks_and_none_after_two_unopened(
    story: list[tuple[str, int]],
) -> None:
    known, now, stopped = TalksSent(), START, False
    sent: list[datetime] = []
    opened: list[datetime] = []
    for does, days in story:
        now += timedelta(days=days)
        if does == "send" and known.may_send(now):
            assert not stopped
            sent.append(now)
            known = known.after_sending(now)
        if does == "open" and sent:
            opened.append(now)
            known = known.after_opening()
        if does == "stop":
            stopped = True
            known = TalksSent(False, known.unopened, known.last_at)
    assert all(after - before >= BETWEEN for before, after in pairwise(sent))
    for first, _, third in zip(sent, sent[1:], sent[2:], strict=False):
        assert any(first <= each <= third for each in opened)


def test_an_opened_one_lets_further_ones_come() -> None:
    known = TalksSent()
    for week in range(0, 20, 2):
        moment = START + week * WEEK
        assert known.may_send(moment) is (week < 4), week
        if known.may_send(moment):
            assert known.is_last is (week == 2)
            known = known.after_sending(moment)
    assert known.after_opening().may_send(moment)


def test_every_cause_has_three_questions_and_something_to_try() -> None:
    talks = [talk_about(cause) for cause in (*CAUSES, GENERAL)]
    assert len({each.questions for each in talks}) == 7
    assert talk_about("something else").cause == GENERAL
    assert "Talking Toolkit" in source()


def strain(team: str, value: float, error: float = 0.05, **rest: float) -> Measured:
    return Measured("strain", "0", team, value, error, value - 0.1, value + 0.1, **rest)


def cause(team: str, value: float, error: float = 0.03, **rest: float) -> Measured:
    return Measured("driver", "role", team, value, error, value - 0.06, value + 0.06, **rest)


@pytest.mark.parametrize(
    ("figures", "sign"),
    [
        ([strain("", 0.3), strain("Support", 0.35)], None),
        ([strain("", 0.3), strain("Support", 0.15, change=-0.3, margin=0.2)], None),
        ([strain("", 0.3), strain("Support", 0.35, change=0.3, margin=0.2)], Sign.STRAIN_UP),
        ([strain("", 0.2), strain("Support", 0.55)], Sign.STRAIN_HIGH),
        ([strain("", 0.65), strain("Support", 0.65)], Sign.STRAIN_HIGH),
        ([cause("", 0.7), cause("Support", 0.66)], None),
        ([cause("", 0.7), cause("Support", 0.9, change=0.3, margin=0.2)], None),
        ([cause("", 0.7), cause("Support", 0.6, change=-0.3, margin=0.2)], Sign.CAUSE_DOWN),
        ([cause("", 0.7), cause("Support", 0.5)], Sign.CAUSE_LOW),
        ([cause("", 0.4), cause("Support", 0.4)], Sign.CAUSE_LOW),
        ([cause("", 0.7), cause("Support", 0.2), strain("Support", 0.7)], Sign.STRAIN_HIGH),
    ],
)
def test_what_counts_as_strain(figures: list[Measured], sign: Sign | None) -> None:
    found = find_signs(figures)
    assert (found["Support"].sign if found else None) is sign


CALM: list[Response] = [{0: number % 2, 1: 4} for number in range(30)]
STRAINED: list[Response] = [{0: 3, 1: 2} for _ in range(30)]


async def published(session: AsyncSession, *, allowed: bool = True) -> str:
    """Publish a wave in which Support shows strain; LEAD leads it, OTHER_LEAD leads Sales."""
    await company(session, {})
    made = wellbeing()
    leads = [employee(LEAD, team="Support"), employee(OTHER_LEAD, team="Sales")]
    session.add_all([made, *leads])
    await session.flush()
    wave = await sealed_wave(session, made, {"Support": STRAINED, "Sales": CALM, "Design": CALM})
    for team, lead in (("Support", LEAD), ("Sales", OTHER_LEAD)):
        theirs = (Employee.team == team, Employee.id != lead)
        await session.execute(update(Employee).where(*theirs).values(manager_id=lead))
    (await session.get_one(Workspace, WORKSPACE)).managers_see_team = allowed
    await publish(session, WORKSPACE, wave.id, NOW)
    return wave.id


async def talks(session: AsyncSession) -> list[Delivery]:
    return list(await session.scalars(select(Delivery).where(Delivery.kind == KIND)))


async def test_only_the_manager_of_a_strained_team_gets_help(session: AsyncSession) -> None:
    wave_id = await published(session)

    assert await offer(session, WORKSPACE, wave_id, NOW) == 1

    (delivery,) = await talks(session)
    assert delivery.recipient == LEAD
    assert Talk.of(delivery.detail) == Talk(wave_id, "Support", Sign.STRAIN_HIGH, "demands")
    assert await offer(session, WORKSPACE, wave_id, NOW) == 0, "one waits already"
    await mark_sent(session, [delivery], NOW)
    known = await talks_sent(session, MANAGER)
    assert (known.wanted, known.unopened, known.last_at) == (True, 1, NOW)


@pytest.mark.parametrize("why_not", ["not allowed", "off", "another survey"])
async def test_nobody_gets_help_who_may_not_see_or_does_not_want_it(
    session: AsyncSession, why_not: str
) -> None:
    wave_id = await published(session, allowed=why_not != "not allowed")
    if why_not == "off":
        await no_more(session, MANAGER)
    if why_not == "another survey":
        await session.execute(update(Survey).values(prepared=None))
    session.expire_all()

    assert await offer(session, WORKSPACE, wave_id, NOW) == 0
    assert await talks(session) == []


async def test_opening_is_a_look_that_goes_into_the_record(session: AsyncSession) -> None:
    wave_id = await published(session)
    talk = Talk(wave_id, "Support", Sign.STRAIN_UP, "role")
    await offer(session, WORKSPACE, wave_id, NOW)
    await mark_sent(session, await talks(session), NOW)

    with pytest.raises(UserError):
        await open_talk(session, Actor(WORKSPACE, OTHER_LEAD), talk, NOW)
    await open_talk(session, MANAGER, talk, NOW)

    assert (await talks_sent(session, MANAGER)).unopened == 0
    looks = await session.scalars(select(AuditEntry).where(AuditEntry.action == "figures.viewed"))
    (look,) = looks.all()
    assert (look.actor_id, look.subject, look.detail) == (LEAD, wave_id, {"as": "manager"})


@pytest.mark.parametrize("value", ["", "x", "[]", '{"sign": "no"}', '{"sign": "strain up"}'])
def test_a_malformed_button_is_refused(value: str) -> None:
    with pytest.raises(OutdatedError):
        Talk.decode(value)


def test_a_button_holds_its_talk() -> None:
    talk = Talk("1" * 32, "R&D „x“", Sign.CAUSE_LOW, "change")
    assert Talk.decode(talk.encode()) == talk
    assert talk.driver == "change"
