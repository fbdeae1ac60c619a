"""A wave opens: cohorts, invitations and all messages to come, in one transaction."""

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.zones import zone_of
from bot.pulse.bulk import insert_all
from bot.pulse.cohorts import (
    IN_MENTORING,
    NOT_IN_MENTORING,
    Attributes,
    assign_cohorts,
    tenure_band,
)
from bot.surveys import schedule
from bot.surveys.audience import invited_people
from bot.surveys.service import advance
from models import (
    Cohort,
    Delivery,
    Employee,
    Invitation,
    MentoringMatch,
    Survey,
    Wave,
    Workspace,
)
from models.database import insert_into, new_key

LEAST_HOURS_FOR_REMINDER: Final = 48
KEY_BYTES: Final = 32


@dataclass(frozen=True)
class OpenedWave:
    """A wave that opened just now."""

    wave_id: str
    held_on: date
    invited: int
    closes_at: datetime


@dataclass(frozen=True)
class NotOpened:
    """A wave that did not open because too few people were invited, possibly none.

    `needed` is 1 for a named survey, else the smallest group that figures are shown for: answers
    of fewer people could never be shown, so nobody is asked for them.
    """

    held_on: date
    invited: int
    needed: int


async def open_wave(
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    members: Collection[str] | None,
    now: datetime,
) -> OpenedWave | NotOpened | None:
    """Open the wave of a survey that is due and move the survey on to its next one.

    `members` are the Slack ids of the audience's channel or user group, None for other audiences.
    Returns None when the survey is not due, or the wave for that date is there already.
    """
    survey = await session.get(
        Survey, (workspace_id, survey_id), with_for_update=True, populate_existing=True
    )
    if survey is None or not _is_due(survey, now) or survey.next_on is None:
        return None
    held_on = survey.next_on
    people = await invited_people(session, survey, members)
    workspace = await session.get_one(Workspace, workspace_id)
    needed = workspace.min_group_size if survey.anonymous else 1
    if len(people) < needed:
        await advance(session, survey, now)
        return NotOpened(held_on, len(people), needed)
    opened = await _insert_wave(session, survey, held_on, workspace.min_group_size, people, now)
    if opened is not None:
        attributes = await _attributes(session, survey, held_on, people)
        await _invite(session, opened.wave_id, workspace.min_group_size, people, attributes)
        await insert_all(session, Delivery, _deliveries(survey, opened, people, now))
    await advance(session, survey, now)
    return opened


def reminder_at(asked: datetime, tz: str, open_hours: int) -> datetime | None:
    """Return when to remind somebody asked at `asked`: half of the open time on, in whole days.

    The local time of day stays the same. None for waves open for less than 48 hours.
    """
    if open_hours < LEAST_HOURS_FOR_REMINDER:
        return None
    half = timedelta(days=open_hours // 24 // 2)
    return (asked.astimezone(zone_of(tz)) + half).astimezone(asked.tzinfo)


def _is_due(survey: Survey, now: datetime) -> bool:
    return (
        survey.status == "active" and survey.next_open_at is not None and survey.next_open_at <= now
    )


async def _insert_wave(
    session: AsyncSession,
    survey: Survey,
    held_on: date,
    min_group_size: int,
    people: Collection[Employee],
    now: datetime,
) -> OpenedWave | None:
    zones = {employee.tz for employee in people}
    closes_at = schedule.closes_at(held_on, survey.ask_at, zones, survey.open_hours, now)
    insert = insert_into(session, Wave).values(
        workspace_id=survey.workspace_id,
        id=new_key(),
        survey_id=survey.id,
        held_on=held_on,
        opened_at=now,
        closes_at=closes_at,
        status="open",
        anonymous=survey.anonymous,
        min_group_size=min_group_size,
        key=secrets.token_bytes(KEY_BYTES),
        invited=len(people),
    )
    wave_id = await session.scalar(
        insert.on_conflict_do_nothing(
            index_elements=[Wave.workspace_id, Wave.survey_id, Wave.held_on]
        ).returning(Wave.id)
    )
    return OpenedWave(wave_id, held_on, len(people), closes_at) if wave_id else None


async def _invite(
    session: AsyncSession,
    wave_id: str,
    min_group_size: int,
    people: Collection[Employee],
    attributes_of: Mapping[str, Attributes],
) -> None:
    """Insert cohorts and invitations."""
    assigned = assign_cohorts(attributes_of, min_group_size)
    members: dict[Attributes, list[Employee]] = {}
    for employee in people:
        members.setdefault(assigned[employee.id], []).append(employee)
    cohorts = list(enumerate(members.items()))
    await insert_all(
        session,
        Cohort,
        (
            {
                "workspace_id": group[0].workspace_id,
                "wave_id": wave_id,
                "id": number,
                "invited": len(group),
                **asdict(attributes),
            }
            for number, (attributes, group) in cohorts
        ),
    )
    await insert_all(
        session,
        Invitation,
        (
            {
                "workspace_id": employee.workspace_id,
                "wave_id": wave_id,
                "employee_id": employee.id,
                "cohort_id": number,
            }
            for number, (_, group) in cohorts
            for employee in group
        ),
    )


async def _attributes(
    session: AsyncSession, survey: Survey, held_on: date, people: Collection[Employee]
) -> dict[str, Attributes]:
    """Return what each employee's cohort may be made of, by employee id."""
    mentees = await _mentees(session, survey.workspace_id) if survey.anonymous else frozenset()
    return {
        employee.id: Attributes(
            team=employee.team,
            department=employee.department,
            mentoring=IN_MENTORING if employee.id in mentees else NOT_IN_MENTORING,
            location=employee.location,
            tenure_band=tenure_band(employee.hired_on, held_on),
            manager=employee.manager_id,
        )
        for employee in people
    }


async def _mentees(session: AsyncSession, workspace_id: str) -> frozenset[str]:
    """Return the ids of those who have a mentor now; who is only being matched has none yet."""
    found = await session.scalars(
        select(MentoringMatch.mentee_id).where(
            MentoringMatch.workspace_id == workspace_id, MentoringMatch.status == "active"
        )
    )
    return frozenset(found)


def _deliveries(
    survey: Survey, wave: OpenedWave, people: Collection[Employee], now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield each person's question and, where there is time for one, reminder."""

    @cache
    def moments(tz: str) -> tuple[datetime, datetime | None]:
        # Somebody whose hour had passed when the wave opened is asked, and reminded, from then on.
        asked = max(schedule.asked_at(wave.held_on, survey.ask_at, tz, now), now)
        return asked, reminder_at(asked, tz, survey.open_hours)

    for employee in people:
        for kind, due_at in zip(("question", "reminder"), moments(employee.tz), strict=True):
            if due_at is not None:
                yield {
                    "workspace_id": survey.workspace_id,
                    "key": f"{kind}:{wave.wave_id}:{employee.id}",
                    "kind": kind,
                    "recipient": employee.id,
                    "wave_id": wave.wave_id,
                    "due_at": due_at,
                }
