"""A company with journeys that expects Sam, whose first day is Monday, 9 November."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.journeys.welcome import buddies
from bot.journeys.welcome.messages import KINDS
from bot.journeys.welcome.preparing import read_work, store_work
from bot.outbox.kinds import Composing
from models import Delivery, Employee, Milestone, RoleGrant, Welcome
from tests.factories import ADMIN, WORKSPACE, company, employee
from tests.pulse.waves import actor

SAM, MANAGER, NEXT_MANAGER = "U0SAM", "U0MANAGER", "U0NEXT"
ANA, BEN, CAT = "UDESI000", "UDESI001", "UDESI002"
SECOND_ADMIN: Final = "U0ADMIN2"
FIRST_DAY: Final = date(2026, 11, 9)


def at(day: date | int, hour: int = 10) -> datetime:
    """Return an hour of a day, or of a day of November 2026, in UTC."""
    day = date(2026, 11, day) if isinstance(day, int) else day
    return datetime.combine(day, time(hour), UTC)


async def expecting(session: AsyncSession, **sam: Any) -> None:
    """Store the company, two HR admins, journeys that are on, and Sam."""
    await company(session, {"Design": 6})
    session.add_all(
        [
            employee(MANAGER),
            employee(NEXT_MANAGER),
            employee(SECOND_ADMIN),
            employee(SAM, **{"hired_on": FIRST_DAY, "manager_id": MANAGER, **sam}),
            RoleGrant(
                workspace_id=WORKSPACE, employee_id=SECOND_ADMIN, role="admin", granted_at=at(1)
            ),
            *(
                Milestone(workspace_id=WORKSPACE, key=key, is_on=True, ask_at=time(10))
                for key in ("joined_1", "leaving_7")
            ),
        ]
    )
    await session.flush()


async def change(session: AsyncSession, person: str, **changes: Any) -> None:
    """Change a row of the directory."""
    row = await session.get_one(Employee, (WORKSPACE, person))
    for name, value in changes.items():
        setattr(row, name, value)
    await session.flush()


async def run(session: AsyncSession, now: datetime) -> int:
    """Do what is due, as the job does."""
    work = await read_work(session, WORKSPACE, now)
    return await store_work(session, WORKSPACE, work, now)


async def welcome_of(session: AsyncSession, newcomer: str = SAM) -> Welcome:
    """Return a newcomer's welcome as it is stored."""
    await session.flush()
    query = select(Welcome).where(Welcome.newcomer_id == newcomer)
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def deliveries(session: AsyncSession, kind: str) -> list[Delivery]:
    """Return the deliveries of a kind, in the order of their recipients."""
    query = select(Delivery).where(Delivery.kind == kind).order_by(Delivery.recipient, Delivery.key)
    return list(await session.scalars(query))


async def recipients(session: AsyncSession, kind: str) -> list[str]:
    """Return who gets messages of a kind."""
    return [each.recipient for each in await deliveries(session, kind)]


async def composed(session: AsyncSession, delivery: Delivery, now: datetime) -> Message | None:
    """Write a message as the sender does."""
    kind = KINDS[delivery.kind]
    return await kind.compose(session, delivery, Composing(now, None))


async def said(session: AsyncSession, kind: str, now: datetime) -> dict[str, str]:
    """Return what the messages of a kind say now, by recipient; pointless ones are left out."""
    found = {}
    for each in await deliveries(session, kind):
        if message := await composed(session, each, now):
            found[each.recipient] = str(message.blocks)
    return found


async def picked(
    session: AsyncSession, buddy: str, now: datetime, by: str = MANAGER
) -> buddies.BuddySearch:
    """Pick a buddy for Sam."""
    welcome = await welcome_of(session)
    return await buddies.pick(session, actor(by), welcome.id, buddy, now)


async def found(session: AsyncSession, buddy: str, now: datetime) -> buddies.BuddySearch:
    """Pick a buddy for Sam, who says yes."""
    asked = await picked(session, buddy, now)
    return await buddies.say_yes(session, actor(buddy), asked.welcome_id, asked.asks, now)


def everybody() -> Collection[str]:
    """Return HR's admins."""
    return (ADMIN, SECOND_ADMIN)
