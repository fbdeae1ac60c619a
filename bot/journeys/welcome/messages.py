"""Writes what welcomes newcomers and thanks leavers, when the message is sent.

Each returns None if the message has become pointless, such as after a buddy was found elsewhere.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.journeys.welcome import blocks, leaving_blocks, offer_blocks
from bot.journeys.welcome.buddies import (
    BUDDY_ASK,
    BUDDY_FOUND,
    BUDDY_OPEN,
    News,
    Search,
    employee_of,
    search_of,
    searches,
    who_picks,
)
from bot.journeys.welcome.introductions import BUDDY_INTRO
from bot.journeys.welcome.leaving import leaving_of
from bot.journeys.welcome.preparing import NEWCOMER_AHEAD, served_by_mentoring
from bot.journeys.welcome.pure.days import (
    COFFEE_OFFER,
    LEAVING_THANKS,
    MENTOR_OFFER,
    TOO_LATE,
    Occasion,
)
from bot.outbox.kinds import Class, Compose, Composing, Kind
from bot.people import roles
from bot.people.roles import is_employee
from models import Delivery, Welcome


async def compose_ahead(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Tell a manager, or an HR admin, of those newcomers whom they can still help."""
    found = []
    to_hr = False
    for welcome_id in delivery.detail["welcomes"]:
        welcome = await _welcome(session, delivery, str(welcome_id))
        if welcome is None or not await _picks(session, delivery, welcome):
            continue
        if composing.now.date() < welcome.starts_on + TOO_LATE:
            found.append(welcome.id)
            to_hr = to_hr or welcome.told_id is None
    shown = await searches(session, delivery.workspace_id, found)
    return blocks.ahead_message(shown, to_hr=to_hr) if shown else None


async def compose_ask(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Ask a colleague, while the question stands."""
    welcome = await _welcome(session, delivery)
    is_asked = (
        welcome is not None
        and welcome.status == Search.ASKED
        and welcome.buddy_id == delivery.recipient
        and welcome.asks == delivery.detail["number"]
    )
    if welcome is None or not is_asked or not await employee_of(session, welcome):
        return None
    return blocks.ask_message(search_of(welcome), delivery.asked_by)


async def compose_open(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Ask for another buddy, unless one was picked meanwhile."""
    welcome = await _welcome(session, delivery)
    if welcome is None or welcome.status != Search.OPEN:
        return None
    if not await _picks(session, delivery, welcome):
        return None
    return blocks.again_message(search_of(welcome), News(delivery.detail["news"]))


async def compose_found(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Tell that the buddy said yes, unless they took it back."""
    welcome = await _welcome(session, delivery)
    if welcome is None or welcome.status != Search.ACCEPTED or welcome.buddy_id is None:
        return None
    if not await _picks(session, delivery, welcome):
        return None
    return blocks.found_message(search_of(welcome))


async def compose_introduction(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Introduce newcomer and buddy to each other."""
    welcome = await _welcome(session, delivery)
    if (
        welcome is None
        or welcome.status != Search.ACCEPTED
        or welcome.buddy_id is None
        or welcome.asks != delivery.detail["number"]
        or not await employee_of(session, welcome)
    ):
        return None
    return blocks.introduction_message(welcome.newcomer_id, welcome.buddy_id)


async def compose_thanks(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Thank somebody who leaves, unless they stay after all."""
    leaving = await leaving_of(session, Actor(delivery.workspace_id, delivery.recipient))
    return leaving_blocks.thanks_message(leaving) if leaving else None


def _offering(occasion: Occasion, message: Message) -> Compose:
    """Return what writes an offer, unless the person has taken it by themselves."""

    async def compose(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
        person = delivery.recipient
        served = await served_by_mentoring(session, delivery.workspace_id, {person})
        is_here = await is_employee(session, Actor(delivery.workspace_id, person))
        return message if is_here and person not in served[occasion.key] else None

    return compose


async def _welcome(
    session: AsyncSession, delivery: Delivery, welcome_id: str | None = None
) -> Welcome | None:
    key = (delivery.workspace_id, welcome_id or str(delivery.detail["welcome"]))
    return await session.get(Welcome, key, populate_existing=True)


async def _picks(session: AsyncSession, delivery: Delivery, welcome: Welcome) -> bool:
    """Return True if the reader can pick the newcomer's buddy."""
    newcomer = await employee_of(session, welcome)
    if newcomer is None or newcomer.id == delivery.recipient:
        return False
    if newcomer.manager_id == delivery.recipient:
        return True
    # HR is told while the manager is away, too.
    is_hr = await roles.holds(
        session, Actor(delivery.workspace_id, delivery.recipient), roles.Role.ADMIN
    )
    return is_hr and (
        welcome.told_id is None or delivery.recipient in await who_picks(session, newcomer)
    )


KINDS: Final[Mapping[str, Kind]] = {
    # Pointless after the first week.
    NEWCOMER_AHEAD: Kind(compose_ahead, Class.ASKED, rank=2, lapses_after=timedelta(days=8)),
    BUDDY_ASK: Kind(compose_ask, Class.ASKED, rank=1),
    BUDDY_OPEN: Kind(compose_open, Class.ASKED, rank=2),
    BUDDY_FOUND: Kind(compose_found, Class.NEWS, rank=4, patience=timedelta(days=1)),
    # The buddy agreed to it, and the hello announces it.
    BUDDY_INTRO: Kind(compose_introduction, Class.PROMISED),
    MENTOR_OFFER.key: Kind(
        _offering(MENTOR_OFFER, offer_blocks.mentor_offer_message()),
        Class.NEWS,
        patience=timedelta(),
        lapses_after=timedelta(days=14),
    ),
    COFFEE_OFFER.key: Kind(
        _offering(COFFEE_OFFER, offer_blocks.coffee_offer_message()),
        Class.NEWS,
        lapses_after=timedelta(days=14),
    ),
    LEAVING_THANKS.key: Kind(compose_thanks, Class.ASKED, rank=2, lapses_after=timedelta(days=8)),
}
