"""Surveys of the last 90 days: no survey may ask almost the same people the same thing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.text import shorten
from bot.languages import DayStyle, _, write_day
from bot.surveys.audience import AudienceKind, audience_of
from bot.surveys.pure.audience_overlap import (
    MOST_OVERLAPS,
    Topic,
    differ_by_few,
    leaves_a_few,
    overlap_in_part,
    share_a_topic,
    single_out_a_few,
)
from bot.surveys.pure.names import shown_name
from models import Employee, Invitation, Survey, Wave

COMPARED: Final = timedelta(days=90)


@dataclass(frozen=True)
class TooAlike:
    """Why a survey may not be asked now."""

    survey_name: str
    """The earlier survey; of several together, the latest."""
    until: datetime
    """When it may be asked at the earliest, if nothing else is asked meanwhile."""
    together: bool = False
    """True if several earlier surveys together single somebody out."""
    of_everyone: bool = False
    """True if the earlier survey asked everyone; then another survey of everyone is allowed."""

    @property
    def sentence(self) -> str:
        """Why these people can't be asked now, and what to do, in plain text for a form."""
        name = shorten(shown_name(self.survey_name), 60)
        day = write_day(self.until.date(), DayStyle.NO_YEAR)
        if self.together:
            return _(
                "“{name}” and other surveys asked about the same. Together with this "
                "one, they would show the answers of a few people. Please ask other "
                "people, or wait until {day}."
            ).format(name=name, day=day)
        if self.of_everyone:
            return _(
                "“{name}” asked almost the same people about the same. The difference between "
                "the two would show the answers of a few. Please ask everyone, or wait until {day}."
            ).format(name=name, day=day)
        return _(
            "“{name}” asked almost the same people about the same. The difference between the "
            "two would show the answers of a few. Please ask exactly the same people, or wait "
            "until {day}."
        ).format(name=name, day=day)


@dataclass(frozen=True)
class _Earlier:
    wave: Wave
    survey: Survey
    people: frozenset[str]

    @property
    def erased(self) -> int:
        """How many invited people have been forgotten since."""
        return max(0, self.wave.invited - len(self.people))


async def too_alike(
    session: AsyncSession,
    survey: Survey,
    questions: Iterable[Topic],
    people: Collection[str],
    k: int,
    now: datetime,
) -> TooAlike | None:
    """Return the reason not to ask these people this survey's questions, or None.

    Waves of one survey, also of those that it replaces, and two surveys of everyone are not
    compared: they differ by joiners and leavers, whom nobody chose. The resolution of figures
    protects those. Nor are milestones, whose figures are of many waves together.
    """
    audience = frozenset(people)
    same = await lineage(session, survey)
    waves = await _comparable(session, survey, same, [*questions], now)
    if not waves:
        return None
    latest: dict[str, str] = {}
    for wave, other in waves:
        # All surveys of everyone count as one, because they are not compared with each other.
        latest.setdefault(_group(other), wave.id)
    compared: list[_Earlier] = []
    named: list[_Earlier] = []
    for wave, other in waves:
        is_far = wave.anonymous and abs(wave.invited - len(audience)) >= 2 * k
        if wave.id not in latest.values() and is_far:
            continue
        each = _Earlier(wave, other, await _invited(session, wave))
        if _is_too_close(survey, audience, each, k):
            of_everyone = other.audience == AudienceKind.EVERYONE
            return TooAlike(other.name, wave.opened_at + COMPARED, of_everyone=of_everyone)
        if not wave.anonymous:
            named.append(each)
        elif wave.id in latest.values():
            compared.append(each)
    together = _told_by_name(survey, audience, named, compared, k)
    if survey.anonymous and len(compared) > 1 and await _is_first(session, survey, same):
        together = together or _told_by_several(survey, audience, compared, k)
    if together is None:
        return None
    return TooAlike(together.survey.name, together.wave.opened_at + COMPARED, together=True)


def _told_by_name(
    survey: Survey,
    audience: frozenset[str],
    named: list[_Earlier],
    anonymous: list[_Earlier],
    k: int,
) -> _Earlier | None:
    """Return an earlier survey if named ones together leave a few of an anonymous audience."""
    by_name = frozenset[str]().union(*(each.people for each in named))
    if survey.anonymous:
        return named[0] if named and leaves_a_few(audience, by_name, k) else None
    by_name |= audience
    return next((each for each in anonymous if leaves_a_few(each.people, by_name, k)), None)


