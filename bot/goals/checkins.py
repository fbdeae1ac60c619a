"""Every two weeks one press says how one's goals go; at a quarter's end, what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import OutdatedError
from bot.goals.pure.rounds import ENDS, EVERY, State, round_of
from bot.goals.views import GoalView, open_goals, views
from bot.mentoring.profiles.service import require_employee
from bot.outbox import deliveries
from models import Goal, GoalCheckin, MentoringMatch
from models.database import insert_into

GOAL_CHECK: Final = "goal_check"
LEARNED_LENGTH: Final = 300


@dataclass(frozen=True)
class CheckIn:
    """What follows from a press on how one's goals go."""

    which: tuple[GoalView, ...] = ()
    """The goals to ask about one by one, if the press can't count for all of them."""
    mentor_id: str | None = None


async def people_to_ask(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of people whose goals are to be asked about."""
    due = select(Goal.workspace_id, Goal.employee_id).where(Goal.ask_at <= now)
    # Made distinct here: in SQL it would read all goals by another index.
    return sorted({(workspace_id, person) for workspace_id, person in await session.execute(due)})


async def ask(session: AsyncSession, workspace_id: str, person: str, now: datetime) -> bool:
    """Ask a person how all their goals go, and begin the next round; False if nothing is due.

    A person who is gone is not asked.
    """
    goals = await open_goals(session, workspace_id, person)
    if not any(goal.ask_at and goal.ask_at <= now for goal in goals):
        return False
    for goal in goals:
        goal.ask_at = now + EVERY
    await deliveries.enqueue(
        session,
        workspace_id,
        check_key(person, now.date()),
        GOAL_CHECK,
        person,
        now,
        detail={"asked_on": now.date().isoformat()},
    )
    return True


def check_key(person: str, asked_on: date) -> str:
    """Return the key of the message that asks a person in a round."""
    return f"{GOAL_CHECK}:{asked_on.isoformat()}:{person}"


async def check_in(session: AsyncSession, actor: Actor, asked_on: date, state: State) -> CheckIn:
    """Store how the person's goals go in a round, if one press can tell.

    "On track" counts for all goals. Otherwise, with several goals, the person has to say which.
    Raises OutdatedError if the round is over, or nothing is asked in it.
    """
    goals = await _asked_goals(session, actor, asked_on)
    if len(goals) > 1 and state is not State.ON_TRACK:
        ids = [goal.id for goal in goals]
        which = await views(session, Goal.workspace_id == actor.workspace_id, Goal.id.in_(ids))
        return CheckIn(which)
    for goal in goals:
        await _note(session, goal, asked_on, state)
    return CheckIn(mentor_id=await _mentor(session, actor))


async def check_in_each(
    session: AsyncSession, actor: Actor, asked_on: date, states: Mapping[str, State]
) -> CheckIn:
    """Store how each goal goes, by its id; goals that are over by now are left out."""
    for goal in await _asked_goals(session, actor, asked_on):
        if goal.id in states:
            await _note(session, goal, asked_on, states[goal.id])
    return CheckIn(mentor_id=await _mentor(session, actor))


async def look_back(
    session: AsyncSession,
    actor: Actor,
    outcomes: Mapping[str, tuple[State, str]],
    now: datetime,
) -> None:
    """Store what became of goals, by id, and what the person learned; end those that are over.

    Goals that are over or deleted already are left out.
    """
    await require_employee(session, actor)
    for goal in await open_goals(session, actor.workspace_id, actor.user_id):
        if goal.id not in outcomes or goal.ask_at is None:
            continue
        outcome, learned = outcomes[goal.id]
        await _note(session, goal, round_of(goal.ask_at), outcome, learned[:LEARNED_LENGTH])
        if outcome in ENDS:
            goal.status, goal.ended_at, goal.ask_at = outcome.value, now, None
    await session.flush()


async def goals_asked_about(
    session: AsyncSession, workspace_id: str, person: str, asked_on: date
) -> list[Goal]:
    """Return a person's open goals of which nothing has been said in this round, if it lasts."""
    said = select(GoalCheckin.goal_id).where(
        GoalCheckin.workspace_id == workspace_id, GoalCheckin.asked_on == asked_on
    )
    found = await session.scalars(
        select(Goal).where(
            Goal.workspace_id == workspace_id,
            Goal.employee_id == person,
            Goal.status == "open",
            Goal.id.not_in(said),
        )
    )
    return [goal for goal in found if goal.ask_at and round_of(goal.ask_at) == asked_on]


async def _asked_goals(session: AsyncSession, actor: Actor, asked_on: date) -> list[Goal]:
    await require_employee(session, actor)
    goals = [
        goal
        for goal in await open_goals(session, actor.workspace_id, actor.user_id)
        if goal.ask_at and round_of(goal.ask_at) == asked_on
    ]
    if not goals:
        raise OutdatedError
    return goals


async def _note(
    session: AsyncSession, goal: Goal, asked_on: date, state: State, learned: str = ""
) -> None:
    """Store what was said of a goal in a round, in place of what was said in it before."""
    key = {"workspace_id": goal.workspace_id, "goal_id": goal.id, "asked_on": asked_on}
    said = {"state": state.value, "learned": learned}
    insert = insert_into(session, GoalCheckin).values(**key, employee_id=goal.employee_id, **said)
    await session.execute(insert.on_conflict_do_update(index_elements=[*key], set_=said))


async def _mentor(session: AsyncSession, actor: Actor) -> str | None:
    return await session.scalar(
        select(MentoringMatch.mentor_id).where(
            MentoringMatch.workspace_id == actor.workspace_id,
            MentoringMatch.mentee_id == actor.user_id,
            MentoringMatch.status == "active",
        )
    )
