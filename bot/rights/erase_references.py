"""Erases a person from rows about others: their id in lists, their questions to colleagues.

`bot.rights.blocks` tells people what stays. tests/rights/test_erasing.py proves it by searching
every column of every table.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.mentoring.coffee.service import MENTOR_COFFEE
from bot.mentoring.finder.service import MENTOR_QUESTION
from models import (
    CoffeeGroup,
    Delivery,
    Employee,
    Goal,
    ItemStep,
    MentoringProfile,
    MentoringRound,
    PeopleProduct,
    ProductItem,
    RoleGrant,
    Welcome,
    Workspace,
)

FEWEST_TO_MEET: Final = 2
FINISHED: Final = ("sent", "dropped", "settled", "failed")
"""Statuses of messages that will not be posted any more."""

_NULLABLE_COLUMNS: Final = (
    (Employee, Employee.manager_id),
    (Goal, Goal.shared_with),
    (RoleGrant, RoleGrant.granted_by),
    (MentoringRound, MentoringRound.started_by),
    (PeopleProduct, PeopleProduct.owner_id),
    (ProductItem, ProductItem.owner_id),
    (ItemStep, ItemStep.by_id),
)
"""Columns in which the id is set to NULL; the record of acts keeps it."""
_IS_COFFEE: Final = Delivery.kind == bindparam(None, MENTOR_COFFEE, String(), literal_execute=True)
"""The kind is a literal, so that the database can use the partial index."""


async def erase_references(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Delete messages to and from a person, and remove their id from other rows."""
    await _erase_messages(session, workspace_id, person_id)
    await _leave_coffee_groups(session, workspace_id, person_id)
    await _leave_lists(session, workspace_id, person_id)
    for table, column in _NULLABLE_COLUMNS:
        await session.execute(
            update(table)
            .where(table.workspace_id == workspace_id, column == person_id)
            .values({column: None})
        )
    await _leave_welcomes(session, workspace_id, person_id)
    for column in (Workspace.installer_id, Workspace.help_person):
        await session.execute(
            update(Workspace)
            .where(Workspace.id == workspace_id, column == person_id)
            .values({column: None})
        )


async def _erase_messages(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Delete messages to a person, and questions that they asked colleagues.

    A question that was sent is in Slack; its row only prevented a second one.
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
    with_others = await session.scalars(
        select(Delivery).where(
            of_workspace,
            Delivery.status.not_in(FINISHED),
            _holds_id(Delivery.readers, person_id),
        )
    )
    for delivery in with_others.all():
        delivery.readers = _without(delivery.readers, person_id)
    coffees = await session.scalars(
        select(Delivery).where(of_workspace, _IS_COFFEE, _holds_id(Delivery.detail, person_id))
    )
    for delivery in coffees.all():
        delivery.detail = _without(delivery.detail, person_id)
        if delivery.status not in FINISHED:
            await _call_off(session, delivery)


async def _call_off(session: AsyncSession, coffee: Delivery) -> None:
    """If only one person is left, write to them that nobody else is, or drop the message."""
    left = coffee.detail["people"]
    if len(left) >= FEWEST_TO_MEET:
        return
    if coffee.recipient in left:
        coffee.detail = {**coffee.detail, "people": []}
    else:
        await session.delete(coffee)


async def _leave_coffee_groups(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Remove a person from their groups; delete a group that now cannot meet."""
    groups = await session.scalars(
        select(CoffeeGroup).where(
            CoffeeGroup.workspace_id == workspace_id, _holds_id(CoffeeGroup.people, person_id)
        )
    )
    for group in groups.all():
        group.people = _without(group.people, person_id)
        if group.introduced_at is None and len(group.people) < FEWEST_TO_MEET:
            await session.delete(group)


async def _leave_lists(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Remove a person from others' lists of people never to be paired with."""
    profiles = await session.scalars(
        select(MentoringProfile).where(
            MentoringProfile.workspace_id == workspace_id,
            _holds_id(MentoringProfile.never_with, person_id),
        )
    )
    for profile in profiles.all():
        profile.never_with = _without(profile.never_with, person_id)


async def _leave_welcomes(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Delete a newcomer's own welcome, and remove a buddy's or helper's id from others'.

    A job sees that the buddy is gone, and tells those who can pick another.
    """
    of_workspace = Welcome.workspace_id == workspace_id
    await session.execute(delete(Welcome).where(of_workspace, Welcome.newcomer_id == person_id))
    others = await session.scalars(
        select(Welcome).where(
            of_workspace,
            or_(
                Welcome.buddy_id == person_id,
                Welcome.told_id == person_id,
                _holds_id(Welcome.declined, person_id),
            ),
        )
    )
    for welcome in others.all():
        welcome.declined = _without(welcome.declined, person_id)
        if welcome.buddy_id == person_id:
            welcome.buddy_id = None
        if welcome.told_id == person_id:
            # Somebody else is to be told.
            welcome.told_id = welcome.told_on = None


def _holds_id(column: InstrumentedAttribute[Any], person_id: str) -> ColumnElement[bool]:
    """Return the condition that a JSON column contains the id."""
    return cast(column, String).contains(f'"{person_id}"', autoescape=True)


def _without(value: Any, person_id: str) -> Any:
    """Return JSON without the id: removed from lists, None in `asked_by`."""
    if isinstance(value, list):
        return [each for each in value if each != person_id]
    if isinstance(value, dict):
        kept = {key: _without(each, person_id) for key, each in value.items()}
        return kept | ({"asked_by": None} if kept.get("asked_by") == person_id else {})
    return value
