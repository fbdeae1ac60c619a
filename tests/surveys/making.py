"""Making surveys for tests, as HR does."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.surveys import service
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, NewSurvey, Repeating
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.survey_rows import SurveySummary
from models import AuditEntry, Survey
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE

MAYA = Actor(WORKSPACE, ADMIN)
ANA = Actor(WORKSPACE, "UDESI000")
EVERYONE = Audience(AudienceKind.EVERYONE)
TUESDAYS = Repeating(Cadence.WEEKLY, 1, "1st", time(10, 0))
RIGHT_AWAY = Plan(Cadence.ONCE, date(2026, 11, 3), None)


def composed(**changes: Any) -> NewSurvey:
    whole = NewSurvey(
        name="Weekly pulse",
        questions=(
            NewQuestion.from_bank(load_bank().questions[0]),
            NewQuestion("Lunch?", Scale.CHOICE, options=("Yes", "No")),
        ),
        audience=EVERYONE,
        when=TUESDAYS,
        open_hours=72,
    )
    return replace(whole, **changes)


async def create(session: AsyncSession, **changes: Any) -> SurveySummary:
    return await service.create_survey(session, MAYA, composed(**changes), None, NOW)


async def row(session: AsyncSession, survey_id: str) -> Survey:
    return await session.get_one(Survey, (WORKSPACE, survey_id))


async def audited(session: AsyncSession) -> list[str]:
    return sorted(await session.scalars(select(AuditEntry.action)))
