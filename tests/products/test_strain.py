"""A team in which more people feel burned out becomes an alert and a candidate of `/improve`."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.digest.alerts import KIND, alert_of, enqueue_alert
from bot.insights.headlines import headline
from bot.insights.trends.service import find_trend, read_trend
from bot.products.items.pure.states import State
from bot.products.items.service import propose
from models import AlertChannel, Delivery, Survey
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.insights.waves import Response, publish, sealed_wave
from tests.products.stories import items, wellbeing

TEAMS = ("Sales", "Design", "Support")
PEOPLE = 31  # they count as 30: that everybody of a team answered is never told
Teams = dict[str | None, list[Response]]
WEEK = timedelta(weeks=1)


def team(strained: int) -> list[Response]:
    """Return a team's answers on burnout; some people are on the third step or beyond."""
    return [{0: 2 + number % 3 if number < strained else number % 2} for number in range(PEOPLE)]


async def hold(session: AsyncSession, made: Survey, moment: datetime, strained: int) -> str:
    """Publish a wave of burnout with what follows from it, and one of a cause a week later."""
    burnout: Teams = {name: team(strained if name == "Support" else 6) for name in TEAMS}
    wave = await sealed_wave(session, made, burnout, held_on=moment.date())
    await publish(session, WORKSPACE, wave.id, moment)
    await enqueue_alert(session, WORKSPACE, wave.id, moment)
    await propose(session, WORKSPACE, wave.id, moment)
    cause: Teams = {name: [{2: 4} for _ in range(PEOPLE)] for name in TEAMS}
    later = await sealed_wave(session, made, cause, held_on=(moment + WEEK).date())
    await publish(session, WORKSPACE, later.id, moment + WEEK)
    return wave.id


async def test_a_rise_becomes_an_alert_and_a_candidate(session: AsyncSession) -> None:
    await company(session, {})
    made = wellbeing()
    channel = AlertChannel(
        workspace_id=WORKSPACE, channel_id="C0HR", created_by=ADMIN, created_at=NOW
    )
    session.add_all([made, channel])
    await session.flush()
    alerts = select(Delivery).where(Delivery.kind == KIND)
    for number in range(5):
        await hold(session, made, NOW + 4 * number * WEEK, 6)
    assert await items(session) == []
    assert list(await session.scalars(alerts)) == []

    risen = NOW + 20 * WEEK
    wave_id = await hold(session, made, risen, 24)

    (item,) = await items(session)
    assert (item.state, item.driver) == (State.PROPOSED, "wellbeing")
    assert (item.segment, item.segment_values) == ("team", ["Support"])
    assert item.problem == "Support: More people feel burned out"
    assert item.product_id, "it belongs to a product that looks after wellbeing"
    (delivery,) = await session.scalars(alerts)
    alert = await alert_of(session, delivery, risen)
    assert alert
    (told,) = alert.headlines
    assert headline(told).startswith("More people in Support feel burned out: up from ")
    assert "in four weeks" in headline(told)

    trend = find_trend(await read_trend(session, WORKSPACE, wave_id, "strain", "0"))
    assert len(trend.lines[0].points) == 6, "weeks that asked something else are left out"
    assert trend.pauses == ()
