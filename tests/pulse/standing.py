"""A company with a company pulse, week by week, through the real jobs; nothing is sent to Slack."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from bot.pulse import service
from bot.pulse.personal_data import own_waiting_answers
from bot.pulse.pure.tokens import Press, press_nonce
from bot.runtime import Runtime
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from models import (
    Delivery,
    Figure,
    Invitation,
    Pool,
    PoolEntry,
    QuestionAsked,
    Survey,
    SurveyQuestion,
    Wave,
    Workspace,
)
from scheduler.insights import publish_waves
from scheduler.pulse import close_waves, open_waves
from tests.factories import WORKSPACE, company, survey
from tests.pulse.waves import actor

TEAMS: Final = {"Design": 12, "Engineering": 18, "Sales": 9, "Legal": 3, "Finance": 4}
"""46 people; Legal, Finance and Maya's team are small."""
DRIVERS: Final = ("workload", "recognition", "growth")
FIRST_DAY: Final = date(2026, 11, 3)
OPENS: Final = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
"""Ten o'clock in Berlin."""

Answering = Callable[[str, str], int | None]
"""What a person answers to a question of a driver, from 1 to 5; None for nothing."""
Cell = tuple[str, str]
"""Driver and team."""


def always(value: int) -> Answering:
    """Everybody gives the same answer, as far as it is favourable."""
    return lambda _person, _driver: value


def bank_questions(drivers: tuple[str, ...] = DRIVERS) -> list[SurveyQuestion]:
    """Return the bank's agree questions of some drivers."""
    chosen = [
        question
        for driver in drivers
        for question in load_bank().by_driver(driver)
        if question.scale is Scale.AGREE
    ]
    return [
        SurveyQuestion(
            position=position,
            text=question.wording,
            driver=question.driver,
            scale=question.scale.value,
            direction=question.direction,
            options=[],
            bank_key=question.key,
        )
        for position, question in enumerate(chosen)
    ]


@dataclass
class Standing:
    """A company and its company pulse."""

    runtime: Runtime
    survey_id: str
    questions: Mapping[int, SurveyQuestion]
    following: int = 0
    """The next week to hold."""

    def opens(self, week: int) -> datetime:
        """Return when a week's wave opens; weeks count from 0."""
        return OPENS + timedelta(weeks=week)

    async def open(self, week: int) -> Wave | None:
        """Open a week's wave and note that everybody was asked; None if nobody is.

        In the weeks before it that were not held, nobody answers.
        """
        while self.following < week:
            await self.week(self.following, lambda _person, _driver: None)
        self.following = week + 1
        await open_waves(self.runtime, self.opens(week))
        async with self.runtime.sessions.begin() as session:
            wave = await self._wave(session, week)
            if wave:
                await session.execute(
                    update(Invitation)
                    .where(Invitation.wave_id == wave.id, Invitation.status == "pending")
                    .values(status="asked")
                )
                await session.execute(update(Delivery).values(status="sent"))
        return wave

    async def answer(self, wave: Wave, answering: Answering) -> None:
        """Let everybody who is asked answer; a reversed question gets the opposite answer."""
        assert wave.press_key
        for person, positions in (await self.asked(wave)).items():
            for position in positions:
                question = self.questions[position]
                value = answering(person, question.driver)
                if value is None:
                    continue
                pressed = value if question.direction > 0 else 6 - value
                press = Press(wave.id, position, press_nonce(wave.press_key, person), pressed)
                async with self.runtime.sessions.begin() as session:
                    await service.answer(session, actor(person), press)

    async def asked(self, wave: Wave) -> dict[str, list[int]]:
        """Return the positions of each person's questions in an open wave."""
        async with self.runtime.sessions.begin() as session:
            rows = await session.execute(
                select(Invitation.employee_id, Invitation.positions)
                .where(Invitation.wave_id == wave.id)
                .order_by(Invitation.employee_id)
            )
            return {person: positions or [] for person, positions in rows}

    async def close(self, week: int) -> None:
        """Close and publish a week's wave."""
        later = self.opens(week) + timedelta(days=6, hours=12)
        await close_waves(self.runtime, later)
        await publish_waves(self.runtime, later)

    async def week(self, week: int, answering: Answering) -> Wave | None:
        """Hold a whole week."""
        wave = await self.open(week)
        if wave:
            await self.answer(wave, answering)
            await self.close(week)
        return wave

    async def figures(self) -> dict[int, dict[Cell, Figure]]:
        """Return the published figures of teams' drivers by week."""
        found: defaultdict[int, dict[Cell, Figure]] = defaultdict(dict)
        async with self.runtime.sessions.begin() as session:
            rows = await session.execute(
                select(Wave.held_on, Figure)
                .join(Wave, Wave.id == Figure.wave_id)
                .where(Figure.measure == "driver", Figure.segment == "team")
            )
            for held_on, figure in rows:
                cell = figure.measure_ref, figure.segment_ref
                found[(held_on - FIRST_DAY).days // 7][cell] = figure
        return dict(found)

    async def _wave(self, session: Any, week: int) -> Wave | None:
        found: Wave | None = await session.scalar(
            select(Wave).where(
                Wave.survey_id == self.survey_id,
                Wave.held_on == FIRST_DAY + timedelta(weeks=week),
            )
        )
        return found


async def standing(
    runtime: Runtime,
    teams: Mapping[str, int] | None = None,
    drivers: tuple[str, ...] = DRIVERS,
    **changes: Any,
) -> Standing:
    """Store a company and a company pulse, whose first wave is due at OPENS."""
    questions = bank_questions(drivers)
    fields = {
        "name": "Company pulse",
        "cadence": "standing",
        "starts_on": FIRST_DAY,
        "ask_at": time(10, 0),
        "open_hours": 120,
        "questions_a_week": 2,
        "half_width": 0.8,
    }
    made: Survey = survey(*questions, **{**fields, **changes})
    async with runtime.sessions.begin() as session:
        await company(session, dict(teams or TEAMS))
        workspace = await session.get_one(Workspace, WORKSPACE)
        workspace.bot_token = "xoxb-none"
        session.add(made)
    return Standing(runtime, made.id, {each.position: each for each in questions})


async def count(runtime: Runtime, table: type) -> int:
    async with runtime.sessions.begin() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def asked_rows(runtime: Runtime) -> list[QuestionAsked]:
    async with runtime.sessions.begin() as session:
        return list(await session.scalars(select(QuestionAsked)))


async def entries(runtime: Runtime) -> dict[str, dict[str, int | None]]:
    """Return what waits in each pool, as `driver team`, by token."""
    async with runtime.sessions.begin() as session:
        rows = await session.execute(
            select(Pool.topic, Pool.label, PoolEntry.token, PoolEntry.value).join(
                Pool, Pool.id == PoolEntry.pool_id
            )
        )
        found: defaultdict[str, dict[str, int | None]] = defaultdict(dict)
        for topic, label, token, value in rows:
            found[f"{topic} {label}"][token] = value
        return dict(found)


async def waiting(runtime: Runtime, person: str) -> int:
    async with runtime.sessions.begin() as session:
        return len(await own_waiting_answers(session, WORKSPACE, person))


def few(*people: str) -> Answering:
    """Only these people answer."""
    return lambda person, _: 4 if person in people else None
