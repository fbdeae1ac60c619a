"""Mentoring profiles: what people offer and look for, and where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.errors import UserError
from bot.languages import _, marked
from bot.mentoring.profiles.offers import store_offers
from models import Employee, MentoringMatch, MentoringProfile

DAYS_A_YEAR: Final = 365.25

NOT_AN_EMPLOYEE: Final = marked(
    "Mentoring is for members of this workspace, and I don't know you as one yet. If you have "
    "just joined, please try again in a minute."
)

FORGOTTEN: Final = marked(
    "You asked me to forget you, so mentoring is closed to you. `/pulse forget-me` lets you come "
    "back."
)


@dataclass(frozen=True)
class Profile:
    """The contents of the profile form."""

    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    hopes: str = ""
    experience_years: int | None = None
    languages: tuple[str, ...] = ()
    """Two-letter codes (ISO 639-1)."""
    capacity: int = 1
    preferred_days: tuple[int, ...] = ()
    """0 is Monday."""
    never_with: tuple[str, ...] = field(default=(), repr=False)
    """Confidential: only the profile's owner sees it."""
    paused_until: date | None = None
    findable: bool = False
    coffee: bool = False

    @property
    def looks_for_mentor(self) -> bool:
        """True if the person wants to be matched as a mentee."""
        return bool(self.wants)


@dataclass(frozen=True)
class Standing:
    """Where a person stands, as shown to that person."""

    profile: Profile
    joined: bool
    """False while the profile is only what the directory suggests."""
    looking_since: datetime | None
    mentor_id: str | None
    """The person's present mentor."""
    mentee_ids: tuple[str, ...]
    paused: bool
    today: date
    """The person's own date."""
    new_on_list: bool = False
    """True if the person has been on the list only since today."""
    past_mentor_id: str | None = None
    """The last mentor, while the person has no mentor and looks for none."""


async def standing(session: AsyncSession, actor: Actor, now: datetime) -> Standing:
    """Return where a person stands; without a profile, suggest one from the directory.

    Raises UserError for people who are not employees.
    """
    employee = await require_employee(session, actor)
    row = await session.get(MentoringProfile, (actor.workspace_id, actor.user_id))
    profile = profile_of(row) if row else suggested_profile(employee, now)
    pairs = await session.execute(
        select(MentoringMatch.mentor_id, MentoringMatch.mentee_id).where(
            MentoringMatch.workspace_id == actor.workspace_id,
            MentoringMatch.status == "active",
            (MentoringMatch.mentor_id == actor.user_id)
            | (MentoringMatch.mentee_id == actor.user_id),
        )
    )
    active = [(mentor, mentee) for mentor, mentee in pairs]
    today = local_date(employee, now)
    past = await _last_pair(session, actor)
    since = row.looking_since if row else None
    if since and past and past.closed_at:
        # The place in line includes earlier waiting; the person reads since when they are back.
        since = max(since, past.closed_at)
    mentor_id = next((mentor for mentor, _unused in active if mentor != actor.user_id), None)
    return Standing(
        profile=profile,
        joined=row is not None,
        looking_since=since,
        mentor_id=mentor_id,
        mentee_ids=tuple(sorted(mentee for _unused, mentee in active if mentee != actor.user_id)),
        paused=is_paused(profile.paused_until, today),
        today=today,
        new_on_list=since is not None and local_date(employee, since) == today,
        past_mentor_id=past.mentor_id if past and not since and not mentor_id else None,
    )


async def save(session: AsyncSession, actor: Actor, profile: Profile, now: datetime) -> Standing:
    """Store a profile; from then on the person can be matched.

    A person who waits already keeps their place in line. Raises UserError for people who are not
    employees.
    """
    await require_employee(session, actor)
    row = await locked_profile(session, actor.workspace_id, actor.user_id)
    if row is None:
        row = MentoringProfile(
            workspace_id=actor.workspace_id, employee_id=actor.user_id, joined_at=now
        )
        session.add(row)
    row.offers = list(profile.offers)
    row.wants = list(profile.wants)
    row.hopes = profile.hopes
    row.experience_years = profile.experience_years
    row.languages = list(profile.languages)
    row.capacity = profile.capacity
    row.preferred_days = list(profile.preferred_days)
    row.never_with = [person for person in profile.never_with if person != actor.user_id]
    row.paused_until = profile.paused_until
    row.findable = profile.findable
    row.coffee = profile.coffee
    if not profile.looks_for_mentor:
        row.looking_since, row.first_in_line = None, False
    elif row.looking_since is None and not await has_mentor(session, actor):
        row.looking_since = now
    await session.flush()
    await store_offers(session, row)
    return await standing(session, actor, now)


