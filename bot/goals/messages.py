"""Writes the messages about goals when they are sent."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.goals.blocks import check_message, look_back_message, shared_message
from bot.goals.checkins import GOAL_CHECK, goals_asked_about
from bot.goals.pure.rounds import is_last_of_quarter
from bot.goals.service import GOAL_SHARED
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.roles import is_employee
from models import Delivery, Goal


async def compose_check(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Ask about a person's goals; None if they have answered, or the round is over."""
    asked_on = date.fromisoformat(delivery.detail["asked_on"])
    place = delivery.workspace_id, delivery.recipient
    goals = await goals_asked_about(session, *place, asked_on)
    if not goals or not await is_employee(session, Actor(*place)):
        return None
    build = look_back_message if is_last_of_quarter(asked_on) else check_message
    return build(len(goals), asked_on)


async def compose_shared(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Tell a colleague of a shared goal; None if it was taken back, or its owner is gone."""
    goal = await session.get(Goal, (delivery.workspace_id, delivery.detail["goal"]))
    if goal is None or goal.shared_with != delivery.recipient or goal.status != "open":
        return None
    people = (Actor(goal.workspace_id, each) for each in (goal.employee_id, delivery.recipient))
    if not all([await is_employee(session, each) for each in people]):
        return None
    return shared_message(goal.employee_id)


KINDS: Final[Mapping[str, Kind]] = {
    GOAL_CHECK: Kind(
        compose_check, Class.ASKED, rank=4, lapses_after=timedelta(days=10), is_reminder=True
    ),
    GOAL_SHARED: Kind(compose_shared, Class.NEWS),
}
