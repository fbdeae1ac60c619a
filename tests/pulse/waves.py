"""Waves for tests: a company, a survey, an opened wave, and presses of its people."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.pulse.opening import OpenedWave
from bot.pulse.pure.tokens import Press, press_nonce, respondent_token
from models import Invitation, OpenAnswer, Survey, SurveyQuestion, Wave
from models.database import Base
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, question, survey
from tests.pulse.opening import open_wave

TEXT = "What should we change?"


def questions() -> list[SurveyQuestion]:
    """One question of each kind, a free text in the middle."""
    return [
        question(0),
        question(1, text=TEXT, scale="text", driver="own"),
        question(2, text="Would you recommend us?", scale="enps", driver="enps"),
        question(3, text="Where do you work?", scale="choice", options=["Here", "There"]),
    ]


@dataclass(frozen=True)
class OpenWave:
    """An open wave and the people whom it asks."""

    id: str
    key: bytes
    press_key: bytes
    people: tuple[str, ...]

    def press(self, person: str, position: int = 0, value: int | None = None) -> Press:
        """Make the press of a button that was sent to `person`."""
        return Press(self.id, position, press_nonce(self.press_key, person), value)


async def store_survey(session: AsyncSession, **changes: Any) -> Survey:
    """Store a survey, of one agree question unless `questions` are given."""
    made = survey(*changes.pop("questions", []), **changes)
    session.add(made)
    await session.flush()
    return made


async def open_for(session: AsyncSession, made: Survey) -> OpenWave:
    """Open the wave of a survey that is due."""
    opened = await open_wave(session, WORKSPACE, made.id, None, NOW)
    assert isinstance(opened, OpenedWave)
    wave = await session.get_one(Wave, (WORKSPACE, opened.wave_id))
    assert wave.key
    assert wave.press_key
    invited = await session.scalars(
        select(Invitation.employee_id).where(Invitation.wave_id == wave.id)
    )
    return OpenWave(wave.id, wave.key, wave.press_key, tuple(sorted(invited)))


async def opened_wave(
    session: AsyncSession, teams: dict[str, int] | None = None, **changes: Any
) -> OpenWave:
    """Store a company and a survey, and open its wave."""
    await company(session, teams or {"Design": 6, "Legal": 7})
    return await open_for(session, await store_survey(session, **changes))


def actor(person: str) -> Actor:
    """Make the person who acts."""
    return Actor(WORKSPACE, person)


Result = TypeVar("Result")


async def outcome_of(pressing: Awaitable[Result]) -> Result | str:
    """Return what a press leads to, or the sentence that refuses it."""
    try:
        return await pressing
    except UserError as refused:
        return str(refused)


async def status_of(session: AsyncSession, wave: OpenWave, person: str) -> str:
    """Read an invitation's status anew."""
    status = await session.scalar(
        select(Invitation.status).where(
            Invitation.wave_id == wave.id, Invitation.employee_id == person
        )
    )
    assert status is not None
    return status


async def has_answered(session: AsyncSession, wave: OpenWave, person: str) -> bool:
    """Return True if an open wave has an answer of somebody, as only its key can."""
    found = await session.scalar(
        select(func.count()).where(
            OpenAnswer.wave_id == wave.id, OpenAnswer.token == respondent_token(wave.key, person)
        )
    )
    return bool(found)


async def stored(session: AsyncSession) -> list[tuple[int, int | None, str | None]]:
    """Read all open answers: position, value and comment."""
    rows = await session.execute(
        select(OpenAnswer.position, OpenAnswer.value, OpenAnswer.comment).order_by(
            OpenAnswer.position, OpenAnswer.value
        )
    )
    return [(position, value, comment) for position, value, comment in rows]


async def count(session: AsyncSession, table: type[Base]) -> int:
    """Count a table's rows."""
    return await session.scalar(select(func.count()).select_from(table)) or 0
