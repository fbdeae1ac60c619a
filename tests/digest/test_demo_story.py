"""What HR is told of the demo's company, and whether what it did helped, with several draws."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from statistics import fmean

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.digest import alerts, service
from bot.digest.blocks import digest_message
from bot.digest.messages import compose_alert
from bot.digest.pure.posting_time import Rhythm
from bot.insights.history import earlier_figures
from bot.insights.news import Headline
from bot.insights.publishing import PublicationInput, compute_publication, store_publication
from bot.insights.pure.change import BEFORE
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.sealed_wave import SealedWave
from bot.outbox.kinds import Composing
from bot.people.names import known_names
from bot.products.decisions.service import Decision, decide
from bot.products.effects.pure.effect import Effect, find_effect
from bot.products.effects.service import NewEffect, due_effects, plan_effect, read_effect
from bot.products.items.pure.states import State
from bot.products.items.service import Written, propose, take_up
from bot.surveys.pure.bank import load_bank
from models import Delivery, ProductItem, Survey, Wave
from sandbox.demo.acts import LOOK, PROBLEM, TAKEN_UP, WE_WILL
from sandbox.demo.company import SUPPORT, brightwater
from sandbox.demo.moods import BUDDIES, HELP, HISTORY_WEEKS, REORGANISATION, Moods, Occasion
from sandbox.demo.setup import WEEKLY_QUESTIONS
from tests.factories import ADMIN, WORKSPACE, company, question, survey
from tests.insights.demo_story import BEGAN, K, sealed_settling_in, sealed_weekly

MAYA = Actor(WORKSPACE, ADMIN)
CHANNEL = "C0PEOPLE"
SEEDS = (11, 12)
WITHIN = 3
"""Weeks in which Support is named."""


@dataclass(frozen=True)
class Told:
    """One thing that HR was told, and in which week of the story, counted from 1."""

    week: int
    survey_name: str
    headline: Headline


async def told_in(session: AsyncSession, seed: int) -> list[Told]:
    """Publish the demo's waves in their order; return what alerts told, as the scheduler does."""
    await company(session, {})
    await alerts.set_channel(session, MAYA, CHANNEL, BEGAN)
    await service.subscribe(session, MAYA, CHANNEL, Rhythm(0, time(9)), BEGAN)
    surveys = {"Weekly pulse": sealed_weekly(seed), "Settling in": sealed_settling_in(seed)}
    waves: list[tuple[datetime, Survey, SealedWave]] = []
    for name, sealed in surveys.items():
        dated = list(sealed)
        asked = [
            question(each.position, driver=each.driver, scale=str(each.scale))
            for each in dated[0][1].questions
        ]
        pulse = survey(*asked, name=name, status="ended", next_open_at=None, next_on=None)
        session.add(pulse)
        await session.flush()
        waves += [(datetime.combine(on, time(12), UTC), pulse, wave) for on, wave in dated]
    told: list[Told] = []
    decides_at: datetime | None = BEGAN + timedelta(weeks=TAKEN_UP - 1, days=3)
    for at, pulse, wave in sorted(waves, key=lambda each: each[0]):
        if decides_at and at > decides_at:
            await hr_acts(session, decides_at)
            decides_at = None
        await publish(session, pulse, wave, at)
        told += await alerted(session, pulse, at)
    return told


async def publish(session: AsyncSession, pulse: Survey, sealed: SealedWave, at: datetime) -> None:
    stored = Wave(
        workspace_id=WORKSPACE,
        survey_id=pulse.id,
        held_on=at.date(),
        opened_at=at,
        closes_at=at,
        sealed_at=at,
        status="sealed",
        anonymous=True,
        min_group_size=K,
        invited=sum(sealed.invited.values()),
    )
    session.add(stored)
    await session.flush()
    publication = compute_publication(
        PublicationInput(
            WORKSPACE,
            stored.id,
            sealed,
            await known_names(session, WORKSPACE),
            may_publish=True,
            about=WaveFigures(at.date(), K, ()),
            earlier=await earlier_figures(session, stored),
        )
    )
    assert await store_publication(session, publication, at)
    await alerts.enqueue_alert(session, WORKSPACE, stored.id, at)
    await propose(session, WORKSPACE, stored.id, at)


async def hr_acts(session: AsyncSession, now: datetime) -> None:
    """Take up what was first proposed about Support, decide, and say what should change."""
    about_support = select(ProductItem).where(ProductItem.segment_ref == SUPPORT)
    item = (await session.scalars(about_support.order_by(ProductItem.created_at))).first()
    assert item
    assert item.product_id
    at = MAYA, item.id
    written = Written(PROBLEM, item.product_id, None)
    await take_up(session, *at, item.version, written, now)
    await decide(session, *at, item.version, Decision(State.DOING, WE_WILL), now)
    outcome = NewEffect("driver:workload", (SUPPORT,), 1, (BEGAN + LOOK).date())
    await plan_effect(session, *at, outcome, now)


