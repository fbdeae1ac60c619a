"""The gate on asking: what people were asked gets an answer before they are asked it again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.text import shorten, storable
from bot.errors import UserError
from bot.masking import mask
from bot.people.names import known_names
from bot.surveys.pure.bank import driver_label
from models import ProductItem

REASON_LENGTH: Final = 300
NOT_YET: Final = (
    "What people said about {drivers} still waits for a decision, so a new survey doesn't ask them "
    "again. Please decide with `/improve` first; or go back, press Preview, and write why you ask "
    "again now."
)


async def undecided_drivers(
    session: AsyncSession, workspace_id: str, drivers: Iterable[str], now: datetime
) -> tuple[str, ...]:
    """Return the names of those drivers, by key, of which an item has waited too long."""
    found = await session.scalars(
        select(ProductItem.driver)
        .distinct()
        .where(
            ProductItem.workspace_id == workspace_id,
            ProductItem.driver.in_(set(drivers)),
            ProductItem.decide_by <= now,
        )
    )
    return tuple(sorted(driver_label(each) for each in found if each))


async def reason_to_ask(
    session: AsyncSession, workspace_id: str, undecided: Iterable[str], reason: str
) -> dict[str, str]:
    """Return what the record keeps of asking again: the drivers, and why, with names masked.

    Everybody can read the record. Empty if nothing is undecided; raises UserError without a reason.
    """
    drivers = ", ".join(undecided)
    if not drivers:
        return {}
    written = " ".join(storable(reason).split())
    if not written:
        raise UserError(NOT_YET.format(drivers=drivers))
    masked = mask(written, await known_names(session, workspace_id)).text
    return {"undecided": drivers, "despite": shorten(masked, 2 * REASON_LENGTH)}
