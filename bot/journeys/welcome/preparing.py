"""Prepares first days, and what else people on a journey get once: read, decide, store.

Whoever can help a newcomer is told once: the manager, or HR's admins if no manager is known. A
manager who comes later is told as well, while it still helps.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import Calendar
from bot.attention.readers import calendars_by_person
from bot.journeys.people import Traveller, choices_of, travellers
from bot.journeys.pure.milestones import CORRECTION, Choice
from bot.journeys.welcome.buddies import (
    BuddySearch,
    News,
    Search,
    employee_of,
    introduction_time,
    locked,
    look_again,
    of_newcomers,
    search_of,
)
from bot.journeys.welcome.pure.days import (
    COFFEE_OFFER,
    MENTOR_OFFER,
    OCCASIONS,
    Occasion,
    first_day,
    is_due,
    is_looked_for,
    is_to_be_told,
)
from bot.mentoring.programme.service import programme_of
from bot.outbox.deliveries import enqueue
from bot.people import roles
from models import (
    Employee,
    JourneyStep,
    MentoringMatch,
    MentoringProfile,
    Milestone,
    Welcome,
    Workspace,
)
from models.database import insert_into, new_key

NEWCOMER_AHEAD: Final = "newcomer_ahead"
AHEAD: Final = timedelta(days=1)
"""East of UTC a day begins on the evening before."""
KEPT: Final = timedelta(days=120)
"""How long after the first day a welcome is kept: until the questions of day 90 are over."""


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose first day is near, and who can prepare it."""

    employee_id: str
    starts_on: date
    is_to_be_told: bool
    """True if the manager, or HR, should know by now."""
    manager_id: str | None
    """Empty if there is none who could help: then HR's admins are told."""


@dataclass(frozen=True)
class Offer:
    """A message that a person gets once, such as the offer of a mentor."""

    occasion: Occasion
    employee_id: str
    anchor: date
    today: date


@dataclass(frozen=True)
class Work:
    """What is due in a workspace."""

    newcomers: tuple[Newcomer, ...]
    offers: tuple[Offer, ...]
    lost: Mapping[str, News]
    """Searches to begin anew, by the welcome's id."""
    moved: tuple[str, ...]
    """Welcomes whose introduction waits, while the first day moved."""

    def __bool__(self) -> bool:
        return bool(self.newcomers or self.offers or self.lost or self.moved)


async def workspaces(session: AsyncSession, _now: datetime) -> list[str]:
    """Return the workspaces in which HR has started journeys."""
    found = await session.scalars(
        select(Milestone.workspace_id)
        .join(Workspace, Workspace.id == Milestone.workspace_id)
        .where(Workspace.uninstalled_at.is_(None))
        .distinct()
        .order_by(Milestone.workspace_id)
    )
    return list(found)


async def read_work(session: AsyncSession, workspace_id: str, now: datetime) -> Work:
    """Return what is due; reads only."""
    people = await travellers(session, workspace_id, (now + AHEAD).date())
    rows = await session.scalars(select(Welcome).where(Welcome.workspace_id == workspace_id))
    welcomes = {row.newcomer_id: row for row in rows}
    newcomers = [
        each
        for each in await _newcomers(session, workspace_id, people, set(welcomes), now)
        if _is_news(each, welcomes.get(each.employee_id))
    ]
    days = {person: first_day(each.steps) for person, each in people.items()}
    moved = [
        row.id
        for row in welcomes.values()
        if row.introduce_at and days.get(row.newcomer_id) not in (None, row.starts_on)
    ]
    return Work(
        tuple(newcomers),
        tuple(await _offers(session, workspace_id, people, now)),
        await _lost(session, workspace_id, now),
        tuple(moved),
    )


async def store_work(session: AsyncSession, workspace_id: str, work: Work, now: datetime) -> int:
    """Do what is due, once, whoever else does the same; return how much it was."""
    done = 0
    for welcome_id, news in work.lost.items():
        done += await _look_again(session, workspace_id, welcome_id, news, now)
    told = defaultdict(list)
    for each in work.newcomers:
        welcome = await _welcome_of(session, workspace_id, each)
        done += 1
        if each.is_to_be_told and _is_untold(each, welcome):
            told[each.manager_id].append(welcome)
    for manager_id, welcomes in told.items():
        await _tell(session, workspace_id, manager_id, welcomes, now)
    for welcome_id in work.moved:
        moved = await locked(session, workspace_id, welcome_id)
        if moved is not None and moved.introduce_at is not None:
            moved.introduce_at = await introduction_time(session, moved, now)
    for offer in work.offers:
        done += await _offer(session, workspace_id, offer, now)
    return done