async def join_coffee(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Let a person take part in coffee; the rest of their profile stays as it is.

    Raises UserError for people who are not employees.
    """
    profile = (await standing(session, actor, now)).profile
    await save(session, actor, replace(profile, coffee=True), now)


async def leave(session: AsyncSession, actor: Actor) -> bool:
    """Delete a person's profile; False if there was none.

    The scheduler closes open matches, as for people who left the company.
    """
    row = await locked_profile(session, actor.workspace_id, actor.user_id)
    if row is None:
        return False
    await session.delete(row)
    return True


async def pause(session: AsyncSession, workspace_id: str, person: str, until: date) -> None:
    """Exclude a person from matching until a date."""
    row = await locked_profile(session, workspace_id, person)
    if row is not None and (row.paused_until is None or row.paused_until < until):
        row.paused_until = until


async def has_mentor(session: AsyncSession, actor: Actor) -> bool:
    """Return True if the person has a mentor now."""
    found = await session.scalar(
        select(MentoringMatch.id).where(
            MentoringMatch.workspace_id == actor.workspace_id,
            MentoringMatch.mentee_id == actor.user_id,
            MentoringMatch.status == "active",
        )
    )
    return found is not None


async def paused_until(
    session: AsyncSession, workspace_id: str, person: str, now: datetime
) -> date | None:
    """Return the first day after a person's pause; None if the person is not paused."""
    profile = await session.get(MentoringProfile, (workspace_id, person))
    employee = await session.get(Employee, (workspace_id, person))
    if profile is None or employee is None:
        return None
    is_now = is_paused(profile.paused_until, local_date(employee, now))
    return profile.paused_until if is_now else None


async def is_anybody_paused(
    session: AsyncSession, workspace_id: str, people: Iterable[str], now: datetime
) -> bool:
    """Return True if at least one of these people is paused."""
    days = [await paused_until(session, workspace_id, person, now) for person in people]
    return any(days)


async def today_of(session: AsyncSession, actor: Actor, now: datetime) -> date:
    """Return a person's own date; raise UserError for people who are not employees."""
    return local_date(await require_employee(session, actor), now)


async def locked_profile(
    session: AsyncSession, workspace_id: str, person: str
) -> MentoringProfile | None:
    """Return a profile, locked until the transaction ends."""
    return await session.get(
        MentoringProfile, (workspace_id, person), with_for_update=True, populate_existing=True
    )


def suggested_profile(employee: Employee, now: datetime) -> Profile:
    """Return a profile guessed from the directory, for the person to correct."""
    years = None
    if employee.hired_on is not None:
        days = (local_date(employee, now) - employee.hired_on).days
        years = max(0, int(days / DAYS_A_YEAR))
    language = (employee.locale or "")[:2].lower()
    return Profile(experience_years=years, languages=(language,) if language else ())


def profile_of(row: MentoringProfile) -> Profile:
    """Return a stored profile as a plain value."""
    return Profile(
        offers=tuple(row.offers),
        wants=tuple(row.wants),
        hopes=row.hopes,
        experience_years=row.experience_years,
        languages=tuple(row.languages),
        capacity=row.capacity,
        preferred_days=tuple(row.preferred_days),
        never_with=tuple(row.never_with),
        paused_until=row.paused_until,
        findable=row.findable,
        coffee=row.coffee,
    )


def is_paused(until: date | None, today: date) -> bool:
    """Return True if a pause still lasts; `until` is the first day after it."""
    return until is not None and today < until


def local_date(employee: Employee, now: datetime) -> date:
    """Return the date where the employee is."""
    return now.astimezone(zone_of(employee.tz)).date()


async def _last_pair(session: AsyncSession, actor: Actor) -> MentoringMatch | None:
    """Return the latest closed pair in which the person was the mentee."""
    found = await session.scalars(
        select(MentoringMatch)
        .where(
            MentoringMatch.workspace_id == actor.workspace_id,
            MentoringMatch.mentee_id == actor.user_id,
            MentoringMatch.started_at.is_not(None),
            MentoringMatch.closed_at.is_not(None),
        )
        .order_by(MentoringMatch.closed_at.desc())
        .limit(1)
    )
    return found.first()


async def require_employee(session: AsyncSession, actor: Actor) -> Employee:
    """Return the actor as an employee; raise UserError for guests and strangers."""
    employee = await session.get(Employee, (actor.workspace_id, actor.user_id))
    if employee is None or not employee.active:
        forgotten = employee is not None and employee.do_not_contact
        raise UserError(_(FORGOTTEN) if forgotten else _(NOT_AN_EMPLOYEE))
    return employee
