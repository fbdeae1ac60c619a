"""The kinds of message of this slice, composed at the last moment before they are sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message, section
from bot.blockkit.text import local_time
from bot.languages import _
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.token_notice import RECONNECTED
from models import Delivery


async def compose_reconnected(
    _session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write that the connection was lost and is back."""
    return reconnected(delivery.detail)


def reconnected(detail: dict[str, Any]) -> Message:
    """Tell an admin of HR for how long nothing was sent."""
    since, until = (datetime.fromisoformat(detail[name]) for name in ("since", "until"))
    text = _(
        "From {since} until {until} Slack did not let me in, so I sent "
        "nothing. It works again, and what was due is on its way. You need "
        "not do anything."
    ).format(since=local_time(since), until=local_time(until))
    return Message(text, [section(text)])


KINDS: Final[Mapping[str, Kind]] = {
    RECONNECTED: Kind(compose_reconnected, Class.NEWS, rank=4, patience=timedelta())
}
