"""The search for a newcomer's buddy: somebody picks one, who says yes or no.

Every use case locks the welcome's row, so that two presses happen one after the other. The manager
picks, or any HR admin. Nobody is told why a person cannot be a buddy: one sentence serves for those
who are away, who are a buddy already, and who asked in mentoring never to be paired with the other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.calendars import Calendar, end_of_working_day_after
from bot.attention.pure.good_moments import good_moment, shared_good_moment
from bot.attention.readers import calendars_by_person
from bot.errors import UserError
from bot.journeys.people import choices_of
from bot.journeys.pure.milestones import Choice
from bot.journeys.welcome.pure.days import FIRST_DAY, LOOKING
from bot.languages import _, marked
from bot.outbox.deliveries import enqueue
from bot.people import roles
from bot.people.roles import Role
from bot.surveys.pure.schedule import asked_at
from models import Employee, MentoringProfile, Welcome

BUDDY_ASK: Final = "buddy_ask"
BUDDY_OPEN: Final = "buddy_open"
BUDDY_FOUND: Final = "buddy_found"

MOST_NEWCOMERS: Final = 2
"""Whom one person can be a buddy for at a time."""
AFTER_HELLO: Final = timedelta(hours=1)
"""When on the first day the two are introduced."""

NOT_YOURS: Final = marked(
    "Only a newcomer's manager and HR's admins pick the buddy, so that press changed nothing."
)
NOT_COMING: Final = marked("They are not on their way to us any more, so there is nobody to help.")
NOT_THEMSELVES: Final = marked("Nobody can be their own buddy. Please pick a colleague.")
NOT_THEIR_MANAGER: Final = marked(
    "Their manager has another part. A buddy is somebody beside them, for the small questions: "
    "please pick a colleague."
)
NOT_HERE: Final = marked(
    "A buddy is a colleague who works here: no app, no guest, nobody who has left. Please pick "
    "somebody else."
)
CANNOT: Final = marked(
    "They can't be a buddy just now: people are away, or look after somebody already. Please pick "
    "somebody else."
)
ASKED_ALREADY: Final = marked("I've asked somebody already, and I'll tell you what they say.")
FOUND_ALREADY: Final = marked("They have a buddy already. Nothing has changed.")
OVER: Final = marked(
    "This has been settled in another way, so that press changed nothing. Thank you!"
)


class Search(StrEnum):
    """How far the search for a buddy is."""

    OPEN = "open"
    ASKED = "asked"
    ACCEPTED = "accepted"


class News(StrEnum):
    """Why a buddy is looked for again."""

    NO = "no"
    SILENT = "silent"
    GONE = "gone"


class BuddyPressOverError(UserError):
    """A press of somebody who is not asked any more."""

    def __init__(self) -> None:
        super().__init__(_(OVER))


@dataclass(frozen=True)
class BuddySearch:
    """What messages show of a newcomer and their buddy."""

    welcome_id: str
    newcomer_id: str
    starts_on: date
    status: Search
    buddy_id: str | None
    asks: int
    answer_by: datetime | None = None
    introduce_at: datetime | None = None


async def pick(
    session: AsyncSession, actor: Actor, welcome_id: str, buddy_id: str, now: datetime
) -> BuddySearch:
    """Ask a person to be a newcomer's buddy; raise UserError with the reason if that can't be."""
    welcome = await locked(session, actor.workspace_id, welcome_id)
    newcomer = await employee_of(session, welcome) if welcome else None
    if welcome is None or newcomer is None:
        raise UserError(_(NOT_COMING))
    is_manager = newcomer.manager_id == actor.user_id != newcomer.id
    if not is_manager and not await roles.holds(session, actor, Role.ADMIN):
        raise UserError(_(NOT_YOURS))
    if welcome.status != Search.OPEN:
        if welcome.buddy_id == buddy_id:
            return search_of(welcome)
        raise UserError(_(ASKED_ALREADY) if welcome.status == Search.ASKED else _(FOUND_ALREADY))
    calendar = await _check_can_be_asked(session, welcome, newcomer, buddy_id, now)
    welcome.status, welcome.buddy_id = Search.ASKED, buddy_id
    welcome.asks += 1
    welcome.answer_by = end_of_working_day_after(good_moment(calendar, now), calendar)
    await enqueue(
        session,
        welcome.workspace_id,
        f"{BUDDY_ASK}:{welcome.id}:{welcome.asks}",
        BUDDY_ASK,
        buddy_id,
        now,
        asked_by=actor.user_id,
        detail={"welcome": welcome.id, "number": welcome.asks},
    )
    return search_of(welcome)


async def say_yes(
    session: AsyncSession, actor: Actor, welcome_id: str, number: int, now: datetime
) -> BuddySearch:
    """Accept; newcomer and buddy are introduced. Pressing again changes nothing."""
    welcome = await _asked(session, actor, welcome_id, number)
    if welcome.status == Search.ASKED:
        welcome.status, welcome.answer_by = Search.ACCEPTED, None
        welcome.introduce_at = await introduction_time(session, welcome, now)
        await _tell(session, welcome, BUDDY_FOUND, "yes", now)
    return search_of(welcome)


async def say_no(
    session: AsyncSession, actor: Actor, welcome_id: str, number: int, now: datetime
) -> BuddySearch:
    """Decline, also after a yes; whoever picks can pick another. Pressing again changes nothing."""
    welcome = await locked(session, actor.workspace_id, welcome_id)
    if welcome is not None and welcome.asks == number and actor.user_id in welcome.declined:
        return search_of(welcome)
    welcome = await _asked(session, actor, welcome_id, number)
    news = News.NO if welcome.status == Search.ASKED else News.GONE
    welcome.declined = [*welcome.declined, actor.user_id]
    await look_again(session, welcome, news, now)
    return search_of(welcome)


async def look_again(
    session: AsyncSession, welcome: Welcome, news: News, now: datetime, *, tell: bool = True
) -> None:
    """Have a buddy looked for again, and tell those who can pick one; the caller holds the lock."""
    welcome.status, welcome.buddy_id = Search.OPEN, None
    welcome.answer_by = welcome.introduce_at = None
    if tell:
        await _tell(session, welcome, BUDDY_OPEN, news, now)


async def introduction_time(session: AsyncSession, welcome: Welcome, now: datetime) -> datetime:
    """Return when newcomer and buddy are introduced: on the first day, after the hello, or now."""
    people = [person for person in (welcome.newcomer_id, welcome.buddy_id) if person]
    found = await calendars_by_person(session, welcome.workspace_id, people)
    newcomer, _preference = found.get(welcome.newcomer_id, (Calendar(), None))
    choices = await choices_of(session, welcome.workspace_id)
    hello_at = choices.get(FIRST_DAY, Choice()).ask_at
    hello = asked_at(welcome.starts_on, hello_at, newcomer.zone, now)
    calendars = [calendar for calendar, _preference in found.values()]
    return shared_good_moment(calendars, max(now, hello + AFTER_HELLO))


async def who_picks(session: AsyncSession, newcomer: Employee) -> tuple[str, ...]:
    """Return who can pick a newcomer's buddy and is told of it: the manager, or HR's admins."""
    manager = newcomer.manager_id
    if manager and manager != newcomer.id:
        row = await session.get(Employee, (newcomer.workspace_id, manager))
        if row is not None and row.active:
            return (manager,)
    team = await roles.hr_team(session, newcomer.workspace_id)
    return tuple(admin for admin in team.admins if admin != newcomer.id)


async def searches(
    session: AsyncSession, workspace_id: str, welcome_ids: Collection[str]
) -> list[BuddySearch]:
    """Return what there is to show of these welcomes, without those whose newcomer left."""
    rows = await session.scalars(of_newcomers(workspace_id).where(Welcome.id.in_(welcome_ids)))
    return [search_of(row) for row in rows]


def of_newcomers(workspace_id: str) -> Select[Any]:
    """Select the welcomes of newcomers who are here, in the order of their first days."""
    is_newcomer = and_(
        Employee.workspace_id == Welcome.workspace_id, Employee.id == Welcome.newcomer_id
    )
    return (
        select(Welcome)
        .join(Employee, is_newcomer)
        .where(Welcome.workspace_id == workspace_id, Employee.active.is_(True))
        .order_by(Welcome.starts_on, Welcome.newcomer_id)
        .execution_options(populate_existing=True)
    )


async def buddy_of(session: AsyncSession, workspace_id: str, newcomer_id: str) -> str | None:
    """Return the buddy who said yes and is still here."""
    return await session.scalar(
        select(Welcome.buddy_id)
        .join(
            Employee,
            (Employee.workspace_id == Welcome.workspace_id) & (Employee.id == Welcome.buddy_id),
        )
        .where(
            Welcome.workspace_id == workspace_id,
            Welcome.newcomer_id == newcomer_id,
            Welcome.status == Search.ACCEPTED,
            Employee.active.is_(True),
        )
    )


async def locked(session: AsyncSession, workspace_id: str, welcome_id: str) -> Welcome | None:
    """Return a welcome, locked until the transaction ends."""
    return await session.get(
        Welcome, (workspace_id, welcome_id), with_for_update=True, populate_existing=True
    )


async def employee_of(session: AsyncSession, welcome: Welcome) -> Employee | None:
    """Return the newcomer; None if they left or asked to be forgotten."""
    newcomer = await session.get(Employee, (welcome.workspace_id, welcome.newcomer_id))
    return newcomer if newcomer and newcomer.active else None


def search_of(welcome: Welcome) -> BuddySearch:
    """Return what messages show of a welcome."""
    return BuddySearch(
        welcome.id,
        welcome.newcomer_id,
        welcome.starts_on,
        Search(welcome.status),
        welcome.buddy_id,
        welcome.asks,
        welcome.answer_by,
        welcome.introduce_at,
    )


async def _check_can_be_asked(
    session: AsyncSession, welcome: Welcome, newcomer: Employee, buddy_id: str, now: datetime
) -> Calendar:
    """Return the calendar of a person who can be asked; raise UserError for anybody else."""
    if buddy_id == newcomer.id:
        raise UserError(_(NOT_THEMSELVES))
    if buddy_id == newcomer.manager_id:
        raise UserError(_(NOT_THEIR_MANAGER))
    found = await calendars_by_person(session, welcome.workspace_id, [buddy_id])
    if buddy_id not in found:
        raise UserError(_(NOT_HERE))
    calendar, _preference = found[buddy_id]
    if (
        buddy_id in welcome.declined
        or _is_away(calendar, welcome.starts_on, now)
        or await _is_busy(session, welcome, buddy_id)
        or await _avoid_each_other(session, welcome.workspace_id, buddy_id, newcomer.id)
    ):
        raise UserError(_(CANNOT))
    return calendar


def _is_away(calendar: Calendar, starts_on: date, now: datetime) -> bool:
    """Return True for somebody who could not answer now, or is away on the first day."""
    first = max(good_moment(calendar, now), calendar.hours(starts_on)[0])
    return any(calendar.away_until(each) for each in (good_moment(calendar, now), first))


async def _is_busy(session: AsyncSession, welcome: Welcome, buddy_id: str) -> bool:
    others = await session.scalar(
        select(func.count())
        .select_from(Welcome)
        .where(
            Welcome.workspace_id == welcome.workspace_id,
            Welcome.buddy_id == buddy_id,
            Welcome.id != welcome.id,
            Welcome.starts_on > welcome.starts_on - LOOKING,
        )
    )
    return (others or 0) >= MOST_NEWCOMERS


async def _avoid_each_other(session: AsyncSession, workspace_id: str, *two: str) -> bool:
    """Return True if one of the two asked never to be paired with the other."""
    rows = await session.execute(
        select(MentoringProfile.employee_id, MentoringProfile.never_with).where(
            MentoringProfile.workspace_id == workspace_id, MentoringProfile.employee_id.in_(two)
        )
    )
    return any(set(two) & set(avoided) - {person} for person, avoided in rows)


async def _asked(session: AsyncSession, actor: Actor, welcome_id: str, number: int) -> Welcome:
    """Return the welcome, locked; raise BuddyPressOverError unless this question to them stands."""
    welcome = await locked(session, actor.workspace_id, welcome_id)
    if (
        welcome is None
        or welcome.buddy_id != actor.user_id
        or welcome.asks != number
        or not await roles.is_employee(session, actor)
        or await employee_of(session, welcome) is None
    ):
        raise BuddyPressOverError
    return welcome


async def _tell(
    session: AsyncSession, welcome: Welcome, kind: str, news: str, now: datetime
) -> None:
    """Tell those who can pick: the manager, and HR's admins if they were told in the beginning."""
    newcomer = await employee_of(session, welcome)
    if newcomer is None:
        return
    people = set(await who_picks(session, newcomer))
    if welcome.told_on is not None and welcome.told_id is None:
        people |= set((await roles.hr_team(session, welcome.workspace_id)).admins) - {newcomer.id}
    for person in sorted(people):
        key = f"{kind}:{welcome.id}:{welcome.asks}:{news}:{person}"
        detail = {"welcome": welcome.id, "news": news}
        await enqueue(session, welcome.workspace_id, key, kind, person, now, detail=detail)
