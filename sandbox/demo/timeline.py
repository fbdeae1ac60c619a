"""The demo's clock: time moves for sandbox, bot, scheduler and people together."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.outbox.states import move
from bot.pulse import service as pulse
from bot.pulse.steps import QuestionStep
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.scales import VALUE_RANGES
from models import (
    Delivery,
    DigestSubscription,
    Invitation,
    LearningPolicy,
    MentoringMatch,
    MentoringProgramme,
    Survey,
    VoiceMessage,
    Wave,
)
from sandbox.demo.crowd import Crowd
from sandbox.demo.hosting import Hosted
from sandbox.demo.moods import Occasion
from scheduler.insights import empty_log
from scheduler.journeys import greet_newcomers
from scheduler.mentoring import publish_outcomes, settle_departures
from scheduler.people import sync_people
from scheduler.pulse import open_waves
from scheduler.rights import apply_retention, erase_uninstalled
from scheduler.schedule import SCHEDULE, Entry
from scheduler.welcome import prepare_welcomes

logger = logging.getLogger(__name__)

BELL_SECONDS: Final = 2.0
"""How often the scheduler looks while time runs on its own."""
PEOPLE_STEP: Final = timedelta(minutes=20)
"""People who would act this close together act at once."""
ANSWERS_AT_ONCE: Final = 10
"""People who answer in one transaction; then the page has its turn."""
TURN_SECONDS: Final = 0.01
"""How long that turn is: visitors look at the page while the past is made."""
NOT_IN_PAST: Final = (
    *(sync_people, settle_departures),  # Slack tells who joins; nobody who leaves has a mentor
    *(apply_retention, empty_log, erase_uninstalled),  # nothing is old enough to delete
    publish_outcomes,  # once a week is enough, and much faster
    *(greet_newcomers, prepare_welcomes),  # once a day is
)
PAST_JOBS: Final = tuple(entry for entry in SCHEDULE if entry.job not in NOT_IN_PAST)


def monday_before(moment: datetime) -> datetime:
    """Return the Monday morning at or before a moment."""
    monday = moment - timedelta(days=moment.weekday())
    return datetime.combine(monday.date(), time(6), UTC)


class Timeline:
    """Moves time, and does everything that falls due on the way."""

    def __init__(self, hosted: Hosted, crowd: Crowd) -> None:
        self._hosted = hosted
        self._crowd = crowd
        self._clock = hosted.sandbox.world.clock
        self._moving = asyncio.Lock()
        self._past_jobs: Sequence[Entry] = PAST_JOBS
        self._prepared_on: date | None = None

    def now(self) -> datetime:
        """Return the demo's time."""
        return self._clock.now()

    async def fill_to(self, target: datetime, jobs: Sequence[Entry] = PAST_JOBS) -> None:
        """Move time to a moment; surveys are answered on the way without messages, to be quick."""
        self._crowd.is_quick, self._past_jobs = True, jobs
        await self.advance_to(target)
        self._crowd.is_quick = False
        await publish_outcomes(self._hosted.runtime, self.now())

    async def postpone_milestones(self, until: datetime) -> None:
        """Look for those who reach a milestone only then, instead of each day: to be quick."""
        waits = {Survey.next_on: until.date(), Survey.next_open_at: until}
        async with self._hosted.runtime.sessions.begin() as session:
            await session.execute(
                update(Survey)
                .where(Survey.audience == AudienceKind.MILESTONE, Survey.status == "active")
                .values(waits)
            )

    async def advance(self, by: timedelta) -> None:
        """Move time forward; a second caller waits."""
        async with self._moving:
            await self._advance_to(self.now() + by)

    async def advance_to(self, target: datetime) -> None:
        """Move time forward to a moment; one that has passed moves nothing."""
        async with self._moving:
            await self._advance_to(target)

    async def run(self) -> None:
        """Let time pass on its own until cancelled: jobs run and people act."""
        while True:
            async with self._moving:
                try:
                    await self._do_jobs()
                    await self._crowd.act(self.now())
                except Exception as error:
                    # As with any scheduler, what is due is still due next time.
                    logger.warning("a moment failed: %s", type(error).__name__)
            await asyncio.sleep(BELL_SECONDS)

    async def _advance_to(self, target: datetime) -> None:
        await self._do_jobs()
        while (now := self.now()) < target:
            async with self._hosted.runtime.sessions.begin() as session:
                due = await next_due(session, now) or target
            acting = self._crowd.next_at()
            if self._crowd.is_quick:  # people act at the next moment: jobs follow in its hours
                self._move_to(min(due, target))
                await self._crowd.act(self.now())
                await self._do_jobs()
            elif acting and (together := max(acting, now) + PEOPLE_STEP) < min(due, target):
                self._move_to(together)  # people act between the jobs' moments
            else:
                self._move_to(min(due, target))
                await self._do_jobs()
            if not self._crowd.is_quick and await self._crowd.act(self.now()):
                await self._do_jobs()
            await asyncio.sleep(TURN_SECONDS)

    async def _do_jobs(self) -> None:
        now = self.now()
        if self._crowd.is_quick and await open_waves(self._hosted.runtime, now):
            await self._answer_without_messages(now)
        if (
            self._crowd.is_quick
            and self._past_jobs is PAST_JOBS
            and self._prepared_on != now.date()
        ):
            self._prepared_on = now.date()
            for job in (greet_newcomers, prepare_welcomes):
                await job(self._hosted.runtime, now)
        schedule = self._past_jobs if self._crowd.is_quick else SCHEDULE
        await self._hosted.do_all_that_is_due(now, schedule)

    def _move_to(self, moment: datetime) -> None:
        if moment > self.now():
            self._clock.move_to(moment)

    async def _answer_without_messages(self, now: datetime) -> None:
        """Store answers to the waves that opened at `now`, as if their questions had been sent."""
        sessions = self._hosted.runtime.sessions
        async with sessions.begin() as session:
            opened = (await session.scalars(select(Wave).where(Wave.opened_at == now))).all()
            for wave in opened:
                of_wave = Delivery.workspace_id == wave.workspace_id, Delivery.wave_id == wave.id
                await move(session, and_(*of_wave), "sent")
                await session.execute(
                    update(Invitation)
                    .where(
                        Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id
                    )
                    .values(status="asked")
                )
        for wave in opened:
            async with sessions.begin() as session:
                ids = (await session.scalars(_invited(wave))).all()
            for start in range(0, len(ids), ANSWERS_AT_ONCE):
                async with sessions.begin() as session:
                    # What the session holds needn't be read again for each answer.
                    survey = await session.get_one(Survey, (wave.workspace_id, wave.survey_id))
                    is_milestone = survey.audience == AudienceKind.MILESTONE
                    draw = self._crowd.other_occasion if is_milestone else self._crowd.occasion
                    for employee_id in ids[start : start + ANSWERS_AT_ONCE]:
                        question, reminder = (draw(employee_id) for _ in range(2))
                        if question.answers or reminder.answers:
                            question.comments = question.comments and not is_milestone
                            await _answer(session, wave, employee_id, question)
                await asyncio.sleep(TURN_SECONDS)


