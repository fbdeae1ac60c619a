"""Twelve weeks of the large company's past, made by the real services.

Surveys, waves, sealing, figures and digests come from the scheduler's own jobs, and every answer
goes through the service that stores answers. Only the road is shorter than in the weeks that a
visitor sees: these questions are not posted, so that the past is made in a minute.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.digest import service as digest
from bot.outbox.states import NOTHING_TO_SAY, drop_due_of_wave
from bot.pulse import service as pulse
from bot.pulse.steps import QuestionStep
from bot.surveys import service as surveys
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, NewSurvey, Repeating
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import VALUE_RANGES
from bot.surveys.pure.schedule import Cadence
from models import Invitation, Survey, Wave
from sandbox.demo import mentoring
from sandbox.demo.brightwater import HISTORY_WEEKS, NEWCOMERS_CHANNEL
from sandbox.demo.company import HR_CHANNEL
from sandbox.demo.hosting import Hosted
from sandbox.demo.staff import DemoPerson
from sandbox.demo.temper import Occasion, Story
from sandbox.demo.timeline import next_due
from scheduler.pulse import open_waves

MONDAY, TUESDAY, WEDNESDAY = 0, 1, 2
OPEN_HOURS: Final = 72
"""Both surveys close before the week ends, so that none is open when Monday's digest is posted."""
WEEKLY_QUESTIONS: Final = (
    "workload_normal_hours",
    "wellbeing_energy_left",
    "commitment_suggest_to_friend",
)
ONBOARDING_QUESTIONS: Final = ("onboarding_early_help", "onboarding_left_alone")
ANSWER_AT_ONCE: Final = 10
"""So many people answer in one transaction; then the page has its turn."""
BREATH_SECONDS: Final = 0.01
"""How long that turn is: a visitor looks at the page while the past is made."""
LAST_DAYS: Final = timedelta(days=3)
"""At least so long before now, everything goes through Slack's messages."""


def beginning(now: datetime, weeks: int = HISTORY_WEEKS) -> datetime:
    """Return when the history begins: a Monday morning, at least so many weeks before `now`."""
    return _monday_before(now - timedelta(weeks=weeks))


def last_days(now: datetime) -> datetime:
    """Return the Monday morning from which on people are really asked."""
    return _monday_before(now - LAST_DAYS)


def _monday_before(moment: datetime) -> datetime:
    monday = moment - timedelta(days=moment.weekday())
    return datetime.combine(monday.date(), time(6), UTC)


async def begin(hosted: Hosted, people: Sequence[DemoPerson], newcomers: set[str]) -> None:
    """Let Maya set up what runs from then on: two surveys, the weekly digest, and mentoring.

    She is the first of `people`; `newcomers` are the Slack ids in the newcomers' channel.
    """
    actor = Actor(hosted.sandbox.world.team.id, people[0].id)
    now = hosted.runtime.clock()
    async with hosted.runtime.sessions.begin() as session:
        await surveys.create_survey(session, actor, weekly_pulse(), None, now)
        await surveys.create_survey(session, actor, onboarding_check(), newcomers, now)
        await digest.subscribe(session, actor, HR_CHANNEL, MONDAY, time(9), now)
        await mentoring.plan_rounds(session, actor, now)
        await mentoring.join(session, actor.workspace_id, people, now)


def weekly_pulse() -> NewSurvey:
    """Return what everybody is asked each Tuesday morning."""
    return NewSurvey(
        name="Weekly pulse",
        questions=_from_bank(WEEKLY_QUESTIONS),
        audience=Audience(AudienceKind.EVERYONE),
        when=Repeating(Cadence.WEEKLY, TUESDAY, "1st", time(10)),
        open_hours=OPEN_HOURS,
    )


