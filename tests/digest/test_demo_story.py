"""What HR is told of the demo's company, week after week, with several draws of its answers."""

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
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.sealed_wave import SealedWave
from bot.outbox.kinds import Composing
from bot.people.names import known_names
from models import Delivery, Survey, Wave
from sandbox.demo.company import SUPPORT, brightwater
from sandbox.demo.moods import BUDDIES, HISTORY_WEEKS, REORGANISATION, Moods
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
    for at, pulse, wave in sorted(waves, key=lambda each: each[0]):
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
    if statement.finding is Finding.FALL:
        return group == SUPPORT and told.week >= REORGANISATION
    if statement.finding is Finding.RISE:
        return told.survey_name == "Settling in" and told.week >= BUDDIES
    if statement.finding is Finding.PARTICIPATION or statement.cell.segment != "team":
        return False
    distance = _mood(group, told.week) - _mood("", told.week)
    return distance * statement.difference > 0 and abs(distance) > _NOTICEABLE


_NOTICEABLE = 0.2
"""Points from 1 to 5 by which a team's mood differs from the company's."""


def _mood(team: str, week: int) -> float:
    """Return the mean mood of a team, or of everybody, on the scale of the demo's answers."""
    moods, now = Moods(BEGAN), BEGAN + timedelta(weeks=week - 1, days=1)
    people = [each for each in brightwater(BEGAN.date()).people if team in ("", each.team.name)]
    return fmean(each.team.mood + moods.strain(each, now) for each in people)


@pytest.mark.parametrize("seed", SEEDS)
async def test_support_and_onboarding_are_named_in_time_and_nothing_that_is_not_so(
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