def _invited(wave: Wave) -> Any:
    return (
        select(Invitation.employee_id)
        .where(Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id)
        .order_by(Invitation.employee_id)
    )


async def _answer(session: AsyncSession, wave: Wave, employee_id: str, occasion: Occasion) -> None:
    """Answer all questions of a wave in order, and perhaps comment on the last."""
    actor, now = Actor(wave.workspace_id, employee_id), wave.opened_at
    step = await pulse.first_step(session, wave.workspace_id, wave.id, employee_id)
    while isinstance(step, QuestionStep):
        asked = step
        values = VALUE_RANGES.get(asked.scale) or range(len(asked.options))
        value = values[occasion.choose(asked.text, len(values), now)]
        following = await pulse.answer(session, actor, asked.press.with_value(value))
        if occasion.comments and not isinstance(following, QuestionStep):
            text = occasion.write(asked.text, now)
            await pulse.comment(session, actor, asked.press, text, after_thanks=True)
        step = following if isinstance(following, QuestionStep) else None


async def next_due(session: AsyncSession, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which a scheduler's job has something to do."""
    columns: list[tuple[Any, ColumnElement[bool]]] = [
        (Survey.next_open_at, Survey.status == "active"),
        (Wave.closes_at, Wave.status == "open"),
        (DigestSubscription.next_at, true()),
        (MentoringProgramme.next_round_at, true()),
        (MentoringProgramme.next_coffee_at, true()),
        (MentoringMatch.due_at, true()),
        (Delivery.due_at, Delivery.status == "due"),
        (Delivery.look_at, Delivery.status == "waiting"),
        (VoiceMessage.collect_at, true()),
        (LearningPolicy.ask_at, true()),
    ]
    found = [
        await session.scalar(select(func.min(column)).where(column > now, condition))
        for column, condition in columns
    ]
    return min((moment for moment in found if moment), default=None)
