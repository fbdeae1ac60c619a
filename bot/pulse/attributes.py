"""Under which attributes the figures of a wave count its people."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.pure.counted_teams import Place
from bot.pulse.pure.cohorts import IN_MENTORING, NOT_IN_MENTORING, Attributes
from bot.surveys.audience import AudienceKind
from models import Employee, MentoringMatch, Survey


async def attributes_of(
    session: AsyncSession, survey: Survey, held_on: date, people: Collection[Employee]
) -> dict[str, Attributes]:
    """Return each employee's attributes for cohorts, by employee id; none at a milestone."""
    if survey.audience == AudienceKind.MILESTONE:
        return {person.id: Attributes() for person in people}
    mentees = await _mentees(session, survey.workspace_id) if survey.anonymous else frozenset()
    return {
        employee.id: Attributes(
            mentoring=IN_MENTORING if employee.id in mentees else NOT_IN_MENTORING,
            **counted_places(employee, held_on),
        )
        for employee in people
    }


def counted_places(person: Employee, day: date) -> dict[str, str | None]:
    """Return the team, department and location under which figures count a person on a day."""
    places = {
        "team": Place(person.team, person.counted_team, person.counted_team_until),
        "department": Place(
            person.department, person.counted_department, person.counted_department_until
        ),
        "location": Place(person.location, person.counted_location, person.counted_location_until),
    }
    return {name: place.on(day) for name, place in places.items()}


async def _mentees(session: AsyncSession, workspace_id: str) -> frozenset[str]:
    """Return the ids of people with a mentor; a proposed match does not count yet."""
    found = await session.scalars(
        select(MentoringMatch.mentee_id).where(
            MentoringMatch.workspace_id == workspace_id, MentoringMatch.status == "active"
        )
    )
    return frozenset(found)
