"""HR at its board: opens items, decides, and asks about them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from bot.products.board import blocks as board
from bot.products.items import blocks
from bot.surveys import form_fields
from models import (
    Employee,
    Invitation,
    ProductItem,
    Survey,
)
from sandbox.demo.company import TEAM_ID, people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, text_of
from tests.products.stories import TEAMS, workload_falls

STAFF = people()
MAYA, TOMAS = STAFF[0].id, STAFF[1].id
ASKED = [person.id for person in STAFF[2:14]]
MORNING = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
QUESTIONS = ["workload_normal_hours"]


async def published(stage: Stage, teams: tuple[str, ...] = TEAMS) -> Survey:
    """Publish a fall, as if these people of the sandbox had been asked."""
    async with stage.runtime.sessions.begin() as session:
        pulse = await workload_falls(session, TEAM_ID, teams)
        made_up = Employee.id.not_in([person.id for person in STAFF])
        await session.execute(update(Employee).where(made_up).values(active=False))
        item = (await session.scalars(select(ProductItem).order_by(ProductItem.id))).first()
        assert item
        assert item.wave_id
        in_design = Employee.id.in_(ASKED)
        await session.execute(update(Employee).where(in_design).values(team="Design"))
        session.add_all(
            Invitation(
                workspace_id=TEAM_ID, wave_id=item.wave_id, employee_id=person, status="closed"
            )
            for person in ASKED
        )
    await stage.at(MORNING)
    return pulse


async def opened(stage: Stage, user: str = MAYA) -> Outcome:
    outcome = await stage.sandbox.command(user, "/improve", "")
    assert outcome.view, outcome.shown
    return outcome


async def pressed(stage: Stage, view: Any, action_id: str, user: str = MAYA, **how: Any) -> Any:
    outcome = await stage.sandbox.press(user, action_id, view_id=view["id"], **how)
    assert outcome.ok, outcome.shown
    assert outcome.view
    return outcome.view


async def submitted(stage: Stage, view: Any, user: str = MAYA, /, **values: Any) -> Any:
    outcome = await stage.sandbox.submit(user, view["id"], values)
    assert outcome.ok, (outcome.shown, outcome.errors)
    assert outcome.view
    return outcome.view


async def the_item(stage: Stage) -> ProductItem:
    async with stage.runtime.sessions.begin() as session:
        return (await session.scalars(select(ProductItem))).one()


async def item_opened(stage: Stage, user: str = MAYA) -> Any:
    """Open the only item by way of the board."""
    listed = await pressed(stage, (await opened(stage, user)).view, board.TO_DECIDE, user)
    return await pressed(stage, listed, board.OPEN_ITEM, user)


async def decided(stage: Stage, view: Any, user: str = MAYA, **choice: Any) -> Any:
    """Decide, looking once at what people will read."""
    form = await pressed(stage, view, blocks.DECIDE, user)
    check = await submitted(stage, form, user, **choice)
    assert "how people will read it" in text_of(check)
    return await submitted(stage, check, user)


async def composed(stage: Stage, name: str) -> Any:
    """Fill in the form of a survey, and return its preview."""
    form = await stage.compose(MAYA)
    assert form.view, form.shown
    await stage.sandbox.press(MAYA, form_fields.WHEN, view_id=form.view["id"], selected="once")
    chosen: dict[str, Any] = {form_fields.NAME: name, form_fields.BANK: QUESTIONS}
    # After the promised days.
    chosen |= {form_fields.DATE: "2026-11-18", form_fields.TIME: "16:00"}
    return await submitted(stage, form.view, **chosen)
