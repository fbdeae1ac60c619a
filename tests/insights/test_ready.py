"""An author is told once that results can be read."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights import ready
from bot.outbox.kinds import Class, Composing
from models import Delivery, RoleGrant
from scheduler.kinds import KINDS
from tests import factories
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.insights.waves import everyone, publish, sealed_wave

COMPOSING = Composing(NOW, None)


@pytest.mark.parametrize("shown", [True, False])
async def test_results_are_news_once_and_say_whether_there_are_figures(
    session: AsyncSession, shown: bool
) -> None:
    await factories.company(session, {"Design": 12})
    survey = factories.survey()
    session.add(survey)
    await session.flush()
    answers = everyone(*[4, 5, 3] * 4) if shown else everyone(4, 5)
    wave = await sealed_wave(session, survey, {"Design": answers})
    assert await publish(session, WORKSPACE, wave.id, NOW)
    await ready.tell_results_ready(session, wave, NOW)
    (news,) = await session.scalars(
        select(Delivery).where(Delivery.detail["about"].as_string() == ready.RESULTS_READY)
    )
    assert news.recipient == ADMIN
    assert KINDS[ready.RESULTS_READY].class_ is Class.NEWS
    message = await ready.compose_results_ready(session, news, COMPOSING)
    assert message
    assert ("are ready" in message.text) is shown
    await session.execute(delete(RoleGrant))
    assert await ready.compose_results_ready(session, news, COMPOSING) is None
