"""A person's own goals: written, shared one by one, and looked at every two weeks.

A goal is private. Its owner may share it with one colleague and take it back at any time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.readers import is_absent
from bot.errors import FieldErrors, UserError
from bot.goals.pure.rounds import EVERY
from bot.goals.views import Draft, open_goals, own, own_open
from bot.languages import _, marked, write_number
from bot.mentoring.profiles.queries import are_kept_apart
from bot.mentoring.profiles.service import local_date, require_employee
from bot.outbox import deliveries
from bot.people import audit, roles
from bot.people.roles import Role
from models import Employee, Goal, Workspace

GOAL_SHARED: Final = "goal_shared"

MOST_GOALS: Final = 3
MOST_COMPANY_GOALS: Final = 20
TEXT_LENGTH: Final = 200
COMPANY_GOAL_LENGTH: Final = 150
COMPANY_GOALS_CHANGED: Final = "company_goals.changed"
"""Its name in the audit table; the detail has the number of goals."""

TEXT_FIELD: Final = "goal_text"
MEASURE_FIELD: Final = "goal_measure"
DUE_FIELD: Final = "goal_due"
COMPANY_FIELD: Final = "goal_company"
PERSON_FIELD: Final = "goal_person"
LIST_FIELD: Final = "company_goals"

ENOUGH: Final = marked(
    "You have {most} goals, and more than that are hard to keep in mind. Please finish or "
    "delete one first."
)
EMPTY: Final = marked("Please write a few words.")
NOT_AFTER_TODAY: Final = marked("Please choose a day after today.")
CANNOT_SHARE: Final = marked(
    "I can't share it with this person just now. There can be many reasons, such as an absence. "
    "Please choose a colleague from your workspace, other than yourself."
)
"""One sentence for all reasons: one of them is told in confidence."""
TOO_MANY_LISTED: Final = marked("Please list at most {most} goals.")
TOO_LONG_LISTED: Final = marked("Please keep each goal to {most} characters.")


async def write(
    session: AsyncSession, actor: Actor, goal_id: str | None, draft: Draft, now: datetime
) -> None:
    """Store a new goal, or change one; raise UserError for a fourth, FieldErrors for bad fields."""
    employee = await require_employee(session, actor)
    errors = {
        name: _(EMPTY)
        for name, text in ((TEXT_FIELD, draft.text), (MEASURE_FIELD, draft.measure))
        if not text
    }
    if draft.due_on <= local_date(employee, now):
        errors[DUE_FIELD] = _(NOT_AFTER_TODAY)
    if errors:
        raise FieldErrors(errors)
    if goal_id is None:
        goal = await _new_goal(session, actor, now)
    else:
        goal = await own_open(session, actor, goal_id)
    goal.text, goal.measure = draft.text[:TEXT_LENGTH], draft.measure[:TEXT_LENGTH]
    goal.due_on, goal.company_goal = draft.due_on, draft.company_goal
    session.add(goal)
    await session.flush()


async def _new_goal(session: AsyncSession, actor: Actor, now: datetime) -> Goal:
    """Make a goal that is asked about together with the person's other goals."""
    # One press at a time counts this person's goals.
    await session.get_one(Employee, (actor.workspace_id, actor.user_id), with_for_update=True)
    others = await open_goals(session, actor.workspace_id, actor.user_id)
    if len(others) >= MOST_GOALS:
        raise UserError(_(ENOUGH).format(most=write_number(MOST_GOALS)))
    ask_at = others[0].ask_at if others else now + EVERY
    return Goal(
        workspace_id=actor.workspace_id, employee_id=actor.user_id, created_at=now, ask_at=ask_at
    )


async def share(
    session: AsyncSession, actor: Actor, goal_id: str, person: str, now: datetime
) -> None:
    """Let one colleague see a goal, in place of any other, and tell them; once for each goal.

    Raises FieldErrors for anybody who can't see it. Its sentence is the same for all reasons.
    """
    goal = await own_open(session, actor, goal_id)
    await _require_viewer(session, actor, person, now)
    goal.shared_with = person
    await deliveries.enqueue(
        session,
        actor.workspace_id,
        f"{GOAL_SHARED}:{goal_id}:{person}",
        GOAL_SHARED,
        person,
        now,
        asked_by=actor.user_id,
        detail={"goal": goal_id},
    )


async def take_back(session: AsyncSession, actor: Actor, goal_id: str) -> None:
    """Make a goal private again."""
    (await own_open(session, actor, goal_id)).shared_with = None


async def delete(session: AsyncSession, actor: Actor, goal_id: str) -> None:
    """Delete a goal with all that was said of it; do nothing if it is gone."""
    goal = await own(session, actor, goal_id)
    if goal is not None:
        await session.delete(goal)
        await session.flush()


async def list_company_goals(
    session: AsyncSession, actor: Actor, lines: Sequence[str], now: datetime
) -> None:
    """Store the company's goals, with a record; raise NotAllowedError for all but HR admins.

    Raises FieldErrors for too many goals or too long ones. A goal that is tied to one keeps its
    words.
    """
    await roles.require(session, actor, Role.ADMIN, action=COMPANY_GOALS_CHANGED)
    if len(lines) > MOST_COMPANY_GOALS:
        most = write_number(MOST_COMPANY_GOALS)
        raise FieldErrors({LIST_FIELD: _(TOO_MANY_LISTED).format(most=most)})
    if any(len(line) > COMPANY_GOAL_LENGTH for line in lines):
        most = write_number(COMPANY_GOAL_LENGTH)
        raise FieldErrors({LIST_FIELD: _(TOO_LONG_LISTED).format(most=most)})
    workspace = await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    listed = list(dict.fromkeys(lines))
    if listed == workspace.company_goals:
        return
    workspace.company_goals = listed
    audit.record(session, actor, COMPANY_GOALS_CHANGED, detail={"goals": len(listed)}, now=now)


async def _require_viewer(session: AsyncSession, actor: Actor, person: str, now: datetime) -> None:
    """Raise FieldErrors unless the actor may share a goal with this person."""
    colleague = await session.scalar(
        select(Employee.id).where(
            Employee.workspace_id == actor.workspace_id,
            Employee.id == person,
            Employee.id != actor.user_id,
            Employee.active.is_(True),
            ~is_absent(now),
        )
    )
    pair = actor.user_id, person
    if colleague is None or await are_kept_apart(session, actor.workspace_id, *pair):
        raise FieldErrors({PERSON_FIELD: _(CANNOT_SHARE)})
