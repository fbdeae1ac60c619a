"""HR starts the company pulse: composed in a short form, previewed in numbers, confirmed.

From its confirmation on it is a survey like any other: listed, paused, ended, and in the record.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.people import roles
from bot.people.pure.counted_teams import Place
from bot.people.roles import Role
from bot.pulse.pure.cells import SMALL_TEAMS, labels_of
from bot.pulse.pure.sampling import WEEKS_BETWEEN_DRIVER
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import (
    CompanyPulse,
    NewQuestion,
    NewSurvey,
    Repeating,
    SurveyPreview,
    refuse_second_pulse,
    save_draft,
)
from bot.surveys.pure.bank import Driver, load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from models import Employee

OPEN_HOURS: Final = 5 * 24
"""A week's wave closes before the next one opens, wherever people live."""
WEEKS_IN_A_QUARTER: Final = 13


@dataclass(frozen=True)
class NewCompanyPulse:
    """The company pulse as its author composed it, with every field well-formed."""

    name: str
    drivers: tuple[str, ...]
    chosen: CompanyPulse
    weekday: int
    """0 is Monday."""
    ask_at: time


@dataclass(frozen=True)
class CompanyPreview:
    """What starting the company pulse would do, in numbers."""

    preview: SurveyPreview
    drivers: int
    questions_a_week: int
    most_in_a_quarter: int
    """Questions for a person, at most."""
    teams: int
    """With figures of their own."""
    in_small_teams: int
    """People of small teams who count together."""
    left_out: int
    """People of small teams who are too few together; nobody asks them."""


def askable_drivers() -> tuple[Driver, ...]:
    """Return the bank's drivers that have questions on the agree scale."""
    return tuple(
        driver
        for driver in load_bank().drivers
        if not driver.only_at_milestones and _questions_of(driver.key)
    )


async def check_may_start(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError for everybody but HR admins, and UserError if there is one already."""
    await roles.require(session, actor, Role.ADMIN, action="surveys.create")
    await refuse_second_pulse(session, actor.workspace_id)


async def save_company_draft(
    session: AsyncSession, actor: Actor, survey_id: str, new: NewCompanyPulse, now: datetime
) -> CompanyPreview:
    """Store a company pulse until its author confirms it; raises what `save_draft` raises."""
    questions = [question for driver in new.drivers for question in _questions_of(driver)]
    preview = await save_draft(
        session,
        actor,
        survey_id,
        NewSurvey(
            name=new.name,
            questions=tuple(questions),
            audience=Audience(AudienceKind.EVERYONE),
            when=Repeating(Cadence.STANDING, new.weekday, "", new.ask_at),
            open_hours=OPEN_HOURS,
            company_pulse=new.chosen,
        ),
        None,
        now,
    )
    teams = await _counted_teams(session, actor.workspace_id, preview.survey.plan.starts_on)
    labels = labels_of(teams, preview.min_group_size)
    sizes = Counter(labels.values())
    return CompanyPreview(
        preview,
        len(new.drivers),
        new.chosen.questions_a_week,
        _most_in_a_quarter(new),
        len(sizes) - (SMALL_TEAMS in sizes),
        sizes[SMALL_TEAMS],
        len(teams) - len(labels),
    )


def _questions_of(driver: str) -> list[NewQuestion]:
    return [
        NewQuestion.from_bank(question)
        for question in load_bank().by_driver(driver)
        if question.scale is Scale.AGREE
    ]


def _most_in_a_quarter(new: NewCompanyPulse) -> int:
    """Return the most questions for a person in a quarter; each may come up in it twice."""
    turns = -(-WEEKS_IN_A_QUARTER // WEEKS_BETWEEN_DRIVER)
    about_drivers = sum(min(turns, 2 * len(_questions_of(driver))) for driver in new.drivers)
    return min(new.chosen.questions_a_week * WEEKS_IN_A_QUARTER, about_drivers)


async def _counted_teams(
    session: AsyncSession, workspace_id: str, day: date
) -> Mapping[str, str | None]:
    rows = await session.execute(
        select(
            Employee.id, Employee.team, Employee.counted_team, Employee.counted_team_until
        ).where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
    )
    return {person: Place(team, counted, until).on(day) for person, team, counted, until in rows}
