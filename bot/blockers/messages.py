"""Writes the messages about blockers when they are sent.

Returns no message if it has become pointless, such as a question about a closed blocker.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockers import blocks
from bot.blockers.helping import FOLLOW_UP, LATER
from bot.blockers.service import ASK, NEWS, NO_HELP, give_time_to_answer, shown_to_helper, view_of
from bot.blockers.settling import TOGETHER
from bot.blockers.states import News
from bot.blockers.weekly import CHECK, is_wanted
from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Compose, Composing, Kind
from bot.people.roles import is_employee
from models import Blocker, Delivery


async def _blocker(session: AsyncSession, delivery: Delivery, *statuses: str) -> Blocker | None:
    """Return the blocker of a delivery; None if it has none of these statuses."""
    key = (delivery.workspace_id, str(delivery.detail["blocker"]))
    blocker = await session.get(Blocker, key, populate_existing=True)
    return blocker if blocker and blocker.status in statuses else None


async def compose_request(
    session: AsyncSession, delivery: Delivery, composing: Composing, *, again: bool = False
) -> Message | None:
    """Ask for help, unless it is no longer needed; their time to answer begins now."""
    blocker = await _blocker(session, delivery, "asked")
    reader = Actor(delivery.workspace_id, delivery.recipient)
    if blocker is None or blocker.helper_id != reader.user_id:
        return None
    if not await is_employee(session, reader):
        return None
    if not again:
        await give_time_to_answer(session, blocker, reader.user_id, composing.now)
    view = await shown_to_helper(session, blocker)
    return blocks.request_message(view, blocker.answer_by, again=again)


async def compose_together(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Bring asker and helper together."""
    blocker = await _blocker(session, delivery, "helped")
    if blocker is None or blocker.helper_id is None:
        return None
    return blocks.together_message(await shown_to_helper(session, blocker))


async def compose_follow_up(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Ask the asker whether it is out of the way."""
    blocker = await _blocker(session, delivery, "helped")
    return blocks.follow_up_message(view_of(blocker)) if blocker else None


async def compose_no_help(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Offer to ask somebody else, unless the asker has done so."""
    blocker = await _blocker(session, delivery, "open")
    return blocks.no_help_message(view_of(blocker)) if blocker else None


_UNTIL: Final = {
    News.THANKS: ("solved",),
    News.PASSED_ON: ("asked", "helped"),
    News.ASKER_LEFT: ("lapsed",),
}
"""The statuses in which each news is still true."""


async def compose_news(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Tell asker or helper what became of a blocker."""
    news = News(delivery.detail["news"])
    blocker = await _blocker(session, delivery, *_UNTIL[news])
    if blocker is None:
        return None
    is_asker = delivery.recipient == blocker.asker_id
    view = view_of(blocker) if is_asker else await shown_to_helper(session, blocker)
    return blocks.news_message(news, view)


async def compose_check(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Ask whether anything is in the way, while HR and the person want to be asked."""
    wanted = await is_wanted(session, Actor(delivery.workspace_id, delivery.recipient))
    return blocks.check_message() if wanted else None


_COMPOSE_AGAIN: Final[Compose] = partial(compose_request, again=True)

KINDS: Final[Mapping[str, Kind]] = {
    ASK: Kind(compose_request, Class.ASKED, rank=1),
    # The helper chose the time.
    LATER: Kind(_COMPOSE_AGAIN, Class.PROMISED),
    # Both have agreed to it.
    TOGETHER: Kind(compose_together, Class.PROMISED),
    FOLLOW_UP: Kind(compose_follow_up, Class.ASKED, rank=2),
    NO_HELP: Kind(compose_no_help, Class.ASKED, rank=1),
    NEWS: Kind(compose_news, Class.NEWS, rank=4),
    # It never takes a message of its own: it waits for another one to go with.
    CHECK: Kind(compose_check, Class.NEWS, rank=5, patience=timedelta(days=3650)),
}
