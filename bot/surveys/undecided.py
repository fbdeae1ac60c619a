"""The gate on asking: what people were asked gets an answer before they are asked it again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.text import shorten, storable
from bot.errors import UserError
from bot.languages import _, marked, write_list
from bot.masking import mask
from bot.people.names import known_names
from bot.surveys.pure.bank import driver_label
from models import ProductItem

REASON_LENGTH: Final = 300
NOT_YET: Final = marked(
    "What people said about {drivers} still waits for a decision, so a new survey doesn't ask them "
    "again. Please decide with `/improve` first; or go back, press Preview, and write why you ask "
    "again now."
)


async def undecided_drivers(
    session: AsyncSession, workspace_id: str, drivers: Iterable[str], now: datetime
) -> tuple[str, ...]:
    """Return the names of those drivers, by key, of which an item has waited too long."""
    late = await late_drivers(session, workspace_id, drivers, (None, now))
    return tuple(sorted(map(driver_label, late)))


async def late_drivers(
    session: AsyncSession,
    workspace_id: str,
    drivers: Iterable[str],
    period: tuple[datetime | None, datetime],
) -> set[str]:
    """Return those drivers of which an item waits whose decision became late in a period."""
    since, until = period
    found = await session.scalars(
        select(ProductItem.driver)
        .distinct()
        .where(
            ProductItem.workspace_id == workspace_id,
            ProductItem.driver.in_(set(drivers)),
            ProductItem.decide_by <= until,
            true() if since is None else ProductItem.decide_by > since,
        )
    )
    return {each for each in found if each}


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
        raise UserError(_(NOT_YET).format(drivers=write_list([_(each) for each in undecided])))
    masked = mask(written, await known_names(session, workspace_id)).text
    return {"undecided": drivers, "despite": shorten(masked, 2 * REASON_LENGTH)}
