"""HR's policy, and each month's question whether people got their time."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, OutdatedError
from bot.languages import _, marked, write_number
from bot.learning.pure.free_times import month_at, next_asking
from bot.mentoring.profiles.service import require_employee
from bot.people import audit, roles
from bot.people.roles import Role
from models import Delivery, Employee, LearningAnswer, LearningPolicy, Workspace
from models.database import insert_into

LEARNING_MONTH: Final = "learning_month"
POLICY_CHANGED: Final = "learning_policy.changed"
"""Its name in the audit table; the detail has the hours before and after."""
PEOPLE_AT_ONCE: Final = 500
BUDGET_LENGTH: Final = 300
MOST_HOURS: Final = 40
HOURS_FIELD: Final = "learning_hours"
BUDGET_FIELD: Final = "learning_budget"
NO_HOURS: Final = marked("Please write a whole number of hours, from 1 to {most}.")


class Got(StrEnum):
    """How much of their time a person got in a month."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class TakenBy(StrEnum):
    """What took the time."""

    URGENT = "urgent work"
    MEETINGS = "meetings"
    TOO_FEW = "too few people"
    NO_PLAN = "no plan"
    NOT_WELCOME = "not welcome"
    OTHER = "other"


async def state_policy(
    session: AsyncSession, actor: Actor, hours: str, budget: str, now: datetime
) -> None:
    """Store how much time people get, with a record; raise NotAllowedError for all but HR admins.

    `hours` is a number a month, as it was typed; empty ends the policy, and with it the question.
    Raises FieldErrors if it is no whole number from 1 to 40.
    """
    await roles.require(session, actor, Role.ADMIN, action=POLICY_CHANGED)
    workspace = await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    policy = await session.get(LearningPolicy, actor.workspace_id, populate_existing=True)
    before = policy.hours if policy else None
    after = _hours(hours)
    if after is None:
        if policy:
            await session.delete(policy)
    elif policy:
        policy.hours, policy.budget = after, budget[:BUDGET_LENGTH]
    else:
        ask_at = next_asking(now, workspace.tz)
        session.add(
            LearningPolicy(
                workspace_id=actor.workspace_id,
                hours=after,
                budget=budget[:BUDGET_LENGTH],
                ask_at=ask_at,
            )
        )
    detail = {"before": before, "after": after}
    audit.record(session, actor, POLICY_CHANGED, detail=detail, now=now)
    await session.flush()


def _hours(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isdecimal() and 1 <= int(typed) <= MOST_HOURS):
        raise FieldErrors({HOURS_FIELD: _(NO_HOURS).format(most=write_number(MOST_HOURS))})
    return int(typed)


async def policies_to_ask(session: AsyncSession, now: datetime) -> list[str]:
    """Return the workspaces whose people are to be asked about the month."""
    due = select(LearningPolicy.workspace_id).where(LearningPolicy.ask_at <= now)
    return list(await session.scalars(due))


async def ask_some(
    session: AsyncSession, workspace_id: str, after: str, now: datetime
) -> str | None:
    """Have the next PEOPLE_AT_ONCE employees after an id asked; return the last of them.

    None after the last page, or if nothing is due. A round that was cut short begins again, and
    the messages' keys keep anybody from being asked twice.
    """
    policy = await session.get(
        LearningPolicy, workspace_id, with_for_update=True, populate_existing=True
    )
    if policy is None or policy.ask_at > now:
        return None
    zone = (await session.get_one(Workspace, workspace_id)).tz
    found = await session.scalars(
        select(Employee.id)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.active.is_(True),
            Employee.id > after,
        )
        .order_by(Employee.id)
        .limit(PEOPLE_AT_ONCE)
    )
    people = found.all()
    if people:
        month = month_at(now, zone).first_day
        rows = [_question(workspace_id, person, month, now) for person in people]
        insert = insert_into(session, Delivery).on_conflict_do_nothing(
            index_elements=["workspace_id", "key"]
        )
        await session.execute(insert, rows)
        return people[-1]
    policy.ask_at = next_asking(now, zone)
    return None


def _question(workspace_id: str, person: str, month: date, now: datetime) -> dict[str, object]:
    return {
        "workspace_id": workspace_id,
        "key": month_key(person, month),
        "kind": LEARNING_MONTH,
        "recipient": person,
        "detail": {"month": month.isoformat()},
        "due_at": now,
        "look_at": now,
        "status": "waiting",
    }


def month_key(person: str, month: date) -> str:
    """Return the key of the message that asks a person about a month."""
    return f"{LEARNING_MONTH}:{month.isoformat()}:{person}"


async def answer(session: AsyncSession, actor: Actor, month: date, got: Got, now: datetime) -> None:
    """Store how much time a person got, in place of an earlier answer.

    Raises OutdatedError once the month is over: its figures are made then.
    """
    await _require_open(session, actor, month, now)
    key = {"workspace_id": actor.workspace_id, "employee_id": actor.user_id, "month": month}
    said = {"got": got.value, "taken_by": None}
    insert = insert_into(session, LearningAnswer).values(**key, **said)
    await session.execute(insert.on_conflict_do_update(index_elements=[*key], set_=said))


async def say_what_took_it(
    session: AsyncSession, actor: Actor, month: date, taken_by: TakenBy, now: datetime
) -> None:
    """Store what took the time; raise OutdatedError if the person has lost none."""
    await _require_open(session, actor, month, now)
    key = actor.workspace_id, actor.user_id, month
    given = await session.get(LearningAnswer, key, with_for_update=True, populate_existing=True)
    if given is None or given.got == Got.ALL:
        raise OutdatedError
    given.taken_by = taken_by.value


async def has_answered(session: AsyncSession, workspace_id: str, person: str, month: date) -> bool:
    """Return True if a person has said how much time they got in a month."""
    return await session.get(LearningAnswer, (workspace_id, person, month)) is not None


async def _require_open(session: AsyncSession, actor: Actor, month: date, now: datetime) -> None:
    await require_employee(session, actor)
    zone = (await session.get_one(Workspace, actor.workspace_id)).tz
    if month != month_at(now, zone).first_day:
        raise OutdatedError
