"""What other rows say of a person who is erased: their id on others' lists, their words to others.

What may stay is told to people by `bot.rights.blocks`, and proved by tests/rights/test_erasing.py,
which searches every column of every table.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.mentoring.coffee.service import MENTOR_COFFEE
from bot.mentoring.finder.service import MENTOR_QUESTION
from models import (
    CoffeeGroup,
    Delivery,
    Employee,
    MentoringProfile,
    MentoringRound,
    RoleGrant,
    Workspace,
)

FEWEST_TO_MEET: Final = 2
BEHIND: Final = ("sent", "dropped", "settled", "failed")
"""Statuses of messages that are not to be posted any more."""

_ALONE: Final = (
    (Employee, Employee.manager_id),
    (RoleGrant, RoleGrant.granted_by),
    (MentoringRound, MentoringRound.started_by),
)
"""Columns that can do without the id: acts are in the record."""
_IS_COFFEE: Final = Delivery.kind == bindparam(None, MENTOR_COFFEE, String(), literal_execute=True)
"""A partial index is used where the statement names the kind."""


async def erase_traces(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Delete messages to a person and what they wrote to others; take their id from the rest."""
    await _erase_messages(session, workspace_id, person_id)
    await _leave_coffee_groups(session, workspace_id, person_id)
    await _leave_lists(session, workspace_id, person_id)
    for table, column in _ALONE:
        await session.execute(
            update(table)
            .where(table.workspace_id == workspace_id, column == person_id)
            .values({column: None})
        )
    await session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id, Workspace.installer_id == person_id)
        .values(installer_id=None)
    )


async def _erase_messages(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Delete the messages to a person and the questions that they asked colleagues.

    A question that has been sent is in Slack; the row only kept it from being sent twice.
    """
    of_workspace = Delivery.workspace_id == workspace_id
    await session.execute(delete(Delivery).where(of_workspace, Delivery.recipient == person_id))
    asked = Delivery.asked_by == person_id
    await session.execute(
        delete(Delivery).where(of_workspace, Delivery.kind == MENTOR_QUESTION, asked)
    )
    for delivery in (await session.scalars(select(Delivery).where(of_workspace, asked))).all():
        delivery.asked_by = None
        delivery.detail = _without(delivery.detail, person_id)
    coffees = await session.scalars(
        select(Delivery).where(of_workspace, _IS_COFFEE, _names(Delivery.detail, person_id))
    )
    for delivery in coffees.all():
        delivery.detail = _without(delivery.detail, person_id)
        if delivery.status not in BEHIND:
            await _call_off(session, delivery)


async def _call_off(session: AsyncSession, coffee: Delivery) -> None:
    """Where only one is left of a group, tell them that nobody else was there, if it is them."""
    left = coffee.detail["people"]
    if len(left) >= FEWEST_TO_MEET:
        return
    if coffee.recipient in left:
        coffee.detail = {**coffee.detail, "people": []}
    else:
        await session.delete(coffee)


async def _leave_coffee_groups(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Take a person out of their groups; one that has not met, and can't any more, goes."""
    groups = await session.scalars(
        select(CoffeeGroup).where(
            CoffeeGroup.workspace_id == workspace_id, _names(CoffeeGroup.people, person_id)
        )
    )
    for group in groups.all():
        group.people = _without(group.people, person_id)
        if group.introduced_at is None and len(group.people) < FEWEST_TO_MEET:
            await session.delete(group)


async def _leave_lists(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Take a person from the lists of whom somebody does not want to be paired with."""
    profiles = await session.scalars(
        select(MentoringProfile).where(
            MentoringProfile.workspace_id == workspace_id,
            _names(MentoringProfile.never_with, person_id),
        )
    )
    for profile in profiles.all():
        profile.never_with = _without(profile.never_with, person_id)


def _names(column: InstrumentedAttribute[Any], person_id: str) -> ColumnElement[bool]:
    """Return the condition that an id stands in a JSON column."""
    return cast(column, String).contains(f'"{person_id}"', autoescape=True)


def _without(value: Any, person_id: str) -> Any:
    """Return JSON whose lists don't have an id, nor `asked_by`, which becomes empty."""
    if isinstance(value, list):
        return [each for each in value if each != person_id]
    if isinstance(value, dict):
        kept = {key: _without(each, person_id) for key, each in value.items()}
        return kept | ({"asked_by": None} if kept.get("asked_by") == person_id else {})
    return value
