"""Whom the company pulse asks what this week: what is read, and the choice.

What published figures say about a cell comes from `bot.insights.known_cells`, which reads them. Who
answered is nowhere among what is read here.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.pure.cells import labels_of
from bot.pulse.pure.sampling import Asked, Cell, Person, Published, Rules, choose
from bot.surveys.pure.wellbeing import MOST_TOGETHER, WELLBEING, questions_in_week
from bot.surveys.undecided import late_drivers
from models import AttentionPreference, Employee, QuestionAsked, Survey, SurveyQuestion

LAST_DAY: Final = timedelta(days=4)
"""From a wave's day on, how long people are asked."""
HISTORY: Final = timedelta(days=90)
"""How long it matters, and is kept, what was asked; the same question may return after 12 weeks."""


@dataclass(frozen=True)
class Known:
    """What published figures say, and what another figure would add."""

    published: Mapping[Cell, Published]
    figure_error: Callable[[int], float]
    """As in `Rules`."""
    answering: float
    """The published share of people who answer."""


@dataclass(frozen=True)
class Week:
    """What a week's choice is made from, apart from what is known."""

    labels: Mapping[str, str]
    """Under which label each person's answers count; people who can't be asked are there, too."""
    people: tuple[Person, ...]
    """Those who can be asked this week."""
    positions: Mapping[str, int]
    """The position of each question, by its id."""
    drivers: Mapping[str, tuple[str, ...]]
    """The ids of each driver's questions."""
    asked: tuple[Asked, ...]
    number: int
    k: int
    budget: int
    half_width: float


@dataclass(frozen=True)
class Choice:
    """A person's question of this week."""

    employee_id: str
    position: int
    label: str


async def read_week(
    session: AsyncSession,
    survey: Survey,
    held_on: date,
    teams: Mapping[str, str | None],
    employees: Collection[Employee],
    k: int,
    now: datetime,
) -> Week:
    """Read what a week's choice needs; `teams` has the counted team of each of the employees.

    Drivers of which a decision is late are left out until it is made, unless HR started the pulse
    despite that, or no other driver is left.
    """
    labels = labels_of(teams, k)
    preferences = {
        each.employee_id: each
        for each in await session.scalars(
            select(AttentionPreference).where(
                AttentionPreference.workspace_id == survey.workspace_id
            )
        )
    }
    people = []
    for employee in employees:
        preference = preferences.get(employee.id)
        if employee.id in labels and not _is_away(employee, preference, held_on):
            every = preference.every_weeks if preference else 1
            people.append(Person(employee.id, labels[employee.id], every))
    drivers: defaultdict[str, list[str]] = defaultdict(list)
    for question in survey.questions:
        drivers[question.driver].append(question_id(question))
    period = survey.created_at, now
    late = await late_drivers(session, survey.workspace_id, drivers, period)
    if late >= drivers.keys():
        late = set()
    return Week(
        labels,
        tuple(people),
        {question_id(question): question.position for question in survey.questions},
        {driver: tuple(ids) for driver, ids in drivers.items() if driver not in late},
        await _asked(session, survey.workspace_id, held_on),
        week_of(held_on),
        k,
        await _budget(session, survey, held_on),
        survey.half_width or 0.0,
    )


def choose_questions(week: Week, known: Known) -> list[Choice]:
    """Return the questions of a week. Run it in a thread: a large company takes seconds."""
    chosen = choose(
        week.people,
        week.drivers,
        known.published,
        week.asked,
        week.number,
        Rules(
            known.figure_error,
            half_width=week.half_width,
            k=week.k,
            budget=week.budget,
            answering=known.answering,
        ),
        seed=week.number,
    )
    return [
        Choice(each.person, week.positions[each.question], week.labels[each.person])
        for each in chosen
    ]


def positions_by_person(choices: Sequence[Choice]) -> dict[str, list[int]]:
    """Return the positions of each person's questions, in order."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for each in choices:
        found[each.employee_id].append(each.position)
    return {person: sorted(positions) for person, positions in found.items()}


def question_id(question: SurveyQuestion) -> str:
    """Return what identifies a question over all surveys."""
    return question.bank_key or question.text


def week_of(day: date) -> int:
    """Return the number of a day's week; a week later it is one more."""
    return day.toordinal() // 7


async def _asked(session: AsyncSession, workspace_id: str, held_on: date) -> tuple[Asked, ...]:
    """Return what was asked before, also by a company pulse that has ended."""
    rows = await session.execute(
        select(QuestionAsked.employee_id, QuestionAsked.held_on, SurveyQuestion)
        .join(
            SurveyQuestion,
            (SurveyQuestion.workspace_id == QuestionAsked.workspace_id)
            & (SurveyQuestion.survey_id == QuestionAsked.survey_id)
            & (SurveyQuestion.position == QuestionAsked.position),
        )
        .where(
            QuestionAsked.workspace_id == workspace_id,
            QuestionAsked.held_on > held_on - HISTORY,
            QuestionAsked.held_on < held_on,
        )
    )
    return tuple(
        Asked(person, question.driver, question_id(question), week_of(day))
        for person, day, question in rows
    )


async def _budget(session: AsyncSession, survey: Survey, held_on: date) -> int:
    """Return the most questions for a person this week; those about wellbeing count as well."""
    own = survey.questions_a_week or 1
    starts_on = await session.scalar(
        select(Survey.starts_on)
        .where(
            Survey.workspace_id == survey.workspace_id,
            Survey.prepared == WELLBEING,
            Survey.status == "active",
        )
        .limit(1)
    )
    others = questions_in_week(starts_on, held_on) if starts_on else 0
    return min(own, max(own, MOST_TOGETHER) - others)


def _is_away(employee: Employee, preference: AttentionPreference | None, first: date) -> bool:
    """Return True if a person is away or has paused Attune on all days of a wave."""
    last = first + LAST_DAY
    if preference and preference.paused_until and preference.paused_until > last:
        return True
    if employee.away_until and employee.away_until.date() > last:
        return True
    begins, ends = employee.absent_from, employee.absent_until
    return begins is not None and begins <= first and (ends is None or ends >= last)