async def missing_buddies(
    session: AsyncSession, workspace_id: str, now: datetime
) -> list[BuddySearch]:
    """Return the newcomers without a buddy who said yes, in the order of their first days."""
    today = now.date()
    rows = await session.scalars(
        of_newcomers(workspace_id).where(Welcome.status != Search.ACCEPTED)
    )
    return [search_of(row) for row in rows if is_looked_for(row.starts_on, today)]


async def drop_welcomes(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete the welcomes of first days that are long past; return how many."""
    result = await session.execute(
        delete(Welcome)
        .where(Welcome.workspace_id == workspace_id, Welcome.starts_on < (now - KEPT).date())
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


async def _newcomers(
    session: AsyncSession,
    workspace_id: str,
    people: Mapping[str, Traveller],
    known: Collection[str],
    now: datetime,
) -> list[Newcomer]:
    """Return those whose first day is near; of the `known` ones, also if it moved far away."""
    workspace = await session.get_one(Workspace, workspace_id)
    hr = Calendar(workspace.tz)
    managers = {each.manager_id for each in people.values() if each.manager_id}
    calendars = await calendars_by_person(session, workspace_id, managers)
    found = []
    for person, each in people.items():
        starts_on = first_day(each.steps)
        if starts_on is None or each.is_paused:
            continue
        manager = each.manager_id if each.manager_id != person else None
        calendar, _preference = calendars.get(manager or "", (None, None))
        if calendar is None or _is_away(calendar, starts_on, now):
            manager, calendar = None, hr
        today = calendar.local_day(now)
        if person in known or is_looked_for(starts_on, today):
            tell = is_to_be_told(starts_on, calendar, today)
            found.append(Newcomer(person, starts_on, tell, manager))
    return found


def _is_away(calendar: Calendar, starts_on: date, now: datetime) -> bool:
    """Return True for a manager who is away from now until after the first day."""
    until = calendar.away_until(now)
    return until is not None and until > max(calendar.hours(starts_on)[1], now)


def _is_news(newcomer: Newcomer, welcome: Welcome | None) -> bool:
    """Return True if something is to be stored for a newcomer."""
    if welcome is None or welcome.starts_on != newcomer.starts_on:
        return True
    return newcomer.is_to_be_told and _is_untold(newcomer, welcome)


def _is_untold(newcomer: Newcomer, welcome: Welcome) -> bool:
    """Return True if those who can help have not been told; a found buddy needs no second one."""
    if welcome.told_on is None:
        return True
    return welcome.told_id != newcomer.manager_id and welcome.status != Search.ACCEPTED


async def _welcome_of(session: AsyncSession, workspace_id: str, newcomer: Newcomer) -> Welcome:
    """Return a newcomer's welcome, locked; a rehire's begins anew."""
    own = Welcome.workspace_id == workspace_id, Welcome.newcomer_id == newcomer.employee_id
    values = {
        "workspace_id": workspace_id,
        "id": new_key(),
        "newcomer_id": newcomer.employee_id,
        "starts_on": newcomer.starts_on,
        "status": Search.OPEN.value,
        "asks": 0,
        "declined": [],
    }
    insert = insert_into(session, Welcome).values(**values)
    insert = insert.on_conflict_do_nothing(index_elements=["workspace_id", "newcomer_id"])
    await session.execute(insert)
    query = select(Welcome).where(*own).with_for_update().execution_options(populate_existing=True)
    welcome = (await session.scalars(query)).one()
    if abs(welcome.starts_on - newcomer.starts_on) > CORRECTION:
        await session.delete(welcome)
        await session.flush()
        await session.execute(insert)
        welcome = (await session.scalars(query)).one()
    welcome.starts_on = newcomer.starts_on
    return welcome


async def _tell(
    session: AsyncSession,
    workspace_id: str,
    manager_id: str | None,
    welcomes: Collection[Welcome],
    now: datetime,
) -> None:
    """Tell a manager, or HR's admins, of all these newcomers in one message."""
    newcomers = {each.newcomer_id for each in welcomes}
    recipients = {manager_id} if manager_id else set()
    if not manager_id:
        recipients = set((await roles.hr_team(session, workspace_id)).admins) - newcomers
    ids = sorted(each.id for each in welcomes)
    for recipient in sorted(recipients):
        key = f"{NEWCOMER_AHEAD}:{ids[0]}:{recipient}"
        await enqueue(
            session, workspace_id, key, NEWCOMER_AHEAD, recipient, now, detail={"welcomes": ids}
        )
    for welcome in welcomes:
        welcome.told_on, welcome.told_id = now.date(), manager_id


async def _look_again(
    session: AsyncSession, workspace_id: str, welcome_id: str, news: News, now: datetime
) -> int:
    welcome = await locked(session, workspace_id, welcome_id)
    if welcome is None or welcome.status == Search.OPEN:
        return 0
    if news is News.SILENT and not (welcome.answer_by and welcome.answer_by <= now):
        return 0
    if news is News.SILENT and welcome.buddy_id:
        welcome.declined = [*welcome.declined, welcome.buddy_id]
    is_here = await employee_of(session, welcome) is not None
    is_wanted = is_here and is_looked_for(welcome.starts_on, now.date())
    await look_again(session, welcome, news, now, tell=is_wanted)
    return 1


async def _lost(session: AsyncSession, workspace_id: str, now: datetime) -> dict[str, News]:
    """Return the searches whose buddy left or did not answer in time."""
    is_here = (
        select(Employee.id)
        .where(
            Employee.workspace_id == Welcome.workspace_id,
            Employee.id == Welcome.buddy_id,
            Employee.active.is_(True),
        )
        .exists()
    )
    rows = await session.execute(
        select(Welcome.id, is_here).where(
            Welcome.workspace_id == workspace_id,
            Welcome.status != Search.OPEN,
            or_(~is_here, Welcome.answer_by <= now),
        )
    )
    return {welcome_id: News.SILENT if here else News.GONE for welcome_id, here in rows}


async def _offers(
    session: AsyncSession, workspace_id: str, people: Mapping[str, Traveller], now: datetime
) -> list[Offer]:
    choices = await choices_of(session, workspace_id)
    passed = defaultdict(list)
    for row in await session.scalars(
        select(JourneyStep).where(
            JourneyStep.workspace_id == workspace_id,
            JourneyStep.milestone.in_([each.key for each in OCCASIONS]),
        )
    ):
        passed[row.employee_id, row.milestone].append(row.anchor)
    found = []
    for person, each in people.items():
        today = each.calendar.local_day(now)
        for occasion in () if each.is_paused else OCCASIONS:
            before = passed[person, occasion.key]
            is_on = choices.get(occasion.rides_on, Choice(is_on=False)).is_on
            if is_on and is_due(occasion, each.anchors, before, each.calendar, today):
                found.append(Offer(occasion, person, each.anchors[occasion.journey], today))
    served = await served_by_mentoring(session, workspace_id, {each.employee_id for each in found})
    return [each for each in found if each.employee_id not in served.get(each.occasion.key, ())]


async def served_by_mentoring(
    session: AsyncSession, workspace_id: str, people: Collection[str]
) -> dict[str, set[str]]:
    """Return, by occasion, whom it would offer what they have, or what there is not."""
    profiles = await session.scalars(
        select(MentoringProfile).where(
            MentoringProfile.workspace_id == workspace_id,
            MentoringProfile.employee_id.in_(people),
        )
    )
    rows = profiles.all()
    mentored = await session.scalars(
        select(MentoringMatch.mentee_id).where(
            MentoringMatch.workspace_id == workspace_id,
            MentoringMatch.mentee_id.in_(people),
            MentoringMatch.status == "active",
        )
    )
    programme = await programme_of(session, workspace_id)
    drinkers = {row.employee_id for row in rows if row.coffee}
    return {
        MENTOR_OFFER.key: {row.employee_id for row in rows if row.wants} | set(mentored),
        COFFEE_OFFER.key: drinkers if programme.coffee_weeks else set(people),
    }


async def _offer(session: AsyncSession, workspace_id: str, offer: Offer, now: datetime) -> int:
    made = await session.execute(
        insert_into(session, JourneyStep)
        .values(
            workspace_id=workspace_id,
            employee_id=offer.employee_id,
            milestone=offer.occasion.key,
            anchor=offer.anchor,
            passed_on=offer.today,
        )
        .on_conflict_do_nothing()
        .returning(JourneyStep.employee_id)
    )
    if made.first() is None:
        return 0
    kind = offer.occasion.key
    key = f"{kind}:{offer.employee_id}:{offer.anchor}"
    return int(await enqueue(session, workspace_id, key, kind, offer.employee_id, now))
