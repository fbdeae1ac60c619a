"""Published surveys for tests: a team whose workload falls, and what HR makes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.products.items.service import propose
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.wellbeing import question_keys
from models import ProductItem, Survey, SurveyQuestion
from tests.conftest import NOW
from tests.factories import survey
from tests.insights.waves import Response, publish, sealed_wave

CALM: Sequence[int] = (4, 5, 4, 4, 5, 4, 3, 5, 4, 4, 5, 4)
TIRED: Sequence[int] = (2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 2, 2)
TEAMS = ("Design", "Legal", "Sales", "Support")
FALLS_AFTER = 5
PUBLISHED = NOW
"""When the wave is published in which Design's workload has fallen."""


def answers(values: Sequence[int]) -> list[Response]:
    """Return answers to the survey's only question, one per person."""
    return [{0: value} for value in values]


async def workload_falls(
    session: AsyncSession,
    workspace_id: str,
    teams: Sequence[str] = ("Design",),
    published: datetime = PUBLISHED,
) -> Survey:
    """Publish weekly waves of four teams; in the last, the workload of `teams` has fallen."""
    pulse = survey(workspace_id=workspace_id, status="ended", next_open_at=None, next_on=None)
    session.add(pulse)
    await session.flush()
    for number in range(FALLS_AFTER + 1):
        has_fallen = number == FALLS_AFTER
        moment = published - timedelta(weeks=FALLS_AFTER - number)
        await publish_wave(session, pulse, moment, teams if has_fallen else ())
    return pulse


async def publish_wave(
    session: AsyncSession, pulse: Survey, moment: datetime, low: Sequence[str] = ()
) -> str:
    """Publish a wave in which the teams in `low` are tired, with its proposals; return its id."""
    wave = await sealed_wave(
        session,
        pulse,
        {team: answers(TIRED if team in low else CALM) for team in TEAMS},
        held_on=(moment - timedelta(days=3)).date(),
        opened_at=moment - timedelta(days=3),
        closes_at=moment,
    )
    await publish(session, pulse.workspace_id, wave.id, moment)
    await propose(session, pulse.workspace_id, wave.id, moment)
    return wave.id


async def items(session: AsyncSession) -> list[ProductItem]:
    """Return all items, the first ones first."""
    found = await session.scalars(
        select(ProductItem)
        .order_by(ProductItem.created_at, ProductItem.segment_ref)
        .execution_options(populate_existing=True)
    )
    return list(found)


def wellbeing() -> Survey:
    """Build the prepared survey about wellbeing, to publish waves of."""
    questions = [load_bank().get(key) for key in question_keys()]
    rows = [
        SurveyQuestion(
            position=position,
            text=each.wording,
            driver=each.driver,
            scale=each.scale.value,
            direction=each.direction,
            options=list(each.options),
            bank_key=each.key,
        )
        for position, each in enumerate(questions)
    ]
    ended = {"status": "ended", "next_open_at": None, "next_on": None}
    return survey(*rows, name="Wellbeing", prepared="wellbeing", **ended)
