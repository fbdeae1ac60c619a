"""A company whose people join, leave and come back, day by day, through the real jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from bot.actor import Actor
from bot.journeys import milestones
from bot.journeys.pure.milestones import BY_KEY, Choice
from bot.pulse import service
from bot.pulse.pure.tokens import Press, press_nonce
from bot.runtime import Runtime
from models import (
    Delivery,
    Employee,
    Figure,
    Invitation,
    JourneyStep,
    Milestone,
    PublishedComment,
    Survey,
    Wave,
    Workspace,
)
from models.database import Base
from scheduler.insights import publish_waves
from scheduler.journeys import greet_newcomers
from scheduler.pulse import close_waves, open_waves
from tests.factories import ADMIN, WORKSPACE, company, employee
from tests.pulse.waves import actor

HR: Final = actor(ADMIN)
START: Final = date(2026, 11, 2)
"""A Monday."""
WEEK: Final = "joined_7"
WEEKDAYS: Final = 5

Answering = Callable[[str, int], int | None]
"""What a person answers to the question at a position; None for nothing."""
Commenting = Callable[[str], Mapping[int, str]]
"""What a person writes, by position."""


def morning(day: date) -> datetime:
    """Return a quarter past ten in Berlin, where milestones come at ten."""
    return datetime.combine(day, time(9, 15), UTC)


@dataclass
class Walking:
    """A company with journeys, whose time moves with `day`."""

    runtime: Runtime
    answering: Answering = lambda _person, _position: 4
    commenting: Commenting = lambda _person: {}
    today: date = START
    asked: list[tuple[str, str, date]] = field(default_factory=list)
    """Who was asked at which milestone, and when."""

    async def join(self, *people: str, **changes: Any) -> None:
        """Store employees, who start today unless `hired_on` says otherwise."""
        fields = {"hired_on": self.today, "team": "Design", **changes}
        async with self.runtime.sessions.begin() as session:
            session.add_all([employee(each, **fields) for each in people])

    async def change(self, person: str, **changes: Any) -> None:
        async with self.runtime.sessions.begin() as session:
            row = await session.get_one(Employee, (WORKSPACE, person))
            for name, value in changes.items():
                setattr(row, name, value)

    async def switch(self, *keys: str, on: bool) -> None:
        """Switch milestones on or off, as HR does."""
        async with self.runtime.sessions.begin() as session:
            for key in keys:
                line = await milestones.milestone_line(session, HR, key)
                choice = Choice(is_on=on)
                now = morning(self.today)
                await milestones.save_milestone(session, HR, key, choice, line.questions, now)

    async def until(self, day: date) -> None:
        """Live through the weekdays before `day`, and through it; nobody works on others."""
        while self.today < day:
            self.today += timedelta(days=1)
            if self.today.weekday() < WEEKDAYS or self.today == day:
                await self.live()

    async def live(self) -> None:
        """Do what is due today: greet, ask, answer, close, publish."""
        now = morning(self.today)
        await greet_newcomers(self.runtime, now)
        # The first run catches up with the days that were left out.
        for _ in range(2):
            await open_waves(self.runtime, now)
        await self._answer()
        await close_waves(self.runtime, now)
        await publish_waves(self.runtime, now)

    async def _answer(self) -> None:
        """Let those whom the question reaches today answer."""
        async with self.runtime.sessions.begin() as session:
            rows = await session.execute(
                select(Wave, Survey, Invitation.employee_id)
                .join(Survey, Survey.id == Wave.survey_id)
                .join(Invitation, Invitation.wave_id == Wave.id)
                .where(Wave.status == "open", Invitation.status == "pending")
                .order_by(Invitation.employee_id)
            )
            found = rows.all()
            await session.execute(update(Invitation).values(status="asked"))
            await session.execute(update(Delivery).values(status="sent"))
        for wave, survey, person in found:
            assert wave.press_key
            nonce = press_nonce(wave.press_key, person)
            self.asked.append((person, str(survey.audience_ref), self.today))
            for question in survey.questions:
                if (value := self.answering(person, question.position)) is None:
                    continue
                press = Press(wave.id, question.position, nonce, value)
                async with self.runtime.sessions.begin() as session:
                    await service.answer(session, Actor(wave.workspace_id, person), press)
            for position, text in self.commenting(person).items():
                press = Press(wave.id, position, nonce)
                async with self.runtime.sessions.begin() as session:
                    await service.comment(session, actor(person), press, text, after_thanks=True)

    async def batches(self) -> list[tuple[Wave, list[Figure]]]:
        """Return the published batches with their figures, in order."""
        async with self.runtime.sessions.begin() as session:
            waves = await session.scalars(
                select(Wave)
                .where(Wave.status == "published")
                .order_by(Wave.published_at, Wave.survey_id, Wave.batch)
            )
            return [
                (wave, list(await session.scalars(select(Figure).where(Figure.wave_id == wave.id))))
                for wave in waves.all()
            ]

    async def comments(self) -> list[tuple[Wave, PublishedComment]]:
        """Return the published comments, each with its batch."""
        async with self.runtime.sessions.begin() as session:
            rows = await session.execute(
                select(Wave, PublishedComment).join(
                    PublishedComment, PublishedComment.wave_id == Wave.id
                )
            )
            return [(wave, comment) for wave, comment in rows]

    async def count(self, table: type[Base]) -> int:
        async with self.runtime.sessions.begin() as session:
            return await session.scalar(select(func.count()).select_from(table)) or 0

    async def steps(self, person: str) -> dict[str, date]:
        """Return the milestones that a person has passed, with their days."""
        async with self.runtime.sessions.begin() as session:
            rows = await session.scalars(
                select(JourneyStep).where(JourneyStep.employee_id == person)
            )
            return {each.milestone: each.passed_on for each in rows}

    def asked_at(self, person: str) -> dict[str, list[date]]:
        """Return on which days a person was asked, by milestone."""
        found: dict[str, list[date]] = {}
        for who, milestone, day in self.asked:
            if who == person:
                found.setdefault(milestone, []).append(day)
        return found


async def walking(runtime: Runtime, *only: str, k: int = 5) -> Walking:
    """Store a company with Maya of HR, and start journeys with these milestones, or all."""
    async with runtime.sessions.begin() as session:
        await company(session, {})
        workspace = await session.get_one(Workspace, WORKSPACE)
        workspace.bot_token, workspace.min_group_size = "xoxb-none", k
        await milestones.start(session, HR, morning(START))
        if only:
            await session.execute(update(Milestone).values(is_on=Milestone.key.in_(only)))
            off = Survey.audience_ref.not_in(only)
            await session.execute(update(Survey).where(off).values(status="paused"))
    return Walking(runtime)


def day_of(key: str, anchor: date) -> date:
    """Return the day of a milestone, whatever the calendar says."""
    return anchor + BY_KEY[key].after


def names(prefix: str, count: int) -> list[str]:
    return [f"U{prefix}{number:03}" for number in range(count)]