def _told_by_several(
    survey: Survey, audience: frozenset[str], compared: list[_Earlier], k: int
) -> _Earlier | None:
    """Return the latest of earlier surveys that single out a few people together with this one."""
    chosen = [each for each in compared if each.survey.audience != AudienceKind.EVERYONE]
    overlapping = [each for each in chosen if overlap_in_part(audience, each.people)]
    if survey.audience != AudienceKind.EVERYONE and len(overlapping) >= MOST_OVERLAPS:
        return overlapping[0]
    if single_out_a_few(audience, [each.people for each in compared], k):
        return compared[0]
    return None


async def lineage(session: AsyncSession, survey: Survey) -> list[str]:
    """Return the ids of a survey and of those that it replaces for the same audience.

    One with another audience or anonymity ends the line: HR chose anew, so it is compared.
    """
    ids, newer = [survey.id], survey
    while newer.replaces and newer.replaces not in ids:
        older = await session.get(Survey, (survey.workspace_id, newer.replaces))
        if older is None or not _asks_the_same_people(newer, older):
            break
        ids.append(older.id)
        newer = older
    return ids


def _asks_the_same_people(one: Survey, other: Survey) -> bool:
    return audience_of(one) == audience_of(other) and one.anonymous == other.anonymous


async def asked_this_quarter(
    session: AsyncSession, survey: Survey, day: date
) -> list[Employee] | None:
    """Return the people that a repeating survey of chosen people asks for the rest of a quarter.

    These are the present employees among the people of its first wave in the quarter: otherwise a
    changing channel or group would expose joiners and leavers. None for surveys of everyone,
    milestones, named surveys, and before the quarter's first wave.
    """
    if survey.audience in (AudienceKind.EVERYONE, AudienceKind.MILESTONE) or not survey.anonymous:
        return None
    begins = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    first = await session.scalar(
        select(Wave.id)
        .where(
            Wave.workspace_id == survey.workspace_id,
            Wave.survey_id.in_(await lineage(session, survey)),
            Wave.held_on >= begins,
        )
        .order_by(Wave.held_on)
        .limit(1)
    )
    if first is None:
        return None
    people = await session.scalars(
        select(Employee)
        .join(
            Invitation,
            (Invitation.workspace_id == Employee.workspace_id)
            & (Invitation.employee_id == Employee.id),
        )
        .where(
            Employee.workspace_id == survey.workspace_id,
            Employee.active.is_(True),
            Invitation.wave_id == first,
        )
        .order_by(Employee.id)
    )
    return list(people)


def _group(survey: Survey) -> str:
    return AudienceKind.EVERYONE if survey.audience == AudienceKind.EVERYONE else survey.id


async def _comparable(
    session: AsyncSession, survey: Survey, same: list[str], questions: list[Topic], now: datetime
) -> list[tuple[Wave, Survey]]:
    """Return the waves to compare with, the latest first."""
    if survey.audience == AudienceKind.MILESTONE:
        return []
    rows = await session.execute(
        select(Wave, Survey)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            Wave.workspace_id == survey.workspace_id,
            Wave.survey_id.not_in(same),
            Wave.opened_at > now - COMPARED,
            Survey.audience != AudienceKind.MILESTONE,
        )
        .order_by(Wave.opened_at.desc(), Wave.id)
    )
    return [
        (wave, other)
        for wave, other in rows
        if (survey.anonymous or wave.anonymous)
        and {survey.audience, other.audience} != {AudienceKind.EVERYONE.value}
        and share_a_topic(questions, other.questions)
    ]


async def _invited(session: AsyncSession, wave: Wave) -> frozenset[str]:
    return frozenset(
        await session.scalars(
            select(Invitation.employee_id).where(
                Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id
            )
        )
    )


def _is_too_close(survey: Survey, audience: frozenset[str], earlier: _Earlier, k: int) -> bool:
    if differ_by_few(audience, earlier.people, k, earlier.erased):
        return True
    if not earlier.wave.anonymous:
        return leaves_a_few(audience, earlier.people, k)
    return not survey.anonymous and leaves_a_few(earlier.people, audience, k)


async def _is_first(session: AsyncSession, survey: Survey, same: list[str]) -> bool:
    """Return True if a survey was never asked. A repeating one goes on as people join and leave."""
    found = select(Wave.id).where(
        Wave.workspace_id == survey.workspace_id, Wave.survey_id.in_(same)
    )
    return await session.scalar(found.limit(1)) is None
