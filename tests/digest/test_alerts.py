"""Alerts, through the real bot, the scheduler and the sandbox, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.digest.alert_blocks import alerts_set, alerts_state, refused_alert
from bot.digest.handlers import OBSTACLES
from bot.insights.ready import RESULTS_READY
from bot.people.roles import REFUSALS, Role
from bot.runtime import open_runtime
from bot.slack.channels import Obstacle
from models import AlertChannel, AuditEntry, Delivery, Survey, ToldAlert
from sandbox.demo.company import HR_CHANNEL, TEAM_ID, people
from sandbox.outcome import Outcome
from scheduler.insights import publish_waves
from scheduler.schedule import run_due
from tests.conftest import NOW
from tests.digest.test_digest_handlers import posts
from tests.factories import survey
from tests.insights.waves import Response, everyone, sealed_wave
from tests.journeys.stage import Stage, open_stage, text_of
from tests.unpaced import Unpaced

MAYA, ANALYST, *_ = (person.id for person in people())
CONTENT = everyone(*[4, 5] * 12)
WORN_OUT = everyone(*[1] * 20, 2, 2)
TEAMS: Mapping[str | None, Sequence[Response]] = {
    "Support": WORN_OUT,
    "Sales": CONTENT,
    "Engineering": CONTENT,
}
DAY, TODAY = timedelta(days=1), NOW.date()


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def alerts(stage: Stage, text: str, user: str = MAYA, channel: str = HR_CHANNEL) -> str:
    outcome: Outcome = await stage.sandbox.command(user, "/digest", f"alerts {text}", channel)
    await stage.settled()
    assert outcome.message, outcome.shown
    return text_of(outcome.message)


async def close_wave(stage: Stage, name: str = "Weekly pulse", on: date = TODAY) -> None:
    """Seal a wave in which Support is far below the others, if its survey is not there yet."""
    async with stage.runtime.sessions.begin() as session:
        pulse = await session.scalar(select(Survey).where(Survey.name == name))
        if pulse is None:
            nothing = {"status": "ended", "next_open_at": None, "next_on": None}
            pulse = survey(name=name, workspace_id=TEAM_ID, **nothing)
            session.add(pulse)
            await session.flush()
        await sealed_wave(session, pulse, TEAMS, held_on=on)


async def stored(stage: Stage, what: Any) -> list[Any]:
    async with stage.runtime.sessions.begin() as session:
        return list(await session.scalars(select(what)))


async def about_alerts(stage: Stage) -> list[Delivery]:
    """Return all messages except the news that results are ready."""
    found = await stored(stage, Delivery)
    return [each for each in found if each.detail.get("about") != RESULTS_READY]


async def test_hr_hears_at_once_and_once_a_week_about_the_same_thing(stage: Stage) -> None:
    assert await alerts(stage, "here") == alerts_set(None)
    assert "It gets alerts, too" in text_of(
        (await stage.sandbox.command(MAYA, "/digest", "", HR_CHANNEL)).message or {}
    )

    await close_wave(stage)
    for _ in range(3):
        await stage.at(NOW)
    (post,) = posts(stage)
    assert "Support's workload score is far below the company's" in text_of(post)

    await close_wave(stage, "Another survey")
    await stage.at(NOW + DAY)
    await close_wave(stage, on=TODAY + 6 * DAY)
    await stage.at(NOW + 6 * DAY)
    assert len(posts(stage)) == 1, "they say the same"

    await close_wave(stage, on=TODAY + 7 * DAY)
    await stage.at(NOW + 8 * DAY)
    assert len(posts(stage)) == 2
    assert [each.action for each in await stored(stage, AuditEntry)].count("alerts.set") == 1


async def test_two_surveys_that_close_together_say_it_once(stage: Stage) -> None:
    await alerts(stage, "here")
    await close_wave(stage)
    await close_wave(stage, "Another survey")

    await stage.at(NOW)

    assert len(posts(stage)) == 1
    assert sorted(each.status for each in await about_alerts(stage)) == ["dropped", "sent"]


async def test_two_schedulers_tell_it_once(stage: Stage) -> None:
    await alerts(stage, "here")
    await close_wave(stage)
    settings = stage.runtime.settings
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        other = replace(opened, pacing=Unpaced())
        await asyncio.gather(run_due(stage.runtime, NOW), run_due(other, NOW))
    await stage.at(NOW)

    assert len(posts(stage)) == 1
    assert len(await stored(stage, ToldAlert)) == 1


async def test_a_crash_after_publishing_loses_nothing(stage: Stage) -> None:
    await alerts(stage, "here")
    await close_wave(stage)

    assert await publish_waves(stage.runtime, NOW) == 1
    assert posts(stage) == []
    await stage.at(NOW)

    assert len(posts(stage)) == 1


async def test_a_crash_before_the_post_was_recorded_repeats_nothing(stage: Stage) -> None:
    await alerts(stage, "here")
    await close_wave(stage)
    await stage.at(NOW)
    async with stage.runtime.sessions.begin() as session:
        claimed = {"status": "claimed", "claimed_until": stage.runtime.wall_clock() - DAY}
        await session.execute(update(Delivery).where(Delivery.kind == "alert").values(claimed))

    await stage.at(NOW + timedelta(minutes=10))

    assert len(posts(stage)) == 1
    statuses = {each.kind: each.status for each in await about_alerts(stage)}
    assert statuses == {"alert": "failed", "notice": "sent"}
    assert f"<#{HR_CHANNEL}>" in text_of(stage.last(MAYA))


async def test_nothing_is_told_where_nobody_asked_or_nothing_stands_out(stage: Stage) -> None:
    await close_wave(stage)
    await stage.at(NOW)
    assert await about_alerts(stage) == [], "nobody asked"
    await alerts(stage, "here")
    await stage.at(NOW + DAY)
    assert posts(stage) == [], "it was published before"
    async with stage.runtime.sessions.begin() as session:
        pulse = survey(workspace_id=TEAM_ID, status="ended", next_open_at=None, next_on=None)
        session.add(pulse)
        await session.flush()
        await sealed_wave(session, pulse, {"Sales": CONTENT, "Engineering": CONTENT})
    await stage.at(NOW + 2 * DAY)
    assert await about_alerts(stage) == []


async def test_alerts_end_and_move(stage: Stage) -> None:
    assert await alerts(stage, "off") != await alerts(stage, "")
    await alerts(stage, "on")
    assert await alerts(stage, "whatever") == alerts_state(HR_CHANNEL)
    async with stage.runtime.sessions.begin() as session:
        await session.execute(update(AlertChannel).values(channel_id="C0ELSEWHERE"))
    assert await alerts(stage, "HERE") == alerts_set("C0ELSEWHERE")
    await close_wave(stage)
    assert await publish_waves(stage.runtime, NOW) == 1

    await alerts(stage, "off")
    await stage.at(NOW)

    assert posts(stage) == [], "it was on its way when HR ended alerts"
    assert await stored(stage, AlertChannel) == []
    assert await alerts(stage, "") == alerts_state(None)


@pytest.mark.parametrize(
    ("flag", "why"), [("is_ext_shared", Obstacle.SHARED), ("is_archived", Obstacle.ARCHIVED)]
)
async def test_no_alert_goes_where_others_read_or_nobody_does(
    stage: Stage, flag: str, why: Obstacle
) -> None:
    channel = stage.sandbox.world.channels[HR_CHANNEL]
    setattr(channel, flag, True)
    assert await alerts(stage, "here") == OBSTACLES[why]
    assert await alerts(stage, "here", channel="general") == OBSTACLES[Obstacle.NOT_A_MEMBER]
    assert "channel" in await alerts(stage, "here", channel="dm")
    assert await stored(stage, AlertChannel) == []

    setattr(channel, flag, False)
    await alerts(stage, "here")
    setattr(channel, flag, True)
    await close_wave(stage)
    await stage.at(NOW)

    assert posts(stage) == []
    assert text_of(stage.last(MAYA)).startswith(refused_alert(HR_CHANNEL).text)


@pytest.mark.parametrize("text", ["here", "on", "off", ""])
async def test_only_admins_manage_alerts(stage: Stage, text: str) -> None:
    assert await alerts(stage, text, ANALYST) == REFUSALS[Role.ADMIN]
    assert await stored(stage, AlertChannel) == []
