"""What there is to see of goals: a person's own, and those that colleagues share with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.goals.pure.rounds import State, weeks_in_state
from bot.languages import _, marked
from bot.mentoring.profiles.service import require_employee
from bot.people import roles
from bot.people.roles import Role
from models import Goal, GoalCheckin, Workspace

NOT_OPEN: Final = marked(
    "This goal is over or deleted, so nothing has changed. `/goal` shows your goals."
)


@dataclass(frozen=True)
class Draft:
    """What a person writes of a goal."""

    text: str
    measure: str
    due_on: date
    company_goal: str | None = None


@dataclass(frozen=True)
class GoalView:
    """A goal, as its owner sees it, or the colleague they share it with."""

    id: str
    owner_id: str
    draft: Draft
    status: str = "open"
    shared_with: str | None = None
    state: State | None = None
    """What was said last; None if nothing was."""
    weeks: int = 0
    """For how many weeks it has been so."""
    learned: str = ""


@dataclass(frozen=True)
class Standing:
    """A person's goals, the oldest first, and what belongs to them."""

    mine: tuple[GoalView, ...] = ()
    """Those that are open."""
    over: tuple[GoalView, ...] = ()
    shared_with_me: tuple[GoalView, ...] = ()
    company_goals: tuple[str, ...] = ()
    may_list: bool = False
    """True for HR admins, who list the company's goals."""


async def standing_of(session: AsyncSession, actor: Actor) -> Standing:
    """Return a person's goals; raise UserError for people who are not employees."""
    await require_employee(session, actor)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    own = await views(
        session,
        Goal.workspace_id == actor.workspace_id,
        Goal.employee_id == actor.user_id,
    )
    shared = await views(
        session,
        Goal.workspace_id == actor.workspace_id,
        Goal.shared_with == actor.user_id,
        Goal.status == "open",
    )
    return Standing(
        mine=tuple(goal for goal in own if goal.status == "open"),
        over=tuple(goal for goal in own if goal.status != "open"),
        shared_with_me=shared,
        company_goals=tuple(workspace.company_goals),
        may_list=await roles.holds(session, actor, Role.ADMIN),
    )


async def goals_shared_by(
    session: AsyncSession, actor: Actor, owner_id: str
) -> tuple[GoalView, ...]:
    """Return the open goals that a colleague shares with the actor now."""
    await require_employee(session, actor)
    return await views(
        session,
        Goal.workspace_id == actor.workspace_id,
        Goal.employee_id == owner_id,
        Goal.shared_with == actor.user_id,
        Goal.status == "open",
    )


async def own_goal(session: AsyncSession, actor: Actor, goal_id: str) -> GoalView:
    """Return one of the actor's open goals; raise UserError if it is none of these."""
    await own_open(session, actor, goal_id)
    found = await views(session, Goal.workspace_id == actor.workspace_id, Goal.id == goal_id)
    return found[0]


async def views(session: AsyncSession, *conditions: ColumnElement[bool]) -> tuple[GoalView, ...]:
    """Return the goals that meet the conditions, the oldest first, with what was said of them."""
    goals = await session.scalars(
        select(Goal).where(*conditions).order_by(Goal.created_at, Goal.id)
    )
    found = {goal.id: goal for goal in goals}
    said: dict[str, list[GoalCheckin]] = {goal_id: [] for goal_id in found}
    checkins = await session.scalars(
        select(GoalCheckin)
        .join(
            Goal,
            (Goal.workspace_id == GoalCheckin.workspace_id) & (Goal.id == GoalCheckin.goal_id),
        )
        .where(*conditions)
        .order_by(GoalCheckin.asked_on)
        .execution_options(populate_existing=True)
    )
    for checkin in checkins:
        said[checkin.goal_id].append(checkin)
    return tuple(_view(goal, said[goal.id]) for goal in found.values())


def _view(goal: Goal, said: Sequence[GoalCheckin]) -> GoalView:
    last = said[-1] if said else None
    return GoalView(
        goal.id,
        goal.employee_id,
        Draft(goal.text, goal.measure, goal.due_on, goal.company_goal),
        goal.status,
        goal.shared_with,
        State(last.state) if last else None,
        weeks_in_state([(each.asked_on, State(each.state)) for each in said]),
        last.learned if last else "",
    )


async def open_goals(session: AsyncSession, workspace_id: str, person: str) -> list[Goal]:
    """Return a person's open goals, locked until the transaction ends."""
    found = await session.scalars(
        select(Goal)
        .where(Goal.workspace_id == workspace_id, Goal.employee_id == person, Goal.status == "open")
        .order_by(Goal.created_at, Goal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def own(session: AsyncSession, actor: Actor, goal_id: str) -> Goal | None:
    """Return a goal of the actor, locked until the transaction ends; None if it is not theirs."""
    await require_employee(session, actor)
    goal = await session.get(
        Goal, (actor.workspace_id, goal_id), with_for_update=True, populate_existing=True
    )
    return goal if goal is not None and goal.employee_id == actor.user_id else None


async def own_open(session: AsyncSession, actor: Actor, goal_id: str) -> Goal:
    """Return an open goal of the actor, locked; raise UserError if it is none."""
    goal = await own(session, actor, goal_id)
    if goal is None or goal.status != "open":
        raise UserError(_(NOT_OPEN))
    return goal