async def effect_on_support(session: AsyncSession) -> Effect:
    """Return what published figures say on the day on which Maya looks."""
    ((_, item_id),) = await due_effects(session, BEGAN + LOOK)
    source = await read_effect(session, WORKSPACE, item_id)
    assert source
    effect = find_effect(source.waves, source.question)
    assert effect
    return effect


async def alerted(session: AsyncSession, pulse: Survey, at: datetime) -> list[Told]:
    """Compose and record the alerts that are due; return what they told."""
    told = []
    due = select(Delivery).where(Delivery.kind == alerts.KIND, Delivery.status == "due")
    for delivery in (await session.scalars(due)).all():
        alert = await alerts.alert_of(session, delivery, at)
        delivery.status = "sent"
        if await compose_alert(session, delivery, Composing(at, None)) and alert:
            await alerts.mark_told(session, [delivery], at)
            week = (at - BEGAN) // timedelta(weeks=1) + 1
            told += [Told(week, pulse.name, each) for each in alert.headlines]
    return told


def is_true(told: Told) -> bool:
    """Return True if what was told is so in the people that the demo simulates."""
    statement = told.headline.found.statement
    group = statement.cell.segment_ref
    if told.survey_name == "Settling in":
        return statement.finding is Finding.RISE and told.week >= BUDDIES
    if statement.finding is Finding.PARTICIPATION:
        return False
    difference = _mood(group, told.week) - _mood("", told.week)
    if statement.finding in (Finding.FALL, Finding.RISE):
        newest = min(statement.weeks, 3)
        earlier = max(BEFORE, statement.weeks - newest)
        difference = fmean(_mood(group, told.week - back) for back in range(newest)) - fmean(
            _mood(group, told.week - newest - back) for back in range(earlier)
        )
    return difference * statement.difference > 0 and abs(difference) > _NOTICEABLE


_NOTICEABLE = 0.2
"""Points from 1 to 5 that people would notice."""


def _mood(group: str, week: int) -> float:
    """Return the mean mood of a team, department, place or everybody, on the answers' scale."""
    moods, now = Moods(BEGAN), _week(week)
    people = [
        each
        for each in brightwater(BEGAN.date()).people
        if group in ("", each.team.name, each.team.department, each.place.name)
    ]
    return fmean(each.team.mood + moods.strain(each, now) for each in people)


def _week(week: int) -> datetime:
    return BEGAN + timedelta(weeks=week - 1, days=1)


def _true_effect() -> float:
    """Return how much better Support's people would answer about workload, less all others."""
    question = load_bank().get(WEEKLY_QUESTIONS[0]).wording
    moods = Moods(BEGAN)

    def score(is_support: bool, week: int) -> float:
        return 2.5 * fmean(
            Occasion(moods, each, number, seed=1).choose(question, 5, _week(week))
            for each in brightwater(BEGAN.date()).people
            if (each.team.name == SUPPORT) is is_support
            for number in range(10)
        )

    here, elsewhere = (
        score(is_support, HELP + 1) - score(is_support, HELP - 1) for is_support in (True, False)
    )
    return here - elsewhere


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_hr_is_told_is_so_and_what_it_did_helps(
    session: AsyncSession, seed: int
) -> None:
    told = await told_in(session, seed)

    falls = [each for each in told if each.headline.found.statement.finding is Finding.FALL]
    rises = [each for each in told if each.headline.found.statement.finding is Finding.RISE]
    assert min(each.week for each in falls) < REORGANISATION + WITHIN
    assert min(each.week for each in rises) < BUDDIES + 6
    assert [each for each in told if not is_true(each)] == []
    cells = Counter((each.headline.found.statement.cell, each.week) for each in told)
    assert set(cells.values()) == {1}

    last = BEGAN + timedelta(weeks=HISTORY_WEEKS)
    digest = await service.digest_of(session, WORKSPACE, CHANNEL, last)
    first, *_ = digest.news
    assert first.headlines[0].found.statement.cell.segment_ref == SUPPORT
    assert digest_message(digest).text.startswith(f"Pulse digest: {SUPPORT}'s ")

    effect = await effect_on_support(session)
    assert effect.is_detectable
    assert effect.is_compared
    assert effect.low < _true_effect() < effect.high