def onboarding_check() -> NewSurvey:
    """Return what newcomers are asked every other Wednesday."""
    return NewSurvey(
        name="Settling in",
        questions=_from_bank(ONBOARDING_QUESTIONS),
        audience=Audience(AudienceKind.CHANNEL, NEWCOMERS_CHANNEL),
        when=Repeating(Cadence.BIWEEKLY, WEDNESDAY, "1st", time(14)),
        open_hours=OPEN_HOURS,
    )


def _from_bank(keys: Sequence[str]) -> tuple[NewQuestion, ...]:
    bank = load_bank()
    return tuple(NewQuestion.from_bank(bank.get(key)) for key in keys)


class Past:
    """Lets weeks pass in which people answer without messages."""

    def __init__(self, hosted: Hosted, people: Sequence[DemoPerson], story: Story) -> None:
        self._hosted = hosted
        self._runtime = hosted.runtime
        self._people: Mapping[str, DemoPerson] = {person.id: person for person in people}
        self._story = story
        self._asked: Counter[str] = Counter()

    async def play_until(self, target: datetime) -> None:
        """Move time to a moment, doing each job and sending each message when it is due."""
        clock = self._hosted.sandbox.world.clock
        while (now := clock.now()) < target:
            async with self._runtime.sessions.begin() as session:
                due = await next_due(session, now)
            clock.move_to(min(due or target, target))
            await self._do_jobs(clock.now())
            await asyncio.sleep(BREATH_SECONDS)

    async def _do_jobs(self, now: datetime) -> None:
        async with self._runtime.sessions.begin() as session:
            await mentoring.answer_all(session, self._hosted.sandbox.world.team.id, now)
        if await open_waves(self._runtime, now):
            async with self._runtime.sessions.begin() as session:
                opened = (await session.scalars(select(Wave).where(Wave.opened_at == now))).all()
                for wave in opened:
                    await drop_due_of_wave(session, wave.workspace_id, wave.id, NOTHING_TO_SAY)
            for wave in opened:
                await self._answer_all(wave)
        await self._hosted.do_all_that_is_due(now)

    async def _answer_all(self, wave: Wave) -> None:
        async with self._runtime.sessions.begin() as session:
            invited = await session.scalars(
                select(Invitation.employee_id)
                .where(Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id)
                .order_by(Invitation.employee_id)
            )
            ids = invited.all()
        for start in range(0, len(ids), ANSWER_AT_ONCE):
            async with self._runtime.sessions.begin() as session:
                # What is held here need not be read again for each answer.
                _held = await session.get_one(Survey, (wave.workspace_id, wave.survey_id))
                for employee_id in ids[start : start + ANSWER_AT_ONCE]:
                    question, reminder = (self._occasion(employee_id) for _ in range(2))
                    if question.answers or reminder.answers:
                        actor = Actor(wave.workspace_id, employee_id)
                        await self._answer(session, wave, actor, question)
            await asyncio.sleep(BREATH_SECONDS)

    def _occasion(self, employee_id: str) -> Occasion:
        # Numbers below zero: other occasions than those of the days to come.
        self._asked[employee_id] -= 1
        return Occasion(self._story, self._people[employee_id], self._asked[employee_id])

    async def _answer(
        self, session: AsyncSession, wave: Wave, actor: Actor, occasion: Occasion
    ) -> None:
        """Answer all questions of a wave in order, and perhaps comment on the last."""
        now = wave.opened_at
        step = await pulse.first_step(session, wave.workspace_id, wave.id, actor.user_id)
        while isinstance(step, QuestionStep):
            asked = step
            values = VALUE_RANGES.get(asked.scale) or range(len(asked.options))
            value = values[occasion.choose(asked.text, len(values), now)]
            following = await pulse.answer(session, actor, asked.press.with_value(value))
            if occasion.comments and not isinstance(following, QuestionStep):
                text = occasion.write(asked.text, now)
                await pulse.comment(session, actor, asked.press, text, after_thanks=True)
            step = following if isinstance(following, QuestionStep) else None
